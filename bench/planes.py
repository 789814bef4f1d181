"""Prints how the database of `DATABASE_URL` answers each look-up, as JSON: by name, the tables and indexes that it reads.

`python -m bench.planes`, in the environment of a portal.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection

from bench.datos import PESADO, documento, nit
from portal.app import create_app
from portal.db import db
from portal.operaciones.consultas import Franja, Hallado, de_contrato, de_tramite
from tests.bases import ejecutadas

HOY = date(2026, 11, 26)
PREGUNTAS: dict[str, Callable[[], Hallado]] = {
    "by document": lambda: de_tramite(documento(7), HOY, Franja(0, 10)),
    "last page of 5,000 rows": lambda: de_tramite(PESADO, HOY, Franja(4990, 10)),
    "by number": lambda: de_tramite("77", HOY, Franja(0, 10)),
    "by contract": lambda: de_contrato(2026, nit(7), "8", HOY, Franja(0, 10)),
}


def main() -> None:
    """Every statement that each look-up makes, and what is read for it."""
    with create_app().app_context():
        dichos = {nombre: _planes(_ordenes(preguntar)) for nombre, preguntar in PREGUNTAS.items()}
    print(json.dumps(dichos))


def _ordenes(preguntar: Callable[[], Hallado]) -> list[tuple[str, Any]]:
    with ejecutadas() as ordenes:
        assert preguntar().total
    return ordenes


def _planes(ordenes: list[tuple[str, Any]]) -> list[str]:
    with db.engine.connect() as conexion:
        return [paso for orden in ordenes if orden[0].startswith("SELECT") for paso in _plan(conexion, *orden)]


def _plan(conexion: Connection, orden: str, valores: Any) -> list[str]:
    if conexion.dialect.name == "sqlite":
        pasos = [str(p[3]) for p in conexion.exec_driver_sql(f"EXPLAIN QUERY PLAN {orden}", valores)]
        return [p for p in pasos if p.startswith("SEARCH ") or (p.startswith("SCAN ") and "anon" not in p)]
    plan = conexion.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {orden}", valores).scalar_one()[0]["Plan"]
    return [paso for nodo in _nodos(plan) if (paso := _paso(nodo))]


def _nodos(nodo: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield nodo
    for hijo in nodo.get("Plans", ()):
        yield from _nodos(hijo)


def _paso(nodo: dict[str, Any]) -> str:
    """`Index Scan of liquidacion by ix_…`; empty for a step that reads no table. An index in which nothing is looked up is a
    whole reading too."""
    if "Index Name" in nodo:
        como = nodo["Node Type"] if "Index Cond" in nodo else "Seq Scan"
        return f"{como} of {nodo.get('Relation Name', 'its table')} by {nodo['Index Name']}"
    return f"{nodo['Node Type']} of {nodo['Relation Name']}" if nodo["Node Type"] == "Seq Scan" else ""


if __name__ == "__main__":
    main()
