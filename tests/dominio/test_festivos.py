"""Holidays and working days: Easter against another algorithm, the law's rules over many years, days that somebody declared."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config import CARPETA_NORMATIVA
from portal.dominio.errores import NormaNoVigente
from portal.dominio.festivos import (
    Calendario,
    Festivo,
    ReglaFestivo,
    domingo_de_pascua,
    es_habil,
    festivos,
    leer_festivo,
    por_que_no_es_habil,
    siguiente_habil,
)

ARCHIVO: Path = CARPETA_NORMATIVA / "festivos.toml"
REGLAS = tuple(leer_festivo(f) for f in tomllib.loads(ARCHIVO.read_text(encoding="utf-8"))["festivo"])
CALENDARIO = Calendario(REGLAS, date(2026, 11, 25))
ANOS = st.integers(1984, 2200)
DIAS = st.dates(date(1984, 1, 1), date(2100, 12, 1))


def pascua_de_gauss(ano: int) -> date:
    """Another algorithm: Gauss's of 1800 with his correction of 1816, and its two exceptions."""
    siglo = ano // 100
    epacta_m = (15 - (13 + 8 * siglo) // 25 + siglo - siglo // 4) % 30
    desfase_n = (4 + siglo - siglo // 4) % 7
    luna = (19 * (ano % 19) + epacta_m) % 30
    domingo = (2 * (ano % 4) + 4 * (ano % 7) + 6 * luna + desfase_n) % 7
    if luna == 29 and domingo == 6:
        return date(ano, 4, 19)
    if luna == 28 and domingo == 6 and (11 * epacta_m + 11) % 30 < 19:
        return date(ano, 4, 18)
    return date(ano, 3, 22) + timedelta(days=luna + domingo)


@pytest.mark.parametrize(
    "pascua",
    [
        date(1954, 4, 18),
        date(1961, 4, 2),
        date(1981, 4, 19),
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2011, 4, 24),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ],
)
def test_la_pascua_es_la_que_se_celebro(pascua: date) -> None:
    assert domingo_de_pascua(pascua.year) == pascua


def test_la_pascua_coincide_con_otro_algoritmo_en_tres_siglos() -> None:
    anos = range(1900, 2201)
    assert [domingo_de_pascua(a) for a in anos] == [pascua_de_gauss(a) for a in anos]
    assert all(domingo_de_pascua(a).weekday() == 6 for a in anos)


def dias_de(ano: int) -> dict[str, date]:
    return {uno.nombre: dia for dia, del_dia in festivos(ano, REGLAS).items() for uno in del_dia}


def test_los_festivos_de_2026_son_diecinueve() -> None:
    assert dias_de(2026) == {
        "Año Nuevo": date(2026, 1, 1),
        "Día de los Reyes Magos": date(2026, 1, 12),
        "Día de San José": date(2026, 3, 23),
        "Jueves Santo": date(2026, 4, 2),
        "Viernes Santo": date(2026, 4, 3),
        "Día del Trabajo": date(2026, 5, 1),
        "Ascensión del Señor": date(2026, 5, 18),
        "Corpus Christi": date(2026, 6, 8),
        "Sagrado Corazón de Jesús": date(2026, 6, 15),
        "San Pedro y San Pablo": date(2026, 6, 29),
        "Nuestra Señora del Rosario de Chiquinquirá": date(2026, 7, 13),
        "Día de la Independencia": date(2026, 7, 20),
        "Batalla de Boyacá": date(2026, 8, 7),
        "Asunción de la Virgen": date(2026, 8, 17),
        "Día de la Raza": date(2026, 10, 12),
        "Todos los Santos": date(2026, 11, 2),
        "Independencia de Cartagena": date(2026, 11, 16),
        "Inmaculada Concepción": date(2026, 12, 8),
        "Navidad": date(2026, 12, 25),
    }


def test_el_festivo_de_julio_rige_solo_desde_2026() -> None:
    nombre = "Nuestra Señora del Rosario de Chiquinquirá"
    assert nombre not in dias_de(2025)
    assert es_habil(date(2025, 7, 14), CALENDARIO)
    assert not es_habil(date(2026, 7, 13), CALENDARIO)
    assert dias_de(2029)[nombre] == date(2029, 7, 9)
    assert len(dias_de(1984)) == len(dias_de(2025)) == 18


def test_un_dia_puede_ser_dos_festivos() -> None:
    assert [f.nombre for f in festivos(2025, REGLAS)[date(2025, 6, 30)]] == [
        "Sagrado Corazón de Jesús",
        "San Pedro y San Pablo",
    ]
    assert por_que_no_es_habil(date(2025, 6, 30), CALENDARIO) == (
        "festivo: Sagrado Corazón de Jesús, Ley 51 de 1983, arts. 1 y 2 "
        "y San Pedro y San Pablo, Ley 51 de 1983, arts. 1 y 2"
    )


@given(ANOS)
def test_lo_que_se_traslada_es_siempre_lunes_y_de_esa_semana(ano: int) -> None:
    trasladables = [r for r in REGLAS if r.regla is ReglaFestivo.TRASLADABLE and r.rige_en(ano)]
    assert len(trasladables) >= 7
    for regla in trasladables:
        corrido = regla.dia_en(ano) - date(ano, regla.mes, regla.dia)
        assert regla.dia_en(ano).weekday() == 0
        assert timedelta(0) <= corrido < timedelta(7)
    de_pascua = {r.nombre: r.dia_en(ano).weekday() for r in REGLAS if r.regla is ReglaFestivo.PASCUA}
    assert sorted(de_pascua.values()) == [0, 0, 0, 3, 4]


def test_los_festivos_van_en_orden_y_una_regla_cerrada_ya_no_rige() -> None:
    assert list(festivos(2025, REGLAS)) == sorted(festivos(2025, REGLAS))
    cerradas = tuple(replace(r, hasta=2026) if r.desde == 2026 else r for r in REGLAS)
    assert len(festivos(2026, cerradas)) == 19
    assert date(2027, 7, 12) not in festivos(2027, cerradas)


def test_de_un_ano_sin_reglas_no_se_adivina() -> None:
    with pytest.raises(NormaNoVigente, match="1983"):
        es_habil(date(1983, 6, 1), CALENDARIO)


def test_el_sabado_no_es_habil_mientras_los_datos_no_lo_digan() -> None:
    sabado, domingo = date(2026, 11, 28), date(2026, 11, 29)
    assert (por_que_no_es_habil(sabado, CALENDARIO), por_que_no_es_habil(domingo, CALENDARIO)) == ("sábado", "domingo")
    abierto = replace(CALENDARIO, sabado_habil=True)
    assert es_habil(sabado, abierto)
    assert not es_habil(domingo, abierto)


def test_un_dia_declarado_no_es_habil_y_dice_por_que() -> None:
    declarado = replace(CALENDARIO, extraordinarios={date(2026, 11, 26): "día cívico, Decreto 1 de 2026"})
    assert por_que_no_es_habil(date(2026, 11, 26), declarado) == "declarado no hábil: día cívico, Decreto 1 de 2026"
    assert siguiente_habil(date(2026, 11, 25), declarado) == date(2026, 11, 27)


@given(DIAS)
def test_el_siguiente_habil_es_el_primero_que_lo_es_despues(dia: date) -> None:
    siguiente = siguiente_habil(dia, CALENDARIO)
    assert siguiente > dia
    assert es_habil(siguiente, CALENDARIO)
    entre = [dia + timedelta(days=n) for n in range(1, (siguiente - dia).days)]
    assert not any(es_habil(d, CALENDARIO) for d in entre)
    # From Wednesday of Holy Week to Monday: no row of days off of the law is longer.
    assert siguiente - dia <= timedelta(days=5)


@pytest.mark.parametrize(
    "cambio",
    [
        {"regla": "movible"},
        {"mes": 13},
        {"mes": 2, "dia": 30},
        {"dias": 3},
        {"nota": "algo"},
        {"regla": "pascua"},
    ],
)
def test_una_fila_imposible_no_se_lee(cambio: dict[str, object]) -> None:
    buena = {"nombre": "X", "regla": "fijo", "mes": 2, "dia": 3, "desde": 1984, "norma": "Ley"}
    assert leer_festivo(buena) == Festivo("X", ReglaFestivo.FIJO, 1984, "Ley", mes=2, dia=3)
    with pytest.raises((KeyError, ValueError)):
        leer_festivo(buena | cambio)


def test_a_una_fila_no_le_falta_nada() -> None:
    buena = {"nombre": "X", "regla": "pascua", "dias": -2, "desde": 1984, "norma": "Ley"}
    for clave in buena:
        with pytest.raises(KeyError):
            leer_festivo({c: v for c, v in buena.items() if c != clave})
