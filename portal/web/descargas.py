"""Files to keep: those that people sent, which never run as a page of ours, and the spreadsheets of the portal."""

from io import BytesIO

from flask import Response, send_file

from portal.models import Archivo

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def entregar(archivo: Archivo) -> Response:
    """The file as it came, under a policy that runs nothing of it."""
    respuesta = send_file(
        BytesIO(archivo.contenido), mimetype=archivo.tipo, as_attachment=True, download_name=archivo.nombre
    )
    respuesta.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return respuesta


def entregar_libro(contenido: bytes, nombre: str) -> Response:
    """A spreadsheet to keep, as `nombre`.xlsx."""
    return Response(contenido, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{nombre}.xlsx"'})


def entregar_csv(contenido: bytes, nombre: str) -> Response:
    """A table of plain text to keep, as `nombre`.csv."""
    cabeceras = {"Content-Disposition": f'attachment; filename="{nombre}.csv"'}
    return Response(contenido, content_type="text/csv; charset=utf-8", headers=cabeceras)
