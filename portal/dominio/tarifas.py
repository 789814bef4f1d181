"""A stamp's rate on an act: how much of what, by which article, since when."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from functools import cached_property

from portal.dominio.escalas import Escala, Limite, TramoTarifa
from portal.dominio.redondeo import EXACTO
from portal.dominio.vigencia import ValorIndicador

# A tariff on every act of its kind; followed by a stamp's code, on the acts that stamp taxes.
TODOS = "*"
TEXTO_DECRETADO = "Valor decretado"


class TipoTarifa(StrEnum):
    """How the value of a tariff is to be read."""

    PORCENTAJE = "porcentaje"
    UNIDADES = "unidades"
    PORCENTAJE_INDICADOR = "porcentaje_indicador"
    PESOS = "pesos"
    DECRETADO = "decretado"
    PORCENTAJE_ESTAMPILLA = "porcentaje_estampilla"


@dataclass(frozen=True)
class Tarifa:
    """One rate. `valor` is a percentage, a number of units or pesos, according to `tipo`.

    A decreed tariff takes its pesos from the published value of its indicator; there `valor` is only where the formula began.
    A percentage with an `escala` takes its rate from the bracket, and its own `valor` is zero. `sobre`: the stamp whose value
    a surcharge is a percentage of. `minimo` and `tope`: what a line that charges something is never below or above.
    """

    estampilla: str
    acto: str
    clase: str
    tipo: TipoTarifa
    valor: Decimal
    redondeo: str
    norma: str
    articulo: str
    desde: date
    hasta: date | None = None
    variante: str = ""
    variante_sugerida: bool = False
    indicador: str = ""
    redondeo_inferido: bool = False
    provisional: bool = False
    excepto_grupos: tuple[str, ...] = ()
    sobre: str = ""
    escala: Escala | None = None
    minimo: Limite | None = None
    tope: Limite | None = None

    @cached_property
    def cita(self) -> str:
        """Norm and article, for people."""
        return ", ".join(parte for parte in (self.norma, self.articulo) if parte)

    @cached_property
    def texto(self) -> str:
        """The rate for people: `2 %`, `0,30 % de un SMMLV`, `0,5 UVT`, `Valor fijo`, `Valor decretado`, `De 0,5 % a 2 %`."""
        if self.escala is not None:
            tasas = sorted(tramo.valor for tramo in self.escala.tramos)
            return f"De {escribir_tasa(tasas[0])} % a {escribir_tasa(tasas[-1])} %"
        cifra = escribir_tasa(self.valor)
        return {
            TipoTarifa.PORCENTAJE: f"{cifra} %",
            TipoTarifa.PORCENTAJE_ESTAMPILLA: f"{cifra} %",
            TipoTarifa.PORCENTAJE_INDICADOR: f"{cifra} % de un {self.indicador}",
            TipoTarifa.UNIDADES: f"{cifra} {self.indicador}",
            TipoTarifa.PESOS: "Valor fijo",
            TipoTarifa.DECRETADO: TEXTO_DECRETADO,
        }[self.tipo]

    @property
    def indicadores(self) -> tuple[str, ...]:
        """Codes of what the rate, its brackets and its limits are measured in."""
        medidas = (self, self.escala, self.minimo, self.tope)
        return tuple(dict.fromkeys(medida.indicador for medida in medidas if medida and medida.indicador))

    @property
    def con_base(self) -> bool:
        """Whether the rate applies to the act's own amount."""
        return self.tipo is TipoTarifa.PORCENTAJE

    def en_tramo(self, tramo: TramoTarifa) -> "Tarifa":
        """The plain rate of one bracket of its scale."""
        return replace(self, valor=tramo.valor, escala=None)

    def exacto(self, base: Decimal | None, indicador: ValorIndicador | None) -> Decimal:
        """The exact value in pesos. Raises `ValueError` when the base or the indicator that the rate needs is missing."""
        with localcontext(EXACTO):
            if self.tipo is TipoTarifa.PESOS:
                return self.valor
            if self.tipo in (TipoTarifa.PORCENTAJE, TipoTarifa.PORCENTAJE_ESTAMPILLA):
                if base is None:
                    raise ValueError("a percentage needs its base")
                return (base * self.valor).scaleb(-2)
            if indicador is None:
                raise ValueError(f"the tariff needs the value of {self.indicador}")
            if self.tipo is TipoTarifa.DECRETADO:
                return indicador.valor
            producto = self.valor * indicador.valor
            return producto.scaleb(-2) if self.tipo is TipoTarifa.PORCENTAJE_INDICADOR else producto


def escribir_tasa(valor: Decimal) -> str:
    """A rate or a number of units as it was written, the Colombian way: `0,30`."""
    return f"{valor:f}".replace(".", ",")
