"""Reminders of what an entity has to report: each is written once for each due date, whoever runs it and however often."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.dominio.calendario import mes_en_palabras
from portal.dominio.recordatorios import cuanto_falta
from portal.operaciones.correos import encolar


@dataclass(frozen=True)
class Pendiente:
    """What is reminded: the month of `periodo` of an entity, in the `estado` that people read, due on `vence`.

    `codigo` names for ever the entity, and the person too where several are told; it holds no identity number.
    """

    codigo: str
    entidad: str
    correo: str
    periodo: date
    estado: str
    vence: date


def encolar_recordatorio(uno: Pendiente, clase: str, *, hoy: date, ahora: datetime) -> None:
    """Write the notice of `clase` (`dominio.recordatorios.recordatorio_de`); the same one again does nothing.

    A due date that moved is another one: what was told of the first does not silence what is told of the second.
    """
    encolar(
        f"recordatorio:{uno.codigo}:{uno.periodo:%Y-%m}:{uno.vence.isoformat()}:{clase}",
        uno.correo,
        "recordatorio_declaracion",
        {
            "entidad": uno.entidad,
            "mes": mes_en_palabras(uno.periodo),
            "vence": uno.vence.isoformat(),
            "estado": uno.estado,
            "aviso": cuanto_falta(hoy, uno.vence),
        },
        ahora=ahora,
    )
