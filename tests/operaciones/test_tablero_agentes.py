"""The board reads every agent's month from a few statements, and says what the ledger says."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import db, transaccion
from portal.dominio.declaraciones import EstadoConsignacion, EstadoDeclaracion, mes_anterior, mes_de
from portal.dominio.tablero import EstadoMes
from portal.models import Agente, Declaracion
from portal.models.usuario import Rol
from portal.operaciones import sin_efecto
from portal.operaciones.agentes import tablero
from tests.agentes import agente, deshecha, persona, retenida, suya
from tests.bases import contando
from tests.fabricas import AHORA, HOY
from tests.tableros import deposito, version

pytestmark = pytest.mark.usefixtures("app")
MES = mes_de(HOY)


def _fila(de: Agente, mes: date = MES) -> tablero.RenglonTablero:
    (una,) = [r for r in tablero.del_mes("putumayo", mes, hoy=HOY) if r.agente.id == de.id]
    return una


def test_el_mes_dice_lo_liquidado_lo_retenido_y_lo_consignado(app: Flask) -> None:
    entidad, otra = agente(), agente()
    quien = persona(Rol.AGENTE, entidad)
    retenida(suya(entidad), quien)
    retenida(suya(entidad, (1000,)), quien)
    suya(entidad, (700,))
    deposito(entidad, MES, 6000)
    deposito(entidad, MES, 500, EstadoConsignacion.RECIBIDA)
    deposito(entidad, MES, 9999, EstadoConsignacion.RECHAZADA)
    cifras = _fila(entidad).mes.cifras
    assert (cifras.liquidado, cifras.retenido) == (Decimal(10700), Decimal(10000))
    assert (cifras.aceptado, cifras.por_revisar) == (Decimal(6000), Decimal(500))
    assert (_fila(entidad).mes.diferencia, tablero.saldo_de(entidad)) == (Decimal(4000), Decimal(4000))
    assert (_fila(otra).mes.cifras.retenido, tablero.saldo_de(otra)) == (0, 0)


def test_lo_deshecho_y_lo_que_quedo_sin_efecto_no_cuentan(app: Flask) -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    una = suya(entidad)
    deshecha(retenida(una, quien), quien)
    assert _fila(entidad).mes.cifras.retenido == 0
    assert _fila(entidad).mes.cifras.liquidado == 9000
    rentas = persona(Rol.RENTAS)
    with transaccion():
        sin_efecto.dejar_sin_efecto(una.id, motivo="Se repitió", usuario=rentas, ahora=AHORA)
    assert _fila(entidad).mes.cifras.liquidado == 0


def test_lo_liquidado_es_del_mes_de_colombia_en_que_se_emitio(app: Flask) -> None:
    entidad = agente()
    # Eleven at night of the last day in Colombia is the next month in UTC.
    suya(entidad, (300,), emitida_en=datetime(MES.year, MES.month, 1, 4, tzinfo=UTC))
    suya(entidad, (200,), emitida_en=datetime(MES.year, MES.month, 1, 5, tzinfo=UTC))
    renglones = tablero.matriz("putumayo", mes_anterior(MES), MES, hoy=HOY)
    assert [m and m.cifras.liquidado for m in renglones[0].meses] == [300, 200]


def test_cada_mes_muestra_su_estado_y_la_primera_presentacion(app: Flask) -> None:
    entidad = agente()
    anterior = mes_anterior(MES)
    antes = AHORA - timedelta(days=5)
    version(entidad, anterior, EstadoDeclaracion.CORREGIDO, en=antes, vence=HOY - timedelta(days=7))
    version(entidad, anterior, EstadoDeclaracion.ACEPTADO, numero=2)
    version(entidad, MES, EstadoDeclaracion.BORRADOR)
    este, pasado, *_ = tablero.historia_de(entidad, MES, hoy=HOY)
    assert (este.estado, este.declarado) == (EstadoMes.BORRADOR, None)
    assert (pasado.estado, pasado.declarado) == (EstadoMes.ACEPTADO, 0)
    assert (pasado.presentada, pasado.dias_tarde) == ((HOY - timedelta(days=5)), 2)


def test_solo_estan_los_meses_en_que_era_agente(app: Flask) -> None:
    nueva = agente(desde=MES)
    cerrada = agente(desde=mes_anterior(mes_anterior(MES)), hasta=mes_anterior(MES))
    ajena = agente(departamento="narino", desde=date(2025, 1, 1))
    assert {r.agente.id for r in tablero.del_mes("putumayo", MES, hoy=HOY)} == {nueva.id}
    assert {r.agente.id for r in tablero.del_mes("putumayo", mes_anterior(MES), hoy=HOY)} == {cerrada.id}
    filas = {
        r.agente.id: [m is not None for m in r.meses]
        for r in tablero.matriz("putumayo", mes_anterior(MES), MES, hoy=HOY)
    }
    assert filas == {nueva.id: [False, True], cerrada.id: [True, False]}
    assert ajena.id not in filas


def test_sesenta_agentes_y_veinticuatro_meses_se_leen_con_las_mismas_ordenes_que_uno(app: Flask) -> None:
    agente()
    desde = MES
    for _ in range(23):
        desde = mes_anterior(desde)
    with contando() as de_uno:
        tablero.matriz("putumayo", desde, MES, hoy=HOY)
    _sesenta(desde)
    db.session.expire_all()
    with contando() as de_sesenta:
        renglones = tablero.matriz("putumayo", desde, MES, hoy=HOY)
    assert (len(renglones), {len(r.meses) for r in renglones}) == (61, {24})
    assert sum(m is not None and m.estado is EstadoMes.BORRADOR for r in renglones for m in r.meses) == 60 * 24
    assert len(de_sesenta) == len(de_uno) <= 9


def _sesenta(desde: date) -> None:
    meses = [desde]
    while meses[-1] < MES:
        meses.append(mes_de(meses[-1] + timedelta(days=31)))
    with transaccion():
        for n in range(60):
            uno = Agente(
                codigo=f"c{n}", departamento="putumayo", nit=str(700_000_000 + n), nombre=f"Entidad {n}", clase="otros",
                estampillas=["E0"], cuenta="recaudo-estampillas", desde=desde, creado_en=AHORA,
            )  # fmt: skip
            db.session.add(uno)
            db.session.flush()
            db.session.add_all(
                Declaracion(codigo=f"d{n}-{mes}", agente_id=uno.id, mes=mes, version=1, abierta_en=AHORA)
                for mes in meses
            )
