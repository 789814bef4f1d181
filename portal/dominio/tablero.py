"""How the month of a collecting agent stands before the department: state, days late, and what its money does not square."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.dominio.declaraciones import EN_PIE, EstadoDeclaracion

_CERO = Decimal(0)


class EstadoMes(StrEnum):
    """What the department sees of a month: the state of the version that stands, or why none does."""

    SIN_ABRIR = "sin_abrir"
    BORRADOR = "borrador"
    PRESENTADO = "presentado"
    ACEPTADO = "aceptado"
    DEVUELTO = "devuelto"
    # A filed version stands and the draft that will correct it is open.
    EN_CORRECCION = "en_correccion"


SIN_PRESENTAR = (EstadoMes.SIN_ABRIR, EstadoMes.BORRADOR)


class Filtro(StrEnum):
    """Which months of the board to show."""

    TODAS = "todas"
    SIN_PRESENTAR = "sin_presentar"
    VENCIDAS = "vencidas"
    DEVUELTAS = "devueltas"
    CON_DIFERENCIA = "con_diferencia"


@dataclass(frozen=True)
class Version:
    """One version of a return; the last three are null while it is a draft."""

    estado: EstadoDeclaracion
    numero: int = 1
    presentada: date | None = None
    declarado: Decimal | None = None
    vence: date | None = None


@dataclass(frozen=True)
class Cifras:
    """Pesos of a month: assessed, withheld, deposited and accepted, deposited and not looked at yet."""

    liquidado: Decimal = _CERO
    retenido: Decimal = _CERO
    aceptado: Decimal = _CERO
    por_revisar: Decimal = _CERO


@dataclass(frozen=True)
class MesDeAgente:
    """A month. `presentada` is the day of its first version: correcting later is not filing late. `declarado`: what stands."""

    mes: date
    estado: EstadoMes
    cifras: Cifras
    vence: date | None = None
    presentada: date | None = None
    declarado: Decimal | None = None
    # The version that stands.
    version: int | None = None
    dias_tarde: int = 0

    @property
    def diferencia(self) -> Decimal:
        """What was withheld and no accepted deposit covers (I-19)."""
        return self.cifras.retenido - self.cifras.aceptado

    @property
    def difiere_lo_declarado(self) -> bool:
        """Whether what stands declares something else than what was withheld: its correction is open."""
        return self.declarado is not None and self.declarado != self.cifras.retenido

    @property
    def vencida(self) -> bool:
        """Whether its day passed and nothing was filed."""
        return self.estado in SIN_PRESENTAR and self.dias_tarde > 0

    @property
    def admite_correccion(self) -> bool:
        """Whether the department may ask for its correction."""
        return self.estado in (EstadoMes.PRESENTADO, EstadoMes.ACEPTADO)


@dataclass(frozen=True)
class Totales:
    """The foot of the board. `declarado` sums what stands; `declarado_aceptado`, the part that the department accepted."""

    cifras: Cifras
    declarado: Decimal
    declarado_aceptado: Decimal
    diferencia: Decimal


def resumir(mes: date, versiones: Sequence[Version], cifras: Cifras, vence: date | None, hoy: date) -> MesDeAgente:
    """A month from its versions, oldest first. `vence` is the due date as it is known today, for what was not filed."""
    en_pie = next((v for v in versiones if v.estado in EN_PIE), None)
    primera = next((v for v in versiones if v.presentada is not None), None)
    presentada = primera.presentada if primera else None
    # A date that moved after the return was filed makes nobody late.
    limite = primera.vence if primera else vence
    return MesDeAgente(
        mes=mes,
        estado=estado_de(versiones),
        cifras=cifras,
        vence=limite,
        presentada=presentada,
        declarado=en_pie.declarado if en_pie else None,
        version=en_pie.numero if en_pie else None,
        dias_tarde=max(((presentada or hoy) - limite).days, 0) if limite else 0,
    )


def estado_de(versiones: Sequence[Version]) -> EstadoMes:
    """The one state of a month with several versions."""
    estados = {v.estado for v in versiones}
    if not estados:
        return EstadoMes.SIN_ABRIR
    en_pie = next((e for e in EN_PIE if e in estados), None)
    if en_pie is None:
        return EstadoMes.BORRADOR
    return EstadoMes.EN_CORRECCION if EstadoDeclaracion.BORRADOR in estados else EstadoMes(en_pie.value)


def pasa(filtro: Filtro, mes: MesDeAgente) -> bool:
    """Whether a month is one of those that a filter shows."""
    if filtro is Filtro.SIN_PRESENTAR:
        return mes.estado in SIN_PRESENTAR
    if filtro is Filtro.VENCIDAS:
        return mes.vencida
    if filtro is Filtro.DEVUELTAS:
        return mes.estado is EstadoMes.DEVUELTO
    if filtro is Filtro.CON_DIFERENCIA:
        return mes.diferencia != 0 or mes.difiere_lo_declarado
    return True


def totalizar(meses: Iterable[MesDeAgente]) -> Totales:
    """The sums of some months."""
    todos = list(meses)
    return Totales(
        Cifras(
            sum((m.cifras.liquidado for m in todos), _CERO),
            sum((m.cifras.retenido for m in todos), _CERO),
            sum((m.cifras.aceptado for m in todos), _CERO),
            sum((m.cifras.por_revisar for m in todos), _CERO),
        ),
        sum((m.declarado or _CERO for m in todos), _CERO),
        sum((m.declarado or _CERO for m in todos if m.estado is EstadoMes.ACEPTADO), _CERO),
        sum((m.diferencia for m in todos), _CERO),
    )


def contar_estados(meses: Iterable[MesDeAgente]) -> dict[EstadoMes, int]:
    """How many months are in each state, none left out."""
    cuenta = dict.fromkeys(EstadoMes, 0)
    for mes in meses:
        cuenta[mes.estado] += 1
    return cuenta
