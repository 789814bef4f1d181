"""Where the Colombian day begins, and how a day and an instant are told to people."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")
MESES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"
)  # fmt: skip


def dia_en_palabras(dia: date) -> str:
    """A day as people write it.

    >>> dia_en_palabras(date(2026, 11, 21))
    '21 de noviembre de 2026'
    """
    return f"{dia.day} de {MESES[dia.month - 1]} de {dia.year}"


def mes_en_palabras(dia: date) -> str:
    """The month of a day as people write it.

    >>> mes_en_palabras(date(2026, 11, 1))
    'noviembre de 2026'
    """
    return f"{MESES[dia.month - 1]} de {dia.year}"


def instante_en_palabras(instante: datetime) -> str:
    """An aware instant in Colombian time.

    >>> from datetime import UTC
    >>> instante_en_palabras(datetime(2026, 11, 21, 19, 5, tzinfo=UTC))
    '21 de noviembre de 2026, 2:05 p. m.'
    """
    local = instante.astimezone(BOGOTA)
    return f"{dia_en_palabras(local.date())}, {local.hour % 12 or 12}:{local.minute:02d} {'a.' if local.hour < 12 else 'p.'} m."
