"""Staff accounts: creation, failed sign-ins and their delays, server-side sessions."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.db import db, ejecutar
from portal.dominio.adhesiones import leer_dependencia
from portal.dominio.contrasenas import revisar_largo
from portal.dominio.errores import DatoInvalido, ErrorDominio, NoExiste
from portal.dominio.identificacion import leer_texto
from portal.models import IngresoPendiente, Sesion, Usuario
from portal.models.usuario import Rol
from portal.operaciones.bitacora import anotar
from portal.operaciones.contrasenas import HASH_DE_NADIE, exigir_contrasena, hash_de
from portal.operaciones.fichas import huella_de, nueva_ficha
from portal.operaciones.limites import Limite, agotado, contar

INACTIVIDAD = timedelta(minutes=20)
DURACION = timedelta(hours=8)
# For how long who signed in need not prove again who it is, before what cannot be taken back.
FRESCURA = timedelta(minutes=10)
POR_CUENTA = Limite("ingreso", 5, 15 * 60)
POR_DIRECCION = Limite("ingreso-ip", 30, 15 * 60)


class IngresoRechazado(ErrorDominio):
    """Unknown account, wrong password, disabled account: one answer for all."""

    def __init__(self) -> None:
        super().__init__("El correo o la contraseña no son correctos.")


class IngresoDemorado(ErrorDominio):
    """Too many failures; the account opens again by itself after `segundos`."""

    def __init__(self, segundos: int) -> None:
        minutos = max(1, -(-segundos // 60))
        plural = "minuto" if minutos == 1 else "minutos"
        super().__init__(f"Hubo demasiados intentos. Espere {minutos} {plural} e inténtelo de nuevo.")
        self.segundos = segundos


def crear_usuario(
    *,
    correo: str,
    nombre: str,
    rol: str,
    clave: str,
    ahora: datetime,
    dependencia: str = "",
    lugar: str = "",
    exigente: bool = True,
) -> Usuario:
    """Create an account with its password; `dependencia` is the office that it works for, `lugar` the department's name.

    Without `exigente` its password need only be long: a demonstration guards nothing. Raises `DatoInvalido` naming the field.
    """
    usuario = nueva_cuenta(correo=correo, nombre=nombre, rol=rol, dependencia=dependencia, ahora=ahora)
    revisar_largo(clave, campo="clave")
    if exigente:
        exigir_contrasena(clave, (*conocido_de(usuario), lugar), campo="clave")
    usuario.clave_hash = hash_de(clave)
    db.session.add(usuario)
    db.session.flush()
    anotar("usuario_creado", f"usuario:{usuario.id}", ahora=ahora, usuario_id=None, rol=rol)
    return usuario


def nueva_cuenta(*, correo: str, nombre: str, rol: str, dependencia: str, ahora: datetime) -> Usuario:
    """An account without password, not stored yet. Raises `DatoInvalido` naming the field.

    The unique constraint answers an address that is repeated meanwhile.
    """
    correo = correo.strip().lower()
    if correo.count("@") != 1 or len(correo) > 254 or any(c.isspace() for c in correo):
        raise DatoInvalido("Escriba un correo electrónico válido.", "correo")
    if rol not in set(Rol):
        raise DatoInvalido(f"El rol debe ser uno de: {', '.join(Rol)}.", "rol")
    if db.session.scalar(select(Usuario.id).where(Usuario.correo == correo)):
        raise DatoInvalido("Ya existe una cuenta con ese correo.", "correo")
    return Usuario(
        correo=correo,
        nombre=leer_texto(nombre, maximo=120, campo="nombre"),
        rol=Rol(rol),
        dependencia=leer_dependencia(dependencia, obligatoria=False),
        clave_hash="",
        creado_en=ahora,
    )


def conocido_de(usuario: Usuario) -> tuple[str, ...]:
    """What others know of an account: no password is made of it."""
    return (usuario.correo, usuario.nombre, usuario.dependencia)


def listar_usuarios() -> list[Usuario]:
    """Every account, by address."""
    return list(db.session.scalars(select(Usuario).order_by(Usuario.correo)))


def cuenta_de(correo: str) -> Usuario:
    """The active account with an address. Raises `NoExiste`."""
    hallada = db.session.scalar(select(Usuario).where(Usuario.correo == correo.strip().lower(), Usuario.activo))
    if hallada is None:
        raise NoExiste("No hay una cuenta activa con ese correo.")
    return hallada


def admitir_intento(correo: str, direccion: str, ahora: datetime) -> None:
    """Refuse with `IngresoDemorado` when the account or the address has failed too often lately."""
    for limite, clave in ((POR_CUENTA, _resumen(correo)), (POR_DIRECCION, direccion)):
        if agotado(limite, clave, ahora):
            raise IngresoDemorado(limite.espera(ahora))


def buscar_cuenta(correo: str) -> tuple[int | None, str]:
    """Id and password hash of an active account, or None and a hash that nothing matches; so too until it has a password."""
    fila = db.session.execute(
        select(Usuario.id, Usuario.clave_hash).where(Usuario.correo == correo.strip().lower(), Usuario.activo)
    ).first()
    return (fila.id, fila.clave_hash) if fila and fila.clave_hash else (None, HASH_DE_NADIE)


def contar_fallo(correo: str, direccion: str, ahora: datetime) -> None:
    """Remember one failed sign-in of the account and of the address."""
    contar(POR_CUENTA, _resumen(correo), ahora)
    contar(POR_DIRECCION, direccion, ahora)


def abrir_sesion(usuario_id: int, *, recordar: bool, ahora: datetime, navegador: str = "") -> str:
    """Start a session and return its token: 256 random bits that only the browser keeps.

    *Recordarme* keeps the session through closing the browser and waives the 20-minute idle limit; the 8-hour limit stays.
    """
    token, huella = nueva_ficha()
    db.session.add(
        Sesion(
            huella=huella,
            usuario_id=usuario_id,
            creada_en=ahora,
            ultima_actividad=ahora,
            vence_en=ahora + DURACION,
            recordar=recordar,
            confirmada_en=ahora,
            navegador=navegador[:60],
        )
    )
    anotar("ingreso", f"usuario:{usuario_id}", ahora=ahora, usuario_id=usuario_id)
    return token


def renovar_sesion(token: str, ahora: datetime) -> tuple[str, bool]:
    """Note that who signed in proved again who it is, under a new token; the old one ends, and the 8 hours go on.

    Returns it, and whether *Recordarme* was marked. Raises `NoExiste` when it ended meanwhile.
    """
    vieja = sesion_viva(token, ahora)
    if vieja is None or not terminar_sesion(token, ahora):
        raise NoExiste("La sesión terminó.")
    nuevo, huella = nueva_ficha()
    db.session.add(
        Sesion(
            huella=huella,
            usuario_id=vieja.usuario_id,
            creada_en=vieja.creada_en,
            ultima_actividad=ahora,
            vence_en=vieja.vence_en,
            recordar=vieja.recordar,
            confirmada_en=ahora,
            navegador=vieja.navegador,
        )
    )
    db.session.flush()
    anotar("cuenta.confirmar", f"usuario:{vieja.usuario_id}", ahora=ahora, usuario_id=vieja.usuario_id)
    return nuevo, vieja.recordar


def sesion_viva(token: str, ahora: datetime) -> Sesion | None:
    """The session behind a token, if it neither ended nor expired and its account is active."""
    sesion = db.session.get(Sesion, huella_de(token))
    if sesion is None or sesion.terminada_en or ahora >= sesion.vence_en or not sesion.usuario.activo:
        return None
    if not sesion.recordar and ahora - sesion.ultima_actividad > INACTIVIDAD:
        return None
    return sesion


def tocar_sesion(token: str, ahora: datetime) -> None:
    """Note activity."""
    db.session.execute(update(Sesion).where(Sesion.huella == huella_de(token)).values(ultima_actividad=ahora))


def terminar_sesion(token: str, ahora: datetime) -> bool:
    """End a session for good; a copy of its cookie is worth nothing afterwards. False when it had ended."""
    viva = update(Sesion).where(Sesion.huella == huella_de(token), Sesion.terminada_en.is_(None))
    return ejecutar(viva.values(terminada_en=ahora)) == 1


def terminar_sesiones(usuario_id: int, ahora: datetime, *, salvo: str | None = None) -> int:
    """End every session of an account, but that of the token `salvo`, and every sign-in that is half done; how many."""
    a_medias = update(IngresoPendiente).where(
        IngresoPendiente.usuario_id == usuario_id, IngresoPendiente.terminado_en.is_(None)
    )
    ejecutar(a_medias.values(terminado_en=ahora))
    vivas = update(Sesion).where(Sesion.usuario_id == usuario_id, Sesion.terminada_en.is_(None))
    if salvo is not None:
        vivas = vivas.where(Sesion.huella != huella_de(salvo))
    return ejecutar(vivas.values(terminada_en=ahora))


def sesiones_de(usuario_id: int, ahora: datetime) -> list[Sesion]:
    """Its sessions that are alive, the last used first."""
    vivas = select(Sesion).where(
        Sesion.usuario_id == usuario_id, Sesion.terminada_en.is_(None), Sesion.vence_en > ahora
    )
    halladas = db.session.scalars(vivas.order_by(Sesion.ultima_actividad.desc(), Sesion.huella))
    return [s for s in halladas if s.recordar or ahora - s.ultima_actividad <= INACTIVIDAD]


def terminar_una(usuario_id: int, marca: str, ahora: datetime) -> bool:
    """End the session of an account whose `huella` begins with `marca`; False when there is none alive."""
    viva = update(Sesion).where(Sesion.usuario_id == usuario_id, Sesion.terminada_en.is_(None))
    return ejecutar(viva.where(Sesion.huella.startswith(marca, autoescape=True)).values(terminada_en=ahora)) == 1


def es_de(sesion: Sesion, token: str | None) -> bool:
    """Whether a session is the one of a token."""
    return token is not None and sesion.huella == huella_de(token)


def esta_fresca(sesion: Sesion, ahora: datetime) -> bool:
    """Whether who signed in proved lately who it is."""
    return ahora - sesion.confirmada_en <= FRESCURA


def _resumen(correo: str) -> str:
    return huella_de(correo.strip().lower())
