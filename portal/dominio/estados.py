"""States of a factura and of a payment attempt, and the only moves between them.

A pair that is absent from a table is refused; a repeated event finds no edge and changes nothing. The database decides
races: operations move a row with a conditional UPDATE on the origin state that `siguiente_*` allowed.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from portal.dominio.errores import TransicionNoPermitida


class EstadoFactura(StrEnum):
    """Stored state of one stamp's factura. *Vencida* is not stored: it follows from the due date."""

    LIQUIDADA = "liquidada"
    EN_VERIFICACION = "en_verificacion"
    LEGALIZADA = "legalizada"
    UTILIZADA = "utilizada"
    REVERTIDA = "revertida"
    SIN_EFECTO = "sin_efecto"


class EventoFactura(StrEnum):
    """What can happen to a factura."""

    PAGO_ENVIADO = "pago_enviado"
    PAGO_NO_REALIZADO = "pago_no_realizado"
    # The same, of a stamp whose earlier payment the bank had taken back.
    PAGO_NO_REALIZADO_DE_REVERTIDA = "pago_no_realizado_de_revertida"
    PAGO_APROBADO = "pago_aprobado"
    # The same, of a stamp that was used before the bank took its payment back: it serves no second act.
    PAGO_APROBADO_DE_USADA = "pago_aprobado_de_usada"
    PAGO_REVERTIDO = "pago_revertido"
    # The agent undid what it had registered as withheld: it never took the money.
    RETENCION_DESHECHA = "retencion_deshecha"
    # Paid without being owed: the money goes back to whoever paid, and the stamp is worth nothing.
    DEVUELTA = "devuelta"
    # Attached to its act and cancelled (adherir y anular); and that act undone, because it was a mistake.
    ADHERIDA = "adherida"
    ADHESION_DESHECHA = "adhesion_deshecha"
    VALOR_CERO = "valor_cero"
    DEJADA_SIN_EFECTO = "dejada_sin_efecto"
    VALOR_CERO_SIN_EFECTO = "valor_cero_sin_efecto"


_F, _EF = EstadoFactura, EventoFactura
TRANSICIONES_FACTURA: Mapping[tuple[EstadoFactura, EventoFactura], EstadoFactura] = MappingProxyType(
    {
        (_F.LIQUIDADA, _EF.PAGO_ENVIADO): _F.EN_VERIFICACION,
        (_F.EN_VERIFICACION, _EF.PAGO_NO_REALIZADO): _F.LIQUIDADA,
        (_F.EN_VERIFICACION, _EF.PAGO_APROBADO): _F.LEGALIZADA,
        # Late money wins over local expiry (I-11): the attempt had been given up, the bank says yes.
        (_F.LIQUIDADA, _EF.PAGO_APROBADO): _F.LEGALIZADA,
        # The bank took the money back: owed again, even if it was used; treasury hears of it.
        (_F.LEGALIZADA, _EF.PAGO_REVERTIDO): _F.REVERTIDA,
        (_F.UTILIZADA, _EF.PAGO_REVERTIDO): _F.REVERTIDA,
        (_F.REVERTIDA, _EF.PAGO_ENVIADO): _F.EN_VERIFICACION,
        (_F.REVERTIDA, _EF.PAGO_APROBADO): _F.LEGALIZADA,
        (_F.EN_VERIFICACION, _EF.PAGO_NO_REALIZADO_DE_REVERTIDA): _F.REVERTIDA,
        (_F.REVERTIDA, _EF.PAGO_APROBADO_DE_USADA): _F.UTILIZADA,
        (_F.EN_VERIFICACION, _EF.PAGO_APROBADO_DE_USADA): _F.UTILIZADA,
        (_F.LEGALIZADA, _EF.RETENCION_DESHECHA): _F.LIQUIDADA,
        (_F.LEGALIZADA, _EF.ADHERIDA): _F.UTILIZADA,
        (_F.UTILIZADA, _EF.ADHESION_DESHECHA): _F.LEGALIZADA,
        (_F.LEGALIZADA, _EF.DEVUELTA): _F.SIN_EFECTO,
        # Nothing is owed for a stamp of $0: it is settled by being assessed (I-16).
        (_F.LIQUIDADA, _EF.VALOR_CERO): _F.LEGALIZADA,
        (_F.LIQUIDADA, _EF.DEJADA_SIN_EFECTO): _F.SIN_EFECTO,
        # The stamp of $0 goes with the assessment it belongs to: nobody paid for it.
        (_F.LEGALIZADA, _EF.VALOR_CERO_SIN_EFECTO): _F.SIN_EFECTO,
    }
)


class EstadoPago(StrEnum):
    """State of one payment attempt at one gateway."""

    CREADO = "creado"
    ENVIADO = "enviado"
    PENDIENTE = "pendiente"
    APROBADO = "aprobado"
    RECHAZADO = "rechazado"
    FALLIDO = "fallido"
    VENCIDO = "vencido"

    @property
    def es_final(self) -> bool:
        """Whether nobody needs to ask the gateway again on account of this state."""
        return self not in ESTADOS_VIVOS


ESTADOS_VIVOS = (EstadoPago.CREADO, EstadoPago.ENVIADO, EstadoPago.PENDIENTE)
_P = EstadoPago
_NO_PAGADO = (_P.RECHAZADO, _P.FALLIDO, _P.VENCIDO)
# origin -> where the gateway's own answer may take the attempt. Approval is reachable from every state without money, because a
# late yes always counts; nothing leaves an approval here: a bank reversal is its own event.
TRANSICIONES_PAGO: Mapping[EstadoPago, tuple[EstadoPago, ...]] = MappingProxyType(
    {
        _P.CREADO: (_P.ENVIADO, _P.PENDIENTE, _P.APROBADO, *_NO_PAGADO),
        _P.ENVIADO: (_P.PENDIENTE, _P.APROBADO, *_NO_PAGADO),
        # Back to the open session: the bank refused the debit, and the gateway still takes another try in it.
        _P.PENDIENTE: (_P.ENVIADO, _P.APROBADO, *_NO_PAGADO),
        _P.RECHAZADO: (_P.APROBADO,),
        _P.FALLIDO: (_P.APROBADO,),
        _P.VENCIDO: (_P.APROBADO,),
        _P.APROBADO: (),
    }
)


class EstadoPublico(StrEnum):
    """The words that people see for a factura (contract.md, "States people see")."""

    LIQUIDADO = "Liquidado"
    POR_RETENCION = "Por retención"
    EN_VERIFICACION = "En verificación"
    LEGALIZADO = "Legalizado"
    UTILIZADA = "Utilizada"
    REVERTIDO = "Pago revertido"
    VENCIDA = "Vencida"
    SIN_EFECTO = "Sin efecto"


# The word of each stored state, before any date is looked at.
PUBLICO: Mapping[EstadoFactura, EstadoPublico] = MappingProxyType(
    {
        _F.LIQUIDADA: EstadoPublico.LIQUIDADO,
        _F.EN_VERIFICACION: EstadoPublico.EN_VERIFICACION,
        _F.LEGALIZADA: EstadoPublico.LEGALIZADO,
        _F.UTILIZADA: EstadoPublico.UTILIZADA,
        _F.REVERTIDA: EstadoPublico.REVERTIDO,
        _F.SIN_EFECTO: EstadoPublico.SIN_EFECTO,
    }
)

# The money of a stamp stands, or nothing was owed for it.
ESTADOS_PAGADOS = (_F.LEGALIZADA, _F.UTILIZADA)
# What a payment may start over.
PAGABLES = (EstadoPublico.LIQUIDADO, EstadoPublico.REVERTIDO)

SIGNIFICADO: Mapping[EstadoPublico, str] = MappingProxyType(
    {
        EstadoPublico.LIQUIDADO: "El pago de la estampilla aún no se ha efectuado.",
        EstadoPublico.POR_RETENCION: "Se cobra por partes, con cada pago que la entidad hace al contratista.",
        EstadoPublico.EN_VERIFICACION: "Hay un pago en proceso en el banco. No pague de nuevo.",
        EstadoPublico.LEGALIZADO: "El pago de la estampilla ha sido realizado correctamente.",
        EstadoPublico.UTILIZADA: "La estampilla ya fue adherida y anulada en un acto.",
        EstadoPublico.REVERTIDO: "El banco devolvió el pago: la estampilla se debe de nuevo.",
        EstadoPublico.VENCIDA: "No se pagó dentro del plazo. Solicite una nueva liquidación.",
        EstadoPublico.SIN_EFECTO: "La liquidación fue dejada sin efecto, o la estampilla se devolvió porque no se debía.",
    }
)


def estado_publico(
    estado: EstadoFactura, fecha_limite: date, hoy: date, *, por_retencion: bool = False
) -> EstadoPublico:
    """The word to show for a factura on the Colombian day `hoy`; an unpaid one past `fecha_limite` is *Vencida*.

    One that is collected with each payment of its contract (`por_retencion`) is never paid as a whole, nor overdue.
    """
    if estado is EstadoFactura.LIQUIDADA and por_retencion:
        return EstadoPublico.POR_RETENCION
    if estado is EstadoFactura.LIQUIDADA and hoy > fecha_limite:
        return EstadoPublico.VENCIDA
    return PUBLICO[estado]


def siguiente_factura(estado: EstadoFactura, evento: EventoFactura) -> EstadoFactura:
    """Where `evento` takes a factura in `estado`. Raises `TransicionNoPermitida` when the table has no such edge."""
    try:
        return TRANSICIONES_FACTURA[estado, evento]
    except KeyError:
        raise TransicionNoPermitida(f"Una factura en estado «{PUBLICO[estado]}» no admite esta operación.") from None


def origenes_factura(evento: EventoFactura) -> tuple[EstadoFactura, ...]:
    """Every state in which `evento` is allowed: the WHERE of a conditional update."""
    return tuple(origen for origen, e in TRANSICIONES_FACTURA if e is evento)


def puede_pasar(desde: EstadoPago, hasta: EstadoPago) -> bool:
    """Whether the gateway's answer may move an attempt from `desde` to `hasta`."""
    return hasta in TRANSICIONES_PAGO[desde]
