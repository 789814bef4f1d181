"""Where the private key that signs stamps is."""

import stat
from collections.abc import Mapping
from pathlib import Path

from portal.config.lectura import ConfiguracionInvalida

_NOMBRE = "PORTAL_CLAVE_ESTAMPILLAS"


def ruta_clave_estampillas(crudo: Mapping[str, str], produccion: bool, instancia: Path) -> Path:
    """The file of the key; only a demonstration may do without one, and makes its own the first time it signs."""
    dicha = crudo.get(_NOMBRE, "")
    ruta = Path(dicha) if dicha else instancia / "clave-estampillas.pem"
    if not produccion:
        return ruta
    if not dicha or not ruta.is_file():
        raise ConfiguracionInvalida(
            f"{_NOMBRE} debe ser el archivo de la clave que firma las estampillas; "
            "créelo con «openssl genpkey -algorithm ed25519» y permisos 600."
        )
    if stat.S_IMODE(ruta.stat().st_mode) & 0o077:
        raise ConfiguracionInvalida(f"{_NOMBRE}: otras cuentas pueden leer ese archivo; déjelo con permisos 600.")
    return ruta
