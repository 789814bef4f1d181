"""Which collecting account every stamp's money is for, and how one debit is split among them.

A gateway debits once and the bank credits one account (`recibe_pse`); what of it belongs to each stamp's own account is
reckoned here. The parts always sum to what was collected (I-03).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.dominio.vigencia import rige

TODAS = "*"


@dataclass(frozen=True)
class Cuenta:
    """A bank account that collects. `codigo` is its name in the ledger (`banco:<codigo>`) and in addresses.

    `estampillas` are the stamps whose money is for it (`*`: every stamp that no other account names).
    """

    codigo: str
    nombre: str
    banco: str
    clase: str
    numero: str
    gln: str
    recibe_pse: bool
    estampillas: tuple[str, ...]
    provisional: bool
    desde: date
    hasta: date | None = None

    @property
    def numero_oculto(self) -> str:
        """Its last four digits, which are enough to tell it from another one."""
        return f"•••• {self.numero[-4:]}"


@dataclass(frozen=True)
class PlanDeCuentas:
    """The collecting accounts of a department. `dias_en_transito`: calendar days that PSE's money may take to the bank."""

    cuentas: tuple[Cuenta, ...]
    dias_en_transito: int

    def vigentes(self, dia: date) -> tuple[Cuenta, ...]:
        """The accounts that collect on a day."""
        return tuple(c for c in self.cuentas if rige(c.desde, c.hasta, dia))

    def de_estampilla(self, estampilla: str, dia: date) -> Cuenta:
        """The account that a stamp's money of a day is for."""
        vigentes = self.vigentes(dia)
        propia = next((c for c in vigentes if estampilla in c.estampillas), None)
        return propia or next(c for c in vigentes if TODAS in c.estampillas)

    def receptora_pse(self, dia: date) -> Cuenta:
        """The account into which the gateway's debits of a day arrive whole."""
        return next(c for c in self.vigentes(dia) if c.recibe_pse)

    def por_codigo(self, codigo: str) -> Cuenta | None:
        """The account with a code, whenever it collects."""
        return next((c for c in self.cuentas if c.codigo == codigo), None)

    def por_numero(self, numero: str) -> Cuenta | None:
        """The account with a number, as a bank's file names it: leading zeros count for nothing."""
        return next((c for c in self.cuentas if c.numero.lstrip("0") == numero.lstrip("0")), None)

    def cortes(self, desde: date, hasta: date) -> list[tuple[date, date]]:
        """The days from `desde` to `hasta` in stretches during each of which the accounts are the same."""
        inicios = {desde}
        for cuenta in self.cuentas:
            inicios.add(cuenta.desde)
            if cuenta.hasta is not None:
                inicios.add(date.fromordinal(cuenta.hasta.toordinal() + 1))
        dentro = sorted(d for d in inicios if desde <= d <= hasta)
        finales = [date.fromordinal(d.toordinal() - 1) for d in dentro[1:]] + [hasta]
        return list(zip(dentro, finales, strict=True))

    def problemas(self, dias: Iterable[date]) -> list[str]:
        """What makes the plan ambiguous on some day, one Spanish sentence each; without any, every split is exact."""
        malos = [f"La cuenta {c} está dos veces" for c in _repetidos(c.codigo for c in self.cuentas)]
        malos += [f"El número de la cuenta {n[-4:]} está dos veces" for n in _repetidos(c.numero for c in self.cuentas)]
        for dia in dias:
            vigentes = self.vigentes(dia)
            nombradas = [e for c in vigentes for e in c.estampillas]
            malos += [f"El {dia} hay dos cuentas para {e}" for e in _repetidos(nombradas)]
            if TODAS not in nombradas:
                malos.append(f"El {dia} ninguna cuenta recibe las demás estampillas")
            if sum(c.recibe_pse for c in vigentes) != 1:
                malos.append(f"El {dia} debe haber una sola cuenta que reciba PSE")
        return malos


@dataclass(frozen=True)
class Parte:
    """What of a payment belongs to one stamp, and the account that it is for."""

    cuenta: Cuenta
    estampilla: str
    valor: Decimal


def dispersar(valores: Sequence[tuple[str, Decimal]], plan: PlanDeCuentas, dia: date) -> tuple[Parte, ...]:
    """Split a payment of a day, given as `(estampilla, pesos)`, per account and stamp; the parts sum exactly to it.

    Several facturas of one stamp are one part. Parts go by the accounts' order in the plan, then by the stamps' given order.
    """
    sumas: dict[tuple[int, str], Decimal] = {}
    for estampilla, pesos in valores:
        clave = plan.cuentas.index(plan.de_estampilla(estampilla, dia)), estampilla
        sumas[clave] = sumas.get(clave, Decimal(0)) + pesos
    partes = sorted(sumas.items(), key=lambda par: par[0][0])
    return tuple(Parte(plan.cuentas[cual], estampilla, pesos) for (cual, estampilla), pesos in partes)


def _repetidos(valores: Iterable[str]) -> list[str]:
    return sorted(valor for valor, veces in Counter(valores).items() if veces > 1)
