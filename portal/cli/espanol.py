"""What every command shares: help that is Spanish from its first word, and a refusal that is one sentence and exit 1."""

import sys
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from portal.db import db
from portal.dominio.errores import ErrorDominio, NormaNoVigente
from portal.web.migraciones import faltan_migraciones

_SIN_TABLAS = "La base de datos no tiene las tablas de esta versión del portal. Ejecute primero: flask db upgrade"
_SIN_RESPUESTA = "La base de datos no responde. Revise DATABASE_URL y que el servidor esté encendido."


class _AyudaEnEspanol(click.Command):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[OPCIONES]")
        super().__init__(*args, **kwargs)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        opcion = super().get_help_option(ctx)
        if opcion is not None:
            opcion.help = "Muestra esta ayuda y termina."
        return opcion

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Uso: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        filas = [fila for parametro in self.get_params(ctx) if (fila := parametro.get_help_record(ctx))]
        if filas:
            with formatter.section("Opciones"):
                formatter.write_dl(filas)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)


class Orden(_AyudaEnEspanol):
    """One command. What the law, the records or the database refuse ends it with a sentence; any other failure is a fault."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ErrorDominio as error:
            sys.exit(error.en_palabras if isinstance(error, NormaNoVigente) else error.mensaje)
        except (OperationalError, ProgrammingError) as error:
            if frase := _frase_de_la_base():
                sys.exit(frase)
            raise error


def _frase_de_la_base() -> str:
    """What is wrong with the database as a whole; empty when the statement itself was."""
    try:
        db.session.rollback()
        return _SIN_TABLAS if faltan_migraciones() else ""
    except OperationalError:
        return _SIN_RESPUESTA


class Grupo(_AyudaEnEspanol, AppGroup):
    """A group of commands, run inside the application's context as `AppGroup` does."""

    command_class = Orden

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", "ORDEN [ARGUMENTOS]…")
        super().__init__(*args, **kwargs)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        ordenes = [(nombre, self.get_command(ctx, nombre)) for nombre in self.list_commands(ctx)]
        with formatter.section("Órdenes"):
            formatter.write_dl([(nombre, orden.get_short_help_str(limit=120)) for nombre, orden in ordenes if orden])
