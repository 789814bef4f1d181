"""Exemptions granted, and what they cost: what each stamp of $0 would have charged, by the rules of its own day.

The assessment keeps what the engine was asked, and published rules never change on days on which something was assessed, so
the engine answers the same today. What it cannot answer is counted apart and never guessed.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from portal.db import db
from portal.dominio.costo_exenciones import regla_de, sin_exencion
from portal.dominio.estados import EstadoFactura
from portal.dominio.liquidador import Solicitud
from portal.dominio.normativa import Normativa
from portal.models import Factura, Liquidacion
from portal.operaciones.normativa import normativa_de
from portal.operaciones.reportes.filtros import Filtro
from portal.operaciones.reportes.liquidado import emitidas


@dataclass(frozen=True)
class Exenta:
    """A stamp of $0 by a rule. `regla` may be empty (`motivo` says why then); `costo` in pesos, None when nobody can tell."""

    factura: int
    emitida_en: datetime
    acto: str
    estampilla: str
    contratante: str
    liquidacion: str
    motivo: str
    regla: str
    base: Decimal | None
    costo: Decimal | None

    @property
    def razon(self) -> str:
        """What groups it: the rule's code, else its words."""
        return self.regla or self.motivo


@dataclass
class Suma:
    """How many stamps, over how much, what they cost, and how many have no cost that can be told."""

    motivo: str = ""
    cuantas: int = 0
    base: Decimal = Decimal(0)
    costo: Decimal = Decimal(0)
    sin_costo: int = 0

    def agregar(self, una: Exenta) -> None:
        self.motivo = self.motivo or una.motivo
        self.cuantas += 1
        self.base += una.base or 0
        self.costo += una.costo or 0
        self.sin_costo += una.costo is None

    def sumar(self, otra: "Suma") -> None:
        for nombre in ("cuantas", "base", "costo", "sin_costo"):
            setattr(self, nombre, getattr(self, nombre) + getattr(otra, nombre))


def exentas(filtro: Filtro, regla: str = "") -> Iterator[Exenta]:
    """The exempt facturas that were issued on some days and stand, oldest first; `regla`: only those of that `razon`.

    A cuenta repeats the exemption of its contract, which is counted once: in the determination.
    """
    calculo = _Calculo()
    for fila in db.session.execute(_consulta(filtro).execution_options(yield_per=1000)):
        codigo = regla_de(fila.exencion)
        if regla in ("", codigo or fila.exencion):
            yield _exenta(fila, codigo, calculo)


def exenciones(filtro: Filtro) -> dict[tuple[str, str], Suma]:
    """The same by `(razón, estampilla)`, in one reading."""
    sumas: defaultdict[tuple[str, str], Suma] = defaultdict(Suma)
    for una in exentas(filtro):
        sumas[una.razon, una.estampilla].agregar(una)
    return dict(sorted(sumas.items()))


def total(sumas: Sequence[Suma]) -> Suma:
    """All of them together."""
    todas = Suma()
    for una in sumas:
        todas.sumar(una)
    return todas


def _consulta(filtro: Filtro) -> Any:
    columnas = (
        Factura.numero,
        Factura.acto,
        Factura.estampilla,
        Factura.exencion,
        Factura.base,
        Liquidacion.departamento,
        Liquidacion.codigo,
        Liquidacion.contratante,
        Liquidacion.emitida_en,
        Liquidacion.fecha_causacion,
        Liquidacion.valor_acto,
        Liquidacion.solicitud,
    )
    return (
        emitidas(filtro, *columnas, por_retencion=True)
        .where(
            Factura.exencion.is_not(None),
            Factura.valor == 0,
            Factura.estado != EstadoFactura.SIN_EFECTO,
            Liquidacion.cuenta == "",
        )
        .order_by(Factura.id)
    )


def _exenta(fila: Row[Any], codigo: str, calculo: "_Calculo") -> Exenta:
    return Exenta(
        factura=fila.numero,
        emitida_en=fila.emitida_en,
        acto=fila.acto,
        estampilla=fila.estampilla,
        contratante=fila.contratante,
        liquidacion=fila.codigo,
        motivo=fila.exencion,
        regla=codigo,
        base=fila.base,
        costo=calculo.costo(fila, codigo),
    )


class _Calculo:
    """Asks the engine once for each request: the facturas of an act and trámites that are alike share the answer."""

    def __init__(self) -> None:
        self._respuestas: dict[tuple[Any, ...], Any] = {}
        self._normas: dict[str, Normativa] = {}

    def costo(self, fila: Row[Any], regla: str) -> Decimal | None:
        actos = fila.solicitud.get("actos", ())
        if not actos:
            return None
        dia, pregunta = fila.fecha_causacion, json.dumps(fila.solicitud, sort_keys=True)
        clave = (fila.departamento, regla, dia, fila.valor_acto, pregunta)
        if clave not in self._respuestas:
            self._respuestas[clave] = self._preguntar(fila, dia, regla)
        lineas = self._respuestas[clave]
        return None if lineas is None else lineas.get((fila.acto, fila.estampilla))

    def _preguntar(self, fila: Row[Any], dia: date, regla: str) -> Any:
        if fila.departamento not in self._normas:
            self._normas[fila.departamento] = normativa_de(fila.departamento)
        solicitud = Solicitud(
            actos=tuple(fila.solicitud["actos"]),
            fecha=dia,
            valor=fila.valor_acto,
            variantes=fila.solicitud.get("variantes", {}),
            hechos=fila.solicitud.get("hechos", {}),
        )
        return sin_exencion(self._normas[fila.departamento], solicitud, (regla,))
