"""Collecting agents at work, for tests: plain functions with sensible defaults; each commits, as the edge would."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from portal.db import db, transaccion
from portal.dominio.declaraciones import FormaRetencion
from portal.dominio.palabras import ROLES
from portal.models import Agente, Liquidacion, Retencion, Usuario
from portal.models.usuario import Rol
from portal.operaciones.agentes import registro, retener
from portal.operaciones.agentes.registro import DatosAgente
from portal.operaciones.agentes.retener import Descuento
from portal.operaciones.firmas import Firma
from tests.fabricas import AHORA, HOY, liquidacion

ESTAMPILLAS = ("E0", "E1", "E2")
_NITS = iter(range(810_000_000, 899_999_999))


def persona(rol: Rol, agente: Agente | None = None) -> Usuario:
    """An account of a role; with an agent, one that works for it."""
    with transaccion():
        nueva = Usuario(
            correo=f"{uuid4().hex}@demo.portal.test",
            nombre=f"{ROLES[rol]} de prueba",
            rol=rol,
            clave_hash="x",
            creado_en=AHORA,
            agente_id=agente.id if agente else None,
        )
        db.session.add(nueva)
    return nueva


def datos(**otros: Any) -> DatosAgente:
    """What is written of an agent that collects the three stamps of `fabricas`."""
    nit = next(_NITS)
    unos: dict[str, Any] = {
        "nit": str(nit),
        "nombre": f"Hospital de prueba {nit}",
        "clase": "descentralizado",
        "estampillas": ESTAMPILLAS,
        "cuenta": "recaudo-estampillas",
        "desde": date(2025, 1, 1),
        "correo": "entidad@correo.test",
    }
    return DatosAgente(**unos | otros)


def agente(departamento: str = "putumayo", conocidas: tuple[str, ...] = ESTAMPILLAS, **otros: Any) -> Agente:
    """An agent of the register."""
    quien = persona(Rol.ADMINISTRADOR)
    with transaccion():
        return registro.crear(datos(**otros), departamento=departamento, conocidas=conocidas, firma=Firma(quien, AHORA))


def suya(de: Agente, valores: tuple[int, ...] = (4000, 5000), **otros: Any) -> Liquidacion:
    """A liquidación in whose act the agent takes part."""
    return liquidacion(valores, agente_id=de.id, **otros)


def retenida(
    una: Liquidacion,
    por: Usuario,
    *,
    numeros: tuple[int, ...] | None = None,
    fecha: date = HOY,
    clave: str = "",
    ahora: datetime = AHORA,
    **otros: Any,
) -> Retencion:
    """What the agent took for some facturas (all by default)."""
    descuento = Descuento(**{"forma": FormaRetencion.DESCUENTO, "documento": "OP-1", "fecha": fecha} | otros)
    with transaccion():
        return retener.retener(
            una,
            numeros or tuple(f.numero for f in una.facturas),
            descuento,
            clave=clave or uuid4().hex,
            firma=Firma(por, ahora),
            hoy=max(HOY, fecha),
        )


def deshecha(una: Retencion, por: Usuario, motivo: str = "Se registró por error", dias: int = 0) -> None:
    """The agent takes it back."""
    with transaccion():
        retener.deshacer(una, motivo=motivo, firma=Firma(por, AHORA + timedelta(days=dias)))


def pesos(texto: str | int) -> Decimal:
    return Decimal(texto)
