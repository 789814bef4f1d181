"""What an answer is judged by, and what is kept of one that failed."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

from portal.web.seguridad import DE_TODOS

TRAZAS = ("Traceback (most recent call last)", "werkzeug.debug", "sqlalchemy.exc", "jinja2.exceptions")


@dataclass
class Peticion:
    """What was sent, enough to read it in a report."""

    rol: str
    metodo: str
    direccion: str
    consulta: str = ""
    datos: Sequence[tuple[str, Any]] | bytes | None = None
    tipo: str | None = None
    cabeceras: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Falla:
    """What came out that must not, and from which request of which batch."""

    que: str
    semilla: int
    numero: int
    peticion: Peticion
    detalle: str = ""


class Escucha(logging.Handler):
    """Everything that is logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lineas: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        traza = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self.lineas.append(f"{record.name} {record.getMessage()} {traza}")


def sin_cabecera(respuesta: TestResponse, extremo: str) -> list[str]:
    """What an answer lacks of what all must carry (T-10)."""
    c = respuesta.headers
    faltan = []
    if "default-src 'none'" not in c.get("Content-Security-Policy", "") or "unsafe" in c.get(
        "Content-Security-Policy", ""
    ):
        faltan.append("Content-Security-Policy")
    if c.get("X-Content-Type-Options") != "nosniff":
        faltan.append("X-Content-Type-Options")
    if extremo not in DE_TODOS and c.get("Cache-Control") != "no-store":
        faltan.append("Cache-Control")
    for galleta in c.getlist("Set-Cookie"):
        if not ("HttpOnly" in galleta and "SameSite=Lax" in galleta and "Path=/" in galleta):
            faltan.append(f"Set-Cookie {galleta.split('=', 1)[0]}")
    return faltan
