"""`docs/rendimiento.json` keeps the raw rounds of each part; `docs/rendimiento.md` is written from them alone."""

import json
import os
import platform
import sqlite3
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from bench.rondas import Medida, Meta, Parte

RAIZ = Path(__file__).resolve().parent.parent
CRUDO = RAIZ / "docs" / "rendimiento.json"
INFORME = RAIZ / "docs" / "rendimiento.md"
_VERSIONES = ("flask", "werkzeug", "sqlalchemy", "gunicorn", "psycopg", "weasyprint")


def guardar(clave: str, parte: Parte, segundos: float) -> None:
    """Put a part's rounds in the place of those of its last run."""
    todo = leer()
    todo[clave] = {"parte": asdict(parte), "corrida": {**_corrida(), "segundos": round(segundos)}}
    CRUDO.write_text(json.dumps(todo, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def leer() -> dict[str, Any]:
    """Every part that was run, by key."""
    return json.loads(CRUDO.read_text(encoding="utf-8")) if CRUDO.exists() else {}


def escribir(orden: list[str]) -> None:
    """Write the report of the parts that were run, in that order."""
    todo = leer()
    secciones = [_seccion(todo[clave]) for clave in orden if clave in todo]
    resumen = [fila for clave in orden if clave in todo for fila in _resumen(_parte(todo[clave]["parte"]))]
    INFORME.write_text(
        "\n".join([_CABEZA, *_tabla(("Goal", "Asked", "Median (min–max)", ""), resumen), "", *secciones])
    )


def en_pantalla(parte: Parte) -> str:
    """What a part found, for whoever runs it."""
    return "\n".join(
        [
            f"## {parte.titulo}",
            *(f"  {m.nombre}: {_valor(m)}" for m in parte.medidas),
            *(f"  {que}: {dicho}" for que, dicho in parte.hechos.items()),
            *(
                f"  [{'ok' if parte.cumple(meta) else 'NO'}] {meta.que}: {_razon(parte, meta)} ({_pedido(meta)})"
                for meta in parte.metas
            ),
        ]
    )


_CABEZA = """# Performance, measured

Written by `make bench` from the raw rounds in `rendimiento.json`; do not edit. Every figure that matters is a ratio between
things measured in turns in one run on one machine: absolute times tell nothing about another machine. Medians, with the
lowest and highest round in brackets. `make bench-rapido` runs a short version after a change and writes nothing.

## What is asked, and what was found
"""


def _corrida() -> dict[str, str]:
    return {
        "fecha": datetime.now(UTC).isoformat(timespec="minutes"),
        "maquina": f"{os.cpu_count()} × {platform.machine()}, {platform.system()} {platform.release()}",
        "version": _revision(),
        "versiones": ", ".join(
            [
                f"Python {platform.python_version()}",
                f"SQLite {sqlite3.sqlite_version}",
                *(f"{paquete} {version(paquete)}" for paquete in _VERSIONES),
            ]
        ),
    }


def _revision() -> str:
    dicho = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=RAIZ, capture_output=True, text=True, check=False
    )
    return dicho.stdout.strip() or "unknown"


def _parte(crudo: dict[str, Any]) -> Parte:
    medidas = [Medida(**m) for m in crudo["medidas"]]
    return Parte(**{**crudo, "medidas": medidas, "metas": [Meta(**m) for m in crudo["metas"]]})


def _seccion(crudo: dict[str, Any]) -> str:
    parte, corrida = _parte(crudo["parte"]), crudo["corrida"]
    lineas = [f"## {parte.titulo}", "", parte.explicacion.strip(), ""]
    if parte.medidas:
        lineas += [
            *_tabla(
                ("Measure", "Median (min–max)", "Rounds"),
                [(m.nombre, _valor(m), str(len(m.rondas))) for m in parte.medidas],
            ),
            "",
        ]
    lineas += [f"- {que}: {dicho}" for que, dicho in parte.hechos.items()]
    lineas += [f"- {nota}" for nota in parte.notas]
    limites = [meta.limite for meta in parte.metas if meta.limite and not parte.cumple(meta)]
    lineas += [f"- Limit: {limite}." for limite in dict.fromkeys(limites)]
    donde = f"at `{corrida['version']}` on {corrida['maquina']}; {corrida['versiones']}"
    return "\n".join([*lineas, "", f"Run {corrida['fecha']} in {corrida['segundos']} s {donde}.", ""])


def _resumen(parte: Parte) -> list[tuple[str, ...]]:
    return [
        (meta.que, _pedido(meta), _razon(parte, meta), "met" if parte.cumple(meta) else "**not met**")
        for meta in parte.metas
    ]


def _tabla(titulos: tuple[str, ...], filas: list[tuple[str, ...]]) -> list[str]:
    return [_fila(titulos), _fila(tuple("---" for _ in titulos)), *map(_fila, filas)]


def _fila(celdas: tuple[str, ...]) -> str:
    return f"| {' | '.join(celdas)} |"


def _valor(medida: Medida) -> str:
    return f"{_cifra(medida.mediana)} ({_cifra(min(medida.rondas))}–{_cifra(max(medida.rondas))}) {medida.unidad}"


def _razon(parte: Parte, meta: Meta) -> str:
    razones = parte.razones(meta)
    return f"{_cifra(median(razones))} × ({_cifra(min(razones))}–{_cifra(max(razones))})"


def _pedido(meta: Meta) -> str:
    return f"≤ {meta.maximo:g} ×" if meta.maximo is not None else f"≥ {meta.minimo:g} ×"


def _cifra(valor: float) -> str:
    """Three significant figures, never as a power of ten."""
    return f"{valor:,.0f}" if abs(valor) >= 100 else f"{valor:#.3g}"
