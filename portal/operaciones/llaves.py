"""Passkeys: a device proves, to this site alone, that it has a private key; it stands for the code after the password.

`webauthn` is imported by the functions that use it: it brings OpenSSL's bindings and two hundred modules, which most processes
never need.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, ejecutar
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.dominio.identificacion import leer_texto
from portal.models import LlaveAcceso, Usuario
from portal.operaciones.bitacora import anotar
from portal.operaciones.enlaces import avisar
from portal.operaciones.firmas import Firma

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

# Nobody has more devices; each is offered to the browser at every sign-in.
MAXIMAS = 10
_PREFIJO_DEL_RETO = b"portal-estampillas/llave-de-acceso/1:"


@dataclass(frozen=True)
class Sitio:
    """Whose keys they are: the host of the portal, its whole origin, and the name that the device shows."""

    host: str
    origen: str
    nombre: str


def reto_de(ficha: str) -> bytes:
    """What a device must sign for the sign-in, or the form, that a token is of; it ends with it."""
    return hashlib.sha256(_PREFIJO_DEL_RETO + ficha.encode()).digest()


def llaves_de(usuario_id: int) -> Sequence[LlaveAcceso]:
    """The keys of an account, the oldest first."""
    suyas = select(LlaveAcceso).where(LlaveAcceso.usuario_id == usuario_id).order_by(LlaveAcceso.id)
    return db.session.scalars(suyas).all()


def opciones_de_registro(usuario: Usuario, *, sitio: Sitio, reto: bytes) -> str:
    """What the browser needs to make a key, as JSON; it refuses a device that has one already."""
    import webauthn
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    opciones = webauthn.generate_registration_options(
        rp_id=sitio.host,
        rp_name=sitio.nombre,
        user_id=f"usuario:{usuario.id}".encode(),
        user_name=usuario.correo,
        user_display_name=usuario.nombre,
        challenge=reto,
        exclude_credentials=_descritas(usuario.id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return webauthn.options_to_json(opciones)


def registrar(nombre: str, respuesta: str, *, sitio: Sitio, reto: bytes, firma: Firma) -> LlaveAcceso:
    """Keep the key that the browser made for who acts. Raises `DatoInvalido` naming the field."""
    import webauthn
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    if len(llaves_de(firma.usuario.id)) >= MAXIMAS:
        raise DatoInvalido(f"Ya tiene {MAXIMAS} llaves de acceso: quite una primero.", "nombre")
    try:
        hecha = webauthn.verify_registration_response(
            credential=respuesta, expected_challenge=reto, expected_rp_id=sitio.host, expected_origin=sitio.origen
        )
    except (WebAuthnException, ValueError):
        raise DatoInvalido("El navegador no entregó una llave que sirva. Inténtelo de nuevo.") from None
    nueva = LlaveAcceso(
        usuario_id=firma.usuario.id,
        credencial=bytes_to_base64url(hecha.credential_id),
        clave_publica=hecha.credential_public_key,
        contador=hecha.sign_count,
        nombre=leer_texto(nombre, maximo=60, campo="nombre"),
        creada_en=firma.ahora,
    )
    try:
        with db.session.begin_nested():
            db.session.add(nueva)
            db.session.flush()
    except IntegrityError:
        raise DatoInvalido("Esa llave ya está registrada.") from None
    anotar(
        "cuenta.llave",
        f"usuario:{firma.usuario.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
    )
    avisar(firma.usuario, "se agregó una llave de acceso", ahora=firma.ahora)
    return nueva


def opciones_de_ingreso(usuario_id: int, *, sitio: Sitio, reto: bytes) -> str:
    """What the browser needs to use a key of an account, as JSON; empty when it has none."""
    suyas = _descritas(usuario_id)
    if not suyas:
        return ""
    import webauthn

    opciones = webauthn.generate_authentication_options(rp_id=sitio.host, challenge=reto, allow_credentials=suyas)
    return webauthn.options_to_json(opciones)


def usar(usuario: Usuario, respuesta: str, *, sitio: Sitio, reto: bytes, ahora: datetime) -> bool:
    """Whether a key of an account signed the challenge, for this site; it notes that it was used."""
    import webauthn
    from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        cual = bytes_to_base64url(parse_authentication_credential_json(respuesta).raw_id)
        suya = select(LlaveAcceso).where(LlaveAcceso.usuario_id == usuario.id, LlaveAcceso.credencial == cual)
        llave = db.session.scalar(suya)
        if llave is None:
            return False
        vista = webauthn.verify_authentication_response(
            credential=respuesta,
            expected_challenge=reto,
            expected_rp_id=sitio.host,
            expected_origin=sitio.origen,
            credential_public_key=llave.clave_publica,
            credential_current_sign_count=llave.contador,
        )
    except (WebAuthnException, ValueError):
        return False
    # A device that counts never goes back: a copy of it would. Many devices do not count, and always say zero.
    cuenta = vista.new_sign_count
    avanza = LlaveAcceso.contador < cuenta if cuenta else LlaveAcceso.contador == 0
    usada = update(LlaveAcceso).where(LlaveAcceso.id == llave.id, avanza)
    return ejecutar(usada.values(contador=cuenta, usada_en=ahora)) == 1


def quitar_llave(numero: int, firma: Firma) -> None:
    """Forget a key of who acts. Raises `NoExiste` for one of others."""
    suya = delete(LlaveAcceso).where(LlaveAcceso.id == numero, LlaveAcceso.usuario_id == firma.usuario.id)
    if ejecutar(suya) != 1:
        raise NoExiste("No encontramos esa llave de acceso.")
    anotar(
        "cuenta.quitar_llave",
        f"usuario:{firma.usuario.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
    )
    avisar(firma.usuario, "se quitó una llave de acceso", ahora=firma.ahora)


def _descritas(usuario_id: int) -> "list[PublicKeyCredentialDescriptor]":
    suyas = llaves_de(usuario_id)
    if not suyas:
        return []
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(una.credencial)) for una in suyas]
