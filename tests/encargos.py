"""What an officer asks to assess, for tests: plain functions with sensible defaults."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from portal.db import db, transaccion
from portal.models import Liquidacion, Usuario
from portal.models.liquidacion import ClaseContribuyente
from portal.operaciones import liquidaciones
from portal.operaciones.encargos import Asunto, Contribuyente, Encargo

AHORA = datetime(2025, 6, 24, 15, 0, tzinfo=UTC)
HOY = date(2025, 6, 24)
PRUEBA = Contribuyente("CC", "1212312323", "prueba", ClaseContribuyente.NATURAL)
UNION = Contribuyente("NIT", "901805364", "UNION TEMPORAL PUTUMAYO SEGURO 20/24", ClaseContribuyente.CONSORCIO)


def encargo_contrato(
    *,
    numero: str = "647",
    acto: str = "P-C-02",
    valor: str | None = "46911499",
    fecha: date = date(2025, 2, 3),
    **otros: Any,
) -> Encargo:
    """The contract of the known screen."""
    asunto = Asunto(
        actos=(acto,),
        valor=None if valor is None else Decimal(valor),
        fecha_contrato=fecha,
        tipo_contrato="seguros",
        clase=ClaseContribuyente.CONSORCIO,
    )
    datos: dict[str, Any] = {
        "contribuyente": UNION,
        "objeto": "PRUEBA",
        "contratante": "GOBERNACION DEL PUTUMAYO",
    } | otros
    return Encargo(asunto=asunto, numero_contrato=numero, **datos)


def encargo_tramite(acto: str = "P-T-01") -> Encargo:
    """The trámite of the known screen."""
    return Encargo(contribuyente=PRUEBA, asunto=Asunto(actos=(acto,)))


def oficial() -> Usuario:
    """A revenue officer of one's own."""
    with transaccion():
        nuevo = Usuario(
            correo=f"{uuid4().hex}@demo.portal.test",
            nombre="Funcionaria de Rentas",
            rol="rentas",
            clave_hash="x",
            creado_en=AHORA,
        )
        db.session.add(nuevo)
    return nuevo


def emitir(
    encargo: Encargo, de: Usuario, *, departamento: str = "putumayo", clave: str = "", **otros: Any
) -> Liquidacion:
    """Issue as the edge would, committed."""
    opciones: dict[str, Any] = {"plazo_dias": 30, "permitir_provisional": True, "ahora": AHORA, "hoy": HOY} | otros
    with transaccion():
        return liquidaciones.emitir(
            encargo,
            departamento=departamento,
            clave=clave or uuid4().hex,
            usuario=de,
            **opciones,
        )


def dejar_sin_efecto(una_id: int, de: Usuario, motivo: str = "Valor equivocado") -> None:
    """Void as the edge would, committed."""
    with transaccion():
        liquidaciones.dejar_sin_efecto(una_id, motivo=motivo, usuario=de, ahora=AHORA)
