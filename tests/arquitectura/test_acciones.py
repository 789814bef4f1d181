"""Every act that the code writes in the bitácora has a name for people, and no name is left over."""

import ast
from collections.abc import Iterator
from pathlib import Path

from portal.dominio.bitacora import ACCIONES
from portal.dominio.declaraciones import EventoDeclaracion
from portal.dominio.devoluciones import EventoDevolucion
from portal.operaciones.agentes.declaraciones import ABRIR

# What makes the code of an act from an event of its graph.
DE_SU_EVENTO: dict[str, tuple[str, ...]] = {
    "devolucion.": tuple(EventoDevolucion),
    "declaracion.": (ABRIR, *EventoDeclaracion),
}
PORTAL = Path(__file__).resolve().parents[2] / "portal"


def _textos(nodo: ast.expr, nombres: dict[str, ast.expr]) -> Iterator[str]:
    """The codes that an expression may be; a parameter says nothing by itself, its callers do."""
    if isinstance(nodo, ast.Constant) and isinstance(nodo.value, str):
        yield nodo.value
    elif isinstance(nodo, ast.IfExp):
        yield from _textos(nodo.body, nombres)
        yield from _textos(nodo.orelse, nombres)
    elif isinstance(nodo, ast.Name) and nodo.id in nombres:
        yield from _textos(nombres[nodo.id], nombres)
    elif isinstance(nodo, ast.JoinedStr):
        (parte,) = [p.value for p in nodo.values if isinstance(p, ast.Constant)]
        yield from (f"{parte}{evento}" for evento in DE_SU_EVENTO[str(parte)])


def _anota(funcion: ast.expr) -> bool:
    """Whether a call writes in the bitácora; the digests of what was printed are kept apart."""
    if isinstance(funcion, ast.Attribute):
        ajena = isinstance(funcion.value, ast.Name) and funcion.value.id == "impresiones"
        return funcion.attr.startswith("anotar") and not ajena
    return isinstance(funcion, ast.Name) and funcion.id.lstrip("_").startswith("anotar")


def acciones_de(codigo: str) -> set[str]:
    arbol = ast.parse(codigo)
    nombres = {
        n.targets[0].id: n.value
        for n in ast.walk(arbol)
        if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)
    }
    return {
        texto
        for n in ast.walk(arbol)
        if isinstance(n, ast.Call) and n.args
        if _anota(n.func)
        for texto in _textos(n.args[0], nombres)
    }


def test_cada_accion_del_codigo_tiene_nombre_y_ninguno_sobra() -> None:
    carpetas = ("operaciones", "blueprints", "cli", "web")
    usadas = {a for c in carpetas for archivo in (PORTAL / c).rglob("*.py") for a in acciones_de(archivo.read_text())}
    assert usadas == set(ACCIONES)


def test_control_se_halla_una_accion_nueva_de_cualquier_forma() -> None:
    codigo = 'X = "c"\ndef f(a):\n    anotar("a" if a else "b")\n    _anotar(X)\n    m.anotar_adhesion("d", a)\n    anotar(a)'
    assert acciones_de(codigo) == {"a", "b", "c", "d"}
