"""Other programs that do the same, to compare with. They run in an environment of their own, which shares nothing with ours."""

import hashlib
import subprocess
import sys
from functools import cache
from pathlib import Path

_AQUI = Path(__file__).resolve().parent
_CANDADO = _AQUI.parent / "requirements.txt"
_ENTORNO = _AQUI.parent / ".pares"


@cache
def python() -> str:
    """The interpreter of the peers, installed from the package index the first time and when their lock changes."""
    interprete = _ENTORNO / "bin" / "python"
    sello = _ENTORNO / f".instalado-{hashlib.sha256(_CANDADO.read_bytes()).hexdigest()[:16]}"
    if not sello.exists():
        print("  installing the peers…", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(_ENTORNO)], check=True)
        orden = [str(interprete), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*orden, "-r", str(_CANDADO)], check=True)
        sello.touch()
    return str(interprete)


def versiones(*paquetes: str) -> str:
    """Which of them are installed, as the report tells it."""
    guion = f"from importlib.metadata import version; print(', '.join(f'{{p}} {{version(p)}}' for p in {paquetes!r}))"
    return subprocess.run([python(), "-c", guion], check=True, capture_output=True, text=True).stdout.strip()
