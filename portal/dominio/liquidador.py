"""The assessment itself: acts, a date, an amount and facts in; one explained line per stamp out. Pure and exact.

Sources: Ordenanza 028 de 2010 of Nariño (arts. 243 to 263), manual A-GI-MA-010 of Cundinamarca (sections 4 and 5).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, localcontext

from portal.dominio.condiciones import Juicio
from portal.dominio.dinero import MAXIMO_PESOS, escribir_pesos
from portal.dominio.errores import DatoInvalido, NormaNoVigente
from portal.dominio.exenciones import examinar, juzgar, pedir_reconocimiento, reducir
from portal.dominio.explicacion import explicar
from portal.dominio.hechos import ASIGNACION_ANTERIOR, MOVIMIENTO, Valor, leer_hechos
from portal.dominio.normativa import Acto, Estampilla, Normativa, Regla, ValorIndicador, nombres
from portal.dominio.redondeo import EXACTO
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
    aplicadas: tuple[Regla, ...] = ()

    def explicacion(self) -> str:
        """One plain Spanish sentence: base × tarifa = exacto, rounded; indicator and act used; norm."""
        return explicar(self)


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


def liquidar(normativa: Normativa, solicitud: Solicitud) -> ResultadoLiquidacion:
    """Assess. Lines go by act as requested, then by stamp as catalogued.

    Raises `NormaNoVigente` when no tariff or indicator covers the date; `DatoInvalido` with the field that is missing or wrong.
    """
    _comprobar_valor(solicitud.valor)
    hechos = leer_hechos(normativa.hechos, solicitud.hechos)
    actos, avisos = elegir_actos(normativa, solicitud.actos, solicitud.fecha, solicitud.valor is not None)
    comprobar_variantes(normativa, actos, solicitud.fecha, solicitud.variantes)
    # Rules that compare the act's amount find it among the facts.
    con_valor = hechos if solicitud.valor is None else {**hechos, "valor": solicitud.valor}
    caso = _Caso(normativa, solicitud, hechos, juzgar(normativa, solicitud.fecha, con_valor), avisos)
    lineas = tuple(linea for acto in actos for linea in _lineas(caso, acto))
    avisos.extend(pedir_reconocimiento(regla) for regla in _por_reconocer(lineas))
    if solicitud.valor is not None and not any(acto.tiene_cuantia for acto in actos):
        avisos.append(f"El valor {escribir_pesos(solicitud.valor)} no se usó: {nombres(actos)} no tiene cuantía")
    if any(linea.provisional for linea in lineas):
        avisos.append("Las tarifas son provisionales, de demostración: no tienen norma publicada")
    return ResultadoLiquidacion(lineas, tuple(dict.fromkeys(avisos)), solicitud.fecha.year)


def _por_reconocer(lineas: tuple[Linea, ...]) -> tuple[Regla, ...]:
    pedidas = (regla for linea in lineas for regla in linea.aplicadas if regla.confirma_funcionario)
    return tuple({regla.codigo: regla for regla in pedidas}.values())


@dataclass(frozen=True)
class _Caso:
    normativa: Normativa
    solicitud: Solicitud
    hechos: Mapping[str, Valor]
    juicios: tuple[tuple[Regla, Juicio], ...]
    avisos: list[str]

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
    lineas: dict[str, Linea] = {}
    for estampilla, tarifas in pares:
        tarifa = elegir_tarifa(acto, tarifas, caso.solicitud.variantes)
        lineas[estampilla.codigo] = _linea(caso, acto, estampilla, tarifa, lineas)
    return list(lineas.values())


def _linea(caso: _Caso, acto: Acto, estampilla: Estampilla, tarifa: Tarifa, previas: Mapping[str, Linea]) -> Linea:
    examen = examinar(caso.juicios, acto, estampilla.codigo, caso.fecha)
    caso.avisos.extend(examen.avisos)
    redondeo = caso.normativa.redondeo(tarifa.redondeo, caso.fecha)
    linea = Linea(
        estampilla=estampilla.codigo,
        estampilla_nombre=estampilla.nombre,
        acto=acto.codigo,
        base=caso.solicitud.valor if tarifa.tipo is TipoTarifa.PORCENTAJE else None,
        tarifa=tarifa.texto,
        indicador=None,
        exacto=Decimal(0),
        redondeo=redondeo.codigo,
        redondeo_nombre=redondeo.nombre,
        redondeo_inferido=tarifa.redondeo_inferido,
        valor=Decimal(0),
        norma=tarifa.cita,
        exencion=None,
        provisional=tarifa.provisional,
        base_detalle=acto.base_nombre if tarifa.tipo is TipoTarifa.PORCENTAJE else "",
    )
    seguida = previas.get(estampilla.sigue_a)
    if examen.total is not None:
        return replace(linea, exencion=examen.total.motivo, aplicadas=(examen.total,))
    if seguida is not None and seguida.exencion:
        # An act exempt from the stamp that this one follows is not "taxed with it" (Nariño, art. 248; N-A06).
        motivo = f"Sigue a {seguida.estampilla_nombre} ({estampilla.norma}, {estampilla.articulo}). {seguida.exencion}"
        return replace(linea, exencion=motivo, aplicadas=seguida.aplicadas)
    if tarifa.tipo is TipoTarifa.PORCENTAJE:
        linea = _con_base(caso, acto, linea, examen.reducciones)
    return _calcular(caso, linea, tarifa)


def _con_base(caso: _Caso, acto: Acto, linea: Linea, reducciones: tuple[Regla, ...]) -> Linea:
    valor = caso.solicitud.valor
    if valor is None:
        raise DatoInvalido(f"Falta el valor: el acto {acto.codigo} se liquida sobre {acto.base_nombre}", "valor")
    base, detalle = _aumento(caso, acto, valor)
    exencion = None
    aplicadas: list[Regla] = []
    for regla in reducciones:
        reducida = reducir(caso.normativa, regla, base, caso.fecha, caso.hechos)
        if reducida.base < base:
            aplicadas.append(regla)
        base, detalle = reducida.base, reducida.detalle
        caso.avisos.append(f"Se aplicó la regla {regla.codigo} ({regla.nombre}): {detalle}")
        if base == 0 and valor > 0:
            exencion = regla.motivo
    return replace(linea, base=base, base_detalle=detalle, exencion=exencion, aplicadas=tuple(aplicadas))


def _aumento(caso: _Caso, acto: Acto, valor: Decimal) -> tuple[Decimal, str]:
    """The base: the amount, or only the increase of the monthly pay in some appointments (Nariño 243 a; Cundinamarca 4.6)."""
    if caso.hechos.get(MOVIMIENTO) not in acto.movimientos:
        return valor, acto.base_nombre
    anterior = caso.hechos.get(ASIGNACION_ANTERIOR)
    if not isinstance(anterior, Decimal):
        mensaje = f"Falta la asignación anterior: el acto {acto.codigo} paga solo sobre el aumento"
        raise DatoInvalido(mensaje, f"hechos.{ASIGNACION_ANTERIOR}")
    with localcontext(EXACTO):
        aumento = max(valor - anterior, Decimal(0))
    return aumento, f"el aumento de {escribir_pesos(anterior)} a {escribir_pesos(valor)}"


def _calcular(caso: _Caso, linea: Linea, tarifa: Tarifa) -> Linea:
    redondeo = caso.normativa.redondeo(tarifa.redondeo, caso.fecha)
    indicador = caso.normativa.valor_indicador(tarifa.indicador, caso.fecha) if tarifa.indicador else None
    exacto = tarifa.exacto(linea.base, indicador)
    norma = linea.norma
    if tarifa.tipo is TipoTarifa.DECRETADO and indicador is not None:
        norma = f"{norma}; {indicador.acto}"
    return replace(
        linea,
        indicador=indicador,
        exacto=exacto,
        valor=redondeo.aplicar(exacto),
        redondeo_nombre=redondeo.tramo(exacto).nombre,
        norma=norma,
    )
