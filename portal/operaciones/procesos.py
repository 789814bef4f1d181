"""The comparison in processes of its own: they get both sets of rules once, then assessments, and never touch the database."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

from portal.dominio.acumulado import Resultado
from portal.dominio.simulacion import Borrador
from portal.operaciones.comparaciones import Comparador, Fila

# In each process, the rules that it was started with.
_comparador: list[Comparador] = []


def en_procesos(borrador: Borrador, lotes: Iterable[Sequence[Fila]], procesos: int) -> Iterator[Resultado]:
    """The account of each lot, in order. A few lots wait at a time, so memory does not grow with the assessments."""
    # Started afresh and not forked: a copy of this process would hold its database connections too.
    piscina = ProcessPoolExecutor(procesos, get_context("spawn"), _recibir, (borrador,))
    with piscina:
        pendientes: deque[Future[Resultado]] = deque()
        try:
            for lote in lotes:
                pendientes.append(piscina.submit(_simular, lote))
                if len(pendientes) > procesos * 2:
                    yield pendientes.popleft().result()
            while pendientes:
                yield pendientes.popleft().result()
        finally:
            for pendiente in pendientes:
                pendiente.cancel()


def _recibir(borrador: Borrador) -> None:
    _comparador[:] = [Comparador(borrador)]


def _simular(filas: Sequence[Fila]) -> Resultado:
    return _comparador[0].comparar(filas)
