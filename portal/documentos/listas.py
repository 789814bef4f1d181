"""The state of a list of contracts as a spreadsheet: one row per row of the list, and one per stamp."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from portal.documentos.libro import Celda, Hoja
from portal.dominio.calendario import BOGOTA
from portal.dominio.identificacion import escribir_documento
from portal.operaciones.listas import TITULOS, ListaRevisada, RenglonLista
from portal.operaciones.validaciones import EstampillaHallada

TITULOS_PLANTILLA = tuple(TITULOS.values())


def hojas_de_lista(revisada: ListaRevisada, ahora: datetime) -> list[Hoja]:
    """The rows with their counts, and every stamp behind them."""
    estampillas = [
        (renglon.fila, *_estampilla(una))
        for renglon in revisada.renglones
        if renglon.respuesta is not None
        for una in renglon.respuesta.estampillas
    ]
    columnas = (
        "Fila",
        "Factura",
        "Liquidación",
        "Contrato o trámite",
        "Vigencia",
        "Contribuyente",
        "Documento",
        "Estampilla",
        "Valor",
        "Estado",
        "Pagada",
        "CUS",
        "Utilizada",
    )
    return [hoja_de_lista(revisada, ahora), Hoja("Estampillas", columnas, estampillas)]


def hoja_de_lista(revisada: ListaRevisada, ahora: datetime) -> Hoja:
    """One row per row of the list, in its order."""
    columnas = (
        "Fila",
        *TITULOS_PLANTILLA,
        "Resultado",
        "Contratista",
        "Estampillas",
        "Pagadas",
        "Pendientes",
        "Utilizadas",
        "Por pagar",
        "Estados",
        "Liquidaciones",
        "Observación",
    )
    notas = [f"Estado el {ahora.astimezone(BOGOTA):%Y-%m-%d %H:%M}, hora de Colombia. Después puede cambiar."]
    return Hoja("Contratos", columnas, [_renglon(r) for r in revisada.renglones], notas)


def _renglon(renglon: RenglonLista) -> Sequence[Celda]:
    pedido = [renglon.escrito.get(clave, "") for clave in TITULOS]
    respuesta = renglon.respuesta
    if respuesta is None:
        problema = " ".join(str(error) for error in renglon.errores)
        return (renglon.fila, *pedido, "Error", "", *(None,) * 5, "", "", problema)
    halladas = respuesta.estampillas
    cuentas: Sequence[Celda] = (None,) * 5
    if respuesta.encontrada:
        cuentas = (
            len(halladas),
            respuesta.pagadas,
            respuesta.pendientes,
            respuesta.utilizadas,
            respuesta.por_pagar,
        )
    return (
        renglon.fila,
        *pedido,
        respuesta.hallazgo.value,
        ", ".join(dict.fromkeys(e.nombre for e in halladas)),
        *cuentas,
        respuesta.estados_en_palabras,
        ", ".join(str(numero) for numero in respuesta.liquidaciones),
        observacion(renglon),
    )


def observacion(renglon: RenglonLista) -> str:
    """What the columns do not say of a row."""
    nota = renglon.respuesta.nota if renglon.respuesta else ""
    repetida = f"Repite la fila {renglon.repite}." if renglon.repite else ""
    return " ".join(filter(None, (nota, repetida)))


def _estampilla(una: EstampillaHallada) -> Sequence[Any]:
    return (
        una.factura,
        una.liquidacion,
        una.contrato_en_palabras if una.es_contrato else una.acto,
        una.vigencia,
        una.nombre,
        escribir_documento(una.tipo_documento, una.documento),
        una.estampilla,
        una.valor,
        una.estado.value,
        _dia(una.pagada_en),
        una.cus or una.retenida,
        _dia(una.utilizada_en),
    )


def _dia(en: datetime | None) -> date | None:
    return en.astimezone(BOGOTA).date() if en else None
