"""Reading fields of a gateway's answer: what is not as described says nothing, and is `PasarelaNoDisponible`."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.pasarelas.base import PasarelaNoDisponible


def objeto(padre: dict[str, Any], nombre: str) -> dict[str, Any]:
    """The object called `nombre`."""
    hijo = padre.get(nombre)
    if not isinstance(hijo, dict):
        raise PasarelaNoDisponible(f"no {nombre}")
    return hijo


def exigir(crudo: object, nombre: str) -> str:
    """Text that is not empty."""
    if not isinstance(crudo, str) or not crudo:
        raise PasarelaNoDisponible(f"no {nombre}")
    return crudo


def exigir_forma(forma: re.Pattern[str], texto: str, nombre: str) -> str:
    """Text that is wholly of one form."""
    if not forma.fullmatch(texto):
        raise PasarelaNoDisponible(f"unreadable {nombre}")
    return texto


def texto(crudo: object) -> str:
    """Text or a number as text; anything else counts as nothing said."""
    return str(crudo) if isinstance(crudo, str | int | Decimal) and not isinstance(crudo, bool) else ""


def o_nada(crudo: object) -> str | None:
    """Text or a number as text, or None when nothing was said."""
    return texto(crudo) or None


def fecha(crudo: object) -> datetime | None:
    """An aware instant; None when it is not one."""
    try:
        leida = datetime.fromisoformat(crudo) if isinstance(crudo, str) else None
    except ValueError:
        return None
    return leida if leida is not None and leida.utcoffset() is not None else None
