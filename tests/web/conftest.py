"""What the screens of an officer start from: the day, who signed in, whose installation it is."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.conftest import AHORA, ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_liquidar import instalar


@pytest.fixture
def dia_con_valores() -> Iterator[None]:
    """A day of a year whose values are published."""
    with time_machine.travel(AHORA, tick=True):
        yield


@pytest.fixture
def rentas(client: ClienteEstricto) -> ClienteEstricto:
    """A revenue officer of Putumayo."""
    ingresar(client, "rentas")
    return client


@pytest.fixture
def cundinamarca(rentas: ClienteEstricto, app: Flask) -> ClienteEstricto:
    """A revenue officer of Cundinamarca."""
    instalar(app, "cundinamarca")
    return rentas


@pytest.fixture
def narino(rentas: ClienteEstricto, app: Flask) -> ClienteEstricto:
    """A revenue officer of Nariño."""
    instalar(app, "narino")
    return rentas
