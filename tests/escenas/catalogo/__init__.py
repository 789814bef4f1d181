"""The scenes, by area. The area of each is the name of its module."""

from dataclasses import replace
from importlib import import_module

from tests.escenas.escena import Escena

# In the order of the gallery, with the words of its titles.
AREAS = {
    "publico": "Portal público",
    "consulta": "Consulta Pública",
    "tramites": "Liquidar un trámite abierto",
    "pago": "Pago en línea",
    "devolucion": "Devoluciones que pide el ciudadano",
    "estampillas": "Verificar una estampilla",
    "errores": "Páginas de error",
    "gestion": "Inicio de cada rol, calendario y reportes",
    "liquidaciones": "Liquidaciones",
    "contratos": "Vida de un contrato",
    "reconocimientos": "Reconocimientos",
    "lotes": "Archivos de contratos",
    "validacion": "Adherir y anular, certificados y listas",
    "tesoreria": "Tesorería",
    "bancos": "Archivos del banco y cierre diario",
    "devoluciones": "Devoluciones en Tesorería",
    "agentes": "Agentes recaudadores",
    "normativa": "Normativa",
    "auditoria": "Auditoría",
    "cuentas": "Cuentas de las personas",
}


def _de(area: str) -> tuple[Escena, ...]:
    modulo = import_module(f"tests.escenas.catalogo.{area}")
    return tuple(replace(una, area=area) for una in modulo.ESCENAS)


ESCENAS: tuple[Escena, ...] = tuple(una for area in AREAS for una in _de(area))
