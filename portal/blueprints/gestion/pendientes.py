"""How a queue of work is shown: the page that does it, the verb of its link, and its words of age and term."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import url_for

from portal.dominio.casos import edad_en_palabras
from portal.dominio.trabajo import Asunto, Pendiente, Urgencia, plazo_en_palabras
from portal.operaciones.trabajo import Jornada

_A = Asunto
# Where each queue is worked and what one does there; whatever a Pendiente brings in `datos` goes in the address.
ENLACES: Mapping[Asunto, tuple[str, str]] = MappingProxyType(
    {
        _A.CASOS: ("tesoreria.lista", "Atender"),
        _A.ORDENES: ("tesoreria.ordenes_lista", "Revisar"),
        _A.CIERRES: ("cierres.lista", "Revisar y firmar"),
        _A.CONSIGNACIONES: ("consignaciones.lista", "Revisar"),
        _A.SIN_LINEA: ("consignaciones.lista", "Buscar su línea"),
        _A.POR_ESTUDIAR: ("devoluciones.lista", "Estudiar"),
        _A.POR_DECIDIR: ("devoluciones.lista", "Decidir"),
        _A.POR_TRANSFERIR: ("devoluciones.lista", "Registrar la transferencia"),
        _A.CUENTAS_POR_PEDIR: ("devoluciones.lista", "Traer la cuenta"),
        _A.CUENTAS_POR_ACEPTAR: ("devoluciones.lista", "Revisar la cuenta"),
        _A.ARCHIVO_BANCO: ("archivos_banco.revision", "Revisar e importar"),
        _A.DECLARACIONES: ("agentes.mes", "Revisar la más antigua"),
        _A.EN_MORA: ("agentes_tablero.tablero", "Ver cuáles"),
        _A.RECONOCIMIENTOS: ("liquidaciones.reconocimientos", "Ver cuáles"),
        _A.POR_VENCER: ("liquidaciones.lista", "Ver cuáles"),
        _A.VENCIDAS: ("liquidaciones.lista", "Ver cuáles"),
        _A.LOTE: ("lotes.ver", "Revisar e importar"),
        _A.POR_ADHERIR: ("validacion.inicio", "Abrir"),
        _A.SIN_PAGO: ("validacion.inicio", "Ver de qué actos son"),
        _A.POR_DESHACER: ("validacion.inicio", "Aprobar o rechazar"),
        _A.MESES: ("agentes.meses", "Revisar y presentar"),
        _A.MESES_DEVUELTOS: ("agentes.meses", "Corregir"),
        _A.RECHAZADAS: ("consignaciones.propias", "Ver el motivo"),
        _A.EN_REVISION: ("consignaciones.propias", "Ver"),
        _A.VALORES: ("normativa.lista", "Proponer"),
        _A.PROPUESTAS: ("normativa.lista", "Revisar y publicar"),
        _A.CORREOS: ("correos.lista", "Ver y reintentar"),
        _A.FALLA: ("calendario.ver", "Terminar"),
        _A.CADENA: ("auditoria.bitacora", "Ver el estado"),
        _A.POR_SELLAR: ("auditoria.bitacora", "Ver el estado"),
        _A.AJENOS: ("auditoria.bitacora", "Ver quiénes"),
    }
)
_FILTROS: Mapping[Asunto, Mapping[str, str]] = MappingProxyType(
    {_A.SIN_LINEA: {"filtro": "sin-linea"}, _A.RECONOCIMIENTOS: {"cuales": "por-vencer"}}
)
# Where the only one of a queue is worked, when that is another page.
_LA_UNICA: Mapping[Asunto, str] = MappingProxyType({_A.PROPUESTAS: "normativa.publicar"})
_ANCLAS: Mapping[Asunto, str] = MappingProxyType(
    {_A.POR_DESHACER: "por-deshacer", _A.CADENA: "cadenas", _A.POR_SELLAR: "cadenas", _A.POR_ADHERIR: "lista"}
)
# The class that colours it, the sign and the word: never colour alone.
_URGENCIAS: Mapping[Urgencia, tuple[str, str, str]] = MappingProxyType(
    {
        Urgencia.VENCIDA: ("vencida", "!", "Vencido"),
        Urgencia.URGENTE: ("vencida", "!", "Urgente"),
        Urgencia.PRONTO: ("liquidado", "…", "Pronto"),
        Urgencia.A_TIEMPO: ("legalizado", "✓", "A tiempo"),
        Urgencia.SIN_PLAZO: ("sin-efecto", "–", "Sin plazo"),
    }
)


@dataclass(frozen=True)
class PorHacer:
    """A row of the work list. `espera` and `plazo` are empty where nothing is known."""

    que: str
    nota: str
    cuantos: int
    desde: datetime | None
    espera: str
    plazo: str
    urgencia: tuple[str, str, str]
    direccion: str
    verbo: str


def por_hacer(uno: Pendiente, jornada: Jornada) -> PorHacer:
    """A queue as its row."""
    endpoint, verbo = ENLACES[uno.asunto]
    if uno.datos:
        endpoint = _LA_UNICA.get(uno.asunto, endpoint)
    datos: dict[str, Any] = {**uno.datos, **_FILTROS.get(uno.asunto, {})}
    return PorHacer(
        que=uno.nombre,
        nota=uno.nota,
        cuantos=uno.cuantos,
        desde=uno.desde,
        espera=edad_en_palabras(uno.desde, jornada.ahora) if uno.desde else "",
        plazo=plazo_en_palabras(uno.vence, jornada.hoy) if uno.vence else "",
        urgencia=_URGENCIAS[uno.urgencia(jornada.hoy)],
        direccion=url_for(endpoint, _anchor=_ANCLAS.get(uno.asunto), **datos),
        verbo=verbo,
    )
