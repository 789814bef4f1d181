"""Sharing out what a stamp collected: parts of whole centavos that always add up to the whole."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.reparto import repartir
from tests.normativa.inventado import normativa_de_macondo


def cien_por_ciento(cortes: list[int]) -> list[Decimal]:
    """Percentages with three decimals that add up to 100."""
    bordes = [0, *sorted(cortes), 100_000]
    return [Decimal(b - a) / 1000 for a, b in zip(bordes, bordes[1:], strict=False)]


@given(
    importe=st.decimals(min_value=0, max_value=10**15, allow_nan=False, places=2),
    cortes=st.lists(st.integers(min_value=0, max_value=100_000), max_size=8),
)
def test_las_partes_suman_el_todo_y_ninguna_se_aparta_un_centavo(importe: Decimal, cortes: list[int]) -> None:
    porcentajes = cien_por_ciento(cortes)
    partes = repartir(importe, porcentajes)
    assert sum(partes) == importe
    for parte, porcentaje in zip(partes, porcentajes, strict=True):
        assert abs(parte - importe * porcentaje / 100) < Decimal("0.01")
        assert parte * 100 == (parte * 100).to_integral_value()


def test_el_centavo_que_sobra_es_del_mayor_residuo_y_si_empatan_del_primero() -> None:
    assert repartir(Decimal("0.01"), [Decimal(20), Decimal(80)]) == (Decimal(0), Decimal("0.01"))
    assert repartir(Decimal("0.01"), [Decimal(50), Decimal(50)]) == (Decimal("0.01"), Decimal(0))


@pytest.mark.parametrize(
    ("importe", "porcentajes"),
    [("-1", ["100"]), ("0.001", ["100"]), ("1", ["99.9"]), ("1", ["120", "-20"]), ("1", [])],
)
def test_rehusa_lo_que_no_se_puede_repartir(importe: str, porcentajes: list[str]) -> None:
    with pytest.raises(ValueError, match="shared out"):
        repartir(Decimal(importe), [Decimal(porcentaje) for porcentaje in porcentajes])


def test_el_veinte_por_ciento_va_al_fondo_de_pensiones() -> None:
    macondo = normativa_de_macondo()
    hielo_2025 = macondo.reparto_de("PRO_HIELO", date(2025, 12, 31))
    assert [(r.destino, r.porcentaje) for r in hielo_2025] == [("Fondo de pensiones", 20), ("Fábrica de hielo", 80)]
    hielo_2026 = macondo.reparto_de("PRO_HIELO", date(2026, 1, 1))
    partes = repartir(Decimal(50000), [r.porcentaje for r in hielo_2026])
    assert dict(zip((r.destino for r in hielo_2026), partes, strict=True)) == {
        "Fondo de pensiones": 10000,
        "Fábrica de hielo": 23350,
        "Museo del hielo": 16650,
    }
    assert macondo.reparto_de("PRO_HIELO", date(2023, 12, 31)) == ()
