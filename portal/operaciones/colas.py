"""Reading treasury's queues: how they stand, their cases by pages, and what was done about one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import Instante, db
from portal.dominio.casos import COLAS, NOMBRES_SALIDA, ClaseCaso, Cola
from portal.dominio.ordenes import NOMBRES_ORDEN
from portal.models import Bitacora, Caso, OrdenTesoreria, Recaudo, Usuario
from portal.operaciones.ordenes import del_caso
from portal.operaciones.paginas import POR_PAGINA, Pagina, contar_desde, paginar


class Filtro(StrEnum):
    """Which cases of a queue."""

    ABIERTOS = "abiertos"
    MIOS = "mios"
    SIN_RESPONSABLE = "sin-responsable"
    CERRADOS = "cerrados"


@dataclass(frozen=True)
class EstadoCola:
    """One queue now; `mas_antiguo` is when its oldest open case began."""

    clase: ClaseCaso
    cola: Cola
    abiertos: int = 0
    atrasados: int = 0
    mios: int = 0
    sin_responsable: int = 0
    mas_antiguo: datetime | None = None


@dataclass(frozen=True)
class Paso:
    """One moment of a case and its sentence."""

    en: datetime
    frase: str


def estado_de_las_colas(usuario_id: int, ahora: datetime) -> list[EstadoCola]:
    """Every queue in its order, empty ones too."""
    atrasado = or_(*(and_(Caso.clase == clase, Caso.abierto_en < ahora - cola.plazo) for clase, cola in COLAS.items()))
    consulta = (
        select(
            Caso.clase,
            func.count(),
            _cuantos(atrasado),
            _cuantos(Caso.responsable_id == usuario_id),
            _cuantos(Caso.responsable_id.is_(None)),
            func.min(Caso.abierto_en, type_=Instante()),
        )
        .where(Caso.cerrado_en.is_(None))
        .group_by(Caso.clase)
    )
    filas = {fila[0]: fila[1:] for fila in db.session.execute(consulta)}
    return [EstadoCola(clase, cola, *filas.get(clase, ())) for clase, cola in COLAS.items()]


def _cuantos(condicion: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condicion, 1), else_=0))


def casos_de(
    clase: ClaseCaso | None, filtro: Filtro, *, usuario_id: int, pagina: int = 1, registros: int = POR_PAGINA
) -> Pagina[Caso]:
    """A page of the cases of one queue, or of all of them; the oldest first, the closed ones newest first."""
    orden = Caso.cerrado_en.desc() if filtro is Filtro.CERRADOS else Caso.abierto_en
    return paginar(_con_sus_filas(_filtrar(clase, filtro, usuario_id)).order_by(orden, Caso.numero), pagina, registros)


def _filtrar(clase: ClaseCaso | None, filtro: Filtro, usuario_id: int) -> Select[Caso]:
    consulta = select(Caso).where(
        Caso.cerrado_en.is_not(None) if filtro is Filtro.CERRADOS else Caso.cerrado_en.is_(None)
    )
    if clase is not None:
        consulta = consulta.where(Caso.clase == clase)
    if filtro is Filtro.MIOS:
        return consulta.where(Caso.responsable_id == usuario_id)
    return consulta.where(Caso.responsable_id.is_(None)) if filtro is Filtro.SIN_RESPONSABLE else consulta


def _con_sus_filas(consulta: Select[Caso]) -> Select[Caso]:
    return consulta.options(
        joinedload(Caso.pago),
        joinedload(Caso.factura),
        joinedload(Caso.recaudo).selectinload(Recaudo.asientos),
        joinedload(Caso.recaudo).selectinload(Recaudo.reversion),
    )


def atrasado(caso: Caso, ahora: datetime) -> bool:
    """Whether an open case has waited longer than its queue admits."""
    return caso.abierto and ahora - caso.abierto_en > COLAS[caso.clase].plazo


def historia(caso: Caso) -> list[Paso]:
    """What happened with a case, oldest first: it opened, who took it, the orders about it, how it ended."""
    pasos = [Paso(caso.abierto_en, "Se abrió el caso.")]
    nombres = _nombres()
    tomas = select(Bitacora).where(Bitacora.objeto == f"caso:{caso.id}", Bitacora.accion == "caso.tomar")
    pasos += [Paso(t.en, f"Lo tomó {nombres.get(t.usuario_id, 'una cuenta')}.") for t in db.session.scalars(tomas)]
    for orden in del_caso(caso):
        pasos += _de_una_orden(orden)
    if caso.cerrado_en is not None and caso.salida is not None:
        quien = f" Lo cerró {caso.cerrado_por_nombre}." if caso.cerrado_por_nombre else " Se cerró solo."
        nota = f" Nota: {caso.nota}" if caso.nota else ""
        pasos.append(Paso(caso.cerrado_en, f"{NOMBRES_SALIDA[caso.salida]}.{quien}{nota}"))
    return sorted(pasos, key=lambda p: p.en)


def _de_una_orden(orden: OrdenTesoreria) -> list[Paso]:
    nombre = f"{NOMBRES_ORDEN[orden.clase]}, orden {orden.numero}"
    pasos = [Paso(orden.propuesta_en, f"{nombre}: la propuso {orden.propuesta_por_nombre}.")]
    if orden.resuelta_en is not None:
        verbo = "la rechazó" if orden.motivo_rechazo else "la aprobó"
        porque = f" Motivo: {orden.motivo_rechazo}" if orden.motivo_rechazo else ""
        pasos.append(Paso(orden.resuelta_en, f"{nombre}: {verbo} {orden.resuelta_por_nombre}.{porque}"))
    return pasos


def _nombres() -> Mapping[int | None, str]:
    return dict(db.session.execute(select(Usuario.id, Usuario.nombre)).all())


def ordenes_de(pendientes: bool, pagina: int = 1, registros: int = POR_PAGINA) -> Pagina[OrdenTesoreria]:
    """A page of the orders that wait for a second person, oldest first, or of those that ended, newest first."""
    condicion = OrdenTesoreria.resuelta_en.is_(None) if pendientes else OrdenTesoreria.resuelta_en.is_not(None)
    orden = OrdenTesoreria.numero if pendientes else OrdenTesoreria.numero.desc()
    renglones = selectinload(OrdenTesoreria.renglones)
    return paginar(select(OrdenTesoreria).where(condicion).options(renglones).order_by(orden), pagina, registros)


def por_aprobar_de(usuario_id: int) -> tuple[int, datetime | None]:
    """How many orders that account may approve, because another proposed them, and when the oldest was proposed."""
    ajenas = select(OrdenTesoreria).where(OrdenTesoreria.resuelta_en.is_(None))
    return contar_desde(ajenas.where(OrdenTesoreria.propuesta_por != usuario_id), "propuesta_en")


def por_aprobar() -> int:
    """How many orders wait for a second person."""
    return db.session.scalar(select(func.count(OrdenTesoreria.id)).where(OrdenTesoreria.resuelta_en.is_(None))) or 0
