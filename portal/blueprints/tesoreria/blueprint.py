"""What the pages of treasury share: who reads them, who acts, and the words of their tables."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response

from portal.documentos.libro import Hoja, escribir_xlsx
from portal.dominio.casos import COLAS, NOMBRES_SALIDA, edad_en_palabras
from portal.dominio.ordenes import NOMBRES_ORDEN
from portal.dominio.palabras import nombre_de
from portal.dominio.palabras_tesoreria import (
    ASIENTOS,
    CANALES,
    CAUSAS,
    CLASES_RECAUDO,
    EVENTOS_PAGO,
    QUIEN_REVIRTIO,
    nombre_de_cuenta,
)
from portal.models import Caso
from portal.models.usuario import Rol
from portal.operaciones.colas import atrasado
from portal.web.acceso import ingreso_como
from portal.web.descargas import entregar_libro
from portal.web.reloj import ahora

bp = Blueprint("tesoreria", __name__, url_prefix="/gestion/tesoreria")
LEEN = (Rol.TESORERIA, Rol.AUDITOR, Rol.ADMINISTRADOR)


@bp.context_processor
def palabras() -> dict[str, Any]:
    """How templates name what the books hold, how old a case is, and whether this account acts or only reads."""
    return {
        "colas": COLAS,
        "salidas": NOMBRES_SALIDA,
        "clases_orden": NOMBRES_ORDEN,
        "asientos_nombre": ASIENTOS,
        "canales": CANALES,
        "causas": CAUSAS,
        "clases_recaudo": CLASES_RECAUDO,
        "eventos_pago": EVENTOS_PAGO,
        "quien_revirtio": QUIEN_REVIRTIO,
        "nombre_de": nombre_de,
        "cuenta": nombre_de_cuenta,
        "edad": edad_de,
        "tiempo": lambda desde: edad_en_palabras(desde, ahora()),
        "esta_atrasado": lambda caso: atrasado(caso, ahora()),
        "actua": ingreso_como(Rol.TESORERIA),
    }


def edad_de(caso: Caso) -> str:
    """How long a case has been open, or was."""
    return edad_en_palabras(caso.abierto_en, caso.cerrado_en or ahora())


def descarga(hojas: Sequence[Hoja], nombre: str) -> Response:
    """A spreadsheet to keep."""
    return entregar_libro(escribir_xlsx(hojas), nombre)
