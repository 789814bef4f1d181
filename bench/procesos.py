"""What the kernel says of a process: its processor time, its children, its memory. Nothing of one that is gone."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICS = os.sysconf("SC_CLK_TCK")


def cpu_de(procesos: Iterable[int]) -> float:
    """Seconds of processor of those processes and of their children that ended, to the hundredth."""
    return sum(sum(map(int, _estado(pid)[11:15])) for pid in procesos) / _TICS


def cpu_exacta(proceso: int) -> float:
    """Seconds of processor of the threads that a process has now, to the nanosecond."""
    tareas = Path(f"/proc/{proceso}/task").iterdir()
    return sum(int((tarea / "schedstat").read_text().split()[0]) for tarea in tareas) / 1e9


def hijos_de(padre: int) -> list[int]:
    """The processes that one started and still run."""
    return [pid for pid in _todos() if _estado(pid)[1:2] == [str(padre)]]


def de_la_sesion(primero: int) -> list[int]:
    """A process that began a session, and all that came of it."""
    return [pid for pid in _todos() if _estado(pid)[3:4] == [str(primero)]]


def pss(proceso: int) -> int:
    """KiB of a process, what it shares divided among those that share it."""
    try:
        filas = Path(f"/proc/{proceso}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(fila.split()[1]) for fila in filas if fila.startswith("Pss:")), 0)


def _todos() -> list[int]:
    return [int(nombre) for nombre in os.listdir("/proc") if nombre.isdigit()]


def _estado(pid: int) -> list[str]:
    """The fields of `/proc/<pid>/stat` after the name: state, parent, group, session…; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []
