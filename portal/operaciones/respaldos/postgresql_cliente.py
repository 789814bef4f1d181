"""PostgreSQL's own programs: the only ones that copy and put back a database whole."""

import os
import shutil
import subprocess

from sqlalchemy.engine import URL

from portal.operaciones.respaldos.manifiesto import RespaldoInservible


def correr(programa: str, *argumentos: str, base: URL) -> None:
    """Run `pg_dump` or `pg_restore` on a database. Raises `RespaldoInservible` with what it complained of.

    The password goes in the environment: arguments can be read by every account of the machine.
    """
    ruta = shutil.which(programa)
    if ruta is None:
        raise RespaldoInservible(
            f"Falta el programa {programa}: instale el paquete postgresql-client, de la versión del servidor o una mayor."
        )
    destino = base.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    entorno = {**os.environ, **({"PGPASSWORD": str(base.password)} if base.password else {})}
    hecho = subprocess.run(  # noqa: S603  a program of PostgreSQL's, found where the system keeps them
        [ruta, f"--dbname={destino}", *argumentos], env=entorno, capture_output=True, text=True, check=False
    )
    if hecho.returncode != 0:
        # Names of tables and of versions: what it says quotes no row, because every error stops it.
        quejas = " ".join(hecho.stderr.split())[:400]
        raise RespaldoInservible(f"{programa} no pudo terminar: {quejas}")
