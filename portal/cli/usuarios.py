"""`flask usuarios`: staff accounts."""

import sys

import click

from portal.cli.espanol import Grupo
from portal.db import transaccion
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.models import ClaseEnlace
from portal.models.usuario import Rol
from portal.operaciones import enlaces, personas, segundo_factor, usuarios
from portal.operaciones.bitacora import anotar
from portal.web.cofre import cofre_actual
from portal.web.departamento import departamento_actual
from portal.web.reloj import ahora

grupo = Grupo("usuarios", help="Cuentas de los funcionarios.")


@grupo.command("crear")
@click.argument("correo")
@click.option("--nombre", required=True, help="Nombre de la persona.")
@click.option("--rol", required=True, type=click.Choice([r.value for r in Rol]), help="Qué puede hacer.")
@click.option("--dependencia", default="", help="Oficina en la que trabaja, como la escriben los contratos.")
@click.option("--clave", help="Contraseña inicial; sin ella se pregunta.")
@click.option("--invitar", is_flag=True, help="Sin contraseña: la persona la elige con un enlace que va por correo.")
def crear(correo: str, nombre: str, rol: str, dependencia: str, clave: str | None, invitar: bool) -> None:
    """Crea una cuenta; si el correo ya existe, lo dice y no cambia nada."""
    if clave is None and not invitar:
        clave = click.prompt("Contraseña", hide_input=True, confirmation_prompt="Repita la contraseña")
    try:
        with transaccion():
            if invitar:
                _invitar(correo=correo, nombre=nombre, rol=rol, dependencia=dependencia)
            else:
                usuarios.crear_usuario(
                    correo=correo,
                    nombre=nombre,
                    rol=rol,
                    clave=clave or "",
                    ahora=ahora(),
                    dependencia=dependencia,
                    lugar=departamento_actual().nombre,
                )
    except DatoInvalido as error:
        click.echo(error.mensaje, err=True)
        sys.exit(1)
    como = " El enlace va por correo y sirve 72 horas." if invitar else ""
    click.echo(f"Cuenta creada: {correo.lower()} ({rol}).{como}")


@grupo.command("listar")
def listar() -> None:
    """Muestra las cuentas con su rol y su dependencia."""
    for usuario in usuarios.listar_usuarios():
        estado = personas.estado_de(usuario).value
        click.echo(f"{usuario.correo}\t{usuario.rol.value}\t{estado}\t{usuario.dependencia}")


@grupo.command("restablecer")
@click.argument("correo")
def restablecer(correo: str) -> None:
    """Envía el enlace para elegir la contraseña, cuando ningún otro administrador puede."""
    try:
        with transaccion():
            cuenta, momento = usuarios.cuenta_de(correo), ahora()
            clase = ClaseEnlace.RESTABLECER if cuenta.tiene_clave else ClaseEnlace.INVITACION
            enlaces.enviar_enlace(cuenta, clase, cofre=cofre_actual(), ahora=momento)
            anotar("usuario.restablecer", f"usuario:{cuenta.id}", ahora=momento, usuario_id=None, enlace=clase.value)
    except NoExiste as error:
        click.echo(error.mensaje, err=True)
        sys.exit(1)
    click.echo("El enlace va por correo y sirve una vez.")


@grupo.command("quitar-segundo-factor")
@click.argument("correo")
@click.option("--motivo", required=True, help="Cómo se comprobó quién lo pide, sin nombres ni documentos.")
def quitar_segundo_factor(correo: str, motivo: str) -> None:
    """Para quien perdió el teléfono y los códigos, cuando ningún otro administrador puede."""
    try:
        with transaccion():
            cuenta = usuarios.cuenta_de(correo)
            tenia = cuenta.tiene_segundo_factor
            if tenia:
                segundo_factor.quitar(cuenta, ahora=ahora(), por=None, motivo=motivo[:300])
                usuarios.terminar_sesiones(cuenta.id, ahora())
    except NoExiste as error:
        click.echo(error.mensaje, err=True)
        sys.exit(1)
    click.echo("Se quitó el segundo factor." if tenia else "La cuenta no tiene segundo factor.")


def _invitar(*, correo: str, nombre: str, rol: str, dependencia: str) -> None:
    momento = ahora()
    nueva = usuarios.nueva_cuenta(correo=correo, nombre=nombre, rol=rol, dependencia=dependencia, ahora=momento)
    personas.guardar_invitada(nueva, cofre=cofre_actual(), ahora=momento)
    anotar("usuario_creado", f"usuario:{nueva.id}", ahora=momento, usuario_id=None, rol=nueva.rol.value)
