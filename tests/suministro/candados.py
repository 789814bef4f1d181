"""The hashed locks, read as they stand: no package is asked for anything, and no network."""

import re
from dataclasses import dataclass
from pathlib import Path

RAIZ = Path(__file__).resolve().parents[2]
PRODUCCION = RAIZ / "requirements.txt"
PRUEBAS = RAIZ / "tests/requirements.txt"
SEGURIDAD = RAIZ / ".ci/seguridad/requirements.txt"
_LINEA = re.compile(
    r"(?P<nombre>[a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==(?P<version>[^ ;\\]+)(?: ; (?P<donde>[^\\]+?))? \\$"
)


@dataclass(frozen=True)
class Paquete:
    """One line of a lock. `donde`: the marker of its machines; empty for all. `huellas`: SHA-256 of its files."""

    nombre: str
    version: str
    donde: str
    huellas: tuple[str, ...]

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.nombre}@{self.version}"


def leer(candado: Path) -> list[Paquete]:
    """The packages of a lock, by name. Raises `ValueError` for a line that is not understood, or without hashes."""
    bloques: list[list[str]] = []
    for linea in candado.read_text(encoding="utf-8").splitlines():
        if not linea.startswith((" ", "#")):
            bloques.append([])
        if linea.strip() and not linea.strip().startswith("#"):
            bloques[-1].append(linea)
    return [_paquete(bloque) for bloque in bloques]


def _paquete(bloque: list[str]) -> Paquete:
    partes = _LINEA.fullmatch(bloque[0])
    huellas = tuple(sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", "\n".join(bloque[1:]))))
    if partes is None or not huellas:
        raise ValueError(f"not a hashed line of a lock: {bloque[0]!r}")
    return Paquete(partes["nombre"], partes["version"], partes["donde"] or "", huellas)
