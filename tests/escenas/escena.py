"""What a scene is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PUBLICO = "publico"


@dataclass(frozen=True)
class Escena:
    """A page in one of its states.

    `ruta` is an address of the portal, with `{lugares}` of its world in it. With `envio`, the form that the page has is sent
    to `a` (the same address by default) with those fields and nothing else: what it answers is the scene. `estado` is the
    HTTP status expected; `ve`, words that only that state shows.
    """

    nombre: str
    ruta: str
    ve: str = ""
    quien: str = PUBLICO
    mundo: str = "putumayo"
    envio: Mapping[str, str | tuple[str, ...]] | None = None
    a: str = ""
    estado: int = 200
    area: str = field(default="", compare=False)


def vacio(nombre: str, ruta: str, ve: str = "Hay un problema", **otros: object) -> Escena:
    """A form that was sent without filling anything in."""
    return Escena(nombre, ruta, ve, **{"envio": {}, "estado": 422} | otros)  # type: ignore[arg-type]
