"""What the histories assess: two acts of Putumayo."""

from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.models import Liquidacion, Usuario
from portal.models.usuario import Rol
from portal.operaciones import liquidaciones
from portal.web.reloj import BOGOTA
from tests.encargos import encargo_contrato, encargo_tramite

# Two stamps, and three.
ASUNTOS = ("tramite", "contrato")


def liquidar(asunto: str, numero: str, ahora: datetime) -> Liquidacion:
    """Issue a liquidación as an officer would."""
    encargo = encargo_tramite() if asunto == "tramite" else encargo_contrato(numero=numero, acto="P-C-01", valor="1000")
    return liquidaciones.emitir(
        encargo,
        departamento="putumayo",
        plazo_dias=30,
        permitir_provisional=True,
        clave=f"liquidacion-{numero}",
        usuario=db.session.scalars(select(Usuario).where(Usuario.rol == Rol.RENTAS)).one(),
        ahora=ahora,
        hoy=ahora.astimezone(BOGOTA).date(),
    )
