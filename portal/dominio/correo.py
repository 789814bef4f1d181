"""Notices by e-mail: which exist, what each one needs to be written, and when a failed delivery is tried again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from email.headerregistry import Address
from types import MappingProxyType
from typing import Any

from portal.dominio.consignaciones import EventoConsignacion
from portal.dominio.errores import DatoInvalido
from portal.dominio.lectura import leer_correo

MAXIMO_ASUNTO = 150
# With these waits a server that is away is tried for more than two days before anybody gives up.
MAXIMO_INTENTOS = 14
_PRIMERA_ESPERA = timedelta(minutes=1)
_ESPERA_MAYOR = timedelta(hours=12)


@dataclass(frozen=True)
class Plantilla:
    """One notice: `correos/<nombre>.txt` and `.html` write it with `datos`, each key with what reads its stored text.

    `asunto` may name any of them between braces.
    """

    nombre: str
    asunto: str
    datos: Mapping[str, Callable[[str], Any]]


_DE_UN_PAGO: Mapping[str, Callable[[str], Any]] = {
    "pago": int,
    "referencia": str,
    "liquidacion": int,
    "total": Decimal,
    "en": datetime.fromisoformat,
}
_DE_UNA_DECLARACION: Mapping[str, Callable[[str], Any]] = {
    "entidad": str,
    "mes": str,
    "version": int,
    "en": datetime.fromisoformat,
}
# `sello` holds the token of a link, sealed: it is opened when the notice is written, and read by nobody before.
_DE_UN_ENLACE: Mapping[str, Callable[[str], Any]] = {"sello": str, "hasta": datetime.fromisoformat}
# Adding a notice is a row here, its two templates, and its links and attachments in `documentos/correo.py`.
_TODAS = (
    Plantilla(
        "pago_aprobado",
        "Pago aprobado: comprobante de la liquidación {liquidacion}",
        {**_DE_UN_PAGO, "cus": str, "banco": str, "excedente": Decimal},
    ),
    Plantilla(
        "pago_sin_debito",
        "Transacción {resultado}: pago de la liquidación {liquidacion}",
        {**_DE_UN_PAGO, "resultado": str},
    ),
    Plantilla("pago_revertido", "El banco devolvió el pago de la liquidación {liquidacion}", _DE_UN_PAGO),
    Plantilla(
        "devolucion",
        "Devolución {devolucion}: {estado}",
        {"pago": int, "devolucion": int, "valor": Decimal, "estado": str, "en": datetime.fromisoformat},
    ),
    Plantilla("pago_no_iniciado", "No se pudo iniciar el pago de la liquidación {liquidacion}", _DE_UN_PAGO),
    Plantilla(
        "recordatorio_declaracion",
        "{aviso}: declaración de estampillas de {mes}",
        {"entidad": str, "mes": str, "vence": date.fromisoformat, "estado": str, "aviso": str},
    ),
    Plantilla(
        "declaracion_aceptada",
        "Aceptada: declaración de estampillas de {mes}, versión {version}",
        {**_DE_UNA_DECLARACION, "declaracion": int, "declarado": Decimal},
    ),
    Plantilla(
        "declaracion_devuelta",
        "Por corregir: declaración de estampillas de {mes}, versión {version}",
        {**_DE_UNA_DECLARACION, "declaracion": int, "motivo": str},
    ),
    Plantilla(
        "consignacion_resuelta",
        "Consignación {consignacion}, mes de {mes}: {estado}",
        {
            "entidad": str,
            "consignacion": int,
            "mes": str,
            "valor": Decimal,
            "estado": str,
            "evento": EventoConsignacion,
            "motivo": str,
            "en": datetime.fromisoformat,
        },
    ),
    Plantilla("invitacion_cuenta", "Elija la contraseña de su cuenta del portal de estampillas", _DE_UN_ENLACE),
    Plantilla("restablecer_contrasena", "Cambie la contraseña de su cuenta del portal de estampillas", _DE_UN_ENLACE),
    Plantilla(
        "aviso_cuenta", "Su cuenta del portal de estampillas: {suceso}", {"suceso": str, "en": datetime.fromisoformat}
    ),
)
PLANTILLAS: Mapping[str, Plantilla] = MappingProxyType({plantilla.nombre: plantilla for plantilla in _TODAS})


def leer_destinatario(texto: str) -> str:
    """The address, ready for a header. Raises `DatoInvalido`; whether anybody reads it, nobody is asked."""
    direccion = leer_correo(texto)
    try:
        Address(addr_spec=direccion)
    except ValueError:
        raise DatoInvalido("La dirección de correo no es válida.", "correo") from None
    return direccion


def leer_datos(plantilla: Plantilla, datos: Mapping[str, str]) -> dict[str, Any]:
    """The stored texts as values for the templates. Raises `DatoInvalido` when they are not its keys or cannot be read."""
    if set(datos) != set(plantilla.datos):
        raise DatoInvalido("Los datos no son los que la plantilla pide.")
    try:
        return {clave: leer(datos[clave]) for clave, leer in plantilla.datos.items()}
    except (ArithmeticError, TypeError, ValueError):
        raise DatoInvalido("Un dato de la plantilla no se puede leer.") from None


def escribir_asunto(plantilla: Plantilla, datos: Mapping[str, str]) -> str:
    """The subject. Raises `DatoInvalido` for one that would not be one line: a header is never folded by its data."""
    asunto = plantilla.asunto.format_map(datos)
    if not asunto.isprintable() or len(asunto) > MAXIMO_ASUNTO:
        raise DatoInvalido("El asunto no es una sola línea corta.")
    return asunto


def espera_antes_de_repetir(intentos: int, azar: float) -> timedelta:
    """How long to wait after `intentos` failed tries: twice as long each time, up to twelve hours, plus up to a half.

    `azar` in [0, 1) spreads the tries, so that what failed together does not come back together.
    """
    espera: timedelta = min(_PRIMERA_ESPERA * 2 ** min(intentos - 1, 20), _ESPERA_MAYOR)
    return espera * (1 + azar / 2)
