"""Every figure of every report is, to the centavo, what a fold of the ledger in Python gives, and its rows sum to it.

A short world in the suite; `make reportes` builds 200,000 facturas on each engine and says how long each report took.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from time import perf_counter

import pytest
from flask import Flask

from portal.db import db
from portal.dominio.reparto import Reparto
from portal.operaciones import libro
from portal.operaciones.cuentas import plan_de
from portal.operaciones.normativa import normativa_de
from portal.operaciones.reportes.distribucion import distribucion
from portal.operaciones.reportes.exenciones import exenciones
from portal.operaciones.reportes.filtros import SIN_ENTIDAD, Dimension, Filtro, entidades
from portal.operaciones.reportes.liquidado import DIMENSIONES, liquidado
from portal.operaciones.reportes.recaudo import Reporte, recaudado
from portal.operaciones.reportes.renglones import Cuales, listar
from portal.operaciones.reportes.topes import avances, topes_de
from tests import reportes, reportes_a_mano, reportes_raros
from tests.fabricas import HOY
from tests.reportes_a_mano import Emitida, Paso, entre, liquidado_por_celda, por_celda

CUANTAS = int(os.environ.get("FACTURAS", "1200"))
# In the long version the rows of each cell are counted and summed by the database, and those of one grouping read whole.
ES_CORTA = CUANTAS <= 5000
PLAN = plan_de("putumayo")
TODO = Filtro(date(2024, 1, 1), HOY + timedelta(days=400))
MITAD = Filtro(date(2025, 8, 14), date(2026, 3, 31))
TODAS_LAS_FILAS = 10**9
COLUMNAS = ("recaudado", "aplicado", "revertido", "no_debido", "devuelto", "neto")


@dataclass
class Escena:
    """What was made, and what Python reads of it."""

    costos: dict[int, Decimal]
    facturas: dict[int, Emitida]
    pasos: list[Paso]


@pytest.fixture
def escena(app: Flask) -> Escena:
    reportes_raros.hacer()
    with medido(f"hacer {CUANTAS} facturas"):
        costos = reportes.construir(CUANTAS).costos
    facturas = reportes_a_mano.facturas()
    return Escena(costos, facturas, reportes_a_mano.pasos(facturas))


@contextmanager
def medido(que: str) -> Iterator[None]:
    inicio = perf_counter()
    yield
    # The comparison that follows may take longer than an engine lets a transaction wait.
    db.session.rollback()
    if not ES_CORTA:
        print(f"  {que}: {perf_counter() - inicio:.2f} s")


def comparar(reporte: Reporte, esperado: dict) -> None:
    """Every cell of both, and nothing in one that is not in the other."""
    hallado = {(r.espera, r.clave): {c: getattr(r.sumas, c) for c in COLUMNAS} for r in reporte.renglones}
    assert hallado == {k: {c: v.get(c, Decimal(0)) for c in COLUMNAS} for k, v in esperado.items()}


def restringido(filtro: Filtro, reporte: Reporte, clave: tuple[str, ...], espera: bool) -> Filtro:
    """The filter of one cell, as its link writes it."""
    cambios: dict[str, object] = {"dinero": "espera" if espera else "estampillas"}
    for dimension, valor in zip(reporte.por, clave, strict=True):
        if dimension is Dimension.MES:
            inicio = date.fromisoformat(f"{valor}-01")
            fin = (inicio + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            cambios |= {"desde": max(filtro.desde, inicio), "hasta": min(filtro.hasta, fin)}
        elif dimension is Dimension.ENTIDAD and not espera:
            cambios["entidad"] = reporte.entidades[valor].codigo if valor else SIN_ENTIDAD
        elif valor:
            cambios[dimension.value] = valor
    return replace(filtro, **cambios)


def lo_recaudado_es_el_libro_al_centavo_por_cada_dimension_y_cada_par(escena: Escena) -> None:
    pares = list(permutations(Dimension, 2))
    grupos = [(d,) for d in Dimension] + (pares if ES_CORTA else pares[::7])
    for filtro in (TODO, MITAD):
        suyos = list(entre(escena.pasos, filtro.desde, filtro.hasta))
        for por in grupos:
            with medido(f"recaudo {filtro.desde} por {' y '.join(por)}"):
                reporte = recaudado(PLAN, filtro, por)
            comparar(reporte, por_celda(suyos, por))
            assert reporte.cuadra
            assert reporte.total.recaudado == sum(p.pesos for p in suyos if p.columna == "recaudado")
    saldos = libro.saldos()
    for renglon in recaudado(PLAN, TODO).renglones:
        cuenta = renglon.clave[0] if renglon.espera else f"estampilla:{renglon.clave[0]}"
        assert renglon.sumas.neto == -saldos[cuenta], "the balance of the ledger"


@pytest.mark.skipif(not ES_CORTA, reason="the short world is enough to see it fail")
def test_control_un_reporte_que_olvida_las_reversiones_no_cuadra(escena: Escena) -> None:
    bueno = recaudado(PLAN, TODO)
    sin_ellas = tuple(replace(r, sumas=replace(r.sumas, revertido=Decimal(0))) for r in bueno.renglones)
    esperado = por_celda(escena.pasos, (Dimension.ESTAMPILLA,))
    comparar(bueno, esperado)
    with pytest.raises(AssertionError):
        comparar(replace(bueno, renglones=sin_ellas), esperado)


def los_filtros_dejan_lo_suyo_y_nada_mas(escena: Escena) -> None:
    una = next(e for e in entidades() if e.nombre == "=GOBERNACION+1")
    filtros = {
        ("estampilla", "ITP"): "ITP",
        ("canal", "ventanilla"): "ventanilla",
        ("cuenta", "destinacion-especifica"): "destinacion-especifica",
        ("cuenta", "recaudo-estampillas"): "recaudo-estampillas",
        ("acto", "P-C-02"): "P-C-02",
        ("entidad", una.codigo): "899999001",
        ("entidad", SIN_ENTIDAD): "",
    }
    for (campo, escrito), valor in filtros.items():
        filtro = replace(MITAD, **{campo: escrito})
        suyos = [
            p
            for p in entre(escena.pasos, MITAD.desde, MITAD.hasta, **{campo: valor})
            # Money that waits has no act, entity or account to be filtered by.
            if not (p.espera and campo in ("entidad", "acto", "cuenta"))
        ]
        assert suyos, campo
        comparar(recaudado(PLAN, filtro), por_celda(suyos, (Dimension.ESTAMPILLA,)))


def los_renglones_de_cada_celda_suman_la_celda(escena: Escena) -> None:
    grupos = [(Dimension.ESTAMPILLA, Dimension.CANAL), (Dimension.ENTIDAD,), (Dimension.MES,), (Dimension.CUENTA,)]
    for por in grupos if ES_CORTA else grupos[:1]:
        reporte = recaudado(PLAN, MITAD, por)
        esperado = por_celda(entre(escena.pasos, MITAD.desde, MITAD.hasta), por)
        for renglon in reporte.renglones:
            filtro = restringido(MITAD, reporte, renglon.clave, renglon.espera)
            for columna in COLUMNAS:
                db.session.rollback()
                filas = listar(Cuales("recaudo", columna, filtro), PLAN, limite=TODAS_LAS_FILAS)
                cifra = esperado[renglon.espera, renglon.clave].get(columna, Decimal(0))
                assert getattr(renglon.sumas, columna) == filas.suma == cifra
                assert sum((f.valor or 0 for f in filas.filas), Decimal(0)) == cifra
                assert filas.total == len(filas.filas)


def lo_liquidado_contra_lo_cobrado_es_el_libro_al_centavo(escena: Escena) -> None:
    grupos = [(d,) for d in DIMENSIONES] + [(Dimension.ESTAMPILLA, Dimension.MES)]
    for filtro in (TODO, MITAD):
        for por in grupos:
            with medido(f"liquidado {filtro.desde} por {' y '.join(por)}"):
                reporte = liquidado(PLAN, filtro, por)
            vale = lambda f, x=filtro: x.desde <= f.dia <= x.hasta  # noqa: E731
            esperado = liquidado_por_celda(escena.facturas.values(), escena.pasos, por, vale)
            columnas = ("liquidado", "sin_efecto", "cobrado", "saldo_devuelto", "neto", "pendiente", "facturas")
            hallado = {clave: {c: getattr(cuenta, c) for c in columnas} for clave, cuenta in reporte.renglones}
            assert hallado == {k: {c: v.get(c, Decimal(0)) for c in columnas} for k, v in esperado.items()}
    # All that stamps were ever assessed keeps exactly what the ledger has of stamps.
    del_libro = -sum(v for cuenta, v in libro.saldos().items() if cuenta.startswith("estampilla:"))
    assert liquidado(PLAN, TODO, (Dimension.MES,)).total.neto == del_libro


def los_renglones_de_lo_liquidado_suman_su_celda(escena: Escena) -> None:
    reporte = liquidado(PLAN, MITAD, (Dimension.ESTAMPILLA,))
    for (estampilla,), cuenta in reporte.renglones:
        filtro = replace(MITAD, estampilla=estampilla)
        for columna in ("liquidado", "sin_efecto", "pendiente", "cobrado", "saldo_devuelto", "neto"):
            filas = listar(Cuales("liquidado", columna, filtro), PLAN, limite=TODAS_LAS_FILAS)
            suma = sum((f.valor or 0 for f in filas.filas), Decimal(0))
            assert getattr(cuenta, columna) == filas.suma == suma, (estampilla, columna)


def las_exenciones_cuestan_lo_que_paga_quien_no_esta_exento(escena: Escena) -> None:
    with medido("exenciones de todo"):
        halladas = exenciones(TODO)
    assert sum(s.cuantas for s in halladas.values()) == len(escena.costos) > 0
    assert sum(s.costo for s in halladas.values()) == sum(escena.costos.values())
    assert sum(s.sin_costo for s in halladas.values()) == 0
    por_numero = {f.numero: f for f in escena.facturas.values()}
    de_todas = listar(Cuales("exenciones", "costo", TODO), PLAN, limite=TODAS_LAS_FILAS)
    assert {f.factura: f.valor for f in de_todas.filas} == escena.costos
    assert all(por_numero[f.factura].exencion == f.motivo for f in de_todas.filas)
    for (razon, estampilla), suma in halladas.items():
        filas = listar(Cuales("exenciones", "costo", replace(TODO, estampilla=estampilla), razon), PLAN)
        assert (filas.total, filas.suma) == (suma.cuantas, suma.costo)


def el_avance_hacia_el_tope_es_el_neto_de_la_estampilla(escena: Escena) -> None:
    topes, saldos = topes_de("putumayo"), libro.saldos()
    with medido("topes"):
        unos = avances(PLAN, topes, TODO.hasta)
    assert {a.estampilla: a.recaudado for a in unos} == {
        e: -saldos[f"estampilla:{e}"] for e in ("ITP", "DESARROLLO_FRONTERIZO")
    }
    antes = avances(PLAN, topes, MITAD.hasta)
    esperado = sum(p.pesos for p in entre(escena.pasos, date.min, MITAD.hasta, que="ITP"))
    assert next(a for a in antes if a.estampilla == "ITP").recaudado == esperado


def repartos() -> tuple[Reparto, ...]:
    """A share that changes in the middle of a month, with percentages that leave centavos over."""

    def uno(codigo: str, porcentaje: str, desde: date, hasta: date | None, *estampillas: str) -> Reparto:
        return Reparto(
            codigo, codigo.title(), Decimal(porcentaje), estampillas, "Ley 863 de 2003", "art. 47", desde, hasta
        )

    cambio = date(2025, 11, 17)
    primera, segunda = (date(2024, 1, 1), cambio - timedelta(days=1)), (cambio, None)
    return (
        uno("pensiones", "20", date(2024, 1, 1), None, "ITP", "CULTURA"),
        uno("instituto", "80", *primera, "ITP", "CULTURA"),
        uno("sede", "46.7", *segunda, "ITP", "CULTURA"),
        uno("museo", "33.3", *segunda, "ITP", "CULTURA"),
    )


def la_distribucion_reparte_el_neto_al_centavo(escena: Escena) -> None:
    normas = replace(normativa_de("putumayo"), repartos=repartos())
    for filtro in (TODO, MITAD):
        with medido(f"distribución {filtro.desde}"):
            partes = distribucion(PLAN, normas, filtro)
        netos: dict[str, Decimal] = {}
        for parte in partes:
            netos[parte.estampilla] = netos.get(parte.estampilla, Decimal(0)) + parte.valor
            exacta = parte.neto * parte.porcentaje / 100
            assert abs(parte.valor - exacta) < Decimal("0.01")
            dias = entre(escena.pasos, parte.desde, parte.hasta, que=parte.estampilla)
            assert parte.neto == sum(p.pesos for p in dias)
        esperado: dict[str, Decimal] = {}
        for p in entre(escena.pasos, filtro.desde, filtro.hasta, espera=False):
            esperado[p.que] = esperado.get(p.que, Decimal(0)) + p.pesos
        assert netos == esperado
        assert {p.codigo for p in partes if p.estampilla == "ITP"} == {"pensiones", "instituto", "sede", "museo"}
        assert {p.destino for p in partes if p.estampilla == "TASA_PRO_DEPORTE"} == {"Destino de la estampilla"}


# One world for all of them: making it is most of the time.
COMPROBACIONES = (
    lo_recaudado_es_el_libro_al_centavo_por_cada_dimension_y_cada_par,
    los_filtros_dejan_lo_suyo_y_nada_mas,
    los_renglones_de_cada_celda_suman_la_celda,
    lo_liquidado_contra_lo_cobrado_es_el_libro_al_centavo,
    los_renglones_de_lo_liquidado_suman_su_celda,
    las_exenciones_cuestan_lo_que_paga_quien_no_esta_exento,
    el_avance_hacia_el_tope_es_el_neto_de_la_estampilla,
    la_distribucion_reparte_el_neto_al_centavo,
)


def test_cada_cifra_de_cada_reporte_es_el_libro_al_centavo(escena: Escena) -> None:
    for comprobacion in COMPROBACIONES:
        with medido(f"{comprobacion.__name__}, con su comparación"):
            comprobacion(escena)
            db.session.rollback()
