"""A rule that needs a recognition, who asks for it and on which document, for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from portal.db import db, transaccion
from portal.models import ClaseSoporte, Reconocimiento, Usuario
from portal.models.liquidacion import ClaseContribuyente
from portal.operaciones import reconocimientos
from portal.operaciones.encargos import Asunto, Contribuyente, Encargo
from portal.operaciones.exigencias import Declaracion
from portal.operaciones.reconocimientos import Alcance, Datos, Firma, Soporte
from tests.encargos import AHORA, HOY

EPS = "C-EX-04"
TRANSPORTE = "C-EXE-100"
OFICINA = "Dirección de Rentas y Gestión Tributaria"
SOPORTE = Soporte(ClaseSoporte.CERTIFICACION, date(2025, 1, 20), "Superintendencia Nacional de Salud", "45-2025")
RESOLUCION = Soporte(ClaseSoporte.RESOLUCION, date(2024, 2, 29), OFICINA, "17")
ALCANCE = Alcance("NIT", "860069804", "EPS DE PRUEBA")
CONTRATISTA = Contribuyente("NIT", "860069804", "EPS DE PRUEBA", ClaseContribuyente.JURIDICA)


def encargo_de_eps(numero: str = "100", fecha: date = date(2025, 2, 3)) -> Encargo:
    """A contract that an official must confirm as destined to health (manual of Cundinamarca, 4.7 n.º 4)."""
    return _contrato(numero, fecha, {"entidad.clase": "eps", "acto.finalidad": "salud"})


def encargo_de_transporte(numero: str = "200", dicha: str = "2024-02-29", fecha: date = date(2025, 2, 3)) -> Encargo:
    """A contract of a strategic project, whose exemption lasts ten years from the act that recognised it (4.8)."""
    hechos = {
        "contrato.objeto": "infraestructura_transporte",
        "proyecto.estrategico": True,
        "reconocimiento.otorgado": True,
        "reconocimiento.fecha": dicha,
    }
    return _contrato(numero, fecha, hechos)


def _contrato(numero: str, fecha: date, hechos: dict[str, object]) -> Encargo:
    asunto = Asunto(
        actos=("CC-2",),
        valor=Decimal("46911499"),
        fecha_contrato=fecha,
        tipo_contrato="suministro",
        clase=CONTRATISTA.clase,
        hechos=hechos,
    )
    return Encargo(CONTRATISTA, asunto, objeto="PRUEBA", numero_contrato=numero, contratante="GOBERNACION")


def firma(de: Usuario, hoy: date = HOY) -> Firma:
    return Firma(de, AHORA, hoy)


def reconocer(de: Usuario, regla: str = EPS, **cambios: Any) -> Reconocimiento:
    """Record one for every act of the contributor from 2025 on, or what `cambios` says, committed."""
    hoy = cambios.pop("hoy", HOY)
    datos: dict[str, Any] = {
        "alcance": ALCANCE,
        "soporte": RESOLUCION if regla == TRANSPORTE else SOPORTE,
        "desde": date(2025, 1, 1),
        "hasta": date(2025, 12, 31),
        "dependencia": OFICINA,
    } | cambios
    with transaccion():
        return reconocimientos.reconocer(regla, Datos(**datos), departamento="cundinamarca", firma=firma(de, hoy))


def revocar(uno_id: int, de: Usuario, motivo: str = "El documento era falso") -> None:
    with transaccion():
        reconocimientos.revocar(uno_id, motivo=motivo, firma=firma(de))


def declaracion(regla: str = EPS, **cambios: Any) -> Declaracion:
    """What an officer states at the last step."""
    datos: dict[str, Any] = {
        "soporte": RESOLUCION if regla == TRANSPORTE else SOPORTE,
        "hasta": date(2025, 12, 31),
        "dependencia": OFICINA,
    } | cambios
    return Declaracion(regla, **datos)


def todos() -> list[Reconocimiento]:
    """The stored ones, read again."""
    db.session.rollback()
    return list(db.session.query(Reconocimiento).order_by(Reconocimiento.id))
