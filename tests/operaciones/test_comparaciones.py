"""Comparing by the page gives the account of comparing one by one, whatever the page holds."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pytest

from portal.dominio import simulacion
from portal.dominio.acumulado import Resultado
from portal.dominio.liquidador import Solicitud
from portal.dominio.simulacion import Borrador, Caso, poner_al_lado, simular
from portal.dominio.tarifas import Tarifa
from portal.dominio.trazado import MAXIMO_CENTAVOS
from portal.operaciones import columnas
from portal.operaciones.archivos_normativa import normativa_de_archivos
from portal.operaciones.comparaciones import JUNTAS, Comparador, Fila
from tests.normativa.inventado import normativa_de_macondo

HOY = normativa_de_archivos("cundinamarca")
DESDE = date(2026, 1, 1)
SERVICIOS = {"contratista.clase": "natural", "contrato.tipo": "prestacion_servicios_profesionales"}
PEDIDOS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("SC-01", {}),
    ("SC-20", {}),
    ("SC-15", {}),
    ("CC-2", {}),
    ("CC-2", {"contratista.clase": "publica"}),
    ("CC-2", SERVICIOS),
    ("CC-2", {**SERVICIOS, "contrato.fecha_suscripcion": "2025-03-03"}),
    ("CC-2", {**SERVICIOS, "contrato.fecha_suscripcion": "2024-11-30"}),
    ("CC-2", {**SERVICIOS, "contrato.fecha_suscripcion": "20250303"}),
    ("CC-2", {**SERVICIOS, "contrato.valor_anterior": "30000000.50"}),
    ("CC-1", {"posesion.movimiento": "ascenso", "posesion.asignacion_anterior": "2000000"}),
    ("CC-1", {"posesion.movimiento": "ascenso"}),
    ("NO-EXISTE", {}),
)


def uvt() -> Borrador:
    """UVT 2026 as a draft."""
    antes = tuple(v for v in HOY.valores if (v.codigo, v.desde.year) != ("UVT", 2026))
    return poner_al_lado(replace(HOY, valores=antes), HOY, DESDE)


def otras_tarifas() -> Borrador:
    """Dearer hospitals, no culture, and a choice settled."""

    def cambiada(tarifa: Tarifa) -> list[Tarifa]:
        if tarifa.estampilla == "PRO_CULTURA" or tarifa.variante == "primer_renglon":
            return []
        mas = Decimal("0.3") if tarifa.estampilla == "PRO_HOSPITALES" else Decimal(0)
        return [replace(tarifa, valor=tarifa.valor + mas, variante="")]

    despues = replace(HOY, tarifas=tuple(nueva for tarifa in HOY.tarifas for nueva in cambiada(tarifa)))
    return poner_al_lado(HOY, despues, DESDE)


def tarifa_que_no_cabe() -> Borrador:
    """A rate with so many decimals that large amounts pass a machine word."""
    tarifas = tuple(
        replace(t, valor=Decimal("1.9999999")) if (t.estampilla, t.clase) == ("UDEC", "con_cuantia") else t
        for t in HOY.tarifas
    )
    return poner_al_lado(HOY, replace(HOY, tarifas=tarifas), DESDE)


def filas(cuantas: int, azar: Random) -> Iterator[Fila]:
    for numero in range(cuantas):
        acto, hechos = azar.choice(PEDIDOS)
        dia = date(2025, 1, 1) + timedelta(days=azar.randrange(365))
        variantes = {"SC-15": azar.choice(("primer_renglon", "segundo_renglon"))} if acto == "SC-15" else {}
        centavos = azar.choice((0, 1, 1200 * 49_799 * 100 + azar.randrange(-1, 2), azar.randrange(MAXIMO_CENTAVOS)))
        if azar.random() < 0.6:
            centavos = azar.randrange(10**12)
        con_valor = acto.startswith("CC-") and azar.random() < 0.97
        pedido = json.dumps({"actos": [acto], "variantes": variantes, "hechos": hechos})
        yield Fila(numero, dia, centavos if con_valor else None, pedido)


def caso(fila: Fila) -> Caso:
    """Read here by itself, as the rows were read before they were compared together."""
    pedido = json.loads(fila.pedido)
    valor = None if fila.centavos is None else Decimal(fila.centavos) / 100
    return Caso(
        fila.numero, Solicitud(tuple(pedido["actos"]), fila.fecha, valor, pedido["variantes"], pedido["hechos"])
    )


@pytest.mark.parametrize("borrador", [uvt(), otras_tarifas(), tarifa_que_no_cabe()], ids=["uvt", "tarifas", "no cabe"])
def test_por_paginas_da_la_misma_cuenta_que_una_por_una(borrador: Borrador) -> None:
    todas = list(filas(600, Random(7)))
    comparador, juntas = Comparador(borrador), Resultado()
    for desde in range(0, len(todas), 200):
        juntas.sumar(comparador.comparar(todas[desde : desde + 200]))
    una_por_una = simular(map(caso, todas), borrador)
    assert juntas == una_por_una
    assert una_por_una.cambian > 100
    assert una_por_una.ninguna.cuantas > 40


def test_casi_todas_se_comparan_juntas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the test above would say nothing."""
    borrador, todas = uvt(), list(filas(400, Random(7)))
    sueltas: list[Caso] = []

    def contarlas(casos: Any, borrador: Borrador) -> Resultado:
        sueltas.extend(casos)
        return Resultado()

    monkeypatch.setattr("portal.operaciones.comparaciones.simular", contarlas)
    Comparador(borrador).comparar(todas)
    rehusadas = [fila for fila in todas if simular([caso(fila)], borrador).ninguna.cuantas]
    assert len(sueltas) < len(rehusadas) + 4 * JUNTAS


def test_control_una_columna_con_un_peso_de_mas_se_nota(monkeypatch: pytest.MonkeyPatch) -> None:
    bien = columnas.valores
    monkeypatch.setattr(columnas, "valores", lambda *args: {c: v + np.int64(1) for c, v in bien(*args).items()})
    todas = list(filas(200, Random(7)))
    assert Comparador(uvt()).comparar(todas) != simular(map(caso, todas), uvt())


def test_lo_que_ningun_trazo_dice_se_compara_una_por_una() -> None:
    macondo = normativa_de_macondo()
    borrador = poner_al_lado(macondo, macondo, date(2025, 1, 1))
    pedido = json.dumps({"actos": ["M-C-01"], "variantes": {}, "hechos": {"contrato.iva": "0"}})
    todas = [Fila(n, date(2024, 3, 3), n * 10**9, pedido) for n in range(40)]
    juntas = Comparador(borrador).comparar(todas)
    assert juntas == simular(map(caso, todas), borrador)
    assert juntas.liquidaciones == 40


def test_los_que_nadie_repite_no_llenan_la_memoria(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.operaciones.comparaciones.RECORDADOS", 1)
    trazados = []
    monkeypatch.setattr(
        "portal.operaciones.comparaciones.trazar_lados",
        lambda *args: trazados.append(args) or simulacion.trazar_lados(*args),
    )
    comparador = Comparador(uvt())
    for _ in range(2):
        for acto in ("SC-01", "SC-02", "SC-16"):
            pedido = json.dumps({"actos": [acto]})
            comparador.comparar([Fila(n, date(2025, 3, 3), None, pedido) for n in range(JUNTAS)])
    assert len(trazados) == 6
    comparador.comparar([Fila(9, date(2025, 3, 3), None, json.dumps({"actos": ["SC-16"]}))])
    assert len(trazados) == 6, "kept, and used even for one"


def test_nada_que_empiece_el_portal_carga_numpy() -> None:
    guion = (
        "import sys, portal.app, portal.blueprints, portal.cli, portal.operaciones.procesos, portal.operaciones.tramos;"
        "print('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", guion], capture_output=True, check=True).stdout == b"False\n"
