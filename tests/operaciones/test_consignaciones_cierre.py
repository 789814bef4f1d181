"""What agents withheld and deposited, in the daily close, the report and the bank's files: everything balances."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from portal.dominio.calendario import BOGOTA
from portal.dominio.libro import CONSIGNACIONES, POR_IDENTIFICAR, de_agente
from portal.operaciones import libro
from portal.operaciones.agentes.colas_consignaciones import del_mes
from portal.operaciones.cierres.cotejo import cotejar_dias
from portal.operaciones.cuentas import plan_de
from portal.operaciones.reportes.filtros import Filtro
from portal.operaciones.reportes.recaudo import Reporte, recaudado
from tests.banco import CUENTA, LIBRO, Pagado, archivo, importar
from tests.consignaciones import aceptada, casada, con_deuda, del_banco, devuelta_por_el_banco, enviada, lineas_de
from tests.fabricas import AHORA, HOY, liquidacion

pytestmark = pytest.mark.usefixtures("app")
PLAN = plan_de("putumayo")
DIA = AHORA.astimezone(BOGOTA).date()
MANANA = DIA + timedelta(days=1)


def clases(dia: date) -> list[str]:
    cierre = cotejar_dias(PLAN, dia, dia, hoy=MANANA, cuenta=CUENTA).get((CUENTA, dia))
    return sorted(r.clase.value for r in cierre.renglones) if cierre else []


def reporte() -> Reporte:
    return recaudado(PLAN, Filtro(DIA - timedelta(days=30), DIA + timedelta(days=30)))


def test_lo_retenido_no_esta_en_el_cierre_y_su_linea_del_banco_cuadra(app: Flask) -> None:
    _, quien = con_deuda()
    assert cotejar_dias(PLAN, DIA - timedelta(days=2), MANANA, hoy=MANANA) == {}
    una = enviada(quien)
    aceptada(una)
    # Accepted on its slip: nothing came into any account of the department yet.
    assert cotejar_dias(PLAN, DIA - timedelta(days=2), MANANA, hoy=MANANA) == {}
    del_banco(dia=DIA)
    assert clases(DIA) == ["cuadrado"]
    assert libro.saldos()[LIBRO] == Decimal(9000)


@pytest.mark.parametrize("antes", [True, False], ids=["aceptada antes de su linea", "aceptada con su linea"])
def test_lo_que_el_banco_devuelve_cuadra_en_los_dos_dias(app: Flask, antes: bool) -> None:
    entidad, quien = con_deuda()
    una = enviada(quien)
    if antes:
        aceptada(una)
    linea = del_banco(dia=DIA)
    if not antes:
        aceptada(una)
    devuelta_por_el_banco(linea)
    assert clases(DIA) == ["cuadrado"]
    assert clases(MANANA) == ["cuadrado"]
    saldos = libro.saldos()
    assert [saldos.get(c, 0) for c in (LIBRO, CONSIGNACIONES, POR_IDENTIFICAR)] == [0, 0, 0]
    assert saldos[de_agente(entidad.id)] == Decimal(9000)


def test_el_reporte_cuadra_y_lo_consignado_no_queda_esperando(app: Flask) -> None:
    _, quien = con_deuda()
    antes = reporte()
    assert (antes.cuadra, antes.total_estampillas.neto, antes.total_en_espera.neto) == (True, 9000, 0)
    del_banco(dia=DIA)
    esperando = reporte()
    assert (esperando.cuadra, esperando.total_en_espera.neto) == (True, 9000)
    aceptada(enviada(quien))
    despues = reporte()
    assert (despues.cuadra, despues.total_estampillas.neto, despues.total_en_espera.neto) == (True, 9000, 0)
    (fila,) = despues.en_espera
    assert (fila.sumas.recaudado, fila.sumas.aplicado) == (9000, -9000)


def test_un_archivo_con_facturas_y_varias_consignaciones_casa_cada_una_con_la_suya(app: Flask) -> None:
    pagada = liquidacion((4000,))
    (entidad, quien), (otra, ajeno) = con_deuda((20_000,)), con_deuda((20_000,))
    enviadas = [enviada(quien, 9000, "555001"), enviada(quien, 9000, "555002"), enviada(ajeno, 20_000, "555003")]
    for una in enviadas:
        aceptada(una)
    lote = [
        Pagado(pagada.facturas[0].numero, 4000, numero=1),
        Pagado("555002", 9000, numero=2),
        Pagado("90", 9000, numero=555_001),
        Pagado("555003", 20_001, numero=4),
        Pagado("91", 20_000, numero=5),
    ]
    lineas = lineas_de(importar(archivo(lote, dia=DIA)))
    assert [una.movimiento_id for una in enviadas] == [lineas[2].id, lineas[1].id, None]
    assert (libro.saldos()[CONSIGNACIONES], libro.saldos()[POR_IDENTIFICAR]) == (20_000, -40_001)
    casada(enviadas[2], lineas[4])
    assert libro.saldos()[CONSIGNACIONES] == 0
    assert clases(DIA) == ["cuadrado"] * 5
    assert reporte().cuadra
    suyo = del_mes(entidad, enviadas[0].mes)
    assert (suyo.retenido, suyo.aceptado, suyo.diferencia, suyo.por_enviar) == (20_000, 18_000, 2000, 2000)
    assert del_mes(otra, enviadas[0].mes).diferencia == 0


def test_lo_consignado_de_mas_se_ve_y_lo_recibido_aun_no_descuenta(app: Flask) -> None:
    entidad, quien = con_deuda()
    enviada(quien, 5000, "555001")
    suyo = del_mes(entidad, HOY.replace(day=1))
    assert (suyo.diferencia, suyo.recibido, suyo.por_enviar) == (9000, 5000, 4000)
    aceptada(enviada(quien, 9500, "555002"))
    suyo = del_mes(entidad, HOY.replace(day=1))
    assert (suyo.diferencia, suyo.por_enviar) == (-500, 0)
    assert libro.saldos()[de_agente(entidad.id)] == -500
