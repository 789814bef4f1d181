"""Recognitions: recording that a rule covers somebody, revoking it, finding it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from portal.db import db, ejecutar
from portal.dominio.calendario import dia_en_palabras
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.normativa import Normativa, Regla
from portal.dominio.reconocimientos import revisar, se_cruzan
from portal.dominio.vigencia import rige
from portal.models import ClaseSoporte, Factura, Liquidacion, Reconocimiento, Usuario
from portal.models.usuario import Rol
from portal.operaciones.bitacora import anotar
from portal.operaciones.firmas import exigir_rol
from portal.operaciones.normativa import normativa_de
from portal.operaciones.paginas import POR_PAGINA, contar_desde

# What ends within these days is told to whoever may recognise it again.
POR_VENCER = timedelta(days=30)


class YaReconocido(TransicionNoPermitida):
    """The rule is recognised already to that beneficiary for some of those days; `reconocimiento_id` leads to it."""

    def __init__(self, existente: Reconocimiento) -> None:
        hasta = f"hasta el {dia_en_palabras(existente.hasta)}" if existente.hasta else "sin fecha final"
        super().__init__(
            f"El reconocimiento {existente.id} ya cubre esa regla y ese beneficiario desde el "
            f"{dia_en_palabras(existente.desde)}, {hasta}. Use ese, o escriba fechas que no se crucen."
        )
        self.reconocimiento_id = existente.id


@dataclass(frozen=True)
class Alcance:
    """To whom it applies, already normalised: every act of somebody, or one contract of theirs with the contract's year.

    `agente_id`: the collecting agent that contracts; none, the department or whoever collects nothing for it.
    """

    tipo_documento: str
    documento: str
    nombre: str
    numero_contrato: str | None = None
    vigencia_contrato: int | None = None
    agente_id: int | None = None


@dataclass(frozen=True)
class Soporte:
    """The document that it rests on, its texts already clean. `emisor` is the office that issued the document."""

    clase: ClaseSoporte
    fecha: date
    emisor: str
    numero: str = ""


@dataclass(frozen=True)
class Datos:
    """What a recognition says. Both days are included; no `hasta`: no end. `dependencia` is the office that recognises."""

    alcance: Alcance
    soporte: Soporte
    desde: date
    hasta: date | None
    dependencia: str


@dataclass(frozen=True)
class Firma:
    """Who acts, when, on which Colombian day, and in which request."""

    usuario: Usuario
    ahora: datetime
    hoy: date
    peticion: str = ""


def reglas_por_reconocer(normativa: Normativa) -> tuple[Regla, ...]:
    """The rules that apply only with a recognition, in the order of the law; all versions of each."""
    return tuple(regla for regla in normativa.reglas if regla.confirma_funcionario and regla.activa)


def regla_por_reconocer(normativa: Normativa, codigo: str, fecha: date) -> Regla:
    """The version of one of them that rules on a day, else the last one. Raises `DatoInvalido` (campo `regla`)."""
    versiones = [regla for regla in reglas_por_reconocer(normativa) if regla.codigo == codigo]
    if not versiones:
        raise DatoInvalido("Elija una regla de la lista.", "regla")
    return next((r for r in versiones if rige(r.desde, r.hasta, fecha)), versiones[-1])


def reconocer(regla: str, datos: Datos, *, departamento: str, firma: Firma) -> Reconocimiento:
    """Record a recognition of the rule of that code. Flushes. Raises as `registrar`, and `DatoInvalido` for another rule."""
    vigente = regla_por_reconocer(normativa_de(departamento), regla, datos.desde)
    return registrar(vigente, datos, departamento=departamento, firma=firma)


def registrar(regla: Regla, datos: Datos, *, departamento: str, firma: Firma) -> Reconocimiento:
    """Record a recognition of `regla`. Flushes.

    Raises `DatoInvalido` naming the field, `YaReconocido` when it would share a day with another of the same scope,
    `TransicionNoPermitida` when it is not Rentas that signs.
    """
    exigir_rol(firma.usuario, Rol.RENTAS)
    revisar(regla, datos.soporte.fecha, datos.desde, datos.hasta, firma.hoy)
    columnas: dict[str, Any] = {
        "departamento": departamento,
        "regla": regla.codigo,
        "regla_motivo": regla.motivo,
        **vars(datos.alcance),
        **{f"soporte_{campo}": valor for campo, valor in vars(datos.soporte).items()},
        "desde": datos.desde,
        "hasta": datos.hasta,
        "dependencia": datos.dependencia,
        "usuario_id": firma.usuario.id,
        "usuario_nombre": firma.usuario.nombre,
        "registrado_en": firma.ahora,
    }
    nuevo = _insertar(columnas)
    _anotar("reconocimiento.registrar", nuevo.id, firma, regla=regla.codigo, desde=datos.desde.isoformat())
    return nuevo


def revocar(reconocimiento_id: int, *, motivo: str, firma: Firma) -> None:
    """End a recognition for whatever is issued from now on, whenever its act was; what was issued stays as it is.

    `motivo` is already clean and not empty. Raises `TransicionNoPermitida` when it is revoked already.
    """
    exigir_rol(firma.usuario, Rol.RENTAS)
    orden = (
        update(Reconocimiento)
        .where(Reconocimiento.id == reconocimiento_id, Reconocimiento.revocado_en.is_(None))
        .values(
            revocado_en=firma.ahora,
            revocado_por=firma.usuario.id,
            revocado_por_nombre=firma.usuario.nombre,
            revocado_motivo=motivo,
        )
    )
    if ejecutar(orden) != 1:
        raise TransicionNoPermitida("Este reconocimiento ya fue revocado.")
    _anotar("reconocimiento.revocar", reconocimiento_id, firma)


def vigentes_de(departamento: str, tipo_documento: str, documento: str, fecha: date) -> list[Reconocimiento]:
    """Those of a beneficiary that can be used for an act of `fecha`, oldest first, whatever their rule or contract."""
    en_vigor = (
        Reconocimiento.departamento == departamento,
        Reconocimiento.tipo_documento == tipo_documento,
        Reconocimiento.documento == documento,
        Reconocimiento.revocado_en.is_(None),
        Reconocimiento.desde <= fecha,
        or_(Reconocimiento.hasta.is_(None), Reconocimiento.hasta >= fecha),
    )
    return list(db.session.scalars(select(Reconocimiento).where(*en_vigor).order_by(Reconocimiento.id)))


def sujetar(uno: Reconocimiento) -> bool:
    """Make whoever revokes it wait for the end of this transaction; False when it was revoked already."""
    consulta = select(Reconocimiento.id).where(Reconocimiento.id == uno.id, Reconocimiento.revocado_en.is_(None))
    return db.session.scalar(consulta.with_for_update(read=True)) is not None


def por_id(departamento: str, reconocimiento_id: int) -> Reconocimiento:
    """One recognition. Raises `NoExiste`."""
    hallado = db.session.get(Reconocimiento, reconocimiento_id) if reconocimiento_id < 2**31 else None
    if hallado is None or hallado.departamento != departamento:
        raise NoExiste("No encontramos ese reconocimiento.")
    return hallado


@dataclass(frozen=True)
class Lista:
    """Some recognitions, newest first, and the number to go on from when there are older ones."""

    filas: Sequence[Reconocimiento]
    siguiente: int | None


def buscar(
    departamento: str,
    documento: str = "",
    *,
    vencen: tuple[date, date] | None = None,
    antes_de: int | None = None,
    limite: int = POR_PAGINA,
) -> Lista:
    """Those of exactly this normalised document, or all when it is empty; with `vencen`, those that end between two days.

    `antes_de`: the `siguiente` of the page before.
    """
    consulta = select(Reconocimiento).where(Reconocimiento.departamento == departamento)
    if vencen is not None:
        consulta = _que_vencen(departamento, *vencen)
    if documento:
        consulta = consulta.where(Reconocimiento.documento == documento)
    if antes_de is not None:
        consulta = consulta.where(Reconocimiento.id < antes_de)
    hallados = db.session.scalars(consulta.order_by(Reconocimiento.id.desc()).limit(limite + 1)).all()
    return Lista(hallados[:limite], hallados[limite - 1].id if len(hallados) > limite else None)


def por_vencer(departamento: str, desde: date, hasta: date) -> tuple[int, date | None]:
    """How many of those in force end between two days, and the first day that one does."""
    return contar_desde(_que_vencen(departamento, desde, hasta), "hasta")


def _que_vencen(departamento: str, desde: date, hasta: date) -> Select[Reconocimiento]:
    suyos = select(Reconocimiento).where(Reconocimiento.departamento == departamento)
    return suyos.where(Reconocimiento.revocado_en.is_(None), Reconocimiento.hasta.between(desde, hasta))


def usos(reconocimiento_id: int, limite: int = 20) -> tuple[Sequence[Liquidacion], int]:
    """The newest liquidaciones issued on the strength of a recognition, and how many there are."""
    suyas = Liquidacion.facturas.any(Factura.reconocimientos.any(Reconocimiento.id == reconocimiento_id))
    cuantas = db.session.scalar(select(func.count(Liquidacion.id)).where(suyas)) or 0
    consulta = select(Liquidacion).where(suyas).options(selectinload(Liquidacion.facturas))
    return db.session.scalars(consulta.order_by(Liquidacion.numero.desc()).limit(limite)).all(), cuantas


def _insertar(columnas: dict[str, Any]) -> Reconocimiento:
    """Insert unless another one of the same scope shares a day; who loses a race looks again at what the winner left."""
    while True:
        anteriores = db.session.scalars(select(Reconocimiento).where(_de_la_serie(columnas))).all()
        _rechazar_si_se_cruza(columnas, anteriores)
        nuevo = Reconocimiento(**columnas, orden=1 + max((r.orden for r in anteriores), default=0))
        try:
            with db.session.begin_nested():
                db.session.add(nuevo)
        except IntegrityError:
            if db.session.scalar(select(func.count(Reconocimiento.id)).where(_de_la_serie(columnas))) == len(
                anteriores
            ):
                raise
        else:
            return nuevo


def _de_la_serie(columnas: dict[str, Any]) -> ColumnElement[bool]:
    serie = ("departamento", "regla", "tipo_documento", "documento")
    return and_(*(getattr(Reconocimiento, columna) == columnas[columna] for columna in serie))


def _rechazar_si_se_cruza(columnas: dict[str, Any], anteriores: Sequence[Reconocimiento]) -> None:
    contrato = (columnas["numero_contrato"], columnas["vigencia_contrato"], columnas["agente_id"])
    for otro in anteriores:
        mismo = not otro.revocado and otro.contrato == contrato
        if mismo and se_cruzan((otro.desde, otro.hasta), (columnas["desde"], columnas["hasta"])):
            raise YaReconocido(otro)


def _anotar(accion: str, reconocimiento_id: int, firma: Firma, **detalle: Any) -> None:
    anotar(
        accion,
        f"reconocimiento:{reconocimiento_id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        **detalle,
    )
