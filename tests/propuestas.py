"""Two administrators and what they propose, for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import update

from portal.db import db, transaccion
from portal.models import CambioTarifa, Factura, Propuesta, PropuestaIndicador, PropuestaTarifa, Usuario
from portal.operaciones import ciclo_propuestas, propuestas, publicaciones, tarifas
from portal.operaciones.propuestas import Datos
from portal.operaciones.tarifas import DatosTarifa
from tests import fabricas

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
TARIFA_2027 = DatosTarifa(
    cambio=CambioTarifa.FIJAR,
    desde=date(2027, 1, 1),
    tipo="unidades",
    valor=Decimal("1.2"),
    indicador="UVT",
    redondeo="sin_cuantia_tramos",
    norma="Ordenanza 12 de 2026",
    articulo="art. 4",
    acto_fecha=date(2026, 12, 1),
    evidencia="https://normas.test/ordenanza-12",
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


def proponer_tarifa(de: int, codigo: str = "UDEC/SC-01", departamento: str = "cundinamarca", **cambios: Any) -> int:
    """Propose a change of a tariff, committed; returns the proposal's number."""
    hoy = cambios.pop("hoy", HOY)
    with transaccion():
        sujeto = tarifas.sujeto_de(departamento, codigo)
        datos = DatosTarifa(**(vars(TARIFA_2027) | cambios))
        nueva = tarifas.proponer(sujeto, datos, departamento=departamento, usuario=quien(de), ahora=AHORA, hoy=hoy)
        return nueva.id


def _una(numero: int) -> PropuestaIndicador | PropuestaTarifa:
    una = db.session.get_one(Propuesta, numero)
    assert isinstance(una, PropuestaIndicador | PropuestaTarifa)
    return una


def publicar(numero: int, de: int, *, version: int = 1, hoy: date = HOY) -> None:
    with transaccion():
        una = _una(numero)
        publicaciones.publicar(una, version=version, usuario=quien(de), ahora=AHORA, hoy=hoy)


def editar(numero: int, de: int, *, version: int = 1, **cambios: Any) -> None:
    with transaccion():
        una = _una(numero)
        if isinstance(una, PropuestaTarifa):
            de_tarifa = DatosTarifa(**(vars(tarifas.datos_de(una)) | cambios))
            tarifas.editar(una, de_tarifa, version=version, usuario=quien(de), ahora=AHORA, hoy=HOY)
            return
        datos = Datos(**(vars(propuestas.datos_de(una)) | cambios))
        propuestas.editar(una, datos, version=version, usuario=quien(de), ahora=AHORA, hoy=HOY)


def retirar(numero: int, de: int, motivo: str = "Se escribió mal", *, version: int = 1) -> None:
    with transaccion():
        una = _una(numero)
        ciclo_propuestas.retirar(una, version=version, motivo=motivo, usuario=quien(de), ahora=AHORA)


def usar(departamento: str, acto: str, fecha: date, estampilla: str = "E0") -> None:
    """An assessment of an act on a day, with one stamp."""
    una = fabricas.liquidacion((5000,), departamento=departamento, fecha_causacion=fecha)
    with transaccion():
        db.session.execute(
            update(Factura).where(Factura.liquidacion_id == una.id).values(acto=acto, estampilla=estampilla)
        )
