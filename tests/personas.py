"""People who sign in with what their telephone shows, and the links that they receive."""

from datetime import datetime

import pyotp
from flask import current_app
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Correo, Usuario
from portal.operaciones import enlaces, segundo_factor
from portal.operaciones.cofre import Cofre, cofre_de
from portal.web.reloj import ahora
from tests.conftest import CLAVE
from tests.navegador_de_pruebas import ClienteEstricto

SECRETO = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NUEVA = "cuatro loros leen despacio"


def cofre() -> Cofre:
    """The safe of the portal of the test."""
    return cofre_de(current_app.extensions["ajustes"].personas.claves_datos)


def codigo(en: datetime | None = None, pasos: int = 0) -> str:
    """What the telephone shows at an instant, or some steps away from it."""
    return str(pyotp.TOTP(SECRETO).at(en or ahora(), pasos))


def enrolar(usuario: Usuario, en: datetime | None = None) -> list[str]:
    """Give an account its second factor, as of two steps ago so that the present code is free; its recovery codes."""
    momento = en or ahora()
    with transaccion():
        codigos = segundo_factor.enrolar(
            db.session.get_one(Usuario, usuario.id),
            SECRETO,
            codigo(momento),
            cofre=cofre(),
            ahora=momento,
            salvo=None,
        )
        db.session.get_one(Usuario, usuario.id).totp_paso -= 2
    return codigos


def entrar(client: ClienteEstricto, rol: str, clave: str = CLAVE) -> int:
    """Send the password of the account of a role."""
    return client.enviar("/ingresar", {"correo": f"{rol}@demo.portal.test", "clave": clave}).status_code


def dar_codigo(client: ClienteEstricto, texto: str) -> int:
    """Send the code that follows the password."""
    return client.enviar("/ingresar/codigo", {"codigo_acceso": texto}).status_code


def adentro(client: ClienteEstricto) -> bool:
    """Whether this browser has a session."""
    return client.get("/gestion/cuenta").status_code == 200


def enlace_enviado() -> str:
    """The path of the last link that was sent, as its e-mail says it."""
    con_sello = [c for c in db.session.scalars(select(Correo).order_by(Correo.id)) if "sello" in c.datos]
    return f"/ingresar/enlace/{cofre().abrir(con_sello[-1].datos['sello'], para=enlaces.SELLO)}"


def avisos() -> list[str]:
    """What was told by e-mail to people about their accounts, in order."""
    return [c.datos["suceso"] for c in db.session.scalars(select(Correo).order_by(Correo.id)) if "suceso" in c.datos]
