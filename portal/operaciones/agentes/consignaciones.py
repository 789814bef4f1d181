"""What treasury decides of an agent's deposit, how it is joined to the bank's line of the same money, and its asientos.

Whoever writes about a deposit in the ledger waits for the import of a bank's file, and an import for them: what one brings
the other sees. Then it takes the credit, the deposit and the ledger, in that order, as a reversal does.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.db import db, ejecutar
from portal.dominio.casos import SalidaCaso
from portal.dominio.consignaciones import SIRVEN, EventoConsignacion, siguiente_consignacion
from portal.dominio.declaraciones import EstadoConsignacion
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.identificacion import leer_texto
from portal.dominio.libro import CONSIGNACIONES, POR_IDENTIFICAR, ClaseAsiento, Partida, de_agente
from portal.models import ArchivoBanco, Asiento, Consignacion, MovimientoBanco, Recaudo
from portal.models.usuario import Rol
from portal.operaciones import casos
from portal.operaciones.agentes.correos import avisar_de_la_consignacion
from portal.operaciones.agentes.lineas_del_banco import como_se_parece, esta_entero, exacta
from portal.operaciones.aplicaciones import bloquear as bloquear_recaudo
from portal.operaciones.bitacora import anotar
from portal.operaciones.consecutivos import tomar
from portal.operaciones.firmas import Firma, exigir_rol
from portal.operaciones.libro import asentar

_E, _V = EstadoConsignacion, EventoConsignacion


def aceptar(consignacion: Consignacion, movimiento: MovimientoBanco | None = None, *, firma: Firma) -> None:
    """Take a deposit as made: the agent owes that much less. Of several people that try at once, one does.

    `movimiento` is the bank's line of the same money; without it, the one line with its slip, value and days, if there is one.
    Raises `TransicionNoPermitida`, and nothing moves, when it was resolved already or the line's credit is not whole.
    """
    exigir_rol(firma.usuario, Rol.TESORERIA)
    _esperar_a_las_importaciones()
    db.session.refresh(consignacion)
    linea = movimiento if movimiento is not None else exacta(consignacion)
    recaudo = _tomar_credito(consignacion, linea) if linea is not None else None
    _mover(consignacion, _V.ACEPTAR, firma, movimiento_id=linea.id if linea is not None else None)
    _asentar(
        Partida(
            ClaseAsiento.CONSIGNACION,
            debe=POR_IDENTIFICAR if recaudo is not None else CONSIGNACIONES,
            haber=de_agente(consignacion.agente_id),
            valor=consignacion.valor,
            origen=_origen(consignacion),
            recaudo_id=recaudo.id if recaudo is not None else None,
        ),
        recaudo,
        firma.ahora,
    )
    _anotar("consignacion.aceptar", consignacion, firma)


def casar(consignacion: Consignacion, movimiento: MovimientoBanco, *, firma: Firma) -> None:
    """Say which line of the bank is a deposit that was accepted before its line came.

    Raises `TransicionNoPermitida` when it has one, is not accepted, or the line's credit is not whole.
    """
    exigir_rol(firma.usuario, Rol.TESORERIA)
    _esperar_a_las_importaciones()
    db.session.refresh(consignacion)
    _casar(consignacion, movimiento, firma)


def casar_llegadas(archivo: ArchivoBanco, *, firma: Firma) -> int:
    """Join the lines that a file just brought to the deposits that waited for them; how many.

    Only the one line with the slip, the value and the days of a deposit, and only within the import's transaction.
    """
    casadas = 0
    en_espera = select(Consignacion).where(Consignacion.estado == _E.ACEPTADA, Consignacion.movimiento_id.is_(None))
    for consignacion in db.session.scalars(en_espera.order_by(Consignacion.numero)).all():
        linea = exacta(consignacion)
        if linea is not None and linea.archivo_id == archivo.id:
            _casar(consignacion, linea, firma)
            casadas += 1
    return casadas


def rechazar(consignacion: Consignacion, motivo: str, *, firma: Firma) -> None:
    """Say that a deposit that was sent is not one, with a reason that the agent reads.

    Raises `DatoInvalido` without a reason, `TransicionNoPermitida` when it was resolved already.
    """
    _terminar(consignacion, _V.RECHAZAR, motivo, firma)
    _anotar("consignacion.rechazar", consignacion, firma)


def deshacer_aceptacion(consignacion: Consignacion, motivo: str, *, firma: Firma) -> None:
    """Take back having accepted a deposit that the bank never showed: the agent owes it again, and reads why.

    Raises `DatoInvalido` without a reason, `TransicionNoPermitida` when it is not accepted or has its bank's line.
    """
    _terminar(consignacion, _V.DESHACER, motivo, firma)
    asentar([_deber_de_nuevo(consignacion, "rechazo")], ahora=firma.ahora)
    _anotar("consignacion.deshacer", consignacion, firma)


def revertir(recaudo_id: int, reversion_id: int, *, ahora: datetime) -> list[Partida]:
    """The bank took back the credit that a deposit was, if it was one: the agent owes it again.

    Returns what the reversal has to enter besides the opposites of the credit's own asientos.
    """
    consignacion = db.session.scalar(
        select(Consignacion)
        .join(MovimientoBanco)
        .where(MovimientoBanco.recaudo_id == recaudo_id)
        .execution_options(populate_existing=True)
    )
    if consignacion is None:
        return []
    _cambiar(consignacion, _V.REVERTIR, {}, ahora=ahora)
    anotar(
        "consignacion.revertir",
        f"consignacion:{consignacion.id}",
        ahora=ahora,
        usuario_id=None,
        recaudo=recaudo_id,
        valor=str(consignacion.valor),
    )
    antes_de_su_linea = select(Asiento.numero).where(
        Asiento.origen == _origen(consignacion), Asiento.debe == CONSIGNACIONES
    )
    if db.session.scalar(antes_de_su_linea) is None:
        return []
    return [_deber_de_nuevo(consignacion, f"reversion:{reversion_id}")]


def _casar(consignacion: Consignacion, movimiento: MovimientoBanco, firma: Firma) -> None:
    recaudo = _tomar_credito(consignacion, movimiento)
    sin_linea = (
        update(Consignacion)
        .where(
            Consignacion.id == consignacion.id,
            Consignacion.estado == _E.ACEPTADA,
            Consignacion.movimiento_id.is_(None),
        )
        .values(movimiento_id=movimiento.id)
        .execution_options(synchronize_session=False)
    )
    if ejecutar(sin_linea) != 1:
        raise TransicionNoPermitida("Esa consignación no espera su línea del banco. Ábrala de nuevo.")
    db.session.refresh(consignacion)
    _asentar(
        Partida(
            ClaseAsiento.CONSIGNACION,
            debe=POR_IDENTIFICAR,
            haber=CONSIGNACIONES,
            valor=consignacion.valor,
            origen=f"{_origen(consignacion)}:banco",
            recaudo_id=recaudo.id,
        ),
        recaudo,
        firma.ahora,
    )
    _anotar("consignacion.casar", consignacion, firma)


def _asentar(partida: Partida, recaudo: Recaudo | None, ahora: datetime) -> None:
    """Write it in the ledger; a credit that it takes is taken whole, and whoever asked whose it was is answered."""
    asentar([partida], ahora=ahora)
    if recaudo is None:
        return
    db.session.expire(recaudo, ["asientos"])
    if recaudo.en_espera != 0:
        # Whoever else writes in the ledger waits in `asentar`: what was taken meanwhile is seen here, and nothing stays.
        raise TransicionNoPermitida("Ese dinero acaba de moverse. Revise la línea del banco de nuevo.")
    casos.cerrar_de(casos.CON_DINERO, SalidaCaso.APLICADO, ahora=ahora, recaudo_id=recaudo.id)


def _tomar_credito(consignacion: Consignacion, movimiento: MovimientoBanco) -> Recaudo:
    if movimiento.recaudo_id is None or como_se_parece(consignacion, movimiento) not in SIRVEN:
        raise TransicionNoPermitida("Esa línea del banco no puede ser esta consignación.")
    recaudo = bloquear_recaudo(movimiento.recaudo_id)
    if not esta_entero(recaudo):
        raise TransicionNoPermitida("El dinero de esa línea del banco ya se usó, o el banco lo devolvió.")
    return recaudo


def _terminar(consignacion: Consignacion, evento: EventoConsignacion, motivo: str, firma: Firma) -> None:
    exigir_rol(firma.usuario, Rol.TESORERIA)
    texto = leer_texto(motivo, maximo=300, campo="motivo")
    _esperar_a_las_importaciones()
    db.session.refresh(consignacion)
    _mover(consignacion, evento, firma, motivo=texto)


def _mover(consignacion: Consignacion, evento: EventoConsignacion, firma: Firma, **valores: Any) -> None:
    resuelta = {
        "resuelta_por": firma.usuario.id,
        "resuelta_por_nombre": firma.usuario.nombre,
        "resuelta_en": firma.ahora,
    }
    _cambiar(consignacion, evento, resuelta | valores, ahora=firma.ahora, sin_linea=True)


def _cambiar(
    consignacion: Consignacion,
    evento: EventoConsignacion,
    valores: dict[str, Any],
    *,
    ahora: datetime,
    sin_linea: bool = False,
) -> None:
    """The one place where a deposit changes of state: the row's own state decides who does. Its entity is told."""
    desde = consignacion.estado
    cambio = update(Consignacion).where(Consignacion.id == consignacion.id, Consignacion.estado == desde)
    if sin_linea:
        cambio = cambio.where(Consignacion.movimiento_id.is_(None))
    cambio = cambio.values(estado=siguiente_consignacion(desde, evento), **valores)
    if ejecutar(cambio.execution_options(synchronize_session=False)) != 1:
        raise TransicionNoPermitida("Esa consignación acaba de cambiar. Ábrala de nuevo.")
    db.session.refresh(consignacion)
    avisar_de_la_consignacion(consignacion, evento, ahora=ahora)


def _esperar_a_las_importaciones() -> None:
    tomar("archivo_banco", 0)


def _deber_de_nuevo(consignacion: Consignacion, porque: str) -> Partida:
    """The opposite of having accepted it before its line came; `porque` begins its origin."""
    return Partida(
        ClaseAsiento.REVERSION,
        debe=de_agente(consignacion.agente_id),
        haber=CONSIGNACIONES,
        valor=consignacion.valor,
        origen=f"{porque}:{_origen(consignacion)}",
    )


def _origen(consignacion: Consignacion) -> str:
    return f"consignacion:{consignacion.id}"


def _anotar(accion: str, consignacion: Consignacion, firma: Firma) -> None:
    anotar(
        accion,
        f"consignacion:{consignacion.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        agente=consignacion.agente_id,
        valor=str(consignacion.valor),
        movimiento=consignacion.movimiento_id,
    )
