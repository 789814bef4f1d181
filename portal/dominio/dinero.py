"""Colombian pesos as exact decimals: reading what people type, and showing it.

Money is a `Decimal` number of pesos with at most two decimals here, an integer number of centavos in the database
(`portal.db.Pesos`). Float never appears.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from portal.dominio.errores import DatoInvalido

MAXIMO_PESOS = Decimal(10) ** 15  # I-01 of the reliability programme: no amount of the portal is larger
_FORMA = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,2})?|[0-9]+(?:,[0-9]{1,2})?")
_EJEMPLO = "Escriba el valor en pesos, por ejemplo 46.911.499 o 46.911.499,50."


def leer_pesos(texto: str) -> Decimal:
    """Read an amount typed the Colombian way: `46911499`, `46.911.499`, `$ 46.911.499,00`.

    Dots group thousands and a comma starts the cents, so `1,423,500` and `1000.50` are refused instead of being
    guessed a thousandfold wrong. Only ASCII digits count.

    Returns pesos, from 0 up to 10**15. Raises `DatoInvalido` with an example.
    """
    limpio = texto.strip().removeprefix("$").strip().replace(" ", "").replace("\u00a0", "")
    if len(limpio) > 24 or not _FORMA.fullmatch(limpio):
        raise DatoInvalido(_EJEMPLO)
    valor = Decimal(limpio.replace(".", "").replace(",", "."))
    if valor > MAXIMO_PESOS:
        raise DatoInvalido("El valor es demasiado grande. " + _EJEMPLO)
    return valor


def escribir_miles(cuantos: int) -> str:
    """Show a count the Colombian way: `100.000`."""
    return f"{cuantos:,}".replace(",", ".")


def escribir_diferencia(valor: Decimal) -> str:
    """Show a difference of pesos with its sign: `+$2.500`, `-$100`, `$0`."""
    return f"{'+' if valor > 0 else ''}{escribir_pesos(valor)}"


def escribir_cambio(antes: Decimal, despues: Decimal) -> str:
    """Show how much an amount changes, for people: `+5,2 %`, `-0,1 %`, `menos de 0,1 %`, `igual`; `nuevo` from zero.

    >>> escribir_cambio(Decimal(49800), Decimal(52400)), escribir_cambio(Decimal(7), Decimal(7))
    ('+5,2 %', 'igual')
    """
    if antes == despues:
        return "igual"
    if antes == 0:
        return "nuevo"
    porcentaje = ((despues - antes) * 100 / antes).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if not porcentaje:
        return "menos de 0,1 %"
    return f"{porcentaje:+f} %".replace(".", ",")


def escribir_pesos(valor: Decimal | int) -> str:
    """Show pesos the Colombian way: `$235.000`; cents only when there are any: `$46.911.499,50`."""
    exacto = Decimal(valor)
    entero, centavos = divmod(abs(exacto), 1)
    grupos = f"{int(entero):,}".replace(",", ".")
    cola = f",{int((centavos * 100).to_integral_value()):02d}" if centavos else ""
    return f"{'-' if exacto < 0 else ''}${grupos}{cola}"
