"""The columns of both look-ups, in the order and with the words of the known screens."""

from collections.abc import Sequence
from functools import cache

from portal.dominio.dinero import escribir_pesos
from portal.dominio.identificacion import enmascarar_documento, enmascarar_nombre
from portal.operaciones.consultas import FilaConsulta
from portal.web.tablas import Columna

_ESTAMPILLA = Columna[FilaConsulta]("estampilla", "Estampilla", lambda f: f.estampilla, lambda f: f.estampilla)
_FACTURA = Columna[FilaConsulta]("factura", "Factura Estampilla", lambda f: str(f.factura), lambda f: f.factura)
_VALOR = Columna[FilaConsulta](
    "valor", "Valor Estampilla", lambda f: escribir_pesos(f.valor), lambda f: f.valor, importe=True
)
_ESTADO = Columna[FilaConsulta]("estado", "Estado", lambda f: f.estado.value, lambda f: f.estado.value, dibujada=True)


@cache
def columnas_tramite(completos: bool) -> Sequence[Columna[FilaConsulta]]:
    """Identificación · Nombre · Trámite · Estampilla · Factura Estampilla · Valor Estampilla · Estado."""

    def documento(fila: FilaConsulta) -> str:
        # Who searched by the number of a factura did not know whose it is, and does not learn it here.
        return fila.documento if completos or fila.por_documento else enmascarar_documento(fila.documento)

    def nombre(fila: FilaConsulta) -> str:
        return _nombre(fila, completos)

    return (
        Columna("identificacion", "Identificación", documento, documento),
        Columna("nombre", "Nombre", nombre, nombre),
        Columna("tramite", "Trámite", lambda f: f.acto, lambda f: f.acto),
        _ESTAMPILLA,
        _FACTURA,
        _VALOR,
        _ESTADO,
    )


@cache
def columnas_contrato(completos: bool) -> Sequence[Columna[FilaConsulta]]:
    """Número Contrato · Nombre Contratista · Nombre Contratante · Valor Contrato · Estampilla · Factura · Valor · Estado."""

    def nombre(fila: FilaConsulta) -> str:
        return _nombre(fila, completos)

    return (
        Columna("numero_contrato", "Número Contrato", lambda f: f.numero_contrato, lambda f: f.numero_contrato),
        Columna("contratista", "Nombre Contratista", nombre, nombre),
        Columna("contratante", "Nombre Contratante", lambda f: f.contratante, lambda f: f.contratante),
        Columna(
            "valor_contrato",
            "Valor Contrato",
            lambda f: "" if f.valor_contrato is None else escribir_pesos(f.valor_contrato),
            lambda f: f.valor_contrato or 0,
            importe=True,
        ),
        _ESTAMPILLA,
        _FACTURA,
        _VALOR,
        _ESTADO,
    )


def _nombre(fila: FilaConsulta, completos: bool) -> str:
    """A company's name is public; a person's is hidden (I-21)."""
    return fila.nombre if completos or not fila.natural else enmascarar_nombre(fila.nombre)
