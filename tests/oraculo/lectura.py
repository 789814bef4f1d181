"""What the three oracles share: how a request reads, how they answer, and the public yearly figures.

Nothing here comes from the portal: the figures were copied from the public acts, the rules of writing from the public contract of
`flask normativa cotizar`. Pesos are `Fraction`, so no rounding can hide anywhere but in the function that the norm orders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

UVT = {
    2006: 20000, 2007: 20974, 2008: 22054, 2009: 23763, 2010: 24555, 2011: 25132, 2012: 26049,
    2013: 26841, 2014: 27485, 2015: 28279, 2016: 29753, 2017: 31859, 2018: 33156, 2019: 34270,
    2020: 35607, 2021: 36308, 2022: 38004, 2023: 42412, 2024: 47065, 2025: 49799, 2026: 52374,
}  # fmt: skip
"""Resoluciones de la DIAN, una por año gravable (ET art. 868)."""

SMMLV = {
    2005: 381500, 2006: 408000, 2007: 433700, 2008: 461500, 2009: 496900, 2010: 515000, 2011: 535600,
    2012: 566700, 2013: 589500, 2014: 616000, 2015: 644350, 2016: 689455, 2017: 737717, 2018: 781242,
    2019: 828116, 2020: 877803, 2021: 908526, 2022: 1000000, 2023: 1160000, 2024: 1300000, 2025: 1423500,
    2026: 1750905,
}  # fmt: skip
"""Decretos del salario mínimo. Los dos cambios dentro de un año (enero de 2011, febrero de 2026) dejaron la cifra del año entero."""


class Rehusa(Exception):
    """The request cannot be assessed; the argument says why in one word, to count how often each refusal is tried."""


@dataclass(frozen=True)
class Renglon:
    """One stamp on one act: pesos of its base (None when it has none), exact and charged pesos, and the rules that make it $0."""

    estampilla: str
    base: Fraction | None
    exacto: Fraction
    cobrado: int
    reglas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pedido:
    actos: Sequence[str]
    fecha: date
    valor: Fraction | None
    variantes: Mapping[str, str] = field(default_factory=dict)
    hechos: Mapping[str, Any] = field(default_factory=dict)

    def dice(self, clave: str, *valores: Any) -> bool:
        """Whether the fact was given and is one of `valores`. What was not said never speaks for an exemption."""
        return clave in self.hechos and self.hechos[clave] in valores

    def si(self, clave: str) -> bool:
        return self.hechos.get(clave) is True

    def recursos(self) -> set[str]:
        return set(self.hechos.get("contrato.recursos", ()))

    def emitido_por(self, *nombres: str) -> bool:
        """Offices are compared as a person would: neither capitals, accents nor spaces tell two apart."""
        return llano(self.hechos.get("emisor", "")) in {llano(nombre) for nombre in nombres}


def llano(texto: str) -> str:
    return " ".join(texto.casefold().translate(str.maketrans("áéíóúüñ", "aeiouun")).split())


def leer(crudo: Mapping[str, Any], vocabulario: Mapping[str, tuple[str, tuple[str, ...]]]) -> Pedido:
    """Read one request as its JSON says. `vocabulario`: fact → (type, allowed values), the published list of facts."""
    hechos = {clave: _leer_hecho(clave, valor, vocabulario) for clave, valor in crudo.get("hechos", {}).items()}
    valor = None if crudo.get("valor") is None else _importe(crudo["valor"])
    actos = crudo["actos"]
    if not actos or len(set(actos)) != len(actos):
        raise Rehusa("actos repetidos")
    return Pedido(actos, _fecha(crudo["fecha"]), valor, crudo.get("variante") or {}, hechos)


def _leer_hecho(clave: str, crudo: Any, vocabulario: Mapping[str, tuple[str, tuple[str, ...]]]) -> Any:
    if clave not in vocabulario:
        raise Rehusa("hecho desconocido")
    tipo, valores = vocabulario[clave]
    if tipo == "importe":
        return _importe(crudo)
    if tipo == "porcentaje":
        porcentaje = _importe(crudo)
        if porcentaje > 100:
            raise Rehusa("porcentaje imposible")
        return porcentaje
    if tipo == "fecha":
        return _fecha(crudo)
    dados = crudo if isinstance(crudo, list) else [crudo]
    if valores and not set(dados) <= set(valores):
        raise Rehusa("valor desconocido")
    return tuple(dados) if tipo == "opciones" else crudo


def _importe(crudo: Any) -> Fraction:
    entero, _, centavos = str(crudo).partition(".")
    if not entero.isdigit() or (centavos and not centavos.isdigit()):
        raise Rehusa("importe mal escrito")
    return Fraction(int(entero)) + (Fraction(int(centavos), 10 ** len(centavos)) if centavos else 0)


def _fecha(crudo: str) -> date:
    try:
        return date.fromisoformat(crudo)
    except ValueError:
        raise Rehusa("fecha imposible") from None


def uvt(fecha: date) -> int:
    """UVT of the year of the day; a year that nobody published is refused, never guessed."""
    if fecha.year not in UVT:
        raise Rehusa("sin UVT")
    return UVT[fecha.year]


def smmlv(fecha: date) -> int:
    if fecha.year not in SMMLV:
        raise Rehusa("sin SMMLV")
    return SMMLV[fecha.year]


def al_mas_cercano(exacto: Fraction, multiplo: int) -> int:
    """The nearest multiple; the half goes up (C-A04)."""
    veces, resto = divmod(exacto, multiplo)
    return int(veces + (1 if 2 * resto >= multiplo else 0)) * multiplo


def al_superior(exacto: Fraction, multiplo: int) -> int:
    """The next multiple; one that already is a multiple stays (N-A04)."""
    return -int(-exacto // multiplo) * multiplo
