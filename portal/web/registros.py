"""The log: one line for each event, as text for a person or as JSON for a machine, on the error output and nowhere else.

Nobody's data go in it: the route's name and not its address, the type and place of an error and not its words. What others
write (the server, a library) is cleaned of e-mails, long numbers and addresses. Whatever fails here stops nothing (F-40).
"""

import json
import logging
import re
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from portal.web.seguridad import peticion_id

registro = logging.getLogger(__name__)
_NOMBRE = "portal"
_RUIDOSOS = ("alembic", "httpx2", "weasyprint", "fontTools")
_CALLADAS = frozenset({"static", "publico.salud", "apariencia.colores"})
_CORREO = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,255}")
_NUMERO = re.compile(r"\d{6,}")
_DIRECCION = re.compile(r"(?:https?://|(?<![\w.])/)[^\s\"']+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MAXIMO = 2000


def configurar(formato: str) -> None:
    """Send the log of this process to the error output in that form. Done again, it changes the form."""
    raiz = logging.getLogger()
    propia = next((h for h in raiz.handlers if h.name == _NOMBRE), None)
    if propia is None:
        if raiz.handlers and formato == "texto":
            return  # whoever runs this process reads its log already
        propia = logging.StreamHandler()
        propia.name = _NOMBRE
        raiz.addHandler(propia)
        raiz.setLevel(logging.INFO)
    propia.setFormatter(FormatoJson() if formato == "json" else FormatoTexto())
    for ruidoso in _RUIDOSOS:
        logging.getLogger(ruidoso).setLevel(logging.WARNING)
    # A log that cannot be written (a full disk, a closed pipe) is lost in silence.
    logging.raiseExceptions = False


def init_app(app: Flask, formato: str) -> None:
    """Time each request, and tell it when the log is for machines."""
    configurar(formato)
    app.before_request(_empezar)
    if formato == "json":
        app.after_request(_contar)


def _empezar() -> None:
    g.comienzo = time.perf_counter()


def milisegundos() -> int:
    """How long this request has taken."""
    return int((time.perf_counter() - g.get("comienzo", time.perf_counter())) * 1000)


def _contar(respuesta: Response) -> Response:
    if request.endpoint not in _CALLADAS:
        datos = {
            "metodo": request.method if request.method in _METODOS else "otro",
            "ruta": request.endpoint or "ninguna",
            "estado": respuesta.status_code,
            "ms": milisegundos(),
        }
        registro.info("petición", extra={"datos": datos})
    return respuesta


_METODOS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"})


class FormatoTexto(logging.Formatter):
    """A line that nobody can break in two."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        momento = datetime.fromtimestamp(record.created, UTC).astimezone().isoformat(sep=" ", timespec="seconds")
        partes = [momento, record.levelname, record.name, suceso(record)]
        datos = getattr(record, "datos", None)
        return " ".join([*partes, *([json.dumps(datos, default=str)] if datos else []), *lugar(record)])


class FormatoJson(logging.Formatter):
    """`en` (UTC), `nivel`, `de`, `suceso`; `peticion` and whatever the event carries, when there is any. ASCII, one line."""

    def format(self, record: logging.LogRecord) -> str:
        en = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        linea: dict[str, Any] = {"en": en, "nivel": record.levelname, "de": record.name, "suceso": suceso(record)}
        if has_request_context():
            linea["peticion"] = peticion_id()
        linea |= getattr(record, "datos", None) or {}
        for error in lugar(record):
            linea["error"] = error
        return json.dumps(linea, ensure_ascii=True, default=str)


def suceso(record: logging.LogRecord) -> str:
    """What happened, in one line; what strangers say of it, without what could be somebody's."""
    dicho = _CONTROL.sub(" ", record.getMessage())[:_MAXIMO]
    if record.name.partition(".")[0] != "portal":
        for forma, en_su_lugar in ((_CORREO, "[correo]"), (_DIRECCION, "[dirección]"), (_NUMERO, "[número]")):
            dicho = forma.sub(en_su_lugar, dicho)
    return dicho


def lugar(record: logging.LogRecord) -> list[str]:
    """The kind and place of the error that a record carries: its own words may quote what a person typed."""
    if not record.exc_info or record.exc_info[0] is None:
        return []
    pasos, traza = [], record.exc_info[2]
    while traza is not None:
        codigo = traza.tb_frame.f_code
        pasos.append(f"{codigo.co_filename.rsplit('/', 2)[-1]}:{traza.tb_lineno}")
        traza = traza.tb_next
    return [f"{record.exc_info[0].__name__} <- " + " <- ".join(reversed(pasos[-12:]))]
