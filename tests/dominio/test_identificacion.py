"""Identity documents: normalised once, the NIT's digit checked and never guessed, names and numbers hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.co import nit

from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import (
    digito_nit,
    enmascarar_documento,
    enmascarar_nombre,
    escribir_documento,
    leer_documento,
    leer_documento_de_consulta,
    leer_numero_contrato,
    leer_texto,
)


@given(st.integers(min_value=10**5, max_value=10**14))
def test_el_digito_del_nit_coincide_con_otro_calculo(base: int) -> None:
    assert digito_nit(str(base)) == nit.calc_check_digit(str(base))


def test_nit_conocidos() -> None:
    assert digito_nit("860069804") == "2"
    assert escribir_documento("NIT", "901805364") == "NIT 901.805.364-1"


def test_el_digito_solo_se_acepta_despues_de_un_guion() -> None:
    assert leer_documento("NIT", "901.805.364-1") == "901805364"
    assert leer_documento("NIT", "9018053641") == "9018053641", "ten digits are ten digits, never a guess"
    with pytest.raises(DatoInvalido, match="dígito de verificación"):
        leer_documento("NIT", "901805364-2")


@pytest.mark.parametrize(
    ("tipo", "texto"),
    [("CC", "12ab"), ("CC", "0123"), ("CC", "1"), ("CC", "1" * 40), ("CC", "١٢٣٤"), ("CC", "%"), ("XX", "123")]
    + [("PAS", "A-1"), ("PAS", "abc"), ("NIT", "12-34"), ("NIT", "")],
)
def test_un_documento_malo_se_rechaza(tipo: str, texto: str) -> None:
    with pytest.raises(DatoInvalido):
        leer_documento(tipo, texto)


def test_se_aceptan_puntos_espacios_y_minusculas() -> None:
    assert leer_documento("CC", " 1.212.312.323 ") == "1212312323"
    assert leer_documento("PAS", "ab123456") == "AB123456"
    assert leer_documento_de_consulta("901.805.364-1") == "901805364"


@pytest.mark.parametrize("texto", ["", "%", "_", "*", "1212%", "1" * 21, "a'--"])
def test_una_consulta_nunca_es_un_patron(texto: str) -> None:
    with pytest.raises(DatoInvalido):
        leer_documento_de_consulta(texto)


def test_los_nombres_y_documentos_se_ocultan() -> None:
    assert enmascarar_nombre("ANA  MARÍA de la Ó") == "A*** M*** d*** l*** Ó***"
    assert enmascarar_documento("1212312323") == "*******323"
    assert enmascarar_documento("12") == "12"


@pytest.mark.parametrize("texto", ["647", "0647", " 647 ", "00000647"])
def test_el_numero_de_contrato_es_uno_aunque_se_escriba_distinto(texto: str) -> None:
    assert leer_numero_contrato(texto) == "647"


@pytest.mark.parametrize("texto", ["", "  ", "6%7", "x" * 41, "a;b", "<b>"])
def test_un_numero_de_contrato_malo_se_rechaza(texto: str) -> None:
    with pytest.raises(DatoInvalido):
        leer_numero_contrato(texto)


def test_un_texto_se_vuelve_canonico() -> None:
    assert leer_texto("  Pe\u0301rez \t Gómez ", maximo=20, campo="nombre") == "Pérez Gómez"
    assert leer_texto("📄 <b>' OR 1=1--", maximo=40, campo="objeto") == "📄 <b>' OR 1=1--"


@pytest.mark.parametrize(
    "texto", ["", "   ", "x" * 21, "a\x00b", "a\u202eb", "a\u200bb", "\ud800", "a" + "\u0301" * 30]
)
def test_un_texto_malo_se_rechaza(texto: str) -> None:
    with pytest.raises(DatoInvalido):
        leer_texto(texto, maximo=20, campo="nombre")


@given(st.text(max_size=200))
def test_ningun_texto_rompe_la_lectura(texto: str) -> None:
    try:
        leido = leer_texto(texto, maximo=100, campo="x")
    except DatoInvalido:
        return
    assert 0 < len(leido) <= 100
    assert leer_texto(leido, maximo=100, campo="x") == leido
