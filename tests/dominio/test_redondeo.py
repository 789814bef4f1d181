"""Rounding: edges by hand, then properties over every rule that ships."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config import departamentos
from portal.dominio.redondeo import Modo, Redondeo, Tramo
from portal.operaciones.archivos_normativa import normativa_de_archivos

CENTENA = Redondeo("c", "a la centena superior", Modo.SUPERIOR, (Tramo(Decimal(100), "a la centena superior"),))
MIL = Redondeo("m", "al mil más cercano", Modo.CERCANO, (Tramo(Decimal(1000), "al mil más cercano"),))
TRAMOS = normativa_de_archivos("cundinamarca").redondeo("sin_cuantia_tramos", date(2025, 1, 1))
TODOS = [redondeo for d in departamentos() for redondeo in normativa_de_archivos(d).redondeos]
EXACTOS = st.decimals(min_value=0, max_value=10**15, allow_nan=False, places=6)


@pytest.mark.parametrize(
    ("redondeo", "exacto", "esperado"),
    [
        (CENTENA, "0", "0"),
        (CENTENA, "0.001", "100"),
        (CENTENA, "4300", "4300"),
        (CENTENA, "4300.0001", "4400"),
        (MIL, "499.999999", "0"),
        (MIL, "500", "1000"),
        (MIL, "1499.99", "1000"),
        (MIL, "1500", "2000"),
        # Bands of 4.2: the value before rounding decides, and each limit is in the lower band (C-A05).
        (TRAMOS, "99.49", "99"),
        (TRAMOS, "99.5", "100"),
        (TRAMOS, "100", "100"),
        (TRAMOS, "100.01", "100"),
        (TRAMOS, "149.99", "100"),
        (TRAMOS, "150", "200"),
        (TRAMOS, "9949.99", "9900"),
        (TRAMOS, "9950", "10000"),
        (TRAMOS, "10000", "10000"),
        (TRAMOS, "10000.01", "10000"),
        (TRAMOS, "10499.99", "10000"),
        (TRAMOS, "10500", "11000"),
    ],
)
def test_redondea_en_cada_borde(redondeo: Redondeo, exacto: str, esperado: str) -> None:
    assert redondeo.aplicar(Decimal(exacto)) == Decimal(esperado)


def test_rehusa_un_valor_negativo() -> None:
    with pytest.raises(ValueError, match="never negative"):
        CENTENA.aplicar(Decimal(-1))


@pytest.mark.parametrize("redondeo", TODOS, ids=lambda redondeo: redondeo.codigo)
@given(exacto=EXACTOS)
def test_redondear_dos_veces_es_redondear_una(redondeo: Redondeo, exacto: Decimal) -> None:
    valor = redondeo.aplicar(exacto)
    assert redondeo.aplicar(valor) == valor


@pytest.mark.parametrize("redondeo", TODOS, ids=lambda redondeo: redondeo.codigo)
@given(uno=EXACTOS, otro=EXACTOS)
def test_el_redondeo_conserva_el_orden(redondeo: Redondeo, uno: Decimal, otro: Decimal) -> None:
    menor, mayor = sorted((uno, otro))
    assert redondeo.aplicar(menor) <= redondeo.aplicar(mayor)


@pytest.mark.parametrize("redondeo", TODOS, ids=lambda redondeo: redondeo.codigo)
@given(exacto=EXACTOS)
def test_el_redondeo_da_pesos_enteros_y_se_mueve_menos_de_un_multiplo(redondeo: Redondeo, exacto: Decimal) -> None:
    valor = redondeo.aplicar(exacto)
    multiplo = redondeo.tramo(exacto).multiplo
    assert valor % multiplo == 0
    assert abs(valor - exacto) < multiplo
    if redondeo.modo is Modo.SUPERIOR:
        assert valor >= exacto
    else:
        assert abs(valor - exacto) * 2 <= multiplo
