"""The accounts of the portal, as administrators manage them: nobody chooses another's password nor acts on its own account.

What changes who an account is ends its sessions: its next request finds none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.dominio.adhesiones import leer_dependencia
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.identificacion import leer_texto
from portal.models import Agente, ClaseEnlace, Usuario
from portal.models.usuario import Rol
from portal.operaciones import segundo_factor
from portal.operaciones.agentes import registro
from portal.operaciones.bitacora import anotar
from portal.operaciones.cofre import Cofre
from portal.operaciones.enlaces import enviar_enlace, terminar_enlaces
from portal.operaciones.firmas import Firma
from portal.operaciones.paginas import Pagina, paginar
from portal.operaciones.usuarios import nueva_cuenta, terminar_sesiones


class EstadoCuenta(StrEnum):
    """How an account stands. Who was invited has no password yet."""

    ACTIVA = "activa"
    INVITADA = "invitada"
    INACTIVA = "inactiva"


@dataclass(frozen=True)
class Filtro:
    """Which accounts; what is None is not asked."""

    rol: Rol | None = None
    estado: EstadoCuenta | None = None
    segundo_factor: bool | None = None


@dataclass(frozen=True)
class DatosCuenta:
    """What an administrator writes of an account; `agente` is the code of its entity, empty when it has none."""

    nombre: str
    rol: str
    dependencia: str
    agente: str


def estado_de(cuenta: Usuario) -> EstadoCuenta:
    """How it stands."""
    if not cuenta.activo:
        return EstadoCuenta.INACTIVA
    return EstadoCuenta.ACTIVA if cuenta.tiene_clave else EstadoCuenta.INVITADA


def listar(filtro: Filtro, *, pagina: int, registros: int) -> Pagina[Usuario]:
    """Accounts by name."""
    return paginar(_elegidas(filtro).order_by(Usuario.nombre, Usuario.id), pagina, registros)


def por_id(cuenta_id: int) -> Usuario:
    """Raises `NoExiste`."""
    hallada = db.session.get(Usuario, cuenta_id)
    if hallada is None:
        raise NoExiste("No encontramos esa cuenta.")
    return hallada


def agente_de(cuenta: Usuario) -> Agente | None:
    """The entity that an account collects for."""
    return db.session.get(Agente, cuenta.agente_id) if cuenta.agente_id is not None else None


def invitar(correo: str, datos: DatosCuenta, *, departamento: str, cofre: Cofre, firma: Firma) -> Usuario:
    """Create an account without password and send its person the link to choose one. Raises `DatoInvalido` naming the field."""
    _exigir_administrador(firma)
    nueva = nueva_cuenta(
        correo=correo, nombre=datos.nombre, rol=datos.rol, dependencia=datos.dependencia, ahora=firma.ahora
    )
    nueva.agente_id = _agente_de(datos, departamento)
    guardar_invitada(nueva, cofre=cofre, ahora=firma.ahora)
    _anotar("usuario.invitar", nueva, firma, rol=nueva.rol.value)
    return nueva


def guardar_invitada(nueva: Usuario, *, cofre: Cofre, ahora: datetime) -> None:
    """Store an account that has no password yet and send its link. Raises `DatoInvalido` for an address that was taken."""
    try:
        with db.session.begin_nested():
            db.session.add(nueva)
            db.session.flush()
    except IntegrityError:
        raise DatoInvalido("Ya existe una cuenta con ese correo.", "correo") from None
    enviar_enlace(nueva, ClaseEnlace.INVITACION, cofre=cofre, ahora=ahora)


def cambiar(cuenta: Usuario, datos: DatosCuenta, *, departamento: str, firma: Firma) -> None:
    """Change who an account is. Raises `DatoInvalido` naming the field, `TransicionNoPermitida` for one's own role."""
    _exigir_administrador(firma)
    if datos.rol not in set(Rol):
        raise DatoInvalido("Elija el rol de la lista.", "rol")
    if cuenta.id == firma.usuario.id and Rol(datos.rol) is not cuenta.rol:
        raise DatoInvalido("Su propio rol lo cambia otro administrador.", "rol")
    antes = (cuenta.rol, cuenta.agente_id)
    cuenta.nombre = leer_texto(datos.nombre, maximo=120, campo="nombre")
    cuenta.dependencia = leer_dependencia(datos.dependencia, obligatoria=False)
    cuenta.rol, agente_id = Rol(datos.rol), _agente_de(datos, departamento)
    if agente_id != cuenta.agente_id:
        cuenta.agente_id, cuenta.sede_id = agente_id, None
    db.session.flush()
    if (cuenta.rol, cuenta.agente_id) != antes:
        terminar_sesiones(cuenta.id, firma.ahora)
    _anotar("usuario.cambiar", cuenta, firma, rol=cuenta.rol.value, rol_anterior=antes[0].value)


def desactivar(cuenta: Usuario, *, firma: Firma) -> None:
    """Close an account: its sessions and its link end. What it did keeps its name. Raises `TransicionNoPermitida` as told."""
    _exigir_que_sea_de_otra_persona(cuenta, firma)
    if not cuenta.activo:
        return
    cuenta.activo = False
    db.session.flush()
    terminar_sesiones(cuenta.id, firma.ahora)
    terminar_enlaces(cuenta.id, firma.ahora)
    _anotar("usuario.desactivar", cuenta, firma)


def activar(cuenta: Usuario, *, firma: Firma) -> None:
    """Open a closed account again, with the password that it had."""
    _exigir_que_sea_de_otra_persona(cuenta, firma)
    if cuenta.activo:
        return
    cuenta.activo = True
    db.session.flush()
    _anotar("usuario.activar", cuenta, firma)


def cerrar_sesiones(cuenta: Usuario, *, firma: Firma) -> int:
    """End every session of an account; returns how many."""
    _exigir_que_sea_de_otra_persona(cuenta, firma)
    cuantas = terminar_sesiones(cuenta.id, firma.ahora)
    _anotar("usuario.cerrar_sesiones", cuenta, firma, sesiones=cuantas)
    return cuantas


def restablecer(cuenta: Usuario, *, cofre: Cofre, firma: Firma) -> ClaseEnlace:
    """Send the person a link to choose a password, the first or another; the present one serves until then. Which was sent."""
    _exigir_que_sea_de_otra_persona(cuenta, firma)
    if not cuenta.activo:
        raise TransicionNoPermitida("La cuenta está inactiva: actívela primero.")
    clase = ClaseEnlace.RESTABLECER if cuenta.tiene_clave else ClaseEnlace.INVITACION
    enviar_enlace(cuenta, clase, cofre=cofre, ahora=firma.ahora)
    _anotar("usuario.restablecer", cuenta, firma, enlace=clase.value)
    return clase


def quitar_segundo_factor(cuenta: Usuario, motivo: str, *, firma: Firma) -> None:
    """For who lost its device and its codes; its sessions end and it is told by e-mail. Raises `TransicionNoPermitida`."""
    _exigir_que_sea_de_otra_persona(cuenta, firma)
    if not cuenta.tiene_segundo_factor:
        raise TransicionNoPermitida("La cuenta no tiene segundo factor.")
    dicho = leer_texto(motivo, maximo=300, campo="motivo")
    segundo_factor.quitar(cuenta, ahora=firma.ahora, por=firma.usuario.id, motivo=dicho, peticion=firma.peticion)
    terminar_sesiones(cuenta.id, firma.ahora)


def _elegidas(filtro: Filtro) -> Select[Any]:
    consulta = select(Usuario)
    if filtro.rol is not None:
        consulta = consulta.where(Usuario.rol == filtro.rol)
    if filtro.segundo_factor is not None:
        consulta = consulta.where(Usuario.totp_desde.is_not(None) == filtro.segundo_factor)
    return consulta.where(*_ESTADOS[filtro.estado]) if filtro.estado is not None else consulta


_ESTADOS: Mapping[EstadoCuenta, tuple[Any, ...]] = {
    EstadoCuenta.ACTIVA: (Usuario.activo, Usuario.clave_hash != ""),
    EstadoCuenta.INVITADA: (Usuario.activo, Usuario.clave_hash == ""),
    EstadoCuenta.INACTIVA: (~Usuario.activo,),
}


def _exigir_administrador(firma: Firma) -> None:
    """Whoever acts still is one. They act one after another, so that two cannot close each other and leave none."""
    activos = select(Usuario.id).where(Usuario.rol == Rol.ADMINISTRADOR, Usuario.activo).order_by(Usuario.id)
    if firma.usuario.id not in db.session.scalars(activos.with_for_update()).all():
        raise TransicionNoPermitida("Solo un administrador con la cuenta activa puede hacer esto.")


def _exigir_que_sea_de_otra_persona(cuenta: Usuario, firma: Firma) -> None:
    _exigir_administrador(firma)
    if cuenta.id == firma.usuario.id:
        raise TransicionNoPermitida("Esto no se hace con la cuenta propia: pídaselo a otro administrador.")


def _agente_de(datos: DatosCuenta, departamento: str) -> int | None:
    if datos.rol != Rol.AGENTE or not datos.agente:
        return None
    try:
        return registro.por_codigo(datos.agente, departamento).id
    except NoExiste:
        raise DatoInvalido("Elija la entidad de la lista.", "agente") from None


def _anotar(accion: str, cuenta: Usuario, firma: Firma, **detalle: Any) -> None:
    anotar(
        accion,
        f"usuario:{cuenta.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        **detalle,
    )
