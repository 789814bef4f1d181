"""`flask agentes`: the register of collecting agents, and their monthly returns."""

import sys
from datetime import datetime

import click

from portal.cli.continuo import repetir
from portal.cli.espanol import Grupo
from portal.cli.turnos import OTRA_MAQUINA, con_turno
from portal.db import transaccion
from portal.dominio.declaraciones import leer_mes
from portal.dominio.errores import ErrorDominio
from portal.dominio.identificacion import escribir_nit
from portal.operaciones import simulaciones, usuarios
from portal.operaciones.agentes import avisos, declaraciones, registro
from portal.operaciones.agentes.registro import DatosAgente
from portal.operaciones.firmas import Firma
from portal.web.departamento import departamento_actual
from portal.web.reloj import ahora, hoy

grupo = Grupo("agentes", help="Agentes recaudadores y sus declaraciones mensuales.")


@grupo.command("listar")
def listar() -> None:
    """Muestra los agentes con su NIT, su clase, los meses que declaran y sus cuentas vinculadas."""
    departamento = departamento_actual().codigo
    cuentas = registro.contar_cuentas(departamento)
    for uno in registro.listar(departamento):
        hasta = f"{uno.hasta:%Y-%m}" if uno.hasta else ""
        vinculadas = cuentas.get(uno.id, 0)
        click.echo(
            f"{uno.codigo}\t{escribir_nit(uno.nit)}\t{uno.nombre}\t{uno.clase}\t{uno.desde:%Y-%m}\t{hasta}\t{vinculadas}"
        )


@grupo.command("crear")
@click.argument("nit")
@click.option("--nombre", required=True, help="Nombre de la entidad.")
@click.option("--clase", required=True, help="Clase de entidad, de la lista del departamento.")
@click.option("--cuenta", required=True, help="Código de la cuenta recaudadora en que consigna.")
@click.option("--desde", required=True, help="Primer mes que declara, AAAA-MM.")
@click.option(
    "--estampilla", "estampillas", multiple=True, help="Código de una estampilla que recauda; todas si no se dice."
)
@click.option("--correo", default="", help="Correo de la entidad, para los recordatorios.")
@click.option("--administrador", required=True, help="Correo de la cuenta de administrador que la registra.")
def crear(
    nit: str,
    nombre: str,
    clase: str,
    cuenta: str,
    desde: str,
    estampillas: tuple[str, ...],
    correo: str,
    administrador: str,
) -> None:
    """Registra una entidad; si ya hay una con ese NIT, lo dice y no cambia nada."""
    departamento = departamento_actual().codigo
    conocidas = tuple(simulaciones.nombres_de(departamento).estampillas)
    try:
        datos = DatosAgente(nit, nombre, clase, estampillas or conocidas, cuenta, leer_mes(desde), correo=correo)
        firma = Firma(usuarios.cuenta_de(administrador), ahora())
        with transaccion():
            nueva = registro.crear(datos, departamento=departamento, conocidas=conocidas, firma=firma)
            dicho = f"{escribir_nit(nueva.nit)} ({nueva.codigo})"
    except ErrorDominio as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"Entidad registrada: {dicho}.")


@grupo.command("recordar")
@click.option(
    "--continuo", is_flag=True, help="Abre los meses y recuerda cada PORTAL_SONDA_SEGUNDOS hasta que se le detenga."
)
def recordar(continuo: bool) -> None:
    """Abre los meses que falten y encola los recordatorios del día; repetida, no encola ninguno de nuevo."""
    if continuo:
        repetir(lambda: con_turno("agentes", _un_dia), "la declaración mensual")
    recordados = con_turno("agentes", _un_dia)
    click.echo(OTRA_MAQUINA if recordados is None else f"Meses por recordar hoy: {recordados}.")


def _un_dia() -> int:
    departamento = departamento_actual().codigo
    with transaccion():
        declaraciones.abrir_todos(departamento, hoy(), ahora=ahora())
    with transaccion():
        return avisos.recordar(departamento, hoy=hoy(), ahora=ahora())


@grupo.command("abrir")
@click.option("--hasta", type=click.DateTime(["%Y-%m"]), help="Último mes por abrir, AAAA-MM; si falta, el de hoy.")
def abrir(hasta: datetime | None) -> None:
    """Abre la declaración de cada mes que falte, de todas las entidades; repetida, no cambia nada."""
    ultimo = min(hasta.date(), hoy()) if hasta else hoy()
    with transaccion():
        abiertas = declaraciones.abrir_todos(departamento_actual().codigo, ultimo, ahora=ahora())
    click.echo(f"Declaraciones abiertas: {abiertas}.")
