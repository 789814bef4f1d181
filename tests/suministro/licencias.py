"""The licence of each thing that the portal is made of, and which of them it may not have."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from tests.suministro.candados import Paquete

_TABLA = Path(__file__).with_name("licencias.toml")
_CLASIFICADOR = "License :: "


@cache
def tabla() -> dict[str, Any]:
    """`licencias.toml`."""
    return tomllib.loads(_TABLA.read_text(encoding="utf-8"))


def licencia_de(paquete: Paquete) -> str:
    """Its SPDX expression, or the words of its own metadata; empty when nobody says. The table speaks first."""
    if paquete.nombre in tabla()["de"]:
        return str(tabla()["de"][paquete.nombre])
    try:
        dice = metadata(paquete.nombre)
    except PackageNotFoundError:
        return ""
    expresion, libre = dice.get("License-Expression"), (dice.get("License") or "").strip()
    clasificadas = [c.split(" :: ")[-1] for c in dice.get_all("Classifier") or [] if c.startswith(_CLASIFICADOR)]
    if expresion or clasificadas:
        return expresion or "; ".join(clasificadas)
    return libre if "\n" not in libre else ""


def rechazada(licencia: str) -> bool:
    """Whether no package of the portal may have it. LGPL is not GPL: we use those libraries and change nothing in them."""
    return any(re.search(rf"\b{re.escape(mala)}\b", licencia.upper()) for mala in _malas())


def _malas() -> Iterable[str]:
    # An expression names versions: GPL-3.0-or-later, AGPL-3.0.
    return [mala for familia in tabla()["rechazadas"] for mala in (familia, f"{familia}V2", f"{familia}V3")]


def documento(produccion: Iterable[Paquete], pruebas: Iterable[Paquete]) -> str:
    """`docs/licencias.md`."""
    return "\n".join(_lineas(produccion, pruebas)) + "\n"


def _lineas(produccion: Iterable[Paquete], pruebas: Iterable[Paquete]) -> Iterator[str]:
    yield "# Licences"
    yield ""
    yield "Written by `make inventario` from the hashed locks, the packages' metadata and `tests/suministro/licencias.toml`."
    yield "No package of the portal may be under the AGPL, the GPL, or a licence that is not free."
    for titulo, paquetes in (("The portal", produccion), ("Its tests, which travel with nobody", pruebas)):
        yield from ("", f"## {titulo}", "", "| Package | Version | Licence |", "|---|---|---|")
        for paquete in paquetes:
            yield f"| {paquete.nombre} | {paquete.version} | {licencia_de(paquete)} |"
    yield from ("", "## Files kept as published", "", "| What | Version | Licence | Where |", "|---|---|---|---|")
    for uno in tabla()["ajeno"]:
        yield f"| {uno['nombre']} | {uno['version']} | {uno['licencia']} | `{uno['archivo']}` |"
