"""What a production must not be, seen in its settings alone: each function raises `ConfiguracionInvalida` with the sentence."""

import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from portal.config.lectura import ConfiguracionInvalida, es_local, uno_de

# Fewer different characters than this, and somebody typed the key instead of drawing it.
_CARACTERES_DISTINTOS = 12
_PALABRAS_DE_EJEMPLO = ("changeme", "cambiame", "secret", "secreto", "ejemplo", "example", "password", "clave-")
_CIFRADAS = ("require", "verify-ca", "verify-full")
# Names by which the gateways call their servers of trials.
_DE_PRUEBAS = ("test", "sandbox", "uat", "staging", "dev", "demo")


def exigir_sin_depurador(crudo: Mapping[str, str]) -> None:
    """The debugger runs whatever a visitor writes."""
    if crudo.get("FLASK_DEBUG", "").strip().lower() not in ("", "0", "false", "no"):
        raise ConfiguracionInvalida(
            "FLASK_DEBUG debe estar vacío en producción: el depurador abre el servidor a cualquiera."
        )


def exigir_sin_demostracion(crudo: Mapping[str, str]) -> None:
    if crudo.get("PORTAL_CLAVE_DEMO"):
        raise ConfiguracionInvalida("PORTAL_CLAVE_DEMO es de la demostración: quítela en producción.")


def exigir_clave_al_azar(clave: str, instancia: Path) -> None:
    """A key that nobody can guess, and not the one that a demonstration made here."""
    if len(set(clave)) < _CARACTERES_DISTINTOS or any(palabra in clave.lower() for palabra in _PALABRAS_DE_EJEMPLO):
        raise ConfiguracionInvalida(
            "PORTAL_CLAVE_SECRETA se puede adivinar; hágala al azar con «openssl rand -base64 48»."
        )
    de_demostracion = instancia / "clave_secreta"
    if de_demostracion.is_file() and de_demostracion.read_text(encoding="ascii", errors="replace").strip() == clave:
        raise ConfiguracionInvalida(
            "PORTAL_CLAVE_SECRETA es la de la demostración; haga otra con «openssl rand -base64 48»."
        )


def exigir_origen_publico(url: str) -> None:
    if es_local(urlsplit(url).hostname or ""):
        raise ConfiguracionInvalida(
            "PORTAL_URL debe ser la dirección pública del portal: la pasarela y los correos la usan."
        )


def exigir_base_de_datos(url: str, crudo: Mapping[str, str]) -> None:
    """PostgreSQL, and with its traffic encrypted when it leaves the own network."""
    if url.startswith("sqlite"):
        raise ConfiguracionInvalida("DATABASE_URL debe ser una base de datos PostgreSQL en producción.")
    partes = urlsplit(url)
    consulta = parse_qs(partes.query)
    servidor = consulta.get("host", [partes.hostname or ""])[-1]
    modo = consulta.get("sslmode", [crudo.get("PGSSLMODE", "")])[-1]
    if servidor and not servidor.startswith("/") and not es_local(servidor) and modo not in _CIFRADAS:
        raise ConfiguracionInvalida(
            "DATABASE_URL debe terminar en ?sslmode=verify-full: ese servidor está fuera de la red propia."
        )


def exigir_pasarela_real(credenciales: Mapping[str, str], instancia: Path) -> None:
    """Neither the servers of trials of a gateway nor the credentials of our simulator."""
    for nombre, valor in credenciales.items():
        if nombre.endswith("_URL"):
            trozos = (urlsplit(valor).hostname or "").replace("-", ".").split(".")
            if any(trozo in _DE_PRUEBAS for trozo in trozos):
                raise ConfiguracionInvalida(f"{nombre} es el servidor de pruebas de la pasarela: no recauda.")
    simulador = instancia / "clave_simulador"
    suya = simulador.read_text(encoding="ascii", errors="replace").strip() if simulador.is_file() else None
    if credenciales.get("PLACETOPAY_LOGIN") == "demo" or (suya and suya in credenciales.values()):
        raise ConfiguracionInvalida("PLACETOPAY_LOGIN y PLACETOPAY_CLAVE son los del simulador: no recauda.")


def exigir_correo(clase: str) -> None:
    if clase != "smtp":
        raise ConfiguracionInvalida(
            "PORTAL_CORREO debe ser smtp en producción: como archivos, los avisos no le llegan a nadie."
        )


def exigir_carpeta(instancia: Path) -> None:
    """Nobody else may put or change the files that the portal trusts."""
    if instancia.is_dir() and stat.S_IMODE(instancia.stat().st_mode) & 0o022:
        raise ConfiguracionInvalida(f"Otras cuentas pueden escribir en {instancia}; déjela con permisos 750.")


def leer_hosts(crudo: Mapping[str, str], url: str) -> tuple[str, ...]:
    """The names that the portal answers to: whole ones, and its own among them."""
    propio = urlsplit(url).hostname or ""
    dichos = tuple(h.strip() for h in crudo.get("PORTAL_HOSTS", "").split(",") if h.strip())
    if not dichos:
        return tuple(dict.fromkeys((propio, "127.0.0.1", "localhost")))
    for host in dichos:
        if "*" in host or host.startswith(".") or "/" in host:
            raise ConfiguracionInvalida("PORTAL_HOSTS debe tener nombres completos, sin *, separados por comas.")
    if propio not in dichos:
        raise ConfiguracionInvalida(
            "PORTAL_HOSTS debe incluir el nombre de PORTAL_URL: el portal no respondería en él."
        )
    return dichos


def exigir_https_tras_proxy(proxies: int, url: str) -> None:
    if proxies and not url.startswith("https://"):
        raise ConfiguracionInvalida("PORTAL_PROXIES solo se usa con PORTAL_URL en https: el proxy es quien cifra.")


def admite_esquema_posterior(crudo: Mapping[str, str]) -> bool:
    """Whether this code may start on a database that is ahead of it, while the machines are being renewed one by one."""
    return uno_de(crudo, "PORTAL_ESQUEMA_POSTERIOR", ("si", "no"), "no") == "si"
