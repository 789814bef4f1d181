"""A file of counters that is busy is no reason for a process to die."""

import subprocess
import sys
from pathlib import Path

from portal.config.lectura import archivo_sqlite


def test_un_archivo_ocupado_no_se_lleva_el_proceso(tmp_path: Path) -> None:
    """Whoever cannot count lets go of the connection that others count with: never while they do, or Python itself dies."""
    orden = [sys.executable, "-m", "tests.web.contadores_a_la_vez", str(tmp_path / "limites")]
    hecho = subprocess.run(orden, cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, check=False)
    assert hecho.returncode == 0, hecho.stderr
    contadas, negadas = map(int, hecho.stdout.split())
    assert contadas > 0
    assert negadas > 0


def test_lo_que_solo_esta_en_memoria_no_tiene_archivo_de_al_lado() -> None:
    """Nor a name that a file could be given by mistake: its limits are counted in itself."""
    assert archivo_sqlite("sqlite:////var/portal.sqlite") == Path("/var/portal.sqlite")
    for sin_archivo in ("sqlite:///:memory:", "sqlite:///", "postgresql+psycopg:///portal"):
        assert archivo_sqlite(sin_archivo) is None
