"""The register of collecting agents: who they are, their offices, and which agent takes part in an act."""

import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from portal.db import db, ejecutar
from portal.dominio.agentes import Formulario, ReglasAgentes, ReporteSedes
from portal.dominio.calendario import mes_en_palabras
from portal.dominio.declaraciones import comienzo, mes_de, mes_siguiente
from portal.dominio.errores import CuentaSinEntidad, DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.identificacion import leer_documento, leer_texto
from portal.dominio.lectura import leer_correo
from portal.dominio.palabras import CLASES_AGENTE, nombre_de
from portal.dominio.plazos import leer_plazo
from portal.dominio.recordatorios import leer_recordatorios
from portal.models import Agente, Liquidacion, Retencion, Sede, Usuario
from portal.models.usuario import Rol
from portal.operaciones.archivos_normativa import CARPETA
from portal.operaciones.bitacora import anotar
from portal.operaciones.cuentas import plan_de
from portal.operaciones.firmas import Firma, exigir_rol


@dataclass(frozen=True)
class DatosAgente:
    """What is written of an agent; `cuenta` is a collecting account of the department, `desde` any day of its first month."""

    nit: str
    nombre: str
    clase: str
    estampillas: Sequence[str]
    cuenta: str
    desde: date
    hasta: date | None = None
    direccion: str = ""
    telefono: str = ""
    correo: str = ""


# The term of `deberes.toml` by which the return of a month is filed.
_PLAZO = "reporte_mensual"


@lru_cache(maxsize=8)
def reglas_de(departamento: str, carpeta: Path = CARPETA) -> ReglasAgentes:
    """What `portal/normativa/<departamento>/deberes.toml` says of agents, read once."""
    datos: dict[str, Any] = tomllib.loads((carpeta / departamento / "deberes.toml").read_text(encoding="utf-8"))
    agentes = datos["agentes"]
    mensual = next((r for r in datos.get("reporte", ()) if r.get("formulario")), None)
    formulario = mensual and Formulario(
        mensual["codigo"], mensual["nombre"], mensual["cita"], tuple(mensual["renglones"]), tuple(mensual["anexos"])
    )
    clases = {codigo: nombre_de(CLASES_AGENTE, codigo) for codigo in agentes["clases"]}
    plazos = {plazo.id: plazo for plazo in map(leer_plazo, datos.get("plazo", ()))}
    avisos = datos.get("recordatorios")
    return ReglasAgentes(
        MappingProxyType(clases),
        agentes["cita"],
        formulario,
        plazos.get(_PLAZO),
        leer_recordatorios(avisos) if avisos else None,
        _reporte_sedes(datos),
    )


def _reporte_sedes(datos: dict[str, Any]) -> ReporteSedes:
    diario = next((r for r in datos.get("reporte", ()) if r.get("recaudo") == "diaria"), None)
    if diario is None:
        return ReporteSedes("Liquidación y recaudo de las sedes", "", ())
    return ReporteSedes(diario["nombre"], diario["cita"], tuple(diario["destinatarios"]))


def crear(datos: DatosAgente, *, departamento: str, conocidas: Sequence[str], firma: Firma) -> Agente:
    """Register an agent. `conocidas` are the stamps of the department. Raises `DatoInvalido` naming the field.

    The unique NIT decides between two administrators. What was issued in its months for acts of its NIT becomes its own.
    """
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    agente = Agente(codigo=secrets.token_urlsafe(9), departamento=departamento, creado_en=firma.ahora)
    _escribir(agente, datos, conocidas)
    try:
        with db.session.begin_nested():
            db.session.add(agente)
            db.session.flush()
    except IntegrityError:
        raise DatoInvalido("Ya hay un agente recaudador con ese NIT.", "nit") from None
    _anotar("agente.crear", agente, firma, liquidaciones=_tomar_las_de_sus_meses(agente))
    return agente


def cambiar(agente: Agente, datos: DatosAgente, *, conocidas: Sequence[str], firma: Firma) -> None:
    """Change what is written of an agent; its first month and NIT stay once a month was opened.

    Until then, what became its own by them is that of the new ones.
    Raises `DatoInvalido` naming the field, `TransicionNoPermitida` as told.
    """
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    antes = (agente.nit, agente.desde)
    _escribir(agente, datos, conocidas)
    if agente.abierto_hasta is not None and (agente.nit, agente.desde) != antes:
        raise TransicionNoPermitida(
            "El NIT y el primer mes no cambian después de abrir las declaraciones de la entidad."
        )
    if agente.abierto_hasta is not None and agente.hasta is not None and agente.hasta < agente.abierto_hasta:
        raise DatoInvalido("Ya hay meses abiertos después de ese.", "hasta")
    _exigir_sus_meses(agente)
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError:
        raise DatoInvalido("Ya hay un agente recaudador con ese NIT.", "nit") from None
    detalle = {}
    if (agente.nit, agente.desde) != antes:
        _soltar_las_de(agente, antes[0])
        detalle["liquidaciones"] = _tomar_las_de_sus_meses(agente)
    _anotar("agente.cambiar", agente, firma, **detalle)


def agregar_sede(agente: Agente, nombre: str, *, firma: Firma) -> Sede:
    """Add an office that collects. Raises `DatoInvalido` (campo `sede`) when it has one with that name."""
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    sede = Sede(agente_id=agente.id, nombre=leer_texto(nombre, maximo=120, campo="sede"))
    try:
        with db.session.begin_nested():
            db.session.add(sede)
            db.session.flush()
    except IntegrityError:
        raise DatoInvalido("La entidad ya tiene una sede con ese nombre.", "sede") from None
    db.session.expire(agente, ["sedes"])
    _anotar("agente.sede", agente, firma, sede=sede.id)
    return sede


def cerrar_sede(sede: Sede, *, firma: Firma) -> None:
    """An office collects no more; what it collected keeps its name, and its accounts work on for the entity without office."""
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    if not sede.activa:
        return
    sede.activa = False
    db.session.execute(update(Usuario).where(Usuario.sede_id == sede.id).values(sede_id=None))
    db.session.flush()
    _anotar("agente.cerrar_sede", sede.agente, firma, sede=sede.id)


def reabrir_sede(sede: Sede, *, firma: Firma) -> None:
    """A closed office collects again."""
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    if sede.activa:
        return
    sede.activa = True
    db.session.flush()
    _anotar("agente.reabrir_sede", sede.agente, firma, sede=sede.id)


def sede_de(agente: Agente, sede_id: int) -> Sede:
    """Raises `NoExiste` for an office of others."""
    hallada = db.session.scalar(select(Sede).where(Sede.id == sede_id, Sede.agente_id == agente.id))
    if hallada is None:
        raise NoExiste("No encontramos esa sede.")
    return hallada


def vincular(agente: Agente, cuenta: Usuario, sede: Sede | None = None, *, firma: Firma) -> None:
    """Make an account work for an agent. Raises `DatoInvalido` (campo `correo`) for one of another role or entity.

    An office of others, or one that was closed, is refused too (campo `sede`).
    """
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    if cuenta.rol is not Rol.AGENTE:
        raise DatoInvalido("Esa cuenta no tiene el rol de agente recaudador.", "correo")
    if cuenta.agente_id not in (None, agente.id):
        raise DatoInvalido("Esa cuenta ya trabaja para otra entidad.", "correo")
    if sede is not None and (sede.agente_id != agente.id or not sede.activa):
        raise DatoInvalido("Elija una sede abierta de la lista.", "sede")
    cuenta.agente_id = agente.id
    cuenta.sede_id = sede.id if sede else None
    db.session.flush()
    _anotar("agente.vincular", agente, firma, usuario=cuenta.id)


def desvincular(agente: Agente, cuenta_id: int, *, firma: Firma) -> None:
    """An account works no more for an agent: its next request finds no entity. Raises `NoExiste` for one of others."""
    exigir_rol(firma.usuario, Rol.ADMINISTRADOR)
    cuenta = db.session.scalar(select(Usuario).where(Usuario.id == cuenta_id, Usuario.agente_id == agente.id))
    if cuenta is None:
        raise NoExiste("Esa cuenta no trabaja para esta entidad.")
    cuenta.agente_id = cuenta.sede_id = None
    db.session.flush()
    _anotar("agente.desvincular", agente, firma, usuario=cuenta.id)


def cuentas_de(agente: Agente) -> Sequence[Usuario]:
    """The accounts that work for an agent, by address."""
    return db.session.scalars(select(Usuario).where(Usuario.agente_id == agente.id).order_by(Usuario.correo)).all()


def contar_cuentas(departamento: str) -> dict[int, int]:
    """How many active accounts work for each agent, by its id; none where nobody does."""
    consulta = select(Agente.id, func.count()).join(Usuario, Usuario.agente_id == Agente.id)
    activas = consulta.where(Agente.departamento == departamento, Usuario.activo).group_by(Agente.id)
    return dict(db.session.execute(activas).all())


def por_codigo(codigo: str, departamento: str) -> Agente:
    """Raises `NoExiste`."""
    hallado = db.session.scalar(select(Agente).where(Agente.codigo == codigo, Agente.departamento == departamento))
    if hallado is None:
        raise NoExiste("No encontramos ese agente recaudador.")
    return hallado


def listar(departamento: str) -> Sequence[Agente]:
    """Every agent, by name, with its offices."""
    suyos = select(Agente).where(Agente.departamento == departamento).order_by(Agente.nombre, Agente.id)
    return db.session.scalars(suyos.options(selectinload(Agente.sedes))).all()


def entidad_de(usuario: Usuario) -> Agente:
    """The agent that an account works for. Raises `CuentaSinEntidad` when nobody linked it to one."""
    exigir_rol(usuario, Rol.AGENTE)
    if usuario.agente_id is None:
        raise CuentaSinEntidad(
            "Su cuenta aún no está vinculada a una entidad. Pida al administrador del portal que la vincule."
        )
    return db.session.get_one(Agente, usuario.agente_id)


def que_interviene(departamento: str, usuario: Usuario, contratante_nit: str) -> Agente | None:
    """The agent that takes part in an act: the entity of who assesses it; else the one that contracts, by its NIT."""
    return entidad_de(usuario) if usuario.rol is Rol.AGENTE else por_nit(departamento, contratante_nit)


def por_nit(departamento: str, nit: str) -> Agente | None:
    """The agent of a NIT without its check digit, if there is one."""
    suyo = select(Agente).where(Agente.departamento == departamento, Agente.nit == nit)
    return db.session.scalar(suyo) if nit else None


def _tomar_las_de_sus_meses(agente: Agente) -> int:
    """Make it take part in the acts that its NIT contracts, issued in its months before it was here; returns how many.

    Its returns count them, and its people see them, as if it had been registered from its first month.
    """
    de_su_nit = (
        update(Liquidacion)
        .where(Liquidacion.departamento == agente.departamento, Liquidacion.contratante_nit == agente.nit)
        .where(Liquidacion.agente_id.is_(None), Liquidacion.emitida_en >= comienzo(agente.desde))
        .values(agente_id=agente.id)
    )
    if agente.hasta is not None:
        de_su_nit = de_su_nit.where(Liquidacion.emitida_en < comienzo(mes_siguiente(agente.hasta)))
    return ejecutar(de_su_nit.execution_options(synchronize_session=False))


def _soltar_las_de(agente: Agente, nit: str) -> None:
    """Undo that it takes part in acts of a NIT that was not its own; what its people issued or withheld stays."""
    # What nobody's account issued here (the earlier system did) was not issued by its people.
    de_su_gente = select(Usuario.id).where(Usuario.rol == Rol.AGENTE)
    retenidas = select(Retencion.liquidacion_id).where(Retencion.agente_id == agente.id)
    del_nit = (
        update(Liquidacion)
        .where(Liquidacion.agente_id == agente.id, Liquidacion.contratante_nit == nit)
        .where(func.coalesce(Liquidacion.emitida_por, 0).not_in(de_su_gente), Liquidacion.id.not_in(retenidas))
        .values(agente_id=None)
    )
    ejecutar(del_nit.execution_options(synchronize_session=False))


def _exigir_sus_meses(agente: Agente) -> None:
    """No peso that an agent withheld may be left in a month that it does not declare."""
    with db.session.no_autoflush:
        meses = select(func.min(Retencion.mes), func.max(Retencion.mes)).where(Retencion.agente_id == agente.id)
        primero, ultimo = db.session.execute(meses).one()
    if primero is not None and primero < agente.desde:
        raise DatoInvalido(f"La entidad ya retuvo en {mes_en_palabras(primero)}.", "desde")
    if ultimo is not None and agente.hasta is not None and ultimo > agente.hasta:
        raise DatoInvalido(f"La entidad ya retuvo en {mes_en_palabras(ultimo)}.", "hasta")


def _escribir(agente: Agente, datos: DatosAgente, conocidas: Sequence[str]) -> None:
    if datos.clase not in reglas_de(agente.departamento).clases:
        raise DatoInvalido("Elija la clase de la entidad de la lista.", "clase")
    if datos.cuenta not in {c.codigo for c in plan_de(agente.departamento).cuentas}:
        raise DatoInvalido("Elija la cuenta de la lista.", "cuenta")
    if not datos.estampillas or not set(datos.estampillas) <= set(conocidas):
        raise DatoInvalido("Elija de la lista al menos una estampilla que la entidad recauda.", "estampillas")
    if datos.hasta is not None and datos.hasta < mes_de(datos.desde):
        raise DatoInvalido("El último mes debe ser igual o posterior al primero.", "hasta")
    agente.nit = leer_documento("NIT", datos.nit)
    agente.nombre = leer_texto(datos.nombre, maximo=160, campo="nombre")
    agente.clase, agente.cuenta = datos.clase, datos.cuenta
    agente.estampillas = [codigo for codigo in conocidas if codigo in datos.estampillas]
    agente.desde = mes_de(datos.desde)
    agente.hasta = mes_de(datos.hasta) if datos.hasta else None
    agente.direccion = leer_texto(datos.direccion, maximo=160, campo="direccion", obligatorio=False)
    agente.telefono = leer_texto(datos.telefono, maximo=30, campo="telefono", obligatorio=False)
    agente.correo = leer_correo(datos.correo) if datos.correo else ""


def _anotar(accion: str, agente: Agente, firma: Firma, **detalle: Any) -> None:
    anotar(
        accion,
        f"agente:{agente.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        clase=agente.clase,
        **detalle,
    )
