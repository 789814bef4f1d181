"""The wrongs: what can be changed in a module, and the module with one of them done."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What a wrong is called, and how it is done.
Cambio = tuple[str, Callable[[], None]]

_COMPARA: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_OPERA: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add}


@dataclass(frozen=True)
class Mutante:
    """One wrong: where it is, and what it does, for people."""

    modulo: str
    indice: int
    linea: int
    que: str


def mutantes_de(modulo: str, archivo: Path) -> list[Mutante]:
    """Every wrong that can be done to a module."""
    arbol = ast.parse(archivo.read_text())
    return [Mutante(modulo, n, linea, que) for n, (linea, que, _) in enumerate(_cambios(arbol))]


def mutar(archivo: Path, indice: int) -> ast.Module:
    """The module with that wrong done."""
    arbol = ast.parse(archivo.read_text())
    for n, (_, _, hacer) in enumerate(_cambios(arbol)):
        if n == indice:
            hacer()
            break
    return ast.fix_missing_locations(arbol)


def _cambios(arbol: ast.Module) -> Iterator[tuple[int, str, Callable[[], None]]]:
    """`(line, what, how)` of every wrong, in an order that is always the same."""
    for nodo in _visitables(arbol):
        for que, hacer in _de(nodo):
            yield nodo.lineno, que, hacer


def _visitables(arbol: ast.Module) -> list[ast.expr | ast.stmt]:
    """What runs and decides: neither annotations nor imports, decorators, documentation or messages of errors."""
    hallados: list[ast.expr | ast.stmt] = []

    def andar(nodo: ast.AST) -> None:
        if isinstance(nodo, ast.Import | ast.ImportFrom | ast.Raise | ast.JoinedStr | ast.ClassDef):
            return
        if isinstance(nodo, ast.expr | ast.stmt):
            hallados.append(nodo)
        for campo, valor in ast.iter_fields(nodo):
            if campo in ("annotation", "returns", "decorator_list", "args") and not isinstance(nodo, ast.Call):
                continue
            for hijo in valor if isinstance(valor, list) else [valor]:
                if isinstance(hijo, ast.AST):
                    andar(hijo)

    andar(arbol)
    return hallados


def _de(nodo: ast.expr | ast.stmt) -> Iterator[Cambio]:
    for clase, cambios in _POR_CLASE:
        if isinstance(nodo, clase):
            yield from cambios(nodo)


def _de_compare(nodo: ast.Compare) -> Iterator[Cambio]:
    for otro in _COMPARA.get(type(nodo.ops[0]), ()):
        yield f"{type(nodo.ops[0]).__name__} -> {otro.__name__}", _poner(nodo, "ops", [otro(), *nodo.ops[1:]])


def _de_boolop(nodo: ast.BoolOp) -> Iterator[Cambio]:
    otra = ast.Or() if isinstance(nodo.op, ast.And) else ast.And()
    yield f"{type(nodo.op).__name__} -> {type(otra).__name__}", _poner(nodo, "op", otra)
    for n in range(len(nodo.values)):
        resto = [v for m, v in enumerate(nodo.values) if m != n]
        yield f"sin la condición {n + 1}", _poner(nodo, "values", resto if len(resto) > 1 else resto * 2)


def _de_binop(nodo: ast.BinOp) -> Iterator[Cambio]:
    otra = _OPERA.get(type(nodo.op))
    if otra is not None:
        yield f"{type(nodo.op).__name__} -> {otra.__name__}", _poner(nodo, "op", otra())


def _de_unaryop(nodo: ast.UnaryOp) -> Iterator[Cambio]:
    if isinstance(nodo.op, ast.Not | ast.Invert):
        yield (
            f"sin {type(nodo.op).__name__}",
            _poner(nodo, "operand", ast.UnaryOp(nodo.op, copy.deepcopy(nodo.operand))),
        )
    elif isinstance(nodo.op, ast.USub):
        yield "sin el menos", _poner(nodo, "op", ast.UAdd())


def _de_constant(nodo: ast.Constant) -> Iterator[Cambio]:
    if isinstance(nodo.value, bool | int):
        otro = not nodo.value if isinstance(nodo.value, bool) else nodo.value + 1
        yield f"{nodo.value} -> {otro}", _poner(nodo, "value", otro)


def _de_if(nodo: ast.If | ast.IfExp) -> Iterator[Cambio]:
    yield "condición al revés", _poner(nodo, "test", ast.UnaryOp(ast.Not(), nodo.test))


def _de_expr(nodo: ast.Expr) -> Iterator[Cambio]:
    if not isinstance(nodo.value, ast.Constant):
        yield "orden quitada", _poner(nodo, "value", ast.Constant(None))


def _de_assign(nodo: ast.Assign) -> Iterator[Cambio]:
    destino = nodo.targets[0]
    if isinstance(destino, ast.Attribute | ast.Subscript):
        yield "asignación quitada", _poner(nodo, "value", _leer(destino))


def _de_dict(nodo: ast.Dict) -> Iterator[Cambio]:
    for n, clave in enumerate(nodo.keys):
        yield f"sin {ast.unparse(clave) if clave else '**'}", _quitar(nodo, n)


def _de_return(nodo: ast.Return) -> Iterator[Cambio]:
    if nodo.value is not None and not isinstance(nodo.value, ast.Constant):
        yield "devuelve None", _poner(nodo, "value", ast.Constant(None))


def _de_tuple(nodo: ast.Tuple) -> Iterator[Cambio]:
    if isinstance(nodo.ctx, ast.Load) and len(nodo.elts) > 1:
        for n in range(len(nodo.elts)):
            yield f"sin el elemento {n + 1}", _poner(nodo, "elts", [e for m, e in enumerate(nodo.elts) if m != n])


def _leer(destino: ast.Attribute | ast.Subscript) -> ast.expr:
    lectura = copy.deepcopy(destino)
    lectura.ctx = ast.Load()
    return lectura


def _poner(nodo: ast.AST, campo: str, valor: object) -> Callable[[], None]:
    return lambda: setattr(nodo, campo, valor)


def _quitar(nodo: ast.Dict, n: int) -> Callable[[], None]:
    def hacer() -> None:
        del nodo.keys[n], nodo.values[n]

    return hacer


_POR_CLASE: tuple[tuple[Any, Callable[[Any], Iterator[Cambio]]], ...] = (
    (ast.Compare, _de_compare),
    (ast.BoolOp, _de_boolop),
    (ast.BinOp, _de_binop),
    (ast.UnaryOp, _de_unaryop),
    (ast.Constant, _de_constant),
    (ast.If | ast.IfExp, _de_if),
    (ast.Expr, _de_expr),
    (ast.Assign, _de_assign),
    (ast.Dict, _de_dict),
    (ast.Return, _de_return),
    (ast.Tuple, _de_tuple),
)
