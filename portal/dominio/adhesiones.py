"""Adherir y anular: why a stamp cannot be used, in words, and who may undo a use that was a mistake."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from portal.dominio.archivos import PDF, reconocer
from portal.dominio.errores import DatoInvalido
from portal.dominio.estados import EstadoPublico
from portal.dominio.identificacion import leer_texto

_ACTO_MAS_ANTIGUO = date(1990, 1, 1)


class Rechazo(StrEnum):
    """Why a stamp cannot be attached to an act."""

    OTRO_DEPARTAMENTO = "otro_departamento"
    OTRA_PERSONA = "otra_persona"
    OTRO_ACTO = "otro_acto"
    NO_PAGADA = "no_pagada"
    VENCIDA = "vencida"
    POR_RETENCION = "por_retencion"
    EN_VERIFICACION = "en_verificacion"
    YA_USADA = "ya_usada"
    REVERTIDA = "revertida"
    USADA_Y_REVERTIDA = "usada_y_revertida"
    SIN_EFECTO = "sin_efecto"
    DEVOLUCION_EN_CURSO = "devolucion_en_curso"


# What the official reads. `usada` tells of the adhesion that stands, in one phrase.
RECHAZOS: Mapping[Rechazo, str] = MappingProxyType(
    {
        Rechazo.OTRO_DEPARTAMENTO: "Es de otro departamento. Aquí no sirve.",
        Rechazo.OTRA_PERSONA: "Es de otra persona: no corresponde a este acto.",
        Rechazo.OTRO_ACTO: "Es de otro acto de la misma persona: no corresponde a este.",
        Rechazo.NO_PAGADA: "No está pagada. No la reciba.",
        Rechazo.VENCIDA: "No se pagó y su plazo venció. Pida una nueva liquidación.",
        Rechazo.POR_RETENCION: "Se cobra por partes, con cada cuenta del contrato. Use las estampillas de cada cuenta.",
        Rechazo.EN_VERIFICACION: "Su pago está en verificación en el banco. Espere a que se confirme.",
        Rechazo.YA_USADA: "Ya se usó. {usada}",
        Rechazo.REVERTIDA: "El banco devolvió el pago: se debe de nuevo. No la reciba.",
        Rechazo.USADA_Y_REVERTIDA: "Ya se usó, y después el banco devolvió su pago. {usada}",
        Rechazo.SIN_EFECTO: "Quedó sin efecto. No la reciba.",
        Rechazo.DEVOLUCION_EN_CURSO: "Quien la pagó pidió la devolución del dinero (n.º {devolucion}): aún no se decide.",
    }
)
_POR_ESTADO: Mapping[EstadoPublico, Rechazo] = MappingProxyType(
    {
        EstadoPublico.LIQUIDADO: Rechazo.NO_PAGADA,
        EstadoPublico.VENCIDA: Rechazo.VENCIDA,
        EstadoPublico.POR_RETENCION: Rechazo.POR_RETENCION,
        EstadoPublico.EN_VERIFICACION: Rechazo.EN_VERIFICACION,
        EstadoPublico.UTILIZADA: Rechazo.YA_USADA,
        EstadoPublico.REVERTIDO: Rechazo.REVERTIDA,
        EstadoPublico.SIN_EFECTO: Rechazo.SIN_EFECTO,
    }
)


def rechazo_por_estado(estado: EstadoPublico, *, usada: bool) -> Rechazo | None:
    """Why a stamp in that state cannot be used; None when it can. `usada`: an adhesion of it stands, whatever its state.

    >>> rechazo_por_estado(EstadoPublico.LEGALIZADO, usada=False) is None
    True
    """
    if usada:
        return Rechazo.YA_USADA if estado is EstadoPublico.UTILIZADA else Rechazo.USADA_Y_REVERTIDA
    return _POR_ESTADO.get(estado)


class EstadoDeshacer(StrEnum):
    """Undoing an adhesion happens at once, or is proposed by one person and resolved, once, by another."""

    PROPUESTA = "propuesta"
    APROBADA = "aprobada"
    RECHAZADA = "rechazada"


def se_deshace_sin_otra_persona(adherida_por: int, adherida_el: date, quien: int, hoy: date) -> bool:
    """Whether `quien` may undo an adhesion alone: its own, and within the Colombian day that it was made on.

    >>> dia = date(2026, 11, 25)
    >>> se_deshace_sin_otra_persona(1, dia, 1, dia), se_deshace_sin_otra_persona(1, dia, 2, dia)
    (True, False)
    """
    return adherida_por == quien and adherida_el == hoy


def leer_numero_acto(texto: str) -> str:
    """How the paper names itself: `Contrato 647`, `Resolución 0123`. Raises `DatoInvalido` (campo `acto_numero`)."""
    return leer_texto(texto, maximo=80, campo="acto_numero")


def leer_dependencia(texto: str, *, obligatoria: bool = True) -> str:
    """The office that receives the act. Raises `DatoInvalido` (campo `dependencia`)."""
    return leer_texto(texto, maximo=160, campo="dependencia", obligatorio=obligatoria)


def exigir_fecha_acto(fecha: date, hoy: date) -> None:
    """Raises `DatoInvalido` (campo `acto_fecha`) when no act can be of that day."""
    if fecha > hoy:
        raise DatoInvalido("El acto no puede ser de un día que aún no llega.", "acto_fecha")
    if fecha < _ACTO_MAS_ANTIGUO:
        raise DatoInvalido("Revise el año de la fecha del acto.", "acto_fecha")


def exigir_pdf_del_acto(contenido: bytes) -> None:
    """Raises `DatoInvalido` (campo `archivo`) when the bytes are no whole PDF of an admitted size."""
    if reconocer(contenido) != PDF:
        raise DatoInvalido("El archivo del acto debe ser un PDF.", "archivo")
