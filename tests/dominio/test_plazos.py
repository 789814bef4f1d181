"""Due dates: the golden ones of two years, what outages do to them, and the sentences that explain each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.errores import NormaNoVigente
from portal.dominio.festivos import Calendario, Contingencia, es_habil
from portal.dominio.plazos import Plazo, explicar_plazo, leer_plazo, vence, vencimiento
from tests.dominio.test_festivos import CALENDARIO, REGLAS

FILA = {
    "id": "pago_mensual",
    "dia": 10,
    "de": "mes_siguiente",
    "conteo": "calendario",
    "si_no_habil": "siguiente_habil",
    "que": "pagar lo recaudado en el mes",
    "norma": "Manual A-GI-MA-010, 4.5",
}
PLAZO = leer_plazo(FILA)
# The known due dates of each year, by the month in which they fall.
DORADOS = {
    2025: (10, 10, 10, 10, 12, 10, 10, 11, 10, 10, 10, 10),
    2026: (13, 10, 10, 10, 11, 10, 10, 10, 10, 13, 10, 10),
}
ABRIL, DIA = date(2025, 4, 1), date(2025, 5, 12)
FALLA = Contingencia(date(2025, 5, 12), date(2025, 5, 13), "sin servicio del proveedor")


def con_fallas(*fallas: Contingencia, hoy: date = date(2025, 6, 1)) -> Calendario:
    return replace(CALENDARIO, contingencias=fallas, hoy=hoy)


@pytest.mark.parametrize(("ano", "mes"), [(a, m) for a in DORADOS for m in range(1, 13)])
def test_el_dia_diez_de_cada_mes_de_2025_y_2026(ano: int, mes: int) -> None:
    periodo = (date(ano, mes, 1) - timedelta(days=1)).replace(day=1)
    assert vence(periodo, PLAZO, CALENDARIO) == date(ano, mes, DORADOS[ano][mes - 1])


def test_un_dia_habil_no_se_mueve_y_uno_que_no_lo_es_dice_por_que() -> None:
    assert explicar_plazo(date(2026, 1, 1), PLAZO, CALENDARIO) == (
        "El plazo es el 10 de febrero de 2026 (Manual A-GI-MA-010, 4.5).",
    )
    assert explicar_plazo(date(2025, 12, 31), PLAZO, CALENDARIO) == (
        "El plazo es el 10 de enero de 2026 (Manual A-GI-MA-010, 4.5).",
        "No son hábiles el 10 de enero de 2026 (sábado); el 11 de enero de 2026 (domingo); el 12 de enero de 2026 "
        "(festivo: Día de los Reyes Magos, Ley 51 de 1983, arts. 1 y 2). "
        "Pasa al siguiente día hábil: 13 de enero de 2026.",
    )


def test_un_plazo_que_no_traslada_se_queda_en_su_dia() -> None:
    fijo = leer_plazo({c: v for c, v in FILA.items() if c != "si_no_habil"})
    assert vence(ABRIL, fijo, CALENDARIO) == date(2025, 5, 10)


def test_una_falla_en_el_dia_lo_pasa_al_primer_habil_despues() -> None:
    hallado = vencimiento(ABRIL, PLAZO, con_fallas(FALLA))
    assert hallado.dia == date(2025, 5, 14)
    assert not hallado.se_extiende
    assert hallado.frases[-1] == (
        "El portal presentó fallas del 12 de mayo de 2025 al 13 de mayo de 2025 (sin servicio del proveedor). "
        "Pasa al primer día hábil después de la falla: 14 de mayo de 2025."
    )


@pytest.mark.parametrize("dia", [date(2025, 5, 9), date(2025, 5, 13)])
def test_una_falla_de_otro_dia_no_mueve_nada(dia: date) -> None:
    assert vence(ABRIL, PLAZO, con_fallas(Contingencia(dia, dia, "x"))) == DIA


def test_una_falla_en_el_fin_de_semana_no_cuenta_como_el_dia_al_que_paso() -> None:
    assert vence(ABRIL, PLAZO, con_fallas(Contingencia(date(2025, 5, 10), date(2025, 5, 11), "x"))) == DIA


def test_dos_fallas_seguidas_se_suman_y_se_explican_las_dos() -> None:
    otra = Contingencia(date(2025, 5, 14), date(2025, 5, 16), "otra")
    hallado = vencimiento(ABRIL, PLAZO, con_fallas(otra, FALLA))
    assert hallado.dia == date(2025, 5, 19)
    assert [("sin servicio" in f, "otra" in f) for f in hallado.frases[-2:]] == [(True, False), (False, True)]


def test_mientras_la_falla_sigue_el_plazo_no_llega() -> None:
    abierta = replace(FALLA, fin=None)
    vistos = [vencimiento(ABRIL, PLAZO, con_fallas(abierta, hoy=DIA + timedelta(days=n))) for n in range(6)]
    assert [v.dia.day for v in vistos] == [13, 14, 15, 16, 19, 19]
    assert all(v.se_extiende for v in vistos)
    assert (
        "el plazo se extiende mientras dure la falla. Por ahora, hasta el 13 de mayo de 2025." in vistos[0].frases[-1]
    )


def test_una_falla_abierta_antes_del_dia_todavia_no_lo_toca() -> None:
    abierta = Contingencia(date(2025, 5, 8), None, "x")
    assert vencimiento(ABRIL, PLAZO, con_fallas(abierta, hoy=date(2025, 5, 9))).dia == DIA
    assert not vencimiento(ABRIL, PLAZO, con_fallas(abierta, hoy=date(2025, 5, 9))).se_extiende
    assert vencimiento(ABRIL, PLAZO, con_fallas(abierta, hoy=DIA)).se_extiende


def test_de_un_ano_sin_festivos_no_se_dice_ningun_vencimiento() -> None:
    with pytest.raises(NormaNoVigente):
        vence(date(1980, 5, 1), PLAZO, CALENDARIO)


@pytest.mark.parametrize(
    "cambio", [{"dia": 0}, {"dia": 29}, {"de": "mes"}, {"conteo": "habiles"}, {"si_no_habil": "anterior"}]
)
def test_un_plazo_que_cuenta_de_otra_forma_no_se_lee(cambio: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="pago_mensual"):
        leer_plazo(FILA | cambio)


def test_a_un_plazo_no_le_falta_nada() -> None:
    assert Plazo("pago_mensual", 10, True, "pagar lo recaudado en el mes", "Manual A-GI-MA-010, 4.5") == PLAZO
    for clave in set(FILA) - {"si_no_habil"}:
        with pytest.raises(KeyError):
            leer_plazo({c: v for c, v in FILA.items() if c != clave})


@st.composite
def fallas_al_azar(draw: st.DrawFn) -> tuple[Contingencia, ...]:
    """Outages around May 2025, closed ones of any length and perhaps one that goes on."""
    dias = st.dates(date(2025, 4, 25), date(2025, 6, 20))
    cerradas = [
        Contingencia(d, d + timedelta(days=draw(st.integers(0, 6))), "x") for d in draw(st.lists(dias, max_size=5))
    ]
    abierta = [Contingencia(draw(dias), None, "x")] if draw(st.booleans()) else []
    return tuple(draw(st.permutations([*cerradas, *abierta])))


HOY = st.dates(date(2025, 4, 25), date(2025, 7, 10))


@given(fallas_al_azar(), HOY)
def test_vence_el_primer_dia_habil_sin_fallas_desde_el_de_la_norma(fallas: tuple[Contingencia, ...], hoy: date) -> None:
    """The same said another way: look at the days one by one."""
    calendario = con_fallas(*fallas, hoy=hoy)
    dia = date(2025, 5, 10)
    while not es_habil(dia, calendario) or any(f.inicio <= dia <= (f.fin or max(hoy, f.inicio)) for f in fallas):
        dia += timedelta(days=1)
    assert vence(ABRIL, PLAZO, calendario) == dia


@given(fallas_al_azar(), HOY, st.integers(0, 30), st.sets(st.dates(date(2025, 5, 5), date(2025, 5, 30)), max_size=5))
def test_nada_que_se_declare_ni_que_pase_acorta_un_plazo(
    fallas: tuple[Contingencia, ...], hoy: date, dias: int, declarados: set[date]
) -> None:
    antes = con_fallas(*fallas[: len(fallas) // 2], hoy=hoy)
    despues = replace(
        con_fallas(*fallas, hoy=hoy + timedelta(days=dias)), extraordinarios=dict.fromkeys(declarados, "día cívico")
    )
    assert vence(ABRIL, PLAZO, antes) <= vence(ABRIL, PLAZO, despues)


@given(st.dates(date(1984, 1, 1), date(2200, 1, 1)))
def test_todo_mes_vence_en_un_dia_habil_cerca_del_diez(periodo: date) -> None:
    calendario = Calendario(REGLAS, date(2026, 11, 25))
    dia = vence(periodo, PLAZO, calendario)
    assert es_habil(dia, calendario)
    assert 10 <= dia.day <= 15
    assert (dia.year * 12 + dia.month) - (periodo.year * 12 + periodo.month) == 1
