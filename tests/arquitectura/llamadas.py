"""Which functions of the portal lead to which others, by reading its code: names that are used, called or handed on."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

RAIZ = Path(__file__).resolve().parents[2]
Lugar = tuple[str, str]


def _modulo_de(archivo: Path) -> str:
    partes = archivo.relative_to(RAIZ).with_suffix("").parts
    return ".".join(partes[:-1] if partes[-1] == "__init__" else partes)


@cache
def grafo() -> dict[Lugar, frozenset[Lugar]]:
    """(module, what it defines) → what the body of that names, of the portal's own."""
    arboles = {_modulo_de(a): ast.parse(a.read_text()) for a in (RAIZ / "portal").rglob("*.py")}
    return {
        (modulo, nombre): frozenset(_nombrados(nodo, _conocidos(arbol, modulo, set(arboles))))
        for modulo, arbol in arboles.items()
        for nodo in arbol.body
        for nombre in _definidos(nodo)
    }


def _definidos(nodo: ast.stmt) -> list[str]:
    """The names that a statement of a module gives to something: functions, classes and tables of either."""
    if isinstance(nodo, ast.FunctionDef | ast.ClassDef):
        return [nodo.name]
    destinos = (
        nodo.targets if isinstance(nodo, ast.Assign) else [nodo.target] if isinstance(nodo, ast.AnnAssign) else []
    )
    return [destino.id for destino in destinos if isinstance(destino, ast.Name)]


def _conocidos(arbol: ast.Module, modulo: str, modulos: set[str]) -> dict[str, Lugar]:
    """What each name of a module stands for; a module itself is `(module, "")`."""
    conocidos: dict[str, Lugar] = {}
    for nodo in ast.walk(arbol):
        if isinstance(nodo, ast.ImportFrom) and (nodo.module or "").startswith("portal"):
            for alias in nodo.names:
                entero = f"{nodo.module}.{alias.name}"
                lugar = (entero, "") if entero in modulos else (str(nodo.module), alias.name)
                conocidos[alias.asname or alias.name] = lugar
    for nodo in arbol.body:
        conocidos |= {nombre: (modulo, nombre) for nombre in _definidos(nodo)}
    return conocidos


def _nombrados(nodo: ast.AST, conocidos: dict[str, Lugar]) -> Iterator[Lugar]:
    for parte in ast.walk(nodo):
        if isinstance(parte, ast.Attribute) and isinstance(parte.value, ast.Name):
            de = conocidos.get(parte.value.id)
            if de is not None and de[1] == "":
                yield de[0], parte.attr
        elif isinstance(parte, ast.Name) and parte.id in conocidos and conocidos[parte.id][1]:
            yield conocidos[parte.id]


def alcanza(desde: Lugar, hasta: Lugar) -> bool:
    """Whether something that `desde` leads to is `hasta`."""
    vistos, por_ver = {desde}, [desde]
    while por_ver:
        actual = por_ver.pop()
        if actual == hasta:
            return True
        nuevos = grafo().get(actual, frozenset()) - vistos
        vistos |= nuevos
        por_ver += nuevos
    return False
