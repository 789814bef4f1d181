"""The yearly circular of a department, from what is published: the tables for its figures, its files for duties and doubts."""

import tomllib
from pathlib import Path
from typing import Any

from portal.dominio.circular import Circular, Deber, Duda
from portal.dominio.circular_composicion import componer, vigencias
from portal.operaciones.archivos_normativa import CARPETA
from portal.operaciones.normativa import normativa_de


def vigencias_de(departamento: str) -> tuple[int, ...]:
    """The years that have a circular, newest first. Raises `NoExiste` when no rules of the department are loaded."""
    return vigencias(normativa_de(departamento))


def circular_de(departamento: str, vigencia: int) -> Circular:
    """The circular of a year. Raises `NoExiste` for a year without tariffs or without any published value."""
    normativa = normativa_de(departamento)
    return componer(normativa, vigencia, deberes=deberes_de(departamento), dudas=dudas_de(departamento))


def deberes_de(departamento: str, carpeta: Path = CARPETA) -> tuple[Deber, ...]:
    """The duties of officials that ship with a department; none when it has no such file."""
    return tuple(
        Deber(d["quien"], d["texto"], d["norma"], d["desde"], d.get("hasta"))
        for d in _bloques(carpeta / departamento / "deberes.toml", "obligacion")
    )


def dudas_de(departamento: str, carpeta: Path = CARPETA) -> tuple[Duda, ...]:
    """The doubts that ship with a department; none when it has no such file."""
    return tuple(
        Duda(d["codigo"], d["asunto"], tuple(d["toca"]))
        for d in _bloques(carpeta / departamento / "dudas.toml", "duda")
    )


def _bloques(archivo: Path, nombre: str) -> list[dict[str, Any]]:
    datos = tomllib.loads(archivo.read_text(encoding="utf-8")) if archivo.exists() else {}
    bloques: list[dict[str, Any]] = datos.get(nombre, [])
    return bloques
