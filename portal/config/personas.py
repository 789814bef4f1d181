"""The settings of people's accounts: is a second factor mandatory, and which keys seal what only the portal reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.config.lectura import ConfiguracionInvalida, uno_de

SEGUNDO_FACTOR = ("obligatorio", "opcional")
# Two while the old one still opens what it sealed.
_CLAVES_DATOS_MAXIMAS = 2
_LARGO_MINIMO = 32


@dataclass(frozen=True)
class AjustesPersonas:
    """`claves_datos`: the first seals, any of them opens."""

    segundo_factor_obligatorio: bool
    claves_datos: tuple[str, ...] = field(repr=False)


def leer_ajustes_personas(crudo: Mapping[str, str], produccion: bool, clave_secreta: str) -> AjustesPersonas:
    """Without `PORTAL_CLAVE_DATOS` the key comes from the installation's secret: rotating it closes what it sealed."""
    exigencia = uno_de(crudo, "PORTAL_SEGUNDO_FACTOR", SEGUNDO_FACTOR, "obligatorio" if produccion else "opcional")
    if produccion and exigencia != "obligatorio":
        raise ConfiguracionInvalida("PORTAL_SEGUNDO_FACTOR debe ser «obligatorio» en producción.")
    claves = tuple(c.strip() for c in crudo.get("PORTAL_CLAVE_DATOS", "").split(",") if c.strip())
    if len(claves) > _CLAVES_DATOS_MAXIMAS or any(len(c) < _LARGO_MINIMO for c in claves):
        raise ConfiguracionInvalida(
            "PORTAL_CLAVE_DATOS debe tener al menos 32 caracteres; durante una rotación, la nueva, una coma y la anterior."
        )
    return AjustesPersonas(exigencia == "obligatorio", claves or (clave_secreta,))
