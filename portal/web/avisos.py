"""What pages say above their content: to all, that the portal fails; to administrators, that yearly values are missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from portal.db import db
from portal.dominio.errores import NoExiste
from portal.models.usuario import Rol
from portal.operaciones import calendario, propuestas
from portal.web.acceso import usuario_actual
from portal.web.departamento import ajustes_actuales
from portal.web.reloj import ahora, hoy

_GUARDADO = "aviso_de_contingencia"
# Every page asks: each process looks once in this time, so another process's declaration is seen no later.
_VALE = timedelta(seconds=5)


@dataclass(frozen=True)
class AvisoContingencia:
    """The outage that goes on, as every page tells it."""

    inicio: datetime
    motivo: str


@dataclass(frozen=True)
class _Visto:
    """What a process saw, and when."""

    en: datetime
    aviso: AvisoContingencia | None


def aviso_de_contingencia() -> AvisoContingencia | None:
    """The outage to tell on a page, at most some seconds old. A database that does not answer leaves the last one known."""
    visto: _Visto | None = current_app.extensions.get(_GUARDADO)
    instante = ahora()
    if visto is None or not timedelta(0) <= instante - visto.en < _VALE:
        visto = _Visto(instante, _mirar(visto.aviso if visto else None))
        current_app.extensions[_GUARDADO] = visto
    return visto.aviso


def olvidar_contingencia() -> None:
    """Look again at the next page: whoever declares or ends an outage, once it is committed, sees it at once."""
    current_app.extensions.pop(_GUARDADO, None)


def _mirar(conocido: AvisoContingencia | None) -> AvisoContingencia | None:
    try:
        abierta = calendario.contingencia_abierta()
    except SQLAlchemyError:
        # The page that is being written may be the one that says so.
        db.session.rollback()
        return conocido
    return AvisoContingencia(abierta.inicio, abierta.motivo) if abierta else None


def aviso_de_valores() -> str:
    """The sentence for the signed-in administrator; empty for everybody else, and when nothing is missing."""
    usuario = usuario_actual()
    if usuario is None or usuario.rol is not Rol.ADMINISTRADOR:
        return ""
    try:
        return propuestas.aviso_de_valores(ajustes_actuales().departamento, hoy())
    except NoExiste as error:
        return error.mensaje


def init_app(app: Flask) -> None:
    """Give both to templates."""
    app.jinja_env.globals.update(aviso_de_valores=aviso_de_valores, aviso_de_contingencia=aviso_de_contingencia)
