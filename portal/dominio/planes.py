"""What publishing a draft does to the dated rows of one kind, as data: the same plan is shown, simulated and carried out.

Live rows never overlap. A new one ends the row in force the day before; a correction first takes back the version that nobody
used, as if it had never been published, or ends it where its use ended. Rows are mappings with the columns of their table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from portal.dominio.calendario import dia_en_palabras
from portal.dominio.errores import DatoInvalido
from portal.dominio.propuestas import encajar
from portal.dominio.vigencia import ValorIndicador, rige

Fila = Mapping[str, Any]
# A live row is known by its code and its first day.
Clave = tuple[str, date]
_UN_DIA = timedelta(days=1)


@dataclass(frozen=True)
class Gravamen:
    """What the tariffs that follow one another speak of: a stamp on an act, or (`*`) on every act of a kind."""

    estampilla: str
    acto: str
    clase: str

    @property
    def codigo(self) -> str:
        """`ESTAMPILLA/ACTO`, or `ESTAMPILLA/clase/*`: the code of its rows, but for their variant."""
        partes = (self.estampilla, self.acto) if self.es_de_un_acto else (self.estampilla, self.clase, self.acto)
        return "/".join(partes)

    @property
    def es_de_un_acto(self) -> bool:
        return not self.acto.startswith("*")

    def es_de(self, fila: Fila) -> bool:
        """Whether a tariff's row belongs here, whatever its variant."""
        return (fila["estampilla"], fila["acto"], fila["clase"]) == (self.estampilla, self.acto, self.clase)


@dataclass(frozen=True)
class Correccion:
    """The published version that is corrected, by its first day, and the last day on which it was used, if any."""

    desde: date
    usada_hasta: date | None


@dataclass(frozen=True)
class Plan:
    """Rows that begin, rows whose last day changes (`None`: no last day) and rows that stop existing.

    `clase` is the kind of row: `tarifa` or `valor_indicador`.
    """

    clase: str
    nuevas: tuple[Fila, ...] = ()
    finales: Mapping[Clave, date | None] = field(default_factory=dict)
    quitadas: frozenset[Clave] = frozenset()

    def sobre(self, filas: Sequence[Fila]) -> list[Fila]:
        """The rows as they would be."""
        quedan = [fila for fila in filas if clave(fila) not in self.quitadas]
        cambiadas = [{**f, "hasta": self.finales[clave(f)]} if clave(f) in self.finales else f for f in quedan]
        return [*cambiadas, *self.nuevas]

    def dias_de(self, filas: Sequence[Fila]) -> Iterator[tuple[date, date | None]]:
        """The days on which a row that is there already would rule no more, or begin to: those that no assessment may have."""
        for fila in filas:
            if clave(fila) in self.quitadas:
                yield fila["desde"], fila["hasta"]
            elif clave(fila) in self.finales:
                antes, despues = sorted((fila["hasta"] or date.max, self.finales[clave(fila)] or date.max))
                if antes != despues:
                    yield antes + _UN_DIA, None if despues == date.max else despues


def clave(fila: Fila) -> Clave:
    """Code and first day of a row."""
    return fila["codigo"], fila["desde"]


def plan_de_valor(filas: Sequence[Fila], nueva: Fila, *, ano_completo: bool, correccion: Correccion | None) -> Plan:
    """Publish `nueva` among the values of its indicator (`filas`).

    Raises `DatoInvalido` for an overlap, a gap, or a correction that would change days already used.
    """
    plan = Plan("valor_indicador")
    if correccion is not None:
        vieja = _corregida(filas, correccion)
        _exigir_sin_uso(nueva["desde"], vieja, correccion)
        if correccion.usada_hasta is None:
            del_ano = [] if ano_completo else [f for f in filas if f["hasta"] == vieja["desde"] - _UN_DIA]
            plan = _deshacer(plan, vieja, [f for f in del_ano if f["hasta"].year == vieja["desde"].year])
        else:
            # What is left of the year of a value that was used already; no other value begins inside a year.
            ano_completo = False
    publicados = [_valor(f) for f in plan.sobre(filas)]
    cortada = encajar(nueva["desde"], nueva["hasta"], publicados, ano_completo=ano_completo)
    finales = dict(plan.finales)
    if cortada is not None:
        finales[(cortada.codigo, cortada.desde)] = nueva["desde"] - _UN_DIA
    return Plan(plan.clase, (nueva,), finales, plan.quitadas)


def plan_de_tarifa(filas: Sequence[Fila], nueva: Fila, *, correccion: Correccion | None) -> Plan:
    """Publish `nueva` among the tariffs of its gravamen (`filas`): what is in force ends the day before.

    It lasts as long as what it ends would have. Provisional tariffs, and variants among which nobody chose, are replaced by it
    altogether from its first day. Raises `DatoInvalido` where a published tariff would be changed without a correction.
    """
    plan, fines = Plan("tarifa"), []
    desde = nueva["desde"]
    if correccion is not None:
        vieja = _corregida(filas, correccion)
        _exigir_sin_uso(desde, vieja, correccion)
        if correccion.usada_hasta is None:
            previas = [f for f in filas if f["hasta"] == vieja["desde"] - _UN_DIA]
            _exigir_despues_de(previas, desde)
            plan, fines = _deshacer(plan, vieja, previas), [vieja["hasta"]]
    quedan = plan.sobre(filas)
    reemplazadas = [f for f in quedan if f["desde"] >= desde and (f["provisional"] or f["variante"])]
    publicadas = [f for f in quedan if f not in reemplazadas]
    vigentes = [f for f in publicadas if rige(f["desde"], f["hasta"], desde)]
    _exigir_despues_de([f for f in vigentes if f["desde"] == desde], desde)
    siguientes = [f["desde"] - _UN_DIA for f in publicadas if f["desde"] > desde]
    fines += [f["hasta"] for f in (*vigentes, *reemplazadas)]
    hasta = min([*siguientes, max((fin or date.max for fin in fines), default=date.max)])
    quitadas = plan.quitadas | {clave(f) for f in reemplazadas}
    finales = {**plan.finales, **{clave(f): desde - _UN_DIA for f in vigentes}}
    return Plan(
        plan.clase,
        ({**nueva, "hasta": None if hasta == date.max else hasta},),
        {c: fin for c, fin in finales.items() if c not in quitadas},
        quitadas,
    )


def plan_de_termino(filas: Sequence[Fila], desde: date, hasta: date | None) -> Plan:
    """Give the tariffs of a gravamen that begin on `desde` another last day; none, to rule without end again.

    Raises `DatoInvalido` when there is no such tariff, when it ends then already, or when another one follows.
    """
    propias = [f for f in filas if f["desde"] == desde]
    if not propias:
        raise DatoInvalido("Esa tarifa ya no existe: otra publicación la reemplazó.")
    if hasta is not None and hasta < desde:
        raise DatoInvalido(f"El último día no puede ser anterior al primero, {dia_en_palabras(desde)}.", "hasta")
    if all(f["hasta"] == hasta for f in propias):
        raise DatoInvalido("La tarifa ya termina ese día." if hasta else "La tarifa ya rige sin fecha final.", "hasta")
    if any(f["desde"] > desde for f in filas):
        raise DatoInvalido("Después de esta tarifa hay otra: la que se termina es la última.", "hasta")
    return Plan("tarifa", (), {clave(f): hasta for f in propias})


def _exigir_despues_de(filas: Sequence[Fila], desde: date) -> None:
    """Refuse a first day that is not later than that of the published `filas`, which would be left without days."""
    for fila in filas:
        if fila["desde"] >= desde and not (fila["provisional"] or fila["variante"]):
            raise DatoInvalido(
                f"Ya hay una tarifa publicada desde el {dia_en_palabras(fila['desde'])} ({fila['norma']}). "
                "Use otra fecha o, si esa está mal, corríjala.",
                "desde",
            )


def _deshacer(plan: Plan, vieja: Fila, previas: Sequence[Fila]) -> Plan:
    """As if `vieja` had never been published: what it ended rules on to its last day."""
    return Plan(plan.clase, (), {clave(f): vieja["hasta"] for f in previas}, frozenset({clave(vieja)}))


def _corregida(filas: Sequence[Fila], correccion: Correccion) -> Fila:
    halladas = [f for f in filas if f["desde"] == correccion.desde]
    if len(halladas) != 1:
        raise DatoInvalido("La versión que se corrige ya no rige: otra publicación la reemplazó.")
    return halladas[0]


def _exigir_sin_uso(desde: date, vieja: Fila, correccion: Correccion) -> None:
    if vieja["hasta"] is not None and desde > vieja["hasta"]:
        raise DatoInvalido(f"La versión que se corrige rige solo hasta el {dia_en_palabras(vieja['hasta'])}.", "desde")
    if correccion.usada_hasta is not None and desde <= correccion.usada_hasta:
        raise DatoInvalido(
            f"Ya hay liquidaciones hechas con esa versión hasta el {dia_en_palabras(correccion.usada_hasta)}, y lo que se usó "
            f"no cambia. La corrección puede regir desde el {dia_en_palabras(correccion.usada_hasta + _UN_DIA)}.",
            "desde",
        )


def _valor(fila: Fila) -> ValorIndicador:
    return ValorIndicador(fila["codigo"], fila["valor"], fila["desde"], fila["hasta"], fila["acto"])
