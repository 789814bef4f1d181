"""Whose keys this installation's are. A browser makes none for an address that is a number, as the demonstration's is."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from portal.operaciones.llaves import Sitio
from portal.web.departamento import ajustes_actuales, departamento_actual


def sitio_actual() -> Sitio | None:
    """The site of `PORTAL_URL`, whatever host was asked for; None when no browser would make a key for it."""
    origen = ajustes_actuales().url
    host = urlsplit(origen).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return Sitio(host, origen, f"Estampillas {departamento_actual().nombre}")
    return None
