"""A table that people can search, sort and page: the words and habits of the known screens, over one bounded set of rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request

from portal.dominio.textos import llano

Fila = TypeVar("Fila")
TAMANOS = (5, 10, 25, 50, 100)
TAMANO_INICIAL = 10


@dataclass(frozen=True)
class Columna(Generic[Fila]):
    """One column: its key in the address, its title, the text shown and searched, and what it sorts by.

    Of one that is `dibujada`, more than its text is shown.
    """

    clave: str
    titulo: str
    texto: Callable[[Fila], str]
    orden: Callable[[Fila], Any]
    importe: bool = False
    dibujada: bool = False


@dataclass(frozen=True)
class Pedido:
    """What a person asks of a table. Whatever is unknown fell back to a safe value."""

    buscar: str
    orden: str
    sentido: str
    registros: int
    numero: int

    @property
    def es_natural(self) -> bool:
        """Whether all rows are shown in the order in which they come: only those of the page need to be read."""
        return not (self.buscar or self.orden)

    @property
    def desde(self) -> int:
        """Rows before the page."""
        return (self.numero - 1) * self.registros


@dataclass(frozen=True)
class Pagina(Generic[Fila]):
    """The rows to show and every number the page says about them."""

    filas: Sequence[Fila]
    columnas: Sequence[Columna[Fila]]
    total: int
    filtradas: int
    desde: int
    numero: int
    paginas: int
    registros: int
    buscar: str
    orden: str
    sentido: str

    @property
    def frase(self) -> str:
        """`Mostrando registros del 11 al 12 de un total de 12 registros`, as the known screen says it."""
        if not self.filtradas:
            return "No se encontraron resultados" + self._filtrado()
        hasta = self.desde + len(self.filas) - 1
        return (
            f"Mostrando registros del {self.desde} al {hasta} de un total de {self.filtradas} "
            f"{'registro' if self.filtradas == 1 else 'registros'}{self._filtrado()}"
        )

    def _filtrado(self) -> str:
        return f" (filtrado de un total de {self.total} registros)" if self.filtradas != self.total else ""

    @property
    def numeros(self) -> Sequence[int]:
        """Page numbers worth a button: at most five around the current one."""
        primera = max(1, min(self.numero - 2, self.paginas - 4))
        return range(primera, min(self.paginas, primera + 4) + 1)


def leer_pedido(pedido: Mapping[str, str], columnas: Sequence[Columna[Fila]]) -> Pedido:
    """What `pedido` says in `buscar`, `orden`, `sentido`, `registros` and `pagina`."""
    # A heading is one button, which can carry one value: `ordenar=valor-desc` says both at once.
    clave, _, hacia = pedido.get("ordenar", "").partition("-")
    orden = clave or pedido.get("orden", "")
    registros = _entero(pedido.get("registros", ""), TAMANO_INICIAL)
    return Pedido(
        buscar=pedido.get("buscar", "").strip()[:80],
        orden=orden if any(c.clave == orden for c in columnas) else "",
        sentido="desc" if (hacia or pedido.get("sentido")) == "desc" else "asc",
        registros=registros if registros in TAMANOS else TAMANO_INICIAL,
        numero=max(_entero(pedido.get("pagina", ""), 1), 1),
    )


def paginar(filas: Sequence[Fila], columnas: Sequence[Columna[Fila]], pedido: Pedido) -> Pagina[Fila]:
    """Filter, sort and cut all the rows. `filas` come in their natural order, which breaks ties."""
    halladas = [f for f in filas if contiene(_texto(f, columnas), pedido.buscar)] if pedido.buscar else list(filas)
    if pedido.orden:
        por = next(c.orden for c in columnas if c.clave == pedido.orden)
        halladas.sort(key=por, reverse=pedido.sentido == "desc")
    ultima = max(1, -(-len(halladas) // pedido.registros))
    desde = (min(pedido.numero, ultima) - 1) * pedido.registros
    franja = halladas[desde : desde + pedido.registros]
    return mostrar(franja, columnas, pedido, desde=desde, filtradas=len(halladas), total=len(filas))


def mostrar(
    franja: Sequence[Fila], columnas: Sequence[Columna[Fila]], pedido: Pedido, *, desde: int, filtradas: int, total: int
) -> Pagina[Fila]:
    """The page whose rows are those, after `desde` others, of `filtradas` among `total`."""
    return Pagina(
        filas=franja,
        columnas=columnas,
        total=total,
        filtradas=filtradas,
        desde=desde + 1,
        numero=desde // pedido.registros + 1,
        paginas=max(1, -(-filtradas // pedido.registros)),
        registros=pedido.registros,
        buscar=pedido.buscar,
        orden=pedido.orden,
        sentido=pedido.sentido,
    )


def _texto(fila: Fila, columnas: Sequence[Columna[Fila]]) -> str:
    return " ".join(c.texto(fila) for c in columnas)


def contiene(texto: str, buscar: str) -> bool:
    """Whether every word of `buscar` is in `texto`, whatever the case and the accents."""
    plano = llano(texto)
    return all(palabra in plano for palabra in llano(buscar).split())


def _entero(texto: str, omision: int) -> int:
    return int(texto) if texto.isascii() and texto.isdigit() and len(texto) <= 6 else omision


def pagina_pedida() -> int:
    """The page of a list that the address asks for; the first one for anything that is not a number."""
    return _entero(request.args.get("pagina", ""), 1)
