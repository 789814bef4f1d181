"""Settings: read once from the environment, checked at the start, each failure one Spanish sentence that names the setting.

The table of the README lists every name in `AJUSTES`; a test compares the two.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from portal.config.claves import ruta_clave_estampillas
from portal.config.correo import AjustesCorreo, leer_ajustes_correo
from portal.config.lectura import ConfiguracionInvalida, archivo_sqlite, entero, secreto_de_demostracion, uno_de
from portal.config.limites import leer_limites
from portal.config.observacion import AjustesObservacion, leer_ajustes_observacion
from portal.config.pasarela import PASARELAS, credenciales
from portal.config.personas import AjustesPersonas, leer_ajustes_personas
from portal.config.produccion import (
    admite_esquema_posterior,
    exigir_base_de_datos,
    exigir_carpeta,
    exigir_clave_al_azar,
    exigir_correo,
    exigir_https_tras_proxy,
    exigir_origen_publico,
    exigir_pasarela_real,
    exigir_sin_demostracion,
    exigir_sin_depurador,
    leer_hosts,
)
from portal.dominio.identificacion import digito_gs1

__all__ = [
    "AJUSTES",
    "CARPETA_NORMATIVA",
    "DEPARTAMENTOS",
    "PASARELAS",
    "Ajustes",
    "AjustesCorreo",
    "AjustesPersonas",
    "ConfiguracionInvalida",
    "departamentos",
    "leer_ajustes",
    "secreto_de_demostracion",
]

CARPETA_NORMATIVA = Path(__file__).resolve().parents[1] / "normativa"


def departamentos(carpeta: Path = CARPETA_NORMATIVA) -> tuple[str, ...]:
    """Codes of the departments whose rules are in a folder: each is one of data, and adding it touches no code."""
    return tuple(sorted(archivo.parent.name for archivo in carpeta.glob("*/departamento.toml")))


DEPARTAMENTOS = departamentos()
AMBIENTES = ("demostracion", "produccion")
# name -> default shown to people; the README repeats it
AJUSTES: dict[str, str] = {
    "PORTAL_AMBIENTE": "demostracion",
    "PORTAL_DEPARTAMENTO": "putumayo",
    "PORTAL_URL": "http://127.0.0.1:8000",
    "PORTAL_CLAVE_SECRETA": "aleatoria, guardada en instance/ (obligatoria en producción)",
    "PORTAL_CLAVE_ESTAMPILLAS": "instance/clave-estampillas.pem (obligatoria en producción)",
    "PORTAL_CLAVE_DEMO": "aleatoria, mostrada al arrancar",
    "PORTAL_CLAVE_DATOS": "la que resulta de PORTAL_CLAVE_SECRETA",
    "PORTAL_SEGUNDO_FACTOR": "opcional (obligatorio en producción)",
    "PORTAL_HOSTS": "el host de PORTAL_URL, 127.0.0.1 y localhost",
    "PORTAL_PROXIES": "0",
    "PORTAL_NOMBRES_COMPLETOS": "no",
    "PORTAL_GLN": "7709998000001 (solo demostración)",
    "PORTAL_SONDA_SEGUNDOS": "60",
    "PORTAL_SONDA_ESPERA": "420",
    "PORTAL_CONSULTAS_LIMITE": "30",
    "PORTAL_BITACORA_FORMATO": "texto; json en producción",
    "PORTAL_METRICAS_CLAVE": "",
    "PORTAL_METRICAS_SEGUNDOS": "10",
    "PORTAL_LIMITES": "base",
    "PORTAL_PASARELA": "placetopay",
    "PLACETOPAY_URL": "el simulador",
    "PLACETOPAY_LOGIN": "el del simulador",
    "PLACETOPAY_CLAVE": "la del simulador",
    "PORTAL_CORREO": "archivo",
    "PORTAL_CORREO_DE": "portal@localhost (obligatorio con smtp)",
    "PORTAL_SMTP_HOST": "",
    "PORTAL_SMTP_PUERTO": "587, 465 o 25, según PORTAL_SMTP_TLS",
    "PORTAL_SMTP_USUARIO": "",
    "PORTAL_SMTP_CLAVE": "",
    "PORTAL_SMTP_TLS": "starttls",
    "WOMPI_URL": "el simulador",
    "WOMPI_LLAVE_PUBLICA": "la del simulador",
    "WOMPI_LLAVE_PRIVADA": "la del simulador",
    "WOMPI_SECRETO_INTEGRIDAD": "el del simulador",
    "WOMPI_SECRETO_EVENTOS": "el del simulador",
    "PORTAL_ESQUEMA_POSTERIOR": "no",
    "DATABASE_URL": "SQLite en instance/",
    "PORT": "8000",
}


@dataclass(frozen=True)
class Ajustes:
    """The checked settings of one installation. `dias`, `segundos` and the like are in the name of the field."""

    ambiente: str
    departamento: str
    url: str
    clave_secreta: str
    clave_estampillas: Path
    base_datos: str
    hosts: tuple[str, ...]
    proxies: int
    nombres_completos: bool
    gln: str
    sonda_segundos: int
    sonda_espera_segundos: int
    consultas_limite: int
    limites: str = field(repr=False)
    pasarela: str
    credenciales_pasarela: Mapping[str, str]
    correo: AjustesCorreo
    personas: AjustesPersonas
    observacion: AjustesObservacion
    esquema_posterior: bool

    @property
    def es_demostracion(self) -> bool:
        """Whether no payment and no tariff of this installation is real."""
        return self.ambiente == "demostracion"

    def a_flask(self) -> dict[str, object]:
        """The keys that Flask and its extensions read."""
        segura = self.url.startswith("https://")
        return {
            "SECRET_KEY": self.clave_secreta,
            "SQLALCHEMY_DATABASE_URI": self.base_datos,
            "SQLALCHEMY_ENGINE_OPTIONS": _opciones_motor(self.base_datos),
            "SESSION_COOKIE_NAME": "__Host-portal" if segura else "portal",
            "SESSION_COOKIE_SECURE": segura,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_REFRESH_EACH_REQUEST": False,
            "PERMANENT_SESSION_LIFETIME": 8 * 3600,
            "MAX_CONTENT_LENGTH": 512 * 1024,
            "MAX_FORM_MEMORY_SIZE": 256 * 1024,
            "MAX_FORM_PARTS": 200,
            "TRUSTED_HOSTS": list(self.hosts),
            "WTF_I18N_ENABLED": False,
            "WTF_CSRF_TIME_LIMIT": 8 * 3600,
            "WTF_CSRF_SSL_STRICT": True,
            "SEND_FILE_MAX_AGE_DEFAULT": 31536000,
        }


def leer_ajustes(entorno: Mapping[str, str] | None = None, *, instancia: Path) -> Ajustes:
    """Read and check the settings. `instancia` is the folder of the SQLite file and the demonstration's secrets.

    Raises `ConfiguracionInvalida` with one sentence naming the first wrong setting.
    """
    crudo = os.environ if entorno is None else entorno
    ambiente = uno_de(crudo, "PORTAL_AMBIENTE", AMBIENTES, "demostracion")
    produccion = ambiente == "produccion"
    url = _origen(crudo, produccion)
    departamento = uno_de(crudo, "PORTAL_DEPARTAMENTO", DEPARTAMENTOS, "putumayo")
    pasarela = uno_de(crudo, "PORTAL_PASARELA", tuple(PASARELAS), "placetopay")
    clave_secreta = _clave_secreta(crudo, produccion, instancia)
    ajustes = Ajustes(
        ambiente=ambiente,
        departamento=departamento,
        url=url,
        clave_secreta=clave_secreta,
        clave_estampillas=ruta_clave_estampillas(crudo, produccion, instancia),
        base_datos=_base_datos(crudo, instancia, departamento),
        hosts=leer_hosts(crudo, url),
        proxies=entero(crudo, "PORTAL_PROXIES", 0, 0, 5),
        nombres_completos=uno_de(crudo, "PORTAL_NOMBRES_COMPLETOS", ("si", "no"), "no") == "si",
        gln=_gln(crudo, produccion),
        sonda_segundos=entero(crudo, "PORTAL_SONDA_SEGUNDOS", 60, 1, 720),
        sonda_espera_segundos=entero(crudo, "PORTAL_SONDA_ESPERA", 420, 0, 720),
        consultas_limite=entero(crudo, "PORTAL_CONSULTAS_LIMITE", 30, 1, 100_000),
        limites=leer_limites(crudo, produccion),
        pasarela=pasarela,
        credenciales_pasarela=credenciales(crudo, pasarela, produccion, instancia),
        correo=leer_ajustes_correo(crudo, produccion, instancia),
        personas=leer_ajustes_personas(crudo, produccion, clave_secreta),
        observacion=leer_ajustes_observacion(crudo, produccion),
        esquema_posterior=admite_esquema_posterior(crudo),
    )
    exigir_https_tras_proxy(ajustes.proxies, url)
    if produccion:
        _exigir_produccion(ajustes, crudo, instancia)
    return ajustes


def _exigir_produccion(ajustes: Ajustes, crudo: Mapping[str, str], instancia: Path) -> None:
    exigir_sin_depurador(crudo)
    exigir_sin_demostracion(crudo)
    exigir_clave_al_azar(ajustes.clave_secreta, instancia)
    exigir_origen_publico(ajustes.url)
    exigir_base_de_datos(ajustes.base_datos, crudo)
    exigir_pasarela_real(ajustes.credenciales_pasarela, instancia)
    exigir_correo(ajustes.correo.clase)
    exigir_carpeta(instancia)


def _origen(crudo: Mapping[str, str], produccion: bool) -> str:
    puerto = entero(crudo, "PORT", 8000, 1, 65534)
    url = (crudo.get("PORTAL_URL", "") or f"http://127.0.0.1:{puerto}").rstrip("/")
    partes = urlsplit(url)
    if partes.scheme not in ("http", "https") or not partes.hostname or partes.path or partes.query or partes.username:
        raise ConfiguracionInvalida(
            "PORTAL_URL debe ser el origen público, por ejemplo https://estampillas.midepartamento.gov.co."
        )
    if produccion and partes.scheme != "https":
        raise ConfiguracionInvalida("PORTAL_URL debe comenzar por https:// en producción.")
    return url


def _clave_secreta(crudo: Mapping[str, str], produccion: bool, instancia: Path) -> str:
    clave = crudo.get("PORTAL_CLAVE_SECRETA", "")
    if clave and len(clave) < 32:
        raise ConfiguracionInvalida("PORTAL_CLAVE_SECRETA debe tener al menos 32 caracteres.")
    if not clave and produccion:
        raise ConfiguracionInvalida("PORTAL_CLAVE_SECRETA es obligatoria en producción.")
    return clave or secreto_de_demostracion(instancia, "clave_secreta")


def _base_datos(crudo: Mapping[str, str], instancia: Path, departamento: str) -> str:
    # One file per department: trying another one never shows the first one's rows.
    url = crudo.get("DATABASE_URL", "") or f"sqlite:///{instancia / f'{departamento}.sqlite'}"
    if url.startswith("postgresql://"):
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfiguracionInvalida("DATABASE_URL debe comenzar por postgresql:// o sqlite:///.")
    return url


def _opciones_motor(url: str) -> dict[str, object]:
    # A dozen connections stay open, so that the threads of a worker do not open one each time; never more than fifteen.
    reserva: dict[str, object] = {"pool_size": 12, "max_overflow": 3}
    if url.startswith("sqlite"):
        # One in memory is its only connection.
        return reserva if archivo_sqlite(url) else {}
    # One statement never holds a worker for long, and a worker never waits for ever on somebody else's lock.
    limites = (
        "-c statement_timeout=10000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC"
    )
    return {**reserva, "connect_args": {"options": limites}, "pool_timeout": 5}


def _gln(crudo: Mapping[str, str], produccion: bool) -> str:
    gln = crudo.get("PORTAL_GLN", "")
    if not gln and produccion:
        raise ConfiguracionInvalida("PORTAL_GLN (el número GS1 del convenio de recaudo) es obligatorio en producción.")
    gln = gln or "7709998000001"
    if not (len(gln) == 13 and gln.isascii() and gln.isdigit() and digito_gs1(gln[:12]) == gln[12]):
        raise ConfiguracionInvalida("PORTAL_GLN debe tener 13 dígitos con su dígito de control correcto.")
    return gln
