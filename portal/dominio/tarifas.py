"""A stamp's rate on an act: how much of what, by which article, since when."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum

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


@dataclass(frozen=True)
class Tarifa:
    """One rate. `valor` is a percentage, a number of units or pesos, according to `tipo`.

    A decreed tariff takes its pesos from the published value of its indicator; there `valor` is only where the formula began.
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

    @property
    def cita(self) -> str:
        """Norm and article, for people."""
        return ", ".join(parte for parte in (self.norma, self.articulo) if parte)

    @property
    def texto(self) -> str:
        """The rate for people: `2 %`, `0,30 % de un SMMLV`, `0,5 UVT`, `Valor fijo`, `Valor decretado`."""
        cifra = f"{self.valor:f}".replace(".", ",")
        return {
            TipoTarifa.PORCENTAJE: f"{cifra} %",
            TipoTarifa.PORCENTAJE_INDICADOR: f"{cifra} % de un {self.indicador}",
            TipoTarifa.UNIDADES: f"{cifra} {self.indicador}",
            TipoTarifa.PESOS: "Valor fijo",
            TipoTarifa.DECRETADO: TEXTO_DECRETADO,
        }[self.tipo]

    def exacto(self, base: Decimal | None, indicador: ValorIndicador | None) -> Decimal:
        """The exact value in pesos. Raises `ValueError` when the base or the indicator that the rate needs is missing."""
        with localcontext(EXACTO):
            if self.tipo is TipoTarifa.PESOS:
                return self.valor
            if self.tipo is TipoTarifa.PORCENTAJE:
                if base is None:
                    raise ValueError("a percentage needs its base")
                return (base * self.valor).scaleb(-2)
            if indicador is None:
                raise ValueError(f"the tariff needs the value of {self.indicador}")
            if self.tipo is TipoTarifa.DECRETADO:
                return indicador.valor
            producto = self.valor * indicador.valor
            return producto.scaleb(-2) if self.tipo is TipoTarifa.PORCENTAJE_INDICADOR else producto
