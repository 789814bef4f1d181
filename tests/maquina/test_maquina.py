"""Histories of payments that nobody thought of: no peso lost, none doubled, and in quiet times everything converges."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.maquina.maquina import Historia, preparar
from tests.maquina.memoria import EnMemoria, en_memoria

HISTORIAS = int(os.environ.get("MAQUINA_HISTORIAS", "1000"))


@pytest.fixture(scope="module")
def portal(plantilla_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnMemoria]:
    with en_memoria(plantilla_sqlite, tmp_path_factory.mktemp("maquina")) as uno:
        preparar(uno)
        yield uno


def test_ninguna_historia_pierde_ni_duplica_un_peso(portal: EnMemoria) -> None:
    run_state_machine_as_test(
        Historia,
        settings=settings(
            max_examples=HISTORIAS,
            stateful_step_count=20,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            phases=[Phase.generate, Phase.shrink] if not os.environ.get("SIN_ENCOGER") else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
