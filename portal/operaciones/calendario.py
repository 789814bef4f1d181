"""The calendar of the department: holidays of the law, days that administrators declare non-working, outages of the portal.

Nothing here makes a due date come earlier once it was near: a day is revoked only before it comes, and an outage ends when
somebody says so, never before.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, ejecutar
from portal.dominio import festivos
from portal.dominio.calendario import BOGOTA, instante_en_palabras
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.festivos import Calendario, Festivo, leer_festivo, por_que_no_es_habil
from portal.models import Contingencia, DiaNoHabil
from portal.models.usuario import Rol
from portal.operaciones.archivos_normativa import CARPETA
from portal.operaciones.bitacora import anotar
from portal.operaciones.firmas import Firma, exigir_rol


@dataclass(frozen=True)
class Semana:
    """What ships with the portal: the holidays of the nation, and whether Saturday is a working day."""

    reglas: tuple[Festivo, ...]
    sabado_habil: bool


@lru_cache(maxsize=4)
def semana_de(carpeta: Path = CARPETA) -> Semana:
    """The rules of `festivos.toml`, read once. Raises `KeyError` or `ValueError` on a bad file."""
    datos = tomllib.loads((carpeta / "festivos.toml").read_text(encoding="utf-8"))
    return Semana(tuple(leer_festivo(cruda) for cruda in datos["festivo"]), datos["sabado_habil"])


def calendario_de(hoy: date) -> Calendario:
    """Everything that decides a due date, as it is known on the Colombian day `hoy`: two queries, whatever is asked of it."""
    semana = semana_de()
    dias = select(DiaNoHabil.dia, DiaNoHabil.motivo, DiaNoHabil.norma).where(DiaNoHabil.revocado_en.is_(None))
    fallas = select(Contingencia.inicio, Contingencia.fin, Contingencia.motivo).order_by(Contingencia.inicio)
    return Calendario(
        reglas=semana.reglas,
        sabado_habil=semana.sabado_habil,
        hoy=hoy,
        extraordinarios=MappingProxyType(
            {dia: f"{motivo}, {norma}" for dia, motivo, norma in db.session.execute(dias)}
        ),
        contingencias=tuple(
            festivos.Contingencia(_dia(inicio), _dia(fin) if fin else None, motivo)
            for inicio, fin, motivo in db.session.execute(fallas)
        ),
    )


def declarar_dia_no_habil(dia: date, *, motivo: str, norma: str, firma: Firma) -> DiaNoHabil:
    """Add a non-working day; `motivo` and `norma` are clean and not empty. A past one extends what was due on it. Flushes.

    Raises `DatoInvalido` (campo `dia`) for a day beyond the next year or before the last one, or that is no working day
    already; `TransicionNoPermitida` when it is not an administrator that signs.
    """
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    hoy = _dia(firma.ahora)
    if abs(dia.year - hoy.year) > 1:
        raise DatoInvalido("Escriba un día del año pasado, de este o del siguiente.", "dia")
    motivo_actual = por_que_no_es_habil(dia, calendario_de(hoy))
    if motivo_actual:
        raise DatoInvalido(f"Ese día ya no es hábil ({motivo_actual}).", "dia")
    nuevo = DiaNoHabil(
        dia=dia,
        motivo=motivo,
        norma=norma,
        declarado_por=firma.usuario.id,
        declarado_por_nombre=firma.usuario.nombre,
        declarado_en=firma.ahora,
    )
    if not _insertar(nuevo):
        raise DatoInvalido("Otra persona acaba de declarar ese día.", "dia")
    _anotar("calendario.dia", f"dia_no_habil:{nuevo.id}", firma, dia=dia.isoformat())
    return nuevo


def revocar_dia_no_habil(dia_id: int, *, motivo: str, firma: Firma) -> None:
    """Take a declared day back before it comes; `motivo` is already clean and not empty.

    Raises `TransicionNoPermitida` when it came already, because what was due then would become late in the past, or when it was
    revoked; `NoExiste`.
    """
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    uno = dia_por_id(dia_id)
    if not puede_revocarse(uno, _dia(firma.ahora)):
        raise TransicionNoPermitida(
            "Solo se revoca un día que no ha llegado: los plazos que ya corrieron no se acortan."
        )
    orden = (
        update(DiaNoHabil)
        .where(DiaNoHabil.id == dia_id, DiaNoHabil.revocado_en.is_(None))
        .values(
            revocado_en=firma.ahora,
            revocado_por=firma.usuario.id,
            revocado_por_nombre=firma.usuario.nombre,
            revocado_motivo=motivo,
        )
    )
    if ejecutar(orden) != 1:
        raise TransicionNoPermitida("Ese día ya fue revocado.")
    _anotar("calendario.revocar_dia", f"dia_no_habil:{dia_id}", firma, dia=uno.dia.isoformat())


def puede_revocarse(uno: DiaNoHabil, hoy: date) -> bool:
    """Whether a declared day is in force and has not come yet."""
    return not uno.revocado and uno.dia > hoy


def declarar_contingencia(inicio: datetime, fin: datetime | None, *, motivo: str, firma: Firma) -> Contingencia:
    """Declare an outage that goes on (no `fin`) or that ended already; `motivo` is clean, and shown to the public. Flushes.

    Raises `DatoInvalido` naming the field (`inicio`, `fin`), or none when another one is open;
    `TransicionNoPermitida` when it is not an administrator that signs.
    """
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    if inicio > firma.ahora or abs(inicio.year - firma.ahora.year) > 1:
        raise DatoInvalido("Escriba cuándo empezó: un momento que ya pasó, de este año o del anterior.", "inicio")
    if fin is not None and not inicio < fin <= firma.ahora:
        raise DatoInvalido("Escriba cuándo terminó: después de empezar y antes de ahora.", "fin")
    abierta = contingencia_abierta() if fin is None else None
    if abierta is not None:
        raise DatoInvalido(
            f"Ya hay una falla abierta, desde el {instante_en_palabras(abierta.inicio)} Declare primero que esa terminó."
        )
    nueva = Contingencia(
        inicio=inicio,
        motivo=motivo,
        declarada_por=firma.usuario.id,
        declarada_por_nombre=firma.usuario.nombre,
        declarada_en=firma.ahora,
        abierta=fin is None,
        fin=fin,
        terminada_por=firma.usuario.id if fin else None,
        terminada_por_nombre=firma.usuario.nombre if fin else "",
    )
    if not _insertar(nueva):
        raise DatoInvalido("Ya está declarada una falla que empezó en ese momento, o hay otra abierta.", "inicio")
    dicho = {"inicio": inicio.isoformat()} | ({"fin": fin.isoformat()} if fin else {})
    _anotar("contingencia.declarar", f"contingencia:{nueva.id}", firma, **dicho)
    return nueva


def terminar_contingencia(contingencia_id: int, *, firma: Firma) -> None:
    """Say that an outage is over, now: an earlier end would take back days that people were told they had.

    Raises `TransicionNoPermitida` when it had ended, `NoExiste`.
    """
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    contingencia_por_id(contingencia_id)
    orden = (
        update(Contingencia)
        .where(Contingencia.id == contingencia_id, Contingencia.abierta)
        .values(
            abierta=False,
            fin=firma.ahora,
            terminada_por=firma.usuario.id,
            terminada_por_nombre=firma.usuario.nombre,
        )
    )
    if ejecutar(orden) != 1:
        raise TransicionNoPermitida("Esa falla ya había terminado.")
    _anotar("contingencia.terminar", f"contingencia:{contingencia_id}", firma)


def contingencia_abierta() -> Contingencia | None:
    """The outage that goes on, if one does: one look-up in the index of open ones."""
    return db.session.scalar(select(Contingencia).where(Contingencia.abierta))


def dia_por_id(dia_id: int) -> DiaNoHabil:
    """One declared day. Raises `NoExiste`."""
    hallado = db.session.get(DiaNoHabil, dia_id) if dia_id < 2**31 else None
    if hallado is None:
        raise NoExiste("No encontramos ese día.")
    return hallado


def contingencia_por_id(contingencia_id: int) -> Contingencia:
    """One outage. Raises `NoExiste`."""
    hallada = db.session.get(Contingencia, contingencia_id) if contingencia_id < 2**31 else None
    if hallada is None:
        raise NoExiste("No encontramos esa falla.")
    return hallada


def dias_no_habiles(ano: int) -> Sequence[DiaNoHabil]:
    """The days of a year that were declared, in order, revoked ones too."""
    consulta = select(DiaNoHabil).where(DiaNoHabil.dia >= date(ano, 1, 1), DiaNoHabil.dia <= date(ano, 12, 31))
    return db.session.scalars(consulta.order_by(DiaNoHabil.dia, DiaNoHabil.id)).all()


def contingencias(ano: int) -> Sequence[Contingencia]:
    """The outages that touch a year, the last one first."""
    empieza, acaba = datetime(ano, 1, 1, tzinfo=BOGOTA), datetime(ano + 1, 1, 1, tzinfo=BOGOTA)
    tocan = (Contingencia.inicio < acaba, or_(Contingencia.fin.is_(None), Contingencia.fin >= empieza))
    return db.session.scalars(select(Contingencia).where(*tocan).order_by(Contingencia.inicio.desc())).all()


def _dia(instante: datetime) -> date:
    """The Colombian day of an instant."""
    return instante.astimezone(BOGOTA).date()


def _insertar(fila: DiaNoHabil | Contingencia) -> bool:
    """Insert unless a unique index refuses it: of two people at once, one gets it."""
    try:
        with db.session.begin_nested():
            db.session.add(fila)
    except IntegrityError:
        return False
    return True


def _anotar(accion: str, objeto: str, firma: Firma, **detalle: str) -> None:
    anotar(accion, objeto, ahora=firma.ahora, usuario_id=firma.usuario.id, peticion=firma.peticion, **detalle)
