"""From the published rules and a fiscal year to its circular.

Every figure comes from the rules of its own days; what was not published is said, never computed with another year's value.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from portal.dominio.circular import Capitulo, Circular, Cuadro, Deber, Dias, Duda, Renglon, ValorDelAno
from portal.dominio.circular_textos import (
    avisos_de,
    como_redondea,
    excepciones_de,
    nombre_conjunto,
    por_confirmar,
    sobre_que,
)
from portal.dominio.errores import NoExiste, NormaNoVigente
from portal.dominio.normativa import Acto, Estampilla, Normativa
from portal.dominio.redondeo import Redondeo
from portal.dominio.tarifas import TODOS, Tarifa, TipoTarifa
from portal.dominio.vigencia import ValorIndicador, rige

SIN_DECRETO = "Sin decreto publicado"
SIN_VALOR = "Sin valor publicado"
# The tariffs whose pesos follow from the date alone; the others are rates over an amount.
_FIJAS = (TipoTarifa.PESOS, TipoTarifa.UNIDADES, TipoTarifa.PORCENTAJE_INDICADOR, TipoTarifa.DECRETADO)
_UN_DIA = timedelta(days=1)


def vigencias(normativa: Normativa) -> tuple[int, ...]:
    """The years that have a circular, newest first: some tariff rules, and some value that they use was published.

    A department whose tariffs use no indicator takes the years of the nation's values.
    """
    usados = normativa.indicadores_usados()
    publicados = {v.desde.year for v in normativa.valores if not usados or v.codigo in usados}
    return tuple(sorted((ano for ano in publicados if _hay_tarifas(normativa, ano)), reverse=True))


def componer(
    normativa: Normativa, vigencia: int, *, deberes: Iterable[Deber] = (), dudas: Iterable[Duda] = ()
) -> Circular:
    """The circular of a year, from 1 January to 31 December. Raises `NoExiste` for a year outside `vigencias`."""
    if vigencia not in vigencias(normativa):
        raise NoExiste(f"No hay circular de {vigencia}: no hay tarifas con valores publicados para ese año.")
    tramos = _tramos(normativa, vigencia)
    ano = Dias(tramos[0].desde, tramos[-1].hasta)
    capitulos = tuple(_capitulos(normativa, tramos, ano))
    return Circular(
        departamento=normativa.departamento,
        vigencia=vigencia,
        valores=_valores(normativa, tramos, capitulos),
        capitulos=capitulos,
        excepciones=excepciones_de(normativa, TODOS, ano.desde, ano.hasta),
        deberes=tuple(d for d in deberes if _toca(d.desde, d.hasta, ano)),
        notas=por_confirmar((r for c in capitulos for r in c.renglones), dudas),
    )


def _hay_tarifas(normativa: Normativa, ano: int) -> bool:
    return any(t.desde.year <= ano and (t.hasta is None or t.hasta.year >= ano) for t in normativa.tarifas)


def _toca(desde: date, hasta: date | None, dias: Dias) -> bool:
    return desde <= dias.hasta and (hasta is None or hasta >= dias.desde)


def _tramos(normativa: Normativa, vigencia: int) -> list[Dias]:
    """The year cut wherever a row begins or ends: inside each piece nothing changes."""
    primero, ultimo = date(vigencia, 1, 1), date(vigencia, 12, 31)
    filas: list[Estampilla | Acto | Tarifa | Redondeo | ValorIndicador]
    filas = [
        *normativa.estampillas,
        *normativa.actos,
        *normativa.tarifas,
        *normativa.redondeos,
        *normativa.valores,
    ]
    cortes = {primero} | {f.desde for f in filas} | {f.hasta + _UN_DIA for f in filas if f.hasta and f.hasta < ultimo}
    inicios = sorted(corte for corte in cortes if primero <= corte <= ultimo)
    finales = [inicio - _UN_DIA for inicio in inicios[1:]] + [ultimo]
    return [Dias(desde, hasta) for desde, hasta in zip(inicios, finales, strict=True)]


def _capitulos(normativa: Normativa, tramos: Sequence[Dias], ano: Dias) -> Iterator[Capitulo]:
    propios = {tarifa.acto for tarifa in normativa.tarifas if _toca(tarifa.desde, tarifa.hasta, ano)}
    hallados: dict[str, dict[tuple[str, ...], list[Renglon]]] = {}
    for dias in tramos:
        for estampilla, clave, renglon in _renglones(normativa, dias, propios):
            _anotar(hallados.setdefault(estampilla, {}).setdefault(clave, []), renglon)
    for codigo in dict.fromkeys(e.codigo for e in normativa.estampillas):
        if codigo not in hallados:
            continue
        suya = next(e for e in reversed(normativa.estampillas) if e.codigo == codigo and e.desde <= ano.hasta)
        filas = [renglon for serie in hallados[codigo].values() for renglon in serie]
        yield Capitulo(
            codigo=codigo,
            nombre=suya.nombre,
            norma=suya.norma,
            sigue_a=next((e.nombre for e in normativa.estampillas if e.codigo == suya.sigue_a), ""),
            cuadros=_cuadros(filas),
            excepciones=excepciones_de(normativa, codigo, ano.desde, ano.hasta),
        )


def _cuadros(filas: Iterable[Renglon]) -> tuple[Cuadro, ...]:
    """Acts with amount in one table; those without, by group as catalogued; what is charged on all at once goes last."""
    ordenadas = sorted(filas, key=lambda r: (r.clase != "con_cuantia", len(r.actos) > 1, r.orden, r.dias.desde))
    grupos: dict[tuple[str, str], list[Renglon]] = {}
    for renglon in ordenadas:
        grupo = "" if renglon.clase == "con_cuantia" else renglon.grupo
        grupos.setdefault((renglon.clase, grupo), []).append(renglon)
    return tuple(Cuadro(clase, grupo, tuple(suyas)) for (clase, grupo), suyas in grupos.items())


def _anotar(serie: list[Renglon], nuevo: Renglon) -> None:
    """Add a row to those of the same act, or lengthen the last one when nothing that is charged changed."""
    ultimo = serie[-1] if serie else None
    if (
        ultimo is None
        or ultimo.dias.hasta + _UN_DIA != nuevo.dias.desde
        or replace(ultimo, dias=nuevo.dias, indicadores=nuevo.indicadores) != nuevo
    ):
        serie.append(nuevo)
        return
    actos = tuple(dict.fromkeys((*ultimo.indicadores, *nuevo.indicadores)))
    serie[-1] = replace(ultimo, dias=Dias(ultimo.dias.desde, nuevo.dias.hasta), indicadores=actos)


def _renglones(normativa: Normativa, dias: Dias, propios: set[str]) -> Iterator[tuple[str, tuple[str, ...], Renglon]]:
    """The rows of days on which nothing changes: code of the stamp, what tells a row from others, the row.

    A tariff on all acts of a kind is one row when they have no amount and each is named elsewhere in the circular (`propios`);
    an act with amount goes by its own base.
    """
    alcances: dict[tuple[str, Tarifa], list[Acto]] = {}
    for acto in (a for a in normativa.actos if rige(a.desde, a.hasta, dias.desde)):
        for estampilla, tarifas in normativa.tarifas_de(acto, dias.desde):
            for tarifa in tarifas:
                alcances.setdefault((estampilla.codigo, tarifa), []).append(acto)
    for (codigo, tarifa), actos in alcances.items():
        if all(a.codigo in propios and not a.tiene_cuantia for a in actos) and tarifa.acto.startswith(TODOS):
            yield codigo, (tarifa.acto, tarifa.clase, tarifa.variante), _renglon(normativa, tarifa, actos, dias)
            continue
        for acto in actos:
            yield codigo, (acto.codigo, tarifa.variante), _renglon(normativa, tarifa, [acto], dias)


def _renglon(normativa: Normativa, tarifa: Tarifa, actos: Sequence[Acto], dias: Dias) -> Renglon:
    uno = actos[0] if len(actos) == 1 else None
    indicador = _publicado(normativa, tarifa.indicador, dias.desde)
    redondeo = normativa.redondeo(tarifa.redondeo, dias.desde)
    fija = tarifa.tipo in _FIJAS
    falta = ""
    if fija and tarifa.indicador and indicador is None:
        falta = SIN_DECRETO if tarifa.tipo is TipoTarifa.DECRETADO else SIN_VALOR
    exacto = tarifa.exacto(None, indicador) if fija and not falta else None
    return Renglon(
        actos=tuple(acto.codigo for acto in actos),
        nombre=uno.nombre if uno else nombre_conjunto(normativa, tarifa, actos, dias.desde),
        clase=actos[0].clase,
        grupo=uno.grupo if uno else "",
        orden=actos[0].orden,
        base=sobre_que(normativa, uno) if uno and not fija else "",
        tarifa=tarifa.texto,
        indicador=tarifa.indicador,
        valor_indicador=indicador.valor if indicador else None,
        indicadores=(indicador.acto,) if indicador else (),
        exacto=exacto,
        valor=None if exacto is None else redondeo.aplicar(exacto),
        falta=falta,
        redondeo="" if tarifa.tipo is TipoTarifa.PESOS else como_redondea(redondeo, inferido=tarifa.redondeo_inferido),
        norma=tarifa.norma,
        articulo=tarifa.articulo,
        variante=tarifa.variante,
        provisional=tarifa.provisional,
        avisos=avisos_de(tarifa, actos),
        dias=dias,
    )


def _publicado(normativa: Normativa, codigo: str, fecha: date) -> ValorIndicador | None:
    try:
        return normativa.valor_indicador(codigo, fecha) if codigo else None
    except NormaNoVigente:
        return None


def _valores(normativa: Normativa, tramos: Sequence[Dias], capitulos: Sequence[Capitulo]) -> tuple[ValorDelAno, ...]:
    """The indicators that tariffs and rules of the year use, day after day; what has no value is a row too."""
    usados = {renglon.indicador for capitulo in capitulos for renglon in capitulo.renglones}
    reglas = [r for r in normativa.reglas if _toca(r.desde, r.hasta, Dias(tramos[0].desde, tramos[-1].hasta))]
    usados |= {regla.efecto.indicador for regla in reglas}
    decretados = {t.indicador for t in normativa.tarifas if t.tipo is TipoTarifa.DECRETADO}
    valores: list[ValorDelAno] = []
    for indicador in normativa.indicadores:
        if indicador.codigo not in usados:
            continue
        sin = SIN_DECRETO if indicador.codigo in decretados else SIN_VALOR
        for dias in tramos:
            hallado = _publicado(normativa, indicador.codigo, dias.desde)
            acto = hallado.acto if hallado else ""
            valor = hallado.valor if hallado else None
            nuevo = ValorDelAno(indicador.codigo, indicador.nombre, dias, valor, acto, "" if hallado else sin)
            if valores and replace(valores[-1], dias=dias) == nuevo:
                nuevo = replace(nuevo, dias=Dias(valores.pop().dias.desde, dias.hasta))
            valores.append(nuevo)
    return tuple(valores)
