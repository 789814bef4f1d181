"""A column shows by itself how its numbers are written, and what can be read in two ways is never guessed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.celdas import (
    Celda,
    SignoDecimal,
    dia_en,
    escrito_en,
    importe_escrito,
    letra_de,
    porcentaje_escrito,
    signo_de,
)
from portal.dominio.dinero import leer_pesos
from portal.dominio.errores import DatoInvalido


def leer_columna(*celdas: Celda) -> list[Decimal]:
    signo = signo_de(celdas)
    return [leer_pesos(importe_escrito(celda, signo)) for celda in celdas]


@pytest.mark.parametrize("texto", ["46.911.499,50", "46911499,50", "46911499.50", "46,911,499.50", "$ 46.911.499,5"])
def test_cada_forma_de_escribir_un_valor_es_el_mismo(texto: str) -> None:
    assert leer_columna(texto) == [Decimal("46911499.50")]


@pytest.mark.parametrize("texto", ["1.234", "1,234", "123.500", "999,000"])
def test_un_valor_que_se_lee_de_dos_maneras_se_rechaza_si_nada_lo_aclara(texto: str) -> None:
    with pytest.raises(DatoInvalido, match="se puede leer de dos maneras"):
        leer_columna(texto, "5000", "700")


def test_la_columna_aclara_lo_dudoso() -> None:
    assert leer_columna("1.234", "46.911.499,50") == [Decimal(1234), Decimal("46911499.50")]
    assert leer_columna("1.234", "1.234.567") == [Decimal(1234), Decimal(1234567)]
    assert leer_columna("1,234", "10.50") == [Decimal(1234), Decimal("10.50")]
    assert leer_columna("1.234.567,00", "1.234", "55") == [Decimal(1234567), Decimal(1234), Decimal(55)]


def test_tres_decimales_no_se_toman_por_miles() -> None:
    """A program that writes three decimals shows it in its other rows."""
    with pytest.raises(DatoInvalido, match="fracciones de centavo"):
        leer_columna("1.234", "1500.255")
    assert leer_columna("1500.250") == [Decimal("1500.25")]


def test_la_fila_que_se_aparta_de_su_columna_es_la_equivocada() -> None:
    columna = ("1.000,50", "2.000,50", "3000.50")
    signo = signo_de(columna)
    assert signo is SignoDecimal.COMA
    with pytest.raises(DatoInvalido, match="con la coma"):
        importe_escrito(columna[2], signo)
    assert signo_de(("1000.50", "2000.50", "3.000,50")) is SignoDecimal.PUNTO


@pytest.mark.parametrize(
    "malo", ["", "mil", "-5", "1e11", "NaN", "0x10", "1_000", "١٢٣", "1.2.3", "1,2,3", "9" * 40, "1..000", ",5", True]
)
def test_lo_que_no_es_un_valor_se_rechaza(malo: Any) -> None:
    with pytest.raises(DatoInvalido):
        leer_columna(malo)


@pytest.mark.parametrize("numero", ["-5", "NaN", "Infinity", "1E+30", "0.001", "10.005"])
def test_un_numero_imposible_se_rechaza(numero: str) -> None:
    with pytest.raises(DatoInvalido):
        leer_columna(Decimal(numero))


importes = st.decimals(min_value=0, max_value=10**14, places=2, allow_nan=False)


def escribir(valor: Decimal, signo: SignoDecimal, con_miles: bool) -> str:
    entero, centavos = f"{valor:.2f}".split(".")
    miles = "." if signo is SignoDecimal.COMA else ","
    grupos = f"{int(entero):,}".replace(",", miles) if con_miles else entero
    return f"{grupos}{signo}{centavos}"


@given(st.lists(importes, min_size=1), st.sampled_from(SignoDecimal), st.booleans())
def test_toda_columna_escrita_de_una_manera_se_lee_igual(
    valores: list[Decimal], signo: SignoDecimal, miles: bool
) -> None:
    assert leer_columna(*(escribir(v, signo, miles) for v in valores)) == valores
    assert leer_columna(*valores) == valores


@pytest.mark.parametrize("texto", ["2025-02-03", "03/02/2025", "3/2/2025", "3/02/2025", "45691", " 45691 "])
def test_las_formas_de_una_fecha(texto: str) -> None:
    assert dia_en(texto) == date(2025, 2, 3)


def test_una_fecha_verdadera_y_el_numero_de_serie() -> None:
    assert dia_en(date(2025, 2, 3)) == date(2025, 2, 3)
    assert dia_en(Decimal(45691)) == date(2025, 2, 3)


@pytest.mark.parametrize(
    "mala",
    ["2/13/2025", "2025-02-31", "31/02/2025", "25-02-03", "ayer", "1899-01-01", "100", "30001", date(1960, 1, 1), True]
    + [Decimal("45691.5"), Decimal(3)],
)
def test_lo_que_no_es_una_fecha_se_rechaza(mala: Any) -> None:
    with pytest.raises(DatoInvalido):
        dia_en(mala)


def test_un_porcentaje_que_la_hoja_dividio_por_cien_se_rechaza() -> None:
    for numero in ("0.699", "1", "0.01"):
        with pytest.raises(DatoInvalido, match=r"69,9 % como 0,699"):
            porcentaje_escrito(Decimal(numero))
    assert porcentaje_escrito(Decimal("69.9")) == porcentaje_escrito("69.9") == porcentaje_escrito("69,9") == "69,9"
    assert porcentaje_escrito(Decimal(70)) == "70"


def test_lo_que_la_hoja_de_calculo_cambia_por_su_cuenta_se_dice() -> None:
    with pytest.raises(DatoInvalido, match="por una fecha"):
        escrito_en(date(2025, 3, 25))
    with pytest.raises(DatoInvalido, match="pierde cifras"):
        escrito_en(Decimal("123456789012345000"))
    with pytest.raises(DatoInvalido, match="dio error"):
        escrito_en("#N/A")
    assert escrito_en(Decimal(1212312323)) == "1212312323"
    assert escrito_en(Decimal("1.5E+3")) == "1500"


@pytest.mark.parametrize(
    ("posicion", "letra"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_las_columnas_se_llaman_como_en_la_hoja(posicion: int, letra: str) -> None:
    assert letra_de(posicion) == letra
