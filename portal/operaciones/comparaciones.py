"""Past assessments compared with a draft by the page: those that asked the same thing but for its amount, together.

Most of a year's assessments repeat a few requests. What cannot be traced as columns is asked to the engine one by one.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from portal.dominio.acumulado import Resultado
from portal.dominio.liquidador import Solicitud
from portal.dominio.simulacion import Borrador, Caso, simular, trazar_lados
from portal.dominio.trazado import Trazado

# Fewer than these are asked one by one sooner than traced.
JUNTAS = 4
# Traces kept at most, so that memory does not grow with requests that nobody repeats.
RECORDADOS = 2_000


class Fila(NamedTuple):
    """A past assessment as its row keeps it: `pedido` is the JSON text of what the engine was asked."""

    numero: int
    fecha: date
    centavos: int | None
    pedido: str


class _Grupo(NamedTuple):
    """What assessments that are compared together have in common: `dia` is a date, or what makes several alike."""

    pedido: str
    con_valor: bool
    dia: date | tuple[int, int]


class Comparador:
    """A draft, and what it answered so far to the requests that repeat."""

    def __init__(self, borrador: Borrador) -> None:
        self._borrador = borrador
        self._dias: dict[date, tuple[int, int]] = {}
        self._lados: dict[_Grupo, tuple[Trazado, Trazado] | None] = {}

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

    def _agrupar(self, filas: Iterable[Fila]) -> Mapping[_Grupo, list[Fila]]:
        grupos: dict[_Grupo, list[Fila]] = {}
        for fila in filas:
            grupo = _Grupo(fila.pedido, fila.centavos is not None, self._dia(fila))
            grupos.setdefault(grupo, []).append(fila)
        return grupos

    def _dia(self, fila: Fila) -> date | tuple[int, int]:
        """Where no fact is a date, days with the same rules are the same day."""
        if not self._borrador.con_fecha.isdisjoint(_leer(fila.pedido).get("hechos", ())):
            return fila.fecha
        if fila.fecha not in self._dias:
            self._dias[fila.fecha] = self._borrador.dia(fila.fecha)
        return self._dias[fila.fecha]

    def _lados_de(self, grupo: _Grupo, filas: Sequence[Fila]) -> tuple[Trazado, Trazado] | None:
        if grupo not in self._lados:
            if len(filas) < JUNTAS:
                return None
            if len(self._lados) >= RECORDADOS:
                self._lados.clear()
            self._lados[grupo] = trazar_lados(_caso(filas[0]).solicitud, self._borrador)
        return self._lados[grupo]


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
def _leer(pedido: str) -> Mapping[str, Any]:
    leido: Mapping[str, Any] = json.loads(pedido)
    return leido
