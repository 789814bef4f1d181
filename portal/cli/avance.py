"""How far a long command is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def barra(rotulo: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the error output, while a person watches; it is told how many are done, and of how many."""
    with click.progressbar(length=0, label=rotulo, file=sys.stderr, hidden=not sys.stderr.isatty()) as hecha:

        def avanzar(hechos: int, de: int) -> None:
            hecha.length = de
            hecha.update(hechos - hecha.pos)

        yield avanzar
