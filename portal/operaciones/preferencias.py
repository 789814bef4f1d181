"""How an account likes its lists: kept with it, so that it finds them so wherever it signs in."""

from portal.db import db
from portal.dominio.errores import DatoInvalido
from portal.models import Usuario
from portal.operaciones.paginas import TAMANOS


def guardar(usuario: Usuario, *, registros: int, compacta: bool) -> None:
    """Keep the rows of a page and their density. Flushes. Raises `DatoInvalido` for a size that is not offered."""
    if registros not in TAMANOS:
        raise DatoInvalido("Elija cuántos registros ver por página.", "registros")
    usuario.registros, usuario.compacta = registros, compacta
    db.session.flush()
