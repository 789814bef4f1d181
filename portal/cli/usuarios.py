"""`flask usuarios`: staff accounts."""

import sys

import click

from portal.cli.espanol import Grupo
from portal.db import transaccion
from portal.dominio.errores import DatoInvalido
from portal.models.usuario import Rol
from portal.operaciones import usuarios
from portal.web.reloj import ahora

grupo = Grupo("usuarios", help="Cuentas de los funcionarios.")


@grupo.command("crear")
@click.argument("correo")
@click.option("--nombre", required=True, help="Nombre de la persona.")
@click.option("--rol", required=True, type=click.Choice([r.value for r in Rol]), help="Qué puede hacer.")
@click.option("--dependencia", default="", help="Oficina en la que trabaja, como la escriben los contratos.")
@click.password_option(
    "--clave", prompt="Contraseña", confirmation_prompt="Repita la contraseña", help="Contraseña inicial."
)
def crear(correo: str, nombre: str, rol: str, dependencia: str, clave: str) -> None:
    """Crea una cuenta; si el correo ya existe, lo dice y no cambia nada."""
    try:
        with transaccion():
            usuarios.crear_usuario(
                correo=correo, nombre=nombre, rol=rol, clave=clave, ahora=ahora(), dependencia=dependencia
            )
    except DatoInvalido as error:
        click.echo(error.mensaje, err=True)
        sys.exit(1)
    click.echo(f"Cuenta creada: {correo.lower()} ({rol}).")


@grupo.command("listar")
def listar() -> None:
    """Muestra las cuentas con su rol y su dependencia."""
    for usuario in usuarios.listar_usuarios():
        estado = "activa" if usuario.activo else "inactiva"
        click.echo(f"{usuario.correo}\t{usuario.rol.value}\t{estado}\t{usuario.dependencia}")
