"""The rules of one department as frozen data: stamps, acts, tariffs, roundings, indicators, exclusions and exemptions."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from portal.dominio.condiciones import Condicion, hechos_leidos
from portal.dominio.errores import DatoInvalido, NormaNoVigente
from portal.dominio.hechos import Hecho, breve
from portal.dominio.redondeo import Redondeo
from portal.dominio.reparto import Reparto
from portal.dominio.tarifas import TODOS, Tarifa
from portal.dominio.vigencia import Indicador, ValorIndicador, rige, valor_vigente

__all__ = [
    "CLASES_DE_REGLA",
    "Acto",
    "Descuento",
    "Efecto",
    "Estampilla",
    "Indicador",
    "Normativa",
    "Plazo",
    "Regla",
    "ValorIndicador",
]

CLASES_DE_REGLA = {"exclusion": "Exclusión", "exencion": "Exención", "no_causacion": "No se causa"}
_T = TypeVar("_T")


@dataclass(frozen=True)
class Estampilla:
    """A stamp. `sigue_a`: it taxes only what that other stamp taxes. `tope_porcentaje`: what the law lets it charge at most."""

    codigo: str
    nombre: str
    orden: int
    norma: str
    articulo: str
    desde: date
    hasta: date | None = None
    sigue_a: str = ""
    tope_porcentaje: Decimal | None = None


@dataclass(frozen=True)
class Descuento:
    """What the base leaves out of the amount that people give: `nombre` (IVA), the pesos of the fact `hecho`.

    `de` is what they give, for people: `el valor total del contrato, con IVA`.
    """

    hecho: str
    nombre: str
    de: str


@dataclass(frozen=True)
class Acto:
    """A taxed act. `clase`: `con_cuantia` or `sin_cuantia`; `documento`: `contrato` or `tramite`, for screens.

    `base_nombre` says what `valor` is, for people. `movimientos`: appointments taxed on the increase only. `desplaza`: acts
    that are not charged beside this one. `con_valor_usar`: the act to choose instead when there is an amount.
    `concurre_con`: acts that the same document usually is too. `descuento`: the base is `valor` less the pesos of a fact.
    `recaudo`: how its stamps are collected, where the norm says it.
    """

    codigo: str
    nombre: str
    clase: str
    documento: str
    grupo: str
    orden: int
    desde: date
    hasta: date | None = None
    activo: bool = True
    base: str = ""
    base_nombre: str = ""
    cita: str = ""
    movimientos: tuple[str, ...] = ()
    estampillas_propias: tuple[str, ...] = ()
    desplaza: tuple[str, ...] = ()
    concurre_con: tuple[str, ...] = ()
    con_valor_usar: str = ""
    descuento: Descuento | None = None
    recaudo: str = ""

    @property
    def tiene_cuantia(self) -> bool:
        """Whether the act has an amount of its own."""
        return self.clase == "con_cuantia"

    @property
    def valor_nombre(self) -> str:
        """What `valor` is, for people; empty when the act has no amount."""
        return self.descuento.de if self.descuento else self.base_nombre


@dataclass(frozen=True)
class Efecto:
    """What a rule does: everything (`total`), or `reduce_base` by `cantidad` units of `indicador`.

    The units are valued on the date in the fact `fecha`, and what the fact `consumido` already used of them is gone.
    """

    tipo: str
    indicador: str = ""
    cantidad: Decimal = Decimal(0)
    fecha: str = ""
    consumido: str = ""


@dataclass(frozen=True)
class Plazo:
    """The rule ends `anos` years after the date in the fact `hecho`."""

    hecho: str
    anos: int

    def fin(self, inicio: date) -> date:
        """The last day: of the same number, or the last of a month that lacks it (Código Civil, art. 67)."""
        ultimo = inicio.year + self.anos
        if ultimo > date.max.year:
            return date.max
        return date(ultimo, inicio.month, min(inicio.day, monthrange(ultimo, inicio.month)[1]))


@dataclass(frozen=True)
class Regla:
    """An exclusion, an exemption or an act that is not taxed (`no_causacion`), with its conditions and effect."""

    codigo: str
    clase: str
    nombre: str
    texto: str
    estampillas: tuple[str, ...]
    cuando: Condicion
    efecto: Efecto
    norma: str
    articulo: str
    desde: date
    hasta: date | None = None
    actos: tuple[str, ...] = ()
    excepto_actos: tuple[str, ...] = ()
    grupos: tuple[str, ...] = ()
    plazo: Plazo | None = None
    activa: bool = True
    confirma_funcionario: bool = False

    def alcanza(self, acto: Acto, estampilla: str, fecha: date) -> bool:
        """Whether the rule speaks of this stamp on this act on this date, whatever the facts."""
        return (
            rige(self.desde, self.hasta, fecha)
            and (TODOS in self.estampillas or estampilla in self.estampillas)
            and (not self.actos or acto.codigo in self.actos)
            and acto.codigo not in self.excepto_actos
            and (not self.grupos or acto.grupo in self.grupos)
        )

    @property
    def cita(self) -> str:
        """Norm and article, for people."""
        return f"{self.norma}, {self.articulo}"

    @cached_property
    def hechos(self) -> frozenset[str]:
        """Every fact that its judgement reads."""
        del_plazo = {self.plazo.hecho} if self.plazo else set()
        return hechos_leidos(self.cuando) | del_plazo

    @property
    def motivo(self) -> str:
        """Reason and norm, as printed beside a stamp of $0."""
        return f"{CLASES_DE_REGLA[self.clase]}: {self.nombre} ({self.cita}; regla {self.codigo})"


@dataclass(frozen=True)
class Normativa:
    """Everything that a department's assessments follow."""

    departamento: str
    estampillas: tuple[Estampilla, ...]
    actos: tuple[Acto, ...]
    tarifas: tuple[Tarifa, ...]
    redondeos: tuple[Redondeo, ...]
    indicadores: tuple[Indicador, ...]
    valores: tuple[ValorIndicador, ...]
    reglas: tuple[Regla, ...]
    hechos: tuple[Hecho, ...]
    repartos: tuple[Reparto, ...] = ()

    @cached_property
    def _actos(self) -> Mapping[str, tuple[Acto, ...]]:
        return {codigo: tuple(a for a in self.actos if a.codigo == codigo) for codigo in {a.codigo for a in self.actos}}

    @cached_property
    def _indicadores(self) -> Mapping[str, Indicador]:
        return {indicador.codigo: indicador for indicador in self.indicadores}

    @cached_property
    def _tarifas_por_estampilla(self) -> Mapping[str, tuple[Tarifa, ...]]:
        return {e.codigo: tuple(t for t in self.tarifas if t.estampilla == e.codigo) for e in self.estampillas}

    @cached_property
    def catalogo(self) -> Mapping[str, Hecho]:
        """The facts by key."""
        return {hecho.clave: hecho for hecho in self.hechos}

    @cached_property
    def _cambios(self) -> list[date]:
        """The days on which something begins to be in force, or is no longer: between two of them every day is alike."""
        valores = [valor for valor in self.valores if valor.codigo in self._en_uso]
        filas: list[Any] = [*self.estampillas, *self.actos, *self.tarifas, *self.redondeos, *valores, *self.reglas]
        finales = {f.hasta + timedelta(days=1) for f in filas if f.hasta is not None and f.hasta < date.max}
        return sorted(finales | {f.desde for f in filas})

    @cached_property
    def _recordado(self) -> dict[tuple[object, ...], Any]:
        return {}

    @cached_property
    def _iguales(self) -> dict[tuple[tuple[str, date], ...], tuple[Regla, ...]]:
        return {}

    def periodo(self, fecha: date) -> int:
        """Which stretch of days between two changes of the rules a date is in."""
        return bisect_right(self._cambios, fecha)

    def recordar(self, fecha: date, clave: tuple[object, ...], buscar: Callable[[], _T]) -> _T:
        """What `buscar` finds, once for all the days that are alike: assessing many acts asks the same again and again."""
        completa = (self.periodo(fecha), *clave)
        try:
            hallado: _T = self._recordado[completa]
        except KeyError:
            hallado = self._recordado[completa] = buscar()
        return hallado

    def acto(self, codigo: str, fecha: date | None = None) -> Acto:
        """The act of a code as it is on a date, or as it is lately.

        Raises `DatoInvalido` (campo `actos`) when there is no such act, `NormaNoVigente` when it is not in force on the date.
        """
        if codigo not in self._actos:
            raise DatoInvalido(f"El acto «{breve(codigo)}» no existe en este departamento", "actos")
        filas = self._actos[codigo]
        if fecha is None:
            return max(filas, key=lambda acto: acto.desde)
        vigente = next((acto for acto in filas if rige(acto.desde, acto.hasta, fecha)), None)
        if vigente is None:
            raise NormaNoVigente(f"El acto {codigo} no está vigente en la fecha {fecha.isoformat()}")
        return vigente

    def actos_vigentes(self, fecha: date) -> tuple[Acto, ...]:
        """The acts that can be assessed on a date, in the catalogue's order."""
        return tuple(acto for acto in self.actos if acto.activo and rige(acto.desde, acto.hasta, fecha))

    def redondeo(self, codigo: str, fecha: date) -> Redondeo:
        """The rounding rule of a code on a date. Raises `NormaNoVigente` when none rules."""
        for redondeo in self.redondeos:
            if redondeo.codigo == codigo and rige(redondeo.desde, redondeo.hasta, fecha):
                return redondeo
        raise NormaNoVigente(f"No hay regla de redondeo {codigo} para la fecha {fecha.isoformat()}")

    def valor_indicador(self, codigo: str, fecha: date) -> ValorIndicador:
        """The published value of an indicator. Raises `NormaNoVigente` naming the indicator and the date."""
        indicador = self._indicadores[codigo]
        if codigo not in self._en_uso:
            return valor_vigente(indicador, self.valores, fecha)
        return self.recordar(fecha, ("valor", codigo), lambda: valor_vigente(indicador, self.valores, fecha))

    def tarifas_de(self, acto: Acto, fecha: date) -> tuple[tuple[Estampilla, tuple[Tarifa, ...]], ...]:
        """The stamps that tax an act on a date, in the catalogue's order; more than one tariff per stamp are its variants."""
        return self.recordar(fecha, ("tarifas", acto.codigo, acto.desde), lambda: self._buscar_tarifas(acto, fecha))

    def variantes_de(self, acto: Acto, fecha: date) -> tuple[Tarifa, ...]:
        """The tariffs among which somebody must choose before the act is assessed (C-A01); none for most acts."""
        return tuple(t for _, tarifas in self.tarifas_de(acto, fecha) for t in tarifas if t.variante)

    def reglas_de(self, acto: Acto, estampilla: str, fecha: date) -> tuple[Regla, ...]:
        """The rules that speak of a stamp on an act on a date, whatever the facts, in the norm's order."""
        clave = ("reglas", acto.codigo, acto.desde, estampilla)
        return self.recordar(fecha, clave, lambda: self._buscar_reglas(acto, estampilla, fecha))

    def reparto_de(self, estampilla: str, fecha: date) -> tuple[Reparto, ...]:
        """The destinations of what a stamp collects on a date; none where the norms at hand name none."""
        return tuple(reparto for reparto in self.repartos if reparto.alcanza(estampilla, fecha))

    def indicadores_usados(self) -> tuple[str, ...]:
        """The indicators that tariffs and rules of this department are measured in."""
        codigos = [c for t in self.tarifas for c in t.indicadores] + [r.efecto.indicador for r in self.reglas]
        return tuple(dict.fromkeys(codigo for codigo in codigos if codigo))

    @cached_property
    def _en_uso(self) -> frozenset[str]:
        return frozenset(self.indicadores_usados())

    def indicadores_sin_valor(self, fecha: date) -> tuple[str, ...]:
        """Names of the indicators in use that have no published value on a date."""
        return tuple(self._indicadores[c].nombre for c in self.indicadores_usados() if not self._publicado(c, fecha))

    def _publicado(self, codigo: str, fecha: date) -> bool:
        try:
            self.valor_indicador(codigo, fecha)
        except NormaNoVigente:
            return False
        return True

    def _buscar_tarifas(self, acto: Acto, fecha: date) -> tuple[tuple[Estampilla, tuple[Tarifa, ...]], ...]:
        vigentes = (e for e in self.estampillas if rige(e.desde, e.hasta, fecha))
        pares = ((e, self._tarifas_de_estampilla(e.codigo, acto, fecha)) for e in vigentes)
        return tuple((estampilla, tarifas) for estampilla, tarifas in pares if tarifas)

    def _buscar_reglas(self, acto: Acto, estampilla: str, fecha: date) -> tuple[Regla, ...]:
        reglas = tuple(regla for regla in self.reglas if regla.alcanza(acto, estampilla, fecha))
        # The stamps that have the same rules have the very same tuple.
        return self._iguales.setdefault(tuple((regla.codigo, regla.desde) for regla in reglas), reglas)

    def _tarifas_de_estampilla(self, estampilla: str, acto: Acto, fecha: date) -> tuple[Tarifa, ...]:
        vigentes = [t for t in self._tarifas_por_estampilla.get(estampilla, ()) if rige(t.desde, t.hasta, fecha)]
        # A rate for the very act wins over one for every act of its kind.
        propias = tuple(t for t in vigentes if t.acto == acto.codigo)
        return propias or tuple(t for t in vigentes if self._alcanza_por_comodin(t, acto, fecha))

    def _alcanza_por_comodin(self, tarifa: Tarifa, acto: Acto, fecha: date) -> bool:
        if not tarifa.acto.startswith(TODOS) or tarifa.clase != acto.clase or acto.grupo in tarifa.excepto_grupos:
            return False
        if acto.estampillas_propias and tarifa.estampilla not in acto.estampillas_propias:
            return False
        seguida = tarifa.acto.removeprefix(TODOS)
        return not seguida or bool(self._tarifas_de_estampilla(seguida, acto, fecha))


def nombres(actos: Iterable[Acto]) -> str:
    """Acts for a sentence: `N-U-03 (Los certificados…)`."""
    return ", ".join(f"{acto.codigo} ({breve(acto.nombre)})" for acto in actos)
