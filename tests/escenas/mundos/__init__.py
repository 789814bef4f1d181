"""The databases that the scenes look at.

Each is built by a function that fills a migrated database and returns its places: the pieces of addresses (codes, numbers)
that the scenes name between braces.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

Lugares = dict[str, str]


@dataclass(frozen=True)
class Mundo:
    """An installation: its department, its gateway, and whether the demonstration is in it."""

    nombre: str
    departamento: str
    demostracion: bool = True
    pasarela: str = "placetopay"
    ajustes: Mapping[str, str] = field(default_factory=dict)

    @property
    def poblar(self) -> Callable[[], Lugares]:
        """What fills it, in the module of its name."""
        return import_module(f"tests.escenas.mundos.{self.nombre}").poblar  # type: ignore[no-any-return]


MUNDOS = {
    uno.nombre: uno
    for uno in (
        Mundo("putumayo", "putumayo"),
        Mundo("cundinamarca", "cundinamarca"),
        Mundo("narino", "narino", pasarela="wompi"),
        Mundo("vacio", "cundinamarca", demostracion=False),
        Mundo(
            "percances",
            "narino",
            demostracion=False,
            pasarela="muda",
            ajustes={"PORTAL_CONSULTAS_LIMITE": "1"},
        ),
    )
}
