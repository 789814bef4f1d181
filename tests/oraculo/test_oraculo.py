"""The engine against an oracle written from the norms: a few thousand random requests; `make oraculo` tries 100,000."""

import ast
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from portal.dominio.normativa import Normativa, Regla
from tests.oraculo import comparar
from tests.oraculo.comparar import normativa, sin_tocar

SEMILLA = 1
CUANTOS = {"cundinamarca": 1700, "narino": 1400, "putumayo": 200}
# What says the figures, as against what draws requests and asks the portal.
DEL_ORACULO = ("lectura", "tablas", "cundinamarca", "narino", "putumayo")


@pytest.mark.parametrize("departamento", CUANTOS)
def test_el_liquidador_y_el_oraculo_dan_lo_mismo(departamento: str) -> None:
    cuenta = comparar.comparar(departamento, SEMILLA, range(CUANTOS[departamento]))
    assert cuenta.diferencias == []
    assert sin_tocar(departamento, cuenta) == []
    assert cuenta.casos == CUANTOS[departamento]
    assert 0 < cuenta.rehusados < cuenta.casos / 3


@pytest.mark.parametrize("modulo", DEL_ORACULO)
def test_el_oraculo_no_mira_el_portal(modulo: str) -> None:
    arbol = ast.parse((Path(__file__).parent / f"{modulo}.py").read_text(encoding="utf-8"))
    importa = {nodo.module for nodo in ast.walk(arbol) if isinstance(nodo, ast.ImportFrom)}
    importa |= {nombre.name for nodo in ast.walk(arbol) if isinstance(nodo, ast.Import) for nombre in nodo.names}
    propios = {f"tests.oraculo.{otro}" for otro in DEL_ORACULO}
    assert {m for m in importa - propios if m and m.partition(".")[0] not in sys.stdlib_module_names} == set()
    # Nor does it read a file: it could be the portal's.
    assert {m for m in importa if m in {"pathlib", "os", "io", "importlib", "tomllib", "csv", "json"}} == set()
    llamadas = {
        nodo.func.id for nodo in ast.walk(arbol) if isinstance(nodo, ast.Call) and isinstance(nodo.func, ast.Name)
    }
    assert not llamadas & {"open", "__import__", "eval", "exec"}


def test_cada_solicitud_se_puede_repetir() -> None:
    una, otra = (comparar.comparar("narino", SEMILLA, range(40, 80)) for _ in range(2))
    assert una == otra
    assert comparar.comparar("narino", SEMILLA + 1, range(40, 80)).tocado != una.tocado


# ------------------------------------------------------------------------------------------------ control: una norma torcida


def _tarifa_un_centesimo_mayor(n: Normativa) -> Normativa:
    return replace(n, tarifas=tuple(replace(t, valor=t.valor + Decimal("0.01")) for t in n.tarifas))


def _redondeo_al_doble(n: Normativa) -> Normativa:
    torcidos = (replace(r, tramos=tuple(replace(t, multiplo=t.multiplo * 2) for t in r.tramos)) for r in n.redondeos)
    return replace(n, redondeos=tuple(torcidos))


def _un_dia_despues(n: Normativa) -> Normativa:
    return replace(n, tarifas=tuple(replace(t, desde=t.desde.replace(day=2)) for t in n.tarifas))


def _sin_seguir(n: Normativa) -> Normativa:
    return replace(n, estampillas=tuple(replace(e, sigue_a="") for e in n.estampillas))


def _sin_desplazar(n: Normativa) -> Normativa:
    return replace(n, actos=tuple(replace(a, desplaza=()) for a in n.actos))


def _con_las_reglas(cambio: Callable[[Regla], Regla], codigo: str) -> Callable[[Normativa], Normativa]:
    return lambda n: replace(n, reglas=tuple(cambio(r) if r.codigo == codigo else r for r in n.reglas))


def _apagada(regla: Regla) -> Regla:
    return replace(regla, activa=not regla.activa)


def _una_uvt_mas(regla: Regla) -> Regla:
    return replace(regla, efecto=replace(regla.efecto, cantidad=regla.efecto.cantidad + 1))


def _adiciones_con_exclusion_nueva(regla: Regla) -> Regla:
    return replace(regla, efecto=replace(regla.efecto, consumido=""))


@pytest.mark.parametrize(
    ("departamento", "torcer"),
    [
        pytest.param("cundinamarca", _tarifa_un_centesimo_mayor, id="tarifa un centésimo mayor"),
        pytest.param("cundinamarca", _redondeo_al_doble, id="redondeo al doble"),
        pytest.param("cundinamarca", _un_dia_despues, id="tarifas desde un día después"),
        pytest.param("cundinamarca", _con_las_reglas(_apagada, "C-EX-02"), id="sin la exclusión de entidades públicas"),
        pytest.param("cundinamarca", _con_las_reglas(_apagada, "C-EXE-095"), id="con la exención inactiva"),
        pytest.param("cundinamarca", _con_las_reglas(_una_uvt_mas, "C-EX-08"), id="1.201 UVT"),
        pytest.param(
            "cundinamarca", _con_las_reglas(_adiciones_con_exclusion_nueva, "C-EX-08"), id="1.200 UVT en cada adición"
        ),
        pytest.param("narino", _redondeo_al_doble, id="de doscientos en doscientos"),
        pytest.param("narino", _sin_seguir, id="Cultura sin seguir a Desarrollo"),
        pytest.param("narino", _sin_desplazar, id="sin acto especial"),
        pytest.param("narino", _con_las_reglas(_apagada, "N-EXE-246-11"), id="sin el tope de $50.000"),
        pytest.param("putumayo", _tarifa_un_centesimo_mayor, id="tarifa provisional mayor"),
    ],
)
def test_una_norma_torcida_se_nota(
    departamento: str, torcer: Callable[[Normativa], Normativa], monkeypatch: pytest.MonkeyPatch
) -> None:
    torcida, derecha = torcer(normativa(departamento)), comparar.con_tablas

    def con_tablas(departamento: str, juego: int) -> object:
        reglas, tablas = derecha(departamento, juego)
        return replace(torcida, valores=reglas.valores), tablas

    monkeypatch.setattr(comparar, "con_tablas", con_tablas)
    tandas = (range(primero, primero + 100) for primero in range(0, CUANTOS[departamento], 100))
    assert any(comparar.comparar(departamento, SEMILLA, tanda).diferencias for tanda in tandas)
