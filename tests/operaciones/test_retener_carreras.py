"""Two people of an entity, or one of them and the bank, reach for the same stamps at once: the money counts once. Controls."""

import os
import threading
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso
from portal.dominio.declaraciones import FormaRetencion
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.libro import de_agente
from portal.models import Agente, Caso, Liquidacion, Pago, Recaudo, Retencion, Usuario
from portal.models.pago import CanalRecaudo, ClaseRecaudo
from portal.models.usuario import Rol
from portal.operaciones import libro, resultados
from portal.operaciones.agentes import retener
from portal.operaciones.agentes.retener import Descuento
from portal.operaciones.firmas import Firma
from portal.operaciones.resultados import Causa
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela
from tests import fabricas
from tests.agentes import agente, persona, suya
from tests.fabricas import AHORA, ESPERA, HOY, estados_de
from tests.operaciones.test_carreras import a_la_vez

# `make carreras` asks for a hundred.
RONDAS = int(os.environ.get("CARRERAS_RONDAS", "10"))
Tarea = Callable[[], None]


def reteniendo(una_id: int, quien_id: int, clave: str = "") -> Tarea:
    """Withhold everything of a liquidación, as one person."""
    clave = clave or uuid4().hex

    def tarea() -> None:
        with transaccion():
            una, quien = db.session.get_one(Liquidacion, una_id), db.session.get_one(Usuario, quien_id)
            descuento = Descuento(FormaRetencion.DESCUENTO, "OP-1", HOY)
            numeros = [f.numero for f in una.facturas]
            retener.retener(una, numeros, descuento, clave=clave, firma=Firma(quien, AHORA), hoy=HOY)

    return tarea


def deshaciendo(retencion_id: int, quien_id: int) -> Tarea:
    def tarea() -> None:
        with transaccion():
            hecha = db.session.get_one(Retencion, retencion_id)
            quien = db.session.get_one(Usuario, quien_id)
            retener.deshacer(hecha, motivo="Por error", firma=Firma(quien, AHORA))

    return tarea


def aprobando(pago_id: int, respuesta: ResultadoPasarela) -> Tarea:
    def tarea() -> None:
        with transaccion():
            resultados.aplicar_resultado(pago_id, respuesta, causa=Causa.NOTIFICACION, espera=ESPERA, ahora=AHORA)

    return tarea


def no_realizado(una: Liquidacion) -> tuple[int, ResultadoPasarela]:
    """An attempt that the bank refused, and the approval that comes late."""
    pago = fabricas.pago(una)
    with transaccion():
        resultados.aplicar_resultado(
            pago.id,
            fabricas.respuesta(pago, EstadoPasarela.RECHAZADO, transaccion=uuid4().hex),
            causa=Causa.SONDA,
            espera=ESPERA,
            ahora=AHORA,
        )
    db.session.refresh(pago)
    return pago.id, fabricas.respuesta(pago, transaccion=uuid4().hex)


def aplicado(una_id: int) -> Decimal:
    """Pesos that legalise its stamps now, whoever confirmed them."""
    db.session.rollback()
    de_pagos = select(Recaudo).join(Pago).where(Pago.liquidacion_id == una_id)
    de_agentes = select(Recaudo).join(Retencion).where(Retencion.liquidacion_id == una_id)
    todos = [*db.session.scalars(de_pagos), *db.session.scalars(de_agentes)]
    return sum((r.aplicado for r in todos if r.reversion is None), Decimal(0))


def personas(de: Agente) -> list[int]:
    return [persona(Rol.AGENTE, de).id for _ in range(2)]


def test_de_dos_personas_de_la_entidad_retiene_una(app: Flask) -> None:
    entidad = agente()
    quienes = personas(entidad)
    for ronda in range(RONDAS):
        una = suya(entidad)
        tareas = [reteniendo(una.id, quien) for quien in quienes]
        errores = a_la_vez(app, tareas if ronda % 2 else tareas[::-1])
        assert [type(e) for e in errores] == [TransicionNoPermitida], errores
        assert "no se debe nada" in str(errores[0])
        assert estados_de(una) == ["legalizada", "legalizada"]
        assert aplicado(una.id) == Decimal(9000)
    assert libro.saldos()[de_agente(entidad.id)] == Decimal(9000) * RONDAS


def test_el_doble_clic_retiene_una_vez(app: Flask) -> None:
    entidad = agente()
    (quien, _) = personas(entidad)
    for _ in range(RONDAS):
        una, clave = suya(entidad), uuid4().hex
        assert a_la_vez(app, [reteniendo(una.id, quien, clave) for _ in range(4)]) == []
        assert aplicado(una.id) == Decimal(9000)


def test_de_una_aprobacion_y_una_retencion_legaliza_una_y_lo_otro_queda_a_la_vista(app: Flask) -> None:
    entidad = agente()
    (quien, _) = personas(entidad)
    retenidas = 0
    for ronda in range(RONDAS):
        una = suya(entidad)
        pago_id, respuesta = no_realizado(una)
        tareas = [aprobando(pago_id, respuesta), reteniendo(una.id, quien)]
        errores = a_la_vez(app, tareas if ronda % 2 else tareas[::-1])
        db.session.rollback()
        (de_pse,) = db.session.scalars(select(Recaudo).where(Recaudo.pago_id == pago_id))
        casos = db.session.scalars(select(Caso).where(Caso.recaudo_id == de_pse.id)).all()
        if errores:
            # The bank's came first: nothing of the withholding was recorded.
            assert [type(e) for e in errores] == [TransicionNoPermitida], errores
            assert (de_pse.clase, casos) == (ClaseRecaudo.APLICADO, [])
        else:
            retenidas += 1
            assert (de_pse.clase, de_pse.excedente) == (ClaseRecaudo.DOBLE, Decimal(9000))
            assert [c.clase for c in casos] == [ClaseCaso.PAGO_DOBLE]
        assert estados_de(una) == ["legalizada", "legalizada"]
        assert aplicado(una.id) == Decimal(9000)
    assert libro.saldos().get(de_agente(entidad.id), Decimal(0)) == Decimal(9000) * retenidas


def test_de_deshacer_y_aprobar_a_la_vez_nada_queda_pagado_dos_veces_ni_perdido(app: Flask) -> None:
    """The approval legalises what was undone before it, or waits to be handed back when it came first."""
    entidad = agente()
    (quien, _) = personas(entidad)
    for ronda in range(RONDAS):
        una = suya(entidad)
        pago_id, respuesta = no_realizado(una)
        reteniendo(una.id, quien)()
        hecha = db.session.scalars(select(Retencion.id).where(Retencion.liquidacion_id == una.id)).one()
        tareas = [aprobando(pago_id, respuesta), deshaciendo(hecha, quien)]
        assert a_la_vez(app, tareas if ronda % 2 else tareas[::-1]) == []
        db.session.rollback()
        (de_pse,) = db.session.scalars(select(Recaudo).where(Recaudo.pago_id == pago_id))
        primero = de_pse.clase is ClaseRecaudo.DOBLE
        assert estados_de(una) == (["liquidada"] * 2 if primero else ["legalizada"] * 2)
        assert de_pse.excedente == (Decimal(9000) if primero else 0)
    assert libro.saldos()[de_agente(entidad.id)] == 0


def _recaudo_ingenuo(una: Liquidacion, quien: Usuario) -> None:
    """A withholding by whoever looked in another transaction, and keeps no ledger."""
    credito = Recaudo(
        canal=CanalRecaudo.RETENCION,
        pasarela="agente",
        transaccion=uuid4().hex,
        valor=una.total,
        aplicado=una.total,
        moneda="COP",
        clase=ClaseRecaudo.APLICADO,
        registrado_en=AHORA,
    )
    db.session.add(credito)
    db.session.flush()
    db.session.add(
        Retencion(
            agente_id=una.agente_id,
            clave=uuid4().hex,
            liquidacion_id=una.id,
            recaudo_id=credito.id,
            fecha=HOY,
            mes=HOY.replace(day=1),
            forma=FormaRetencion.DESCUENTO,
            documento="OP-1",
            registrada_por=quien.id,
            registrada_por_nombre=quien.nombre,
            registrada_en=AHORA,
        )
    )


def _ingenua(una_id: int, quien_id: int, miraron: threading.Barrier, espera: threading.Event | None = None) -> Tarea:
    def tarea() -> None:
        una, quien = db.session.get_one(Liquidacion, una_id), db.session.get_one(Usuario, quien_id)
        assert all(f.estado == "liquidada" for f in una.facturas)
        db.session.rollback()
        miraron.wait(timeout=30)
        if espera is not None:
            assert espera.wait(timeout=30)
        with transaccion():
            _recaudo_ingenuo(una, quien)

    return tarea


@pytest.mark.descuadra
def test_control_quien_mira_en_una_transaccion_y_escribe_en_otra_retiene_dos_veces(app: Flask) -> None:
    entidad = agente()
    una, quienes = suya(entidad), personas(entidad)
    miraron = threading.Barrier(2)
    errores = a_la_vez(app, [_ingenua(una.id, quien, miraron) for quien in quienes])
    assert all(isinstance(e, OperationalError) for e in errores)
    assert aplicado(una.id) == 2 * Decimal(9000), "the control must show the doubling, else the races prove nothing"


@pytest.mark.descuadra
def test_control_quien_no_mira_de_nuevo_retiene_lo_que_el_banco_acaba_de_aprobar(app: Flask) -> None:
    entidad = agente()
    una, (quien, _) = suya(entidad), personas(entidad)
    pago_id, respuesta = no_realizado(una)
    miraron, aprobada = threading.Barrier(2), threading.Event()

    def aprobar() -> None:
        miraron.wait(timeout=30)
        aprobando(pago_id, respuesta)()
        aprobada.set()

    assert a_la_vez(app, [aprobar, _ingenua(una.id, quien, miraron, aprobada)]) == []
    assert aplicado(una.id) == 2 * Decimal(9000), "the control must show the doubling, else the races prove nothing"


@pytest.mark.descuadra
def test_control_la_base_de_datos_rechaza_la_misma_clave_de_la_entidad(app: Flask) -> None:
    """Even code that forgets to look cannot record one form twice."""
    entidad = agente()
    una, (quien, _) = suya(entidad), personas(entidad)
    reteniendo(una.id, quien, "c" * 20)()
    with pytest.raises(Exception, match="retencion"), transaccion():
        db.session.execute(
            text(
                "INSERT INTO retencion (agente_id, clave, liquidacion_id, recaudo_id, fecha, mes, forma, documento,"
                " registrada_por, registrada_por_nombre, registrada_en, motivo) SELECT agente_id, clave, liquidacion_id,"
                " recaudo_id, fecha, mes, forma, documento, registrada_por, registrada_por_nombre, registrada_en, motivo"
                " FROM retencion"
            )
        )
    assert db.session.scalar(select(func.count(Retencion.id))) == 1
