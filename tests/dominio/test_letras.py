"""Dates and hours in words say the same as their figures, in the time of Colombia."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.dominio.letras import escribir_numero, fecha_en_letras, hora_en_letras


@pytest.mark.parametrize(
    ("numero", "palabras"),
    [
        (0, "cero"),
        (16, "dieciséis"),
        (21, "veintiuno"),
        (30, "treinta"),
        (59, "cincuenta y nueve"),
        (100, "cien"),
        (101, "ciento uno"),
        (1000, "mil"),
        (1990, "mil novecientos noventa"),
        (2026, "dos mil veintiséis"),
        (2100, "dos mil cien"),
        (9999, "nueve mil novecientos noventa y nueve"),
    ],
)
def test_un_numero_en_palabras(numero: int, palabras: str) -> None:
    assert escribir_numero(numero) == palabras


def test_dos_numeros_nunca_se_escriben_igual() -> None:
    assert len({escribir_numero(n) for n in range(10_000)}) == 10_000
    for fuera in (-1, 10_000):
        with pytest.raises(ValueError, match="four digits"):
            escribir_numero(fuera)


@pytest.mark.parametrize(
    ("instante", "dice"),
    [
        (
            datetime(2026, 11, 26, 3, 0, tzinfo=UTC),
            "a los veinticinco (25) días del mes de noviembre de dos mil veintiséis (2026)",
        ),
        (
            datetime(2026, 12, 1, 15, 0, tzinfo=UTC),
            "el primer (1.º) día del mes de diciembre de dos mil veintiséis (2026)",
        ),
        (
            datetime(2027, 1, 21, 15, 0, tzinfo=UTC),
            "a los veintiún (21) días del mes de enero de dos mil veintisiete (2027)",
        ),
        (
            datetime(2027, 1, 31, 15, 0, tzinfo=UTC),
            "a los treinta y un (31) días del mes de enero de dos mil veintisiete (2027)",
        ),
    ],
)
def test_la_fecha_es_la_de_colombia(instante: datetime, dice: str) -> None:
    assert fecha_en_letras(instante) == dice


@pytest.mark.parametrize(
    ("hora", "minuto", "dice"),
    [
        (0, 0, "a las doce en punto de la noche (12:00:00 a. m.)"),
        (1, 1, "a la una y un minuto de la mañana (1:01:00 a. m.)"),
        (12, 30, "a las doce y treinta minutos del día (12:30:00 p. m.)"),
        (13, 21, "a la una y veintiún minutos de la tarde (1:21:00 p. m.)"),
        (18, 59, "a las seis y cincuenta y nueve minutos de la tarde (6:59:00 p. m.)"),
        (19, 41, "a las siete y cuarenta y un minutos de la noche (7:41:00 p. m.)"),
    ],
)
def test_la_hora_es_la_de_colombia(hora: int, minuto: int, dice: str) -> None:
    assert hora_en_letras(datetime(2026, 11, 25, hora, minuto, tzinfo=UTC) + timedelta(hours=5)) == dice


def test_dos_instantes_del_dia_nunca_se_dicen_igual() -> None:
    medianoche = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
    assert len({hora_en_letras(medianoche + timedelta(minutes=n)) for n in range(24 * 60)}) == 24 * 60
