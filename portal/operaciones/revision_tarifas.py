"""Do brackets, limits, surcharges and shares fit together? Each problem is one Spanish sentence, as in `revision_normativa`."""

from collections.abc import Iterator
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter

from portal.dominio.escalas import AlCruzar, Escala
from portal.dominio.hechos import TipoHecho
from portal.dominio.normativa import Estampilla, Normativa
from portal.dominio.reparto import TODAS
from portal.dominio.tarifas import Tarifa, TipoTarifa
from portal.dominio.vigencia import rige


def nombre_de_tarifa(tarifa: Tarifa) -> str:
    """What a sentence calls a tariff."""
    return "/".join(parte for parte in (tarifa.estampilla, tarifa.acto, tarifa.variante) if parte)


def revisar_escalas(normativa: Normativa) -> Iterator[str]:
    """Brackets in order, the last one open; units and facts that exist; no whole contract re-rated downwards."""
    for tarifa in normativa.tarifas:
        if tarifa.escala is not None:
            yield from (f"{nombre_de_tarifa(tarifa)}: {que}" for que in _de_la_escala(normativa, tarifa, tarifa.escala))


def _de_la_escala(normativa: Normativa, tarifa: Tarifa, escala: Escala) -> Iterator[str]:
    limites = [tramo.hasta for tramo in escala.tramos]
    finitos = [limite for limite in limites if limite is not None]
    if limites != [*finitos, None] or finitos != sorted(set(finitos)) or min(finitos, default=1) <= 0:
        yield "los tramos de la escala deben ir de menor a mayor y solo el último no tener límite"
    tasas = [tramo.valor for tramo in escala.tramos]
    if escala.al_cruzar is AlCruzar.TODO and tasas != sorted(tasas):
        # The difference that an addition owes would be negative.
        yield "una escala que recalcula todo el contrato no puede bajar de tarifa"
    if tarifa.tipo is not TipoTarifa.PORCENTAJE:
        yield f"el tipo {tarifa.tipo} no admite escala"
    if not escala.cita:
        yield "la escala no cita su norma"
    if escala.indicador and escala.indicador not in {indicador.codigo for indicador in normativa.indicadores}:
        yield f"el indicador {escala.indicador} de la escala no existe"
    for clave, tipo in ((escala.anterior, TipoHecho.IMPORTE), (escala.fecha, TipoHecho.FECHA)):
        hecho = normativa.catalogo.get(clave)
        if clave and (hecho is None or hecho.tipo is not tipo):
            yield f"la escala no puede usar el hecho {clave}"


def revisar_limites(normativa: Normativa) -> Iterator[str]:
    """A least and a most above zero, in units that exist, the first not above the second."""
    indicadores = {indicador.codigo for indicador in normativa.indicadores} | {""}
    for tarifa in normativa.tarifas:
        for clase, limite in (("mínimo", tarifa.minimo), ("tope", tarifa.tope)):
            if limite is not None and (limite.cantidad <= 0 or limite.indicador not in indicadores):
                yield f"{nombre_de_tarifa(tarifa)}: el {clase} de {limite.texto} no es posible"
        menor, mayor = tarifa.minimo, tarifa.tope
        if menor and mayor and menor.indicador == mayor.indicador and menor.cantidad > mayor.cantidad:
            yield f"{nombre_de_tarifa(tarifa)}: el mínimo es mayor que el tope"


def revisar_recargos(normativa: Normativa) -> Iterator[str]:
    """Every surcharge on a stamp that is there to be surcharged, and none that ends up on itself."""
    codigos = {estampilla.codigo for estampilla in normativa.estampillas}
    antes: dict[str, set[str]] = {e.codigo: {e.sigue_a} & codigos for e in normativa.estampillas}
    for tarifa in normativa.tarifas:
        if (tarifa.tipo is TipoTarifa.PORCENTAJE_ESTAMPILLA) != bool(tarifa.sobre):
            yield f"{nombre_de_tarifa(tarifa)}: el tipo {tarifa.tipo} y la estampilla «{tarifa.sobre}» no casan"
        elif tarifa.sobre and tarifa.sobre not in codigos:
            yield f"{nombre_de_tarifa(tarifa)}: la estampilla {tarifa.sobre} del recargo no existe"
        elif tarifa.sobre:
            antes.setdefault(tarifa.estampilla, set()).add(tarifa.sobre)
    try:
        TopologicalSorter(antes).prepare()
    except CycleError as error:
        yield f"Las estampillas se calculan unas sobre otras sin fin: {', '.join(error.args[1])}"
        return
    yield from _sin_estampilla(normativa)


def _sin_estampilla(normativa: Normativa) -> Iterator[str]:
    """Acts that a surcharge taxes and its stamp does not."""
    for acto in normativa.actos:
        for dia in _cambios(normativa, acto.desde, acto.hasta):
            gravan = {e.codigo: tarifas for e, tarifas in normativa.tarifas_de(acto, dia)}
            faltan = {t.sobre for tarifas in gravan.values() for t in tarifas if t.sobre} - gravan.keys()
            for sobre in sorted(faltan):
                yield f"El acto {acto.codigo} paga desde {dia} un recargo sobre {sobre}, que no lo grava"


def _cambios(normativa: Normativa, desde: date, hasta: date | None) -> list[date]:
    """The first day of a range, and those inside it on which a surcharge or the stamp under it may have changed."""
    if not any(tarifa.sobre for tarifa in normativa.tarifas):
        return []
    filas: list[Tarifa | Estampilla] = [*normativa.tarifas, *normativa.estampillas]
    dias = {fila.desde for fila in filas} | {
        f.hasta + timedelta(days=1) for f in filas if f.hasta and f.hasta < date.max
    }
    return sorted({desde, *(dia for dia in dias if rige(desde, hasta, dia))})


def revisar_repartos(normativa: Normativa) -> Iterator[str]:
    """Shares of stamps that exist, with their norm, that add up to the whole on every day."""
    codigos = {estampilla.codigo for estampilla in normativa.estampillas}
    for reparto in normativa.repartos:
        if set(reparto.estampillas) - codigos - {TODAS} or not reparto.norma or reparto.porcentaje <= 0:
            yield f"El reparto {reparto.codigo} necesita estampillas que existan, su norma y un porcentaje mayor que cero"
    dias = {r.desde for r in normativa.repartos}
    dias |= {r.hasta + timedelta(days=1) for r in normativa.repartos if r.hasta and r.hasta < date.max}
    for codigo in sorted(codigos):
        for dia in sorted(dias):
            partes = normativa.reparto_de(codigo, dia)
            suma = sum(parte.porcentaje for parte in partes)
            if partes and suma != 100:
                yield f"El reparto de {codigo} desde {dia} suma {suma} % y no 100 %"
