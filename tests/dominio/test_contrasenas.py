"""B-40: long passwords of any composition are accepted; stolen, common and guessable ones are not, without asking anybody."""

import pytest

from portal.dominio.contrasenas import MINIMA
from portal.dominio.errores import DatoInvalido
from portal.operaciones.contrasenas import clave_correcta, comunes, exigir_contrasena, hash_de

PROPIAS = ("maria.gomez@putumayo.gov.co", "María Gómez", "Secretaría de Hacienda", "Putumayo")


@pytest.mark.parametrize(
    "texto",
    [
        "una clave de prueba larga",
        "correct horse battery staple",
        "qué frío hace hoy",
        "   tres   espacios   ",
        "🐴🔋✂🎺🌵🧲🪁🥁🦊🐙🍋🎲",
        "82746193350271",
        "zorro-mocoa-lámpara",
        "putumayo caballo lámpara",
        "a1" + "qwzx" * 1 + "9mnbvlk" * 8,
        "x9" + "ñandú salta cada martes " * 5,
    ],
)
def test_se_acepta(texto: str) -> None:
    exigir_contrasena(texto, PROPIAS)


@pytest.mark.parametrize(
    ("texto", "dice"),
    [
        ("corta77", "entre 12 y 128"),
        ("a" * 129, "entre 12 y 128"),
        ("x y " * 50, "entre 12 y 128"),
        ("123456789012", "robadas"),
        ("password1234", "robadas"),
        ("P4ssw0rd2026!", "robadas"),
        ("QwertyQwerty", "robadas"),
        ("Putumayo2026", "se adivina"),
        ("putum4y0 2026!!", "se adivina"),
        ("Estampillas.Putumayo", "se adivina"),
        ("Gobernacion2025*", "se adivina"),
        ("Contraseña2026", "se adivina"),
        ("maria.gomez.2026", "se adivina"),
        ("GomezMaria1987", "se adivina"),
        ("xxxxxxxxxxxxxxxxxxxx", "se adivina"),
        ("lunasolunasolunaso", "se adivina"),
        ("Putumayo 25112026", "se adivina"),
    ],
)
def test_se_rechaza_y_se_dice_que_hacer(texto: str, dice: str) -> None:
    with pytest.raises(DatoInvalido, match=dice) as rechazo:
        exigir_contrasena(texto, PROPIAS)
    assert rechazo.value.campo == "contrasena"
    assert texto not in rechazo.value.mensaje


def test_hay_mas_de_tres_mil_comunes_que_el_largo_no_rechaza() -> None:
    largas = [una for una in comunes() if len(una) >= MINIMA]
    assert len(largas) > 40_000
    for una in sorted(largas)[::400]:
        with pytest.raises(DatoInvalido):
            exigir_contrasena(una.upper(), ())


def test_se_guarda_tal_como_se_escribio() -> None:
    guardada = hash_de(" Ñandú  salta cada martes ")
    assert clave_correcta(guardada, " Ñandú  salta cada martes ")
    assert not clave_correcta(guardada, "Ñandú  salta cada martes")
    assert not clave_correcta(guardada, " ñandú  salta cada martes ")
    assert not clave_correcta("", "")
