"""Adherir y anular: an official attaches paid stamps to their act and cancels them, all of those chosen or none, once.

The partial unique index on the adhesion that stands and the conditional UPDATE of each factura decide between two who try.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.dominio.adhesiones import (
    RECHAZOS,
    Rechazo,
    exigir_fecha_acto,
    exigir_pdf_del_acto,
    rechazo_por_estado,
)
from portal.dominio.calendario import dia_en_palabras, instante_en_palabras
from portal.dominio.devoluciones import ESTADOS_VIVOS_DEVOLUCION
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.estados import EventoFactura
from portal.models import Adhesion, AdhesionFactura, Devolucion, Factura, Liquidacion, ParteDevolucion
from portal.models.usuario import Rol
from portal.operaciones.bitacora import anotar
from portal.operaciones.consecutivos import tomar
from portal.operaciones.facturas import bloquear_facturas, mover_facturas
from portal.operaciones.firmas import Firma, exigir_rol
from portal.operaciones.ordenes import facturas_de


@dataclass(frozen=True)
class ActoAdherido:
    """What the stamps are attached to, as the paper says. `huella`: SHA-256 and size in bytes of its PDF, if it was given."""

    numero: str
    fecha: date
    dependencia: str
    huella: tuple[str, int] | None = None


@dataclass(frozen=True)
class Reparo:
    """Why one stamp cannot be used, as the official reads it; `uso` is the adhesion that stands, if one does."""

    factura: int
    rechazo: Rechazo
    frase: str
    uso: Adhesion | None = None


class AdhesionRechazada(TransicionNoPermitida):
    """Something of what was chosen cannot be used: nothing was."""

    def __init__(self, reparos: Sequence[Reparo]) -> None:
        frases = " ".join(f"Factura {r.factura}: {r.frase}" for r in reparos)
        super().__init__(f"No se usó ninguna estampilla. {frases}")
        self.reparos = reparos


class _OtroLlego(Exception):
    """A stamp stopped being usable between looking at it and using it."""


def adherir(
    liquidacion: Liquidacion,
    numeros: Sequence[int],
    acto: ActoAdherido,
    *,
    departamento: str,
    clave: str,
    firma: Firma,
    hoy: date,
) -> Adhesion:
    """Use the facturas `numeros` of a liquidación for one act: all or none. `hoy` is the Colombian day.

    The same official with the same `clave` and the same act gets the adhesion that was made, however often it is sent. Raises
    `AdhesionRechazada` with the reason of each stamp, `DatoInvalido` with its field, `TransicionNoPermitida` when the `clave`
    was used for something else.
    """
    exigir_rol(firma.usuario, Rol.FUNCIONARIO)
    exigir_fecha_acto(acto.fecha, hoy)
    if not numeros:
        raise DatoInvalido("Elija al menos una estampilla.", "factura")
    facturas = facturas_de(sorted(set(numeros)), campo="factura")
    ids = [f.id for f in facturas]
    bloquear_facturas(ids)
    hecha = _con_esa_clave(firma.usuario.id, clave)
    if hecha is not None:
        return _la_misma(hecha, ids, acto)
    for factura in facturas:
        db.session.refresh(factura, ["estado"])
    reparos = reparos_de(facturas, liquidacion, departamento=departamento, hoy=hoy)
    if reparos:
        raise AdhesionRechazada(reparos)
    try:
        nueva = _usar(liquidacion, ids, acto, clave, firma)
    except (IntegrityError, _OtroLlego):
        hecha = _con_esa_clave(firma.usuario.id, clave)
        if hecha is not None:
            return _la_misma(hecha, ids, acto)
        # Whoever was faster, the reason is there to be read now.
        db.session.expire_all()
        raise AdhesionRechazada(reparos_de(facturas, liquidacion, departamento=departamento, hoy=hoy)) from None
    anotar_adhesion("adhesion.adherir", nueva, firma)
    return nueva


def _usar(liquidacion: Liquidacion, ids: Sequence[int], acto: ActoAdherido, clave: str, firma: Firma) -> Adhesion:
    """The adhesion with its stamps used; the unique index and the conditional UPDATE refuse it, and then nothing stays."""
    with db.session.begin_nested():
        nueva = _guardar(liquidacion, ids, acto, clave, firma)
        movidas = mover_facturas(ids, EventoFactura.ADHERIDA, ahora=firma.ahora, usuario_id=firma.usuario.id)
        if len(movidas) != len(ids):
            raise _OtroLlego
    return nueva


def _guardar(liquidacion: Liquidacion, ids: Sequence[int], acto: ActoAdherido, clave: str, firma: Firma) -> Adhesion:
    sha256, tamano = acto.huella or (None, None)
    nueva = Adhesion(
        numero=tomar("adhesion", 1)[0],
        clave=clave,
        liquidacion_id=liquidacion.id,
        acto_numero=acto.numero,
        acto_fecha=acto.fecha,
        acto_sha256=sha256,
        acto_tamano=tamano,
        dependencia=acto.dependencia,
        usuario_id=firma.usuario.id,
        usuario_nombre=firma.usuario.nombre,
        en=firma.ahora,
        renglones=[AdhesionFactura(factura_id=i) for i in ids],
    )
    db.session.add(nueva)
    db.session.flush()
    return nueva


def _con_esa_clave(usuario_id: int, clave: str) -> Adhesion | None:
    return db.session.scalar(select(Adhesion).where(Adhesion.usuario_id == usuario_id, Adhesion.clave == clave))


def _la_misma(hecha: Adhesion, ids: Sequence[int], acto: ActoAdherido) -> Adhesion:
    dicho = (hecha.acto_numero, hecha.acto_fecha, hecha.dependencia, hecha.huella)
    if dicho != (acto.numero, acto.fecha, acto.dependencia, acto.huella) or [
        r.factura_id for r in hecha.renglones
    ] != sorted(ids):
        raise TransicionNoPermitida(
            f"Ese formulario ya se usó para la adhesión {hecha.numero}, con otros datos. Busque el acto de nuevo."
        )
    return hecha


def reparos_de(facturas: Sequence[Factura], liquidacion: Liquidacion, *, departamento: str, hoy: date) -> list[Reparo]:
    """Why each factura that cannot be used for the act of `liquidacion` cannot; nothing of those that can."""
    ids = [f.id for f in facturas]
    usos = usos_de(ids)
    pedidas = _devoluciones_de(ids)
    reparos = []
    for factura in facturas:
        uso = usos.get(factura.id)
        rechazo = _rechazo(factura, liquidacion, departamento, hoy, uso is not None)
        if rechazo is None and factura.id in pedidas:
            rechazo = Rechazo.DEVOLUCION_EN_CURSO
        if rechazo is not None:
            usada = frase_de_uso(uso) if uso else ""
            frase = RECHAZOS[rechazo].format(usada=usada, devolucion=pedidas.get(factura.id, ""))
            reparos.append(Reparo(factura.numero, rechazo, frase, uso))
    return reparos


def _rechazo(factura: Factura, liquidacion: Liquidacion, departamento: str, hoy: date, usada: bool) -> Rechazo | None:
    suya = factura.liquidacion
    if suya.departamento != departamento:
        return Rechazo.OTRO_DEPARTAMENTO
    if suya.documento != liquidacion.documento:
        return Rechazo.OTRA_PERSONA
    if suya.id != liquidacion.id:
        return Rechazo.OTRO_ACTO
    return rechazo_por_estado(factura.estado_publico(hoy), usada=usada)


def frase_de_uso(uso: Adhesion) -> str:
    """Who used it, when, for which act and where: what a photocopy meets."""
    return (
        f"{uso.usuario_nombre} la adhirió y anuló el {instante_en_palabras(uso.en)}, en el acto «{uso.acto_numero}» "
        f"del {dia_en_palabras(uso.acto_fecha)} ({uso.dependencia}, adhesión {uso.numero})."
    )


def usos_de(ids: Sequence[int]) -> Mapping[int, Adhesion]:
    """The adhesion that stands of each factura that has one."""
    filas = db.session.execute(
        select(AdhesionFactura.factura_id, Adhesion)
        .join(Adhesion)
        .where(AdhesionFactura.factura_id.in_(ids), AdhesionFactura.viva)
    )
    return {factura_id: adhesion for factura_id, adhesion in filas}


def usadas_de(numeros: Sequence[int]) -> list[tuple[Factura, Adhesion | None]]:
    """Facturas by number with the adhesion that stands of each; none, when it was undone."""
    facturas = db.session.scalars(select(Factura).where(Factura.numero.in_(numeros)).order_by(Factura.numero)).all()
    usos = usos_de([f.id for f in facturas])
    return [(f, usos.get(f.id)) for f in facturas]


def _devoluciones_de(ids: Sequence[int]) -> Mapping[int, int]:
    """Number of the refund under way of each factura whose own money somebody asked back.

    A refund of what was paid twice or in excess takes nothing from the stamp, which stays good.
    """
    filas = db.session.execute(
        select(ParteDevolucion.factura_id, Devolucion.numero)
        .join(Devolucion, Devolucion.id == ParteDevolucion.devolucion_id)
        .where(ParteDevolucion.factura_id.in_(ids), Devolucion.estado.in_(ESTADOS_VIVOS_DEVOLUCION))
    )
    return {factura_id: numero for factura_id, numero in filas if factura_id is not None}


def huella_del_acto(contenido: bytes) -> tuple[str, int]:
    """SHA-256 and size of the act's PDF, which is not kept. Raises `DatoInvalido` (campo `archivo`) for any other file."""
    exigir_pdf_del_acto(contenido)
    return hashlib.sha256(contenido).hexdigest(), len(contenido)


def por_numero(numero: int) -> Adhesion:
    """An adhesion with what it used. Raises `NoExiste`."""
    # SQLite refuses to compare with a number that does not fit in its integers.
    una = db.session.scalar(_ENTERA.where(Adhesion.numero == numero)) if numero < 2**63 else None
    if una is None:
        raise NoExiste("No encontramos esa adhesión.")
    return una


_ENTERA = select(Adhesion).options(
    joinedload(Adhesion.liquidacion),
    selectinload(Adhesion.renglones).joinedload(AdhesionFactura.factura),
    selectinload(Adhesion.deshechuras),
)


def anotar_adhesion(accion: str, una: Adhesion, firma: Firma) -> None:
    """Write down in the audit log what was done with an adhesion."""
    anotar(
        accion,
        f"adhesion:{una.numero}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        liquidacion=una.liquidacion_id,
        facturas=[r.factura_id for r in una.renglones],
    )
