"""What contributors do alone, for tests: plain functions with sensible defaults; each commits, as the edge would."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Liquidacion, TramiteAbierto, Usuario
from portal.models.usuario import Rol
from portal.operaciones import autoliquidaciones, tramites_abiertos
from portal.operaciones.autoliquidaciones import Autoservicio, encargo_de_tramite
from portal.operaciones.encargos import Encargo
from portal.operaciones.firmas import Firma
from portal.operaciones.normativa import normativa_de
from tests.conftest import crear_cuenta
from tests.encargos import AHORA, HOY, PRUEBA

ENTIDAD = "Gobernación del Putumayo"
AUTOSERVICIO = Autoservicio("putumayo", 30, True, AHORA, HOY)
# The day after what is issued on HOY expired.
DESPUES = HOY + timedelta(days=31)
DE_DESPUES = replace(AUTOSERVICIO, ahora=AHORA + timedelta(days=31), hoy=DESPUES)


def administrador() -> Firma:
    """Whoever opens and closes."""
    hallado = db.session.scalar(select(Usuario).where(Usuario.rol == Rol.ADMINISTRADOR))
    return Firma(hallado or crear_cuenta(Rol.ADMINISTRADOR.value), AHORA)


def abrir(
    actos: str = "P-T-01", entidad: str = ENTIDAD, departamento: str = "putumayo", hoy: date = HOY
) -> TramiteAbierto:
    """An open trámite."""
    firma = administrador()
    with transaccion():
        return tramites_abiertos.abrir(normativa_de(departamento), actos, entidad, firma=firma, hoy=hoy)


def encargo(**de: Any) -> Encargo:
    """The certificate that a person is asked for."""
    return encargo_de_tramite(TramiteAbierto(actos="P-T-01", entidad=ENTIDAD), replace(PRUEBA, **de))


def liquidar(autoservicio: Autoservicio = AUTOSERVICIO, total: int = 9000, **de: Any) -> Liquidacion:
    """A person assesses it."""
    with transaccion():
        return autoliquidaciones.liquidar_tramite(encargo(**de), autoservicio, total_visto=Decimal(total))


def reliquidar(una_id: int, autoservicio: Autoservicio = DE_DESPUES) -> Liquidacion:
    """Whoever holds an expired one assesses it again."""
    with transaccion():
        return autoliquidaciones.reliquidar(db.session.get_one(Liquidacion, una_id), autoservicio)
