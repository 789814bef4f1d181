"""What holds of every assessment of every department, whatever is asked. Where a property has a limit, its test says which."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.config import departamentos
from portal.dominio.condiciones import Comparacion, Condicion, Operador, hechos_de
from portal.dominio.hechos import ASIGNACION_ANTERIOR, MOVIMIENTO
from portal.dominio.liquidador import Linea, Solicitud, liquidar
from portal.dominio.normativa import Acto, Normativa
from portal.dominio.redondeo import Modo, Redondeo, Tramo
from portal.operaciones.cotizaciones import responder
from tests.oraculo import casos
from tests.oraculo.comparar import normativa, vocabulario

PESOS = st.decimals(min_value=0, max_value=10**12, allow_nan=False, places=2)
CENTAVO = Decimal("0.01")
HOY = date(2025, 3, 3)
TODAS = [(departamento, normativa(departamento)) for departamento in departamentos()]


@st.composite
def pedidos(draw: st.DrawFn) -> tuple[Normativa, dict[str, Any]]:
    """A request of any department, drawn towards the edges of its rules."""
    departamento = draw(st.sampled_from(departamentos()))
    numero = draw(st.integers(0, 10**6))
    return normativa(departamento), casos.pedido(departamento, 0, numero, vocabulario(departamento))


def pedir(reglas: Normativa, pedido: dict[str, Any], **cambios: Any) -> dict[str, Any]:
    respuesta: dict[str, Any] = json.loads(responder(reglas, json.dumps({**pedido, **cambios}).encode()))
    return respuesta


def valores(respuesta: dict[str, Any]) -> list[int]:
    assume("error" not in respuesta)
    return [linea["valor"] for linea in respuesta["lineas"]]


# ------------------------------------------------------------------------------------------------ siempre


@settings(max_examples=300)
@given(pedidos())
def test_cada_respuesta_suma_y_ninguna_cifra_es_imposible(caso: tuple[Normativa, dict[str, Any]]) -> None:
    reglas, pedido = caso
    respuesta = pedir(reglas, pedido)
    assert respuesta["id"] == pedido["id"]
    if "error" in respuesta:
        assert set(respuesta) == {"id", "error"}
        return
    assert respuesta["total"] == sum(linea["valor"] for linea in respuesta["lineas"])
    topes = {estampilla.codigo: estampilla.tope_porcentaje for estampilla in reglas.estampillas}
    for linea in respuesta["lineas"]:
        assert type(linea["valor"]) is int
        assert linea["valor"] >= 0
        if linea["exencion"]:
            assert (linea["valor"], Decimal(linea["exacto"])) == (0, 0)
        elif linea["base"] is not None:
            assert 0 <= Decimal(linea["base"]) <= Decimal(pedido["valor"])
            # The legal ceiling bounds the exact figure; rounding up may add less than one hundred to it.
            tope = topes[linea["estampilla"]]
            assert tope is None or Decimal(linea["exacto"]) <= Decimal(linea["base"]) * tope / 100


@settings(max_examples=200)
@given(pedidos(), st.randoms(use_true_random=False))
def test_el_orden_de_los_actos_y_de_los_hechos_no_importa(caso: tuple[Normativa, dict[str, Any]], azar: Any) -> None:
    reglas, pedido = caso
    hechos = {
        clave: azar.sample(valor, len(valor)) if isinstance(valor, list) else valor
        for clave, valor in azar.sample(list(pedido["hechos"].items()), len(pedido["hechos"]))
    }
    respuesta = responder(reglas, json.dumps(pedido).encode())
    assert responder(reglas, json.dumps({**pedido, "hechos": hechos}).encode()) == respuesta or b'"error"' in respuesta
    barajada = pedir(reglas, pedido, actos=azar.sample(pedido["actos"], len(pedido["actos"])), hechos=hechos)
    derecha = json.loads(respuesta)
    assert ("error" in barajada) == ("error" in derecha)
    if "error" not in derecha:
        assert Counter(map(str, barajada["lineas"])) == Counter(map(str, derecha["lineas"]))
        assert barajada["total"] == derecha["total"]


@settings(max_examples=200)
@given(pedidos(), st.data())
def test_un_hecho_que_ninguna_regla_pregunta_no_cambia_nada(
    caso: tuple[Normativa, dict[str, Any]], datos: st.DataObject
) -> None:
    reglas, pedido = caso
    assume("error" not in pedir(reglas, pedido))
    actos = [reglas.acto(codigo) for codigo in pedido["actos"]]
    ajenos = {h.clave: h for h in reglas.hechos if h.clave not in _hechos_que_tocan(reglas, actos)}
    assume(ajenos)
    clave = datos.draw(st.sampled_from(sorted(ajenos)))
    respuesta = casos.respuesta(
        datos.draw(st.randoms(use_true_random=False)), str(ajenos[clave].tipo), ajenos[clave].valores, HOY
    )
    hechos = {**pedido["hechos"], clave: respuesta}
    assert pedir(reglas, pedido, hechos=hechos) == pedir(reglas, pedido)


def _hechos_que_tocan(reglas: Normativa, actos: list[Acto]) -> set[str]:
    """Facts that a rule over those acts, whatever its stamp and date, or their base may look at."""
    claves = {MOVIMIENTO, ASIGNACION_ANTERIOR} if any(acto.movimientos for acto in actos) else set()
    for regla in reglas.reglas:
        if any(
            regla.alcanza(acto, estampilla.codigo, regla.desde) for acto in actos for estampilla in reglas.estampillas
        ):
            claves |= {*hechos_de(regla.cuando), regla.efecto.fecha, regla.efecto.consumido}
            claves |= {regla.plazo.hecho} if regla.plazo else set()
    return claves


@given(pedidos(), st.text(min_size=1, max_size=60))
def test_un_hecho_desconocido_se_rehusa(caso: tuple[Normativa, dict[str, Any]], clave: str) -> None:
    reglas, pedido = caso
    assume(clave not in {hecho.clave for hecho in reglas.hechos})
    assert "error" in pedir(reglas, pedido, hechos={**pedido["hechos"], clave: "x"})


@settings(max_examples=200)
@given(pedidos(), st.data())
def test_callar_un_hecho_nunca_exime(caso: tuple[Normativa, dict[str, Any]], datos: st.DataObject) -> None:
    """Three kinds of fact are the limit, because they speak *against* a rule: one that a condition denies (`no_es`: supposed
    away, with a warning), one whose place the amount takes (`por_omision`), and what tells how much of the 1.200 UVT is left.
    """
    reglas, pedido = caso
    claves = sorted(set(pedido["hechos"]) - _hechos_en_contra(reglas))
    assume(claves)
    clave = datos.draw(st.sampled_from(claves))
    hechos = {otra: valor for otra, valor in pedido["hechos"].items() if otra != clave}
    dicho, callado = pedir(reglas, pedido), pedir(reglas, pedido, hechos=hechos)
    assume("error" not in dicho)
    assume("error" not in callado)
    exentas = [bool(linea["exencion"]) for linea in dicho["lineas"]]
    assert all(antes or not linea["exencion"] for antes, linea in zip(exentas, callado["lineas"], strict=True))


def _hechos_en_contra(reglas: Normativa) -> set[str]:
    claves: set[str] = set()
    for regla in reglas.reglas:
        claves |= {regla.efecto.fecha, regla.efecto.consumido, *_negados(regla.cuando)}
    return claves


def _negados(condicion: Condicion) -> set[str]:
    if isinstance(condicion, Comparacion):
        return {condicion.hecho} if condicion.operador is Operador.NO_ES or condicion.por_omision else set()
    return {clave for parte in condicion.condiciones for clave in _negados(parte)}


# ------------------------------------------------------------------------------------------------ mismos datos, mismos bytes

GUION = """
import json, sys
from tests.oraculo import casos
from tests.oraculo.comparar import normativa, vocabulario
from portal.operaciones.cotizaciones import responder
for departamento in ("cundinamarca", "narino", "putumayo"):
    for numero in range(300):
        pedido = casos.pedido(departamento, 5, numero, vocabulario(departamento))
        sys.stdout.buffer.write(responder(normativa(departamento), json.dumps(pedido).encode()) + b"\\n")
"""


def test_los_mismos_datos_dan_los_mismos_bytes_en_cualquier_proceso() -> None:
    salidas = {
        subprocess.run(
            [sys.executable, "-c", GUION],
            env={**os.environ, "PYTHONHASHSEED": semilla},
            capture_output=True,
            check=True,
        ).stdout
        for semilla in ("0", "1", "4242")
    }
    assert [salida.count(b"\n") for salida in salidas] == [900]


# ------------------------------------------------------------------------------------------------ monotonía


@settings(max_examples=300)
@given(pedidos(), PESOS, PESOS)
def test_a_mayor_valor_ningun_renglon_baja(caso: tuple[Normativa, dict[str, Any]], uno: Decimal, otro: Decimal) -> None:
    """All else equal. It holds through the increase of a pay, the first 1.200 UVT (what exceeds them grows one to one) and the
    $50.000 of art. 246 n.º 11 (exempt below, taxed from there on). A request may be refused on one side only.
    """
    reglas, pedido = caso
    assume("valor" in pedido)
    menor, mayor = (valores(pedir(reglas, pedido, valor=f"{valor:f}")) for valor in sorted((uno, otro)))
    assert all(antes <= despues for antes, despues in zip(menor, mayor, strict=True))


SERVICIOS = {"contrato.tipo": "prestacion_servicios_profesionales", "contratista.clase": "natural"}
CC2 = {"id": "1", "actos": ["CC-2"], "fecha": "2025-03-03"}


@given(PESOS, PESOS, PESOS)
def test_a_mas_valor_anterior_menos_queda_de_la_exclusion(valor: Decimal, uno: Decimal, otro: Decimal) -> None:
    menos, mas = (
        valores(_cc2(valor, **{"contrato.valor_anterior": f"{anterior:f}"})) for anterior in sorted((uno, otro))
    )
    assert all(antes <= despues for antes, despues in zip(menos, mas, strict=True))


@given(PESOS)
def test_a_mayor_uvt_de_la_firma_nunca_mas_estampilla(valor: Decimal) -> None:
    """The one figure that runs the other way: a higher UVT excludes more of the contract."""
    cobros = [
        valores(_cc2(valor, fecha="2026-03-03", **{"contrato.fecha_suscripcion": f"{ano}-12-01"}))
        for ano in (2023, 2024, 2025)
    ]
    for antes, despues in pairwise(cobros):
        assert all(a >= d for a, d in zip(antes, despues, strict=True))


def _cc2(valor: Decimal, fecha: str = "2025-03-03", **hechos: str) -> dict[str, Any]:
    return pedir(normativa("cundinamarca"), CC2, fecha=fecha, valor=f"{valor:f}", hechos={**SERVICIOS, **hechos})


REDONDEOS = [pytest.param(r, id=f"{d}: {r.codigo}") for d, reglas in TODAS for r in reglas.redondeos]


@pytest.mark.parametrize("redondeo", REDONDEOS)
@given(uno=PESOS, otro=PESOS)
def test_ningun_redondeo_invierte_el_orden(redondeo: Redondeo, uno: Decimal, otro: Decimal) -> None:
    menor, mayor = sorted((uno, otro))
    assert redondeo.aplicar(menor) <= redondeo.aplicar(mayor)


@pytest.mark.parametrize("redondeo", REDONDEOS)
def test_los_tramos_no_invierten_el_orden_porque_su_borde_es_multiplo_del_tramo_siguiente(redondeo: Redondeo) -> None:
    for tramo, siguiente in pairwise(redondeo.tramos):
        assert tramo.hasta is not None
        assert tramo.hasta % siguiente.multiplo == 0
        assert redondeo.aplicar(tramo.hasta) == redondeo.aplicar(tramo.hasta + CENTAVO) == tramo.hasta


def test_un_borde_que_no_es_multiplo_si_invertiria_el_orden() -> None:
    cien, mil = Tramo(Decimal(100), "", Decimal(10060)), Tramo(Decimal(1000), "")
    torcido = Redondeo("t", "", Modo.CERCANO, (cien, mil))
    assert torcido.aplicar(Decimal(10060)) == 10100
    assert torcido.aplicar(Decimal(10061)) == 10000


# ------------------------------------------------------------------------------------------------ partir y multiplicar

CON_CUANTIA = [
    pytest.param(reglas, acto, id=f"{departamento}: {acto.codigo}")
    for departamento, reglas in TODAS
    for acto in reglas.actos_vigentes(HOY)
    if acto.tiene_cuantia
]


@pytest.mark.parametrize(("reglas", "acto"), CON_CUANTIA)
@settings(max_examples=30)
@given(uno=PESOS, otro=PESOS)
def test_partir_un_valor_no_cambia_lo_exacto_y_lo_cobrado_a_lo_sumo_en_un_multiplo(
    reglas: Normativa, acto: Acto, uno: Decimal, otro: Decimal
) -> None:
    """Without the 1.200 UVT. Each part is rounded by itself: up, the parts never charge less than the whole."""
    entera, parte, resto = (_renglones(reglas, acto, valor) for valor in (uno + otro, uno, otro))
    for entero, una, otra in zip(entera, parte, resto, strict=True):
        redondeo = reglas.redondeo(entero.redondeo, HOY)
        multiplo = redondeo.tramos[0].multiplo
        assert una.exacto + otra.exacto == entero.exacto
        de_mas = una.valor + otra.valor - entero.valor
        assert abs(de_mas) <= multiplo
        assert de_mas >= 0 or redondeo.modo is Modo.CERCANO


@pytest.mark.parametrize(("reglas", "acto"), CON_CUANTIA)
@settings(max_examples=30)
@given(valor=PESOS, veces=st.integers(1, 1000))
def test_lo_exacto_es_proporcional_y_lo_cobrado_sube_de_multiplo_en_multiplo(
    reglas: Normativa, acto: Acto, valor: Decimal, veces: int
) -> None:
    unos, todos = _renglones(reglas, acto, valor), _renglones(reglas, acto, valor * veces)
    assert [linea.exacto * veces for linea in unos] == [linea.exacto for linea in todos]
    for indice, (_, (tarifa, *_)) in enumerate(reglas.tarifas_de(acto, HOY)):
        # Three times, so that a rate of 1,5 % also divides the step exactly.
        multiplo = 3 * reglas.redondeo(tarifa.redondeo, HOY).tramos[0].multiplo
        siguiente = _renglones(reglas, acto, valor + multiplo * 100 / tarifa.valor)[indice]
        assert siguiente.valor == unos[indice].valor + multiplo


def _renglones(reglas: Normativa, acto: Acto, valor: Decimal) -> tuple[Linea, ...]:
    return liquidar(reglas, Solicitud((acto.codigo,), HOY, valor)).lineas
