"""What waits for a person: how many, since when, until when, and how urgent that makes it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

# What falls due within these days is said to be close.
PRONTO = timedelta(days=3)


class Asunto(StrEnum):
    """The queues of work, one for each thing that a person does about it."""

    CASOS = "casos"
    ORDENES = "ordenes"
    CIERRES = "cierres"
    CONSIGNACIONES = "consignaciones"
    SIN_LINEA = "sin_linea"
    POR_ESTUDIAR = "por_estudiar"
    POR_DECIDIR = "por_decidir"
    POR_TRANSFERIR = "por_transferir"
    CUENTAS_POR_PEDIR = "cuentas_por_pedir"
    CUENTAS_POR_ACEPTAR = "cuentas_por_aceptar"
    ARCHIVO_BANCO = "archivo_banco"
    DECLARACIONES = "declaraciones"
    EN_MORA = "en_mora"
    RECONOCIMIENTOS = "reconocimientos"
    POR_VENCER = "por_vencer"
    VENCIDAS = "vencidas"
    LOTE = "lote"
    POR_ADHERIR = "por_adherir"
    SIN_PAGO = "sin_pago"
    POR_DESHACER = "por_deshacer"
    MESES = "meses"
    MESES_DEVUELTOS = "meses_devueltos"
    RECHAZADAS = "rechazadas"
    EN_REVISION = "en_revision"
    VALORES = "valores"
    PROPUESTAS = "propuestas"
    CORREOS = "correos"
    FALLA = "falla"
    CADENA = "cadena"
    POR_SELLAR = "por_sellar"
    AJENOS = "ajenos"


_A = Asunto
# A queue of treasury's cases has the name of its class.
NOMBRES: Mapping[Asunto, str] = MappingProxyType(
    {
        _A.CASOS: "Casos",
        _A.ORDENES: "Órdenes que otra persona propuso y usted puede aprobar",
        _A.CIERRES: "Días sin firmar en el cierre diario",
        _A.CONSIGNACIONES: "Consignaciones de agentes por revisar",
        _A.SIN_LINEA: "Consignaciones aceptadas que el banco no ha mostrado",
        _A.POR_ESTUDIAR: "Devoluciones por estudiar",
        _A.POR_DECIDIR: "Devoluciones que otra persona estudió y usted puede decidir",
        _A.POR_TRANSFERIR: "Devoluciones aprobadas por transferir",
        _A.CUENTAS_POR_PEDIR: "Devoluciones que el banco rechazó y esperan otra cuenta",
        _A.CUENTAS_POR_ACEPTAR: "Cuentas de devoluciones por aceptar",
        _A.ARCHIVO_BANCO: "Archivo del banco que usted subió y no ha importado",
        _A.DECLARACIONES: "Declaraciones presentadas por revisar",
        _A.EN_MORA: "Entidades que no presentaron su declaración",
        _A.RECONOCIMIENTOS: "Reconocimientos que vencen en los próximos 30 días",
        _A.POR_VENCER: "Liquidaciones sin pagar que vencen en los próximos 7 días",
        _A.VENCIDAS: "Liquidaciones que vencieron sin pago en los últimos 30 días",
        _A.LOTE: "Archivo de contratos que usted subió y no ha importado",
        _A.POR_ADHERIR: "Actos pagados con estampillas por usar",
        _A.SIN_PAGO: "Estampillas usadas cuyo pago devolvió el banco",
        _A.POR_DESHACER: "Adhesiones que otra persona pidió deshacer",
        _A.MESES: "Declaraciones por presentar",
        _A.MESES_DEVUELTOS: "Declaraciones que Rentas devolvió",
        _A.RECHAZADAS: "Consignaciones que Tesorería rechazó en los últimos 30 días",
        _A.EN_REVISION: "Consignaciones que esperan a Tesorería",
        _A.VALORES: "Valores del año por publicar",
        _A.PROPUESTAS: "Propuestas de otra persona que usted puede publicar",
        _A.CORREOS: "Correos que no se pudieron enviar",
        _A.FALLA: "Falla del portal declarada y sin terminar",
        _A.CADENA: "Cadena por comprobar",
        _A.POR_SELLAR: "Anotaciones de la bitácora por sellar",
        _A.AJENOS: "Intentos de ver algo ajeno en los últimos 30 días",
    }
)


class Urgencia(StrEnum):
    """How urgent a queue is, from the most to the least."""

    VENCIDA = "vencida"
    URGENTE = "urgente"
    PRONTO = "pronto"
    A_TIEMPO = "a_tiempo"
    SIN_PLAZO = "sin_plazo"


@dataclass(frozen=True)
class Pendiente:
    """A queue with something in it. `desde`: when the oldest began to wait; `vence`: the first day that one falls due.

    `urgente` is what admits no waiting though no norm gives it a term. `datos` is what the address of its page needs.
    """

    asunto: Asunto
    cuantos: int
    desde: datetime | None = None
    vence: date | None = None
    nota: str = ""
    que: str = ""
    urgente: bool = False
    datos: Mapping[str, str] = field(default_factory=dict)

    @property
    def nombre(self) -> str:
        return self.que or NOMBRES[self.asunto]

    def urgencia(self, hoy: date) -> Urgencia:
        """How urgent it is on the Colombian day `hoy`."""
        if self.vence is not None and self.vence < hoy:
            return Urgencia.VENCIDA
        if self.urgente:
            return Urgencia.URGENTE
        if self.vence is None:
            return Urgencia.SIN_PLAZO
        return Urgencia.PRONTO if self.vence <= hoy + PRONTO else Urgencia.A_TIEMPO


def ordenar(pendientes: Iterable[Pendiente], hoy: date) -> list[Pendiente]:
    """Those that hold something, the most urgent first; then the one that falls due before, then the one that waits longest."""
    orden = list(Urgencia)

    def clave(uno: Pendiente) -> tuple[int, date, float]:
        espera = uno.desde.timestamp() if uno.desde else float("inf")
        return orden.index(uno.urgencia(hoy)), uno.vence or date.max, espera

    return sorted((p for p in pendientes if p.cuantos), key=clave)


def plazo_en_palabras(vence: date, hoy: date) -> str:
    """When something falls due, as it is said.

    >>> plazo_en_palabras(date(2026, 11, 25), date(2026, 11, 20))
    'Vence en 5 días'
    >>> plazo_en_palabras(date(2026, 11, 19), date(2026, 11, 20))
    'Venció ayer'
    """
    dias = (vence - hoy).days
    cercanos = {0: "Vence hoy", 1: "Vence mañana", -1: "Venció ayer"}
    return cercanos.get(dias) or (f"Vence en {dias} días" if dias > 0 else f"Venció hace {-dias} días")
