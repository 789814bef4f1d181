"""Facts: an unknown key or value is refused, never ignored."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portal.dominio.errores import DatoInvalido
from portal.dominio.hechos import Hecho, TipoHecho, leer_fecha, leer_hechos, leer_importe

CATALOGO = (
    Hecho("clase", TipoHecho.OPCION, "", ("natural", "publica")),
    Hecho("recursos", TipoHecho.OPCIONES, "", ("PAE", "propios")),
    Hecho("privados", TipoHecho.SI_NO, ""),
    Hecho("anterior", TipoHecho.IMPORTE, ""),
    Hecho("capital", TipoHecho.PORCENTAJE, ""),
    Hecho("firma", TipoHecho.FECHA, ""),
    Hecho("emisor", TipoHecho.TEXTO, ""),
)


@pytest.mark.parametrize(
    ("clave", "crudo", "leido"),
    [
        ("clase", "natural", "natural"),
        ("recursos", "PAE", frozenset({"PAE"})),
        ("recursos", ["PAE", "propios"], frozenset({"PAE", "propios"})),
        ("privados", False, False),
        ("anterior", "46911499.50", Decimal("46911499.50")),
        ("capital", "69.9", Decimal("69.9")),
        ("capital", 70, Decimal(70)),
        ("capital", Decimal("69.9"), Decimal("69.9")),
        ("firma", "2024-02-29", date(2024, 2, 29)),
        ("emisor", "Secretaría de Hacienda", "Secretaría de Hacienda"),
    ],
)
def test_lee_cada_tipo(clave: str, crudo: Any, leido: Any) -> None:
    assert leer_hechos(CATALOGO, {clave: crudo}) == {clave: leido}


@pytest.mark.parametrize(
    ("clave", "crudo"),
    [
        ("otra", "natural"),
        ("clase", "Natural"),
        ("clase", None),
        ("clase", ["natural"]),
        ("recursos", []),
        ("recursos", ["PAE", "otra"]),
        ("recursos", [["PAE"]]),
        ("privados", "true"),
        ("privados", 1),
        ("anterior", 5),
        ("anterior", "1e3"),
        ("anterior", "-1"),
        ("anterior", "1.234"),
        ("anterior", "1000000000000000.01"),
        ("anterior", Decimal("NaN")),
        ("anterior", Decimal("1e999999")),
        ("capital", "100.1"),
        ("capital", True),
        ("capital", -1),
        ("capital", 70.5),
        ("capital", Decimal("Infinity")),
        ("firma", "2025-02-29"),
        ("firma", "2025-2-1"),
        ("firma", "20250201"),
        ("emisor", "  "),
        ("emisor", "x" * 161),
    ],
)
def test_rehusa_lo_que_no_conoce(clave: str, crudo: Any) -> None:
    with pytest.raises(DatoInvalido) as error:
        leer_hechos(CATALOGO, {clave: crudo})
    assert error.value.campo in ("hechos", f"hechos.{clave}")


@pytest.mark.parametrize(
    "texto", ["١٢٣", "１２", "1_000", " 1", "1 ", "1,5", "0x10", "", "NaN", "Infinity", "1\n", 7.5, None]
)  # noqa: RUF001
def test_un_importe_solo_son_digitos_ascii(texto: Any) -> None:
    with pytest.raises(DatoInvalido):
        leer_importe(texto, "valor")


@pytest.mark.parametrize("texto", ["2025-01-01\n", "２０２５-01-01", "0000-01-01", "2025-13-01", 20250101, None])
def test_una_fecha_es_una_que_exista(texto: Any) -> None:
    with pytest.raises(DatoInvalido):
        leer_fecha(texto, "fecha")
