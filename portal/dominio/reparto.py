"""How what a stamp collected is shared out among its destinations. The parts always add up to the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from portal.dominio.redondeo import EXACTO
from portal.dominio.vigencia import rige

TODAS = "*"


@dataclass(frozen=True)
class Reparto:
    """One share: `porcentaje` of what some stamps (`*`: all) collect goes to `destino`, by which norm, since when."""

    codigo: str
    destino: str
    porcentaje: Decimal
    estampillas: tuple[str, ...]
    norma: str
    articulo: str
    desde: date
    hasta: date | None = None

    def alcanza(self, estampilla: str, fecha: date) -> bool:
        """Whether the share speaks of this stamp on this date."""
        return rige(self.desde, self.hasta, fecha) and (TODAS in self.estampillas or estampilla in self.estampillas)


def repartir(importe: Decimal, porcentajes: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Share out pesos by percentages that add up to 100: parts in whole centavos, in the same order.

    Each part takes the centavos that its percentage reaches; those left over go one by one to the largest remainders, and
    between equal ones to the earlier part.

    >>> repartir(Decimal(1000), [Decimal(20), Decimal(80)])
    (Decimal('200.00'), Decimal('800.00'))
    >>> repartir(Decimal("0.05"), [Decimal("33.3"), Decimal("33.3"), Decimal("33.4")])
    (Decimal('0.02'), Decimal('0.01'), Decimal('0.02'))

    Raises `ValueError` for a negative amount, fractions of a centavo, or percentages that do not add up to 100.
    """
    with localcontext(EXACTO):
        centavos = importe.scaleb(2)
        if importe < 0 or centavos % 1 or sum(porcentajes) != 100 or min(porcentajes) < 0:
            raise ValueError("centavos, not negative, are shared out by percentages that add up to 100")
        exactas = [(centavos * porcentaje).scaleb(-2) for porcentaje in porcentajes]
        partes = [exacta // 1 for exacta in exactas]
        sobran = int(centavos - sum(partes))
        for lugar in sorted(range(len(partes)), key=lambda i: -(exactas[i] % 1))[:sobran]:
            partes[lugar] += 1
        return tuple(parte.scaleb(-2) for parte in partes)
