"""Handing back the files that people sent: always as a download, so that whatever they hold never runs as a page of ours."""

from io import BytesIO

from flask import Response, send_file

from portal.models import Archivo


def entregar(archivo: Archivo) -> Response:
    """The file as it came, under a policy that runs nothing of it."""
    respuesta = send_file(
        BytesIO(archivo.contenido), mimetype=archivo.tipo, as_attachment=True, download_name=archivo.nombre
    )
    respuesta.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return respuesta
