"""The matrix is what the portal does, and a route without its line is not let pass."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from portal.config import Ajustes
from portal.documentos import certificado, circular, comprobante, declaracion, estampilla, liquidacion, sedes
from portal.models.usuario import Rol
from portal.web.acceso import PUBLICO, acceso_de
from tests.accesos.mundo import construir
from tests.accesos.observar import INGRESO, QUIENES, Observada, escrita, observar, rutas, sin_token
from tests.conftest import ajustes_de_prueba
from tests.fabricas import AHORA

pytestmark = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
QUE_IMPRIMEN = (certificado, circular, comprobante, declaracion, estampilla, liquidacion, sedes)
# Pages that show documents and leave no row of their own, each with its reason.
LISTAS = {
    "GET /gestion": "the latest of all; nobody was looked for",
    "GET /gestion/liquidaciones": "the latest of all; nobody was looked for",
    "POST /gestion/liquidaciones": "an empty search is the latest of all; one of somebody is in tests/web/test_miradas.py",
    "GET /gestion/validacion/lista": "an example of how to write a row",
    "POST /gestion/validacion/lista": "an example of how to write a row",
    "GET /liquidacion/<codigo>": "the private page of whoever holds its address, with an account or without one",
}
# The gateway signs its notifications instead.
SIN_FORMULARIO = "/pago/notificaciones/<pasarela>"


@pytest.fixture
def ajustes(base_datos: str, tmp_path: Path) -> Ajustes:
    # Nobody listens at the gateway's address, not even a simulator of somebody else on this machine.
    credenciales = {"PLACETOPAY_URL": "http://127.0.0.1:9", "PLACETOPAY_LOGIN": "demo", "PLACETOPAY_CLAVE": "s" * 40}
    suyos = {"consultas_limite": 100_000, "credenciales_pasarela": credenciales}
    return replace(ajustes_de_prueba(tmp_path, base_datos), **suyos)  # type: ignore[arg-type]


@pytest.fixture
def observadas(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Observada]]:
    """All the answers, at one instant. How a PDF looks has its tests; here it is only given or not."""
    for modulo in QUE_IMPRIMEN:
        monkeypatch.setattr(modulo, "generar_pdf", lambda *_args, **_otros: b"%PDF-1.7")
    with time_machine.travel(AHORA, tick=False):
        yield observar(app, construir())


def test_cada_ruta_responde_a_cada_quien_lo_que_esta_escrito(app: Flask, observadas: list[Observada]) -> None:
    dichas, vistas = escrita(), {una.llave: una for una in observadas}
    distintas = [u.linea for u in observadas if dichas.get(u.llave) != " ".join(u.celdas)]
    assert distintas == [], "read each of these lines; if it is right, write it in tests/accesos/matriz.toml"
    assert sorted(set(dichas) - set(vistas)) == [], "lines of routes that are no more"
    assert [(u.llave, u.escribieron) for u in observadas if u.escribieron] == [], "who is refused changes nothing"
    assert sorted(u.llave for u in observadas if u.sin_rastro) == sorted(LISTAS), (
        "who looks at a person is written down"
    )
    assert [u.llave for u in observadas if any("/5" in f"/{c}" for c in u.celdas)] == [], "nothing breaks"


def test_lo_escrito_es_lo_que_declara_cada_vista(app: Flask) -> None:
    """Who is not named by the decorator is refused whatever the object is, and nobody else is."""
    dichas = escrita()
    for metodo, regla in rutas(app):
        acceso = acceso_de(app, regla.endpoint)
        if acceso == PUBLICO:
            continue
        for quien, celda in zip(QUIENES, dichas[f"{metodo} {regla.rule}"].split(" "), strict=True):
            negado = {INGRESO} if quien not in set(Rol) else {"403"}
            dentro = quien in set(Rol) and quien in (acceso or ())
            assert (set(celda.split("/")) == negado) is not dentro, f"{quien}: {metodo} {regla.rule}"
            assert not dentro or "403" not in celda, f"{quien}: {metodo} {regla.rule}"


def test_un_formulario_sin_su_token_se_rechaza_a_cualquiera(app: Flask) -> None:
    """Before it is known who asks: also the page that says so must not ask for an account."""
    sueltas = {r: e for r, e in sin_token(app).items() if r != SIN_FORMULARIO and e != 400}
    assert sueltas == {}
