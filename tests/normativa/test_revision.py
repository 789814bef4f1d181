"""`verificar` finds what does not fit; each case breaks one thing of rules that were whole."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal.dominio.condiciones import leer_condicion
from portal.dominio.escalas import Limite, TramoTarifa
from portal.dominio.normativa import Normativa, Plazo
from portal.dominio.redondeo import Tramo
from portal.dominio.tarifas import TipoTarifa
from portal.operaciones.archivos_normativa import normativa_de_archivos
from portal.operaciones.revision_normativa import revisar
from tests.normativa.inventado import normativa_de_macondo

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

MACONDO = normativa_de_macondo()
GALLOS, FERROCARRIL, HIELO = (
    next(n for n, t in enumerate(MACONDO.tarifas) if t.estampilla == codigo and t.clase == "con_cuantia")
    for codigo in ("PRO_GALLOS", "PRO_FERROCARRIL", "PRO_HIELO")
)


def macondo(n: int, **cambios: object) -> Normativa:
    tarifas = list(MACONDO.tarifas)
    tarifas[n] = replace(tarifas[n], **cambios)  # type: ignore[arg-type]
    return replace(MACONDO, tarifas=tuple(tarifas))


def escala(**cambios: object) -> Normativa:
    actual = MACONDO.tarifas[FERROCARRIL].escala
    assert actual is not None
    return macondo(FERROCARRIL, escala=replace(actual, **cambios))  # type: ignore[arg-type]


def con_descuento(hecho: str, **cambios: object) -> Normativa:
    contrato, *otros = MACONDO.actos
    assert contrato.descuento is not None
    nuevo = replace(contrato, descuento=replace(contrato.descuento, hecho=hecho), **cambios)  # type: ignore[arg-type]
    return replace(MACONDO, actos=(nuevo, *otros))


def sin_ferrocarril_desde_julio() -> Normativa:
    tarifas = list(macondo(FERROCARRIL, hasta=date(2025, 6, 30)).tarifas)
    # On the very act: the wildcard would end with the stamp that it follows.
    tarifas[GALLOS] = replace(tarifas[GALLOS], acto="M-C-01")
    return replace(MACONDO, tarifas=tuple(tarifas))


def repartos(*porcentajes: str, **cambios: object) -> Normativa:
    primero = replace(MACONDO.repartos[0], **cambios)  # type: ignore[arg-type]
    return replace(MACONDO, repartos=tuple(replace(primero, porcentaje=Decimal(p)) for p in porcentajes))


UNO, DOS = TramoTarifa(Decimal(1), Decimal(10)), TramoTarifa(Decimal(2))
ROTURAS += [
    (lambda: escala(tramos=(DOS, UNO)), "FERROCARRIL/M-C-01: los tramos de la escala deben ir de menor a mayor"),
    (lambda: escala(tramos=(UNO, UNO, DOS)), "los tramos de la escala deben ir de menor a mayor"),
    (lambda: escala(tramos=()), "los tramos de la escala deben ir de menor a mayor"),
    (lambda: escala(tramos=(replace(UNO, valor=Decimal("2.1")), DOS)), "supera el tope del 2 %"),
    (lambda: escala(tramos=(replace(UNO, valor=Decimal(0)), DOS)), "mayor que cero"),
    (
        lambda: escala(tramos=(replace(UNO, valor=Decimal(2)), replace(DOS, valor=Decimal(1)))),
        "no puede bajar de tarifa",
    ),
    (lambda: escala(indicador="OTRO"), "el indicador OTRO de la escala no existe"),
    (lambda: escala(cita=""), "la escala no cita su norma"),
    (lambda: escala(anterior="otro"), "la escala no puede usar el hecho otro"),
    (lambda: escala(fecha="contrato.valor_anterior"), "la escala no puede usar el hecho contrato.valor_anterior"),
    (lambda: macondo(FERROCARRIL, tipo=TipoTarifa.PESOS), "el tipo pesos no admite escala"),
    (lambda: macondo(HIELO, minimo=Limite(Decimal(501), "UVT")), "el mínimo es mayor que el tope"),
    (lambda: macondo(HIELO, tope=Limite(Decimal(0), "UVT")), "el tope de 0 UVT no es posible"),
    (lambda: macondo(HIELO, minimo=Limite(Decimal(1), "OTRO")), "el mínimo de 1 OTRO no es posible"),
    (lambda: macondo(GALLOS, sobre=""), "el tipo porcentaje_estampilla y la estampilla «» no casan"),
    (lambda: macondo(GALLOS, sobre="OTRA"), "la estampilla OTRA del recargo no existe"),
    (lambda: macondo(GALLOS, valor=Decimal(101)), "es más del 100 %"),
    (lambda: macondo(GALLOS, sobre="PRO_GALLOS"), "unas sobre otras sin fin: PRO_GALLOS, PRO_GALLOS"),
    (
        lambda: macondo(
            FERROCARRIL, tipo=TipoTarifa.PORCENTAJE_ESTAMPILLA, sobre="PRO_GALLOS", valor=Decimal(1), escala=None
        ),
        "unas sobre otras sin fin",
    ),
    (sin_ferrocarril_desde_julio, "M-C-01 paga desde 2025-07-01 un recargo sobre PRO_FERROCARRIL"),
    (lambda: con_descuento("otro"), "la base no puede restar el hecho otro"),
    (lambda: con_descuento("contrato.tipo"), "la base no puede restar el hecho contrato.tipo"),
    (lambda: con_descuento("contrato.iva", movimientos=("ascenso",)), "la base no puede restar el hecho contrato.iva"),
    (lambda: repartos("20", "79.9"), "El reparto de PRO_FERROCARRIL desde 2024-01-01 suma 99.9 % y no 100 %"),
    (lambda: repartos("100", hasta=date(2024, 12, 31), estampillas=("OTRA",)), "necesita estampillas que existan"),
    (lambda: repartos("100", norma=""), "necesita estampillas que existan, su norma"),
]


@pytest.mark.parametrize(("romper", "problema"), ROTURAS, ids=[problema for _, problema in ROTURAS])
def test_encuentra_lo_que_no_casa(romper: Callable[[], Normativa], problema: str) -> None:
    assert any(problema in hallado for hallado in revisar(romper()))


def test_nada_que_decir_de_lo_que_esta_bien() -> None:
    assert revisar(NARINO) == []
    assert revisar(MACONDO) == []
    assert revisar(repartos("20", "80", hasta=date(2024, 12, 31))) == []
