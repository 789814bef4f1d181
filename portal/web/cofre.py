"""The safe of this installation."""

from functools import lru_cache

from portal.operaciones.cofre import Cofre, cofre_de
from portal.web.departamento import ajustes_actuales

_de = lru_cache(maxsize=8)(cofre_de)


def cofre_actual() -> Cofre:
    """With the keys of the settings, derived once."""
    return _de(ajustes_actuales().personas.claves_datos)
