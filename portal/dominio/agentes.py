"""What a department says of its collecting agents: their kinds and the form of their monthly return."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.dominio.plazos import Plazo
from portal.dominio.recordatorios import Recordatorios


@dataclass(frozen=True)
class Formulario:
    """The form of the monthly return: its code, name and norm, and its lines, which are stamps in the order of the norm."""

    codigo: str
    nombre: str
    norma: str
    renglones: tuple[str, ...]
    anexos: tuple[str, ...]


@dataclass(frozen=True)
class ReporteSedes:
    """The monthly report of an agent whose offices collect every day: its name and norm, and the offices that receive it."""

    nombre: str
    norma: str
    destinatarios: tuple[str, ...]


@dataclass(frozen=True)
class ReglasAgentes:
    """`clases`: code and name of each kind of agent. `formulario`, `plazo`, `recordatorios`: none when no norm gives one."""

    clases: Mapping[str, str]
    norma: str
    formulario: Formulario | None
    plazo: Plazo | None
    recordatorios: Recordatorios | None
    reporte_sedes: ReporteSedes
