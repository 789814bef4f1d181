"""The emission cap of a stamp: how much its law lets it collect in all, how much it has collected, and when to warn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from portal.dominio.vigencia import rige

_CENTESIMA = Decimal("0.01")


@dataclass(frozen=True)
class RecaudadoAntes:
    """Pesos that a stamp collected before the portal, until a day, and the document that says so."""

    valor: Decimal
    hasta: date
    fuente: str


@dataclass(frozen=True)
class Tope:
    """What a norm authorises to emit: `valor` in the pesos of the year `precios_de`, or in those of its own day without one."""

    estampilla: str
    valor: Decimal
    norma: str
    articulo: str
    desde: date
    precios_de: int | None = None
    nota: str = ""
    hasta: date | None = None

    @property
    def cita(self) -> str:
        return f"{self.norma}, {self.articulo}" if self.articulo else self.norma


@dataclass(frozen=True)
class PlanDeTopes:
    """The caps of a department. `umbrales`: per cents from which somebody must be warned, from the lowest."""

    topes: tuple[Tope, ...] = ()
    umbrales: tuple[Decimal, ...] = ()
    antes: tuple[tuple[str, RecaudadoAntes], ...] = ()

    def estampillas(self, dia: date) -> tuple[str, ...]:
        """The stamps that have a cap on a day, in the order of the data."""
        return tuple(dict.fromkeys(t.estampilla for t in self.topes if rige(t.desde, t.hasta, dia)))

    def de(self, estampilla: str, dia: date) -> tuple[Tope, ...]:
        """What authorises a stamp on a day; the authorisations add up."""
        return tuple(t for t in self.topes if t.estampilla == estampilla and rige(t.desde, t.hasta, dia))

    def antes_de(self, estampilla: str) -> RecaudadoAntes | None:
        """What a document says that the stamp collected before the portal; None when none does."""
        return next((dicho for codigo, dicho in self.antes if codigo == estampilla), None)


class Situacion(StrEnum):
    """How near a stamp is to its cap."""

    HOLGADO = "holgado"
    AVISO = "aviso"
    ALCANZADO = "alcanzado"


@dataclass(frozen=True)
class Avance:
    """A stamp against its cap, all in pesos as they were collected. `umbral`: the highest that was reached, if any."""

    estampilla: str
    topes: Sequence[Tope]
    en_portal: Decimal
    antes: RecaudadoAntes | None
    umbral: Decimal | None

    @property
    def tope(self) -> Decimal:
        return sum((t.valor for t in self.topes), Decimal(0))

    @property
    def recaudado(self) -> Decimal:
        return self.en_portal + (self.antes.valor if self.antes else 0)

    @property
    def falta(self) -> Decimal:
        """Pesos until the cap, never below zero."""
        return max(self.tope - self.recaudado, Decimal(0))

    @property
    def porcentaje(self) -> Decimal:
        """Of the cap, with two decimals, downwards: a cap is never told reached before it is."""
        return (self.recaudado * 100 / self.tope).quantize(_CENTESIMA, ROUND_DOWN)

    @property
    def situacion(self) -> Situacion:
        if self.recaudado >= self.tope:
            return Situacion.ALCANZADO
        return Situacion.HOLGADO if self.umbral is None else Situacion.AVISO


def avance(plan: PlanDeTopes, estampilla: str, dia: date, en_portal: Decimal) -> Avance:
    """A stamp against its cap on a day, given what the portal's ledger keeps of it."""
    topes, antes = plan.de(estampilla, dia), plan.antes_de(estampilla)
    uno = Avance(estampilla, topes, en_portal, antes, None)
    pasados = [u for u in plan.umbrales if uno.recaudado * 100 >= u * uno.tope]
    return Avance(estampilla, topes, en_portal, antes, max(pasados, default=None))


def problemas(plan: PlanDeTopes) -> list[str]:
    """What makes the data of the caps wrong, one Spanish sentence each."""
    malos = [
        f"El tope de {t.estampilla} necesita un valor y su norma" for t in plan.topes if t.valor <= 0 or not t.norma
    ]
    malos += [f"El umbral {u} no está entre 0 y 100" for u in plan.umbrales if not 0 < u <= 100]
    if list(plan.umbrales) != sorted(set(plan.umbrales)):
        malos.append("Los umbrales van de menor a mayor, sin repetir")
    malos += [f"Lo recaudado antes de {e} necesita su fuente" for e, a in plan.antes if a.valor < 0 or not a.fuente]
    return malos
