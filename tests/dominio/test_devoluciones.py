"""The graph of a refund, and what is read from people about it."""

from datetime import date

import pytest

from portal.dominio.devoluciones import (
    CAUSALES,
    ESTADOS_CONCEDIDOS,
    ESTADOS_QUE_RETIENEN,
    ESTADOS_VIVOS_DEVOLUCION,
    PALABRAS,
    TRANSICIONES_DEVOLUCION,
    CausalDevolucion,
    EstadoDevolucion,
    EventoDevolucion,
    leer_cuenta,
    leer_referencia_bancaria,
    origenes_devolucion,
    siguiente_devolucion,
    ultimo_dia_para_pedir,
)
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida


def test_de_los_estados_finales_no_se_sale_y_a_los_demas_se_llega() -> None:
    origenes = {origen for origen, _ in TRANSICIONES_DEVOLUCION}
    # What was paid ends, unless the bank brings it back.
    assert origenes == {*ESTADOS_VIVOS_DEVOLUCION, EstadoDevolucion.PAGADA}
    assert {*TRANSICIONES_DEVOLUCION.values(), EstadoDevolucion.SOLICITADA} == set(EstadoDevolucion)


def test_solo_se_paga_lo_aprobado_y_solo_se_aprueba_lo_estudiado() -> None:
    assert origenes_devolucion(EventoDevolucion.PAGADA) == (EstadoDevolucion.APROBADA,)
    assert set(ESTADOS_CONCEDIDOS) - set(ESTADOS_QUE_RETIENEN) == {EstadoDevolucion.PAGADA}
    assert origenes_devolucion(EventoDevolucion.APROBADA) == (EstadoDevolucion.EN_ESTUDIO,)
    assert set(origenes_devolucion(EventoDevolucion.SIN_OBJETO)) == set(ESTADOS_VIVOS_DEVOLUCION)


@pytest.mark.parametrize("estado", EstadoDevolucion)
@pytest.mark.parametrize("evento", EventoDevolucion)
def test_lo_que_no_esta_en_la_tabla_se_rechaza(estado: EstadoDevolucion, evento: EventoDevolucion) -> None:
    if (estado, evento) in TRANSICIONES_DEVOLUCION:
        assert siguiente_devolucion(estado, evento) is TRANSICIONES_DEVOLUCION[estado, evento]
    else:
        with pytest.raises(TransicionNoPermitida, match=f"«{PALABRAS[estado].nombre}»"):
            siguiente_devolucion(estado, evento)


def test_cada_estado_y_cada_causal_tienen_palabras() -> None:
    assert set(PALABRAS) == set(EstadoDevolucion)
    assert set(CAUSALES) == set(CausalDevolucion)


@pytest.mark.parametrize(
    ("escrita", "leida"), [("084-951400 0", "0849514000"), (" 123.456 ", "123456"), ("1" * 20, "1" * 20)]
)
def test_una_cuenta_se_lee(escrita: str, leida: str) -> None:
    assert leer_cuenta(escrita) == leida


@pytest.mark.parametrize("mala", ["", "12345", "1" * 21, "ES1234567", "١٢٣٤٥٦", "123/456"])
def test_una_cuenta_mala_se_rechaza(mala: str) -> None:
    with pytest.raises(DatoInvalido) as rechazo:
        leer_cuenta(mala)
    assert rechazo.value.campo == "cuenta"


def test_una_referencia_es_la_misma_como_sea_que_se_escriba() -> None:
    assert {leer_referencia_bancaria(x) for x in ("tr-001", " TR-001 ", "T R-0 01")} == {"TR-001"}
    for mala in ("", "ab", "a;b", "x" * 41, "ñandú"):
        with pytest.raises(DatoInvalido):
            leer_referencia_bancaria(mala)


def test_el_plazo_termina_el_mismo_dia_del_ano() -> None:
    assert ultimo_dia_para_pedir(date(2021, 11, 25), 5) == date(2026, 11, 25)
    assert ultimo_dia_para_pedir(date(2024, 2, 29), 5) == date(2029, 2, 28)
    assert ultimo_dia_para_pedir(date(2024, 2, 29), 4) == date(2028, 2, 29)
