"""Reading agents' deposits: an agent's month, its own, and the queues of treasury."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from portal.db import Pesos, db
from portal.dominio.declaraciones import EstadoConsignacion
from portal.dominio.errores import Ajeno, NoExiste
from portal.models import Agente, Archivo, Consignacion, Recaudo, Retencion
from portal.operaciones.agentes.registro import entidad_de
from portal.operaciones.bitacora import anotar
from portal.operaciones.firmas import Firma
from portal.operaciones.paginas import POR_PAGINA, Pagina, contar_desde, paginar

_E = EstadoConsignacion


class Cuales(StrEnum):
    """Which deposits treasury looks at."""

    RECIBIDAS = "recibidas"
    SIN_LINEA = "sin-linea"
    RESUELTAS = "resueltas"


_CONDICIONES: dict[Cuales, ColumnElement[bool]] = {
    Cuales.RECIBIDAS: Consignacion.estado == _E.RECIBIDA,
    Cuales.SIN_LINEA: and_(Consignacion.estado == _E.ACEPTADA, Consignacion.movimiento_id.is_(None)),
    Cuales.RESUELTAS: and_(
        Consignacion.estado != _E.RECIBIDA,
        (Consignacion.estado != _E.ACEPTADA) | Consignacion.movimiento_id.is_not(None),
    ),
}


@dataclass(frozen=True)
class MesConsignado:
    """An agent's month in pesos, with its deposits, the oldest first. What waits for treasury is not deposited yet."""

    retenido: Decimal
    aceptado: Decimal
    recibido: Decimal
    filas: Sequence[Consignacion]

    @property
    def diferencia(self) -> Decimal:
        """What it withheld and nobody accepted yet that it deposited; below zero when it deposited more."""
        return self.retenido - self.aceptado

    @property
    def por_enviar(self) -> Decimal:
        """What it still has to report, if treasury accepts all that it sent."""
        return max(self.diferencia - self.recibido, Decimal(0))


def del_mes(agente: Agente, mes: date) -> MesConsignado:
    """The deposits of an agent for a month, against what it withheld in it."""
    retenido = db.session.scalar(
        select(func.sum(Recaudo.valor, type_=Pesos()))
        .join(Retencion, Retencion.recaudo_id == Recaudo.id)
        .where(Retencion.agente_id == agente.id, Retencion.mes == mes, Retencion.deshecha_en.is_(None))
    )
    suyas = select(Consignacion).where(Consignacion.agente_id == agente.id, Consignacion.mes == mes)
    filas = db.session.scalars(suyas.order_by(Consignacion.numero)).all()
    return MesConsignado(retenido or Decimal(0), _suma(filas, _E.ACEPTADA), _suma(filas, _E.RECIBIDA), filas)


def _suma(filas: Sequence[Consignacion], estado: EstadoConsignacion) -> Decimal:
    return sum((c.valor for c in filas if c.estado is estado), Decimal(0))


def propias(agente: Agente, pagina: int, registros: int = POR_PAGINA) -> Pagina[Consignacion]:
    """A page of the deposits that an agent sent, the newest first."""
    suyas = select(Consignacion).where(Consignacion.agente_id == agente.id)
    return paginar(suyas.order_by(Consignacion.numero.desc()), pagina, registros)


def soporte_propio(codigo: str, *, firma: Firma) -> Archivo:
    """The slip of a deposit of the agent of `firma`. Raises `NoExiste`; for one of another agent, `Ajeno`."""
    una = db.session.scalar(select(Consignacion).where(Consignacion.codigo == codigo))
    if una is None:
        raise NoExiste("No encontramos esa consignación.")
    if una.agente_id != entidad_de(firma.usuario).id:
        raise Ajeno("No encontramos esa consignación.", f"consignacion:{una.id}")
    anotar(
        "consignacion.soporte",
        f"consignacion:{una.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
    )
    return una.archivo


def por_numero(numero: int) -> Consignacion:
    """Raises `NoExiste`."""
    # SQLite refuses to compare with a number that does not fit in its integers.
    una = db.session.scalar(select(Consignacion).where(Consignacion.numero == numero)) if numero < 2**63 else None
    if una is None:
        raise NoExiste("No encontramos esa consignación.")
    return una


def de_tesoreria(cuales: Cuales, pagina: int, registros: int = POR_PAGINA) -> Pagina[Consignacion]:
    """A page of the deposits that wait for treasury or for the bank, the oldest first; of the others, the newest first."""
    orden = Consignacion.numero.desc() if cuales is Cuales.RESUELTAS else Consignacion.numero
    return paginar(_de(cuales).options(joinedload(Consignacion.agente)).order_by(orden), pagina, registros)


def cuantas(cuales: Cuales) -> int:
    """How many there are."""
    return db.session.scalar(select(func.count(Consignacion.id)).where(_CONDICIONES[cuales])) or 0


def esperan(cuales: Cuales) -> tuple[int, datetime | None]:
    """How many there are, and when the oldest began to wait: it was sent to treasury, or accepted without the bank's line."""
    return contar_desde(_de(cuales), "enviada_en" if cuales is Cuales.RECIBIDAS else "resuelta_en")


def sin_linea() -> Decimal:
    """Pesos of what was accepted and the bank has not shown."""
    suma = select(func.sum(Consignacion.valor, type_=Pesos())).where(_CONDICIONES[Cuales.SIN_LINEA])
    return db.session.scalar(suma) or Decimal(0)


def _de(cuales: Cuales) -> Select[Consignacion]:
    return select(Consignacion).where(_CONDICIONES[cuales])
