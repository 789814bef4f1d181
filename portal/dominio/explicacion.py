"""The sentence that lets a person redo a figure by hand."""

from decimal import Decimal
from typing import TYPE_CHECKING

from portal.dominio.calculo import EnTramo, Limitado
from portal.dominio.dinero import escribir_pesos
from portal.dominio.normativa import ValorIndicador
from portal.dominio.tarifas import TEXTO_DECRETADO, escribir_tasa

if TYPE_CHECKING:
    from portal.dominio.liquidador import Linea


INFERIDO = " La norma no trae regla de redondeo para esta tarifa: la aplicada es inferida."


def escribir_exacto(valor: Decimal) -> str:
    """Pesos with every decimal that they have, the Colombian way: `$234.557,495`."""
    entero, _, decimales = f"{valor:f}".partition(".")
    decimales = decimales.rstrip("0")
    pesos = escribir_pesos(Decimal(entero))
    return f"{pesos},{decimales.ljust(2, '0')}" if decimales else pesos


def explicar(linea: "Linea") -> str:
    """base × tarifa = exacto, rounded how and to what, by which norm; or the reason of a stamp of $0."""
    if linea.exencion:
        base = f" Base: {escribir_pesos(linea.base)} ({linea.base_detalle})." if linea.base is not None else ""
        return f"$0. {linea.exencion}.{base}"
    inferido = INFERIDO if linea.redondeo_inferido else ""
    sin_aumento = (
        " No hay aumento que gravar." if linea.base == 0 and linea.base_detalle.startswith("el aumento") else ""
    )
    tramo = _tramo(linea.en_tramo) if linea.en_tramo else ""
    cuenta = f"{_operacion(linea)}{_limite(linea.limitado)}{_redondeado(linea)}"
    return f"{cuenta}. {linea.norma}.{tramo}{inferido}{sin_aumento}"


def _operacion(linea: "Linea") -> str:
    exacto = escribir_exacto(linea.limitado.calculado if linea.limitado else linea.exacto)
    if linea.base is not None:
        detalle = f" ({linea.base_detalle})" if linea.base_detalle else ""
        return f"{escribir_pesos(linea.base)}{detalle} × {linea.tarifa}{_diferencia(linea.en_tramo)} = {exacto}"
    if linea.indicador is None:
        return f"{linea.tarifa}: {exacto}"
    if linea.tarifa == TEXTO_DECRETADO:
        return f"{linea.tarifa} para {linea.indicador.desde.year}: {exacto}"
    return f"{linea.tarifa} ({_unidad(linea.indicador)}) = {exacto}"


def _unidad(indicador: ValorIndicador) -> str:
    return f"{escribir_pesos(indicador.valor)}, {indicador.acto}"


def _diferencia(en_tramo: EnTramo | None) -> str:
    """What an addition adds where the whole contract takes another rate."""
    if en_tramo is None or en_tramo.cruza is None:
        return ""
    tasas = f"{escribir_tasa(en_tramo.tramo.valor)} % − {escribir_tasa(en_tramo.cruza.valor)} %"
    return f" + {escribir_pesos(en_tramo.gravado_anterior)} (lo ya liquidado) × ({tasas})"


def _tramo(en_tramo: EnTramo) -> str:
    """Which bracket, and how the contract came to it."""
    escala, anterior = en_tramo.escala, escribir_pesos(en_tramo.anterior)
    suma = f"con {anterior} ya liquidados suma" if en_tramo.anterior else "vale"
    unidad = f"; {escala.indicador}: {_unidad(en_tramo.unidad)}" if en_tramo.unidad else ""
    tramo = f"Tramo: {escala.nombre_de(en_tramo.tramo)} ({escala.cita}{unidad})"
    return f" {tramo}, porque el contrato {suma} {escribir_pesos(en_tramo.acumulado)}."


def _limite(limitado: Limitado | None) -> str:
    if limitado is None:
        return ""
    limite = limitado.limite
    partes = [limite.texto if limite.indicador else "", limite.cita]
    partes += [_unidad(limitado.indicador)] if limitado.indicador else []
    origen = "; ".join(parte for parte in partes if parte)
    compara = "menos que el mínimo" if limitado.clase == "mínimo" else "más que el tope"
    return f", {compara}, que es {escribir_exacto(limitado.pesos)}{f' ({origen})' if origen else ''}"


def _redondeado(linea: "Linea") -> str:
    if linea.exacto == linea.valor:
        return ""
    return f", redondeado {linea.redondeo_nombre}: {escribir_pesos(linea.valor)}"
