"""What whoever signed in looks at of a person is written in the bitácora: which record, never what was typed (I-22)."""

from typing import Any

from portal.db import transaccion
from portal.operaciones.bitacora import anotar
from portal.web.acceso import usuario_actual
from portal.web.reloj import ahora
from portal.web.seguridad import peticion_id


def anotar_mirada(accion: str, objeto: str, **detalle: Any) -> None:
    """One row; nothing for a visitor without account, who is shown nobody's identity."""
    usuario = usuario_actual()
    if usuario is None:
        return
    usuario_id = usuario.id
    with transaccion():
        anotar(accion, objeto, ahora=ahora(), usuario_id=usuario_id, peticion=peticion_id(), **detalle)
