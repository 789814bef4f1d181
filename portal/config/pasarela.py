"""The gateway's settings: its address and credentials, or those of the simulator in a demonstration."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from portal.config.lectura import ConfiguracionInvalida, entero, es_local, secreto_de_demostracion

PASARELAS = {
    "placetopay": ("PLACETOPAY_URL", "PLACETOPAY_LOGIN", "PLACETOPAY_CLAVE"),
    "wompi": (
        "WOMPI_URL",
        "WOMPI_LLAVE_PUBLICA",
        "WOMPI_LLAVE_PRIVADA",
        "WOMPI_SECRETO_INTEGRIDAD",
        "WOMPI_SECRETO_EVENTOS",
    ),
}
# How each key of Wompi begins: with its environment, `test` or `prod`, in place of the star.
PREFIJOS_WOMPI = {
    "WOMPI_LLAVE_PUBLICA": "pub_*_",
    "WOMPI_LLAVE_PRIVADA": "prv_*_",
    "WOMPI_SECRETO_INTEGRIDAD": "*_integrity_",
    "WOMPI_SECRETO_EVENTOS": "*_events_",
}


def credenciales(crudo: Mapping[str, str], pasarela: str, produccion: bool, instancia: Path) -> dict[str, str]:
    nombres = PASARELAS[pasarela]
    dichas = {n: crudo.get(n, "") for n in nombres}
    if not any(dichas.values()):
        if produccion:
            raise ConfiguracionInvalida(f"{nombres[0]} es obligatoria en producción: el simulador no recauda.")
        return _del_simulador(pasarela, entero(crudo, "PORT", 8000, 1, 65534) + 1, instancia)
    for nombre, valor in dichas.items():
        if not valor:
            raise ConfiguracionInvalida(f"Falta {nombre}: la pasarela {pasarela} necesita sus credenciales completas.")
    partes = urlsplit(dichas[nombres[0]])
    if partes.scheme not in ("http", "https") or not partes.hostname:
        raise ConfiguracionInvalida(f"{nombres[0]} debe ser una dirección http o https.")
    if produccion and (partes.scheme != "https" or es_local(partes.hostname)):
        raise ConfiguracionInvalida(
            f"{nombres[0]} debe ser una dirección https pública en producción: el simulador no recauda."
        )
    if pasarela == "wompi":
        _exigir_llaves_wompi(dichas, produccion)
    return dichas


def _del_simulador(pasarela: str, puerto: int, instancia: Path) -> dict[str, str]:
    """The address of the simulator that `flask servir` starts, and credentials of this installation only."""
    url, secreto = f"http://127.0.0.1:{puerto}", secreto_de_demostracion(instancia, "clave_simulador")
    if pasarela == "placetopay":
        return {"PLACETOPAY_URL": url, "PLACETOPAY_LOGIN": "demo", "PLACETOPAY_CLAVE": secreto}
    # One secret for each key, none of which tells another: the public one travels in addresses.
    llaves = {
        nombre: prefijo.replace("*", "test") + sha256(f"{nombre}{secreto}".encode()).hexdigest()[:32]
        for nombre, prefijo in PREFIJOS_WOMPI.items()
    }
    return {"WOMPI_URL": f"{url}/v1", **llaves}


def _exigir_llaves_wompi(dichas: Mapping[str, str], produccion: bool) -> None:
    """All of one environment, because an event of the other is refused; in production, the real one."""
    ambiente = "prod" if dichas["WOMPI_LLAVE_PUBLICA"].startswith("pub_prod_") else "test"
    for nombre, prefijo in PREFIJOS_WOMPI.items():
        esperado = prefijo.replace("*", ambiente)
        if not all(valor.strip().startswith(esperado) for valor in dichas[nombre].split(",")):
            raise ConfiguracionInvalida(f"{nombre} debe comenzar por {esperado}, como las demás llaves de Wompi.")
    if produccion and ambiente != "prod":
        raise ConfiguracionInvalida("WOMPI_LLAVE_PUBLICA es de pruebas: en producción debe comenzar por pub_prod_.")
