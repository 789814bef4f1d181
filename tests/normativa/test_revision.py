"""`verificar` finds what does not fit; each case breaks one thing of rules that were whole."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal.dominio.condiciones import leer_condicion
from portal.dominio.normativa import Normativa, Plazo
from portal.dominio.redondeo import Tramo
from portal.dominio.tarifas import TipoTarifa
from portal.operaciones.archivos_normativa import normativa_de_archivos
from portal.operaciones.revision_normativa import revisar

NARINO = normativa_de_archivos("narino")


def tarifa(n: int, **cambios: object) -> Normativa:
    tarifas = list(NARINO.tarifas)
    tarifas[n] = replace(tarifas[n], **cambios)  # type: ignore[arg-type]
    return replace(NARINO, tarifas=tuple(tarifas))


def acto(codigo: str, **cambios: object) -> Normativa:
    actos = tuple(replace(a, **cambios) if a.codigo == codigo else a for a in NARINO.actos)  # type: ignore[arg-type]
    return replace(NARINO, actos=actos)


def regla(**cambios: object) -> Normativa:
    return replace(NARINO, reglas=(replace(NARINO.reglas[0], **cambios), *NARINO.reglas[1:]))  # type: ignore[arg-type]


def sin_valor_de_2015() -> Normativa:
    return replace(NARINO, valores=tuple(v for v in NARINO.valores if v.desde.year != 2015))


def con_dos_valores_de_2025() -> Normativa:
    repetido = next(v for v in NARINO.valores if v.codigo == "SMMLV" and v.desde == date(2025, 1, 1))
    return replace(NARINO, valores=(*NARINO.valores, replace(repetido, desde=date(2025, 7, 1))))


def con_redondeo_sin_final() -> Normativa:
    tramos = (Tramo(Decimal(100), "", Decimal(1000)),)
    return replace(NARINO, redondeos=(replace(NARINO.redondeos[0], tramos=tramos),))


UNIVERSIDAD = next(n for n, t in enumerate(NARINO.tarifas) if t.acto == "N-U-02")
PORCENTAJE = next(n for n, t in enumerate(NARINO.tarifas) if t.acto == "N-CC-A")

ROTURAS: list[tuple[Callable[[], Normativa], str]] = [
    (lambda: tarifa(UNIVERSIDAD, valor=Decimal("2.1")), "supera el tope del 2 %"),
    (lambda: tarifa(PORCENTAJE, valor=Decimal("100.5")), "es más del 100 %"),
    (lambda: tarifa(0, valor=Decimal(0)), "mayor que cero"),
    (lambda: tarifa(0, acto="N-XX"), "el acto no existe"),
    (lambda: tarifa(0, estampilla="NINGUNA"), "la estampilla no existe"),
    (lambda: tarifa(0, redondeo="ninguno"), "el redondeo ninguno no existe"),
    (lambda: tarifa(PORCENTAJE, tipo=TipoTarifa.UNIDADES), "no casan"),
    (lambda: tarifa(PORCENTAJE, tipo=TipoTarifa.UNIDADES, indicador="OTRO"), "el indicador OTRO no existe"),
    (lambda: tarifa(0, norma=""), "falta la norma"),
    (lambda: tarifa(0, acto="*NINGUNA"), "no puede seguir"),
    (lambda: replace(NARINO, tarifas=(*NARINO.tarifas, NARINO.tarifas[0])), "dos filas rigen a la vez"),
    (lambda: replace(NARINO, actos=(*NARINO.actos, NARINO.actos[0])), "Acto N-CC-A: dos filas rigen a la vez"),
    (lambda: replace(NARINO, estampillas=NARINO.estampillas[::-1]), "debe ir después"),
    (sin_valor_de_2015, "no hay fila entre 2014-12-31 y 2016-01-01"),
    (con_dos_valores_de_2025, "SMMLV: dos filas rigen a la vez desde 2025-07-01"),
    (lambda: replace(NARINO, valores=()), "no tiene ningún valor publicado"),
    (lambda: acto("N-U-01", estampillas_propias=("NINGUNA",)), "nombra a NINGUNA"),
    (lambda: acto("N-U-12", desplaza=("N-XX",)), "nombra a N-XX"),
    (lambda: acto("N-CC-D", base=""), "no casan"),
    (lambda: acto("N-CC-A", movimientos=("otro",)), "posesion.movimiento"),
    (
        lambda: replace(NARINO, tarifas=tuple(t for t in NARINO.tarifas if t.acto != "N-U-07")),
        "ninguna estampilla lo grava",
    ),
    (lambda: regla(actos=("N-XX",)), "nombra a N-XX"),
    (lambda: regla(grupos=("ninguno",)), "nombra a ninguno"),
    (lambda: regla(cuando=leer_condicion([{"hecho": "otro", "es": "x"}])), "pide el hecho otro"),
    (lambda: regla(cuando=leer_condicion([{"hecho": "documento.uso", "es": "x"}])), "valor que no admite"),
    (lambda: regla(cuando=leer_condicion([{"hecho": "documento.uso", "minimo": "1"}])), "valor que no admite"),
    (lambda: regla(efecto=replace(NARINO.reglas[0].efecto, tipo="otro")), "el efecto otro no existe"),
    (lambda: regla(plazo=Plazo("otra.fecha", 10)), "pide el hecho otra.fecha"),
    (con_redondeo_sin_final, "el último no tener límite"),
]


@pytest.mark.parametrize(("romper", "problema"), ROTURAS, ids=[problema for _, problema in ROTURAS])
def test_encuentra_lo_que_no_casa(romper: Callable[[], Normativa], problema: str) -> None:
    assert any(problema in hallado for hallado in revisar(romper()))


def test_nada_que_decir_de_lo_que_esta_bien() -> None:
    assert revisar(NARINO) == []
