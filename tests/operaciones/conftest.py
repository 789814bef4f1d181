"""Repeating the races: one good order of two threads proves little."""

import os

import pytest


@pytest.fixture
def _vez() -> int:
    return 0


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With `CARRERAS_VECES`, each race of a module of races runs so many times; controls show theirs at the first."""
    veces = int(os.environ.get("CARRERAS_VECES", "1"))
    nombre = metafunc.function.__name__
    if veces > 1 and metafunc.module.__name__.endswith("carreras") and not nombre.startswith("test_control"):
        metafunc.fixturenames.append("_vez")
        metafunc.parametrize("_vez", range(veces))
