"""Conditions over facts, as data: a fact compared with a value, or all / any of several conditions.

Evaluation is three-valued. A fact that nobody gave is neither true nor false: the rule does not apply, and if another of
its facts did hold, the person is told which fact is missing instead of getting a silently wrong figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from portal.dominio.hechos import Valor
from portal.dominio.textos import llano


class Operador(StrEnum):
    """How a fact is compared."""

    ES = "es"
    NO_ES = "no_es"
    EN = "en"
    MINIMO = "minimo"
    MENOR_QUE = "menor_que"


@dataclass(frozen=True)
class Comparacion:
    """`hecho` `operador` one of `valores`. `por_omision` names the fact to use when this one is missing."""

    hecho: str
    operador: Operador
    valores: tuple[str | bool | Decimal, ...]
    por_omision: str = ""

    @cached_property
    def esperados(self) -> frozenset[object]:
        """The values as they are compared."""
        return frozenset(_normal(uno) for uno in self.valores)


@dataclass(frozen=True)
class Grupo:
    """Several conditions: all of them, or at least one (`alguna`)."""

    condiciones: tuple["Comparacion | Grupo", ...]
    alguna: bool = False


Condicion = Comparacion | Grupo


@dataclass(frozen=True)
class Juicio:
    """`cumple` is None when a fact is missing. `afirma`: some given fact spoke for it.

    `supuestos`: absent facts that were taken as *no*.
    """

    cumple: bool | None
    afirma: bool = False
    faltan: tuple[str, ...] = field(default=())
    supuestos: tuple[str, ...] = field(default=())


_NO = Juicio(False)


def leer_condicion(crudo: Any) -> Condicion:
    """Read a condition written as data. Raises `ValueError` when it is not one."""
    if isinstance(crudo, list):
        return Grupo(tuple(leer_condicion(uno) for uno in crudo))
    if not isinstance(crudo, dict):
        raise ValueError(f"not a condition: {crudo!r}")
    if set(crudo) in ({"alguna"}, {"todas"}):
        (nombre, partes), *_ = crudo.items()
        return Grupo(tuple(leer_condicion(uno) for uno in partes), alguna=nombre == "alguna")
    operadores = [clave for clave in crudo if clave in set(Operador)]
    if len(operadores) != 1 or "hecho" not in crudo or set(crudo) - {"hecho", "por_omision", operadores[0]}:
        raise ValueError(f"not a condition: {crudo!r}")
    operador = Operador(operadores[0])
    valor = crudo[operador]
    valores = tuple(valor) if isinstance(valor, list) else (valor,)
    if operador in (Operador.MINIMO, Operador.MENOR_QUE):
        valores = tuple(Decimal(uno) for uno in valores)
    return Comparacion(crudo["hecho"], operador, valores, crudo.get("por_omision", ""))


def hechos_de(condicion: Condicion) -> tuple[str, ...]:
    """The facts that a condition asks for, in order, once each."""
    if isinstance(condicion, Comparacion):
        return (condicion.hecho,)
    return tuple(dict.fromkeys(hecho for parte in condicion.condiciones for hecho in hechos_de(parte)))


def hechos_leidos(condicion: Condicion) -> frozenset[str]:
    """Every fact that can change the judgement of a condition, those taken in the place of others included."""
    if isinstance(condicion, Comparacion):
        return frozenset({condicion.hecho, condicion.por_omision} - {""})
    return frozenset().union(*map(hechos_leidos, condicion.condiciones))


def por_preguntar(condicion: Condicion, hechos: Mapping[str, Valor]) -> tuple[str, ...]:
    """The facts worth asking for: the first of every way into the rule, and the others once a given fact speaks for it.

    They are those that a warning could name as missing, so nobody is warned about a question that was not asked.
    """
    if isinstance(condicion, Comparacion):
        return (condicion.hecho,)
    partes = list(enumerate(condicion.condiciones))
    if not condicion.alguna:
        juicios = [evaluar(parte, hechos) for _, parte in partes]
        partes = [(i, parte) for i, parte in partes if i == 0 or _abierta([*juicios[:i], *juicios[i + 1 :]])]
    return tuple(dict.fromkeys(hecho for _, parte in partes for hecho in por_preguntar(parte, hechos)))


def _abierta(otros: list[Juicio]) -> bool:
    return all(juicio.cumple is not False for juicio in otros) and any(juicio.afirma for juicio in otros)


def valores_comparados(condicion: Condicion, hecho: str) -> tuple[str | bool | Decimal, ...]:
    """What a condition compares one fact with, for itself or in the place of another."""
    if isinstance(condicion, Comparacion):
        return condicion.valores if hecho in (condicion.hecho, condicion.por_omision) else ()
    return tuple(valor for parte in condicion.condiciones for valor in valores_comparados(parte, hecho))


def evaluar(condicion: Condicion, hechos: Mapping[str, Valor]) -> Juicio:
    """Judge a condition over checked facts."""
    if isinstance(condicion, Comparacion):
        return _comparar(condicion, hechos)
    juicios = []
    for parte in condicion.condiciones:
        juicio = evaluar(parte, hechos)
        if juicio.cumple is condicion.alguna:
            # The first that holds of any, or that fails of all, decides.
            return juicio if condicion.alguna else _NO
        juicios.append(juicio)
    return _alguna(juicios) if condicion.alguna else _todas(juicios)


def _comparar(comparacion: Comparacion, hechos: Mapping[str, Valor]) -> Juicio:
    valor = hechos.get(comparacion.hecho, hechos.get(comparacion.por_omision))
    if valor is None:
        if comparacion.operador is Operador.NO_ES:
            return Juicio(True, supuestos=(comparacion.hecho,))
        return Juicio(None, faltan=(comparacion.hecho,))
    cumple = _coincide(comparacion, valor)
    if not cumple:
        return _NO
    # Only a fact that somebody gave speaks for a rule: neither a denial nor the value taken in its place does.
    afirma = comparacion.hecho in hechos and comparacion.operador is not Operador.NO_ES
    return Juicio(True, afirma)


def _coincide(comparacion: Comparacion, valor: Valor) -> bool:
    if isinstance(valor, Decimal):
        limite = Decimal(comparacion.valores[0])
        return valor >= limite if comparacion.operador is Operador.MINIMO else valor < limite
    dados = valor if isinstance(valor, frozenset) else {valor}
    coincide = any(_normal(uno) in comparacion.esperados for uno in dados)
    return not coincide if comparacion.operador is Operador.NO_ES else coincide


def _normal(valor: object) -> object:
    """Names of offices compare without case, accents or repeated spaces; everything else compares as it is."""
    return _sin_variantes(valor) if isinstance(valor, str) else valor


# The same few answers are compared with the values of every rule.
_sin_variantes = lru_cache(256)(llano)


def _todas(juicios: list[Juicio]) -> Juicio:
    """Judgements of which none fails."""
    pendientes = [juicio for juicio in juicios if juicio.cumple is None]
    faltan = tuple(hecho for juicio in pendientes for hecho in juicio.faltan)
    supuestos = tuple(hecho for juicio in juicios for hecho in juicio.supuestos)
    return Juicio(None if pendientes else True, any(j.afirma for j in juicios), faltan, supuestos)


def _alguna(juicios: list[Juicio]) -> Juicio:
    """Judgements of which none holds."""
    pendientes = [juicio for juicio in juicios if juicio.cumple is None]
    if not pendientes:
        return _NO
    afirmados = [juicio for juicio in pendientes if juicio.afirma] or pendientes
    faltan = tuple(hecho for juicio in afirmados for hecho in juicio.faltan)
    return Juicio(None, any(juicio.afirma for juicio in afirmados), faltan)
