"""Setting the scene of the histories, and running many of them from a seed."""

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from portal.db import transaccion
from tests.adhesiones import funcionario
from tests.encargos import oficial
from tests.maquina.actos import ASUNTOS, liquidar
from tests.maquina.auditor import RAPIDAS
from tests.maquina.maquina import INICIO, Historia
from tests.maquina.memoria import EnMemoria
from tests.ordenes import tesorero

# At most, in one history.
PASOS = 15


def preparar(portal: EnMemoria) -> None:
    """What every history begins with: an officer, two people of treasury, two who use stamps, and two liquidaciones."""
    oficial()
    tesorero()
    tesorero()
    for nombre in ("Ana", "Luis"):
        funcionario(nombre)
    with transaccion():
        for n, asunto in enumerate(ASUNTOS):
            liquidar(asunto, f"inicial{n}", INICIO)
    portal.guardar()
    Historia.portal = portal


def contar_historias(cuantas: int, semilla: int, *, a_fondo: bool = False, encoger: bool = True) -> None:
    """Run so many histories from a seed. `a_fondo` asks every invariant after each step instead of once in each history.

    Raises `AssertionError` with the shortest history that breaks the account.
    """
    Historia.cada_paso = RAPIDAS if a_fondo else ()
    opciones = settings(
        max_examples=cuantas,
        stateful_step_count=PASOS,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink] if encoger else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(semilla)(Historia), settings=opciones)
