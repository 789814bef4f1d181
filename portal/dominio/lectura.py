"""Reading what people type, in a form or in a spreadsheet: dates, percentages, addresses to write and call to."""

import re
from datetime import date, datetime, time
from decimal import Decimal

from portal.dominio.calendario import BOGOTA
from portal.dominio.dinero import leer_pesos
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_documento

_CORREO = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


def leer_correo(texto: str) -> str:
    """An e-mail address of at most 80 characters, the gateway's limit. Raises `DatoInvalido`."""
    limpio = texto.strip()
    if len(limpio) > 80 or not _CORREO.fullmatch(limpio) or ".." in limpio:
        raise DatoInvalido("Escriba un correo electrónico, por ejemplo nombre@correo.com.", "correo")
    return limpio


def leer_telefono(texto: str) -> str:
    """A Colombian phone number: seven to ten digits, `+57`, spaces, dots and hyphens allowed. Raises `DatoInvalido`."""
    limpio = re.sub(r"[ .()-]", "", texto.strip())
    if not re.fullmatch(r"(\+57)?[0-9]{7,12}", limpio):
        raise DatoInvalido("Escriba el teléfono solo con números, por ejemplo 3001234567.", "telefono")
    return limpio


def leer_fecha(texto: str) -> date:
    """A date as the browser's own field sends it (`2025-02-03`), or typed `03/02/2025`. Raises `DatoInvalido`."""
    limpio = texto.strip()
    for forma, largo in (("%Y-%m-%d", 10), ("%d/%m/%Y", 10)):
        try:
            leida = datetime.strptime(limpio, forma).date()  # noqa: DTZ007  a calendar day has no time zone
        except ValueError:
            continue
        if len(limpio) == largo and limpio.isascii() and leida.year >= 1990:
            return leida
    raise DatoInvalido("Escriba una fecha que exista, por ejemplo 03/02/2025.")


def leer_momento(texto: str) -> datetime:
    """A day with its hour in Colombia, as the browser sends it (`2025-02-03T14:30`) or typed `03/02/2025 14:30`; aware.

    Raises `DatoInvalido`.
    """
    dia, _, hora = texto.strip().replace("T", " ").partition(" ")
    leida = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(:00)?", hora.strip())
    if leida is None:
        raise DatoInvalido("Escriba la fecha y la hora, por ejemplo 03/02/2025 14:30.")
    return datetime.combine(leer_fecha(dia), time(int(leida[1]), int(leida[2])), BOGOTA)


def leer_porcentaje(texto: str) -> Decimal:
    """A percentage from 0 to 100 with at most six decimals: `3`, `3,5`, `3 %`. Raises `DatoInvalido`."""
    limpio = texto.strip().removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,3}(,[0-9]{1,6})?", limpio) or Decimal(limpio.replace(",", ".")) > 100:
        raise DatoInvalido("Escriba un porcentaje de 0 a 100, por ejemplo 69,9.")
    return Decimal(limpio.replace(",", "."))


def leer_valor(texto: str) -> Decimal:
    """Pesos above zero. Raises `DatoInvalido`."""
    valor = leer_pesos(texto)
    if valor == 0:
        raise DatoInvalido("El valor debe ser mayor que cero.")
    return valor


def leer_nit(texto: str) -> str:
    """A NIT without its check digit. Raises `DatoInvalido`."""
    return leer_documento("NIT", texto)


def leer_vigencia(texto: str) -> int:
    """A fiscal year of four digits. Raises `DatoInvalido`."""
    limpio = texto.strip()
    if not (len(limpio) == 4 and limpio.isascii() and limpio.isdigit() and 1990 <= int(limpio) <= 2200):
        raise DatoInvalido("Escriba el año de la vigencia con cuatro números, por ejemplo 2025.", "vigencia")
    return int(limpio)


def leer_consecutivo(texto: str) -> int:
    """The number of a factura or of a liquidación; dots and spaces that group its thousands are dropped. Raises `DatoInvalido`.

    >>> leer_consecutivo(" 238.076 ")
    238076
    """
    limpio = re.sub(r"[.\s]", "", texto)
    if not re.fullmatch(r"[0-9]{1,15}", limpio) or int(limpio) == 0:
        raise DatoInvalido("Escriba el número completo, solo con números, por ejemplo 238076.")
    return int(limpio)


def leer_cus_o_referencia(texto: str) -> str:
    """The CUS of a PSE transaction, or our reference of a payment: upper case, no spaces. Raises `DatoInvalido`.

    >>> leer_cus_o_referencia(" l12-ab cd ")
    'L12-ABCD'
    """
    limpio = re.sub(r"\s+", "", texto).upper()
    if not re.fullmatch(r"[A-Z0-9._-]{4,60}", limpio):
        raise DatoInvalido("Escriba el CUS o la referencia completos, con sus letras y números.", "dato")
    return limpio
