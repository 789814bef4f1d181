"""The brake of public look-ups: shared by every worker, so that nobody can walk through the identity numbers."""

from flask import abort, make_response

from portal.db import transaccion
from portal.operaciones.limites import Limite, contar
from portal.web.acceso import usuario_actual
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.errores import pagina_de_error
from portal.web.reloj import ahora
from portal.web.seguridad import client_ip

_VENTANA_SEGUNDOS = 600


def frenar_consulta() -> None:
    """Count one look-up of this address; beyond `PORTAL_CONSULTAS_LIMITE` in ten minutes answer 429 and say whom to ask.

    Signed-in officials are known by name and are not counted.
    """
    if usuario_actual() is not None:
        return
    momento = ahora()
    limite = Limite("consulta", ajustes_actuales().consultas_limite, _VENTANA_SEGUNDOS)
    with transaccion():
        admitida = contar(limite, client_ip(), momento)
    if not admitida:
        correo = departamento_actual().correo
        alternativa = f" También puede escribir a {correo}." if correo else ""
        respuesta = make_response(
            pagina_de_error(429, f"Ha hecho muchas consultas seguidas. Espere unos minutos.{alternativa}")
        )
        respuesta.headers["Retry-After"] = str(limite.espera(momento))
        abort(respuesta)
