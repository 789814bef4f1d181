"""The brakes of the public pages: shared by every worker, so that nobody can walk through the identity numbers.

A limit ends by itself, and the page that says so names whom to ask meanwhile: nobody is shut out for good. What is asked for
is counted before it is looked for, so that being stopped tells nothing of what exists.
"""

import hashlib
import hmac

from flask import abort, current_app, session
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
    sello = TimestampSigner(str(current_app.secret_key), salt="consulta")
    huella = hashlib.sha256(f"{client_ip()}|{asunto}".encode()).hexdigest()[:32]
    if usuario_actual() is None and not _ya_contada(sello, huella, ficha):
        _frenar_seguidas("consulta")
        if identidad:
            _frenar_identidades(identidad)
    return sello.sign(huella).decode()


def frenar_pasarela() -> None:
    """Count one question that a page makes to the gateway on behalf of this address, with the same measure (PSE's R13)."""
    if usuario_actual() is None:
        _frenar_seguidas("pasarela")


def _ya_contada(sello: TimestampSigner, huella: str, ficha: str) -> bool:
    try:
        return bool(ficha) and sello.unsign(ficha[:300], max_age=_VENTANA_SEGUNDOS).decode() == huella
    except BadSignature:
        return False


def _frenar_identidades(identidad: str) -> None:
    """The browser keeps, signed, a digest of each person that it asked for in the last hour; none of them can be read back."""
    segundo = int(ahora().timestamp())
    clave = str(current_app.secret_key).encode()
    huella = hmac.new(clave, f"{_IDENTIDADES}|{identidad}".encode(), hashlib.sha256).hexdigest()[:16]
    guardadas: dict[str, int] = session.get(_IDENTIDADES, {})
    vistas = {h: cuando for h, cuando in guardadas.items() if segundo - cuando < _HORA_SEGUNDOS}
    if huella not in vistas and len(vistas) >= maximo_de_identidades(ajustes_actuales().consultas_limite):
        _negar("Ha consultado muchos documentos distintos.", min(vistas.values()) + _HORA_SEGUNDOS - segundo)
    session[_IDENTIDADES] = vistas | {huella: vistas.get(huella, segundo)}


def frenar_envio(que: str) -> None:
    """Count something that this address leaves for officials to read; beyond a few in an hour answer 429."""
    _contar_o_frenar(
        [(Limite(que, _ENVIOS_POR_HORA, _HORA_SEGUNDOS), _direccion())], "Ha enviado muchas solicitudes seguidas."
    )


def frenar_certificado() -> None:
    """Count one certificate of this official, because each is kept for ever; beyond many in an hour answer 429."""
    limite = Limite("certificado", _CERTIFICADOS_POR_HORA, _HORA_SEGUNDOS)
    frase = "Ha emitido muchos certificados seguidos. Puede certificar una lista de una vez."
    _contar_o_frenar([(limite, str(quien_ingreso().id))], frase)


def frenar_revision() -> None:
    """Count one PDF that is opened to be reviewed, for an official or else for this address; beyond many in an hour, 429."""
    limite = Limite("revision", _REVISIONES_POR_HORA, _HORA_SEGUNDOS)
    usuario = usuario_actual()
    clave = f"usuario:{usuario.id}" if usuario else _direccion()
    _contar_o_frenar([(limite, clave)], "Ha enviado muchos archivos seguidos.")


def _frenar_seguidas(que: str) -> None:
    corto, de_la_red, por_hora, por_dia = limites_de_consultas(que, ajustes_actuales().consultas_limite)
    propia, red = _direccion(), red_contable(client_ip())
    cuentas = [(corto, propia), (de_la_red, red), (por_hora, propia), (por_dia, propia)]
    _contar_o_frenar(cuentas, "Ha hecho muchas consultas seguidas.")


def _direccion() -> str:
    return direccion_contable(client_ip())


def _contar_o_frenar(cuentas: list[Cuenta], frase: str) -> None:
    momento = ahora()
    if (agotado := contar_hasta_agotar(cuentas, momento)) is not None:
        _negar(frase, agotado.espera(momento))


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
