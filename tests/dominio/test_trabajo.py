"""Work that waits: the most urgent first, and its terms in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.dominio.casos import edad_en_palabras
from portal.dominio.trabajo import NOMBRES, Asunto, Pendiente, Urgencia, ordenar, plazo_en_palabras

HOY = date(2026, 11, 25)
AHORA = datetime(2026, 11, 25, 15, tzinfo=UTC)


def dentro_de(dias: int) -> date:
    return HOY + timedelta(days=dias)


@pytest.mark.parametrize(
    ("pendiente", "urgencia"),
    [
        (Pendiente(Asunto.CASOS, 1, vence=dentro_de(-1)), Urgencia.VENCIDA),
        (Pendiente(Asunto.CASOS, 1, vence=dentro_de(-1), urgente=True), Urgencia.VENCIDA),
        (Pendiente(Asunto.SIN_PAGO, 1, urgente=True), Urgencia.URGENTE),
        (Pendiente(Asunto.CASOS, 1, vence=dentro_de(0)), Urgencia.PRONTO),
        (Pendiente(Asunto.CASOS, 1, vence=dentro_de(3)), Urgencia.PRONTO),
        (Pendiente(Asunto.CASOS, 1, vence=dentro_de(4)), Urgencia.A_TIEMPO),
        (Pendiente(Asunto.ORDENES, 1), Urgencia.SIN_PLAZO),
    ],
)
def test_la_urgencia_sale_del_plazo(pendiente: Pendiente, urgencia: Urgencia) -> None:
    assert pendiente.urgencia(HOY) is urgencia


def test_lo_mas_urgente_va_primero_y_lo_vacio_no_va() -> None:
    viejo, nuevo = AHORA - timedelta(days=9), AHORA - timedelta(days=1)
    filas = [
        Pendiente(Asunto.ORDENES, 1, nuevo),
        Pendiente(Asunto.CIERRES, 1, viejo),
        Pendiente(Asunto.CONSIGNACIONES, 0, viejo, dentro_de(-9)),
        Pendiente(Asunto.POR_DECIDIR, 1, nuevo, dentro_de(10)),
        Pendiente(Asunto.CASOS, 1, nuevo, dentro_de(-2)),
        Pendiente(Asunto.EN_MORA, 1, None, dentro_de(-5)),
        Pendiente(Asunto.FALLA, 1, urgente=True),
    ]
    esperado = [Asunto.EN_MORA, Asunto.CASOS, Asunto.FALLA, Asunto.POR_DECIDIR, Asunto.CIERRES, Asunto.ORDENES]
    assert [p.asunto for p in ordenar(filas, HOY)] == esperado


def test_cada_asunto_tiene_nombre() -> None:
    assert set(NOMBRES) == set(Asunto)


@pytest.mark.parametrize(
    ("dias", "frase"),
    [
        (0, "Vence hoy"),
        (1, "Vence mañana"),
        (2, "Vence en 2 días"),
        (-1, "Venció ayer"),
        (-30, "Venció hace 30 días"),
    ],
)
def test_el_plazo_se_dice_como_se_habla(dias: int, frase: str) -> None:
    assert plazo_en_palabras(dentro_de(dias), HOY) == frase


def test_la_espera_se_dice_en_su_mayor_unidad() -> None:
    assert edad_en_palabras(AHORA - timedelta(days=1, hours=3), AHORA) == "1 día"
