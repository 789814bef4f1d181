"""Where the limits are counted: a table of the database, or a Redis that every machine shares. Never the process alone."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from portal.config.lectura import ConfiguracionInvalida, es_local

BASE = "base"
_ESQUEMAS = ("redis", "rediss", "unix")


def leer_limites(crudo: Mapping[str, str], produccion: bool) -> str:
    """`base`, or the address of a Redis. In production a Redis outside of the own network must be asked over TLS."""
    dicho = crudo.get("PORTAL_LIMITES", "") or BASE
    if dicho == BASE:
        return BASE
    try:
        partes = urlsplit(dicho)
        valida = partes.scheme in _ESQUEMAS and bool(partes.hostname or partes.scheme == "unix") and partes.port != 0
    except ValueError:
        valida = False
    if not valida:
        raise ConfiguracionInvalida(
            "PORTAL_LIMITES debe ser «base» o la dirección de un Redis, como redis://127.0.0.1:6379/0."
        )
    if produccion and partes.scheme == "redis" and not es_local(partes.hostname or ""):
        raise ConfiguracionInvalida("PORTAL_LIMITES debe comenzar por rediss:// con un Redis fuera de la red propia.")
    return dicho
