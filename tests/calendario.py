"""Days and outages declared by an administrator, for tests; each commits, as the edge would."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.calendario import BOGOTA
from portal.models import Bitacora, Contingencia, DiaNoHabil, Usuario
from portal.models.usuario import Rol
from portal.operaciones import calendario
from portal.operaciones.firmas import Firma

# Monday 12 May 2025, ten in the morning in Colombia: what was due on Saturday the 10th falls due today.
AHORA = datetime(2025, 5, 12, 15, 0, tzinfo=UTC)
HOY = date(2025, 5, 12)


def cuenta(rol: Rol = Rol.ADMINISTRADOR, *, activo: bool = True) -> Usuario:
    """An account of `rol`."""
    nueva = Usuario(
        correo=f"{uuid4().hex}@demo.portal.test",
        nombre="Quien administra",
        rol=rol,
        clave_hash="x",
        creado_en=AHORA,
        activo=activo,
    )
    with transaccion():
        db.session.add(nueva)
    return nueva


def declarar_dia(
    quien: Usuario, dia: date = date(2025, 6, 10), *, ahora: datetime = AHORA, **cambios: Any
) -> DiaNoHabil:
    datos = {"motivo": "Día cívico", "norma": "Decreto 500 de 2025"} | cambios
    with transaccion():
        return calendario.declarar_dia_no_habil(dia, firma=Firma(quien, ahora), **datos)


def revocar_dia(uno: DiaNoHabil, quien: Usuario, *, ahora: datetime = AHORA) -> None:
    dia_id = uno.id
    with transaccion():
        calendario.revocar_dia_no_habil(dia_id, motivo="Se derogó el decreto", firma=Firma(quien, ahora))


def declarar_falla(
    quien: Usuario,
    inicio: datetime = AHORA - timedelta(hours=1),
    fin: datetime | None = None,
    *,
    ahora: datetime = AHORA,
) -> Contingencia:
    with transaccion():
        return calendario.declarar_contingencia(
            inicio, fin, motivo="El proveedor no responde", firma=Firma(quien, ahora)
        )


def terminar_falla(una: Contingencia, quien: Usuario, *, ahora: datetime = AHORA) -> None:
    contingencia_id = una.id
    with transaccion():
        calendario.terminar_contingencia(contingencia_id, firma=Firma(quien, ahora))


def en_bogota(*partes: int) -> datetime:
    return datetime(*partes, tzinfo=BOGOTA)  # type: ignore[arg-type,misc]


def acciones() -> list[tuple[str, str]]:
    """What the audit log says, in order: act and object."""
    db.session.rollback()
    return [(b.accion, b.objeto) for b in db.session.scalars(select(Bitacora).order_by(Bitacora.id))]
