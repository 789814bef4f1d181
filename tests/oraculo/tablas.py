"""The yearly figures: the public ones, copied from their acts, and made-up ones that fall on the edges of every rounding."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

PRIMER_ANO, ULTIMO_ANO = 2005, 2026

# Resoluciones de la DIAN, una por año gravable (ET art. 868).
UVT = {
    2006: 20000, 2007: 20974, 2008: 22054, 2009: 23763, 2010: 24555, 2011: 25132, 2012: 26049,
    2013: 26841, 2014: 27485, 2015: 28279, 2016: 29753, 2017: 31859, 2018: 33156, 2019: 34270,
    2020: 35607, 2021: 36308, 2022: 38004, 2023: 42412, 2024: 47065, 2025: 49799, 2026: 52374,
}  # fmt: skip

# Decretos del salario mínimo. Los dos decretos dentro de un año (enero de 2011, febrero de 2026) dejaron igual la cifra.
SMMLV = {
    2005: 381500, 2006: 408000, 2007: 433700, 2008: 461500, 2009: 496900, 2010: 515000, 2011: 535600,
    2012: 566700, 2013: 589500, 2014: 616000, 2015: 644350, 2016: 689455, 2017: 737717, 2018: 781242,
    2019: 828116, 2020: 877803, 2021: 908526, 2022: 1000000, 2023: 1160000, 2024: 1300000, 2025: 1423500,
    2026: 1750905,
}  # fmt: skip

# Pro Cultura de Nariño sin cuantía: Decreto 570 de 2024. De ningún otro año se conoce el decreto (N-A24).
PRO_CULTURA = {2025: 4200}

# With these, a tenth, a fifth… of a unit falls on 100, 10.000, half a hundred, half a thousand, or a centavo beside them.
UVT_DE_BORDE = (
    1,
    10,
    333,
    500,
    501,
    667,
    1000,
    1005,
    1010,
    1500,
    10000,
    20000,
    20001,
    20100,
    21000,
    33333,
    66667,
    100000,
)
SMMLV_DE_BORDE = (1, 1000, 33333, 33334, 100000, 100001, 1000000, 1000001, 3333300)
DECRETADO_DE_BORDE = (1, 100, 101, 4200, 4250)


@dataclass(frozen=True)
class Tablas:
    """First day → pesos, by indicator. Every value dies on 31 December, or the day before another one of its year begins."""

    uvt: Mapping[date, int]
    smmlv: Mapping[date, int]
    pro_cultura: Mapping[date, int]


def del_ano(tabla: Mapping[int, int]) -> dict[date, int]:
    return {date(ano, 1, 1): pesos for ano, pesos in tabla.items()}


PUBLICAS = Tablas(del_ano(UVT), del_ano(SMMLV), del_ano(PRO_CULTURA))


def inventadas(numero: int) -> Tablas:
    """Tables that no norm has: edges, years without a value, and minimum wages that change inside a year."""
    azar = Random(f"tablas {numero}")
    anos = [ano for ano in range(PRIMER_ANO, ULTIMO_ANO + 1) if azar.random() < 0.95]
    smmlv = {date(ano, 1, 1): azar.choice(SMMLV_DE_BORDE) for ano in anos}
    smmlv |= {date(ano, azar.randrange(1, 13), azar.randrange(2, 29)): azar.choice(SMMLV_DE_BORDE) for ano in anos[::3]}
    return Tablas(
        uvt={date(ano, 1, 1): azar.choice(UVT_DE_BORDE) for ano in anos},
        smmlv=smmlv,
        pro_cultura={date(ano, 1, 1): azar.choice(DECRETADO_DE_BORDE) for ano in anos},
    )
