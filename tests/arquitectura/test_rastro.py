"""Every act of staff leads to the bitácora; what does not is here, each with its reason (I-22)."""

import inspect

import pytest
from flask import Flask

from portal.web.acceso import PUBLICO, acceso_de
from tests.arquitectura.llamadas import alcanza

ANOTAR = ("portal.operaciones.bitacora", "anotar")
CALCULA = "computes what would be and writes nothing"
BORRADOR = "a draft of one person, which changes neither money nor rules; applying it is written down"
SIN_RASTRO = {
    "archivos_banco.descartar": BORRADOR,
    "archivos_banco.subir": BORRADOR,
    "gestion.preferencias": "how somebody likes their own lists",
    "liquidaciones.calculo": CALCULA,
    "liquidaciones.formulario": CALCULA,
    "liquidaciones.hechos": CALCULA,
    "liquidaciones.integrantes": CALCULA,
    "liquidaciones.revisar": CALCULA,
    "lotes.descartar": BORRADOR,
    "lotes.subir": BORRADOR,
}


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_cada_acto_del_personal_llega_a_la_bitacora(app: Flask) -> None:
    sin_rastro = set()
    for regla in app.url_map.iter_rules():
        if "POST" not in (regla.methods or ()) or acceso_de(app, regla.endpoint) == PUBLICO:
            continue
        vista = inspect.unwrap(app.view_functions[regla.endpoint])
        if not alcanza((vista.__module__, vista.__name__), ANOTAR):
            sin_rastro.add(regla.endpoint)
    assert sin_rastro == set(SIN_RASTRO)


def test_control_lo_que_solo_calcula_no_llega() -> None:
    assert alcanza(("portal.blueprints.tesoreria.pagos", "pago"), ANOTAR)
    assert not alcanza(("portal.web.reloj", "hoy"), ANOTAR)
