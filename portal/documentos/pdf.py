"""HTML to PDF/A-3, laid out by a process of its own that is ended when a document takes too long or too much.

Each process that serves pages has one press (`prensa.py`), started with its first document and kept: a document waits for
it in a short queue. The press holds neither settings nor connections, so a document that took hold of it would find nothing.
What was laid out a moment ago is given again (`guardados`): who downloads twice does not wait twice.
"""

import atexit
import os
import re
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from portal.documentos import prensa
from portal.documentos.guardados import Guardados
from portal.documentos.turnos import EN_COLA, SEGUNDOS_DE_COLA, Cola
from portal.dominio.errores import DocumentoImposible

PROGRAMA = Path(prensa.__file__)
# A liquidación with two hundred stamps stays below it.
MAXIMO_CARACTERES = 1_000_000
# Breaking one endless word into lines takes time that grows with its square. The longest field of the portal has 1.000
# characters, up to five times as many once escaped.
MAXIMO_PALABRA = 6_000
_PALABRA_INTERMINABLE = re.compile(rf"[^ \t\r\n<]{{{MAXIMO_PALABRA + 1}}}")
# A liquidación with two hundred stamps takes less than a fourth of each.
SEGUNDOS_DE_PROCESADOR = 10
MEGAS = 1024
# For a press that waits for something, or that a busy machine gives no turn.
SEGUNDOS = 60.0
_SEGUNDOS_DE_ARRANQUE = 60.0
# What its libraries leak is given back by starting anew.
_DOCUMENTOS_POR_PROCESO = 500
# Nothing else of the environment reaches the press: no address of a database, no secret.
_ENTORNO = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "LANG", "LC_ALL", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
_NO_SE_PUDO = "No se pudo imprimir este documento. Escríbanos para enviárselo."


@dataclass(frozen=True)
class Adjunto:
    """A file that travels inside the document, with the same data for machines; its name's ending tells its type."""

    nombre: str
    descripcion: str
    contenido: bytes


def generar_pdf(html: str, adjuntos: Sequence[Adjunto] = ()) -> bytes:
    """Lay out a whole HTML page as a tagged PDF/A-3 (level A) file.

    The style is `documento.css`; language and title are those of the HTML. Only `adjuntos` are attached, whatever the HTML
    says. Raises `DocumentoImposible` and, when too many wait, `ServicioOcupado`.
    """
    if len(html) > MAXIMO_CARACTERES or _PALABRA_INTERMINABLE.search(html):
        raise DocumentoImposible(_NO_SE_PUDO, "the document or one of its words is too long")
    return _archivo.imprimir(html, adjuntos)


def huella_de_contenido(html: str, adjuntos: Sequence[Adjunto] = ()) -> str:
    """SHA-256 of all that decides the bytes of a document but for the libraries that lay it out."""
    estilo = prensa.HOJA_DE_ESTILO.read_bytes()
    partes = [html.encode(), estilo, *(parte for a in adjuntos for parte in (a.nombre.encode(), a.contenido))]
    return sha256(b"".join(len(parte).to_bytes(8, "big") + parte for parte in partes)).hexdigest()


@dataclass(frozen=True)
class Limites:
    """Of one document: seconds by the clock and of processor, memory; and how many may wait for their turn, and how long."""

    segundos: float = SEGUNDOS
    segundos_de_procesador: int = SEGUNDOS_DE_PROCESADOR
    megas: int = MEGAS
    en_cola: int = EN_COLA
    segundos_de_cola: float = SEGUNDOS_DE_COLA


class Imprenta:
    """A press and its queue; one document at a time."""

    def __init__(self, limites: Limites = Limites()) -> None:
        self.limites = limites
        self._proceso: subprocess.Popen[bytes] | None = None
        self._conexion: socket.socket | None = None
        self._impresos = 0
        self.cola = Cola(limites.en_cola, limites.segundos_de_cola)

    def imprimir(self, html: str, adjuntos: Sequence[Adjunto] = ()) -> bytes:
        """The document. Raises `DocumentoImposible` when it cannot be laid out within the limits, and `ServicioOcupado`."""
        with self.cola.turno():
            return self._imprimir(html, adjuntos)

    def _imprimir(self, html: str, adjuntos: Sequence[Adjunto]) -> bytes:
        conexion = self._lista()
        partes = [p for a in adjuntos for p in (a.nombre.encode(), a.descripcion.encode(), a.contenido)]
        conexion.settimeout(self.limites.segundos)
        try:
            prensa.enviar(conexion, html.encode(), *partes)
            palabra, contenido = prensa.recibir(conexion)
        except (prensa.Colgaron, OSError) as error:
            self.detener()
            raise DocumentoImposible(_NO_SE_PUDO, f"the press was ended: {type(error).__name__}") from None
        self._impresos += 1
        if palabra == prensa.PDF:
            return contenido
        # What is left of its memory after such a document is not for the next one.
        self.detener()
        if palabra == prensa.IMPOSIBLE:
            raise DocumentoImposible(_NO_SE_PUDO, contenido.decode())
        raise RuntimeError(f"the press failed: {contenido.decode()}")

    def _lista(self) -> socket.socket:
        """The connection to a press that waits for a document, another one if the last ended."""
        vive = self._proceso is not None and self._proceso.poll() is None
        if self._conexion is None or not vive or self._impresos >= _DOCUMENTOS_POR_PROCESO:
            self.detener()
            self._conexion = self._arrancar()
        return self._conexion

    def _arrancar(self) -> socket.socket:
        topes = [str(self.limites.segundos_de_procesador), str(self.limites.megas)]
        nuestra, suya = socket.socketpair()
        with suya:
            self._proceso = subprocess.Popen(  # noqa: S603  our own program
                [sys.executable, "-I", str(PROGRAMA), *topes],
                stdin=suya.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={nombre: os.environ[nombre] for nombre in _ENTORNO if nombre in os.environ},
                cwd="/",
                start_new_session=True,
            )
        nuestra.settimeout(_SEGUNDOS_DE_ARRANQUE)
        self._impresos = 0
        try:
            prensa.recibir(nuestra)
        except (prensa.Colgaron, OSError):
            nuestra.close()
            self.detener()
            raise RuntimeError("the press did not start") from None
        return nuestra

    def detener(self) -> None:
        """End the press, whatever it is doing; the next document starts another."""
        if self._conexion is not None:
            self._conexion.close()
            self._conexion = None
        if self._proceso is not None:
            self._proceso.kill()
            with suppress(ChildProcessError):
                self._proceso.wait()
            self._proceso = None

    def olvidar(self) -> None:
        """In a copy of the process: the press is the original's, which alone may talk to it."""
        if self._conexion is not None:
            self._conexion.close()
        self._proceso = self._conexion = None
        self.cola.abrir()


class Archivo:
    """A press that lays out only what it did not lay out a moment ago."""

    def __init__(self, imprenta: Imprenta, guardados: Guardados) -> None:
        self.imprenta, self._guardados = imprenta, guardados

    def imprimir(self, html: str, adjuntos: Sequence[Adjunto] = ()) -> bytes:
        """As the press does. Equal content gives equal bytes, so nobody can tell one that was kept."""
        llave = _llave(html, adjuntos)
        documento = self._guardados.dar(llave)
        if documento is None:
            documento = self.imprenta.imprimir(html, adjuntos)
            self._guardados.guardar(llave, documento)
        return documento

    def olvidar(self) -> None:
        """In a copy of the process."""
        self.imprenta.olvidar()
        self._guardados.vaciar()


def _llave(html: str, adjuntos: Sequence[Adjunto]) -> bytes:
    """The digest of all that decides the bytes of a document, each thing with its length."""
    dichas = (parte for a in adjuntos for parte in (a.nombre.encode(), a.descripcion.encode(), a.contenido))
    partes = [_molde(), html.encode(), *dichas]
    return sha256(b"".join(len(parte).to_bytes(8, "big") + parte for parte in partes)).digest()


@cache
def _molde() -> bytes:
    """What is the same for every document of this process: the press, its files and its library."""
    archivos = [PROGRAMA, *prensa.ARCHIVOS]
    bibliotecas = (version(una).encode() for una in ("weasyprint", "segno"))
    partes = [*bibliotecas, *(sha256(archivo.read_bytes()).digest() for archivo in archivos)]
    return b"".join(partes)


_archivo = Archivo(Imprenta(), Guardados())
atexit.register(_archivo.imprenta.detener)
os.register_at_fork(after_in_child=_archivo.olvidar)
