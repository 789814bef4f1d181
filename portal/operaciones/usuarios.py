"""Staff accounts: creation, password check with throttling, server-side sessions."""

import hashlib
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from portal.db import db
from portal.dominio.adhesiones import leer_dependencia
from portal.dominio.errores import DatoInvalido, ErrorDominio, NoExiste
from portal.dominio.identificacion import leer_texto
from portal.models import Sesion, Usuario
from portal.models.usuario import Rol
from portal.operaciones.bitacora import anotar
from portal.operaciones.limites import Limite, agotado, contar

# Argon2id as OWASP's minimum profile: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked when the account does not exist, so that both refusals take the same time.
_HASH_DE_NADIE = _HASHER.hash(secrets.token_hex(16))

CLAVE_MINIMA, CLAVE_MAXIMA = 12, 128
INACTIVIDAD = timedelta(minutes=20)
DURACION = timedelta(hours=8)
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


def crear_usuario(*, correo: str, nombre: str, rol: str, clave: str, ahora: datetime, dependencia: str = "") -> Usuario:
    """Create an account; `dependencia` is the office that it works for. Raises `DatoInvalido` naming the field.

    The unique constraint answers a repeated address.
    """
    correo = correo.strip().lower()
    if correo.count("@") != 1 or len(correo) > 254 or any(c.isspace() for c in correo):
        raise DatoInvalido("Escriba un correo electrónico válido.", "correo")
    if rol not in set(Rol):
        raise DatoInvalido(f"El rol debe ser uno de: {', '.join(Rol)}.", "rol")
    if not CLAVE_MINIMA <= len(clave) <= CLAVE_MAXIMA:
        raise DatoInvalido(f"La contraseña debe tener entre {CLAVE_MINIMA} y {CLAVE_MAXIMA} caracteres.", "clave")
    if db.session.scalar(select(Usuario.id).where(Usuario.correo == correo)):
        raise DatoInvalido("Ya existe una cuenta con ese correo.", "correo")
    usuario = Usuario(
        correo=correo,
        nombre=leer_texto(nombre, maximo=120, campo="nombre"),
        rol=Rol(rol),
        dependencia=leer_dependencia(dependencia, obligatoria=False),
        clave_hash=_HASHER.hash(clave),
        creado_en=ahora,
    )
    db.session.add(usuario)
    db.session.flush()
    anotar("usuario_creado", f"usuario:{usuario.id}", ahora=ahora, usuario_id=None, rol=rol)
    return usuario


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
    """Id and password hash of an active account, or None and a hash that nothing matches."""
    fila = db.session.execute(
        select(Usuario.id, Usuario.clave_hash).where(Usuario.correo == correo.strip().lower(), Usuario.activo)
    ).first()
    return (fila.id, fila.clave_hash) if fila else (None, _HASH_DE_NADIE)


def clave_correcta(clave_hash: str, clave: str) -> bool:
    """Whether `clave` matches. Slow on purpose: call it outside any transaction."""
    try:
        return len(clave) <= CLAVE_MAXIMA and _HASHER.verify(clave_hash, clave)
    except (VerificationError, InvalidHashError):
        return False


def contar_fallo(correo: str, direccion: str, ahora: datetime) -> None:
    """Remember one failed sign-in of the account and of the address."""
    contar(POR_CUENTA, _resumen(correo), ahora)
    contar(POR_DIRECCION, direccion, ahora)


def abrir_sesion(usuario_id: int, *, recordar: bool, ahora: datetime) -> str:
    """Start a session and return its token: 256 random bits that only the browser keeps.

    *Recordarme* keeps the session through closing the browser and waives the 20-minute idle limit; the 8-hour limit stays.
    """
    token = secrets.token_urlsafe(32)
    db.session.add(
        Sesion(
            huella=_resumen(token),
            usuario_id=usuario_id,
            creada_en=ahora,
            ultima_actividad=ahora,
            vence_en=ahora + DURACION,
            recordar=recordar,
        )
    )
    anotar("ingreso", f"usuario:{usuario_id}", ahora=ahora, usuario_id=usuario_id)
    return token


def sesion_viva(token: str, ahora: datetime) -> Sesion | None:
    """The session behind a token, if it neither ended nor expired and its account is active."""
    sesion = db.session.get(Sesion, _resumen(token))
    if sesion is None or sesion.terminada_en or ahora >= sesion.vence_en or not sesion.usuario.activo:
        return None
    if not sesion.recordar and ahora - sesion.ultima_actividad > INACTIVIDAD:
        return None
    return sesion


def tocar_sesion(token: str, ahora: datetime) -> None:
    """Note activity."""
    db.session.execute(update(Sesion).where(Sesion.huella == _resumen(token)).values(ultima_actividad=ahora))


def terminar_sesion(token: str, ahora: datetime) -> None:
    """End a session for good; a copy of its cookie is worth nothing afterwards."""
    db.session.execute(
        update(Sesion).where(Sesion.huella == _resumen(token), Sesion.terminada_en.is_(None)).values(terminada_en=ahora)
    )


def _resumen(texto: str) -> str:
    return hashlib.sha256(texto.strip().lower().encode() if "@" in texto else texto.encode()).hexdigest()
