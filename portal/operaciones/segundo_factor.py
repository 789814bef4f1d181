"""The second factor: codes that change every 30 seconds (TOTP, RFC 6238), and recovery codes. Each serves once."""

import secrets
from datetime import datetime
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, insert, select, update

from portal.db import db, ejecutar
from portal.dominio.errores import DatoInvalido
from portal.models import CodigoRecuperacion, LlaveAcceso, Usuario
from portal.operaciones.bitacora import anotar
from portal.operaciones.cofre import Cofre, SelloRoto
from portal.operaciones.enlaces import avisar
from portal.operaciones.fichas import huella_de
from portal.operaciones.firmas import Firma
from portal.operaciones.limites import Limite, contar
from portal.operaciones.usuarios import IngresoDemorado, terminar_sesiones

SEGUNDOS = 30
CODIGOS = 10
# Those of the application and of recovery together, right or wrong, counted before they are looked at.
POR_CUENTA = Limite("codigo", 5, 15 * 60)
# 24 of 32 letters are 120 random bits: a plain digest hides them (ASVS 5.0, 6.5.2).
_LETRAS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_LARGO, _GRUPO = 24, 6


def nuevo_secreto() -> str:
    """160 random bits in base 32, as applications take them."""
    return pyotp.random_base32()


def direccion_otp(secreto: str, correo: str, emisor: str) -> str:
    """What the QR of an enrolment says."""
    return pyotp.TOTP(secreto).provisioning_uri(correo, issuer_name=emisor)


def admitir_codigo(usuario_id: int, ahora: datetime) -> None:
    """Count one try of an account, in a transaction of its own. Raises `IngresoDemorado` beyond the limit."""
    if not contar(POR_CUENTA, str(usuario_id), ahora):
        raise IngresoDemorado(POR_CUENTA.espera(ahora))


def gastar(usuario: Usuario, codigo: str, *, cofre: Cofre, ahora: datetime, peticion: str = "") -> bool:
    """Use a code of the application or of recovery; False for one that is wrong, or that somebody used first."""
    limpio = "".join(codigo.split()).replace("-", "").upper()
    if len(limpio) == _LARGO:
        return _gastar_recuperacion(usuario, limpio, ahora=ahora, peticion=peticion)
    try:
        paso = paso_de(cofre.abrir(usuario.totp_secreto, para=_para(usuario)), limpio, ahora)
    except SelloRoto:
        return False
    return paso is not None and _gastar_paso(usuario.id, paso)


def paso_de(secreto: str, codigo: str, ahora: datetime) -> int | None:
    """The step whose code it is: the present one, the one before or the next, for clocks that differ; None when of none."""
    otp, actual = pyotp.TOTP(secreto), int(ahora.timestamp()) // SEGUNDOS
    hallado = None
    for paso in (actual - 1, actual, actual + 1):
        # All three are compared whole, whichever it is.
        if compare_digest(otp.generate_otp(paso).encode(), codigo.encode()):
            hallado = paso
    return hallado


def enrolar(
    usuario: Usuario, secreto: str, codigo: str, *, cofre: Cofre, ahora: datetime, salvo: str | None, peticion: str = ""
) -> list[str]:
    """Give an account the second factor that shows `codigo`, and its recovery codes, which nobody sees again.

    Its other sessions end, all but that of the token `salvo`. Raises `DatoInvalido` (campo `codigo`) for a wrong code.
    """
    paso = paso_de(secreto, "".join(codigo.split()), ahora)
    if paso is None:
        raise DatoInvalido(
            "El código no es el que muestra la aplicación ahora. Espere el siguiente y escríbalo.", "codigo"
        )
    usuario.totp_secreto = cofre.sellar(secreto, para=_para(usuario))
    usuario.totp_paso, usuario.totp_desde = paso, ahora
    db.session.flush()
    terminar_sesiones(usuario.id, ahora, salvo=salvo)
    anotar("cuenta.segundo_factor", f"usuario:{usuario.id}", ahora=ahora, usuario_id=usuario.id, peticion=peticion)
    avisar(usuario, "se activó el segundo factor", ahora=ahora)
    return _nuevos_codigos(usuario.id)


def regenerar_codigos(firma: Firma) -> list[str]:
    """Other recovery codes for who acts; the ones before serve no more."""
    usuario = firma.usuario
    anotar("cuenta.codigos", f"usuario:{usuario.id}", ahora=firma.ahora, usuario_id=usuario.id, peticion=firma.peticion)
    avisar(usuario, "se crearon otros códigos de recuperación", ahora=firma.ahora)
    return _nuevos_codigos(usuario.id)


def quitar(usuario: Usuario, *, ahora: datetime, por: int | None, motivo: str = "", peticion: str = "") -> None:
    """Take the second factor away from an account, codes and keys too. `por`: whose act it is; None, of the server's keeper."""
    usuario.totp_secreto, usuario.totp_desde = "", None
    db.session.flush()
    for de_ella in (CodigoRecuperacion, LlaveAcceso):
        ejecutar(delete(de_ella).where(de_ella.usuario_id == usuario.id))
    anotar(
        "cuenta.quitar_segundo_factor",
        f"usuario:{usuario.id}",
        ahora=ahora,
        usuario_id=por,
        peticion=peticion,
        motivo=motivo,
    )
    avisar(usuario, "se quitó el segundo factor", ahora=ahora)


def codigos_sin_usar(usuario_id: int) -> int:
    """How many recovery codes an account has left."""
    suyos = select(func.count()).where(
        CodigoRecuperacion.usuario_id == usuario_id, CodigoRecuperacion.usado_en.is_(None)
    )
    return db.session.scalar(suyos) or 0


def _para(usuario: Usuario) -> str:
    """What a secret is sealed for: copied to the row of another account it opens nothing."""
    return f"totp:{usuario.id}"


def _gastar_paso(usuario_id: int, paso: int) -> bool:
    # The database decides: of two that bring one code, one moves the step.
    avanza = update(Usuario).where(Usuario.id == usuario_id, Usuario.totp_paso < paso, Usuario.totp_desde.is_not(None))
    return ejecutar(avanza.values(totp_paso=paso)) == 1


def _gastar_recuperacion(usuario: Usuario, codigo: str, *, ahora: datetime, peticion: str) -> bool:
    suyo = update(CodigoRecuperacion).where(CodigoRecuperacion.usuario_id == usuario.id)
    libre = suyo.where(CodigoRecuperacion.huella == huella_de(codigo), CodigoRecuperacion.usado_en.is_(None))
    if ejecutar(libre.values(usado_en=ahora)) != 1:
        return False
    anotar("cuenta.codigo_recuperacion", f"usuario:{usuario.id}", ahora=ahora, usuario_id=usuario.id, peticion=peticion)
    avisar(usuario, "se usó un código de recuperación", ahora=ahora)
    return True


def _nuevos_codigos(usuario_id: int) -> list[str]:
    ejecutar(delete(CodigoRecuperacion).where(CodigoRecuperacion.usuario_id == usuario_id))
    codigos = ["".join(secrets.choice(_LETRAS) for _ in range(_LARGO)) for _ in range(CODIGOS)]
    db.session.execute(
        insert(CodigoRecuperacion), [{"usuario_id": usuario_id, "huella": huella_de(codigo)} for codigo in codigos]
    )
    return ["-".join(c[i : i + _GRUPO] for i in range(0, _LARGO, _GRUPO)) for c in codigos]
