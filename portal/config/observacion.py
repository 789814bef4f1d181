"""The settings of what the portal tells of itself: its log and its metrics."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.config.lectura import ConfiguracionInvalida, entero, uno_de

FORMATOS = ("texto", "json")
_CLAVE_MINIMA = 32


@dataclass(frozen=True)
class AjustesObservacion:
    """`formato` of the log; `clave` opens `/metrics` to other machines (none: only to this one); every how many seconds each
    process adds what it counted, 0 for never."""

    formato: str
    clave: str = field(repr=False)
    segundos: int


def leer_ajustes_observacion(crudo: Mapping[str, str], produccion: bool) -> AjustesObservacion:
    clave = crudo.get("PORTAL_METRICAS_CLAVE", "")
    if clave and not (len(clave) >= _CLAVE_MINIMA and clave.isascii() and clave.isprintable()):
        raise ConfiguracionInvalida("PORTAL_METRICAS_CLAVE debe tener al menos 32 caracteres, sin tildes ni espacios.")
    return AjustesObservacion(
        formato=uno_de(crudo, "PORTAL_BITACORA_FORMATO", FORMATOS, "json" if produccion else "texto"),
        clave=clave,
        segundos=entero(crudo, "PORTAL_METRICAS_SEGUNDOS", 10, 0, 3600),
    )
