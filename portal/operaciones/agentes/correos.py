"""What an entity is told by e-mail of what the department decides: of each return and of each deposit, once each."""

from datetime import datetime

from portal.dominio.calendario import mes_en_palabras
from portal.dominio.consignaciones import EventoConsignacion
from portal.dominio.declaraciones import EstadoConsignacion
from portal.models import Agente, Consignacion, Declaracion
from portal.operaciones.correos import encolar

# As the pages of deposits say it, within a sentence.
_ESTADOS = {
    EstadoConsignacion.ACEPTADA: "aceptada",
    EstadoConsignacion.RECHAZADA: "rechazada",
    EstadoConsignacion.REVERTIDA: "devuelta por el banco",
}


def avisar_de_la_aceptada(declaracion: Declaracion, *, ahora: datetime) -> None:
    """Write the notice that the department accepted a version, if its entity left an address."""
    _de_declaracion(declaracion, "declaracion_aceptada", ahora, declarado=str(declaracion.declarado))


def avisar_de_la_devuelta(declaracion: Declaracion, *, ahora: datetime) -> None:
    """Write the notice that a version was given back, or its correction asked for, with the reason."""
    _de_declaracion(declaracion, "declaracion_devuelta", ahora, motivo=declaracion.motivo_devolucion)


def avisar_de_la_consignacion(consignacion: Consignacion, evento: EventoConsignacion, *, ahora: datetime) -> None:
    """Write the notice of what treasury or the bank did with a deposit, which is where `evento` took it."""
    agente = consignacion.agente
    datos = {
        "entidad": agente.nombre,
        "consignacion": str(consignacion.numero),
        "mes": mes_en_palabras(consignacion.mes),
        "valor": str(consignacion.valor),
        "estado": _ESTADOS[consignacion.estado],
        "evento": evento.value,
        "motivo": consignacion.motivo,
        "en": ahora.isoformat(),
    }
    # No event happens twice to a deposit, nor to a version: their graphs never come back.
    _encolar(agente, f"consignacion:{consignacion.codigo}:{evento.value}", "consignacion_resuelta", datos, ahora)


def _de_declaracion(una: Declaracion, plantilla: str, ahora: datetime, **otros: str) -> None:
    datos = {
        "entidad": una.agente.nombre,
        "mes": mes_en_palabras(una.mes),
        "version": str(una.version),
        "declaracion": str(una.numero),
        "en": ahora.isoformat(),
    }
    _encolar(una.agente, f"{plantilla}:{una.codigo}", plantilla, datos | otros, ahora)


def _encolar(agente: Agente, clave: str, plantilla: str, datos: dict[str, str], ahora: datetime) -> None:
    if agente.correo:
        encolar(clave, agente.correo, plantilla, datos, ahora=ahora)
