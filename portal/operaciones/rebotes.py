"""A refund's transfer that the bank could not deliver: the money waits again, and goes out once to an account that can take it.

Two people answer for the new account: who brought it (or who recorded that the transfer came back, when the applicant
brought it) and who accepts it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, ejecutar
from portal.dominio.archivos import reconocer_pdf
from portal.dominio.casos import ClaseCaso
from portal.dominio.devoluciones import EventoDevolucion, siguiente_devolucion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.libro import EXCEDENTES, ClaseAsiento, Partida, de_banco
from portal.models import CuentaCorregida, Devolucion, Rebote, Reversion
from portal.operaciones import casos
from portal.operaciones.archivos import guardar
from portal.operaciones.devoluciones import (
    MOTIVO_SIN_OBJETO,
    Firma,
    autoria,
    bloquear,
    mover,
    origen_del_giro,
)
from portal.operaciones.libro import asentar
from portal.operaciones.solicitudes_devolucion import CuentaDestino

_SIN_TRANSFERENCIA: Mapping[str, Any] = {
    **dict.fromkeys(("cuenta_origen", "referencia_bancaria", "fecha_transferencia", "pagada_por", "pagada_en")),
    "pagada_por_nombre": "",
}


@dataclass(frozen=True)
class Aviso:
    """What the bank says of a transfer that came back: its day and its reason, with a file `(name, bytes)` that proves it."""

    dia: date
    motivo: str
    prueba: tuple[str, bytes]


def rebotar(una: Devolucion, aviso: Aviso, firma: Firma, *, hoy: date) -> Rebote:
    """Record that the bank could not deliver the transfer: what was handed back is owed again, and treasury has a case of it.

    When the bank took the payment itself back meanwhile, nothing is left to hand back and the refund ends. Raises
    `DatoInvalido` with the field, `TransicionNoPermitida` when it is not paid.
    """
    assert firma.usuario is not None, "an official records it"
    bloquear(una)
    siguiente_devolucion(una.estado, EventoDevolucion.REBOTADA)
    if not (una.fecha_transferencia or hoy) <= aviso.dia <= hoy:
        raise DatoInvalido("La fecha va desde el día de la transferencia hasta hoy.", "dia")
    prueba = guardar(*aviso.prueba, ahora=firma.ahora, usuario=firma.usuario)
    transferencia = {campo: getattr(una, campo) for campo in _SIN_TRANSFERENCIA}
    mover(una, EventoDevolucion.REBOTADA, firma, **_SIN_TRANSFERENCIA)
    rebote = Rebote(
        devolucion_id=una.id,
        **transferencia,
        dia=aviso.dia,
        motivo=aviso.motivo,
        evidencia_id=prueba.id,
        registrado_por=firma.usuario.id,
        registrado_por_nombre=firma.usuario.nombre,
        registrado_en=firma.ahora,
    )
    _deshacer_el_giro(una, rebote, firma)
    if _se_revirtio(una):
        mover(una, EventoDevolucion.SIN_OBJETO, firma, motivo=MOTIVO_SIN_OBJETO)
    return rebote


def _deshacer_el_giro(una: Devolucion, rebote: Rebote, firma: Firma) -> None:
    antes = len(una.rebotes)
    partidas = [
        Partida(
            ClaseAsiento.REBOTE,
            debe=de_banco(rebote.cuenta_origen),
            haber=EXCEDENTES,
            valor=parte.valor,
            origen=origen_del_rebote(una.id, parte.id, antes),
            recaudo_id=parte.recaudo_id,
        )
        for parte in una.partes
    ]
    asentar(partidas, ahora=firma.ahora)
    db.session.add(rebote)
    db.session.flush()
    db.session.expire(una, ["rebotes"])
    for recaudo_id in sorted({parte.recaudo_id for parte in una.partes}):
        casos.abrir(
            ClaseCaso.DEVOLUCION_REBOTADA,
            f"rebote:{rebote.id}:recaudo:{recaudo_id}",
            ahora=firma.ahora,
            pago_id=una.pago_id,
            recaudo_id=recaudo_id,
            detalle={"devolucion": una.numero, "motivo": rebote.motivo},
        )


def origen_del_rebote(devolucion_id: int, parte_id: int, rebotes: int) -> str:
    """The fact behind the opposite of what `origen_del_giro` names."""
    return f"{origen_del_giro(devolucion_id, parte_id, rebotes)}:rebote"


def _se_revirtio(una: Devolucion) -> bool:
    recaudos = [parte.recaudo_id for parte in una.partes]
    return db.session.scalar(select(Reversion.id).where(Reversion.recaudo_id.in_(recaudos)).limit(1)) is not None


def corregir_cuenta(
    una: Devolucion, cuenta: CuentaDestino, certificacion: tuple[str, bytes], firma: Firma, *, clave: str
) -> CuentaCorregida:
    """Hand in the account for another transfer, with the bank's certificate as `(name, bytes)` of a PDF.

    Without `firma.usuario` the applicant does. The same `clave` returns what it already handed in. Raises `DatoInvalido`
    for a file that does not do, `TransicionNoPermitida` when no account is awaited.
    """
    if (anterior := corregida_con(clave)) is not None:
        return anterior
    bloquear(una)
    siguiente_devolucion(una.estado, EventoDevolucion.CUENTA_CORREGIDA)
    archivo = guardar(*certificacion, ahora=firma.ahora, usuario=firma.usuario, reconoce=reconocer_pdf)
    nueva = CuentaCorregida(
        devolucion_id=una.id,
        clave_formulario=clave,
        **vars(cuenta),
        certificacion_id=archivo.id,
        traida_en=firma.ahora,
        traida_por=firma.usuario.id if firma.usuario else None,
        traida_por_nombre=firma.usuario.nombre if firma.usuario else "",
        primera_por=firma.usuario.id if firma.usuario else una.rebotes[-1].registrado_por,
    )
    try:
        with db.session.begin_nested():
            db.session.add(nueva)
            db.session.flush()
    except IntegrityError:
        raise TransicionNoPermitida("Otra persona acaba de enviar una cuenta para esta devolución.") from None
    mover(una, EventoDevolucion.CUENTA_CORREGIDA, firma)
    db.session.expire(una, ["correcciones"])
    return nueva


def corregida_con(clave: str) -> CuentaCorregida | None:
    """The account that a form with this idempotency key already handed in."""
    return db.session.scalar(select(CuentaCorregida).where(CuentaCorregida.clave_formulario == clave))


def aprobar_cuenta(una: Devolucion, firma: Firma) -> None:
    """Accept, as the second person, the account that waits: the transfer may be made again. Raises `TransicionNoPermitida`."""
    _decidir(una, EventoDevolucion.CUENTA_APROBADA, firma, aceptada=True)


def rechazar_cuenta(una: Devolucion, motivo: str, firma: Firma) -> None:
    """Refuse it, as the second person, with a reason that the applicant reads. Raises `TransicionNoPermitida`."""
    _decidir(una, EventoDevolucion.CUENTA_RECHAZADA, firma, aceptada=False, motivo=motivo)


def _decidir(una: Devolucion, evento: EventoDevolucion, firma: Firma, **decision: Any) -> None:
    assert firma.usuario is not None, "an official decides it"
    bloquear(una)
    siguiente_devolucion(una.estado, evento)
    corregida = una.correcciones[-1]
    if corregida.primera_por == firma.usuario.id:
        raise TransicionNoPermitida(
            "Quien trajo la cuenta, o registró que el dinero volvió, no la acepta: debe hacerlo otra persona de Tesorería."
        )
    mover(una, evento, firma)
    orden = (
        update(CuentaCorregida)
        .where(CuentaCorregida.id == corregida.id, CuentaCorregida.aceptada.is_(None))
        .values(**decision, **autoria("decidida", firma))
        .execution_options(synchronize_session=False)
    )
    if ejecutar(orden) != 1:
        raise TransicionNoPermitida("Otra persona acaba de decidir esa cuenta. Abra la devolución de nuevo.")
    db.session.refresh(corregida)
