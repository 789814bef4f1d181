"""The day on which somebody looks at their work, and what of the department decides its terms."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.dominio.calendario import BOGOTA


@dataclass(frozen=True)
class Jornada:
    """`dias_para_decidir`: working days that the norm gives to decide a refund."""

    departamento: str
    ahora: datetime
    hoy: date
    dias_para_decidir: int


def dia_de(en: datetime) -> date:
    """The Colombian day of an instant."""
    return en.astimezone(BOGOTA).date()
