"""What an exempt stamp would have charged: only the rules that leave it at $0 are off."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal.dominio.costo_exenciones import regla_de, sin_exencion
from portal.dominio.liquidador import Solicitud, liquidar
from portal.operaciones.archivos_normativa import normativa_de_archivos

NARINO, CUNDINAMARCA = normativa_de_archivos("narino"), normativa_de_archivos("cundinamarca")
DIA = date(2025, 3, 3)


def contrato(valor: str, **hechos: str) -> Solicitud:
    return Solicitud(("N-CC-D",), DIA, Decimal(valor), {}, {"contrato.tipo": "suministro", **hechos})


@pytest.mark.parametrize("clase", ["publica", "esal"])
def test_cuesta_lo_que_paga_quien_no_esta_exento(clase: str) -> None:
    pedida = contrato("46911499.55", **{"contratista.clase": clase})
    exentas = [x for x in liquidar(NARINO, pedida).lineas if x.exencion]
    paga = {
        (x.acto, x.estampilla): x.valor
        for x in liquidar(NARINO, contrato("46911499.55", **{"contratista.clase": "juridica"})).lineas
    }
    assert exentas
    for linea in exentas:
        costo = sin_exencion(NARINO, pedida, (regla_de(linea.exencion or ""),))
        assert costo is not None
        assert costo[linea.acto, linea.estampilla] == paga[linea.acto, linea.estampilla] > 0


def test_lo_que_solo_reduce_la_base_sigue_reduciendola() -> None:
    """A public entity that would also have the 1.200 UVT of professional services off its base."""
    hechos = {"contrato.tipo": "prestacion_servicios_profesionales", "contratista.clase": "natural"}
    pedida = Solicitud(("CC-2",), DIA, Decimal(100_000_000), {}, hechos)
    reducidas = {(x.acto, x.estampilla): x.valor for x in liquidar(CUNDINAMARCA, pedida).lineas}
    assert sin_exencion(CUNDINAMARCA, pedida, ()) == reducidas
    # A contract so small that the reduction took it whole: that rule is what made it $0, so it is off.
    chica = replace(pedida, valor=Decimal(1_000_000))
    (codigo,) = {regla_de(x.exencion or "") for x in liquidar(CUNDINAMARCA, chica).lineas}
    costo = sin_exencion(CUNDINAMARCA, chica, (codigo,))
    assert costo is not None
    assert all(valor > 0 for valor in costo.values())


def test_lo_que_el_motor_no_contesta_no_se_inventa() -> None:
    assert sin_exencion(NARINO, Solicitud(("NO-HAY",), DIA, Decimal(1)), ()) is None
    assert sin_exencion(NARINO, Solicitud(("N-CC-D",), date(1900, 1, 1), Decimal(1)), ()) is None


@pytest.mark.parametrize(
    ("texto", "codigo"),
    [
        ("Exención: Entidad pública (Ordenanza 028 de 2010, art. 246, n.º 5; regla N-EXE-246-05)", "N-EXE-246-05"),
        ("Sigue a Otra (Ordenanza 1, art. 2). Exención: X (Ley 1, art. 1; regla C-EXC-08)", "C-EXC-08"),
        ("Exenta según el sistema anterior", ""),
    ],
)
def test_la_regla_se_lee_de_lo_impreso(texto: str, codigo: str) -> None:
    assert regla_de(texto) == codigo
