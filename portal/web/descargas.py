"""Files to keep: those that people sent, which never run as a page of ours, and the spreadsheets of the portal."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Response

from portal.db import transaccion
from portal.dominio.archivos import nombre_simple
from portal.dominio.errores import NoExiste
from portal.models import Archivo
from portal.operaciones import archivos
from portal.web.firmas import firma

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def entregar(archivo: Archivo) -> Response:
    """The file as it came, to be kept and never shown, under a policy that runs nothing of it (RFC 6266)."""
    respuesta = Response(archivo.contenido, mimetype=archivo.tipo)
    nombres = {"filename": nombre_simple(archivo.nombre)}
    if nombres["filename"] != archivo.nombre:
        nombres["filename*"] = f"UTF-8''{quote(archivo.nombre, safe='')}"
    respuesta.headers.set("Content-Disposition", "attachment", **nombres)
    respuesta.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return respuesta


def entregar_por_codigo(codigo: str, permitido: Callable[[Archivo], bool]) -> Response:
    """The file behind its code, to an official whom `permitido` lets have it. It is audited, and so is who may not.

    Raises `NoExiste` for a code of nothing and for a file of others alike.
    """
    with transaccion():
        archivo = archivos.abrir(codigo, permitido, firma())
    if archivo is None:
        raise NoExiste("No encontramos ese archivo.")
    return entregar(archivo)


def entregar_libro(contenido: bytes, nombre: str) -> Response:
    """A spreadsheet to keep, as `nombre`.xlsx."""
    return Response(contenido, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{nombre}.xlsx"'})


def entregar_csv(contenido: bytes, nombre: str) -> Response:
    """A table of plain text to keep, as `nombre`.csv."""
    cabeceras = {"Content-Disposition": f'attachment; filename="{nombre}.csv"'}
    return Response(contenido, content_type="text/csv; charset=utf-8", headers=cabeceras)


def entregar_pdf(contenido: bytes, nombre: str) -> Response:
    """A document to read, as `nombre`.pdf."""
    cabeceras = {"Content-Disposition": f'inline; filename="{nombre}.pdf"'}
    return Response(contenido, mimetype="application/pdf", headers=cabeceras)
