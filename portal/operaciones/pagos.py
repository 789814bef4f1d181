"""Opening a payment: which facturas, who pays, one live attempt for each factura, all before the gateway hears of it."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db, ejecutar, tabla
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.estados import EstadoFactura, EstadoPago, EventoFactura
from portal.models import EventoFactura as FilaEvento
from portal.models import EventoPago, Factura, Liquidacion, Pago, PagoFactura
from portal.models.pago import TipoPersona
from portal.operaciones.correos_pago import avisar_del_pago
from portal.operaciones.facturas import bloquear_facturas, mover_facturas
from portal.operaciones.intentos import Intento

# The gateway's own default; at least five minutes by its protocol.
VIDA_DE_LA_SESION = timedelta(minutes=30)
_ANOTAR = insert(tabla(EventoPago))


@dataclass(frozen=True)
class Pagador:
    """Who pays, already normalised. PSE wants a NIT of a company and any other document of a person (rule R3)."""

    tipo_persona: TipoPersona
    tipo_documento: str
    documento: str
    nombre: str
    correo: str
    telefono: str

    def __post_init__(self) -> None:
        if (self.tipo_persona is TipoPersona.JURIDICA) != (self.tipo_documento == "NIT"):
            raise DatoInvalido(
                "Una persona jurídica paga con NIT; una persona natural, con otro tipo de documento.", "tipo_documento"
            )


@dataclass(frozen=True)
class Puerta:
    """Where the payer came from, as PSE asks to be told, the gateway they go to, and the bank if it was chosen here."""

    ip: str
    agente: str
    pasarela: str
    banco: str | None = None


class PagoEnCurso(TransicionNoPermitida):
    """A live attempt already covers one of the facturas; `codigo` leads to it."""

    def __init__(self, codigo: str) -> None:
        super().__init__("Ya hay un pago en proceso por estas estampillas. No pague de nuevo.")
        self.codigo = codigo


def abrir_pago(
    liquidacion_id: int,
    numeros: Sequence[int],
    pagador: Pagador,
    *,
    clave: str,
    puerta: Puerta,
    espera: timedelta,
    ahora: datetime,
    hoy: date,
) -> Pago:
    """Create one attempt over the facturas `numeros` of one liquidación; the total is the sum of their stored values.

    The same `clave` (the form's idempotency key) returns the attempt it already made. Raises `PagoEnCurso` when a live
    attempt covers any of them (the partial unique index decides), `TransicionNoPermitida` when one cannot be paid.
    """
    anterior = db.session.scalar(select(Pago).where(Pago.clave_formulario == clave))
    if anterior is not None:
        return anterior
    liquidacion = con_facturas(liquidacion_id)
    elegidas = _elegidas(liquidacion, numeros)
    ids = sorted(f.id for f in elegidas)
    bloquear_facturas(ids)
    _rechazar_si_hay_otro(ids)
    _exigir_pagables(elegidas, hoy)
    pago = _nuevo(liquidacion, elegidas, pagador, clave=clave, puerta=puerta, espera=espera, ahora=ahora)
    _reservar(pago, elegidas, ids)
    anotar_pago(pago, None, EstadoPago.CREADO, "pagador", ahora)
    movidas = mover_facturas(
        ids,
        EventoFactura.PAGO_ENVIADO,
        ahora=ahora,
        pago_id=pago.id,
        desde=(EstadoFactura.LIQUIDADA, EstadoFactura.REVERTIDA),
    )
    if len(movidas) != len(ids):
        raise TransicionNoPermitida("El estado de una estampilla acaba de cambiar. Consulte de nuevo antes de pagar.")
    return pago


def _nuevo(
    liquidacion: Liquidacion,
    facturas: Sequence[Factura],
    pagador: Pagador,
    *,
    clave: str,
    puerta: Puerta,
    espera: timedelta,
    ahora: datetime,
) -> Pago:
    return Pago(
        codigo=codigo_nuevo(),
        referencia=f"L{liquidacion.numero}-{_sufijo()}",
        clave_formulario=clave,
        liquidacion_id=liquidacion.id,
        total=sum(f.valor for f in facturas),
        estado=EstadoPago.CREADO,
        **vars(pagador),
        **vars(puerta),
        creado_en=ahora,
        vence_en=ahora + VIDA_DE_LA_SESION,
        consultar_desde=ahora + espera,
    )


def exigir_pagables(facturas: Sequence[Factura], hoy: date) -> None:
    """Refuse in advance what `abrir_pago` would: raises `PagoEnCurso` or `TransicionNoPermitida`."""
    _rechazar_si_hay_otro([f.id for f in facturas])
    _exigir_pagables(facturas, hoy)


def con_facturas(liquidacion_id: int) -> Liquidacion:
    """A liquidación with its facturas. Raises `NoExiste`."""
    encontrada = db.session.get(Liquidacion, liquidacion_id, options=[selectinload(Liquidacion.facturas)])
    if encontrada is None:
        raise NoExiste("No encontramos esa liquidación.")
    return encontrada


def _elegidas(liquidacion: Liquidacion, numeros: Sequence[int]) -> list[Factura]:
    elegidas = [f for f in liquidacion.facturas if f.numero in set(numeros)]
    if not elegidas or len(elegidas) != len(set(numeros)):
        raise DatoInvalido("Elija al menos una estampilla de la lista.", "factura")
    return elegidas


def _rechazar_si_hay_otro(ids: Sequence[int]) -> None:
    vivo = db.session.scalar(
        select(Pago.codigo)
        .join(PagoFactura)
        .where(PagoFactura.factura_id.in_(ids), PagoFactura.viva, Pago.estado != EstadoPago.APROBADO)
    )
    if vivo:
        raise PagoEnCurso(vivo)


def _exigir_pagables(facturas: Sequence[Factura], hoy: date) -> None:
    for factura in facturas:
        db.session.refresh(factura, ["estado"])
        if not factura.es_pagable(hoy):
            estado = factura.estado_publico(hoy).value
            raise TransicionNoPermitida(f"La factura {factura.numero} está en estado «{estado}» y no se puede pagar.")


def _reservar(pago: Pago, facturas: Sequence[Factura], ids: Sequence[int]) -> None:
    """Insert the attempt and its rows; whoever loses the race learns which attempt won."""
    try:
        with db.session.begin_nested():
            db.session.add(pago)
            db.session.flush()
            por_id = sorted(facturas, key=lambda f: f.id)
            db.session.add_all(PagoFactura(pago_id=pago.id, factura_id=f.id, valor=f.valor) for f in por_id)
            db.session.flush()
    except IntegrityError:
        _rechazar_si_hay_otro(ids)
        raise TransicionNoPermitida("Ese pago ya fue enviado. Consulte su estado antes de pagar de nuevo.") from None


def registrar_envio(
    pago_id: int, *, id_pasarela: str, url: str | None, ahora: datetime, cus: str | None = None
) -> bool:
    """Note the gateway's session before the payer goes there (R5). False when the attempt was given up meanwhile.

    Without `url` the session exists and its address comes later: `registrar_direccion`.
    """
    orden = (
        update(Pago)
        .where(Pago.id == pago_id, Pago.estado == EstadoPago.CREADO)
        .values(estado=EstadoPago.ENVIADO, id_pasarela=id_pasarela, url_pasarela=url, cus=cus)
    )
    if ejecutar(orden) != 1:
        return False
    anotar_evento(pago_id, EstadoPago.CREADO, EstadoPago.ENVIADO.value, "envio", ahora)
    return True


def registrar_direccion(pago_id: int, *, id_pasarela: str, url: str) -> None:
    """Note the address of the session `id_pasarela`, for one that was created without it."""
    suya = (Pago.id == pago_id) & (Pago.id_pasarela == id_pasarela) & Pago.url_pasarela.is_(None)
    ejecutar(update(Pago).where(suya).values(url_pasarela=url))


def registrar_no_iniciado(pago_id: int, *, mensaje: str, causa: str, ahora: datetime) -> bool:
    """The gateway never gave the payer an address, so nobody can have paid: close the attempt and free its facturas."""
    orden = (
        update(Pago)
        .where(Pago.id == pago_id, Pago.estado == EstadoPago.CREADO, Pago.id_pasarela.is_(None))
        .values(estado=EstadoPago.FALLIDO, mensaje=mensaje[:300], resuelto_en=ahora, consultar_desde=None)
    )
    if ejecutar(orden) != 1:
        return False
    pago = db.session.get_one(Pago, pago_id)
    db.session.refresh(pago)
    anotar_pago(pago, EstadoPago.CREADO, EstadoPago.FALLIDO, causa, ahora)
    liberar(pago.id, ahora)
    return True


def terminar_sin_legalizar(pago_id: int, *, mensaje: str, causa: str, ahora: datetime) -> None:
    """Close an attempt whose money was of no use and has gone where it belonged; its facturas can be paid again."""
    pago = db.session.scalars(
        select(Pago).where(Pago.id == pago_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if pago.estado.es_final:
        return
    anotar_pago(pago, pago.estado, EstadoPago.FALLIDO, causa, ahora)
    pago.estado, pago.mensaje, pago.resuelto_en, pago.consultar_desde = EstadoPago.FALLIDO, mensaje, ahora, None
    db.session.flush()
    liberar(pago.id, ahora)


def liberar(pago_id: int, ahora: datetime) -> None:
    """Give back the facturas that this attempt still holds."""
    ids = list(
        db.session.scalars(select(PagoFactura.factura_id).where(PagoFactura.pago_id == pago_id, PagoFactura.viva))
    )
    db.session.execute(
        update(PagoFactura)
        .where(PagoFactura.pago_id == pago_id)
        .values(viva=False)
        .execution_options(synchronize_session="fetch")
    )
    eran = _eran_revertidas(pago_id, ids)
    mover_facturas(sorted(eran), EventoFactura.PAGO_NO_REALIZADO_DE_REVERTIDA, ahora=ahora, pago_id=pago_id)
    libres = [i for i in ids if i not in eran]
    mover_facturas(libres, EventoFactura.PAGO_NO_REALIZADO, ahora=ahora, pago_id=pago_id)


def _eran_revertidas(pago_id: int, ids: Sequence[int]) -> set[int]:
    """Those that this attempt found *Pago revertido*: giving up leaves them as they were."""
    halladas = select(FilaEvento.factura_id).where(
        FilaEvento.factura_id.in_(ids),
        FilaEvento.pago_id == pago_id,
        FilaEvento.evento == EventoFactura.PAGO_ENVIADO.value,
        FilaEvento.desde == EstadoFactura.REVERTIDA.value,
    )
    return set(db.session.scalars(halladas))


def anotar_pago(pago: Pago | Intento, desde: EstadoPago | None, hasta: EstadoPago, causa: str, ahora: datetime) -> None:
    """One event row for one move of an attempt, and the notice to its payer when it is one of those told by e-mail."""
    anotar_evento(pago.id, desde, hasta.value, causa, ahora)
    avisar_del_pago(pago, desde, hasta, ahora=ahora)


def anotar_evento(pago_id: int, desde: EstadoPago | None, hasta: str, causa: str, ahora: datetime) -> None:
    """One event row of an attempt: a move, or what `hasta` names that befell it in the state `desde`."""
    evento = {"pago_id": pago_id, "en": ahora, "desde": desde and desde.value, "hasta": hasta, "causa": causa}
    db.session.execute(_ANOTAR, evento)


def por_codigo(codigo: str) -> Pago:
    """The attempt behind its public code, with what its page shows. Raises `NoExiste`."""
    pago = db.session.scalar(
        select(Pago)
        .where(Pago.codigo == codigo)
        .options(joinedload(Pago.liquidacion), selectinload(Pago.renglones).joinedload(PagoFactura.factura))
    )
    if pago is None:
        raise NoExiste("No encontramos ese pago. Revise la dirección.")
    return pago


def llego_tarde(pago: Pago) -> bool:
    """Whether the bank's yes came after the attempt had been given up (I-11)."""
    finales = [e.value for e in EstadoPago if e.es_final]
    tardio = select(EventoPago.id).where(
        EventoPago.pago_id == pago.id, EventoPago.hasta == EstadoPago.APROBADO.value, EventoPago.desde.in_(finales)
    )
    return pago.estado is EstadoPago.APROBADO and db.session.scalar(tardio.limit(1)) is not None


def codigo_nuevo() -> str:
    """128 random bits for an address that nobody can guess (B-32)."""
    return secrets.token_urlsafe(16)


def _sufijo() -> str:
    """80 random bits in the gateway's alphabet: a reference is never used twice, even after a restored backup."""
    return base64.b32encode(secrets.token_bytes(10)).decode()
