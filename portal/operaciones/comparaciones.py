"""Past assessments compared with a draft by the page: those that asked the same thing but for its amount, together.

Most of a year's assessments repeat a few requests. What cannot be traced as columns is asked to the engine one by one.
"""

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from portal.dominio.acumulado import Resultado
from portal.dominio.liquidador import Solicitud
from portal.dominio.simulacion import Borrador, Caso, simular, trazar_lados
from portal.dominio.trazado import Trazado

# A request is traced when it came so many times: fewer are asked one by one sooner.
JUNTAS = 4
# Requests remembered at most, so that memory does not grow with those that nobody repeats.
RECORDADOS = 5_000


class Fila(NamedTuple):
    """A past assessment as its row keeps it: `pedido` is the JSON text of what the engine was asked."""

    numero: int
    fecha: date
    centavos: int | None
    pedido: str


class Comparador:
    """A draft, and what it answered so far to the requests that repeat."""

    def __init__(self, borrador: Borrador) -> None:
        self._borrador = borrador
        self._momentos: dict[date, tuple[object, ...]] = {}
        self._lados: dict[Hashable, tuple[Trazado, Trazado] | None] = {}
        self._vistas: Counter[Hashable] = Counter()

    def comparar(self, filas: Iterable[Fila]) -> Resultado:
        """The account of some assessments. None of them makes it raise."""
        resultado, sueltas = Resultado(), []
        for grupo, suyas in self._agrupar(filas).items():
            lados = self._lados_de(grupo, suyas)
            if lados is None:
                sueltas += suyas
                continue
            cabe = min(lado.cabe_hasta for lado in lados)
            resultado.sumar(_contar(lados, [fila for fila in suyas if (fila.centavos or 0) <= cabe]))
            sueltas += [fila for fila in suyas if (fila.centavos or 0) > cabe]
        resultado.sumar(simular(map(_caso, sueltas), self._borrador))
        return resultado

    def _agrupar(self, filas: Iterable[Fila]) -> Mapping[Hashable, list[Fila]]:
        grupos: dict[Hashable, list[Fila]] = {}
        for fila in filas:
            grupos.setdefault(self._grupo(fila), []).append(fila)
        return grupos

    def _grupo(self, fila: Fila) -> Hashable:
        """What assessments that are compared together have in common: all that was asked but amount and days, and `momento`."""
        sin_fechas, fechas = _partir(fila.pedido, self._borrador.con_fecha)
        if fechas:
            return sin_fechas, fila.centavos is None, self._borrador.momento(fila.fecha, fechas)
        if fila.fecha not in self._momentos:
            self._momentos[fila.fecha] = self._borrador.momento(fila.fecha, {})
        return sin_fechas, fila.centavos is None, self._momentos[fila.fecha]

    def _lados_de(self, grupo: Hashable, filas: Sequence[Fila]) -> tuple[Trazado, Trazado] | None:
        if grupo not in self._lados:
            self._vistas[grupo] += len(filas)
            if self._vistas[grupo] < JUNTAS:
                self._olvidar(self._vistas)
                return None
            self._olvidar(self._lados)
            self._lados[grupo] = trazar_lados(_caso(filas[0]).solicitud, self._borrador)
        return self._lados[grupo]

    @staticmethod
    def _olvidar(recuerdos: dict[Hashable, Any]) -> None:
        if len(recuerdos) > RECORDADOS:
            recuerdos.clear()


def _contar(lados: tuple[Trazado, Trazado], filas: Sequence[Fila]) -> Resultado:
    # Brought here because it brings numpy, which only a process that compares needs.
    from portal.operaciones.columnas import columna, contar

    if not filas:
        return Resultado()
    numeros, centavos = columna([fila.numero for fila in filas]), columna([fila.centavos or 0 for fila in filas])
    return contar(*lados, _caso(filas[0]).solicitud.actos, numeros, centavos)


def _caso(fila: Fila) -> Caso:
    pedido = _leer(fila.pedido)
    solicitud = Solicitud(
        actos=tuple(pedido.get("actos", ())),
        fecha=fila.fecha,
        valor=None if fila.centavos is None else Decimal(fila.centavos) / 100,
        variantes=pedido.get("variantes", {}),
        hechos=pedido.get("hechos", {}),
    )
    return Caso(fila.numero, solicitud)


@lru_cache(RECORDADOS)
def _partir(pedido: str, con_fecha: frozenset[str]) -> tuple[str, Mapping[str, object]]:
    """What was asked without its dates, as text, and its dates."""
    leido = _leer(pedido)
    hechos = leido.get("hechos", {})
    fechas = {clave: hechos[clave] for clave in hechos.keys() & con_fecha}
    if not fechas:
        return pedido, fechas
    sin_fechas = {clave: hechos[clave] for clave in hechos.keys() - con_fecha}
    return json.dumps({**leido, "hechos": sin_fechas}, sort_keys=True), fechas


@lru_cache(RECORDADOS)
def _leer(pedido: str) -> Mapping[str, Any]:
    leido: Mapping[str, Any] = json.loads(pedido)
    return leido
