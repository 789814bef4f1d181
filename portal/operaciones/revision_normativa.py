"""Does a department's set of rules fit together? Each problem is one Spanish sentence for `flask normativa verificar`."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from portal.dominio.condiciones import Comparacion, Condicion, Operador
from portal.dominio.hechos import TipoHecho
from portal.dominio.normativa import Acto, Estampilla, Normativa, Regla
from portal.dominio.redondeo import Redondeo
from portal.dominio.tarifas import TODOS, Tarifa, TipoTarifa
from portal.dominio.vigencia import rige
from portal.operaciones.revision_tarifas import (
    nombre_de_tarifa,
    revisar_escalas,
    revisar_limites,
    revisar_recargos,
    revisar_repartos,
)

_CON_VALORES = (TipoHecho.OPCION, TipoHecho.OPCIONES)


def revisar(normativa: Normativa) -> list[str]:
    """Overlaps, gaps, rates beyond their limit, unknown references, active acts that no stamp taxes."""
    revisiones = (
        _tarifas,
        _comodines,
        revisar_escalas,
        revisar_limites,
        revisar_recargos,
        revisar_repartos,
        _seguidas,
        _solapes_de_tarifas,
        _solapes_de_filas,
        _valores,
        _actos,
        _reglas,
        _redondeos,
    )
    return [problema for revision in revisiones for problema in revision(normativa)]


def _tarifas(normativa: Normativa) -> Iterator[str]:
    actos = {acto.codigo for acto in normativa.actos}
    estampillas = {estampilla.codigo: estampilla for estampilla in normativa.estampillas}
    redondeos = {redondeo.codigo for redondeo in normativa.redondeos}
    indicadores = {indicador.codigo for indicador in normativa.indicadores}
    for tarifa in normativa.tarifas:
        nombre = nombre_de_tarifa(tarifa)
        if tarifa.estampilla not in estampillas:
            yield f"{nombre}: la estampilla no existe"
        if not tarifa.acto.startswith(TODOS) and tarifa.acto not in actos:
            yield f"{nombre}: el acto no existe"
        if tarifa.redondeo not in redondeos:
            yield f"{nombre}: el redondeo {tarifa.redondeo} no existe"
        if tarifa.indicador not in indicadores | {""}:
            yield f"{nombre}: el indicador {tarifa.indicador} no existe"
        if not tarifa.norma:
            yield f"{nombre}: falta la norma"
        yield from _limites(tarifa, estampillas.get(tarifa.estampilla))


def _limites(tarifa: Tarifa, estampilla: Estampilla | None) -> Iterator[str]:
    con_indicador = (TipoTarifa.UNIDADES, TipoTarifa.PORCENTAJE_INDICADOR, TipoTarifa.DECRETADO)
    tasas = [tramo.valor for tramo in tarifa.escala.tramos] if tarifa.escala else [tarifa.valor]
    if min(tasas, default=0) <= 0:
        yield f"{nombre_de_tarifa(tarifa)}: el valor debe ser mayor que cero"
    if (tarifa.tipo in con_indicador) != bool(tarifa.indicador):
        yield f"{nombre_de_tarifa(tarifa)}: el tipo {tarifa.tipo} y el indicador «{tarifa.indicador}» no casan"
    if tarifa.tipo not in (TipoTarifa.PORCENTAJE, TipoTarifa.PORCENTAJE_ESTAMPILLA):
        return
    mayor = max(tasas, default=0)
    if mayor > 100:
        yield f"{nombre_de_tarifa(tarifa)}: {tarifa.texto} es más del 100 %"
    tope = estampilla.tope_porcentaje if estampilla and tarifa.con_base else None
    if tope is not None and mayor > tope:
        yield f"{nombre_de_tarifa(tarifa)}: {tarifa.texto} supera el tope del {tope} %"


def _comodines(normativa: Normativa) -> Iterator[str]:
    codigos = {estampilla.codigo for estampilla in normativa.estampillas}
    for tarifa in normativa.tarifas:
        seguida = tarifa.acto.removeprefix(TODOS)
        if tarifa.acto.startswith(TODOS) and seguida and (seguida not in codigos or seguida == tarifa.estampilla):
            yield f"{nombre_de_tarifa(tarifa)}: no puede seguir a la estampilla {seguida}"
    anteriores: set[str] = set()
    for estampilla in normativa.estampillas:
        if estampilla.sigue_a and estampilla.sigue_a not in anteriores:
            yield f"La estampilla {estampilla.codigo} debe ir después de {estampilla.sigue_a}, que existe y a la que sigue"
        anteriores.add(estampilla.codigo)


def _solapes_de_tarifas(normativa: Normativa) -> Iterator[str]:
    grupos: dict[tuple[str, str, str, str], list[Tarifa]] = {}
    for tarifa in normativa.tarifas:
        grupos.setdefault((tarifa.estampilla, tarifa.acto, tarifa.clase, tarifa.variante), []).append(tarifa)
    for tarifas in grupos.values():
        yield from _continuidad(nombre_de_tarifa(tarifas[0]), [(tarifa.desde, tarifa.hasta) for tarifa in tarifas])
    for (estampilla, acto, clase, variante), tarifas in grupos.items():
        sueltas = grupos.get((estampilla, acto, clase, ""), []) if variante else []
        if any(_a_la_vez(una, otra) for una in tarifas for otra in sueltas):
            yield f"{estampilla}/{acto}: tiene a la vez una tarifa con variante y otra sin ella"


def _a_la_vez(una: Tarifa, otra: Tarifa) -> bool:
    return una.desde <= (otra.hasta or date.max) and otra.desde <= (una.hasta or date.max)


def _seguidas(normativa: Normativa) -> Iterator[str]:
    """A stamp that follows another one has no tariff of its own on an act while the other one does not tax it."""
    sigue = {estampilla.codigo: estampilla.sigue_a for estampilla in normativa.estampillas if estampilla.sigue_a}
    actos = {acto.codigo: acto for acto in normativa.actos}
    for tarifa in normativa.tarifas:
        acto, seguida = actos.get(tarifa.acto), sigue.get(tarifa.estampilla)
        if acto is None or seguida is None:
            continue
        dias = [t.hasta + timedelta(days=1) for t in normativa.tarifas if t.hasta and t.estampilla == seguida]
        for dia in (tarifa.desde, *(d for d in dias if rige(tarifa.desde, tarifa.hasta, d))):
            if seguida not in {e.codigo for e, _ in normativa.tarifas_de(acto, dia)}:
                yield f"{nombre_de_tarifa(tarifa)}: la estampilla {seguida}, a la que sigue, no grava ese acto el {dia}"


def _solapes_de_filas(normativa: Normativa) -> Iterator[str]:
    grupos: dict[str, list[tuple[date, date | None]]] = {}
    filas: list[Acto | Estampilla | Redondeo | Regla]
    filas = [*normativa.actos, *normativa.estampillas, *normativa.redondeos, *normativa.reglas]
    for fila in filas:
        grupos.setdefault(f"{type(fila).__name__} {fila.codigo}", []).append((fila.desde, fila.hasta))
    for nombre, tramos in grupos.items():
        yield from _continuidad(nombre, tramos)


def _valores(normativa: Normativa) -> Iterator[str]:
    for indicador in normativa.indicadores:
        valores = [valor for valor in normativa.valores if valor.codigo == indicador.codigo]
        if not valores:
            yield f"{indicador.codigo}: no tiene ningún valor publicado"
        yield from _continuidad(indicador.codigo, [(valor.desde, valor.hasta) for valor in valores])
        for valor in valores:
            if valor.valor <= 0 or valor.valor != valor.valor.to_integral_value() or not valor.acto:
                yield f"{indicador.codigo} desde {valor.desde}: necesita pesos enteros mayores que cero y el acto que los fijó"


def _continuidad(nombre: str, tramos: Iterable[tuple[date, date | None]]) -> Iterator[str]:
    for (_, hasta), (desde, _) in pairwise(sorted(tramos, key=lambda tramo: tramo[0])):
        if hasta is None or desde <= hasta:
            yield f"{nombre}: dos filas rigen a la vez desde {desde}"
        elif desde > hasta + timedelta(days=1):
            yield f"{nombre}: no hay fila entre {hasta} y {desde}"


def _actos(normativa: Normativa) -> Iterator[str]:
    estampillas = {estampilla.codigo for estampilla in normativa.estampillas}
    codigos = {acto.codigo for acto in normativa.actos}
    movimientos = {v for hecho in normativa.hechos if hecho.clave == "posesion.movimiento" for v in hecho.valores}
    for acto in normativa.actos:
        if acto.activo and not normativa.tarifas_de(acto, acto.desde):
            yield f"El acto {acto.codigo} está activo y ninguna estampilla lo grava"
        if acto.tiene_cuantia != bool(acto.base):
            yield f"El acto {acto.codigo}: la clase {acto.clase} y la base «{acto.base}» no casan"
        for codigo in _referencias(acto, codigos, estampillas):
            yield f"El acto {acto.codigo} nombra a {codigo}, que no existe"
        if acto.descuento and not _se_descuenta(acto, normativa):
            yield f"El acto {acto.codigo}: la base no puede restar el hecho {acto.descuento.hecho}"
        if not set(acto.movimientos) <= movimientos:
            yield f"El acto {acto.codigo} tiene un movimiento que el hecho posesion.movimiento no admite"


def _se_descuenta(acto: Acto, normativa: Normativa) -> bool:
    """An amount of the catalogue, from an act with an amount that is not already taxed on an increase."""
    assert acto.descuento is not None
    hecho = normativa.catalogo.get(acto.descuento.hecho)
    return hecho is not None and hecho.tipo is TipoHecho.IMPORTE and acto.tiene_cuantia and not acto.movimientos


def _referencias(acto: Acto, actos: set[str], estampillas: set[str]) -> list[str]:
    citados = [*acto.desplaza, *acto.concurre_con, *([acto.con_valor_usar] if acto.con_valor_usar else [])]
    return [c for c in citados if c not in actos] + [e for e in acto.estampillas_propias if e not in estampillas]


def _reglas(normativa: Normativa) -> Iterator[str]:
    hechos = {hecho.clave: hecho for hecho in normativa.hechos}
    actos = {acto.codigo for acto in normativa.actos}
    grupos = {acto.grupo for acto in normativa.actos}
    estampillas = {estampilla.codigo for estampilla in normativa.estampillas} | {TODOS}
    indicadores = {indicador.codigo for indicador in normativa.indicadores}
    for regla in normativa.reglas:
        desconocidos = (
            {*regla.actos, *regla.excepto_actos} - actos | {*regla.grupos} - grupos | {*regla.estampillas} - estampillas
        )
        for codigo in sorted(desconocidos):
            yield f"La regla {regla.codigo} nombra a {codigo}, que no existe"
        if regla.efecto.tipo not in ("total", "reduce_base"):
            yield f"La regla {regla.codigo}: el efecto {regla.efecto.tipo} no existe"
        if regla.efecto.tipo == "reduce_base" and regla.efecto.indicador not in indicadores:
            yield f"La regla {regla.codigo}: el indicador «{regla.efecto.indicador}» no existe"
        for clave in _hechos_del_efecto(regla):
            if clave not in hechos:
                yield f"La regla {regla.codigo} pide el hecho {clave}, que no existe"
        for comparacion in _comparaciones(regla.cuando):
            hecho = hechos.get(comparacion.hecho)
            if hecho is None:
                yield f"La regla {regla.codigo} pide el hecho {comparacion.hecho}, que no existe"
            elif not _compara_bien(comparacion, hecho.tipo, hecho.valores):
                yield f"La regla {regla.codigo} compara el hecho {hecho.clave} con un valor que no admite"


def _hechos_del_efecto(regla: Regla) -> list[str]:
    plazo = [regla.plazo.hecho] if regla.plazo else []
    return [clave for clave in (regla.efecto.fecha, regla.efecto.consumido, *plazo) if clave]


def _comparaciones(condicion: Condicion) -> Iterator[Comparacion]:
    if isinstance(condicion, Comparacion):
        yield condicion
        return
    for parte in condicion.condiciones:
        yield from _comparaciones(parte)


def _compara_bien(comparacion: Comparacion, tipo: TipoHecho, valores: tuple[str, ...]) -> bool:
    if comparacion.operador in (Operador.MINIMO, Operador.MENOR_QUE):
        return tipo in (TipoHecho.IMPORTE, TipoHecho.PORCENTAJE)
    if tipo is TipoHecho.SI_NO:
        return all(isinstance(valor, bool) for valor in comparacion.valores)
    return tipo is TipoHecho.TEXTO or (tipo in _CON_VALORES and set(comparacion.valores) <= set(valores))


def _redondeos(normativa: Normativa) -> Iterator[str]:
    for redondeo in normativa.redondeos:
        limites = [tramo.hasta for tramo in redondeo.tramos]
        abiertos = [limite for limite in limites if limite is None]
        ordenados = [limite for limite in limites if limite is not None]
        if not limites or limites[-1] is not None or len(abiertos) != 1 or ordenados != sorted(ordenados):
            yield f"El redondeo {redondeo.codigo}: los tramos deben ir de menor a mayor y el último no tener límite"
        if any(tramo.multiplo < 1 or tramo.multiplo % Decimal(1) for tramo in redondeo.tramos):
            yield f"El redondeo {redondeo.codigo}: cada múltiplo debe ser de pesos enteros"
