"""Gateways by name: the one place that knows which exist."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from portal.pasarelas.base import Pasarela
from portal.pasarelas.placetopay import PlacetoPay
from portal.pasarelas.wompi import Llaves, Wompi


def _ahora() -> datetime:
    return datetime.now(UTC)


def crear(codigo: str, ajustes: Mapping[str, str], *, reloj: Callable[[], datetime] = _ahora) -> Pasarela:
    """The gateway `codigo` with its settings; `reloj` tells the aware present instant.

    PLACETOPAY_CLAVE, WOMPI_SECRETO_INTEGRIDAD and WOMPI_SECRETO_EVENTOS may hold two values apart by a comma while they
    rotate: the first signs what is sent, all are accepted in notifications. Raises `ValueError` for a gateway that does not
    exist and `KeyError` for a missing setting.
    """
    if codigo == "placetopay":
        claves = _partir(ajustes["PLACETOPAY_CLAVE"])
        return PlacetoPay(ajustes["PLACETOPAY_URL"], ajustes["PLACETOPAY_LOGIN"], claves, reloj=reloj)
    if codigo == "wompi":
        llaves = Llaves(
            publica=ajustes["WOMPI_LLAVE_PUBLICA"],
            privada=ajustes["WOMPI_LLAVE_PRIVADA"],
            integridad=_partir(ajustes["WOMPI_SECRETO_INTEGRIDAD"]),
            eventos=_partir(ajustes["WOMPI_SECRETO_EVENTOS"]),
        )
        return Wompi(ajustes["WOMPI_URL"], llaves)
    raise ValueError(f"no gateway called {codigo!r}")


def _partir(valor: str) -> tuple[str, ...]:
    """The values of a setting that holds several, apart by commas."""
    return tuple(parte.strip() for parte in valor.split(",") if parte.strip())
