"""The signature of whoever is signed in."""

from portal.operaciones.firmas import Firma
from portal.web.acceso import quien_ingreso
from portal.web.reloj import ahora
from portal.web.seguridad import peticion_id


def firma() -> Firma:
    """Who acts, when, in which request."""
    return Firma(quien_ingreso(), ahora(), peticion_id())
