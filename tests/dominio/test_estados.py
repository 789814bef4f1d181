"""The graphs: every state is in them, every word has its meaning, money is never left."""

from datetime import date
from itertools import product

import pytest

from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import (
    PAGABLES,
    SIGNIFICADO,
    TRANSICIONES_PAGO,
    EstadoFactura,
    EstadoPago,
    EstadoPublico,
    EventoFactura,
    estado_publico,
    origenes_factura,
    puede_pasar,
    siguiente_factura,
)

DIA = date(2025, 6, 30)


def test_cada_estado_de_un_pago_esta_en_el_grafo() -> None:
    assert set(TRANSICIONES_PAGO) == set(EstadoPago)


def test_a_aprobado_se_llega_desde_todas_partes_y_de_ahi_no_se_sale() -> None:
    for estado in EstadoPago:
        assert puede_pasar(estado, EstadoPago.APROBADO) is (estado is not EstadoPago.APROBADO)
        assert not puede_pasar(EstadoPago.APROBADO, estado)


def test_lo_final_solo_cede_ante_el_dinero() -> None:
    for final, otro in product((e for e in EstadoPago if e.es_final), EstadoPago):
        assert puede_pasar(final, otro) is (otro is EstadoPago.APROBADO and final is not EstadoPago.APROBADO)


def test_una_pareja_ausente_se_rechaza() -> None:
    for estado, evento in product(EstadoFactura, EventoFactura):
        if estado in origenes_factura(evento):
            assert siguiente_factura(estado, evento) is not estado
        else:
            with pytest.raises(TransicionNoPermitida):
                siguiente_factura(estado, evento)


def test_lo_pagado_no_se_deja_sin_efecto_ni_se_paga_otra_vez() -> None:
    for evento in (EventoFactura.DEJADA_SIN_EFECTO, EventoFactura.PAGO_ENVIADO, EventoFactura.PAGO_APROBADO):
        for pagada in (EstadoFactura.LEGALIZADA, EstadoFactura.UTILIZADA):
            assert pagada not in origenes_factura(evento)


def test_cada_estado_tiene_palabra_y_significado() -> None:
    assert set(SIGNIFICADO) == set(EstadoPublico)
    deducidos = {EstadoPublico.VENCIDA, EstadoPublico.POR_RETENCION}
    assert {estado_publico(e, DIA, DIA) for e in EstadoFactura} == set(EstadoPublico) - deducidos


def test_se_paga_lo_liquidado_y_lo_que_el_banco_devolvio_y_nada_mas() -> None:
    assert set(PAGABLES) == {EstadoPublico.LIQUIDADO, EstadoPublico.REVERTIDO}


def test_lo_que_se_cobra_por_retencion_no_se_paga_entero_ni_vence() -> None:
    for hoy in (DIA, date(2030, 1, 1)):
        palabra = estado_publico(EstadoFactura.LIQUIDADA, DIA, hoy, por_retencion=True)
        assert palabra is EstadoPublico.POR_RETENCION
    for estado in set(EstadoFactura) - {EstadoFactura.LIQUIDADA}:
        assert estado_publico(estado, DIA, DIA, por_retencion=True) is estado_publico(estado, DIA, DIA)


def test_solo_lo_liquidado_vence_y_no_el_ultimo_dia() -> None:
    assert estado_publico(EstadoFactura.LIQUIDADA, DIA, DIA) is EstadoPublico.LIQUIDADO
    assert estado_publico(EstadoFactura.LIQUIDADA, DIA, date(2025, 7, 1)) is EstadoPublico.VENCIDA
    assert estado_publico(EstadoFactura.LEGALIZADA, DIA, date(2026, 1, 1)) is EstadoPublico.LEGALIZADO
