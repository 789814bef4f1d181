"""The steps of an officer at the screens, for tests."""

import html
import re
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.db import db
from portal.models import Liquidacion
from portal.web.departamento import leer_departamento
from tests.navegador_de_pruebas import ClienteEstricto

NUEVA = "/gestion/liquidaciones/nueva"
HX = {"HX-Request": "true"}
CONTRATO = {
    "tipo_documento": "NIT",
    "documento": "901805364-1",
    "nombre": "UNION TEMPORAL PUTUMAYO SEGURO 20/24",
    "clase": "consorcio",
    "direccion": "carrera 5",
    "telefono": "3001234567",
    "correo": "prueba@correo.test",
    "valor": "46.911.499",
    "contratante": "GOBERNACION DEL PUTUMAYO",
    "contratante_nit": "",
    "numero_contrato": "647",
    "numero_proceso": "123456789",
    "tipo_contrato": "seguros",
    "fecha_contrato": "2025-02-03",
    "objeto": "PRUEBA",
}
TRAMITE = {"tipo_documento": "CC", "documento": "1.212.312.323", "nombre": "prueba", "clase": "natural"}


def instalar(app: Flask, departamento: str) -> None:
    """Make this installation another department's."""
    app.extensions["departamento"] = leer_departamento(departamento)


def paso(
    client: ClienteEstricto, acto: str, nombre: str, datos: dict[str, Any], headers: dict[str, str] | None = None
) -> TestResponse:
    """Send a form to one step of an act: `""` (Calcular), `calculo`, `revisar`, `emitir`."""
    return client.enviar(f"{NUEVA}/{acto}/{nombre}".rstrip("/"), datos, headers=headers)


def ocultos(pagina: str) -> dict[str, Any]:
    """What the form that issues carries from the check, ready to be sent."""
    formulario = re.split(r'action="[^"]*/emitir"', pagina, maxsplit=1)[1]
    datos: dict[str, Any] = {}
    for nombre, valor in re.findall(r'type="hidden" name="([\w.]+)" value="([^"]*)"', formulario):
        datos.setdefault(nombre, []).append(html.unescape(valor))
    return {nombre: valores[0] if len(valores) == 1 else valores for nombre, valores in datos.items()}


def emitir(client: ClienteEstricto, acto: str, datos: dict[str, Any]) -> str:
    """Walk the check and issue; returns the address of the liquidación."""
    revision = paso(client, acto, "revisar", datos)
    assert revision.status_code == 200, revision.text
    respuesta = client.post(f"{NUEVA}/{acto}/emitir", data=ocultos(revision.text))
    assert respuesta.status_code == 303, respuesta.text
    assert respuesta.location.startswith("/gestion/liquidaciones/")
    return str(respuesta.location)


def texto_de(pagina: str) -> str:
    """The words of a piece of HTML, without tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", pagina)).split())


def cuantas() -> int:
    """How many liquidaciones there are."""
    db.session.rollback()
    return db.session.scalar(select(func.count(Liquidacion.id))) or 0


def guardada() -> Liquidacion:
    """The only one, read again."""
    db.session.rollback()
    return db.session.scalars(select(Liquidacion)).one()
