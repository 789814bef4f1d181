"""Which reminder corresponds to each day around a due date."""

from datetime import date, timedelta

import pytest

from portal.dominio.plazos import Vencimiento
from portal.dominio.recordatorios import Recordatorios, cuanto_falta, leer_recordatorios, recordatorio_de

DATOS = {"antes": [5, 1], "el_dia": True, "despues": [1, 5, 10]}
AVISOS = leer_recordatorios(DATOS)
VENCE = date(2025, 5, 12)


def de(dias: int, avisos: Recordatorios = AVISOS, *, presentada: bool = False, se_extiende: bool = False) -> str | None:
    vencimiento = Vencimiento(VENCE, (), se_extiende)
    return recordatorio_de(VENCE + timedelta(days=dias), vencimiento, avisos, presentada=presentada)


def test_cada_dia_tiene_el_suyo_y_los_dos_siguientes_lo_recuperan() -> None:
    dichos = {dias: de(dias) for dias in range(-8, 15) if de(dias) is not None}
    assert dichos == {
        -5: "antes-5", -4: "antes-5", -3: "antes-5", -1: "antes-1",
        0: "el-dia",
        1: "despues-1", 2: "despues-1", 3: "despues-1",
        5: "despues-5", 6: "despues-5", 7: "despues-5",
        10: "despues-10", 11: "despues-10", 12: "despues-10",
    }  # fmt: skip


def test_lo_que_se_presento_no_se_recuerda() -> None:
    assert {de(dias, presentada=True) for dias in range(-8, 15)} == {None}


def test_mientras_una_falla_mueve_el_dia_no_se_apura_a_nadie() -> None:
    assert {de(dias, se_extiende=True) for dias in range(-8, 15)} == {None}


def test_un_aviso_de_antes_no_se_da_despues_de_vencer() -> None:
    sin_dia = Recordatorios((1,), False, (5,))
    assert [de(dias, sin_dia) for dias in (-1, 0, 1)] == ["antes-1", None, None]


@pytest.mark.parametrize("cambio", [{"antes": [0]}, {"despues": [-1]}])
def test_los_dias_se_cuentan_desde_uno(cambio: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="desde uno"):
        leer_recordatorios(DATOS | cambio)


def test_las_palabras_dicen_cuanto_falta() -> None:
    assert [cuanto_falta(VENCE + timedelta(days=d), VENCE) for d in (-5, -1, 0, 1, 10)] == [
        "Faltan 5 días",
        "Falta 1 día",
        "Vence hoy",
        "Vencida hace 1 día",
        "Vencida hace 10 días",
    ]
