"""When the return of an agent's month falls due."""

from datetime import date

from portal.models import Agente


def vence_de(agente: Agente, mes: date) -> date | None:
    """The last day to file the return of `mes`; None where no norm gives one."""
    return None
