"""`python -m tests.enumeracion [--consultas N] [--semilla S]`."""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from tests.enumeracion.campana import principal

if __name__ == "__main__":
    opciones = argparse.ArgumentParser()
    opciones.add_argument("--consultas", type=int, default=10_000)
    opciones.add_argument("--semilla", type=int, default=0)
    pedidas = opciones.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="portal-enumeracion-") as carpeta:
        sys.exit(0 if principal(pedidas.consultas, pedidas.semilla, Path(carpeta)) else 1)
