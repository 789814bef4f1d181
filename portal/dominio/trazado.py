"""Requests that differ only in their amount: the value of each line as a few stretches of whole-number arithmetic.

The law is not written here a second time. Between two amounts where something may change, an exact value is a straight line:
the engine itself is asked at both ends and in the middle of every such stretch, and what it answers fixes the stretch.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, gcd, lcm

from portal.dominio.condiciones import valores_comparados
from portal.dominio.dinero import MAXIMO_PESOS
from portal.dominio.errores import ErrorDominio
from portal.dominio.exenciones import REDUCE_BASE, Examen, Examinador
from portal.dominio.hechos import ASIGNACION_ANTERIOR, VALOR, importe_de
from portal.dominio.liquidador import Linea, Solicitud, liquidar
from portal.dominio.normativa import Normativa
from portal.dominio.redondeo import Modo, Redondeo

# The largest whole number of a machine word with sign: what a column of amounts is computed in.
PALABRA = 2**63 - 1
MAXIMO_CENTAVOS = int(MAXIMO_PESOS) * 100
# (act, stamp)
Clave = tuple[str, str]


@dataclass(frozen=True)
class Trazo:
    """Amounts up to `hasta` centavos, itself included: their whole pesos are `(centavos * por + mas) // entre * multiplo`."""

    hasta: int
    por: int
    mas: int
    entre: int
    multiplo: int

    def pesos(self, centavos: int) -> int:
        """The value of a line for an amount of this stretch."""
        return (centavos * self.por + self.mas) // self.entre * self.multiplo

    @property
    def cabe_hasta(self) -> int:
        """The largest amount whose product fits in a machine word; -1 when none does.

        Nor does any when a line may be above both the act's amount and 10**15 pesos: thousands of lines are added up.
        """
        sobra = self.por * self.multiplo * 100 > self.entre or self.pesos(0) > MAXIMO_PESOS
        if sobra or max(self.por, abs(self.mas), self.entre) > PALABRA:
            return -1
        return min((PALABRA - max(self.mas, 0)) // self.por, MAXIMO_CENTAVOS) if self.por else MAXIMO_CENTAVOS


@dataclass(frozen=True)
class Trazado:
    """The lines of a request for any amount; without an amount, for 0 centavos."""

    lineas: Mapping[Clave, tuple[Trazo, ...]]

    @property
    def cabe_hasta(self) -> int:
        """The largest amount, in centavos, that a column may hold; -1 when none."""
        return min((trazo.cabe_hasta for trazos in self.lineas.values() for trazo in trazos), default=MAXIMO_CENTAVOS)


class _NoEsRecta(Exception):
    """The engine must be asked one by one."""


def trazar(normativa: Normativa, solicitud: Solicitud) -> Trazado | None:
    """The lines of everything that is asked like `solicitud`, whatever its amount; if it has none, of what has none.

    None when the engine must be asked one by one: it refuses some amount, a tariff has brackets, limits or a surcharge, more
    than one rule may take a part of the base, or what it answers does not lie on straight lines.
    """
    try:
        if solicitud.valor is None:
            return _constante(liquidar(normativa, solicitud).lineas)
        sondas = _Sondas(normativa, solicitud)
        lineas = sondas.en(0)
        if sondas.sin_cobro:
            return _constante(lineas.values())
        _exigir_llana(normativa, solicitud.fecha, lineas)
        limites = [-1, *_cortes(lineas.values()), MAXIMO_CENTAVOS]
        tramos = [(antes + 1, hasta) for antes, hasta in pairwise(limites)]
        return Trazado({clave: _unir(sondas.trazos(clave, *tramo) for tramo in tramos) for clave in lineas})
    except (ErrorDominio, _NoEsRecta):
        return None


def _constante(lineas: Iterable[Linea]) -> Trazado:
    return Trazado({(x.acto, x.estampilla): (Trazo(MAXIMO_CENTAVOS, 0, int(x.valor), 1, 1),) for x in lineas})


class _Sondas:
    """What the engine answers to one request with chosen amounts, each asked once."""

    def __init__(self, normativa: Normativa, solicitud: Solicitud) -> None:
        self._normativa = normativa
        self._solicitud = solicitud
        self._examinador: Examinador | None = None
        self._lineas: dict[int, dict[Clave, Linea]] = {}
        self._trazos: dict[tuple[object, ...], list[Trazo]] = {}

    def en(self, centavos: int) -> Mapping[Clave, Linea]:
        """The lines for an amount."""
        if centavos not in self._lineas:
            pedida = replace(self._solicitud, valor=Decimal(centavos) / 100)
            lineas = liquidar(self._normativa, pedida, self._examinador).lineas
            self._lineas[centavos] = {(linea.acto, linea.estampilla): linea for linea in lineas}
            self._examinador = self._examinador or _reutilizable(lineas)
        return self._lineas[centavos]

    @property
    def sin_cobro(self) -> bool:
        """Whether every stamp is $0 by a rule that holds for any amount: then no base is reckoned."""
        lineas = self.en(0).values()
        return self._examinador is not None and all(x.examen is not None and x.examen.total for x in lineas)

    def trazos(self, clave: Clave, desde: int, hasta: int) -> list[Trazo]:
        """The stretches of a line between two amounts, one for each band of its rounding. Raises `_NoEsRecta`."""
        puntos = (desde, (desde + hasta) // 2, hasta)
        lineas = [self.en(centavos)[clave] for centavos in puntos]
        # Several stamps of an act often have the same rate.
        iguales = (puntos, *((linea.exacto, linea.valor, linea.redondeo) for linea in lineas))
        if iguales not in self._trazos:
            self._trazos[iguales] = self._trazar(puntos, lineas)
        return self._trazos[iguales]

    def _trazar(self, puntos: tuple[int, int, int], lineas: Sequence[Linea]) -> list[Trazo]:
        if len({linea.redondeo for linea in lineas}) > 1:
            raise _NoEsRecta
        recta = _recta(puntos, [linea.exacto for linea in lineas])
        redondeo = self._normativa.redondeo(lineas[0].redondeo, self._solicitud.fecha)
        trazos = list(_por_bandas(redondeo, recta, puntos[0], puntos[2]))
        if any(pesos_en(trazos, punto) != linea.valor for punto, linea in zip(puntos, lineas, strict=True)):
            raise _NoEsRecta
        return trazos


def _reutilizable(lineas: Sequence[Linea]) -> Examinador | None:
    """Who judged the rules of a request, if none of them would be judged otherwise for another amount."""
    examenes = _examenes(lineas)
    if any(VALOR in regla.hechos for examen in examenes for regla, _ in examen.juicios):
        return None
    return examenes[0].examinador if examenes else None


def pesos_en(trazos: Sequence[Trazo], centavos: int) -> int:
    """The value of a line for an amount."""
    return next(trazo for trazo in trazos if centavos <= trazo.hasta).pesos(centavos)


def _exigir_llana(normativa: Normativa, fecha: date, lineas: Mapping[Clave, Linea]) -> None:
    """Refuse what bends where no rule says: brackets, limits, and what is charged over another stamp's rounded value."""
    for codigo in {acto for acto, _ in lineas}:
        for _, tarifas in normativa.tarifas_de(normativa.acto(codigo, fecha), fecha):
            if any(t.escala or t.minimo or t.tope or t.sobre for t in tarifas):
                raise _NoEsRecta


def _cortes(lineas: Iterable[Linea]) -> list[int]:
    """The last centavo of each stretch but the last one: where a rule begins or ends, or has no more base to take."""
    cortes: set[int] = set().union(*map(_cortes_de, _examenes(lineas)))
    return sorted(corte for corte in cortes if 0 <= corte < MAXIMO_CENTAVOS)


def _examenes(lineas: Iterable[Linea]) -> list[Examen]:
    """The examinations of some lines; most stamps share one."""
    return list({id(linea.examen): linea.examen for linea in lineas if linea.examen is not None}.values())


def _cortes_de(examen: Examen) -> set[int]:
    hechos = examen.examinador.hechos
    miran = (regla for regla, _ in examen.juicios if VALOR in regla.hechos)
    comparados = (valor for regla in miran for valor in valores_comparados(regla.cuando, VALOR))
    cortes = {ceil(valor * 100) - 1 for valor in comparados if isinstance(valor, Decimal)}
    # Where the base is only an increase, it begins above what was paid before.
    minimos = {Decimal(0), importe_de(hechos, ASIGNACION_ANTERIOR)}
    reducen = [r for r, juicio in examen.juicios if r.efecto.tipo == REDUCE_BASE and juicio.cumple is not False]
    if len(reducen) > 1 or any(VALOR in regla.hechos for regla in reducen):
        raise _NoEsRecta
    quitan = {Decimal(0)}
    for regla in examen.reducciones:
        total = regla.efecto.cantidad * examen.unidad_de(regla).valor
        quitan.add(max(total - importe_de(hechos, regla.efecto.consumido), Decimal(0)))
    dobleces = {floor((minimo + quita) * 100) for minimo in minimos for quita in quitan}
    return cortes | (dobleces - {0})


@dataclass(frozen=True)
class _Recta:
    """Exact pesos along a stretch: `(centavos * por + mas) / entre`."""

    por: int
    mas: int
    entre: int

    def ultimo(self, pesos: Decimal) -> int:
        """The last amount whose exact value is not above so many pesos."""
        numerador, denominador = pesos.as_integer_ratio()
        falta = numerador * self.entre - self.mas * denominador
        if not self.por:
            return MAXIMO_CENTAVOS if falta >= 0 else -1
        return falta // (self.por * denominador)

    def trazo(self, modo: Modo, multiplo: Decimal, hasta: int) -> Trazo:
        """Its multiples: the nearest is the floor of half a multiple more, the next one that of all but a crumb."""
        if multiplo != int(multiplo):
            raise _NoEsRecta
        entre = self.entre * int(multiplo)
        por, mas = self.por, self.mas + entre - 1
        if modo is Modo.CERCANO:
            por, mas, entre = 2 * self.por, 2 * self.mas + entre, 2 * entre
        # The floor is the same without what the amount's factor and the divisor have in common.
        comun = gcd(por, entre)
        return Trazo(hasta, por // comun, mas // comun, entre // comun, int(multiplo))


def _recta(puntos: tuple[int, int, int], exactos: Sequence[Decimal]) -> _Recta:
    """The line through three points. Raises `_NoEsRecta` when there is none, or when it falls."""
    desde, medio, hasta = puntos
    largo = max(hasta - desde, 1)
    razones = [exacto.as_integer_ratio() for exacto in exactos]
    entre = lcm(*(denominador for _, denominador in razones))
    primero, segundo, tercero = (numerador * (entre // denominador) for numerador, denominador in razones)
    por = tercero - primero
    mas = primero * largo - por * desde
    if por < 0 or segundo * largo != por * medio + mas:
        raise _NoEsRecta
    comun = gcd(por, mas, entre * largo)
    return _Recta(por // comun, mas // comun, entre * largo // comun)


def _por_bandas(redondeo: Redondeo, recta: _Recta, desde: int, hasta: int) -> Iterator[Trazo]:
    """The rounding of a straight line: the exact value decides the band, and the band the multiple."""
    for banda in redondeo.tramos:
        ultimo = hasta if banda.hasta is None else min(recta.ultimo(banda.hasta), hasta)
        if ultimo >= desde:
            yield recta.trazo(redondeo.modo, banda.multiplo, ultimo)
            desde = ultimo + 1


def _unir(partes: Iterator[list[Trazo]]) -> tuple[Trazo, ...]:
    """The stretches of a line, those that go on with the same arithmetic as one."""
    unidos: list[Trazo] = []
    for trazo in (uno for parte in partes for uno in parte):
        if unidos and replace(unidos[-1], hasta=trazo.hasta) == trazo:
            unidos.pop()
        unidos.append(trazo)
    return tuple(unidos)
