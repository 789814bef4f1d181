"""What is typed about a recognition at the screens, and how it is read back, for tests."""

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.db import db
from portal.models import Usuario
from tests.web.pantallas_de_liquidar import CONTRATO, texto_de

LISTA = "/gestion/liquidaciones/reconocimientos"
DE_EPS = CONTRATO | {
    "documento": "860069804-2",
    "nombre": "EPS DE PRUEBA",
    "clase": "juridica",
    "hechos.entidad.clase": "eps",
    "hechos.acto.finalidad": "salud",
}
SOPORTE = {
    "soporte_clase": "certificacion",
    "soporte_numero": "45-2025",
    "soporte_fecha": "2025-01-20",
    "soporte_emisor": "Superintendencia Nacional de Salud",
    "hasta": "2025-12-31",
}
RECONOCIDA = (
    "Reconocida por Dirección de Rentas y Gestión Tributaria, Certificación 45-2025 del 20 de enero de 2025 "
    "(Superintendencia Nacional de Salud), hasta el 31 de diciembre de 2025."
)


def quien() -> Usuario:
    """The officer who signed in."""
    return db.session.scalars(select(Usuario).where(Usuario.rol == "rentas")).one()


def visible(respuesta: TestResponse) -> str:
    """The words of a page."""
    return texto_de(respuesta.text)
