"""Where a new yearly value fits: pure dates and pesos."""

from datetime import date
from decimal import Decimal

import pytest

from portal.dominio import propuestas
from portal.dominio.errores import DatoInvalido
from portal.dominio.vigencia import ValorIndicador

HOY = date(2026, 12, 10)
DE_2025 = ValorIndicador("X", Decimal(4200), date(2025, 1, 1), date(2025, 12, 31), "Decreto 1")
DE_2026 = ValorIndicador("X", Decimal(4400), date(2026, 1, 1), date(2026, 12, 31), "Decreto 2")
SERIE = [DE_2025, DE_2026]


def ano(vigencia: int) -> tuple[date, date]:
    return date(vigencia, 1, 1), date(vigencia, 12, 31)


@pytest.mark.parametrize(
    ("desde", "hasta", "valor", "campo"),
    [
        (date(2027, 3, 1), date(2027, 2, 1), "1", "hasta"),
        (date(2027, 1, 1), date(2028, 12, 31), "1", "hasta"),
        (*ano(2028), "1", "desde"),
        (date(2027, 2, 1), date(2027, 12, 31), "1", "desde"),
        (date(2027, 1, 1), date(2027, 11, 30), "1", "hasta"),
        (*ano(2027), "0", "valor"),
        (*ano(2027), "-1", "valor"),
        (*ano(2027), "1000.50", "valor"),
    ],
)
def test_la_forma_se_rehusa_y_dice_el_campo(desde: date, hasta: date, valor: str, campo: str) -> None:
    with pytest.raises(DatoInvalido) as error:
        propuestas.revisar_forma(desde, hasta, Decimal(valor), ano_completo=True, hoy=HOY)
    assert error.value.campo == campo


@pytest.mark.parametrize(("desde", "entero"), [(date(2027, 1, 1), True), (date(2027, 7, 1), False)])
def test_lo_que_tiene_buena_forma_se_distingue_de_lo_mismo_sin_valor(desde: date, entero: bool) -> None:
    def campo_malo(valor: str) -> str | None:
        try:
            propuestas.revisar_forma(desde, date(2027, 12, 31), Decimal(valor), ano_completo=entero, hoy=HOY)
        except DatoInvalido as error:
            return error.campo
        return None

    assert (campo_malo("1"), campo_malo("0")) == (None, "valor")


@pytest.mark.parametrize("vigencia", [2024, 2027])
def test_encaja_justo_antes_o_justo_despues(vigencia: int) -> None:
    assert propuestas.encajar(*ano(vigencia), SERIE, ano_completo=True) is None


def test_la_primera_fila_de_un_indicador_no_tiene_vecinas() -> None:
    assert propuestas.encajar(*ano(2027), [], ano_completo=True) is None


@pytest.mark.parametrize(("vigencia", "frase"), [(2025, "Decreto 1"), (2023, "hueco"), (2028, "hueco")])
def test_ni_se_solapa_ni_deja_huecos(vigencia: int, frase: str) -> None:
    with pytest.raises(DatoInvalido, match=frase):
        propuestas.encajar(*ano(vigencia), SERIE, ano_completo=True)


def test_dentro_del_ano_corta_la_fila_que_rige() -> None:
    medio = (date(2026, 7, 1), date(2026, 12, 31))
    assert propuestas.encajar(*medio, SERIE, ano_completo=False) == DE_2026
    with pytest.raises(DatoInvalido, match="Ya hay un valor publicado"):
        propuestas.encajar(*medio, SERIE, ano_completo=True)


@pytest.mark.parametrize(
    "rango",
    [
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 7, 1), date(2026, 11, 30)),
        (date(2025, 7, 1), date(2025, 11, 30)),
        (date(2027, 1, 1), date(2027, 6, 30)),
    ],
    ids=["el mismo comienzo", "deja una cola", "por dentro", "no llega a diciembre"],
)
def test_dentro_del_ano_tampoco_deja_colas_sin_valor(rango: tuple[date, date]) -> None:
    with pytest.raises(DatoInvalido):
        propuestas.encajar(*rango, SERIE, ano_completo=False)


@pytest.mark.parametrize(("valor", "salta"), [(6160, False), (6161, True), (2640, False), (2639, True), (4400, False)])
def test_mas_del_cuarenta_por_ciento_es_un_salto(valor: int, salta: bool) -> None:
    anterior = propuestas.anterior_a(date(2027, 1, 1), SERIE)
    assert anterior == DE_2026
    assert propuestas.es_salto(Decimal(valor), anterior) is salta


@pytest.mark.parametrize(
    ("ultimo", "ajuste", "propuesto"),
    [
        ("4200", "3", "4400"),
        ("4000", "0", "4000"),
        ("4000", "2.5", "4100"),
        ("4000", "2.5001", "4200"),
        ("2400", "3", "2500"),
    ],
)
def test_la_formula_sube_a_la_centena(ultimo: str, ajuste: str, propuesto: str) -> None:
    assert propuestas.por_formula(Decimal(ultimo), Decimal(ajuste), Decimal(100)) == Decimal(propuesto)


def test_la_formula_llega_en_catorce_ajustes_al_valor_decretado_de_2025() -> None:
    """N-A24: 2.400 pesos, adjusted by 3 % from 2012 on, is what the decree of 2025 fixed."""
    valor = Decimal(2400)
    for _ in range(2012, 2026):
        valor = propuestas.por_formula(valor, Decimal(3), Decimal(100))
    assert valor == Decimal(4200)


def test_los_dias_sin_valor_se_dicen_por_anos() -> None:
    hueco = [DE_2025, ValorIndicador("X", Decimal(1), date(2028, 2, 19), date(2028, 12, 31), "D")]
    assert [v.texto for v in propuestas.sin_valor(hueco, date(2029, 12, 31))] == [
        "2026",
        "2027",
        "del 1 de enero de 2028 al 18 de febrero de 2028",
        "2029",
    ]
    assert propuestas.sin_valor(SERIE, date(2026, 12, 31)) == []
    assert propuestas.sin_valor([], date(2026, 12, 31)) == []
