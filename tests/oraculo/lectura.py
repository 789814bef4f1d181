"""What the three oracles share: how a request reads and how they answer.

Nothing here comes from the portal: the rules of writing are what `flask normativa cotizar` promises to other systems. Pesos are
`Fraction`, so no rounding can hide anywhere but in the function that the norm orders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oraculo.tablas import PUBLICAS, Tablas

Vocabulario = Mapping[str, tuple[str, tuple[str, ...]]]
"""Fact → (type, allowed values): the list that `flask normativa hechos` publishes."""


class Rehusa(Exception):
    """The request cannot be assessed; the argument says why in one word, to count how often each refusal is tried."""


@dataclass(frozen=True)
class Renglon:
    """One stamp on one act: pesos of its base (None when it has none), exact and charged pesos, the rules that make it $0."""

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
    tablas: Tablas = PUBLICAS

    def dice(self, clave: str, *valores: Any) -> bool:
        """Whether the fact was given and is one of `valores`. What was not said never speaks for an exemption."""
        return clave in self.hechos and self.hechos[clave] in valores

    def si(self, clave: str) -> bool:
        return self.hechos.get(clave) is True

    def recursos(self) -> set[str]:
        return set(self.hechos.get("contrato.recursos", ()))

    def uvt(self, fecha: date) -> int:
        return _del_dia(self.tablas.uvt, fecha, "UVT")

    def smmlv(self) -> int:
        return _del_dia(self.tablas.smmlv, self.fecha, "SMMLV")

    def pro_cultura(self) -> int:
        return _del_dia(self.tablas.pro_cultura, self.fecha, "decreto de Pro Cultura")

    def emitido_por(self, *nombres: str) -> bool:
        """Offices are compared as a person would: neither capitals, accents nor spaces tell two apart."""
        return llano(self.hechos.get("emisor", "")) in {llano(nombre) for nombre in nombres}


def llano(texto: str) -> str:
    return " ".join(texto.casefold().translate(str.maketrans("áéíóúüñ", "aeiouun")).split())


def leer(crudo: Mapping[str, Any], vocabulario: Vocabulario, tablas: Tablas = PUBLICAS) -> Pedido:
    """Read one request as its JSON says. Raises `Rehusa` when it cannot be understood."""
    hechos = {clave: _leer_hecho(clave, valor, vocabulario) for clave, valor in crudo.get("hechos", {}).items()}
    valor = None if crudo.get("valor") is None else _importe(crudo["valor"])
    actos = crudo["actos"]
    if not actos or len(set(actos)) != len(actos):
        raise Rehusa("actos repetidos")
    return Pedido(actos, _fecha(crudo["fecha"]), valor, crudo.get("variante") or {}, hechos, tablas)


def _leer_hecho(clave: str, crudo: Any, vocabulario: Vocabulario) -> Any:
    if clave not in vocabulario:
        raise Rehusa("hecho desconocido")
    tipo, valores = vocabulario[clave]
    if tipo == "importe":
        return _importe(crudo)
    if tipo == "porcentaje":
        porcentaje = _cifra(crudo, 6)
        if porcentaje > 100:
            raise Rehusa("porcentaje imposible")
        return porcentaje
    if tipo == "fecha":
        return _fecha(crudo)
    dados = crudo if isinstance(crudo, list) else [crudo]
    if valores and not set(dados) <= set(valores):
        raise Rehusa("valor desconocido")
    return tuple(dados) if tipo == "opciones" else crudo


def _cifra(crudo: Any, decimales: int) -> Fraction:
    entero, punto, fraccion = str(crudo).partition(".")
    if not entero.isdigit() or (punto and not fraccion.isdigit()) or len(fraccion) > decimales:
        raise Rehusa("cifra mal escrita")
    return Fraction(int(entero)) + Fraction(int(fraccion or 0), 10 ** len(fraccion))


def _importe(crudo: Any) -> Fraction:
    """Pesos and at most centavos, up to a thousand million millions."""
    pesos = _cifra(crudo, 2)
    if pesos > 10**15:
        raise Rehusa("importe imposible")
    return pesos


def _fecha(crudo: str) -> date:
    try:
        return date.fromisoformat(crudo)
    except ValueError:
        raise Rehusa("fecha imposible") from None


def _del_dia(tabla: Mapping[date, int], fecha: date, nombre: str) -> int:
    """The value in force: a year that nobody published is refused, never guessed."""
    desde = max((dia for dia in tabla if dia <= fecha and dia.year == fecha.year), default=None)
    if desde is None:
        raise Rehusa(f"sin {nombre}")
    return tabla[desde]


def al_mas_cercano(exacto: Fraction, multiplo: int) -> int:
    """The nearest multiple; the half goes up (C-A04)."""
    veces, resto = divmod(exacto, multiplo)
    return int(veces + (1 if 2 * resto >= multiplo else 0)) * multiplo


def al_superior(exacto: Fraction, multiplo: int) -> int:
    """The next multiple; one that already is a multiple stays (N-A04)."""
    return -int(-exacto // multiplo) * multiplo
