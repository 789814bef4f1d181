"""Whose look-ups count together."""

import pytest

from portal.dominio.palabras import espera_en_palabras
from portal.dominio.redes import direccion_contable, red_contable


@pytest.mark.parametrize(
    ("direccion", "propia", "red"),
    [
        ("203.0.113.9", "203.0.113.9/32", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.9/32", "203.0.113.0/24"),
        ("2001:db8:7:1:aaaa::1", "2001:db8:7:1::/64", "2001:db8:7::/48"),
        ("2001:db8:7:1::ffff", "2001:db8:7:1::/64", "2001:db8:7::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("no es una dirección", "no es una dirección", "no es una dirección"),
        ("", "", ""),
    ],
)
def test_la_direccion_y_su_red(direccion: str, propia: str, red: str) -> None:
    assert (direccion_contable(direccion), red_contable(direccion)) == (propia, red)


def test_ninguna_llave_pasa_de_lo_que_cabe() -> None:
    assert max(len(direccion_contable("x" * 300)), len(red_contable(":".join(["abcd"] * 8)))) <= 46


def test_cuanto_se_espera_se_dice_hacia_arriba() -> None:
    esperas = [espera_en_palabras(s) for s in (0, 60, 61, 600, 7199, 7201, 86_400)]
    assert esperas == ["1 minuto", "1 minuto", "2 minutos", "10 minutos", "2 horas", "3 horas", "24 horas"]
