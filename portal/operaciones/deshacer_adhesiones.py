"""Undoing an adhesion that was a mistake, with its reason: at once by whoever made it on that day; later, by two people."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, ejecutar
from portal.dominio.adhesiones import EstadoDeshacer, se_deshace_sin_otra_persona
from portal.dominio.calendario import BOGOTA
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import EventoFactura
from portal.dominio.identificacion import leer_texto
from portal.models import Adhesion, AdhesionFactura, DeshacerAdhesion, Usuario
from portal.models.usuario import Rol
from portal.operaciones.adhesiones import anotar_adhesion
from portal.operaciones.facturas import bloquear_facturas, mover_facturas
from portal.operaciones.firmas import Firma, exigir_rol

_YA = "Esa adhesión ya se deshizo, o alguien ya pidió deshacerla."


def sin_otra_persona(una: Adhesion, usuario: Usuario, hoy: date) -> bool:
    """Whether `usuario` may undo it alone on the Colombian day `hoy`."""
    return se_deshace_sin_otra_persona(una.usuario_id, una.en.astimezone(BOGOTA).date(), usuario.id, hoy)


def deshacer(una: Adhesion, motivo: str, *, firma: Firma, hoy: date) -> None:
    """Undo one's own adhesion of today: its stamps can be used again.

    Raises `TransicionNoPermitida` when it is another's, of another day or undone already; `DatoInvalido` without a reason.
    """
    exigir_rol(firma.usuario, Rol.FUNCIONARIO)
    if not sin_otra_persona(una, firma.usuario, hoy):
        raise TransicionNoPermitida(
            "Solo quien la hizo puede deshacerla, y solo el mismo día. Después, una persona lo pide y otra lo aprueba."
        )
    quien = {"por": firma.usuario.id, "por_nombre": firma.usuario.nombre, "en": firma.ahora}
    _agregar(
        una,
        motivo,
        firma,
        inmediata=True,
        estado=EstadoDeshacer.APROBADA,
        **{f"resuelta_{k}": v for k, v in quien.items()},
    )
    _soltar(una, firma)
    anotar_adhesion("adhesion.deshacer", una, firma)


def proponer(una: Adhesion, motivo: str, *, firma: Firma) -> DeshacerAdhesion:
    """Ask, as the first of two people, that an adhesion be undone. Nothing changes yet.

    Raises `TransicionNoPermitida` when it was undone or asked for already, `DatoInvalido` without a reason.
    """
    exigir_rol(firma.usuario, Rol.FUNCIONARIO)
    propuesta = _agregar(una, motivo, firma, inmediata=False)
    anotar_adhesion("adhesion.proponer_deshacer", una, firma)
    return propuesta


def aprobar(una: Adhesion, *, firma: Firma) -> None:
    """Undo it, as the second person. Raises `TransicionNoPermitida` when nobody asked, or its own proposer approves."""
    _resolver(una, EstadoDeshacer.APROBADA, firma)
    _soltar(una, firma)
    anotar_adhesion("adhesion.aprobar_deshacer", una, firma)


def rechazar(una: Adhesion, motivo: str, *, firma: Firma) -> None:
    """End a proposal and leave the adhesion as it is; its proposer withdraws it, or another person rejects it.

    Raises `TransicionNoPermitida` when nobody asked, `DatoInvalido` without a reason.
    """
    texto = leer_texto(motivo, maximo=300, campo="motivo")
    _resolver(una, EstadoDeshacer.RECHAZADA, firma, motivo_rechazo=texto)
    anotar_adhesion("adhesion.rechazar_deshacer", una, firma)


def _agregar(una: Adhesion, motivo: str, firma: Firma, **valores: object) -> DeshacerAdhesion:
    """The row; the unique one in force of each adhesion decides between two who ask."""
    texto = leer_texto(motivo, maximo=300, campo="motivo")
    try:
        with db.session.begin_nested():
            nueva = DeshacerAdhesion(
                adhesion_id=una.id,
                motivo=texto,
                propuesta_por=firma.usuario.id,
                propuesta_por_nombre=firma.usuario.nombre,
                propuesta_en=firma.ahora,
                **valores,
            )
            db.session.add(nueva)
            db.session.flush()
    except IntegrityError:
        raise TransicionNoPermitida(_YA) from None
    db.session.expire(una, ["deshechuras"])
    return nueva


def _resolver(una: Adhesion, estado: EstadoDeshacer, firma: Firma, **cambios: str) -> None:
    exigir_rol(firma.usuario, Rol.FUNCIONARIO)
    cambio = update(DeshacerAdhesion).where(
        DeshacerAdhesion.adhesion_id == una.id, DeshacerAdhesion.estado == EstadoDeshacer.PROPUESTA
    )
    if estado is EstadoDeshacer.APROBADA:
        cambio = cambio.where(DeshacerAdhesion.propuesta_por != firma.usuario.id)
    resuelta = {
        "estado": estado,
        "resuelta_por": firma.usuario.id,
        "resuelta_por_nombre": firma.usuario.nombre,
        "resuelta_en": firma.ahora,
    }
    movidas = ejecutar(cambio.values(**resuelta, **cambios).execution_options(synchronize_session=False))
    db.session.expire(una, ["deshechuras"])
    for fila in una.deshechuras:
        db.session.refresh(fila)
    if movidas != 1:
        pendiente = una.por_resolver
        propia = pendiente is not None and pendiente.propuesta_por == firma.usuario.id
        raise TransicionNoPermitida(
            "Usted pidió deshacerla: debe aprobarlo otra persona."
            if propia
            else "Nadie espera que se deshaga esa adhesión."
        )


def _soltar(una: Adhesion, firma: Firma) -> None:
    """The stamps stop standing as used. One whose payment the bank took back stays owed, and will be new once it is paid."""
    ids = list(db.session.scalars(select(AdhesionFactura.factura_id).where(AdhesionFactura.adhesion_id == una.id)))
    bloquear_facturas(ids)
    orden = (
        update(AdhesionFactura)
        .where(AdhesionFactura.adhesion_id == una.id, AdhesionFactura.viva)
        .values(viva=False)
        .execution_options(synchronize_session=False)
    )
    if ejecutar(orden) != len(ids):
        raise TransicionNoPermitida(_YA)
    mover_facturas(ids, EventoFactura.ADHESION_DESHECHA, ahora=firma.ahora, usuario_id=firma.usuario.id)
    db.session.expire_all()
