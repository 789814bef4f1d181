"""The brakes of the public pages: shared by every worker, so that nobody can walk through the identity numbers.

A limit ends by itself, and the page that says so names whom to ask meanwhile: nobody is shut out for good. What is asked for
is counted before it is looked for, so that being stopped tells nothing of what exists.
"""

import hashlib
import hmac
from functools import cache

from flask import abort, current_app, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, TimestampSigner

from portal.dominio.palabras import espera_en_palabras
from portal.dominio.redes import direccion_contable, red_contable
from portal.operaciones.limites import Cuenta, Limite
from portal.web.acceso import quien_ingreso, usuario_actual
from portal.web.contadores import contar_hasta_agotar
from portal.web.departamento import Departamento, ajustes_actuales, departamento_actual
from portal.web.errores import pagina_de_error
from portal.web.reloj import ahora
from portal.web.seguridad import client_ip

_VENTANA_SEGUNDOS = 600
_HORA_SEGUNDOS = 3600
_DIA_SEGUNDOS = 24 * _HORA_SEGUNDOS
# An office behind one address may help several people; nobody needs more.
_ENVIOS_POR_HORA = 10
_CERTIFICADOS_POR_HORA = 120
# Each takes some tenths of a second of a processor.
_REVISIONES_POR_HORA = 60
_IDENTIDADES = "identidades"
_SEGUIDAS, _DISTINTAS = "Ha hecho muchas consultas seguidas.", "Ha consultado muchos documentos distintos."


@cache
def limites_de_consultas(que: str, maximo: int) -> tuple[Limite, Limite, Limite, Limite]:
    """The limits of what may be asked `maximo` times in ten minutes: of an address, of its network, and of the address in an
    hour and in a day, so that who goes on asking waits longer each time (B-31)."""
    return (
        Limite(que, maximo, _VENTANA_SEGUNDOS),
        # The 200th of a network is refused when an address has 30.
        Limite(f"{que}-red", max(maximo, maximo * 20 // 3 - 1), _VENTANA_SEGUNDOS),
        Limite(f"{que}-hora", maximo * 3, _HORA_SEGUNDOS),
        Limite(f"{que}-dia", maximo * 12, _DIA_SEGUNDOS),
    )


def maximo_de_identidades(maximo: int) -> int:
    """Different persons that one browser may ask for in an hour: 10 when an address has 30 look-ups in ten minutes (B-31)."""
    return max(1, maximo // 3)


def frenar_consulta(asunto: str = "", ficha: str = "", *, identidad: str = "") -> str:
    """Count one look-up of this address and, with `identidad`, one person that this browser asks for; beyond the limits
    answer 429, say until when and whom to ask.

    Sorting, paging and filtering what was already shown is not a new look-up: the page carries the `ficha` returned here,
    which vouches for the same `asunto` for ten minutes. Signed-in officials are known by name and are not counted.
    """
    sello = TimestampSigner(str(current_app.secret_key), salt="consulta", digest_method=hashlib.sha256)
    direccion, maximo = client_ip(), ajustes_actuales().consultas_limite
    huella = hashlib.sha256(f"{direccion}|{asunto}".encode()).hexdigest()[:32]
    if usuario_actual() is None and not _ya_contada(sello, huella, ficha):
        personas = [_persona(identidad, maximo)] if identidad else []
        _contar_o_frenar([*_seguidas("consulta", direccion, maximo), *personas], _SEGUIDAS)
    return sello.sign(huella).decode()


def frenar_pasarela() -> None:
    """Count one question that a page makes to the gateway on behalf of this address, with the same measure (PSE's R13)."""
    if usuario_actual() is None:
        _contar_o_frenar(_seguidas("pasarela", client_ip(), ajustes_actuales().consultas_limite), _SEGUIDAS)


def _ya_contada(sello: TimestampSigner, huella: str, ficha: str) -> bool:
    try:
        return bool(ficha) and sello.unsign(ficha[:300], max_age=_VENTANA_SEGUNDOS).decode() == huella
    except BadSignature:
        return False


def _persona(identidad: str, maximo: int) -> Cuenta:
    """This browser asks for that person; no digest can be read back."""
    limite = Limite(_IDENTIDADES, maximo_de_identidades(maximo), _HORA_SEGUNDOS)
    clave = str(current_app.secret_key).encode()
    quien = hmac.digest(clave, f"{_IDENTIDADES}|{identidad}".encode(), "sha256").hex()[:16]
    return Cuenta(limite, _navegador(), quien)


def _navegador() -> str:
    """Tells this browser from others by what its forms are signed with, which its cookie keeps."""
    campo = current_app.config["WTF_CSRF_FIELD_NAME"]
    if campo not in session:
        generate_csrf()
    return hashlib.sha256(session[campo].encode()).hexdigest()[:32]


def frenar_envio(que: str) -> None:
    """Count something that this address leaves for officials to read; beyond a few in an hour answer 429."""
    _contar_o_frenar(
        [Cuenta(Limite(que, _ENVIOS_POR_HORA, _HORA_SEGUNDOS), _direccion())], "Ha enviado muchas solicitudes seguidas."
    )


def frenar_certificado() -> None:
    """Count one certificate of this official, because each is kept for ever; beyond many in an hour answer 429."""
    limite = Limite("certificado", _CERTIFICADOS_POR_HORA, _HORA_SEGUNDOS)
    frase = "Ha emitido muchos certificados seguidos. Puede certificar una lista de una vez."
    _contar_o_frenar([Cuenta(limite, str(quien_ingreso().id))], frase)


def frenar_revision() -> None:
    """Count one PDF that is opened to be reviewed, for an official or else for this address; beyond many in an hour, 429."""
    limite = Limite("revision", _REVISIONES_POR_HORA, _HORA_SEGUNDOS)
    usuario = usuario_actual()
    clave = f"usuario:{usuario.id}" if usuario else _direccion()
    _contar_o_frenar([Cuenta(limite, clave)], "Ha enviado muchos archivos seguidos.")


def _seguidas(que: str, direccion: str, maximo: int) -> list[Cuenta]:
    corto, de_la_red, por_hora, por_dia = limites_de_consultas(que, maximo)
    propia, red = direccion_contable(direccion), red_contable(direccion)
    return [Cuenta(corto, propia), Cuenta(de_la_red, red), Cuenta(por_hora, propia), Cuenta(por_dia, propia)]


def _direccion() -> str:
    return direccion_contable(client_ip())


def _contar_o_frenar(cuentas: list[Cuenta], frase: str) -> None:
    momento = ahora()
    if (agotado := contar_hasta_agotar(cuentas, momento)) is not None:
        _negar(_DISTINTAS if agotado.nombre == _IDENTIDADES else frase, agotado.espera(momento))


def _negar(frase: str, segundos: int) -> None:
    espera = f"Podrá seguir en {espera_en_palabras(segundos)}."
    respuesta = pagina_de_error(429, " ".join([frase, espera, *_alternativa(departamento_actual())]))
    respuesta.headers["Retry-After"] = str(segundos)
    abort(respuesta)


def _alternativa(de: Departamento) -> list[str]:
    """Whom to ask meanwhile, as far as the department says."""
    modos = [
        *([f"escriba a {de.correo}"] if de.correo else []),
        *([f"llame al {de.telefono}"] if de.telefono else []),
        *([f"vaya a {de.direccion}"] if de.direccion else []),
    ]
    if not modos:
        return [f"Si no puede esperar, pida ayuda en: {de.oficina}."]
    return [f"Si no puede esperar, {' o '.join(modos)} ({de.oficina})."]
