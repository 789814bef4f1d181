"""The wrongs: what can be changed in a module, and the module with one of them done."""

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
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
    """One wrong: where it is, and what it does, for people. `sentencia` is the line of the statement that it is part of.

    `funcion` is the outermost function around it, as `(qualified name, first line)`, or None when it runs as the module loads;
    `hasta` is the last line of it.
    """

    modulo: str
    indice: int
    linea: int
    que: str
    sentencia: int
    funcion: tuple[str, int] | None
    hasta: int
    texto: str
    vez: int = 1

    @property
    def clave(self) -> str:
        """What names it while the code around it changes: function, line as it is written, and what is done to it."""
        donde = self.funcion[0] if self.funcion else "módulo"
        cual = f" #{self.vez}" if self.vez > 1 else ""
        return f"{self.modulo}:{donde}: {self.texto} [{self.que}{cual}]"


@dataclass(frozen=True)
class Sitio:
    """An expression or statement that can be changed, and what is around it."""

    nodo: Any
    sentencia: int
    funcion: tuple[str, int] | None
    hasta: int = 0


def mutantes_de(modulo: str, archivo: Path) -> list[Mutante]:
    """Every wrong that can be done to a module."""
    codigo = archivo.read_text()
    lineas = codigo.splitlines()
    hallados: list[Mutante] = []
    veces: Counter[str] = Counter()
    for n, (s, que, _) in enumerate(_cambios(ast.parse(codigo))):
        texto = lineas[s.nodo.lineno - 1].strip()
        hallado = Mutante(modulo, n, s.nodo.lineno, que, s.sentencia, s.funcion, s.hasta, texto)
        veces[hallado.clave] += 1
        hallados.append(replace(hallado, vez=veces[hallado.clave]))
    return hallados


def mutar(archivo: Path, indice: int) -> ast.Module:
    """The module with that wrong done."""
    arbol = ast.parse(archivo.read_text())
    for n, (_, _, hacer) in enumerate(_cambios(arbol)):
        if n == indice:
            hacer()
            break
    return ast.fix_missing_locations(arbol)


def primera_linea(funcion: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Where Python says that a function begins: at its first decorator."""
    return min([funcion.lineno, *(d.lineno for d in funcion.decorator_list)])


def _cambios(arbol: ast.Module) -> Iterator[tuple[Sitio, str, Callable[[], None]]]:
    """`(where, what, how)` of every wrong, in an order that is always the same."""
    for sitio in _sitios(arbol):
        for que, hacer in _de(sitio.nodo):
            yield sitio, que, hacer


def _sitios(arbol: ast.Module) -> list[Sitio]:
    """What runs and decides: neither annotations nor imports, decorators, documentation or messages of errors.

    Of a class, only its methods: the rest of it says what things are called.
    """
    hallados: list[Sitio] = []
    _andar(arbol, Sitio(arbol, 0, None), "", hallados)
    return hallados


def _andar(nodo: ast.AST, fuera: Sitio, clase: str, hallados: list[Sitio]) -> None:
    if isinstance(nodo, ast.Import | ast.ImportFrom | ast.Raise | ast.JoinedStr):
        return
    if isinstance(nodo, ast.ClassDef):
        for metodo in nodo.body:
            if isinstance(metodo, ast.FunctionDef):
                _andar(metodo, fuera, f"{clase}{nodo.name}.", hallados)
        return
    sitio = Sitio(nodo, fuera.sentencia, fuera.funcion, fuera.hasta)
    if isinstance(nodo, ast.stmt):
        sitio = replace(sitio, sentencia=nodo.lineno)
    if isinstance(nodo, ast.FunctionDef) and fuera.funcion is None:
        sitio = replace(sitio, funcion=(f"{clase}{nodo.name}", primera_linea(nodo)), hasta=nodo.end_lineno or 0)
    if isinstance(nodo, ast.expr | ast.stmt):
        hallados.append(sitio)
    for hijo in _que_corren(nodo):
        _andar(hijo, sitio, clase, hallados)


def _que_corren(nodo: ast.AST) -> Iterator[ast.AST]:
    for campo, valor in ast.iter_fields(nodo):
        if campo not in ("annotation", "returns", "decorator_list", "args") or isinstance(nodo, ast.Call):
            yield from (h for h in (valor if isinstance(valor, list) else [valor]) if isinstance(h, ast.AST))


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


def _de_augassign(nodo: ast.AugAssign) -> Iterator[Cambio]:
    if isinstance(nodo.op, ast.Add | ast.Sub):
        nada = ast.BinOp(nodo.value, ast.Mult(), ast.Constant(0))
        yield "suma quitada", _poner(nodo, "value", nada)


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
    (ast.AugAssign, _de_augassign),
    (ast.Dict, _de_dict),
    (ast.Return, _de_return),
    (ast.Tuple, _de_tuple),
)
