"""Accounts in every state: with a second factor, invited, closed, and with a name that does not end."""

from portal.db import db, transaccion
from portal.models import ClaseEnlace, EnlaceCuenta, Usuario
from portal.models.usuario import Rol
from portal.operaciones import enlaces, usuarios
from portal.operaciones.fichas import nueva_ficha
from tests.conftest import CLAVE
from tests.escenas.mundos import Lugares
from tests.fabricas import AHORA
from tests.personas import cofre, enrolar


def poblar() -> Lugares:
    con_telefono = _cuenta("con-telefono", "Cuenta con segundo factor", Rol.TESORERIA)
    enrolar(con_telefono, AHORA)
    larga = _cuenta("a" * 60, "Persona " + "con un nombre muy largo " * 4, Rol.FUNCIONARIO)
    cerrada = _cuenta("cerrada", "Cuenta que se cerró", Rol.RENTAS)
    with transaccion():
        db.session.get_one(Usuario, cerrada.id).activo = False
        invitada = usuarios.nueva_cuenta(
            correo="invitada@entidad.test", nombre="Cuenta invitada", rol="auditor", dependencia="", ahora=AHORA
        )
        db.session.add(invitada)
        db.session.flush()
        enlaces.enviar_enlace(invitada, ClaseEnlace.INVITACION, cofre=cofre(), ahora=AHORA)
        ficha, huella = nueva_ficha()
        db.session.query(EnlaceCuenta).filter_by(usuario_id=invitada.id).update({"huella": huella})
        numero = invitada.id
    return {
        "enlace_de_cuenta": ficha,
        "cuenta_con_telefono": str(con_telefono.id),
        "cuenta_larga": str(larga.id),
        "cuenta_cerrada": str(cerrada.id),
        "cuenta_invitada": str(numero),
    }


def _cuenta(nombre: str, de_quien: str, rol: Rol) -> Usuario:
    with transaccion():
        return usuarios.crear_usuario(
            correo=f"{nombre}@demo.portal.test", nombre=de_quien[:120], rol=rol, clave=CLAVE, ahora=AHORA
        )
