"""The sentence that lets a person redo a figure by hand."""

from decimal import Decimal
from typing import TYPE_CHECKING

from portal.dominio.dinero import escribir_pesos
from portal.dominio.tarifas import TEXTO_DECRETADO

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
    return f"{_operacion(linea)}{_redondeado(linea)}. {linea.norma}.{inferido}{sin_aumento}"


def _operacion(linea: "Linea") -> str:
    exacto = escribir_exacto(linea.exacto)
    if linea.base is not None:
        detalle = f" ({linea.base_detalle})" if linea.base_detalle else ""
        return f"{escribir_pesos(linea.base)}{detalle} × {linea.tarifa} = {exacto}"
    if linea.indicador is None:
        return f"{linea.tarifa}: {exacto}"
    if linea.tarifa == TEXTO_DECRETADO:
        return f"{linea.tarifa} para {linea.indicador.desde.year}: {exacto}"
    unidad = f"{escribir_pesos(linea.indicador.valor)}, {linea.indicador.acto}"
    return f"{linea.tarifa} ({unidad}) = {exacto}"


def _redondeado(linea: "Linea") -> str:
    if linea.exacto == linea.valor:
        return ""
    return f", redondeado {linea.redondeo_nombre}: {escribir_pesos(linea.valor)}"
