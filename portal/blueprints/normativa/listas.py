"""The lists of the law's data as files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.blueprints.normativa.blueprint import codigo_departamento
from portal.documentos.libro import Hoja, escribir
from portal.documentos.listados_normativa import hoja_de_tarifas, hoja_de_tramites_abiertos, hoja_de_valores
from portal.dominio.calendario import dia_en_palabras
from portal.models import TramiteAbierto
from portal.models.normativa import Indicador, ValorIndicador
from portal.operaciones import publicaciones
from portal.operaciones.tarifas import Vigente
from portal.web.exportacion import entregar_lista, formato_pedido, notas_de_lista


def archivo_de_valores(tablas: Sequence[tuple[Indicador, Sequence[ValorIndicador]]]) -> Any:
    """Every published value."""
    notas = notas_de_lista("todos los valores publicados.", sum(len(valores) for _, valores in tablas))
    return _entregar(
        hoja_de_valores(tablas, publicaciones.publicadas_por_fila(codigo_departamento()), notas), "valores"
    )


def archivo_de_tarifas(vigentes: Sequence[Vigente], fecha: date, estampilla: str, buscar: str) -> Any:
    """The tariffs that the page shows."""
    filtro = f"Vigentes el {dia_en_palabras(fecha)}. {estampilla or 'Todas las estampillas'}."
    filtro += f" Buscar: {buscar}." if buscar else ""
    return _entregar(hoja_de_tarifas(vigentes, notas_de_lista(filtro, sum(len(x) for _, x in vigentes))), "tarifas")


def archivo_de_abiertos(filas: Sequence[tuple[TramiteAbierto, str]]) -> Any:
    """What people assess by themselves."""
    return _entregar(
        hoja_de_tramites_abiertos(filas, notas_de_lista("trámites abiertos.", len(filas))), "tramites-abiertos"
    )


def _entregar(hoja: Hoja, nombre: str) -> Any:
    return entregar_lista(escribir(formato_pedido(), hoja), nombre, filas=len(hoja.filas))
