"""Commands whose help is Spanish from its first word: click writes its own headings in English."""

from typing import Any

import click
from flask.cli import AppGroup


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
    """One command."""


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
