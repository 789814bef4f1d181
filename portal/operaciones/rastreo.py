"""Finding money: everything that hangs from a CUS, a reference, a document or a number; and all that is known of a payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from portal.db import db
from portal.dominio.casos import ClaseCaso
from portal.dominio.errores import NoExiste
from portal.models import (
    Archivo,
    Asiento,
    Caso,
    EventoPago,
    Factura,
    Notificacion,
    OrdenTesoreria,
    Pago,
    PagoFactura,
    Recaudo,
    Usuario,
)
from portal.operaciones import listado_liquidaciones
from portal.operaciones.bitacora import anotar
from portal.operaciones.notificaciones import clave_de_caso
from portal.operaciones.ordenes import facturas_de

# Nobody reads more by eye; a longer answer means that the question was too wide.
MAXIMO = 50


@dataclass(frozen=True)
class Rastro:
    """Ids of what a search found, so that it can be read after it was written down."""

    facturas: Sequence[int]
    pagos: Sequence[int]
    recaudos: Sequence[int]
    casos: Sequence[int]


@dataclass(frozen=True)
class Hallazgos:
    """What a search found, newest first, at most `MAXIMO` of each."""

    facturas: Sequence[Factura]
    pagos: Sequence[Pago]
    recaudos: Sequence[Recaudo]
    casos: Sequence[Caso]


def rastrear(departamento: str, texto: str, *, usuario: Usuario, ahora: datetime, peticion: str = "") -> Rastro:
    """Find by exact CUS, reference, transaction, document, factura, liquidación or contract; and note who looked at what.

    What was typed is not noted, because it may be an identity number.
    """
    propias = listado_liquidaciones.buscar(departamento, texto, limite=MAXIMO).filas
    suyas = [x.id for x in propias]
    pagos = _ids(Pago.id, _pagos_que_dicen(texto, suyas))
    suyas = sorted({*suyas, *db.session.scalars(select(Pago.liquidacion_id).where(Pago.id.in_(pagos)))})
    facturas = _ids(Factura.id, Factura.liquidacion_id.in_(suyas))
    recaudos = _ids(Recaudo.id, _recaudos_que_dicen(texto, pagos, facturas))
    casos = _ids(Caso.id, _casos_que_dicen(texto, pagos, recaudos, facturas))
    anotar(
        "tesoreria.buscar",
        "tesoreria",
        ahora=ahora,
        usuario_id=usuario.id,
        peticion=peticion,
        liquidaciones=suyas,
        pagos=pagos,
        recaudos=recaudos,
    )
    return Rastro(facturas, pagos, recaudos, casos)


def _ids(columna: InstrumentedAttribute[int], condicion: ColumnElement[bool]) -> list[int]:
    return list(db.session.scalars(select(columna).where(condicion).order_by(columna.desc()).limit(MAXIMO)))


def _formas(texto: str) -> list[str]:
    limpio = texto.strip()
    return sorted({limpio, limpio.upper()})


def _pagos_que_dicen(texto: str, liquidaciones_ids: Sequence[int]) -> ColumnElement[bool]:
    formas = _formas(texto)
    return or_(
        Pago.cus.in_(formas),
        Pago.referencia.in_(formas),
        Pago.id_pasarela.in_(formas),
        Pago.documento == listado_liquidaciones.documento_buscado(texto),
        Pago.liquidacion_id.in_(liquidaciones_ids),
    )


def _recaudos_que_dicen(texto: str, pagos: Sequence[int], facturas: Sequence[int]) -> ColumnElement[bool]:
    formas = _formas(texto)
    de_facturas = select(Asiento.recaudo_id).where(Asiento.factura_id.in_(facturas))
    return or_(
        Recaudo.cus.in_(formas),
        Recaudo.transaccion.in_(formas),
        Recaudo.autorizacion.in_(formas),
        Recaudo.pago_id.in_(pagos),
        Recaudo.id.in_(de_facturas),
    )


def _casos_que_dicen(
    texto: str, pagos: Sequence[int], recaudos: Sequence[int], facturas: Sequence[int]
) -> ColumnElement[bool]:
    formas = _formas(texto)
    # A callback whose reference is none of ours hangs from nothing but its case.
    avisos = select(Notificacion.id).where(
        or_(Notificacion.referencia.in_(formas), Notificacion.id_pasarela.in_(formas))
    )
    claves = [clave_de_caso(n) for n in db.session.scalars(avisos.limit(MAXIMO))]
    return or_(
        Caso.pago_id.in_(pagos),
        Caso.recaudo_id.in_(recaudos),
        Caso.factura_id.in_(facturas),
        Caso.clave.in_([f"{ClaseCaso.REFERENCIA_DESCONOCIDA.value}:{clave}" for clave in claves]),
    )


def leer(rastro: Rastro) -> Hallazgos:
    """The rows of a search with what their tables show."""
    return Hallazgos(
        db.session.scalars(
            select(Factura)
            .where(Factura.id.in_(rastro.facturas))
            .options(joinedload(Factura.liquidacion))
            .order_by(Factura.numero.desc())
        ).all(),
        db.session.scalars(
            select(Pago).where(Pago.id.in_(rastro.pagos)).options(joinedload(Pago.liquidacion)).order_by(Pago.id.desc())
        ).all(),
        db.session.scalars(
            select(Recaudo)
            .where(Recaudo.id.in_(rastro.recaudos))
            .options(*_DE_UN_RECAUDO, joinedload(Recaudo.pago))
            .order_by(Recaudo.id.desc())
        ).all(),
        db.session.scalars(select(Caso).where(Caso.id.in_(rastro.casos)).order_by(Caso.numero.desc())).all(),
    )


_DE_UN_RECAUDO = (selectinload(Recaudo.asientos), selectinload(Recaudo.reversion))


def ver_pago(referencia: str, *, usuario: Usuario, ahora: datetime, peticion: str = "") -> int:
    """Note that somebody reads a payment and whose it is; returns its id. Raises `NoExiste`."""
    pago_id = db.session.scalar(select(Pago.id).where(Pago.referencia == referencia[:32]))
    if pago_id is None:
        raise NoExiste("No encontramos ese pago.")
    anotar("pago.ver", f"pago:{pago_id}", ahora=ahora, usuario_id=usuario.id, peticion=peticion)
    return pago_id


def ver_factura(numero: int, *, usuario: Usuario, ahora: datetime, peticion: str = "") -> Factura:
    """A factura, once it is noted that somebody reads whose it is. Raises `DatoInvalido` (campo `factura`)."""
    (factura,) = facturas_de([numero], campo="factura")
    anotar("factura.ver", f"factura:{numero}", ahora=ahora, usuario_id=usuario.id, peticion=peticion)
    return factura


def pago_entero(pago_id: int) -> Pago:
    """An attempt with what it covers and the credits that it brought."""
    return db.session.scalars(
        select(Pago)
        .where(Pago.id == pago_id)
        .options(
            joinedload(Pago.liquidacion),
            selectinload(Pago.renglones).joinedload(PagoFactura.factura),
            selectinload(Pago.recaudos).options(*_DE_UN_RECAUDO),
        )
    ).one()


def eventos_de(pago_id: int) -> Sequence[EventoPago]:
    """What happened to an attempt, oldest first."""
    return db.session.scalars(select(EventoPago).where(EventoPago.pago_id == pago_id).order_by(EventoPago.id)).all()


def notificaciones_de(pago: Pago) -> Sequence[Notificacion]:
    """The gateway's callbacks about an attempt, oldest first."""
    suya = Notificacion.referencia == pago.referencia
    if pago.id_pasarela:
        suya |= Notificacion.id_pasarela == pago.id_pasarela
    consulta = select(Notificacion).where(Notificacion.pasarela == pago.pasarela, suya).order_by(Notificacion.id)
    return db.session.scalars(consulta).all()


def casos_del_pago(pago: Pago) -> Sequence[Caso]:
    """Cases of an attempt and of its credits, oldest first."""
    recaudos = [r.id for r in pago.recaudos]
    consulta = select(Caso).where(or_(Caso.pago_id == pago.id, Caso.recaudo_id.in_(recaudos))).order_by(Caso.numero)
    return db.session.scalars(consulta).all()


def casos_del_recaudo(recaudo: Recaudo) -> Sequence[Caso]:
    """Cases about one credit, oldest first."""
    return db.session.scalars(select(Caso).where(Caso.recaudo_id == recaudo.id).order_by(Caso.numero)).all()


def notificacion_de(caso: Caso) -> Notificacion | None:
    """The callback that a case of an unknown reference is about."""
    numero = caso.detalle.get("notificacion")
    return db.session.get(Notificacion, numero) if numero is not None else None


def facturas_del_recaudo(recaudo: Recaudo) -> Sequence[Factura]:
    """What a credit legalised and was not undone, in order."""
    numeros = {a.factura_id for a in recaudo.asientos if a.factura_id is not None}
    return db.session.scalars(select(Factura).where(Factura.id.in_(numeros)).order_by(Factura.numero)).all()


def otros_con_ese_comprobante(orden: OrdenTesoreria) -> Sequence[Recaudo]:
    """Credits already recorded whose CUS, authorisation or transaction is the slip's number: perhaps the same money."""
    if orden.referencia_banco is None:
        return ()
    dice = orden.referencia_banco
    mismos = or_(Recaudo.autorizacion == dice, Recaudo.cus == dice, Recaudo.transaccion == dice)
    return db.session.scalars(select(Recaudo).where(mismos, Recaudo.transaccion != orden.clave)).all()


def otras_con_ese_archivo(orden: OrdenTesoreria) -> Sequence[int]:
    """Numbers of other orders that rest on the very same file, whoever brought it."""
    otras = (
        select(OrdenTesoreria.numero)
        .join(Archivo, Archivo.id == OrdenTesoreria.archivo_id)
        .where(Archivo.sha256 == orden.archivo.sha256, OrdenTesoreria.id != orden.id)
    )
    return db.session.scalars(otras.order_by(OrdenTesoreria.numero)).all()
