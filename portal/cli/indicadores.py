"""`flask indicadores`: the yearly values, with the acts that fixed them; proposing and publishing them by two people."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click
from flask import current_app

from portal.cli.espanol import Grupo
from portal.db import transaccion
from portal.dominio.dinero import escribir_pesos, leer_pesos
from portal.dominio.errores import ErrorDominio, NoExiste
from portal.dominio.propuestas import fin_de_ano
from portal.models import EstadoPropuesta, PropuestaIndicador
from portal.operaciones import ciclo_propuestas, normativa, propuestas, publicaciones, simulaciones
from portal.operaciones.usuarios import cuenta_de
from portal.web.reloj import ahora, hoy

_DIA = click.DateTime(["%Y-%m-%d"])
grupo = Grupo("indicadores", help="UVT, SMMLV y los valores que un decreto fija cada año.")


@grupo.command("listar")
def listar() -> None:
    """Muestra cada valor publicado con sus fechas y el acto que lo fijó."""
    for fila in normativa.listar_valores():
        acto = f"{fila.acto} ({fila.comprobacion})" if fila.comprobacion else fila.acto
        click.echo(f"{fila.codigo}\t{fila.desde} a {fila.hasta}\t{escribir_pesos(fila.valor)}\t{acto}")


@grupo.command("proponer")
@click.argument("indicador")
@click.option("--valor", required=True, help="Pesos enteros, por ejemplo 50.000.")
@click.option("--desde", required=True, type=_DIA, help="Primer día en que rige, AAAA-MM-DD.")
@click.option("--hasta", type=_DIA, help="Último día; si falta, el 31 de diciembre de ese año.")
@click.option("--acto", default="", help="Acto que fija el valor, por ejemplo «Resolución DIAN 000238».")
@click.option("--acto-fecha", type=_DIA, help="Fecha del acto, AAAA-MM-DD.")
@click.option("--evidencia", default="", help="Enlace https donde se puede leer el acto.")
@click.option("--confirmar-salto", is_flag=True, help="Confirma un valor que se aparta mucho del anterior.")
@click.option("--autor", required=True, help="Correo del administrador que propone.")
def proponer(indicador: str, valor: str, desde: datetime, confirmar_salto: bool, autor: str, **resto: Any) -> None:
    """Escribe la propuesta de un valor; repetirla no crea otra. No se usa hasta que otra persona la publique."""
    inicial, final, firmado = desde.date(), resto["hasta"], resto["acto_fecha"]

    def escribir() -> PropuestaIndicador:
        datos = propuestas.Datos(
            desde=inicial,
            hasta=final.date() if final else fin_de_ano(inicial),
            valor=leer_pesos(valor),
            acto=resto["acto"],
            acto_fecha=firmado.date() if firmado else None,
            evidencia=resto["evidencia"],
            salto_confirmado=confirmar_salto,
        )
        suyo = propuestas.indicador_de(_departamento(), indicador)
        return propuestas.proponer(suyo, datos, usuario=cuenta_de(autor), ahora=ahora(), hoy=hoy())

    click.echo(_hecho(escribir, "por publicar"))


@grupo.command("publicar")
@click.argument("numero", type=click.IntRange(1))
@click.option("--publicador", required=True, help="Correo de un administrador que no la escribió.")
@click.option("--sin-simular", is_flag=True, help="Confirma que se publica sin haber simulado su efecto.")
def publicar(numero: int, publicador: str, sin_simular: bool) -> None:
    """Publica una propuesta escrita por otro administrador; repetirlo no cambia nada."""

    def firmar() -> PropuestaIndicador:
        una, cuenta = ciclo_propuestas.por_id(_departamento(), numero), cuenta_de(publicador)
        if not isinstance(una, PropuestaIndicador):
            raise NoExiste("Esa propuesta es de una tarifa: se publica en la pantalla.")
        if una.estado is not EstadoPropuesta.PUBLICADA or una.resuelta_por != cuenta.id:
            simulaciones.exigir_simulacion(_departamento(), una, version=una.version, sin_simular=sin_simular)
            publicaciones.publicar(una, version=una.version, usuario=cuenta, ahora=ahora(), hoy=hoy())
        return una

    click.echo(_hecho(firmar, "publicado"))


def _departamento() -> str:
    departamento: str = current_app.extensions["ajustes"].departamento
    return departamento


def _hecho(acto: Callable[[], PropuestaIndicador], como: str) -> str:
    """Do it and say it in one line; a refusal is one sentence and exit code 1."""
    try:
        with transaccion():
            una = acto()
            return (
                f"Propuesta {una.id}: {una.codigo} {_rango(una.desde, una.hasta)}, {escribir_pesos(una.valor)}, {como}."
            )
    except ErrorDominio as error:
        click.echo(error.mensaje, err=True)
        sys.exit(1)


def _rango(desde: date, hasta: date | None) -> str:
    return f"{desde} a {hasta}"
