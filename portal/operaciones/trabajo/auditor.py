"""An auditor's work: chains not checked lately or that did not hold, rows without a seal, attempts at what is another's."""

from datetime import timedelta

from sqlalchemy import select

from portal.dominio.bitacora import CADENAS, Cadena
from portal.dominio.dinero import escribir_miles
from portal.dominio.trabajo import Asunto, Pendiente
from portal.models import Bitacora, Usuario
from portal.operaciones import comprobaciones, sellos
from portal.operaciones.paginas import contar_desde
from portal.operaciones.trabajo.jornada import Jornada, dia_de

# A chain is checked once a week at least.
CADA = timedelta(days=7)
RECIENTES = timedelta(days=30)
# Sealing runs every few minutes: what waits longer says that it stopped.
SIN_SELLO = timedelta(hours=1)


def pendientes(usuario: Usuario, jornada: Jornada) -> list[Pendiente]:
    """The queues of an auditor."""
    intentos = select(Bitacora).where(
        Bitacora.accion == "acceso_ajeno", Bitacora.en >= jornada.ahora - RECIENTES, Bitacora.usuario_id != usuario.id
    )
    cuantos, desde = contar_desde(intentos, "en")
    filtro = {
        "accion": "acceso_ajeno",
        "desde": dia_de(jornada.ahora - RECIENTES).isoformat(),
        "hasta": jornada.hoy.isoformat(),
    }
    return [*_cadenas(jornada), *_por_sellar(jornada), Pendiente(Asunto.AJENOS, cuantos, desde, datos=filtro)]


def _cadenas(jornada: Jornada) -> list[Pendiente]:
    """The last check of each chain, when it is old, when there is none and when it found something."""
    ultimas, hechas = comprobaciones.ultimas(), []
    for cadena in Cadena:
        una, que = ultimas.get(cadena), f"Cadena por comprobar: {CADENAS[cadena]}"
        if una is None:
            hechas.append(Pendiente(Asunto.CADENA, 1, nota="Nunca se ha comprobado", que=que, urgente=True))
        elif una.quiebres:
            nota = f"La última comprobación encontró {escribir_miles(una.quiebres)} filas mal"
            hechas.append(Pendiente(Asunto.CADENA, una.quiebres, una.en, nota=nota, que=que, urgente=True))
        elif una.en < jornada.ahora - CADA:
            hechas.append(Pendiente(Asunto.CADENA, 1, una.en, dia_de(una.en + CADA), "Última comprobación", que))
    return hechas


def _por_sellar(jornada: Jornada) -> list[Pendiente]:
    cuantas, desde = sellos.por_sellar()
    detenida = desde is not None and desde < jornada.ahora - SIN_SELLO
    return [Pendiente(Asunto.POR_SELLAR, cuantas, desde, urgente=True)] if detenida else []
