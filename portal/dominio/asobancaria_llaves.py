"""When a payment line of a bank's file is the same as one that another file brought, so that it counts once."""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256

from portal.dominio.asobancaria import ArchivoRecaudo, DetalleRecaudo


@dataclass(frozen=True)
class LineaRecaudo:
    """A payment with the key under which it counts once, whatever file brings it.

    `repeticion` is 1 for the first of several lines equal in everything but their sequence, 2 for the second…
    `distinguible` says that the bank gave an operation or an authorisation: without them, an equal line in another file
    may be the same payment or another one, and a person decides.
    """

    llave: str
    servicio: str
    detalle: DetalleRecaudo
    repeticion: int
    distinguible: bool


def lineas(archivo: ArchivoRecaudo) -> Iterator[LineaRecaudo]:
    """The payments of a file, in order, each with its key.

    The key says what the payment is (bank, account, day, service, reference, value, origin, operation, authorisation,
    branch, return) and not where it was written: the date, hour and modifier of the file, the number of the batch and the
    sequence change when the bank sends the same day again, and would make one payment two. Lines that are equal in all of
    that are told apart by their order of repetition, which is the same in every copy of the file.
    """
    vistas: Counter[str] = Counter()
    for lote in archivo.lotes:
        for detalle in lote.detalles:
            identidad = _identidad(archivo, lote.servicio, detalle)
            vistas[identidad] += 1
            repeticion = vistas[identidad]
            llave = _llave(identidad, repeticion)
            distinguible = bool((detalle.operacion + detalle.autorizacion).strip("0"))
            yield LineaRecaudo(llave, lote.servicio, detalle, repeticion, distinguible)


def llave_repetida(archivo: ArchivoRecaudo, linea: LineaRecaudo, repeticion: int) -> str:
    """The key of a payment equal to `linea` in everything that the bank says, and another one: the `repeticion`-th."""
    return _llave(_identidad(archivo, linea.servicio, linea.detalle), repeticion)


def es_reenvio(anteriores: Collection[str], nuevas: Collection[str]) -> bool:
    """Whether one of two files of the same account and day contains the other whole, by the keys of their lines.

    Then their common lines are the same payments. Files that share only some are to be looked at.
    """
    unas, otras = set(anteriores), set(nuevas)
    return bool(unas and otras) and (unas <= otras or otras <= unas)


def _llave(identidad: str, repeticion: int) -> str:
    return sha256(f"{identidad}{repeticion}".encode()).hexdigest()


def _identidad(archivo: ArchivoRecaudo, servicio: str, detalle: DetalleRecaudo) -> str:
    cabeza = archivo.encabezado
    return json.dumps(
        [
            archivo.formato.value,
            cabeza.nit,
            cabeza.banco,
            cabeza.cuenta,
            cabeza.fecha_recaudo.isoformat(),
            servicio,
            detalle.referencia,
            int(detalle.valor * 100),
            detalle.procedencia,
            detalle.medio,
            detalle.operacion,
            detalle.autorizacion,
            detalle.entidad_debitada,
            detalle.sucursal,
            detalle.causal,
        ],
        separators=(",", ":"),
    )
