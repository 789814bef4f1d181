"""Two administrators and what they propose, for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from portal.db import db, transaccion
from portal.models import PropuestaIndicador, Usuario
from portal.operaciones import propuestas
from portal.operaciones.propuestas import Datos

AHORA = datetime(2026, 12, 10, 15, 0, tzinfo=UTC)
HOY = date(2026, 12, 10)
UVT_2027 = Datos(
    desde=date(2027, 1, 1),
    hasta=date(2027, 12, 31),
    valor=Decimal("55000"),
    acto="Resolución DIAN de prueba",
    acto_fecha=date(2026, 12, 5),
    evidencia="https://normas.test/uvt-2027",
)


def cuenta(rol: str = "administrador", **otros: Any) -> int:
    """The id of an account of one's own."""
    with transaccion():
        nueva = Usuario(
            correo=f"{uuid4().hex}@demo.portal.test",
            nombre="Cuenta de prueba",
            rol=rol,
            clave_hash="x",
            creado_en=AHORA,
            **otros,
        )
        db.session.add(nueva)
    return nueva.id


def quien(cuenta_id: int) -> Usuario:
    return db.session.get_one(Usuario, cuenta_id)


def proponer(de: int, codigo: str = "UVT", departamento: str = "narino", **cambios: Any) -> int:
    """Propose UVT 2027, or what `cambios` says, committed; returns the proposal's number."""
    hoy = cambios.pop("hoy", HOY)
    with transaccion():
        suyo = propuestas.indicador_de(departamento, codigo)
        datos = Datos(**(vars(UVT_2027) | cambios))
        return propuestas.proponer(suyo, datos, usuario=quien(de), ahora=AHORA, hoy=hoy).id


def publicar(numero: int, de: int, *, version: int = 1, hoy: date = HOY) -> None:
    with transaccion():
        una = db.session.get_one(PropuestaIndicador, numero)
        propuestas.publicar(una, version=version, usuario=quien(de), ahora=AHORA, hoy=hoy)


def editar(numero: int, de: int, *, version: int = 1, **cambios: Any) -> None:
    with transaccion():
        una = db.session.get_one(PropuestaIndicador, numero)
        datos = Datos(**(vars(propuestas.datos_de(una)) | cambios))
        propuestas.editar(una, datos, version=version, usuario=quien(de), ahora=AHORA, hoy=HOY)


def retirar(numero: int, de: int, motivo: str = "Se escribió mal", *, version: int = 1) -> None:
    with transaccion():
        una = db.session.get_one(PropuestaIndicador, numero)
        propuestas.retirar(una, version=version, motivo=motivo, usuario=quien(de), ahora=AHORA)
