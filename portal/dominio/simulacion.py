"""What a draft would change: last year's assessments and every fixed tariff, with the rules of today and with the draft.

The same contract or trámite is asked again one year later, on a day that the draft rules, to both sets of rules. An indicator
that has no value yet for that day (next year's UVT, for today's rules) keeps its last published one, on both sides: so the
difference is what the draft does, and nothing else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import zip_longest

from portal.dominio.acumulado import Comparacion, Lineas, Resultado
from portal.dominio.errores import ErrorDominio, NormaNoVigente
from portal.dominio.hechos import TipoHecho
from portal.dominio.liquidador import Solicitud, liquidar
from portal.dominio.normativa import Normativa
from portal.dominio.tarifas import Tarifa, TipoTarifa
from portal.dominio.trazado import Trazado, trazar
from portal.dominio.vigencia import rige

_FIJAS = (TipoTarifa.UNIDADES, TipoTarifa.PORCENTAJE_INDICADOR, TipoTarifa.PESOS, TipoTarifa.DECRETADO)


@dataclass(frozen=True)
class Caso:
    """A past assessment as the engine was asked for it: its number, and nothing of whose it is."""

    numero: int
    solicitud: Solicitud


@dataclass(frozen=True)
class Borrador:
    """The rules of today, those of the draft, and the first day that the draft rules.

    `sin_valor`: names of the indicators that keep their last value on both sides.
    """

    antes: Normativa
    despues: Normativa
    desde: date
    sin_valor: tuple[str, ...] = ()

    @cached_property
    def con_fecha(self) -> frozenset[str]:
        """The facts that are dates."""
        return frozenset(hecho.clave for hecho in self.despues.hechos if hecho.tipo is TipoHecho.FECHA)

    @cached_property
    def _juzgadas(self) -> frozenset[str]:
        """Facts that some rule judges; a date that none does only says whose year's unit is used."""
        return frozenset().union(*(regla.hechos for lado in (self.antes, self.despues) for regla in lado.reglas))

    def momento(self, fecha: date, hechos: Mapping[str, object]) -> tuple[object, ...]:
        """All that the days of a request mean to both sets of rules: with the same answer, its dates may be others."""
        movida = trasladar(fecha, self.desde)
        momento: tuple[object, ...] = self._periodos(movida)
        for clave in sorted(self.con_fecha & hechos.keys()):
            dia = _fecha_corrida(hechos[clave], movida.year - fecha.year)
            if clave in self._juzgadas or not isinstance(dia, date):
                return fecha, *((c, repr(hechos[c])) for c in sorted(self.con_fecha & hechos.keys()))
            momento += (clave, dia <= movida, *self._periodos(dia))
        return momento

    def _periodos(self, dia: date) -> tuple[int, int]:
        return self.antes.periodo(dia), self.despues.periodo(dia)


@dataclass(frozen=True)
class TarifaFija:
    """A tariff that needs no amount, in whole pesos before and after; None where it had or has no value.

    `acto` may stand for every act of its `clase` (`*`) or for those that another stamp taxes (`*CODIGO`).
    Empty `texto_antes` or `texto_despues`: the tariff did not rule, or does not rule any more.
    """

    estampilla: str
    acto: str
    clase: str
    variante: str
    texto_antes: str
    texto_despues: str
    antes: Decimal | None
    despues: Decimal | None

    def a_json(self) -> dict[str, str | None]:
        """Plain JSON data, amounts as text."""
        return {clave: f"{v:f}" if isinstance(v, Decimal) else v for clave, v in vars(self).items()}

    @classmethod
    def de_json(cls, crudo: Mapping[str, str | None]) -> "TarifaFija":
        """What `a_json` wrote."""
        textos = {clave: crudo[clave] or "" for clave in cls.__dataclass_fields__ if clave not in ("antes", "despues")}
        antes, despues = (None if crudo[c] is None else Decimal(crudo[c] or 0) for c in ("antes", "despues"))
        return cls(**textos, antes=antes, despues=despues)


def poner_al_lado(antes: Normativa, despues: Normativa, desde: date) -> Borrador:
    """Both sets of rules, ready to be compared on any day from `desde` to the end of its year."""
    fin = date(desde.year, 12, 31)
    return Borrador(_prolongar(antes, fin), _prolongar(despues, fin), desde, despues.indicadores_sin_valor(desde))


def _prolongar(normativa: Normativa, fin: date) -> Normativa:
    """The same rules where every value lasts until the next one, or until `fin`."""
    por_codigo = sorted(normativa.valores, key=lambda v: (v.codigo, v.desde))
    prolongados = []
    for valor, siguiente in zip_longest(por_codigo, por_codigo[1:]):
        ultimo = siguiente is None or siguiente.codigo != valor.codigo
        hasta = max(valor.hasta, fin if ultimo else siguiente.desde - timedelta(days=1))
        prolongados.append(replace(valor, hasta=hasta))
    return replace(normativa, valores=tuple(prolongados))


def periodo(desde: date, hasta: date | None) -> tuple[date, date]:
    """The days, one year earlier, whose assessments are run: those of the draft, and never more than a year.

    >>> periodo(date(2027, 1, 1), date(2027, 12, 31))
    (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    """
    vispera = desde - timedelta(days=1)
    return _correr(desde, -1), vispera if hasta is None else min(_correr(hasta, -1), vispera)


def trasladar(fecha: date, desde: date) -> date:
    """The day on which a past assessment is asked again: the same one a year later (29 February: the 28th).

    Later years than that of `desde` may have no values, so their days become `desde` itself.
    """
    movida = _correr(fecha, 1)
    return movida if movida.year == desde.year else desde


def _correr(fecha: date, anos: int) -> date:
    dia = 28 if (fecha.month, fecha.day) == (2, 29) else fecha.day
    return fecha.replace(year=fecha.year + anos, day=dia)


def simular(casos: Iterable[Caso], borrador: Borrador) -> Resultado:
    """Compare every case. No case makes it raise: what cannot be assessed is counted with its reason."""
    resultado = Resultado()
    for caso in casos:
        resultado.agregar(_comparar(caso, borrador))
    return resultado


def trazar_lados(solicitud: Solicitud, borrador: Borrador) -> tuple[Trazado, Trazado] | None:
    """Everything that was asked like `solicitud`, whatever its amount, with today's rules and with the draft.

    None when it must be compared one by one.
    """
    movida = _trasladada(solicitud, borrador)
    try:
        antes, despues = (trazar(lado, _pedible(lado, movida)) for lado in (borrador.antes, borrador.despues))
    except ErrorDominio:
        return None
    return (antes, despues) if antes and despues else None


def _comparar(caso: Caso, borrador: Borrador) -> Comparacion:
    movida = _trasladada(caso.solicitud, borrador)
    antes, despues, razon = None, None, ""
    try:
        antes = _lineas(borrador.antes, movida)
    except ErrorDominio as error:
        razon = error.mensaje
    try:
        despues = _lineas(borrador.despues, movida)
    except ErrorDominio as error:
        razon = error.mensaje
    return Comparacion(caso.numero, caso.solicitud.actos, antes, despues, razon)


def _trasladada(solicitud: Solicitud, borrador: Borrador) -> Solicitud:
    """The request a year later; the dates among its facts (a signature, a recognition) move as many years."""
    fecha = trasladar(solicitud.fecha, borrador.desde)
    anos = fecha.year - solicitud.fecha.year
    fechas = borrador.con_fecha
    movidos = {clave: _fecha_corrida(valor, anos) for clave, valor in solicitud.hechos.items() if clave in fechas}
    return replace(solicitud, fecha=fecha, hechos={**solicitud.hechos, **movidos} if movidos else solicitud.hechos)


def _fecha_corrida(valor: object, anos: int) -> object:
    try:
        return _correr(date.fromisoformat(str(valor)), anos)
    except ValueError:
        # The engine refuses it with its own words.
        return valor


def _lineas(normativa: Normativa, solicitud: Solicitud) -> Lineas:
    lineas = liquidar(normativa, _pedible(normativa, solicitud)).lineas
    return {(linea.acto, linea.estampilla): linea.valor for linea in lineas}


def _pedible(normativa: Normativa, solicitud: Solicitud) -> Solicitud:
    """A draft may settle which variant applies; what was once answered is then no longer asked."""
    quedan = {}
    for codigo, variante in solicitud.variantes.items():
        if normativa.variantes_de(normativa.acto(codigo, solicitud.fecha), solicitud.fecha):
            quedan[codigo] = variante
    return replace(solicitud, variantes=quedan) if solicitud.variantes else solicitud


def tarifas_fijas(borrador: Borrador) -> list[TarifaFija]:
    """Every tariff that needs no amount, on the first day of the draft, in the order of the catalogue.

    A rate over an amount is listed when its text changes, without pesos.
    """
    hoy, despues = _vigentes(borrador.antes, borrador.desde), _vigentes(borrador.despues, borrador.desde)
    filas = []
    for clave in sorted({*despues, *hoy}, key=_orden(borrador.despues)):
        previa, nueva = hoy.get(clave), despues.get(clave)
        fila = TarifaFija(
            estampilla=clave[0],
            acto=clave[1],
            clase=clave[2],
            variante=clave[3],
            texto_antes=previa.texto if previa else "",
            texto_despues=nueva.texto if nueva else "",
            antes=_pesos(borrador.antes, previa, borrador.desde),
            despues=_pesos(borrador.despues, nueva, borrador.desde),
        )
        if any(t and t.tipo in _FIJAS for t in (previa, nueva)) or fila.texto_antes != fila.texto_despues:
            filas.append(fila)
    return filas


_Clave = tuple[str, str, str, str]


def _vigentes(normativa: Normativa, dia: date) -> dict[_Clave, Tarifa]:
    estampillas = {e.codigo for e in normativa.estampillas if rige(e.desde, e.hasta, dia)}
    return {
        (t.estampilla, t.acto, t.clase, t.variante): t
        for t in normativa.tarifas
        if t.estampilla in estampillas and rige(t.desde, t.hasta, dia)
    }


def _orden(normativa: Normativa) -> Callable[[_Clave], tuple[object, ...]]:
    estampillas = {e.codigo: i for i, e in enumerate(normativa.estampillas)}
    actos = {a.codigo: i for i, a in enumerate(normativa.actos)}
    # What rules every act of a kind comes before the acts one by one.
    return lambda clave: (estampillas.get(clave[0], 0), actos.get(clave[1], -1), *clave)


def _pesos(normativa: Normativa, tarifa: Tarifa | None, dia: date) -> Decimal | None:
    """What a tariff is on a day; None when it needs an amount, or its indicator never had a value."""
    if tarifa is None or tarifa.tipo not in _FIJAS:
        return None
    try:
        indicador = normativa.valor_indicador(tarifa.indicador, dia) if tarifa.indicador else None
    except NormaNoVigente:
        return None
    return normativa.redondeo(tarifa.redondeo, dia).aplicar(tarifa.exacto(None, indicador))
