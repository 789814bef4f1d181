"""Splitting a whole so that its parts always sum exactly: the payments of a contract, the members of a consorcio."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from portal.dominio.errores import DatoInvalido
from portal.dominio.redondeo import EXACTO

CIEN = Decimal(100)


def parte_de_cuenta(pendiente: Decimal, cuenta: Decimal, por_pagar: Decimal) -> Decimal:
    """Pesos of one stamp that one payment of a contract (*cuenta*) carries (Cundinamarca, manual 4.1, Causación; C-A06).

    `pendiente`: what no earlier cuenta carried of the stamp; `cuenta`: its gross value; `por_pagar`: what the entity has still
    to pay, this cuenta included. The part is the same proportion of what is pending, in whole pesos, downwards; the cuenta that
    completes the contract carries all that is left. So the parts sum to the stamp whatever changed on the way.

    >>> parte_de_cuenta(Decimal(100), Decimal(1), Decimal(3)), parte_de_cuenta(Decimal(34), Decimal(1), Decimal(1))
    (Decimal('33'), Decimal('34'))

    Raises `ValueError` unless 0 < cuenta <= por_pagar and pendiente >= 0.
    """
    if pendiente < 0 or not 0 < cuenta <= por_pagar:
        raise ValueError("a cuenta is a part of what is left to pay")
    if cuenta == por_pagar:
        return pendiente
    with localcontext(EXACTO):
        return pendiente * cuenta // por_pagar


def repartir(total: Decimal, porcentajes: Sequence[Decimal]) -> list[Decimal]:
    """Split pesos by percentages that sum 100: whole pesos, downwards, and what is left by peso to the largest remainders.

    Equal remainders go by the order given. Cents, if `total` has any, go to the next in that same order.

    >>> repartir(Decimal(100), [Decimal("33.4"), Decimal("33.3"), Decimal("33.3")])
    [Decimal('34'), Decimal('33'), Decimal('33')]
    """
    with localcontext(EXACTO):
        exactas = [total * p / CIEN for p in porcentajes]
        partes = [exacta // 1 for exacta in exactas]
        sobra = total - sum(partes)
        por_resto = sorted(range(len(partes)), key=lambda i: (partes[i] - exactas[i], i))
        enteros, centavos = divmod(sobra, 1)
        for i in por_resto[: int(enteros)]:
            partes[i] += 1
        if centavos:
            partes[por_resto[int(enteros)]] += centavos
        return partes


def comprobar_participaciones(porcentajes: Sequence[Decimal], campo: str) -> None:
    """Refuse members of a consorcio whose shares are not all positive or do not sum exactly 100 %.

    Raises `DatoInvalido` naming `campo`.
    """
    if any(p <= 0 for p in porcentajes):
        raise DatoInvalido("La participación de cada integrante debe ser mayor que 0 %.", campo)
    suma = sum(porcentajes, Decimal(0))
    if suma != CIEN:
        escrita = f"{suma.normalize():f}".replace(".", ",")
        raise DatoInvalido(f"Las participaciones de los integrantes suman {escrita} % y deben sumar 100 %.", campo)
