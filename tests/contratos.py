"""The life of a contract, for tests: plain functions with sensible defaults; each commits, as the edge would."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from portal.db import db, transaccion
from portal.models import Liquidacion, Pago, Usuario
from portal.models.liquidacion import ClaseContribuyente
from portal.operaciones import contratos, expedientes, pagos, reducciones, resultados, retenciones
from portal.operaciones.contratos import Despacho, Modificacion
from portal.operaciones.encargos import Asunto, Encargo
from portal.operaciones.expedientes import Expediente
from portal.operaciones.reducciones import Plan
from portal.operaciones.resultados import Causa
from portal.operaciones.retenciones import Cuenta
from tests import fabricas
from tests.encargos import AHORA, HOY, PRUEBA, emitir

FIRMA = date(2025, 3, 3)
# 1.200 UVT of 2025, the year of the signature.
EXCLUIDO = Decimal(1200 * 49799)


def encargo_de_servicios(
    valor: str = "100000000", *, tipo: str = "prestacion_servicios_profesionales", **otros: Any
) -> Encargo:
    """A contract of professional services with a natural person in Cundinamarca."""
    asunto = Asunto(
        actos=("CC-2",),
        valor=Decimal(valor),
        fecha_contrato=FIRMA,
        tipo_contrato=tipo,
        clase=ClaseContribuyente.NATURAL,
    )
    datos: dict[str, Any] = {"numero_contrato": "12", "contratante": "DEPARTAMENTO", "objeto": "PRUEBA"} | otros
    return Encargo(PRUEBA, asunto, **datos)


def contratar(de: Usuario, valor: str = "100000000", **otros: Any) -> Liquidacion:
    """Assess that contract."""
    return emitir(encargo_de_servicios(valor, **otros), de, departamento="cundinamarca")


def despacho(de: Usuario, **otros: Any) -> Despacho:
    datos: dict[str, Any] = {
        "departamento": "cundinamarca",
        "plazo_dias": 30,
        "permitir_provisional": True,
        "clave": uuid4().hex,
        "usuario": de,
        "ahora": AHORA,
        "hoy": HOY,
    }
    return Despacho(**(datos | otros))


def acto(
    valor: str | Decimal, documento: str = "OTROSÍ 1", fecha: date = date(2025, 5, 5), **otros: Any
) -> Modificacion:
    return Modificacion(documento, fecha, Decimal(valor), **otros)


def adicionar(una: Liquidacion, cambio: Modificacion, de: Usuario, **otros: Any) -> Liquidacion:
    with transaccion():
        return contratos.adicionar(una, cambio, despacho(de, **otros))


def reducir(una: Liquidacion, cambio: Modificacion, de: Usuario, **otros: Any) -> Plan:
    with transaccion():
        return reducciones.reducir(una, cambio, despacho(de, **otros))


def cuenta(una: Liquidacion, valor: str | Decimal, numero: str, de: Usuario, **otros: Any) -> Liquidacion:
    """Register a payment of the contract."""
    pago = Cuenta(numero, otros.pop("fecha", HOY), Decimal(valor))
    with transaccion():
        return retenciones.registrar_cuenta(una, pago, despacho(de, **otros))


def enviar(una: Liquidacion, *, solo: int | None = None) -> Pago:
    """Send the payer of its stamps (or of the first `solo`) to the bank."""
    db.session.expire_all()
    por_pagar = [f.numero for f in db.session.get_one(Liquidacion, una.id).facturas if f.valor][:solo]
    with transaccion():
        intento = pagos.abrir_pago(
            una.id,
            por_pagar,
            fabricas.PAGADOR,
            clave=uuid4().hex,
            puerta=fabricas.PUERTA,
            espera=fabricas.ESPERA,
            ahora=AHORA,
            hoy=HOY,
        )
        assert pagos.registrar_envio(intento.id, id_pasarela=f"s{intento.id}", url="http://banco.test/1", ahora=AHORA)
    db.session.refresh(intento)
    return intento


def pagar(una: Liquidacion, *, solo: int | None = None) -> None:
    """The same, and the bank confirms it."""
    intento = enviar(una, solo=solo)
    respuesta = fabricas.respuesta(intento, transaccion=f"t{intento.id}")
    with transaccion():
        resultados.aplicar_resultado(intento.id, respuesta, causa=Causa.SONDA, espera=fabricas.ESPERA, ahora=AHORA)


def leer(una: Liquidacion) -> Expediente:
    """The contract as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return expedientes.leer(db.session.get_one(Liquidacion, una.id))


def bases(una: Liquidacion) -> set[Decimal | None]:
    return {f.base for f in una.facturas}


def valores(una: Liquidacion) -> dict[str, Decimal]:
    """Pesos by stamp."""
    return {f.estampilla: f.valor for f in una.facturas}
