"""The brakes of the public pages: shared by every worker, so that nobody can walk through the identity numbers."""

import hashlib

from flask import abort, current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.db import transaccion
from portal.operaciones.limites import Limite, contar
from portal.web.acceso import quien_ingreso, usuario_actual
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.errores import pagina_de_error
from portal.web.reloj import ahora
from portal.web.seguridad import client_ip

_VENTANA_SEGUNDOS = 600
_HORA_SEGUNDOS = 3600
# An office behind one address may help several people; nobody needs more.
_ENVIOS_POR_HORA = 10
_CERTIFICADOS_POR_HORA = 120
# Each takes some tenths of a second of a processor.
_REVISIONES_POR_HORA = 60


def frenar_consulta(asunto: str = "", ficha: str = "") -> str:
    """Count one look-up of this address; beyond `PORTAL_CONSULTAS_LIMITE` in ten minutes answer 429 and say whom to ask.

    Sorting, paging and filtering what was already shown is not a new look-up: the page carries the `ficha` returned here,
    which vouches for the same `asunto` for ten minutes. Signed-in officials are known by name and are not counted.
    """
    sello = URLSafeTimedSerializer(str(current_app.secret_key), salt="consulta")
    huella = hashlib.sha256(f"{client_ip()}|{asunto}".encode()).hexdigest()[:32]
    if usuario_actual() is None and not _ya_contada(sello, huella, ficha):
        _frenar_seguidas("consulta")
    return sello.dumps(huella)


def frenar_pasarela() -> None:
    """Count one question that a page makes to the gateway on behalf of this address, with the same measure (PSE's R13)."""
    if usuario_actual() is None:
        _frenar_seguidas("pasarela")


def _ya_contada(sello: URLSafeTimedSerializer, huella: str, ficha: str) -> bool:
    try:
        return bool(ficha) and sello.loads(ficha[:300], max_age=_VENTANA_SEGUNDOS) == huella
    except BadSignature:
        return False


def frenar_envio(que: str) -> None:
    """Count something that this address leaves for officials to read; beyond a few in an hour answer 429."""
    _contar_o_frenar(
        Limite(que, _ENVIOS_POR_HORA, _HORA_SEGUNDOS), "Ha enviado muchas solicitudes seguidas. Espere una hora."
    )


def frenar_certificado() -> None:
    """Count one certificate of this official, because each is kept for ever; beyond many in an hour answer 429."""
    limite = Limite("certificado", _CERTIFICADOS_POR_HORA, _HORA_SEGUNDOS)
    frase = "Ha emitido muchos certificados seguidos. Espere una hora, o certifique una lista."
    _contar_o_frenar(limite, frase, clave=str(quien_ingreso().id))


def frenar_revision() -> None:
    """Count one PDF that is opened to be reviewed, for an official or else for this address; beyond many in an hour, 429."""
    limite = Limite("revision", _REVISIONES_POR_HORA, _HORA_SEGUNDOS)
    usuario = usuario_actual()
    frase = "Ha enviado muchos archivos seguidos. Espere una hora."
    _contar_o_frenar(limite, frase, clave=f"usuario:{usuario.id}" if usuario else "")


def _frenar_seguidas(que: str) -> None:
    limite = Limite(que, ajustes_actuales().consultas_limite, _VENTANA_SEGUNDOS)
    _contar_o_frenar(limite, "Ha hecho muchas consultas seguidas. Espere unos minutos.")


def _contar_o_frenar(limite: Limite, frase: str, clave: str = "") -> None:
    momento = ahora()
    with transaccion():
        admitida = contar(limite, clave or client_ip(), momento)
    if admitida:
        return
    correo = departamento_actual().correo
    alternativa = f" También puede escribir a {correo}." if correo else ""
    respuesta = pagina_de_error(429, f"{frase}{alternativa}")
    respuesta.headers["Retry-After"] = str(limite.espera(momento))
    abort(respuesta)
