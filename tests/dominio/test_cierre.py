"""The close of a day classifies every line once, finds each anomaly, and never joins what is not the same money."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from portal.dominio.cierre import (
    Canal,
    ClaseRenglon,
    LineaBanco,
    LineaLibro,
    LineaPasarela,
    Lineas,
    Renglon,
    cotejar,
    dia_contable,
    limites,
    por_dia,
)
from portal.dominio.cierre_dia import (
    CierreDia,
    Cifra,
    escribir,
    huella_de_firma,
    leer,
    llego_despues,
    resumen_de_entradas,
)

C = ClaseRenglon
HOY = date(2026, 3, 20)
DIA = date(2026, 3, 10)
PLAZO = 5
# One line in a hundred of each anomaly.
ANOMALIAS = (
    C.SOLO_NUESTRO, C.SOLO_PASARELA, C.SOLO_BANCO, C.VALOR_DISTINTO, C.SIN_BANCO, C.SIN_PASARELA, C.SIN_LIBRO, C.EN_TRANSITO,
)  # fmt: skip


def libro(n: int = 1, valor: int = 1000, **otros: object) -> LineaLibro:
    datos = {
        "llave": f"recaudo:{n}", "cuenta": "una", "dia": DIA, "valor": Decimal(valor), "canal": Canal.PSE,
        "pasarela": "p2p", "transaccion": f"t{n}", "cus": f"90{n:06d}", "referencia": f"PE-{n}", "recaudo_id": n,
    } | otros  # fmt: skip
    return LineaLibro(**datos)  # type: ignore[arg-type]


def pasarela(n: int = 1, valor: int = 1000, **otros: object) -> LineaPasarela:
    datos = {
        "llave": f"p2p:t{n}", "cuenta": "una", "dia": DIA, "valor": Decimal(valor), "pasarela": "p2p",
        "transaccion": f"t{n}", "cus": f"90{n:06d}", "referencia": f"PE-{n}",
    } | otros  # fmt: skip
    return LineaPasarela(**datos)  # type: ignore[arg-type]


def banco(n: int = 1, valor: int = 1000, **otros: object) -> LineaBanco:
    datos = {
        "llave": f"b{n}", "cuenta": "una", "dia": DIA + timedelta(days=1), "valor": Decimal(valor),
        "referencia": f"90{n:06d}", "es_pse": True,
    } | otros  # fmt: skip
    return LineaBanco(**datos)  # type: ignore[arg-type]


def clases(lineas: Lineas, hoy: date = HOY) -> list[ClaseRenglon]:
    return [r.clase for r in cotejar(lineas, hoy=hoy, dias_en_transito=PLAZO)]


@pytest.mark.parametrize(
    ("lineas", "esperada"),
    [
        (Lineas((libro(),), (pasarela(),), (banco(),)), C.CUADRADO),
        (Lineas((libro(),), (pasarela(),)), C.SIN_BANCO),
        (Lineas((libro(),), (), (banco(),)), C.SIN_PASARELA),
        (Lineas((), (pasarela(),), (banco(),)), C.SIN_LIBRO),
        (Lineas((libro(),)), C.SOLO_NUESTRO),
        (Lineas((), (pasarela(),)), C.SOLO_PASARELA),
        (Lineas((), (), (banco(),)), C.SOLO_BANCO),
        (Lineas((libro(),), (pasarela(valor=999),), (banco(),)), C.VALOR_DISTINTO),
        (Lineas((libro(),), (pasarela(),), (banco(valor=1001),)), C.VALOR_DISTINTO),
        (Lineas((libro(canal=Canal.VENTANILLA, cus=""),), (), (banco(es_pse=False, recaudo_id=1),)), C.CUADRADO),
        (Lineas((libro(canal=Canal.MANUAL),), (), (banco(es_pse=False),)), C.CUADRADO),
        (Lineas((libro(canal=Canal.MANUAL),), (), (banco(),)), C.CUADRADO),
        (Lineas((libro(canal=Canal.MANUAL),)), C.SOLO_NUESTRO),
        (Lineas((libro(valor=-1000, llave="reversion:1"),), (), (banco(valor=-1000),)), C.CUADRADO),
    ],
)
def test_cada_combinacion_de_los_tres_lados_tiene_su_clase(lineas: Lineas, esperada: ClaseRenglon) -> None:
    assert clases(lineas) == [esperada]


@pytest.mark.parametrize("nombre", ["00090000001", "t1", " pe-1 "])
def test_el_banco_puede_nombrar_el_pago_por_su_cus_su_transaccion_o_su_referencia(nombre: str) -> None:
    assert clases(Lineas((libro(),), (pasarela(),), (banco(referencia=nombre),))) == [C.CUADRADO]


def test_en_transito_solo_mientras_el_banco_esta_a_tiempo() -> None:
    lineas = Lineas((libro(),), (pasarela(),))
    assert clases(lineas, DIA + timedelta(days=PLAZO)) == [C.EN_TRANSITO]
    assert clases(lineas, DIA + timedelta(days=PLAZO + 1)) == [C.SIN_BANCO]
    # A window's credit comes from the bank's own file: nothing is on its way. Its taking back may be.
    assert clases(Lineas((libro(canal=Canal.VENTANILLA),)), DIA) == [C.SOLO_NUESTRO]
    assert clases(Lineas((libro(canal=Canal.VENTANILLA, valor=-1000),)), DIA) == [C.EN_TRANSITO]


def test_una_reversion_no_se_toma_por_el_pago_que_la_pasarela_aprobo() -> None:
    reversion = libro(valor=-1000, llave="reversion:1")
    assert clases(Lineas((reversion,), (pasarela(),), (banco(valor=-1000),))) == [C.CUADRADO, C.SOLO_PASARELA]
    tres = Lineas((libro(), reversion), (pasarela(),), (banco(), banco(2, -1000, referencia="t1")))
    assert clases(tres) == [C.CUADRADO, C.CUADRADO]


@pytest.mark.parametrize(
    "linea",
    [
        banco(referencia="otra cosa"),
        banco(es_pse=False),
        banco(valor=-1000),
        banco(dia=DIA + timedelta(days=PLAZO + 1)),
        banco(referencia=""),
    ],
)
def test_un_valor_igual_no_basta_para_ser_el_mismo_pago(linea: LineaBanco) -> None:
    assert sorted(clases(Lineas((libro(),), (pasarela(),), (linea,)))) == [C.SIN_BANCO, C.SOLO_BANCO]


@pytest.mark.parametrize(("dias", "esperadas"), [(PLAZO, 1), (-PLAZO, 1), (PLAZO + 1, 2), (-PLAZO - 1, 2)])
def test_el_banco_puede_mostrarlo_otro_dia_dentro_del_plazo(dias: int, esperadas: int) -> None:
    lineas = Lineas((libro(),), (pasarela(),), (banco(dia=DIA + timedelta(days=dias)),))
    assert len(clases(lineas)) == esperadas
    # What the import recognised is that credit on any day.
    lineas = Lineas((libro(),), (pasarela(),), (banco(dia=DIA + timedelta(days=dias), recaudo_id=1),))
    assert clases(lineas) == [C.CUADRADO]


def test_lo_que_la_importacion_reconocio_gana_a_cualquier_otro_nombre() -> None:
    lineas = Lineas((libro(1), libro(2)), (pasarela(1), pasarela(2)), (banco(1, recaudo_id=2), banco(2)))
    renglones = cotejar(lineas, hoy=HOY, dias_en_transito=PLAZO)
    assert {r.libro.llave: r.banco.llave if r.banco else None for r in renglones if r.libro} == {
        "recaudo:1": None,
        "recaudo:2": "b1",
    }
    assert [r.clase for r in renglones if r.libro is None] == [C.SOLO_BANCO]


def test_dos_debitos_de_la_misma_referencia_se_unen_por_su_valor() -> None:
    lineas = Lineas(
        (libro(1, 700, cus="", referencia="PE-9"), libro(2, 300, cus="", referencia="PE-9")),
        (pasarela(1, 700), pasarela(2, 300)),
        (banco(1, 300, referencia="PE-9"), banco(2, 701, referencia="PE-9")),
    )
    assert clases(lineas) == [C.VALOR_DISTINTO, C.CUADRADO]


def un_periodo(azar: Random, dias: int, por_dia: int) -> tuple[Lineas, dict[str, ClaseRenglon]]:
    """Days of payments with one per cent of each anomaly, and the class that each line must have."""
    izquierda: list[LineaLibro] = []
    centro: list[LineaPasarela] = []
    derecha: list[LineaBanco] = []
    debe: dict[str, ClaseRenglon] = {}
    for n in range(dias * por_dia):
        dia = DIA - timedelta(days=n // por_dia)
        valor = azar.choice((1000, 235000, azar.randrange(1, 10**7)))
        suerte = azar.randrange(100)
        clase = ANOMALIAS[suerte] if suerte < len(ANOMALIAS) else C.CUADRADO
        if clase is C.EN_TRANSITO:
            dia = HOY - timedelta(days=azar.randrange(PLAZO + 1))
        tres = (
            libro(n, valor, dia=dia, recaudo_id=n + 1),
            pasarela(n, valor, dia=dia),
            banco(n, valor, dia=dia + timedelta(days=azar.randrange(PLAZO)), referencia=azar.choice((f"90{n:06d}", f"PE-{n}"))),
        )  # fmt: skip
        if clase is C.VALOR_DISTINTO:
            cual = azar.randrange(3)
            tres = tuple(  # type: ignore[assignment]
                type(x)(**vars(x) | {"valor": x.valor + 1}) if i == cual else x for i, x in enumerate(tres)
            )
        ausentes = {
            C.SOLO_NUESTRO: (1, 2), C.SOLO_PASARELA: (0, 2), C.SOLO_BANCO: (0, 1), C.SIN_BANCO: (2,),
            C.SIN_PASARELA: (1,), C.SIN_LIBRO: (0,), C.EN_TRANSITO: (2,),
        }.get(clase, ())  # fmt: skip
        for i, (linea, donde) in enumerate(zip(tres, (izquierda, centro, derecha), strict=True)):
            if i not in ausentes:
                donde.append(linea)  # type: ignore[attr-defined]
                debe[linea.llave] = clase
    for lado in (izquierda, centro, derecha):
        azar.shuffle(lado)
    return Lineas(tuple(izquierda), tuple(centro), tuple(derecha)), debe


@pytest.mark.parametrize("semilla", range(10))
def test_mil_dias_con_uno_por_ciento_de_cada_anomalia_se_clasifican_todos_bien(semilla: int) -> None:
    """Ten runs of a hundred days: every line right, none joined to another's, and every day sums to what came in."""
    lineas, debe = un_periodo(Random(semilla), 100, 30)
    renglones = cotejar(lineas, hoy=HOY, dias_en_transito=PLAZO)
    falsos = [r for r in renglones if len({re.search(r"[0-9]+$", x.llave)[0] for x in r.lineas}) > 1]  # type: ignore[index]
    assert falsos == []
    assert {llave: r.clase for r in renglones for llave in r.llaves} == debe
    cierres = [CierreDia("una", dia, tuple(suyos)) for dia, suyos in por_dia(renglones)]
    contadas = Counter(entrada for cierre in cierres for entrada in cierre.entradas())
    assert set(contadas.values()) == {1}
    assert len(contadas) == len(debe)
    for cierre in cierres:
        _sumas_iguales(cierre, lineas)
    # The order of the lines makes no difference.
    Random(semilla + 1).shuffle(barajadas := list(lineas.banco))
    otra_vez = cotejar(Lineas(lineas.libro, lineas.pasarela, tuple(barajadas)), hoy=HOY, dias_en_transito=PLAZO)
    assert set(otra_vez) == set(renglones)


def test_control_unir_por_valor_junta_pagos_ajenos() -> None:
    """Control: on the same days, matching by amount joins lines of different payments, and the check above sees it."""
    lineas, _ = un_periodo(Random(0), 100, 30)
    libres = list(lineas.banco)
    falsas = 0
    for credito in lineas.libro:
        iguales = [x for x in libres if x.valor == credito.valor and 0 <= (x.dia - credito.dia).days <= PLAZO]
        if iguales:
            libres.remove(iguales[0])
            falsas += iguales[0].llave.removeprefix("b") != credito.llave.removeprefix("recaudo:")
    assert falsas > 100


def _sumas_iguales(cierre: CierreDia, lineas: Lineas) -> None:
    """Sum of the classes = sum of the inputs, in count and in pesos, of each side (I-20)."""
    total, cifras = cierre.total(), cierre.cifras().values()
    for lado in ("libro", "pasarela", "banco"):
        suyas = [x.valor for x in getattr(lineas, lado) if x.dia == cierre.dia]
        assert getattr(total, lado) == Cifra(len(suyas), sum(suyas, Decimal(0)))
        partes = [getattr(c, lado) for c in cifras]
        assert getattr(total, lado) == Cifra(sum(p.cuantas for p in partes), sum((p.valor for p in partes), Decimal(0)))


def un_dia(*renglones: Renglon) -> CierreDia:
    return CierreDia("una", DIA, renglones)


def test_el_texto_canonico_se_lee_igual_y_no_depende_del_orden() -> None:
    unos = cotejar(un_periodo(Random(3), 2, 40)[0], hoy=HOY, dias_en_transito=PLAZO)
    assert escribir(un_dia(*unos)) == escribir(un_dia(*reversed(unos)))
    leido = leer(escribir(un_dia(*unos)))
    assert set(leido.renglones) == set(unos)
    assert (leido.cuenta, leido.dia, escribir(leido)) == ("una", DIA, escribir(un_dia(*unos)))


def test_la_huella_cambia_con_cualquier_cosa_que_se_firma() -> None:
    firma = {"version": 1, "hasta_asiento": 7, "usuario_id": 3, "en": datetime(2026, 3, 11, 13, tzinfo=UTC)}
    base = huella_de_firma("texto", **firma)  # type: ignore[arg-type]
    otras = {
        huella_de_firma("texto ", **firma),  # type: ignore[arg-type]
        *(huella_de_firma("texto", **firma | {c: 9}) for c in ("version", "hasta_asiento", "usuario_id")),  # type: ignore[arg-type]
        huella_de_firma("texto", **firma | {"en": datetime(2026, 3, 11, 13, 0, 1, tzinfo=UTC)}),  # type: ignore[arg-type]
    }
    assert len(otras | {base}) == 6


def test_lo_que_llega_despues_se_distingue_de_lo_que_solo_cambio_de_clase() -> None:
    firmado = un_dia(Renglon(C.EN_TRANSITO, libro(), pasarela()))
    llego_el_dinero = un_dia(Renglon(C.CUADRADO, libro(), pasarela(), banco()))
    assert llego_despues(firmado, llego_el_dinero) == ([], [])
    assert resumen_de_entradas(firmado) == resumen_de_entradas(llego_el_dinero)
    otro = un_dia(*firmado.renglones, Renglon(C.SOLO_NUESTRO, libro(2)))
    assert llego_despues(firmado, otro) == (["recaudo:2"], [])
    assert resumen_de_entradas(firmado) != resumen_de_entradas(otro)
    otro_valor = un_dia(Renglon(C.VALOR_DISTINTO, libro(), pasarela(valor=999)))
    assert resumen_de_entradas(firmado) != resumen_de_entradas(otro_valor)


def test_el_dia_contable_es_el_de_colombia_y_el_del_banco_cuando_lo_dijo() -> None:
    noche = datetime(2026, 3, 11, 4, 59, 59, tzinfo=UTC)
    assert dia_contable(noche, datetime(2026, 3, 12, tzinfo=UTC)) == DIA
    assert dia_contable(None, noche + timedelta(seconds=1)) == DIA + timedelta(days=1)
    inicio, fin = limites(DIA, DIA)
    assert inicio <= noche < fin
    assert fin == noche + timedelta(seconds=1)
