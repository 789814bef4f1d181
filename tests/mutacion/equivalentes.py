"""The wrongs that were read and mean the same as the code: which they are, and why."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from tests.mutacion.mutantes import Mutante

ARCHIVO = Path(__file__).with_name("equivalentes.toml")


def razones() -> dict[str, str]:
    """The reason of each, by the key of the mutant."""
    grupos = tomllib.loads(ARCHIVO.read_text()).get("equivalente", [])
    return {clave: grupo["razon"] for grupo in grupos for clave in grupo["mutantes"]}


def sobrantes(mutantes: Sequence[Mutante]) -> list[str]:
    """Those written down of these modules that name no mutant any more."""
    claves, modulos = {m.clave for m in mutantes}, {m.modulo for m in mutantes}
    return [clave for clave in razones() if clave.partition(":")[0] in modulos and clave not in claves]
