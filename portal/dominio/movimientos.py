"""What a payment line of a bank's file turns out to be, in the words that treasury reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from portal.dominio.casos import ClaseCaso


class CanalMovimiento(StrEnum):
    """Whether the gateway tells of the payment too."""

    PSE = "pse"
    VENTANILLA = "ventanilla"


class Novedad(StrEnum):
    """Whether an earlier file already brought a line."""

    NUEVA = "nueva"
    REPETIDA = "repetida"
    # Equal to one that another file brought, and nothing tells whether it is the same payment: a person decides.
    DUDOSA = "dudosa"


class Dudosas(StrEnum):
    """What a person decides about the doubtful lines of a file."""

    SIN_DECIDIR = ""
    REPETIDAS = "repetidas"
    NUEVAS = "nuevas"


class ResultadoMovimiento(StrEnum):
    """What a line did when its file was imported."""

    LEGALIZADO = "legalizado"
    LEGALIZADO_TARDE = "legalizado_tarde"
    VALOR_DISTINTO = "valor_distinto"
    YA_PAGADA = "ya_pagada"
    SIN_EFECTO = "sin_efecto"
    NO_PAGABLE = "no_pagable"
    REFERENCIA_DESCONOCIDA = "referencia_desconocida"
    MEDIO_DESCONOCIDO = "medio_desconocido"
    PSE_TRASLADADO = "pse_trasladado"
    PSE_SIN_PASARELA = "pse_sin_pasarela"
    PSE_AMBIGUO = "pse_ambiguo"
    PSE_VALOR_DISTINTO = "pse_valor_distinto"
    PSE_REPETIDO = "pse_repetido"
    REVERTIDO = "revertido"
    REVERTIDO_ANTES = "revertido_antes"
    DEVUELTO_SIN_ORIGEN = "devuelto_sin_origen"


@dataclass(frozen=True)
class Desenlace:
    """What people read of an outcome, and the queue where it waits for somebody (none: it is settled)."""

    nombre: str
    explica: str
    cola: ClaseCaso | None = None


_R, _C = ResultadoMovimiento, ClaseCaso
DESENLACES: Mapping[ResultadoMovimiento, Desenlace] = MappingProxyType(
    {
        _R.LEGALIZADO: Desenlace("Legaliza su factura", "El valor es el de la factura, que se debía."),
        _R.LEGALIZADO_TARDE: Desenlace(
            "Legaliza después del plazo",
            "El banco recibió el pago después de la fecha límite. El dinero cuenta y queda un caso para preguntar por qué.",
            _C.PAGO_TARDIO,
        ),
        _R.VALOR_DISTINTO: Desenlace(
            "Valor distinto",
            "El valor no es el de la factura. No legaliza nada y espera en un caso.",
            _C.VALOR_DISTINTO,
        ),
        _R.YA_PAGADA: Desenlace(
            "La factura ya estaba pagada", "El dinero sobra y se debe devolver: queda un caso.", _C.PAGO_DOBLE
        ),
        _R.SIN_EFECTO: Desenlace(
            "La liquidación quedó sin efecto",
            "Nada se debía. El dinero se debe devolver: queda un caso.",
            _C.PAGO_DOBLE,
        ),
        _R.NO_PAGABLE: Desenlace(
            "Se cobra por retención",
            "Esa factura se cobra con cada pago del contrato y no se paga entera. El dinero espera en un caso.",
            _C.PAGO_DOBLE,
        ),
        _R.REFERENCIA_DESCONOCIDA: Desenlace(
            "Referencia desconocida",
            "Ninguna factura tiene ese número. El dinero espera en un caso.",
            _C.REFERENCIA_DESCONOCIDA,
        ),
        _R.MEDIO_DESCONOCIDO: Desenlace(
            "Medio desconocido",
            "El código de procedencia o de medio de pago no está en las tablas. No se aplica nada hasta que se aclare.",
            _C.DIFERENCIA,
        ),
        _R.PSE_TRASLADADO: Desenlace(
            "PSE: llegó a la cuenta", "Es un pago que la pasarela ya había confirmado. No se aplica otra vez."
        ),
        _R.PSE_SIN_PASARELA: Desenlace(
            "PSE: la pasarela no lo ha dicho",
            "Ningún pago confirmado por la pasarela es este. No se aplica; si la pasarela lo confirma después, se casa solo.",
            _C.DIFERENCIA,
        ),
        _R.PSE_AMBIGUO: Desenlace(
            "PSE: puede ser más de un pago",
            "Varios pagos confirmados podrían ser este y nada los distingue. No se aplica nada.",
            _C.DIFERENCIA,
        ),
        _R.PSE_VALOR_DISTINTO: Desenlace(
            "PSE: otro valor", "La pasarela confirmó ese pago por otro valor. No se aplica nada.", _C.DIFERENCIA
        ),
        _R.PSE_REPETIDO: Desenlace(
            "PSE: ya había llegado",
            "El banco ya había informado la llegada de ese pago. No se aplica nada.",
            _C.DIFERENCIA,
        ),
        _R.REVERTIDO: Desenlace(
            "Devuelto: se revierte el pago",
            "El banco devolvió un pago que se había recibido: la estampilla se debe de nuevo.",
            _C.REVERSION,
        ),
        _R.REVERTIDO_ANTES: Desenlace("Devuelto: ya se sabía", "El pago ya estaba revertido. No cambia nada."),
        _R.DEVUELTO_SIN_ORIGEN: Desenlace(
            "Devuelto: sin su pago",
            "El banco devolvió un pago y no se sabe cuál, o hay varios que podrían ser. No se revierte nada.",
            _C.DIFERENCIA,
        ),
    }
)

# Outcomes that record a credit of the counter.
DE_VENTANILLA = (
    _R.LEGALIZADO,
    _R.LEGALIZADO_TARDE,
    _R.VALOR_DISTINTO,
    _R.YA_PAGADA,
    _R.SIN_EFECTO,
    _R.NO_PAGABLE,
    _R.REFERENCIA_DESCONOCIDA,
)
# Outcomes that the gateway may still explain.
EN_ESPERA_DE_PASARELA = (_R.PSE_SIN_PASARELA, _R.PSE_AMBIGUO)
