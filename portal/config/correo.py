"""The settings of e-mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from portal.config.lectura import ConfiguracionInvalida, entero, es_local, uno_de
from portal.dominio.correo import leer_destinatario
from portal.dominio.errores import DatoInvalido

CORREOS = ("archivo", "smtp")
# How the server is spoken to -> the port where it listens for that.
PUERTOS_SMTP = {"starttls": 587, "tls": 465, "no": 25}


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


def leer_ajustes_correo(crudo: Mapping[str, str], produccion: bool, instancia: Path) -> AjustesCorreo:
    clase = uno_de(crudo, "PORTAL_CORREO", CORREOS, "archivo")
    por_smtp = clase == "smtp"
    tls = uno_de(crudo, "PORTAL_SMTP_TLS", tuple(PUERTOS_SMTP), "starttls")
    host, usuario, clave = (crudo.get(f"PORTAL_SMTP_{n}", "") for n in ("HOST", "USUARIO", "CLAVE"))
    if por_smtp and not host:
        raise ConfiguracionInvalida("PORTAL_SMTP_HOST es obligatorio con PORTAL_CORREO=smtp.")
    if bool(usuario) != bool(clave):
        raise ConfiguracionInvalida("PORTAL_SMTP_USUARIO y PORTAL_SMTP_CLAVE van juntos.")
    if por_smtp and tls == "no" and (usuario or produccion) and not es_local(host):
        raise ConfiguracionInvalida("PORTAL_SMTP_TLS solo puede ser «no» con un servidor de la red propia.")
    return AjustesCorreo(
        clase=clase,
        de=_remitente(crudo, por_smtp),
        carpeta=instancia / "correo",
        host=host,
        puerto=entero(crudo, "PORTAL_SMTP_PUERTO", PUERTOS_SMTP[tls], 1, 65535),
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
