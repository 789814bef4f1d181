"""The rules of one department as frozen data: stamps, acts, tariffs, roundings, indicators, exclusions and exemptions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from portal.dominio.condiciones import Condicion
from portal.dominio.errores import DatoInvalido, NormaNoVigente
from portal.dominio.hechos import Hecho, breve
from portal.dominio.redondeo import Redondeo
from portal.dominio.tarifas import TODOS, Tarifa
from portal.dominio.vigencia import Indicador, ValorIndicador, rige, valor_vigente

__all__ = [
    "CLASES_DE_REGLA",
    "Acto",
    "Efecto",
    "Estampilla",
    "Indicador",
    "Normativa",
    "Plazo",
    "Regla",
    "ValorIndicador",
]

CLASES_DE_REGLA = {"exclusion": "Exclusión", "exencion": "Exención", "no_causacion": "No se causa"}


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
class Acto:
    """A taxed act. `clase`: `con_cuantia` or `sin_cuantia`; `documento`: `contrato` or `tramite`, for screens.

    `base_nombre` says what `valor` is, for people. `movimientos`: appointments taxed on the increase only. `desplaza`: acts
    that are not charged beside this one. `con_valor_usar`: the act to choose instead when there is an amount.
    `concurre_con`: acts that the same document usually is too.
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

    @property
    def tiene_cuantia(self) -> bool:
        """Whether the act has an amount of its own."""
        return self.clase == "con_cuantia"


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
    def motivo(self) -> str:
        """Reason and norm, as printed beside a stamp of $0."""
        return f"{CLASES_DE_REGLA[self.clase]}: {self.nombre} ({self.norma}, {self.articulo}; regla {self.codigo})"


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

    @cached_property
    def _actos(self) -> Mapping[str, tuple[Acto, ...]]:
        return {codigo: tuple(a for a in self.actos if a.codigo == codigo) for codigo in {a.codigo for a in self.actos}}

    @cached_property
    def _indicadores(self) -> Mapping[str, Indicador]:
        return {indicador.codigo: indicador for indicador in self.indicadores}

    @cached_property
    def _tarifas_por_estampilla(self) -> Mapping[str, tuple[Tarifa, ...]]:
        return {e.codigo: tuple(t for t in self.tarifas if t.estampilla == e.codigo) for e in self.estampillas}

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
        return valor_vigente(self._indicadores[codigo], self.valores, fecha)

    def tarifas_de(self, acto: Acto, fecha: date) -> tuple[tuple[Estampilla, tuple[Tarifa, ...]], ...]:
        """The stamps that tax an act on a date, in the catalogue's order; more than one tariff per stamp are its variants."""
        vigentes = (e for e in self.estampillas if rige(e.desde, e.hasta, fecha))
        pares = ((e, self._tarifas_de_estampilla(e.codigo, acto, fecha)) for e in vigentes)
        return tuple((estampilla, tarifas) for estampilla, tarifas in pares if tarifas)

    def variantes_de(self, acto: Acto, fecha: date) -> tuple[Tarifa, ...]:
        """The tariffs among which somebody must choose before the act is assessed (C-A01); none for most acts."""
        return tuple(t for _, tarifas in self.tarifas_de(acto, fecha) for t in tarifas if t.variante)

    def indicadores_usados(self) -> tuple[str, ...]:
        """The indicators that tariffs and rules of this department are measured in."""
        codigos = [t.indicador for t in self.tarifas] + [r.efecto.indicador for r in self.reglas]
        return tuple(dict.fromkeys(codigo for codigo in codigos if codigo))

    def indicadores_sin_valor(self, fecha: date) -> tuple[str, ...]:
        """Names of the indicators in use that have no published value on a date."""
        return tuple(self._indicadores[c].nombre for c in self.indicadores_usados() if not self._publicado(c, fecha))

    def _publicado(self, codigo: str, fecha: date) -> bool:
        try:
            self.valor_indicador(codigo, fecha)
        except NormaNoVigente:
            return False
        return True

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
