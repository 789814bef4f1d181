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
    """One column: its key in the address, its title, the text shown and searched, and what it sorts by."""

    clave: str
    titulo: str
    texto: Callable[[Fila], str]
    orden: Callable[[Fila], Any]
    importe: bool = False


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

    def sentido_al_elegir(self, clave: str) -> str:
        """Where a click on a heading leads: the other way when it is sorted already."""
        return "desc" if clave == self.orden and self.sentido == "asc" else "asc"

    @property
    def numeros(self) -> Sequence[int]:
        """Page numbers worth a button: at most five around the current one."""
        primera = max(1, min(self.numero - 2, self.paginas - 4))
        return range(primera, min(self.paginas, primera + 4) + 1)


def paginar(filas: Sequence[Fila], columnas: Sequence[Columna[Fila]], pedido: Mapping[str, str]) -> Pagina[Fila]:
    """Filter, sort and cut `filas` as `pedido` says (`buscar`, `orden`, `sentido`, `registros`, `pagina`).

    Anything unknown in `pedido` falls back to a safe value. `filas` come in their natural order, which breaks ties.
    """
    por_clave = {c.clave: c for c in columnas}
    buscar = pedido.get("buscar", "").strip()[:80]
    # A heading is one button, which can carry one value: `ordenar=valor-desc` says both at once.
    clave, _, hacia = pedido.get("ordenar", "").partition("-")
    orden = clave or pedido.get("orden", "")
    sentido = "desc" if (hacia or pedido.get("sentido")) == "desc" else "asc"
    halladas = [f for f in filas if contiene(_texto(f, columnas), buscar)] if buscar else list(filas)
    if orden in por_clave:
        halladas.sort(key=por_clave[orden].orden, reverse=sentido == "desc")
    registros = _entero(pedido.get("registros", ""), TAMANO_INICIAL)
    registros = registros if registros in TAMANOS else TAMANO_INICIAL
    paginas = max(1, -(-len(halladas) // registros))
    numero = min(max(_entero(pedido.get("pagina", ""), 1), 1), paginas)
    inicio = (numero - 1) * registros
    return Pagina(
        filas=halladas[inicio : inicio + registros],
        columnas=columnas,
        total=len(filas),
        filtradas=len(halladas),
        desde=inicio + 1,
        numero=numero,
        paginas=paginas,
        registros=registros,
        buscar=buscar,
        orden=orden if orden in por_clave else "",
        sentido=sentido,
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
