"""When the return of a month is due: the one place that knows, for the screens and for whoever files."""

from datetime import date

from portal.models import Agente


def vence_de(agente: Agente, mes: date) -> date | None:
    """The last day to file and deposit `mes` (its first day); None where no norm gives one."""
    return None
