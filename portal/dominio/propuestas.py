"""Does a proposed yearly value fit among the published ones? Pure checks: dates, gaps, overlaps, implausible jumps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from portal.dominio.calendario import dia_en_palabras
from portal.dominio.errores import DatoInvalido
from portal.dominio.redondeo import EXACTO, Modo, Redondeo, Tramo
from portal.dominio.vigencia import ValorIndicador

# A mistyped digit, not the law, is what this limit looks for: beyond it a person confirms the value.
SALTO_POR_CIENTO = 40
_UN_DIA = timedelta(days=1)


@dataclass(frozen=True)
class Vacio:
    """Days without a value, both ends included."""

    desde: date
    hasta: date

    @property
    def texto(self) -> str:
        """`2026`, or `del 01/01/2026 al 18/02/2026` for a part of a year."""
        if (self.desde, self.hasta) == (date(self.desde.year, 1, 1), fin_de_ano(self.desde)):
            return str(self.desde.year)
        return f"del {dia_en_palabras(self.desde)} al {dia_en_palabras(self.hasta)}"


def fin_de_ano(fecha: date) -> date:
    """31 December of the year of a date."""
    return date(fecha.year, 12, 31)


def revisar_forma(desde: date, hasta: date, valor: Decimal, *, ano_completo: bool, hoy: date) -> None:
    """Refuse what no table could hold: dates the wrong way, two years, a far year, pesos that are not whole and above zero.

    Raises `DatoInvalido` naming `desde`, `hasta` or `valor`.
    """
    if hasta < desde:
        raise DatoInvalido("La fecha final es anterior a la inicial.", "hasta")
    if desde.year != hasta.year:
        raise DatoInvalido("Un valor rige dentro de un solo año. Escriba una fecha final del mismo año.", "hasta")
    if desde.year > hoy.year + 1:
        raise DatoInvalido(f"Todavía no se puede proponer el valor de {desde.year}.", "desde")
    if ano_completo and (desde, hasta) != (date(desde.year, 1, 1), fin_de_ano(desde)):
        campo = "desde" if desde != date(desde.year, 1, 1) else "hasta"
        raise DatoInvalido("Este valor rige el año completo: del 1 de enero al 31 de diciembre.", campo)
    if valor <= 0 or valor != valor.to_integral_value():
        raise DatoInvalido("El valor debe ser de pesos enteros, mayor que cero.", "valor")


def encajar(
    desde: date, hasta: date, publicados: Sequence[ValorIndicador], *, ano_completo: bool
) -> ValorIndicador | None:
    """Find the place of a new range among the published ones of its indicator.

    Returns the published row that the new one cuts short (only where a value may change inside the year), or None.
    Raises `DatoInvalido` for an overlap or a gap, on either side.
    """
    solapes = [v for v in publicados if v.desde <= hasta and desde <= v.hasta]
    cortada = None
    if len(solapes) == 1 and not ano_completo and solapes[0].desde < desde and solapes[0].hasta <= hasta:
        cortada = solapes[0]
    elif solapes:
        rango = f"del {dia_en_palabras(solapes[0].desde)} al {dia_en_palabras(solapes[0].hasta)}"
        raise DatoInvalido(
            f"Ya hay un valor publicado {rango} ({solapes[0].acto}). Un valor publicado no se cambia: si está mal, corríjalo.",
            "desde",
        )
    previos = [v.hasta for v in publicados if v.hasta < desde]
    siguientes = [v.desde for v in publicados if v.desde > hasta]
    if cortada is None and previos and max(previos) + _UN_DIA != desde:
        raise DatoInvalido(_hueco(max(previos) + _UN_DIA, desde - _UN_DIA), "desde")
    if siguientes and min(siguientes) != hasta + _UN_DIA:
        raise DatoInvalido(_hueco(hasta + _UN_DIA, min(siguientes) - _UN_DIA), "hasta")
    if not siguientes and hasta != fin_de_ano(hasta):
        raise DatoInvalido(
            f"El valor debe llegar hasta el 31 de diciembre de {hasta.year}: si después cambia, el nuevo cerrará este rango.",
            "hasta",
        )
    return cortada


def anterior_a(desde: date, publicados: Sequence[ValorIndicador]) -> ValorIndicador | None:
    """The published value to compare with: the last one that begins before `desde`, or else the first one."""
    ordenados = sorted(publicados, key=lambda v: v.desde)
    previos = [v for v in ordenados if v.desde < desde]
    return previos[-1] if previos else next(iter(ordenados), None)


def es_salto(valor: Decimal, anterior: ValorIndicador | None) -> bool:
    """Whether `valor` differs from the earlier one by more than 40 %."""
    return anterior is not None and abs(valor - anterior.valor) * 100 > anterior.valor * SALTO_POR_CIENTO


def por_formula(ultimo: Decimal, porcentaje: Decimal, multiplo: Decimal) -> Decimal:
    """The last published value times the yearly adjustment, up to the next multiple; an exact multiple stays (N-A04).

    `ultimo` in pesos, `porcentaje` as typed (`3` is 3 %), `multiplo` in pesos. Source: Ordenanza 028 de 2010 de Nariño,
    art. 249, parágrafo.

    >>> por_formula(Decimal(4200), Decimal(3), Decimal(100))
    Decimal('4400')
    """
    with localcontext(EXACTO):
        exacto = ultimo * (100 + porcentaje) / 100
    return Redondeo("formula", "", Modo.SUPERIOR, (Tramo(multiplo, ""),)).aplicar(exacto)


def sin_valor(publicados: Sequence[ValorIndicador], hasta: date) -> list[Vacio]:
    """The days without a value from the first published one to `hasta`, cut at the ends of years."""
    tramos: list[Vacio] = []
    ordenados = sorted(publicados, key=lambda v: v.desde)
    if not ordenados:
        return tramos
    siguiente = ordenados[0].desde
    for inicio, fin in [*((v.desde, v.hasta) for v in ordenados), (hasta + _UN_DIA, hasta)]:
        while siguiente < inicio:
            tramo = Vacio(siguiente, min(fin_de_ano(siguiente), inicio - _UN_DIA))
            tramos.append(tramo)
            siguiente = tramo.hasta + _UN_DIA
        siguiente = max(siguiente, fin + _UN_DIA)
    return tramos


def _hueco(desde: date, hasta: date) -> str:
    dias = f"del {dia_en_palabras(desde)} al {dia_en_palabras(hasta)}"
    return f"Quedaría un hueco: no hay valor publicado {dias}. Publíquelo primero."
