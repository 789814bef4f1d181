"""Settings: read once from the environment, checked at the start, each failure one Spanish sentence that names the setting.

The table of the README lists every name in `AJUSTES`; a test compares the two.
"""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from portal.dominio.correo import leer_destinatario
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import digito_gs1

CARPETA_NORMATIVA = Path(__file__).resolve().parent / "normativa"


def departamentos(carpeta: Path = CARPETA_NORMATIVA) -> tuple[str, ...]:
    """Codes of the departments whose rules are in a folder: each is one of data, and adding it touches no code."""
    return tuple(sorted(archivo.parent.name for archivo in carpeta.glob("*/departamento.toml")))


DEPARTAMENTOS = departamentos()
AMBIENTES = ("demostracion", "produccion")
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
CORREOS = ("archivo", "smtp")
# How the server is spoken to -> the port where it listens for that.
PUERTOS_SMTP = {"starttls": 587, "tls": 465, "no": 25}
# name -> default shown to people; the README repeats it
AJUSTES: dict[str, str] = {
    "PORTAL_AMBIENTE": "demostracion",
    "PORTAL_DEPARTAMENTO": "putumayo",
    "PORTAL_URL": "http://127.0.0.1:8000",
    "PORTAL_CLAVE_SECRETA": "aleatoria, guardada en instance/ (obligatoria en producción)",
    "PORTAL_CLAVE_DEMO": "aleatoria, mostrada al arrancar",
    "PORTAL_HOSTS": "el host de PORTAL_URL, 127.0.0.1 y localhost",
    "PORTAL_PROXIES": "0",
    "PORTAL_NOMBRES_COMPLETOS": "no",
    "PORTAL_GLN": "7709998000001 (solo demostración)",
    "PORTAL_SONDA_SEGUNDOS": "60",
    "PORTAL_SONDA_ESPERA": "420",
    "PORTAL_CONSULTAS_LIMITE": "30",
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
    "DATABASE_URL": "SQLite en instance/",
    "PORT": "8000",
}


class ConfiguracionInvalida(Exception):
    """One setting is wrong; the message is the sentence to show."""


@dataclass(frozen=True)
class AjustesCorreo:
    """How notices leave: as files in `carpeta`, or handed to the SMTP server `host`. `de` is the sender's address."""

    clase: str
    de: str
    carpeta: Path
    host: str
    puerto: int
    usuario: str
    clave: str = field(repr=False)
    tls: str


@dataclass(frozen=True)
class Ajustes:
    """The checked settings of one installation. `dias`, `segundos` and the like are in the name of the field."""

    ambiente: str
    departamento: str
    url: str
    clave_secreta: str
    base_datos: str
    hosts: tuple[str, ...]
    proxies: int
    nombres_completos: bool
    gln: str
    sonda_segundos: int
    sonda_espera_segundos: int
    consultas_limite: int
    pasarela: str
    credenciales_pasarela: Mapping[str, str]
    correo: AjustesCorreo

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
    ambiente = _uno_de(crudo, "PORTAL_AMBIENTE", AMBIENTES, "demostracion")
    produccion = ambiente == "produccion"
    url = _origen(crudo, produccion)
    departamento = _uno_de(crudo, "PORTAL_DEPARTAMENTO", DEPARTAMENTOS, "putumayo")
    pasarela = _uno_de(crudo, "PORTAL_PASARELA", tuple(PASARELAS), "placetopay")
    return Ajustes(
        ambiente=ambiente,
        departamento=departamento,
        url=url,
        clave_secreta=_clave_secreta(crudo, produccion, instancia),
        base_datos=_base_datos(crudo, instancia, departamento),
        hosts=_hosts(crudo, url),
        proxies=_entero(crudo, "PORTAL_PROXIES", 0, 0, 5),
        nombres_completos=_uno_de(crudo, "PORTAL_NOMBRES_COMPLETOS", ("si", "no"), "no") == "si",
        gln=_gln(crudo, produccion),
        sonda_segundos=_entero(crudo, "PORTAL_SONDA_SEGUNDOS", 60, 1, 720),
        sonda_espera_segundos=_entero(crudo, "PORTAL_SONDA_ESPERA", 420, 0, 720),
        consultas_limite=_entero(crudo, "PORTAL_CONSULTAS_LIMITE", 30, 1, 100_000),
        pasarela=pasarela,
        credenciales_pasarela=_credenciales(crudo, pasarela, produccion, instancia),
        correo=_correo(crudo, produccion, instancia),
    )


def _uno_de(crudo: Mapping[str, str], nombre: str, valores: tuple[str, ...], omision: str) -> str:
    valor = crudo.get(nombre, "") or omision
    if valor not in valores:
        raise ConfiguracionInvalida(f"{nombre} debe ser uno de: {', '.join(valores)}.")
    return valor


def _entero(crudo: Mapping[str, str], nombre: str, omision: int, minimo: int, maximo: int) -> int:
    texto = crudo.get(nombre, "") or str(omision)
    if not (texto.isascii() and texto.isdigit() and len(texto) <= 9 and minimo <= int(texto) <= maximo):
        raise ConfiguracionInvalida(f"{nombre} debe ser un número entero entre {minimo} y {maximo}.")
    return int(texto)


def _origen(crudo: Mapping[str, str], produccion: bool) -> str:
    puerto = _entero(crudo, "PORT", 8000, 1, 65534)
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
    if url.startswith("sqlite"):
        return {}
    # One statement never holds a worker for long, and a worker never waits for ever on somebody else's lock.
    limites = (
        "-c statement_timeout=10000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC"
    )
    return {"connect_args": {"options": limites}, "pool_pre_ping": True, "pool_timeout": 5}


def _hosts(crudo: Mapping[str, str], url: str) -> tuple[str, ...]:
    dichos = tuple(h.strip() for h in crudo.get("PORTAL_HOSTS", "").split(",") if h.strip())
    propio = urlsplit(url).hostname or ""
    return dichos or tuple(dict.fromkeys((propio, "127.0.0.1", "localhost")))


def _gln(crudo: Mapping[str, str], produccion: bool) -> str:
    gln = crudo.get("PORTAL_GLN", "")
    if not gln and produccion:
        raise ConfiguracionInvalida("PORTAL_GLN (el número GS1 del convenio de recaudo) es obligatorio en producción.")
    gln = gln or "7709998000001"
    if not (len(gln) == 13 and gln.isascii() and gln.isdigit() and digito_gs1(gln[:12]) == gln[12]):
        raise ConfiguracionInvalida("PORTAL_GLN debe tener 13 dígitos con su dígito de control correcto.")
    return gln


def _credenciales(crudo: Mapping[str, str], pasarela: str, produccion: bool, instancia: Path) -> dict[str, str]:
    nombres = PASARELAS[pasarela]
    dichas = {n: crudo.get(n, "") for n in nombres}
    if not any(dichas.values()):
        if produccion:
            raise ConfiguracionInvalida(f"{nombres[0]} es obligatoria en producción: el simulador no recauda.")
        return _del_simulador(pasarela, _entero(crudo, "PORT", 8000, 1, 65534) + 1, instancia)
    for nombre, valor in dichas.items():
        if not valor:
            raise ConfiguracionInvalida(f"Falta {nombre}: la pasarela {pasarela} necesita sus credenciales completas.")
    partes = urlsplit(dichas[nombres[0]])
    if partes.scheme not in ("http", "https") or not partes.hostname:
        raise ConfiguracionInvalida(f"{nombres[0]} debe ser una dirección http o https.")
    if produccion and (partes.scheme != "https" or _es_local(partes.hostname)):
        raise ConfiguracionInvalida(
            f"{nombres[0]} debe ser una dirección https pública en producción: el simulador no recauda."
        )
    if pasarela == "wompi":
        _exigir_llaves_wompi(dichas, produccion)
    return dichas


def _correo(crudo: Mapping[str, str], produccion: bool, instancia: Path) -> AjustesCorreo:
    clase = _uno_de(crudo, "PORTAL_CORREO", CORREOS, "archivo")
    por_smtp = clase == "smtp"
    tls = _uno_de(crudo, "PORTAL_SMTP_TLS", tuple(PUERTOS_SMTP), "starttls")
    host, usuario, clave = (crudo.get(f"PORTAL_SMTP_{n}", "") for n in ("HOST", "USUARIO", "CLAVE"))
    if por_smtp and not host:
        raise ConfiguracionInvalida("PORTAL_SMTP_HOST es obligatorio con PORTAL_CORREO=smtp.")
    if bool(usuario) != bool(clave):
        raise ConfiguracionInvalida("PORTAL_SMTP_USUARIO y PORTAL_SMTP_CLAVE van juntos.")
    if por_smtp and tls == "no" and (usuario or produccion) and not _es_local(host):
        raise ConfiguracionInvalida("PORTAL_SMTP_TLS solo puede ser «no» con un servidor de la red propia.")
    return AjustesCorreo(
        clase=clase,
        de=_remitente(crudo, por_smtp),
        carpeta=instancia / "correo",
        host=host,
        puerto=_entero(crudo, "PORTAL_SMTP_PUERTO", PUERTOS_SMTP[tls], 1, 65535),
        usuario=usuario,
        clave=clave,
        tls=tls,
    )


def _remitente(crudo: Mapping[str, str], obligatorio: bool) -> str:
    de = crudo.get("PORTAL_CORREO_DE", "")
    if not de and not obligatorio:
        return "portal@localhost"
    try:
        return leer_destinatario(de)
    except DatoInvalido:
        raise ConfiguracionInvalida(
            "PORTAL_CORREO_DE debe ser la dirección de correo que envía los avisos, sin nombre."
        ) from None


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


def _es_local(host: str) -> bool:
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
