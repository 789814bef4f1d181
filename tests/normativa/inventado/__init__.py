"""Macondo, a department that does not exist: every concept of the engine that the shipped departments have no use for."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.dominio.normativa import Normativa
from portal.operaciones.archivos_normativa import CARPETA, normativa_de_archivos

CODIGO = "macondo"


def con_macondo(destino: Path) -> Path:
    """A copy of the shipped rules with Macondo's beside them."""
    shutil.copytree(CARPETA, destino)
    shutil.copytree(Path(__file__).parent / CODIGO, destino / CODIGO)
    return destino


@cache
def normativa_de_macondo() -> Normativa:
    """Macondo's rules as its files say, without a database."""
    with TemporaryDirectory() as carpeta:
        return normativa_de_archivos(CODIGO, con_macondo(Path(carpeta) / "normativa"))
