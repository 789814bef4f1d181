"""What a PDF is inside, found by a process of its own that cannot hurt the portal whatever the file does to it.

`reconocer` says what the bytes seem to be; this opens them. Nobody's PDF is opened in the process that serves pages.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from portal.db import fuera_de_transaccion
from portal.dominio.errores import DatoInvalido

PROGRAMA = Path(__file__).with_name("revisor_pdf.py")
SEGUNDOS = 15.0
BUENO = "bueno"
# How many at once in this process, and how long another waits for its turn: each may take a processor and half a gigabyte.
_TURNOS = threading.BoundedSemaphore(2)
_SEGUNDOS_DE_TURNO = 20.0
_LARGO_DE_PALABRA = 64
_IMPRIMIR = "Ábralo, elija Imprimir, Guardar como PDF, y suba esa copia."
OBJECIONES: Mapping[str, str] = {
    "contrasena": "El PDF tiene contraseña. Guárdelo sin ella y súbalo de nuevo.",
    "protegido": f"El PDF está protegido. {_IMPRIMIR}",
    "activo": f"El PDF trae instrucciones que se ejecutan solas. {_IMPRIMIR}",
    "adjuntos": f"El PDF trae otros archivos por dentro. {_IMPRIMIR}",
    "xfa": f"El PDF es un formulario que no todos los programas abren. {_IMPRIMIR}",
    "enlace": f"El PDF tiene un enlace que no lleva a una página de internet. {_IMPRIMIR}",
    "doble": f"El archivo es un PDF y otra cosa al mismo tiempo. {_IMPRIMIR}",
    "danado": f"El PDF está dañado o incompleto. {_IMPRIMIR}",
    "sin_paginas": "El PDF no tiene páginas. Revise que sea el archivo correcto y súbalo de nuevo.",
    "enorme": "El PDF ocupa demasiado al abrirlo. Guárdelo o escanéelo con menos resolución y súbalo de nuevo.",
}
_SIN_RESPUESTA = f"No se pudo revisar el PDF. {_IMPRIMIR}"
_OCUPADO = "El portal está revisando otros archivos. Espere un minuto y envíelo de nuevo."


def revisar_pdf(contenido: bytes, *, paginas: int) -> None:
    """Refuse a PDF that is damaged, locked, active, made to exhaust whoever opens it, or has more than `paginas` pages.

    It takes some tenths of a second, so it is called before writing: inside `transaccion()` it raises `RuntimeError`.
    Raises `DatoInvalido` (campo `archivo`) with what to do, also when the review itself could not end.
    """
    fuera_de_transaccion()
    if not _TURNOS.acquire(timeout=_SEGUNDOS_DE_TURNO):
        raise DatoInvalido(_OCUPADO, "archivo")
    try:
        palabra = dictamen(contenido, paginas)
    finally:
        _TURNOS.release()
    if palabra == "paginas":
        raise DatoInvalido(f"El PDF tiene más de {paginas} páginas. Suba solo las que hacen falta.", "archivo")
    if palabra != BUENO:
        raise DatoInvalido(OBJECIONES.get(palabra, _SIN_RESPUESTA), "archivo")


def dictamen(contenido: bytes, paginas: int, *, segundos: float = SEGUNDOS) -> str:
    """The word of the program about a file; empty when it was ended before it had one."""
    orden = [sys.executable, "-I", str(PROGRAMA), str(paginas)]
    # A file and not a pipe: the program's own limit keeps it short, whatever took hold of the program.
    with tempfile.TemporaryFile() as respuesta:
        proceso = subprocess.Popen(  # noqa: S603  our own program
            orden,
            stdin=subprocess.PIPE,
            stdout=respuesta,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        try:
            proceso.communicate(contenido, timeout=segundos)
        except subprocess.TimeoutExpired:
            return ""
        finally:
            _terminar(proceso)
        respuesta.seek(0)
        palabra = respuesta.read(_LARGO_DE_PALABRA).decode("ascii", "replace")
    return palabra if proceso.returncode == 0 else ""


def _terminar(proceso: subprocess.Popen[bytes]) -> None:
    """End the program and whatever it began; nothing is left of it."""
    if proceso.poll() is None:
        os.killpg(proceso.pid, signal.SIGKILL)
    proceso.wait()
