"""Modules of the portal given to Python with something changed inside: a wrong, or marks of what was executed."""

import ast
import importlib.abc
import importlib.util
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

RAIZ = Path(__file__).resolve().parents[2]
# What an instrumented module calls before each statement of a function.
MARCA = "__ejecutada__"
# A statement that was executed: module and line.
Paso = tuple[str, int]


def archivo_de(modulo: str) -> Path:
    return RAIZ / f"{modulo.replace('.', '/')}.py"


class Alterados(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives some modules from the trees at hand; `extras` is put in each before it runs."""

    def __init__(self, arboles: Mapping[str, ast.Module], **extras: object) -> None:
        self.arboles, self.extras = arboles, extras

    def find_spec(self, nombre: str, ruta: object, destino: object = None) -> ModuleSpec | None:
        if nombre not in self.arboles:
            return None
        return importlib.util.spec_from_file_location(nombre, archivo_de(nombre), loader=self)

    def exec_module(self, modulo: ModuleType) -> None:
        modulo.__dict__.update(self.extras)
        codigo = compile(self.arboles[modulo.__name__], str(archivo_de(modulo.__name__)), "exec")
        exec(codigo, modulo.__dict__)


def con_marcas(modulos: tuple[str, ...], marcar: Callable[[Paso], None]) -> Alterados:
    """The modules with every statement of their functions announcing itself to `marcar`."""
    return Alterados({m: _marcado(m) for m in modulos}, **{MARCA: marcar})


def _marcado(modulo: str) -> ast.Module:
    arbol = ast.parse(archivo_de(modulo).read_text())

    def andar(nodo: ast.AST, dentro: bool) -> None:
        dentro = dentro or isinstance(nodo, ast.FunctionDef)
        for campo, valor in ast.iter_fields(nodo):
            hijos = valor if isinstance(valor, list) else [valor]
            for hijo in hijos:
                if isinstance(hijo, ast.AST):
                    andar(hijo, dentro)
            if dentro and isinstance(valor, list) and any(isinstance(h, ast.stmt) for h in hijos):
                setattr(nodo, campo, [s for h in hijos for s in _anunciada(modulo, h)])

    andar(arbol, False)
    return ast.fix_missing_locations(arbol)


def _anunciada(modulo: str, sentencia: ast.stmt) -> tuple[ast.stmt, ...]:
    if isinstance(sentencia, ast.Expr) and isinstance(sentencia.value, ast.Constant):
        return (sentencia,)
    llamada = ast.Call(ast.Name(MARCA, ast.Load()), [ast.Constant((modulo, sentencia.lineno))], [])
    return ast.copy_location(ast.Expr(llamada), sentencia), sentencia
