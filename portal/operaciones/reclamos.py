"""*Pagué y no aparece*: what is known of a payment that somebody names, and the numbered case when nothing settles it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.dominio.casos import ClaseCaso
from portal.dominio.errores import NoExiste
from portal.dominio.estados import EstadoPago
from portal.models import Caso, Pago, Recaudo, Reclamo, Usuario
from portal.operaciones import casos
from portal.operaciones.bitacora import anotar


class Noticia(StrEnum):
    """What can be told of a payment to whoever names it; what is not known and what may not be told look the same."""

    APROBADO = "aprobado"
    REVERTIDO = "revertido"
    # The bank took money that legalised nothing, or not all of it, and it waits to be handed back.
    SOBRA = "sobra"
    DEVUELTO = "devuelto"
    NO_HECHO = "no_hecho"
    EN_PROCESO = "en_proceso"
    NO_SE_SABE = "no_se_sabe"


@dataclass(frozen=True)
class Hallazgo:
    """What a CUS or a reference leads to: an attempt, a credit that came without one, both or nothing."""

    pago: Pago | None
    recaudo: Recaudo | None


@dataclass(frozen=True)
class Contacto:
    """How to answer whoever claims, already normalised."""

    correo: str
    telefono: str


def buscar(dato: str) -> Hallazgo:
    """The newest attempt or credit with this CUS, or the attempt with this reference of ours."""
    pago = db.session.scalar(select(Pago).where(Pago.referencia == dato))
    if pago is None:
        pago = db.session.scalar(select(Pago).where(Pago.cus == dato).order_by(Pago.id.desc()).limit(1))
    recaudo = db.session.scalar(select(Recaudo).where(Recaudo.cus == dato).order_by(Recaudo.id.desc()).limit(1))
    if pago is None and recaudo is not None:
        pago = recaudo.pago
    return Hallazgo(pago, recaudo)


def noticia_de(hallazgo: Hallazgo, ahora: datetime) -> Noticia:
    """What is known now; an attempt that is still open when its session has ended is not known."""
    pago = hallazgo.pago
    if pago is None:
        # A credit of the bank's file: it counts as paid only if it legalised something.
        pagado = hallazgo.recaudo is not None and hallazgo.recaudo.aplicado and hallazgo.recaudo.reversion is None
        return Noticia.APROBADO if pagado else Noticia.NO_SE_SABE
    if pago.reversion is not None:
        return Noticia.REVERTIDO
    if pago.excedente:
        return Noticia.SOBRA
    if pago.devuelto_entero:
        return Noticia.DEVUELTO
    if pago.estado is EstadoPago.APROBADO:
        return Noticia.APROBADO
    if pago.estado.es_final:
        return Noticia.NO_HECHO
    return Noticia.EN_PROCESO if ahora <= pago.vence_en else Noticia.NO_SE_SABE


def reclamar(dato: str, hallazgo: Hallazgo, contacto: Contacto, *, ahora: datetime, peticion: str = "") -> Caso:
    """Open the case of a payment that does not appear, or join the one that is open, and keep how to answer.

    One case for each payment, or for each CUS that nobody knows; the contact stays in its own row, never in the case.
    """
    pago, recaudo = hallazgo.pago, hallazgo.recaudo
    hecho = f"pago:{pago.id}" if pago else f"dato:{hashlib.sha256(dato.encode()).hexdigest()[:32]}"
    # A closed case was answered: who claims again afterwards begins another.
    cerrados = db.session.scalar(
        select(func.count(Caso.id)).where(
            Caso.clave.startswith(f"{ClaseCaso.NO_APARECE.value}:{hecho}:", autoescape=True),
            Caso.cerrado_en.is_not(None),
        )
    )
    caso = casos.abrir(
        ClaseCaso.NO_APARECE,
        f"{hecho}:{(cerrados or 0) + 1}",
        ahora=ahora,
        pago_id=pago.id if pago else None,
        recaudo_id=recaudo.id if recaudo else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(Reclamo(caso_id=caso.id, dato=dato, recibido_en=ahora, **vars(contacto)))
            db.session.flush()
    except IntegrityError:
        return caso  # the same person, told again
    anotar("reclamo.recibir", f"caso:{caso.id}", ahora=ahora, usuario_id=None, peticion=peticion)
    return caso


def abiertos() -> Sequence[Caso]:
    """Cases of this queue that nobody has closed, the oldest first."""
    consulta = select(Caso).where(Caso.clase == ClaseCaso.NO_APARECE, Caso.cerrado_en.is_(None))
    return db.session.scalars(consulta.options(joinedload(Caso.pago)).order_by(Caso.id)).all()


def leer(numero: int, *, usuario: Usuario, ahora: datetime, peticion: str = "") -> tuple[Caso, Sequence[Reclamo]]:
    """A case with whom to answer; who looked is written down. Raises `NoExiste` for a case of another queue."""
    caso = casos.por_numero(numero)
    if caso.clase is not ClaseCaso.NO_APARECE:
        raise NoExiste("No encontramos ese caso.")
    anotar("reclamo.mirar", f"caso:{caso.id}", ahora=ahora, usuario_id=usuario.id, peticion=peticion)
    reclamos = select(Reclamo).where(Reclamo.caso_id == caso.id).order_by(Reclamo.id)
    return caso, db.session.scalars(reclamos).all()
