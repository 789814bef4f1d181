"""A file of counters that is busy is no reason for a process to die."""

import subprocess
import sys
from pathlib import Path


def test_un_archivo_ocupado_no_se_lleva_el_proceso(tmp_path: Path) -> None:
    """Whoever cannot count lets go of the connection that others count with: never while they do, or Python itself dies."""
    orden = [sys.executable, "-m", "tests.web.contadores_a_la_vez", str(tmp_path / "limites")]
    hecho = subprocess.run(orden, cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, check=False)
    assert hecho.returncode == 0, hecho.stderr
    contadas, negadas = map(int, hecho.stdout.split())
    assert contadas > 0
    assert negadas > 0
