"""Reading one setting: the checks that all of them share, and the secrets that a demonstration makes for itself."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path


class ConfiguracionInvalida(Exception):
    """One setting is wrong; the message is the sentence to show."""


def uno_de(crudo: Mapping[str, str], nombre: str, valores: tuple[str, ...], omision: str) -> str:
    valor = crudo.get(nombre, "") or omision
    if valor not in valores:
        raise ConfiguracionInvalida(f"{nombre} debe ser uno de: {', '.join(valores)}.")
    return valor


def entero(crudo: Mapping[str, str], nombre: str, omision: int, minimo: int, maximo: int) -> int:
    texto = crudo.get(nombre, "") or str(omision)
    if not (texto.isascii() and texto.isdigit() and len(texto) <= 9 and minimo <= int(texto) <= maximo):
        raise ConfiguracionInvalida(f"{nombre} debe ser un número entero entre {minimo} y {maximo}.")
    return int(texto)


def es_local(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".test"))


def secreto_de_demostracion(instancia: Path, nombre: str) -> str:
    """A random secret of this installation, made once and kept in `instancia` for the next start (mode 600)."""
    archivo = instancia / nombre
    instancia.mkdir(parents=True, exist_ok=True)
    if not archivo.exists():
        # Written apart and linked whole, so that a second process starting now never reads half a secret.
        borrador = instancia / f".{nombre}.{os.getpid()}"
        with os.fdopen(
            os.open(borrador, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii"
        ) as salida:
            salida.write(secrets.token_urlsafe(32) + "\n")
        with suppress(FileExistsError):
            os.link(borrador, archivo)
        borrador.unlink()
    return archivo.read_text(encoding="ascii").strip()


def archivo_sqlite(url: str) -> Path | None:
    """The file of a SQLite database; None of one in memory, and of PostgreSQL.

    >>> archivo_sqlite("sqlite:////var/portal.sqlite"), archivo_sqlite("sqlite:///:memory:")
    (PosixPath('/var/portal.sqlite'), None)
    """
    lugar = url.removeprefix("sqlite:///").partition("?")[0]
    return Path(lugar) if url.startswith("sqlite:///") and lugar not in ("", ":memory:") else None
