"""The assessment itself: acts, a date, an amount and facts in; one explained line per stamp out. Pure and exact.

Sources: Ordenanza 028 de 2010 of Nariño (arts. 243 to 263), manual A-GI-MA-010 of Cundinamarca (sections 4 and 5).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from graphlib import TopologicalSorter
from typing import Any

from portal.dominio.bases import Base, base_de
from portal.dominio.calculo import Calculo, EnTramo, Limitado, calcular
from portal.dominio.dinero import MAXIMO_PESOS, escribir_pesos
from portal.dominio.errores import DatoInvalido, NormaNoVigente
from portal.dominio.exenciones import Examen, Examinador, pedir_reconocimiento
from portal.dominio.explicacion import explicar
from portal.dominio.hechos import VALOR, leer_hechos
from portal.dominio.normativa import Acto, Estampilla, Normativa, Regla, ValorIndicador, nombres
from portal.dominio.razones import ReglaExaminada, reglas_de
from portal.dominio.redondeo import Redondeo
from portal.dominio.seleccion import comprobar_variantes, elegir_actos, elegir_tarifa
from portal.dominio.tarifas import Tarifa, TipoTarifa


@dataclass(frozen=True)
class Solicitud:
    """What to assess. `valor` in pesos is the act's amount when it has one; `variantes`: act code → variant."""

    actos: tuple[str, ...]
    fecha: date
    valor: Decimal | None = None
    variantes: Mapping[str, str] = field(default_factory=dict)
    hechos: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Linea:
    """One stamp on one act, with everything that explains its figure. Amounts in pesos; `valor` whole.

    `aplicadas`: the rules that made it $0 or took a part of its base.
    `indicador` is what the tariff is measured in. A scale (`en_tramo`) and a limit (`limitado`) may have units of their own.
    """

    estampilla: str
    estampilla_nombre: str
    acto: str
    base: Decimal | None
    tarifa: str
    indicador: ValorIndicador | None
    exacto: Decimal
    redondeo: str
    redondeo_nombre: str
    redondeo_inferido: bool
    valor: Decimal
    norma: str
    exencion: str | None
    provisional: bool
    base_detalle: str = ""
    en_tramo: EnTramo | None = None
    limitado: Limitado | None = None
    aplicadas: tuple[Regla, ...] = ()
    examen: Examen | None = field(default=None, compare=False, repr=False)

    @property
    def indicadores(self) -> tuple[ValorIndicador, ...]:
        """Every published value that the figure depends on, each once."""
        propios = (self.indicador, self.en_tramo and self.en_tramo.unidad, self.limitado and self.limitado.indicador)
        restados = (
            () if self.examen is None or self.examen.total else map(self.examen.unidad_de, self.examen.reducciones)
        )
        return tuple(dict.fromkeys(valor for valor in (*propios, *restados) if valor))

    def explicacion(self) -> str:
        """One plain Spanish sentence: base × tarifa = exacto, rounded; indicator and act used; norm."""
        return explicar(self)

    def reglas(self) -> tuple[ReglaExaminada, ...]:
        """The exclusions and exemptions that speak of this stamp on this act, and why each applied or not."""
        return self.examen.razones if self.examen else ()


@dataclass(frozen=True)
class ResultadoLiquidacion:
    """The lines, what a person should know about them, and the fiscal year whose values were used."""

    lineas: tuple[Linea, ...]
    avisos: tuple[str, ...]
    vigencia: int

    @property
    def total(self) -> Decimal:
        """Whole pesos."""
        return sum((linea.valor for linea in self.lineas), Decimal(0))

    @property
    def por_reconocer(self) -> tuple[Regla, ...]:
        """The rules that applied and need a recognition (`confirma_funcionario`), each once."""
        return _por_reconocer(self.lineas)

    def reconocido(self) -> "ResultadoLiquidacion":
        """The same without the warnings that a recognition answers."""
        contestados = {pedir_reconocimiento(regla) for regla in self.por_reconocer}
        return replace(self, avisos=tuple(aviso for aviso in self.avisos if aviso not in contestados))

    def reglas(self) -> list[dict[str, Any]]:
        """The exclusions and exemptions that were looked at, as `reglas_de` tells them."""
        return reglas_de(self.lineas)


def liquidar(normativa: Normativa, solicitud: Solicitud, examinador: Examinador | None = None) -> ResultadoLiquidacion:
    """Assess. Lines go by act as requested, then by stamp as catalogued.

    `examinador`: that of the same request with another amount, where no rule looks at the amount; its facts were checked.
    Raises `NormaNoVigente` when no tariff or indicator covers the date; `DatoInvalido` with the field that is missing or wrong.
    """
    _comprobar_valor(solicitud.valor)
    examinador = examinador or _examinador(normativa, solicitud)
    actos, avisos = elegir_actos(normativa, solicitud.actos, solicitud.fecha, solicitud.valor is not None)
    comprobar_variantes(normativa, actos, solicitud.fecha, solicitud.variantes)
    caso = _Caso(normativa, solicitud, examinador, avisos)
    lineas = tuple(linea for acto in actos for linea in _lineas(caso, acto))
    avisos.extend(pedir_reconocimiento(regla) for regla in _por_reconocer(lineas))
    if solicitud.valor is not None and not any(acto.tiene_cuantia for acto in actos):
        avisos.append(f"El valor {escribir_pesos(solicitud.valor)} no se usó: {nombres(actos)} no tiene cuantía")
    if any(linea.provisional for linea in lineas):
        avisos.append("Las tarifas son provisionales, de demostración: no tienen norma publicada")
    return ResultadoLiquidacion(lineas, tuple(dict.fromkeys(avisos)), solicitud.fecha.year)


def _examinador(normativa: Normativa, solicitud: Solicitud) -> Examinador:
    hechos = leer_hechos(normativa.hechos, solicitud.hechos)
    if solicitud.valor is not None:
        # Rules that compare the act's amount find it among the facts.
        hechos[VALOR] = solicitud.valor
    return Examinador(normativa, solicitud.fecha, hechos)


def _por_reconocer(lineas: tuple[Linea, ...]) -> tuple[Regla, ...]:
    pedidas = (regla for linea in lineas for regla in linea.aplicadas if regla.confirma_funcionario)
    return tuple({regla.codigo: regla for regla in pedidas}.values())


@dataclass(frozen=True)
class _Caso:
    normativa: Normativa
    solicitud: Solicitud
    examinador: Examinador
    avisos: list[str]
    bases: dict[tuple[str, tuple[str, ...]], Base] = field(default_factory=dict)

    @property
    def fecha(self) -> date:
        return self.solicitud.fecha


def _comprobar_valor(valor: Decimal | None) -> None:
    if valor is None:
        return
    if not isinstance(valor, Decimal) or not valor.is_finite() or not 0 <= valor <= MAXIMO_PESOS:
        raise DatoInvalido("El valor debe estar entre $0 y $1.000.000.000.000.000", "valor")
    if valor != valor.quantize(Decimal("0.01")):
        raise DatoInvalido("El valor no puede tener fracciones de centavo", "valor")


def _lineas(caso: _Caso, acto: Acto) -> list[Linea]:
    pares = caso.normativa.tarifas_de(acto, caso.fecha)
    if not pares:
        raise NormaNoVigente(f"No hay tarifas vigentes del acto {acto.codigo} para la fecha {caso.fecha.isoformat()}")
    elegidas = {e.codigo: (e, elegir_tarifa(acto, tarifas, caso.solicitud.variantes)) for e, tarifas in pares}
    lineas: dict[str, Linea] = {}
    for codigo in _orden(elegidas):
        lineas[codigo] = _linea(caso, acto, *elegidas[codigo], lineas)
    return [lineas[codigo] for codigo in elegidas]


def _orden(elegidas: Mapping[str, tuple[Estampilla, Tarifa]]) -> list[str]:
    """Every stamp after those that it follows or is a surcharge on; `revisar` refuses rules that go round in circles."""
    if not any(tarifa.sobre for _, tarifa in elegidas.values()):
        return list(elegidas)
    antes = {c: {e.sigue_a, t.sobre} & elegidas.keys() for c, (e, t) in elegidas.items()}
    return list(TopologicalSorter(antes).static_order())


def _linea(caso: _Caso, acto: Acto, estampilla: Estampilla, tarifa: Tarifa, previas: Mapping[str, Linea]) -> Linea:
    propio = caso.examinador.examinar(acto, estampilla.codigo, con_base=tarifa.con_base)
    examen, exencion, aplicadas = _exencion(propio, estampilla, tarifa, previas)
    caso.avisos.extend(examen.avisos)
    redondeo = caso.normativa.redondeo(tarifa.redondeo, caso.fecha)
    if exencion:
        valor = caso.solicitud.valor if tarifa.con_base else None
        base = None if valor is None else Base(valor, acto.valor_nombre, valor)
        return _renglon(acto, estampilla, base, Calculo(Decimal(0), tarifa), redondeo, examen, exencion, aplicadas)
    base = _base(caso, acto, tarifa, examen, previas)
    calculo = calcular(caso.normativa, tarifa, base, caso.fecha, caso.examinador.hechos, examen.reducciones)
    exencion, aplicadas = (base.exencion, base.aplicadas) if base else (None, ())
    return _renglon(acto, estampilla, base, calculo, redondeo, examen, exencion, aplicadas)


def _exencion(
    examen: Examen, estampilla: Estampilla, tarifa: Tarifa, previas: Mapping[str, Linea]
) -> tuple[Examen, str | None, tuple[Regla, ...]]:
    """Why the stamp is $0 and by which rules: its own, or those of the stamp that it follows or is a surcharge on.

    With them, the examination as that leaves it.
    """
    if examen.total is not None:
        return examen, examen.total.motivo, (examen.total,)
    seguida, recargada = previas.get(estampilla.sigue_a), previas.get(tarifa.sobre)
    if seguida is not None and seguida.exencion:
        # An act exempt from the stamp that this one follows is not "taxed with it" (Nariño, art. 248; N-A06).
        motivo = f"Sigue a {seguida.estampilla_nombre} ({estampilla.norma}, {estampilla.articulo}). {seguida.exencion}"
        sin_cobro = examen.sin_cobro(f"sigue a {seguida.estampilla_nombre}, que está exenta")
        return sin_cobro, motivo, seguida.aplicadas
    if recargada is not None and recargada.exencion:
        motivo = f"Recargo sobre {recargada.estampilla_nombre} ({tarifa.cita}). {recargada.exencion}"
        sin_cobro = examen.sin_cobro(f"es un recargo sobre {recargada.estampilla_nombre}, que está exenta")
        return sin_cobro, motivo, recargada.aplicadas
    return examen, None, ()


def _base(caso: _Caso, acto: Acto, tarifa: Tarifa, examen: Examen, previas: Mapping[str, Linea]) -> Base | None:
    if tarifa.con_base:
        # The stamps of an act whose base the same rules reduce have the same one.
        clave = (acto.codigo, tuple([regla.codigo for regla in examen.reducciones]))
        if clave not in caso.bases:
            hechos = caso.examinador.hechos
            base = base_de(caso.normativa, acto, caso.solicitud.valor, caso.fecha, hechos, examen.reducciones)
            caso.avisos.extend(base.avisos)
            caso.bases[clave] = base
        return caso.bases[clave]
    if tarifa.tipo is not TipoTarifa.PORCENTAJE_ESTAMPILLA:
        return None
    otra = previas.get(tarifa.sobre)
    if otra is None:
        raise NormaNoVigente(
            f"No hay tarifa de {tarifa.sobre} para el acto {acto.codigo}, y {tarifa.estampilla} se calcula sobre ella"
        )
    # What is paid for the other stamp, rounded as it is: nobody pays the exact value.
    return Base(otra.valor, f"lo que vale {otra.estampilla_nombre}", otra.valor)


def _renglon(
    acto: Acto,
    estampilla: Estampilla,
    base: Base | None,
    calculo: Calculo,
    redondeo: Redondeo,
    examen: Examen,
    exencion: str | None,
    aplicadas: tuple[Regla, ...],
) -> Linea:
    tarifa, indicador, exacto = calculo.tarifa, calculo.indicador, calculo.exacto
    decreto = indicador.acto if indicador and tarifa.tipo is TipoTarifa.DECRETADO else ""
    return Linea(
        estampilla=estampilla.codigo,
        estampilla_nombre=estampilla.nombre,
        acto=acto.codigo,
        base=base.valor if base else None,
        tarifa=tarifa.texto,
        indicador=indicador,
        exacto=exacto,
        redondeo=redondeo.codigo,
        redondeo_nombre=redondeo.nombre if exencion else redondeo.tramo(exacto).nombre,
        redondeo_inferido=tarifa.redondeo_inferido,
        valor=redondeo.aplicar(exacto),
        norma=f"{tarifa.cita}; {decreto}" if decreto else tarifa.cita,
        exencion=exencion,
        provisional=tarifa.provisional,
        base_detalle=base.detalle if base else "",
        en_tramo=calculo.en_tramo,
        limitado=calculo.limitado,
        aplicadas=aplicadas,
        examen=examen,
    )
