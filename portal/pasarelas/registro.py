"""Gateways by name: the one place that knows which exist."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from portal.pasarelas.base import Pasarela
from portal.pasarelas.placetopay import PlacetoPay


def _ahora() -> datetime:
    return datetime.now(UTC)


def crear(codigo: str, ajustes: Mapping[str, str], *, reloj: Callable[[], datetime] = _ahora) -> Pasarela:
    """The gateway `codigo` with its settings; `reloj` tells the aware present instant.

    PLACETOPAY_CLAVE may hold two keys apart by a comma while they rotate: the first signs, both are accepted in
    notifications. Raises `ValueError` for a gateway that does not exist and `KeyError` for a missing setting.
    """
    if codigo != "placetopay":
        raise ValueError(f"no gateway called {codigo!r}")
    claves = tuple(parte.strip() for parte in ajustes["PLACETOPAY_CLAVE"].split(",") if parte.strip())
    return PlacetoPay(ajustes["PLACETOPAY_URL"], ajustes["PLACETOPAY_LOGIN"], claves, reloj=reloj)
