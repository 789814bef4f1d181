"""Charts as SVG: lengths are reckoned here, and `componentes/graficas.html` only draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.dominio.dinero import escribir_cambio, escribir_pesos

# Pixels: a label over two bars, and the room to the next one. Lengths are per cents, so text keeps its size on a phone.
_PASO, _TEXTO, _ANTES, _DESPUES = 54, 14, 21, 33
# What fits beside the change at 360 pixels; the table beside the chart has the whole name.
_LARGO_ETIQUETA = 28
# What a name and its figure may take together at 360 pixels.
_LARGO_DE_LINEA = 38
# Pixels of the charts of the reports: a text over its bar, and the columns of the months over their names.
_PASO_BARRA, _GRUESO, _BASE_TEXTO, _BASE_BARRA = 44, 12, 14, 21
_ALTO_COLUMNAS, _CABEZA, _PIE = 170, 22, 20
_MAXIMO_NOMBRES = 12


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


def _corta(nombre: str, largo: int = _LARGO_ETIQUETA) -> str:
    return nombre if len(nombre) <= largo else nombre[: largo - 1].rstrip() + "…"


@dataclass(frozen=True)
class Pieza:
    """A rectangle: per cents across, pixels down."""

    clase: str
    x: str
    y: int
    ancho: str
    alto: int


@dataclass(frozen=True)
class Rotulo:
    """A text of a drawing. `ancla` is where `x` falls in it: start, middle or end."""

    texto: str
    x: str
    y: int
    ancla: str = "start"
    clase: str = ""


@dataclass(frozen=True)
class Dibujo:
    """A chart made of rectangles and texts. `leyenda`: the class of each colour and what it means."""

    id: str
    titulo: str
    descripcion: str
    alto: int
    piezas: Sequence[Pieza]
    rotulos: Sequence[Rotulo]
    leyenda: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Serie:
    """What a bar or a column shows: its name, its parts in pesos from the axis on, and the figure beside it.

    `umbrales`: per cents of the whole bar to mark. `nombre_corto`: under a column.
    """

    nombre: str
    partes: Sequence[Decimal]
    cifra: str
    nombre_corto: str = ""
    umbrales: Sequence[Decimal] = ()


def horizontales(
    id_: str, titulo: str, series: Sequence[Serie], leyenda: Sequence[str] = (), *, maximo: Decimal | None = None
) -> Dibujo:
    """A bar per series, all to one scale whose end is `maximo` pesos, or the largest bar. Below zero it is drawn in red."""
    largo = _LARGO_DE_LINEA - max((len(s.cifra) for s in series), default=0)
    escala = maximo or max((_largo(s) for s in series), default=Decimal(0)) or Decimal(1)
    piezas: list[Pieza] = []
    rotulos: list[Rotulo] = []
    for i, serie in enumerate(series):
        y = _PASO_BARRA * i
        rotulos.append(Rotulo(_corta(serie.nombre, largo), "0", y + _BASE_TEXTO))
        rotulos.append(Rotulo(serie.cifra, "100%", y + _BASE_TEXTO, "end", "cambio"))
        if serie.umbrales:
            piezas.append(Pieza("serie-fondo", "0%", y + _BASE_BARRA, "100%", _GRUESO))
        desde = Decimal(0)
        for n, parte in enumerate(serie.partes):
            ancho = min(abs(parte) * 100 / escala, 100 - desde)
            piezas.append(Pieza(_clase(n, parte), f"{desde:.2f}%", y + _BASE_BARRA, f"{ancho:.2f}%", _GRUESO))
            desde += ancho
        piezas += [Pieza("umbral", f"{u:.2f}%", y + _BASE_BARRA - 3, "2", _GRUESO + 6) for u in serie.umbrales]
    return Dibujo(
        id_, titulo, _contar(series), max(_PASO_BARRA * len(series), 1), piezas, rotulos, _leyenda(leyenda, series)
    )


def columnas(id_: str, titulo: str, series: Sequence[Serie], leyenda: Sequence[str] = ()) -> Dibujo:
    """A column per series, from left to right, all to one scale; with many, only some are named under it."""
    mayor = max((_largo(s) for s in series), default=Decimal(0)) or Decimal(1)
    paso = Decimal(100) / max(len(series), 1)
    salto = -(-len(series) // _MAXIMO_NOMBRES)
    piezas = [Pieza("eje", "0%", _CABEZA + _ALTO_COLUMNAS, "100%", 1)]
    rotulos = [Rotulo(f"Hasta {escribir_pesos(mayor)}", "0", _BASE_TEXTO, clase="menor")]
    for i, serie in enumerate(series):
        y = _CABEZA + _ALTO_COLUMNAS
        for n, parte in enumerate(serie.partes):
            alto = int(abs(parte) * _ALTO_COLUMNAS / mayor)
            y -= alto
            x, ancho = f"{paso * i + paso * 15 / 100:.2f}%", f"{paso * 70 / 100:.2f}%"
            piezas.append(Pieza(_clase(n, parte), x, y, ancho, alto))
        if i % salto == 0:
            medio = f"{paso * i + paso / 2:.2f}%"
            rotulos.append(Rotulo(serie.nombre_corto, medio, _CABEZA + _ALTO_COLUMNAS + 15, "middle", "menor"))
    alto = _CABEZA + _ALTO_COLUMNAS + _PIE
    return Dibujo(id_, titulo, _contar(series), alto, piezas, rotulos, _leyenda(leyenda, series))


def _largo(serie: Serie) -> Decimal:
    return sum((abs(p) for p in serie.partes), Decimal(0))


def _clase(lugar: int, parte: Decimal) -> str:
    return "serie-negativa" if parte < 0 else ("serie-principal", "serie-resto")[lugar]


def _contar(series: Sequence[Serie]) -> str:
    return "; ".join(f"{s.nombre}: {s.cifra}" for s in series) + "."


def _leyenda(nombres: Sequence[str], series: Sequence[Serie]) -> list[tuple[str, str]]:
    clases = [(("serie-principal", "serie-resto")[i], nombre) for i, nombre in enumerate(nombres)]
    negativas = any(p < 0 for s in series for p in s.partes)
    return clases + ([("serie-negativa", "Salió más de lo que entró")] if negativas else [])
