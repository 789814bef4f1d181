"""Short codes: what people do to them is forgiven, what changes them is noticed."""

import doctest
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio import codigo_corto
from portal.dominio.codigo_corto import ALFABETO, LARGO, caracter_de_control, escribir_codigo, leer_codigo, nuevo_codigo

CODIGOS = st.text(alphabet=ALFABETO, min_size=LARGO - 1, max_size=LARGO - 1).map(lambda c: c + caracter_de_control(c))


def test_los_ejemplos_de_la_documentacion_son_ciertos() -> None:
    assert doctest.testmod(codigo_corto).failed == 0


def test_un_codigo_nuevo_se_lee_como_se_imprime() -> None:
    codigos = {nuevo_codigo() for _ in range(1000)}
    assert len(codigos) == 1000
    assert all(leer_codigo(escribir_codigo(codigo)) == codigo for codigo in codigos)


@given(CODIGOS)
def test_cada_caracter_cambiado_se_nota(codigo: str) -> None:
    for lugar, letra in enumerate(codigo):
        for otra in ALFABETO:
            assert otra == letra or leer_codigo(codigo[:lugar] + otra + codigo[lugar + 1 :]) is None


@given(CODIGOS)
def test_dos_caracteres_cambiados_de_lugar_se_notan(codigo: str) -> None:
    for a, b in combinations(range(LARGO), 2):
        letras = list(codigo)
        letras[a], letras[b] = letras[b], letras[a]
        assert codigo[a] == codigo[b] or leer_codigo("".join(letras)) is None


@pytest.mark.parametrize(
    "escrito",
    ["k7m2 9qwx 3rte", "K7M2–9QWX–3RTE", " k7m2.9qwx.3rte ", "K7M29QWX3RTE", "K7-M2-9Q-WX-3R-TE", "K7M2_9QWX/3RTE"],
)
def test_separadores_y_minusculas_se_perdonan(escrito: str) -> None:
    assert leer_codigo(escrito) == "K7M29QWX3RTE"


def test_las_letras_que_parecen_numeros_se_leen_como_numeros() -> None:
    codigo = "0011" + "ABCDEFG"
    codigo += caracter_de_control(codigo)
    assert leer_codigo("OoIl" + codigo[4:]) == codigo


@pytest.mark.parametrize("malo", ["", "K7M2", "K7M29QWX3RTE0", "K7M29QWX3RTU", "ñ" * 12, "K" * 500, "K7M29QWX3RT\x00"])
def test_lo_que_no_es_un_codigo_no_se_lee(malo: str) -> None:
    assert leer_codigo(malo) is None
