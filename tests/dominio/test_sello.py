"""The signed text: one way of writing each stamp, and no other text is read as one."""

import random
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.codigo_corto import nuevo_codigo
from portal.dominio.errores import DatoInvalido
from portal.dominio.sello import (
    MAXIMO_SELLO,
    MAXIMO_TEXTO,
    Sello,
    SelloIlegible,
    es_sello,
    leer_codigo_o_sello,
    leer_mensaje,
    separar,
    texto_de_sello,
    unir,
)

LETRAS = "ABCÁÉÍÑÜabcáéñü 0123456789,.-/&'\"<>%*…💧"


def sello_al_azar(azar: random.Random) -> Sello:
    """A stamp that says anything that it may say."""

    def texto(maximo: int = MAXIMO_TEXTO) -> str:
        return texto_de_sello("".join(azar.choices(LETRAS, k=azar.randint(1, maximo)))) or "x"

    return Sello(
        clave=f"{azar.getrandbits(32):08x}",
        codigo=nuevo_codigo(),
        departamento=azar.choice(["putumayo", "narino", "cundinamarca"]),
        factura=azar.randint(1, 10**10),
        estampilla=azar.choice(["PRO_DESARROLLO", "CULTURA", "ADULTO_MAYOR"]),
        nombre=texto(),
        valor=Decimal(azar.choice([0, azar.randint(1, 10**15), azar.randint(1, 10**9)]))
        + azar.choice([Decimal(0), Decimal("0.5"), Decimal("0.07")]),
        acto=texto(),
        contribuyente=texto(),
        fecha=date(2025, 1, 1) + timedelta(days=azar.randint(0, 5000)),
    )


def test_mil_sellos_al_azar_se_leen_como_se_escribieron() -> None:
    azar = random.Random(20261125)
    for _ in range(1000):
        sello, firma = sello_al_azar(azar), azar.randbytes(64)
        texto = unir(sello.mensaje(), firma)
        assert len(texto) <= MAXIMO_SELLO
        assert es_sello(texto)
        assert separar(texto) == (sello.mensaje(), firma)
        assert leer_mensaje(sello.mensaje()) == sello


def test_el_mensaje_es_el_que_esta_documentado() -> None:
    sello = Sello(
        "0a1b2c3d",
        "K7M29QWX3RTE",
        "putumayo",
        238076,
        "ADULTO_MAYOR",
        "Pro Bienestar",
        Decimal("235000.50"),
        "Contrato 647 de 2025",
        "A*** J***, CC *******323",
        date(2026, 11, 25),
    )
    assert sello.mensaje().decode().split("\n") == [
        "EE1",
        "0a1b2c3d",
        "K7M29QWX3RTE",
        "putumayo",
        "238076",
        "ADULTO_MAYOR",
        "Pro Bienestar",
        "235000.50",
        "Contrato 647 de 2025",
        "A*** J***, CC *******323",
        "2026-11-25",
    ]


BUENO = sello_al_azar(random.Random(1)).mensaje()


@pytest.mark.parametrize(
    ("linea", "valor"),
    [
        (0, "EE2"),
        (0, "ee1"),
        (1, "0A1B2C3D"),
        (1, ""),
        (2, "k7m29qwx3rte"),
        (2, "K7M2-9QWX-3RTE"),
        (2, "K7M29QWX3RTF"),
        (4, "007"),
        (4, "-1"),
        (4, "1.0"),
        (4, "٣"),
        (7, "1,5"),
        (7, "1.50000"),
        (7, "1.00"),
        (7, "01"),
        (7, "-5"),
        (7, "NaN"),
        (7, "1e3"),
        (10, "20261125"),
        (10, "2026-02-30"),
        (10, ""),
    ],
)
def test_lo_que_esta_escrito_de_otra_manera_no_se_lee(linea: int, valor: str) -> None:
    lineas = BUENO.decode().split("\n")
    lineas[linea] = valor
    with pytest.raises(SelloIlegible):
        leer_mensaje("\n".join(lineas).encode())


@pytest.mark.parametrize(
    "malo", [b"", b"\n", BUENO + b"\n", BUENO + b"\nx", BUENO.replace(b"\n", b"\r\n"), b"\xff\xfe"]
)
def test_lo_que_no_tiene_sus_once_renglones_no_se_lee(malo: bytes) -> None:
    with pytest.raises(SelloIlegible):
        leer_mensaje(malo)


@given(st.binary(max_size=300))
def test_ningun_octeto_suelto_hace_caer_la_lectura(octetos: bytes) -> None:
    with suppress(SelloIlegible):
        assert leer_mensaje(octetos).mensaje() == octetos


@given(st.text(max_size=300))
def test_ningun_texto_hace_caer_la_separacion(texto: str) -> None:
    with suppress(SelloIlegible):
        assert unir(*separar(texto)) == texto


@pytest.mark.parametrize("de_mas", ["=", "A", "\n", " ", "+", "/", "%", "é"])
def test_solo_hay_una_manera_de_escribir_los_mismos_octetos(de_mas: str) -> None:
    texto = unir(BUENO, bytes(64))
    for otro in (texto + de_mas, de_mas + texto):
        with pytest.raises(SelloIlegible):
            separar(otro)


def test_los_bits_sueltos_del_final_se_rechazan() -> None:
    texto = unir(BUENO, bytes(64))
    assert texto.endswith("AA")
    with pytest.raises(SelloIlegible):
        separar(texto[:-1] + "B")


def test_los_textos_van_en_una_linea_y_se_cortan() -> None:
    assert texto_de_sello("  Pro\n Cultura\x00\u2028 de  Nariño ") == "Pro Cultura de Nariño"
    assert texto_de_sello("ab " * 40) == ("ab " * 20)[:59].rstrip() + "…"


@pytest.mark.parametrize(
    "escrito",
    ["K7M2-9QWX-3RTE", "https://estampillas.ejemplo.gov.co/v/K7M29QWX3RTE", " k7m2 9qwx 3rte\n"],
)
def test_se_reconoce_el_codigo_en_lo_que_se_pegue(escrito: str) -> None:
    assert leer_codigo_o_sello(escrito) == "K7M29QWX3RTE"


def test_se_reconoce_el_sello_aunque_venga_partido() -> None:
    sello = unir(BUENO, bytes(64))
    assert leer_codigo_o_sello(f"https://x/v/{sello[:50]}\r\n{sello[50:]}") == sello
    with pytest.raises(DatoInvalido):
        leer_codigo_o_sello("a" * (MAXIMO_SELLO + 1) + ".b")
