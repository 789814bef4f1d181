"""Asking for a refund: what of a payment is owed back, and the request for it, one at a time for each ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.dominio.archivos import reconocer_pdf
from portal.dominio.devoluciones import ESTADOS_VIVOS_DEVOLUCION, CausalDevolucion, EstadoDevolucion, TipoCuenta
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.estados import EstadoFactura
from portal.dominio.libro import EXCEDENTES, ClaseAsiento
from portal.models import Asiento, Devolucion, Factura, Pago, ParteDevolucion, Recaudo, Reversion
from portal.models.pago import ClaseRecaudo
from portal.operaciones.archivos import guardar
from portal.operaciones.bitacora import anotar
from portal.operaciones.consecutivos import tomar
from portal.operaciones.correos_pago import avisar_de_la_devolucion
from portal.operaciones.devoluciones import bloquear_recaudos, comprometido
from portal.operaciones.libro import saldo_de
from portal.operaciones.pagos import codigo_nuevo, por_codigo
from portal.operaciones.saldos_a_favor import concedido, partes_a_favor

# Which ground the left-over of each class of credit gives; what a credit applied is owed back only if it was not due.
_CAUSAL = {
    ClaseRecaudo.DOBLE: CausalDevolucion.DOBLE,
    ClaseRecaudo.PARCIAL: CausalDevolucion.DOBLE,
    ClaseRecaudo.VALOR_DISTINTO: CausalDevolucion.EXCESO,
}


@dataclass(frozen=True)
class CuentaDestino:
    """Where the money goes, already normalised."""

    banco: str
    tipo_cuenta: TipoCuenta
    cuenta: str
    titular: str
    titular_tipo_documento: str
    titular_documento: str


@dataclass(frozen=True)
class Solicitud:
    """What the applicant asks: a ground, the numbers of the facturas when it is `no_debido`, and how to answer."""

    causal: CausalDevolucion
    facturas: tuple[int, ...]
    explicacion: str
    cuenta: CuentaDestino
    correo: str
    telefono: str


@dataclass(frozen=True)
class Parte:
    """Pesos of one credit, over one stamp when it was paid and not owed, or has a balance in favour (`saldo_id`)."""

    recaudo_id: int
    valor: Decimal
    factura: Factura | None = None
    saldo_id: int | None = None


@dataclass(frozen=True)
class Devolvible:
    """What can be asked back of a payment on one ground; of `no_debido`, any of its `partes`."""

    causal: CausalDevolucion
    partes: tuple[Parte, ...]

    @property
    def valor(self) -> Decimal:
        return sum((p.valor for p in self.partes), Decimal(0))


class YaSolicitada(TransicionNoPermitida):
    """Somebody asked for this already and it is not decided."""

    def __init__(self) -> None:
        super().__init__(
            "Ya hay una devolución en curso por este pago y este motivo. Consúltela con el código que se le dio."
        )


def devolvibles(pago: Pago) -> list[Devolvible]:
    """What the ledger lets be asked back of a payment, by ground; grounds with a live request are left out."""
    en_curso = set(
        db.session.scalars(
            select(Devolucion.causal).where(
                Devolucion.pago_id == pago.id, Devolucion.estado.in_(ESTADOS_VIVOS_DEVOLUCION)
            )
        )
    )
    return [d for d in _todo_lo_devolvible(pago) if d.causal not in en_curso]


def hay_en_curso(pago: Pago) -> bool:
    """Whether a request about this payment is not decided or not paid."""
    viva = select(Devolucion.id).where(Devolucion.pago_id == pago.id, Devolucion.estado.in_(ESTADOS_VIVOS_DEVOLUCION))
    return db.session.scalar(viva.limit(1)) is not None


def _todo_lo_devolvible(pago: Pago) -> list[Devolvible]:
    sobras: dict[CausalDevolucion, list[Parte]] = {}
    for recaudo in db.session.scalars(select(Recaudo).where(Recaudo.pago_id == pago.id).order_by(Recaudo.id)):
        causal = _CAUSAL.get(recaudo.clase)
        libre = saldo_de(recaudo.id, EXCEDENTES) - comprometido(recaudo.id)
        if causal is not None and libre > 0:
            sobras.setdefault(causal, []).append(Parte(recaudo.id, libre))
    sobras[CausalDevolucion.SALDO_A_FAVOR] = [
        Parte(p.recaudo_id, p.valor, p.factura, p.saldo.id) for p in partes_a_favor(pago.id)
    ]
    sobras[CausalDevolucion.NO_DEBIDO] = [
        Parte(r, f.valor, f) for f, r in _legalizadas_sin_usar(pago.id) if not concedido(factura_id=f.id, recaudo_id=r)
    ]
    return [Devolvible(causal, tuple(partes)) for causal, partes in sobras.items() if partes]


def _legalizadas_sin_usar(pago_id: int) -> Sequence[tuple[Factura, int]]:
    """Stamps that a standing credit of the payment legalised and nobody has used, with that credit."""
    consulta = (
        select(Factura, Recaudo.id)
        .join(Asiento, Asiento.factura_id == Factura.id)
        .join(Recaudo, Recaudo.id == Asiento.recaudo_id)
        .outerjoin(Reversion, Reversion.recaudo_id == Recaudo.id)
        .where(
            Recaudo.pago_id == pago_id,
            Asiento.clase == ClaseAsiento.RECAUDO,
            Reversion.id.is_(None),
            Factura.estado == EstadoFactura.LEGALIZADA,
        )
        .order_by(Factura.id)
    )
    return [(factura, recaudo_id) for factura, recaudo_id in db.session.execute(consulta)]


def solicitar(
    codigo_pago: str,
    solicitud: Solicitud,
    certificacion: tuple[str, bytes],
    *,
    clave: str,
    ahora: datetime,
    peticion: str = "",
) -> Devolucion:
    """Ask for what is owed back of a payment, with the bank's certificate as `(name, bytes)` of a PDF.

    The same `clave` (the form's idempotency key) returns the request that it already made. Raises `NoExiste` for an
    unknown payment, `DatoInvalido` for a ground, stamp or file that does not do, `YaSolicitada` when a live request of
    the payment has that ground (the partial unique index decides between two at once).
    """
    if (anterior := pedida_con(clave)) is not None:
        return anterior
    pago = por_codigo(codigo_pago)
    bloquear_recaudos(pago.id)
    partes = _elegidas(pago, solicitud)
    archivo = guardar(*certificacion, ahora=ahora, usuario=None, reconoce=reconocer_pdf)
    try:
        with db.session.begin_nested():
            una = _nueva(pago, solicitud, partes, archivo_id=archivo.id, clave=clave, ahora=ahora)
            db.session.add(una)
            db.session.flush()
    except IntegrityError:
        raise YaSolicitada from None
    avisar_de_la_devolucion(una, ahora=ahora)
    anotar(
        "devolucion.solicitar",
        f"devolucion:{una.id}",
        ahora=ahora,
        usuario_id=None,
        peticion=peticion,
        causal=una.causal.value,
        valor=str(una.valor),
    )
    return una


def pedida_con(clave: str) -> Devolucion | None:
    """The request that a form with this idempotency key already made."""
    return db.session.scalar(select(Devolucion).where(Devolucion.clave_formulario == clave))


def _elegidas(pago: Pago, solicitud: Solicitud) -> list[Parte]:
    pedida = next((d for d in _todo_lo_devolvible(pago) if d.causal is solicitud.causal), None)
    if pedida is None:
        raise DatoInvalido("De este pago no hay dinero por devolver por ese motivo.", "causal")
    if solicitud.causal is not CausalDevolucion.NO_DEBIDO:
        return list(pedida.partes)
    elegidas = [p for p in pedida.partes if p.factura and p.factura.numero in solicitud.facturas]
    if not elegidas or len(elegidas) != len(set(solicitud.facturas)):
        raise DatoInvalido("Elija las estampillas de la lista; las que ya se usaron no se devuelven.", "factura")
    return elegidas


def _nueva(
    pago: Pago, solicitud: Solicitud, partes: Sequence[Parte], *, archivo_id: int, clave: str, ahora: datetime
) -> Devolucion:
    return Devolucion(
        codigo=codigo_nuevo(),
        numero=tomar("devolucion", 1)[0],
        clave_formulario=clave,
        pago_id=pago.id,
        causal=solicitud.causal,
        estado=EstadoDevolucion.SOLICITADA,
        valor=sum((p.valor for p in partes), Decimal(0)),
        explicacion=solicitud.explicacion,
        solicitada_en=ahora,
        **vars(solicitud.cuenta),
        certificacion_id=archivo_id,
        correo=solicitud.correo,
        telefono=solicitud.telefono,
        partes=[
            ParteDevolucion(
                recaudo_id=p.recaudo_id,
                factura_id=p.factura.id if p.factura else None,
                saldo_id=p.saldo_id,
                valor=p.valor,
            )
            for p in partes
        ],
    )


def por_codigo_de_devolucion(codigo: str) -> Devolucion:
    """The request behind its public code. Raises `NoExiste`."""
    una = db.session.scalar(select(Devolucion).where(Devolucion.codigo == codigo))
    if una is None:
        raise NoExiste("No encontramos esa devolución. Revise el código.")
    return una
