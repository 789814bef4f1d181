"""`flask liquidaciones`: assess the contracts of a file; what the screen does, for larger files and for other programs."""

import sys
from pathlib import Path

import click

from portal.cli.avance import barra
from portal.cli.espanol import Grupo
from portal.db import transaccion
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, ErrorDominio
from portal.models import Lote, Usuario
from portal.models.usuario import Rol
from portal.operaciones.firmas import Firma
from portal.operaciones.lotes import importacion
from portal.operaciones.lotes.archivo import leer_tabla
from portal.operaciones.lotes.importacion import EN_ORDEN, LoteConErrores
from portal.operaciones.lotes.simulacro import Regimen, Simulacro
from portal.operaciones.usuarios import cuenta_de
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.reloj import ahora, hoy

grupo = Grupo("liquidaciones", help="Liquidaciones: importar contratos de un archivo.")


@grupo.command("importar")
@click.argument("archivo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--simulacro/--aplicar", default=True, help="Solo revisa, que es lo que hace si no se dice otra cosa; o emite todo."
)
@click.option("--usuario", help="Correo de la cuenta de Rentas que emite; necesario con --aplicar.")
def importar(archivo: Path, simulacro: bool, usuario: str | None) -> None:
    """Liquida los contratos de un archivo CSV o XLSX: todos o ninguno. Repetirla no cambia nada."""
    try:
        contenido = archivo.read_bytes()[: EN_ORDEN.bytes + 1]
        if simulacro:
            _ensayar(contenido)
        else:
            lote = _aplicar(contenido, archivo.name, _cuenta(usuario))
            click.echo(
                f"Emitidas: {lote.nuevas}, por {escribir_pesos(lote.total)}. Ya estaban liquidados: {lote.iguales}."
            )
    except LoteConErrores as error:
        for uno in error.errores:
            click.echo(str(uno), err=True)
        _terminar(error.mensaje)
    except ErrorDominio as error:
        _terminar(error.mensaje)


def _ensayar(contenido: bytes) -> None:
    tabla = leer_tabla(contenido, EN_ORDEN)
    with barra("Revisando") as avanzar:
        hecho = importacion.ensayar(tabla, regimen=_regimen(), hoy=hoy(), avanzar=avanzar)
    if hecho.errores:
        raise LoteConErrores(hecho.errores)
    _contar(hecho)


def _contar(hecho: Simulacro) -> None:
    for texto, filas in hecho.avisos.items():
        click.echo(f"Aviso en {len(filas)} filas, la primera {filas[0]}: {texto}")
    for suma in hecho.estampillas.values():
        click.echo(f"{suma.nombre}: {suma.cuantas} facturas, {escribir_pesos(suma.valor)}")
    nuevos = len(hecho.nuevos)
    click.echo(
        f"Se emitirían {nuevos}, por {escribir_pesos(hecho.total)}. "
        f"Ya están liquidados y no cambian: {len(hecho.contratos) - nuevos}. No se emitió nada."
    )


def _aplicar(contenido: bytes, nombre: str, usuario: Usuario) -> Lote:
    momento, regimen = ahora(), _regimen()
    with barra("Emitiendo") as avanzar, transaccion():
        lote = importacion.guardar(contenido, nombre, departamento=regimen.departamento, usuario=usuario, ahora=momento)
        importacion.importar(
            lote, regimen=regimen, firma=Firma(usuario, momento), hoy=hoy(), limites=EN_ORDEN, avanzar=avanzar
        )
    return lote


def _cuenta(correo: str | None) -> Usuario:
    if not correo:
        raise DatoInvalido("Diga con --usuario qué cuenta de Rentas emite.")
    cuenta = cuenta_de(correo)
    if cuenta.rol is not Rol.RENTAS:
        raise DatoInvalido("Solo una cuenta con el rol rentas puede emitir liquidaciones.")
    return cuenta


def _regimen() -> Regimen:
    departamento = departamento_actual()
    return Regimen(departamento.codigo, departamento.dias_para_pagar, ajustes_actuales().es_demostracion)


def _terminar(mensaje: str) -> None:
    click.echo(mensaje, err=True)
    sys.exit(1)
