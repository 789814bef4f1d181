"""The process that serves the worlds: builds each, says where everything is in one line of JSON, and waits to be told to end.

Its clock stands still from before anything is imported, and what it draws at random comes from a seed.
"""

import json
import os
import random
import secrets
import sys
import threading
import uuid
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine

# A Friday morning in Colombia, with the values of its year published and none of the next one missing yet.
AHORA = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
CLAVE_DEMO = "loros que leen despacio"


def principal(carpeta: Path, nombres: list[str]) -> None:
    """Serve the worlds of these names, with their databases in `carpeta`."""
    with time_machine.travel(AHORA, tick=False), ExitStack() as abiertos:
        _sembrar()
        # Only now: the factories take the day from the moment they are imported.
        from tests.escenas.mundos import MUNDOS
        from tests.escenas.portales import servir

        plantilla: Path | None = None
        dicho: dict[str, Any] = {}
        for nombre in nombres:
            portal = abiertos.enter_context(servir(MUNDOS[nombre], carpeta, plantilla))
            plantilla, dicho[nombre] = portal.plantilla, portal.dicho
        print(json.dumps(dicho), flush=True)
        sys.stdin.read()


def _sembrar() -> None:
    """Codes and keys drawn from one seed, so that two runs show the same. Nothing here is secret."""
    azar, candado = random.Random(20261120), threading.Lock()  # noqa: S311

    def bytes_al_azar(cuantos: int | None = None) -> bytes:
        with candado:
            return azar.randbytes(32 if cuantos is None else cuantos)

    secrets.token_bytes = bytes_al_azar
    uuid.uuid4 = lambda: uuid.UUID(bytes=bytes_al_azar(16), version=4)


if __name__ == "__main__":
    os.environ.update(PORTAL_CLAVE_DEMO=CLAVE_DEMO, PYTHONWARNINGS="ignore")
    principal(Path(sys.argv[1]), sys.argv[2:])
