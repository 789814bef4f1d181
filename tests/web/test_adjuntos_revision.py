"""What a PDF is inside: honest ones pass whatever made them, the rest is refused, and the review itself is shut in (B-50)."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask

from portal.db import transaccion
from portal.dominio.errores import DatoInvalido
from portal.operaciones import revision_pdf
from portal.operaciones.revision_pdf import BUENO, OBJECIONES, PROGRAMA, dictamen, revisar_pdf
from tests.archivos import pdf
from tests.pdfs import BUENOS, MALOS, bomba_de_contenido

MB = 1024**2
SOLO_SQLITE = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)


@pytest.mark.parametrize("nombre", BUENOS)
def test_el_de_una_persona_honesta_pasa(nombre: str) -> None:
    assert dictamen(BUENOS[nombre](), 50) == BUENO


@pytest.mark.parametrize("nombre", MALOS)
def test_el_que_nadie_deberia_abrir_no_pasa(nombre: str) -> None:
    hacer, palabra = MALOS[nombre]
    assert dictamen(hacer(), 50) == palabra


def test_cada_palabra_del_programa_tiene_una_frase_que_dice_que_hacer() -> None:
    dichas = set(re.findall(r'(?:Objecion\(|return |else )"([a-z_]+)"', PROGRAMA.read_text()))
    assert dichas == {*OBJECIONES, "paginas"}
    assert all(re.search(r"(súbalo|suba esa copia)", frase) for frase in OBJECIONES.values())


@SOLO_SQLITE
def test_no_se_espera_a_la_revision_mientras_se_escribe(app: Flask) -> None:
    with transaccion(), pytest.raises(RuntimeError, match="inside transaccion"):
        revisar_pdf(pdf(), paginas=50)
    revisar_pdf(pdf(), paginas=50)


@pytest.fixture
def programa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in place of the reviewer."""
    otro = tmp_path / "otro.py"
    monkeypatch.setattr(revision_pdf, "PROGRAMA", otro)
    return otro


@SOLO_SQLITE
@pytest.mark.parametrize(
    "cuerpo",
    [
        "raise SystemExit('bueno')",
        "print('bueno', end='', flush=True); raise SystemExit(1)",
        "import os; print('bueno', end='', flush=True); os.kill(os.getpid(), 9)",
        "import os; os.abort()",
        "print('buenobueno' * 100_000)",
        "pass",
        "print('palabra desconocida')",
        "import sys; sys.stdin.close(); print('muy bueno')",
    ],
    ids=["error", "bueno y falla", "bueno y muere", "se cae", "habla de más", "calla", "otra palabra", "no lee"],
)
def test_si_la_revision_no_termina_bien_el_archivo_no_entra(app: Flask, programa: Path, cuerpo: str) -> None:
    programa.write_text(cuerpo)
    with pytest.raises(DatoInvalido, match="No se pudo revisar") as error:
        revisar_pdf(pdf(b"x" * 4 * MB), paginas=50)
    assert error.value.campo == "archivo"


def _vive(pid: int) -> bool:
    try:
        estado = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return estado.rsplit(")", 1)[1].split()[0] != "Z"


def test_lo_que_tarda_se_termina_con_todo_lo_que_empezo(programa: Path, tmp_path: Path) -> None:
    anotado = tmp_path / "pids"
    programa.write_text(
        "import os, signal, pathlib\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "hijo = os.fork()\n"
        f"if hijo: pathlib.Path({str(anotado)!r}).write_text(f'{{os.getpid()}} {{hijo}}')\n"
        "while True: signal.pause()\n"
    )
    assert dictamen(pdf(), 50, segundos=3) == ""
    pids = [int(p) for p in anotado.read_text().split()]
    assert len(pids) == 2
    # Killed is not yet gone: the kernel takes its time on a busy machine.
    plazo = time.monotonic() + 20
    while any(map(_vive, pids)) and time.monotonic() < plazo:
        time.sleep(0.05)
    assert [p for p in pids if _vive(p)] == []


def correr(
    prueba: str, *, encerrado: bool, entrada: bytes = b"", desde: Sequence[str] = (), **cambios: int
) -> subprocess.CompletedProcess[bytes]:
    """Run some statements in a process like the reviewer's, with or without its limits; `desde` starts it."""
    preparar = [
        "import runpy, sys",
        f"m = runpy.run_path({str(PROGRAMA)!r})",
        f"m['encerrar'].__globals__.update({cambios!r})",
        "m['encerrar']()" if encerrado else "",
    ]
    guion = "\n".join([*preparar, prueba])
    return subprocess.run([*desde, sys.executable, "-I", "-c", guion], input=entrada, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("intento", "falla"),
    [
        ("open('/dev/null')", b"Too many open files"),
        ("import _socket; _socket.socket()", b"Too many open files"),
        ("x = bytearray(700_000_000)", b"MemoryError"),
    ],
    ids=["abrir un archivo", "abrir una conexión", "tomar memoria"],
)
def test_el_proceso_esta_encerrado(intento: str, falla: bytes) -> None:
    encerrado = correr(intento, encerrado=True)
    assert (encerrado.returncode, falla in encerrado.stderr) == (1, True)
    assert correr(intento, encerrado=False).returncode == 0, "control: without the limits it may"


def test_no_escribe_mas_que_su_palabra(tmp_path: Path) -> None:
    escrito = tmp_path / "escrito"
    for encerrado, cuanto in ((True, 64), (False, 1_000_000)):
        guion = f"import os; f = os.open({str(escrito)!r}, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)\n"
        limite = "m['encerrar']()\n" if encerrado else ""
        correr(f"{guion}{limite}os.write(f, b'x' * 1_000_000)", encerrado=False)
        assert escrito.stat().st_size == cuanto


def test_no_gasta_procesador_sin_fin_ni_empieza_otros_procesos() -> None:
    hecho = correr("while True: pass", encerrado=True, SEGUNDOS_DE_PROCESADOR=1)
    assert hecho.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
    # Whoever is root forks whatever the limit says; in production nobody serves pages as root.
    dice = correr("import resource; print(resource.getrlimit(resource.RLIMIT_NPROC))", encerrado=True)
    assert dice.stdout.strip() == b"(0, 0)"
    if os.geteuid():
        assert correr("import os; os.fork()", encerrado=True).returncode == 1


def test_una_bomba_no_pasa_de_su_memoria_y_sin_limites_pasaria() -> None:
    """Control: what the file unfolds to would really be taken."""
    medir = (
        "import resource\n"
        "try: m['revisar'](sys.stdin.buffer.read(), 50)\n"
        "except m['Objecion'] as objecion: print(objecion)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    bomba = bomba_de_contenido(400)
    # A process is said to have taken what the one that started it had: a shell in between has nothing.
    desde = ("sh", "-c", '"$@"; exit $?', "sh")
    encerrada = correr(medir, encerrado=True, entrada=bomba, desde=desde).stdout.split()
    suelta = correr(medir, encerrado=False, entrada=bomba, desde=desde).stdout.split()
    assert encerrada[0] == b"enorme"
    assert int(encerrada[-1]) < 400 < int(suelta[-1])


def test_quedarse_sin_memoria_es_un_rechazo(programa: Path) -> None:
    """A stream within every other limit, in a process that has no room for it."""
    programa.write_text(
        "import runpy, sys\n"
        f"m = runpy.run_path({str(PROGRAMA)!r})\n"
        f"m['encerrar'].__globals__['MEMORIA'] = {120 * MB}\n"
        "m['main']()\n"
    )
    apenas = bomba_de_contenido(90)
    assert dictamen(pdf(), 50) == BUENO
    assert dictamen(apenas, 50) in ("enorme", "danado", "")
