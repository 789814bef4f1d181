"""The totals that the old system states, and the difference of one peso that stops a migration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.dominio.dinero import escribir_miles, escribir_pesos


class Concepto(StrEnum):
    """What is counted: `clave` of a total is then a state, the code of a stamp, a year or a day."""

    USUARIOS = "usuarios"
    CONTRIBUYENTES = "contribuyentes"
    LIQUIDACIONES = "liquidaciones"
    ESTADO = "estado"
    ESTAMPILLA = "estampilla"
    VIGENCIA = "vigencia"
    DIA = "dia"


# Totals of what cannot change after it was written: the database is asked for them again when all of it is in.
INMUTABLES = (Concepto.LIQUIDACIONES, Concepto.ESTAMPILLA, Concepto.VIGENCIA, Concepto.DIA)
Llave = tuple[Concepto, str]


@dataclass(frozen=True)
class Suma:
    """How many, and their pesos."""

    cuantas: int = 0
    valor: Decimal = Decimal(0)

    def __str__(self) -> str:
        return f"{escribir_miles(self.cuantas)} por {escribir_pesos(self.valor)}"


Cuadre = dict[Llave, Suma]


@dataclass(frozen=True)
class Diferencia:
    """A total on which two do not agree."""

    llave: Llave
    control: Suma
    hallado: Suma

    @property
    def nombre(self) -> str:
        """The total as people read it."""
        concepto, clave = self.llave
        return f"{concepto} {clave}".strip()


def sumar(renglones: Iterable[tuple[Llave, Decimal]]) -> Cuadre:
    """Count rows, and add their pesos, by key."""
    cuantas: dict[Llave, int] = {}
    valores: dict[Llave, Decimal] = {}
    for llave, valor in renglones:
        cuantas[llave] = cuantas.get(llave, 0) + 1
        valores[llave] = valores.get(llave, Decimal(0)) + valor
    return {llave: Suma(cuantas[llave], valores[llave]) for llave in cuantas}


def juntar(uno: Mapping[Llave, Suma], otro: Mapping[Llave, Suma]) -> Cuadre:
    """Both together."""
    nada = Suma()
    return {
        llave: Suma(
            uno.get(llave, nada).cuantas + otro.get(llave, nada).cuantas,
            uno.get(llave, nada).valor + otro.get(llave, nada).valor,
        )
        for llave in {**uno, **otro}
    }


def diferencias(control: Mapping[Llave, Suma], hallado: Mapping[Llave, Suma]) -> list[Diferencia]:
    """Every total on which they differ, one peso or one row being enough; a total that one of them lacks is zero there."""
    nada = Suma()
    return [
        Diferencia(llave, control.get(llave, nada), hallado.get(llave, nada))
        for llave in sorted({*control, *hallado})
        if control.get(llave, nada) != hallado.get(llave, nada)
    ]


def solo(cuadre: Mapping[Llave, Suma], conceptos: Iterable[Concepto]) -> Cuadre:
    """The totals of some concepts."""
    cuales = set(conceptos)
    return {llave: suma for llave, suma in cuadre.items() if llave[0] in cuales}


def a_json(cuadre: Mapping[Llave, Suma]) -> dict[str, list[str]]:
    """As a column keeps it: `{"estado|Legalizado": ["3", "12000.00"]}`."""
    return {f"{c}|{clave}": [str(s.cuantas), f"{s.valor:.2f}"] for (c, clave), s in sorted(cuadre.items())}


def de_json(datos: Mapping[str, list[str]]) -> Cuadre:
    """The totals that `a_json` wrote."""
    partes = ((texto.partition("|"), suma) for texto, suma in datos.items())
    return {(Concepto(c), clave): Suma(int(cuantas), Decimal(v)) for (c, _, clave), (cuantas, v) in partes}
