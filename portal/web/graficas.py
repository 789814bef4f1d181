"""Bars of before and after: lengths are reckoned here, and `componentes/graficas.html` only draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.dominio.dinero import escribir_cambio, escribir_pesos

# Pixels: a label over two bars, and the room to the next one. Lengths are per cents, so text keeps its size on a phone.
_PASO, _TEXTO, _ANTES, _DESPUES = 54, 14, 21, 33
# What fits beside the change at 360 pixels; the table beside the chart has the whole name.
_LARGO_ETIQUETA = 28


@dataclass(frozen=True)
class Fila:
    """One amount before and after, in pesos."""

    nombre: str
    antes: Decimal
    despues: Decimal


@dataclass(frozen=True)
class Barra:
    """Where one pair of bars goes: heights in pixels, lengths as SVG reads them (`73.20%`)."""

    etiqueta: str
    cambio: str
    y_texto: int
    y_antes: int
    y_despues: int
    ancho_antes: str
    ancho_despues: str


@dataclass(frozen=True)
class Grafica:
    """A chart. `titulo` says what it shows; `descripcion` tells it whole to who cannot see it."""

    id: str
    titulo: str
    descripcion: str
    alto: int
    barras: Sequence[Barra]


def barras(id_: str, titulo: str, filas: Sequence[Fila]) -> Grafica:
    """Pairs of bars in the order of `filas`, all to one scale."""
    mayor = max((max(fila.antes, fila.despues) for fila in filas), default=Decimal(0)) or Decimal(1)
    frases = [f"{f.nombre}: de {escribir_pesos(f.antes)} a {escribir_pesos(f.despues)}" for f in filas]
    return Grafica(
        id=id_,
        titulo=titulo,
        descripcion="; ".join(frases) + ".",
        alto=_PASO * len(filas),
        barras=[
            Barra(
                etiqueta=_corta(fila.nombre),
                cambio=escribir_cambio(fila.antes, fila.despues),
                y_texto=_PASO * i + _TEXTO,
                y_antes=_PASO * i + _ANTES,
                y_despues=_PASO * i + _DESPUES,
                ancho_antes=f"{fila.antes * 100 / mayor:.2f}%",
                ancho_despues=f"{fila.despues * 100 / mayor:.2f}%",
            )
            for i, fila in enumerate(filas)
        ],
    )


def _corta(nombre: str) -> str:
    return nombre if len(nombre) <= _LARGO_ETIQUETA else nombre[: _LARGO_ETIQUETA - 1].rstrip() + "…"
