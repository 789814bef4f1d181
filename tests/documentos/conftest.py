"""Documents need templates and filters, not a database: a bare application is enough."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.web import filtros


@pytest.fixture(autouse=True)
def papel() -> Iterator[Flask]:
    """The context in which templates are rendered."""
    aplicacion = Flask("portal")
    filtros.init_app(aplicacion)
    with aplicacion.app_context():
        yield aplicacion
