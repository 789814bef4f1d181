"""A contract as a whole: its root, which is locked before anything of its life changes, and the ledger of what happened to it.

Locks are always taken in one order: the contract, its facturas, the rules, the consecutive numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, func, select, text
from sqlalchemy.orm import selectinload

from portal.db import db
from portal.dominio.errores import NoExiste
from portal.dominio.estados import ESTADOS_PAGADOS, EstadoFactura
from portal.models import ClaseMovimiento, Contrato, Factura, Integrante, Liquidacion, MovimientoContrato, Usuario
from portal.operaciones.composicion import EL_CONTRIBUYENTE, Emitente
from portal.operaciones.encargos import Encargo, Soporte

_ABRIR = text(
    "INSERT INTO contrato (departamento, vigencia, documento, numero, entidad) "
    "VALUES (:departamento, :vigencia, :documento, :numero, :entidad) ON CONFLICT DO NOTHING"
)


class Llave(NamedTuple):
    """What names a contract: as it is printed and looked up, and whose it is (`Contrato.entidad`)."""

    departamento: str
    vigencia: int
    documento: str
    numero: str
    entidad: int


def llave_del_encargo(departamento: str, encargo: Encargo) -> Llave | None:
    """The contract that is being assessed, its entity known; None for a trámite."""
    fecha, numero = encargo.asunto.fecha_contrato, encargo.numero_contrato
    if fecha is None or not numero:
        return None
    assert encargo.entidad is not None, "a contract is of some entity"
    return Llave(departamento, fecha.year, encargo.contribuyente.documento, numero, encargo.entidad)


def llave_de(liquidacion: Liquidacion) -> Llave | None:
    """The contract that a liquidación belongs to; None for a trámite."""
    una, numero = liquidacion, liquidacion.numero_contrato
    return Llave(una.departamento, una.vigencia, una.documento, numero, una.entidad) if numero else None


def abrir(llave: Llave | None) -> int | None:
    """The id of a contract's root, made when it is missing, and locked until the transaction ends. None for a trámite."""
    if llave is None:
        return None
    db.session.execute(_ABRIR, llave._asdict())
    return _bloquear(llave)


def _bloquear(llave: Llave) -> int:
    """Whoever changes the life of a contract waits here for the others (SQLite: the transaction already holds the lock)."""
    return db.session.execute(select(Contrato.id).filter_by(**llave._asdict()).with_for_update()).scalar_one()


def del_contratista(documento: ColumnElement[str]) -> CompoundSelect:
    """Ids of the liquidaciones of who contracts under a document, alone or as a member of a consorcio.

    A union, because PostgreSQL finds no index for one OR the other.
    """
    propias = select(Liquidacion.id).where(Liquidacion.documento == documento)
    return propias.union(select(Integrante.liquidacion_id).where(Integrante.documento == documento))


@dataclass(frozen=True)
class Renglon:
    """One stamp of a contract, in pesos: determined, carried by cuentas, paid, and owed back to the contributor."""

    acto: str
    estampilla: str
    nombre: str
    norma: str
    exencion: str | None
    determinado: Decimal
    en_cuentas: Decimal
    legalizado: Decimal
    a_favor: Decimal

    @property
    def sin_cuenta(self) -> Decimal:
        """What no cuenta has carried yet: what was carried and is owed back was carried for nothing."""
        return max(self.determinado - (self.en_cuentas - self.a_favor), Decimal(0))


@dataclass(frozen=True)
class Expediente:
    """What is known of a contract. `liquidaciones`: all of it that is in force, with facturas; `movimientos`: the ledger."""

    id: int
    movimientos: Sequence[MovimientoContrato]
    liquidaciones: Sequence[Liquidacion]

    @property
    def valor(self) -> Decimal:
        """Pesos that the contract is worth today, additions and reductions included."""
        return sum((m.valor for m in self.movimientos), Decimal(0))

    @property
    def pagado(self) -> Decimal:
        """Pesos that the entity has paid of it, as far as its cuentas are registered."""
        return sum((m.pagado for m in self.movimientos), Decimal(0))

    @property
    def por_pagar(self) -> Decimal:
        return self.valor - self.pagado

    def valor_de(self, adicion: int) -> Decimal:
        """Pesos that one part is worth: 0 is the contract without its additions."""
        return sum((m.valor for m in self.movimientos if m.adicion == adicion), Decimal(0))

    @cached_property
    def determinaciones(self) -> Sequence[Liquidacion]:
        """What assesses it, in order: the contract, then its additions."""
        return sorted((x for x in self.liquidaciones if not x.cuenta), key=lambda x: x.adicion)

    @cached_property
    def cuentas(self) -> Sequence[Liquidacion]:
        """The payments of the contract whose parts were assessed, oldest first."""
        return sorted((x for x in self.liquidaciones if x.cuenta), key=lambda x: x.numero)

    @property
    def inicial(self) -> Liquidacion | None:
        """The assessment of the contract itself."""
        return next((x for x in self.determinaciones if x.adicion == 0), None)

    @property
    def por_retencion(self) -> bool:
        return self.inicial is not None and self.inicial.por_retencion

    @property
    def actos_vigentes(self) -> list[MovimientoContrato]:
        """The acts that still count: those of a part that was voided afterwards do not."""
        anulados: dict[int, int] = {}
        for m in self.movimientos:
            if m.clase is ClaseMovimiento.SIN_EFECTO and not m.documento:
                anulados[m.adicion] = m.orden
        clases = (ClaseMovimiento.INICIAL, ClaseMovimiento.ADICION, ClaseMovimiento.REDUCCION)
        return [m for m in self.movimientos if m.clase in clases and m.orden > anulados.get(m.adicion, 0)]

    def renglones(self) -> list[Renglon]:
        """The stamps of the contract, in the order of its assessments."""
        claves = dict.fromkeys((f.acto, f.estampilla) for x in self.determinaciones for f in x.facturas)
        return [self._renglon(acto, estampilla) for acto, estampilla in claves]

    def _renglon(self, acto: str, estampilla: str) -> Renglon:
        def de(liquidaciones: Iterable[Liquidacion]) -> list[Factura]:
            return [f for x in liquidaciones for f in x.facturas if (f.acto, f.estampilla) == (acto, estampilla)]

        # What was handed back because it was not owed is neither owed nor collected.
        todas, cobran = de(self.determinaciones), sin_devolver(de(self.cuentas))
        determinan = sin_devolver(todas)
        pagables = cobran if self.por_retencion else determinan
        saldos = [s for m in self.movimientos for s in m.saldos if (s.acto, s.estampilla) == (acto, estampilla)]
        return Renglon(
            acto,
            estampilla,
            nombre=todas[0].estampilla_nombre,
            norma=todas[0].norma,
            exencion=todas[-1].exencion,
            determinado=_sumar(f.valor for f in determinan),
            en_cuentas=_sumar(f.valor for f in cobran),
            legalizado=_sumar(f.valor for f in pagables if f.estado in ESTADOS_PAGADOS),
            a_favor=_sumar(s.valor for s in saldos),
        )


def sin_devolver(facturas: Iterable[Factura]) -> list[Factura]:
    """Those of an assessment in force that were not handed back as paid and not owed, which leaves one alone *sin efecto*."""
    return [f for f in facturas if f.estado is not EstadoFactura.SIN_EFECTO]


def _sumar(valores: Iterable[Decimal]) -> Decimal:
    return sum(valores, Decimal(0))


def leer(liquidacion: Liquidacion, *, bloqueado: bool = False) -> Expediente:
    """The contract that a liquidación belongs to. `bloqueado`: wait for whoever is changing it, and keep others out.

    Raises `NoExiste` for a trámite.
    """
    llave = llave_de(liquidacion)
    if llave is None:
        raise NoExiste("Esa liquidación no es de un contrato.")
    contrato_id = abrir(llave) if bloqueado else _id_de(llave)
    # What was read before waiting for the lock may be old by now.
    fresco: dict[str, Any] = {"populate_existing": bloqueado}
    movimientos = db.session.scalars(
        select(MovimientoContrato)
        .where(MovimientoContrato.contrato_id == contrato_id)
        .order_by(MovimientoContrato.orden)
        .options(selectinload(MovimientoContrato.saldos), selectinload(MovimientoContrato.liquidacion))
        .execution_options(**fresco)
    ).all()
    liquidaciones = db.session.scalars(
        select(Liquidacion)
        .where(
            Liquidacion.departamento == llave.departamento,
            Liquidacion.vigencia == llave.vigencia,
            Liquidacion.documento == llave.documento,
            Liquidacion.numero_contrato == llave.numero,
            Liquidacion.entidad == llave.entidad,
            Liquidacion.vigente,
        )
        .options(selectinload(Liquidacion.facturas), selectinload(Liquidacion.integrantes))
        .execution_options(**fresco)
    ).all()
    return Expediente(contrato_id or 0, movimientos, liquidaciones)


def _id_de(llave: Llave) -> int | None:
    return db.session.scalar(select(Contrato.id).filter_by(**llave._asdict()))


def anotar_liquidacion(nueva: Liquidacion, soporte: Soporte | None) -> None:
    """The line of what an assessment did to its contract: that of `soporte`, or the contract's own. None for a trámite."""
    llave = llave_de(nueva)
    if llave is None:
        return
    propio = Soporte(
        ClaseMovimiento.INICIAL,
        nueva.numero_contrato or "",
        nueva.fecha_contrato or nueva.fecha_causacion,
        nueva.valor_acto or Decimal(0),
    )
    datos = soporte or propio
    anotar_movimiento(
        _bloquear(llave),
        datos.clase,
        adicion=nueva.adicion,
        valor=datos.valor,
        documento=datos.documento,
        fecha=datos.fecha,
        liquidacion_id=nueva.id,
        en=nueva.emitida_en,
        usuario_id=nueva.emitida_por,
        usuario_nombre=nueva.emitida_por_nombre,
    )


def anotar_movimiento(contrato_id: int, clase: ClaseMovimiento, **datos: Any) -> MovimientoContrato:
    """Append one line to a contract's ledger; the unique order refuses who did not lock the contract. Flushes."""
    ultimo = db.session.scalar(
        select(func.max(MovimientoContrato.orden)).where(MovimientoContrato.contrato_id == contrato_id)
    )
    movimiento = MovimientoContrato(contrato_id=contrato_id, orden=(ultimo or 0) + 1, clase=clase, **datos)
    db.session.add(movimiento)
    db.session.flush()
    return movimiento


def ultimo_movimiento(contrato_id: int) -> MovimientoContrato:
    """The newest line of a contract's ledger, which has one."""
    orden = select(MovimientoContrato).where(MovimientoContrato.contrato_id == contrato_id)
    return db.session.scalars(orden.order_by(MovimientoContrato.orden.desc()).limit(1)).one()


def quien(usuario: Usuario | None, ahora: datetime) -> dict[str, Any]:
    """Who writes a line, and when. None: the contributor."""
    emitente = Emitente(usuario.id, usuario.nombre) if usuario else EL_CONTRIBUYENTE
    return {"en": ahora, "usuario_id": emitente.id, "usuario_nombre": emitente.nombre}


def ultima_fecha(expediente: Expediente) -> date | None:
    """The day of the latest act that still counts: none that follows may be earlier."""
    return max((m.fecha for m in expediente.actos_vigentes if m.fecha), default=None)
