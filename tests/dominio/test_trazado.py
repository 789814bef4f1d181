"""A trace says of every amount what the engine says: edges of every rule and of every rounding, one centavo to each side."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from portal.dominio.errores import ErrorDominio
from portal.dominio.liquidador import Solicitud, liquidar
from portal.dominio.normativa import Normativa
from portal.dominio.redondeo import Modo
from portal.dominio.trazado import MAXIMO_CENTAVOS, PALABRA, Trazado, Trazo, pesos_en, trazar
from portal.operaciones.columnas import columna, valores
from tests.normativa.inventado import normativa_de_macondo
from tests.oraculo import casos
from tests.oraculo.comparar import normativa, vocabulario

SERVICIOS = {"contratista.clase": "natural", "contrato.tipo": "prestacion_servicios_profesionales"}


def cada_acto(departamento: str) -> Iterator[Solicitud]:
    """Every act that can be assessed, with each of its variants, on a day of each regime, with an amount if it has one."""
    normas = normativa(departamento)
    for dia in (date(2023, 5, 4), date(2025, 5, 4), date(2026, 2, 19), date(2026, 5, 4)):
        for acto in normas.actos_vigentes(dia):
            valor = Decimal(1) if acto.tiene_cuantia else None
            for variante in {t.variante for t in normas.variantes_de(acto, dia)} or {""}:
                yield Solicitud((acto.codigo,), dia, valor, {acto.codigo: variante} if variante else {})


def se_liquida(departamento: str, solicitud: Solicitud) -> bool:
    try:
        liquidar(normativa(departamento), solicitud)
    except ErrorDominio:
        return False
    return True


def del_oraculo(departamento: str, cuantas: int) -> Iterator[Solicitud]:
    """Requests drawn towards the edges of the rules, with amounts that can be read."""
    for numero in range(cuantas):
        pedido = casos.pedido(departamento, 9, numero, vocabulario(departamento))
        valor = Decimal(1) if "valor" in pedido else None
        try:
            dia = date.fromisoformat(pedido["fecha"])
        except ValueError:
            continue
        yield Solicitud(tuple(pedido["actos"]), dia, valor, pedido.get("variante", {}), pedido["hechos"])


def bordes(trazado: Trazado, azar: Random) -> list[int]:
    """Zero, the greatest, any, the ends of stretches, and where a rounding jumps; each with a centavo to both sides."""
    puntos = {0, MAXIMO_CENTAVOS, *(azar.randrange(10 ** azar.randrange(1, 18)) for _ in range(3))}
    for trazos in set(trazado.lineas.values()):
        for trazo in trazos:
            puntos.add(trazo.hasta)
            veces = azar.randrange(1, 10 ** azar.randrange(1, 8))
            if trazo.por:
                puntos.add((veces * trazo.entre - trazo.mas) // trazo.por)
    cercanos = {punto + paso for punto in puntos for paso in (-1, 0, 1)}
    return sorted(c for c in cercanos if 0 <= c <= MAXIMO_CENTAVOS)


def diferencias(normas: Normativa, solicitud: Solicitud, trazado: Trazado, centavos: list[int]) -> int:
    """Cells where the trace, or its columns, say something else than the engine."""
    distintas = 0
    if solicitud.valor is None:
        centavos = [0]
    caben = [c for c in centavos if c <= trazado.cabe_hasta]
    columnas = valores(trazado, columna(caben))
    for centavo in centavos:
        valor = None if solicitud.valor is None else Decimal(centavo) / 100
        lineas = liquidar(normas, replace(solicitud, valor=valor)).lineas
        assert {(linea.acto, linea.estampilla) for linea in lineas} == set(trazado.lineas)
        for linea in lineas:
            clave = (linea.acto, linea.estampilla)
            distintas += pesos_en(trazado.lineas[clave], centavo) != linea.valor
            if centavo <= trazado.cabe_hasta:
                distintas += int(columnas[clave][caben.index(centavo)]) != linea.valor
    return distintas


@pytest.mark.parametrize(("departamento", "minimo"), [("cundinamarca", 200), ("narino", 100), ("putumayo", 9)])
def test_cada_acto_de_cada_departamento_se_traza_y_da_lo_que_el_motor(departamento: str, minimo: int) -> None:
    azar = Random(departamento)
    vistos = 0
    for solicitud in cada_acto(departamento):
        trazado = trazar(normativa(departamento), solicitud)
        if trazado is None:
            assert not se_liquida(departamento, solicitud), solicitud
            continue
        assert diferencias(normativa(departamento), solicitud, trazado, bordes(trazado, azar)) == 0, solicitud
        vistos += 1
    assert vistos >= minimo


# Putumayo's provisional tariffs have no rules.
@pytest.mark.parametrize(
    ("departamento", "cuantas", "quebradas"), [("cundinamarca", 900, 10), ("narino", 600, 15), ("putumayo", 200, 0)]
)
def test_las_reglas_que_miran_el_importe_dan_lo_que_el_motor_en_sus_bordes(
    departamento: str, cuantas: int, quebradas: int
) -> None:
    azar = Random(departamento)
    trazadas = con_varios_trazos = 0
    for solicitud in del_oraculo(departamento, cuantas):
        trazado = trazar(normativa(departamento), solicitud)
        if trazado is None:
            continue
        trazadas += 1
        quebrada = any(len(trazos) > 1 for trazos in trazado.lineas.values())
        con_varios_trazos += quebrada
        puntos = bordes(trazado, azar)
        muestra = puntos if quebrada else azar.sample(puntos, min(len(puntos), 4))
        assert diferencias(normativa(departamento), solicitud, trazado, muestra) == 0, solicitud
    assert trazadas > 150
    assert con_varios_trazos >= quebradas


def al_reves(normas: Normativa) -> Normativa:
    otro = {Modo.CERCANO: Modo.SUPERIOR, Modo.SUPERIOR: Modo.CERCANO}
    return replace(normas, redondeos=tuple(replace(r, modo=otro[r.modo]) for r in normas.redondeos))


def un_peso_de_tarifa(normas: Normativa) -> Normativa:
    return replace(normas, tarifas=tuple(replace(t, valor=t.valor + Decimal("0.000001")) for t in normas.tarifas))


@pytest.mark.parametrize("dano", [al_reves, un_peso_de_tarifa])
@pytest.mark.parametrize("departamento", ["cundinamarca", "narino"])
def test_control_otro_redondeo_u_otra_tarifa_se_notan(
    departamento: str, dano: Callable[[Normativa], Normativa]
) -> None:
    acto = {"cundinamarca": "CC-2", "narino": "N-CC-D"}[departamento]
    solicitud = Solicitud((acto,), date(2025, 5, 4), Decimal(1), {}, SERVICIOS if acto == "CC-2" else {})
    trazado = trazar(dano(normativa(departamento)), solicitud)
    assert trazado is not None
    assert diferencias(normativa(departamento), solicitud, trazado, bordes(trazado, Random(1))) > 0


def test_las_1200_uvt_son_dos_trazos_y_las_tarifas_iguales_uno_solo() -> None:
    solicitud = Solicitud(("CC-2",), date(2025, 5, 4), Decimal(1), {}, SERVICIOS)
    trazado = trazar(normativa("cundinamarca"), solicitud)
    assert trazado is not None
    excluido, gravado = trazado.lineas["CC-2", "PRO_DESARROLLO"]
    assert excluido == Trazo(1200 * 49_799 * 100, 0, 0, 1, 1000)
    # 2 % of the centavos, in thousands of pesos.
    assert (gravado.por, gravado.entre, gravado.multiplo) == (1, 5_000_000, 1000)
    assert trazado.lineas["CC-2", "PRO_DESARROLLO"] == trazado.lineas["CC-2", "ADULTO_MAYOR"]


@pytest.mark.parametrize(
    "solicitud",
    [
        Solicitud(("M-C-01",), date(2025, 3, 3), Decimal(1), {}, {"contrato.iva": "0"}),
        Solicitud(("M-C-01",), date(2025, 3, 3), Decimal(1)),
        Solicitud(("NO-EXISTE",), date(2025, 3, 3)),
    ],
    ids=["tramos, topes y recargos", "falta un dato", "rehusada"],
)
def test_lo_que_no_va_en_linea_recta_no_se_traza(solicitud: Solicitud) -> None:
    assert trazar(normativa_de_macondo(), solicitud) is None


def test_lo_que_no_cabe_en_una_palabra_se_dice() -> None:
    enorme = Trazo(MAXIMO_CENTAVOS, 10**6, 0, 10**12, 1000)
    assert enorme.cabe_hasta == PALABRA // 10**6 < MAXIMO_CENTAVOS
    assert Trazo(MAXIMO_CENTAVOS, 1, 2**63, 5_000_000, 1000).cabe_hasta == -1
    assert Trazo(MAXIMO_CENTAVOS, 1, 0, 50, 1).cabe_hasta == -1, "more than the amount itself"
