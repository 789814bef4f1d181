"""Histories of payments that nobody thought of: no peso lost, none doubled, and in quiet times everything converges."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from portal.operaciones import ordenes, resultados
from tests.maquina.correr import contar_historias, preparar
from tests.maquina.ingenua import aprueba_lo_que_se_propuso, mira_el_estado, sin_fila_unica
from tests.maquina.memoria import EnMemoria, en_memoria

# In two tests, so that two processes share them.
HISTORIAS = int(os.environ.get("MAQUINA_HISTORIAS", "1000"))


@pytest.fixture(scope="module")
def portal(plantilla_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EnMemoria]:
    with en_memoria(plantilla_sqlite, tmp_path_factory.mktemp("maquina")) as uno:
        preparar(uno)
        yield uno


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize("mitad", [1, 2])
def test_ninguna_historia_pierde_ni_duplica_un_peso(mitad: int) -> None:
    semilla = int(os.environ.get("MAQUINA_SEMILLA", "0")) or random.randrange(1, 10**9)
    print(f"MAQUINA_SEMILLA={semilla}")
    contar_historias(HISTORIAS // 2, semilla, encoger=os.environ.get("MAQUINA_ENCOGER") != "no")


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize(
    ("modulo", "hace", "ingenua"),
    [
        (resultados, "aplicar_resultado", mira_el_estado),
        (resultados, "aplicar_resultado", sin_fila_unica),
        (ordenes, "aprobar", aprueba_lo_que_se_propuso),
    ],
)
def test_control_la_aplicacion_ingenua_no_cuadra_con_el_auditor(
    monkeypatch: pytest.MonkeyPatch, modulo: ModuleType, hace: str, ingenua: Callable[..., Any]
) -> None:
    """If the auditor let these pass, the histories above would prove nothing. The first few dozen are enough."""
    monkeypatch.setattr(modulo, hace, ingenua)
    with pytest.raises(AssertionError):
        contar_historias(200, 1, encoger=False)
