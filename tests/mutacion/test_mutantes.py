"""The tool that puts wrongs in: which it makes, where each stays, and that its list of equivalents is alive."""

import ast
from pathlib import Path

import pytest

from tests.mutacion import carga
from tests.mutacion.carga import archivo_de, con_marcas
from tests.mutacion.equivalentes import razones, sobrantes
from tests.mutacion.mutantes import mutantes_de, mutar
from tests.mutacion.objetivo import MODULOS, PRUEBAS

CODIGO = '''"""A module."""
TOPE = 3


class Clase:
    nombre = "x"

    def doble(self, n: int) -> int:
        """Twice."""
        return n * 2


def recortar(n: int) -> int:
    if n > TOPE and n:
        n -= 1
        return TOPE
    return n
'''


@pytest.fixture
def archivo(tmp_path: Path) -> Path:
    archivo = tmp_path / "modulo.py"
    archivo.write_text(CODIGO)
    return archivo


def test_cada_error_se_nombra_por_su_funcion_y_su_linea(archivo: Path) -> None:
    claves = [m.clave for m in mutantes_de("m", archivo)]
    assert claves == [
        "m:módulo: TOPE = 3 [3 -> 4]",
        "m:Clase.doble: return n * 2 [devuelve None]",
        "m:Clase.doble: return n * 2 [Mult -> Add]",
        "m:Clase.doble: return n * 2 [2 -> 3]",
        "m:recortar: if n > TOPE and n: [condición al revés]",
        "m:recortar: if n > TOPE and n: [And -> Or]",
        "m:recortar: if n > TOPE and n: [sin la condición 1]",
        "m:recortar: if n > TOPE and n: [sin la condición 2]",
        "m:recortar: if n > TOPE and n: [Gt -> GtE]",
        "m:recortar: if n > TOPE and n: [Gt -> Lt]",
        "m:recortar: n -= 1 [suma quitada]",
        "m:recortar: n -= 1 [1 -> 2]",
        "m:recortar: return TOPE [devuelve None]",
        "m:recortar: return n [devuelve None]",
    ]


def test_cada_error_es_un_modulo_distinto_que_se_puede_cargar(archivo: Path) -> None:
    hechos = {ast.unparse(mutar(archivo, m.indice)) for m in mutantes_de("m", archivo)}
    for hecho in hechos:
        exec(hecho, {"__name__": "m"})
    assert len(hechos) == 14
    assert ast.unparse(ast.parse(CODIGO)) not in hechos


def test_las_marcas_dicen_que_sentencias_se_ejecutaron(archivo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carga, "archivo_de", lambda _modulo: archivo)
    pasos: set[tuple[str, int]] = set()
    alterados = con_marcas(("m",), pasos.add)
    espacio: dict[str, object] = {"__name__": "m", **alterados.extras}
    exec(compile(alterados.arboles["m"], "m", "exec"), espacio)
    assert pasos == set()
    assert espacio["recortar"](2) == 2  # type: ignore[operator]
    assert pasos == {("m", 14), ("m", 17)}


def test_los_equivalentes_nombran_errores_que_existen_y_dicen_por_que() -> None:
    todos = [m for modulo in MODULOS for m in mutantes_de(modulo, archivo_de(modulo))]
    assert sobrantes(todos) == []
    assert {clave for clave in razones() if clave.partition(":")[0] not in MODULOS} == set()
    assert all(len(razon) > 20 for razon in razones().values())


def test_las_pruebas_escogidas_existen() -> None:
    assert [p for p in PRUEBAS if not (carga.RAIZ / p).exists()] == []
