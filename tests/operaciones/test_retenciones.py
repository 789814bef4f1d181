"""Stamps by withholding: the total is not payable, each cuenta carries its part, and the parts always sum exactly."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, ErrorDominio, TransicionNoPermitida
from portal.dominio.estados import EstadoPublico
from portal.models import Liquidacion, Usuario
from portal.operaciones import consultas, retenciones
from portal.operaciones.liquidaciones import CifrasCambiaron, ContratoYaLiquidado
from portal.operaciones.retenciones import Cuenta
from tests import fabricas
from tests.contratos import (
    acto,
    adicionar,
    contratar,
    cuenta,
    despacho,
    encargo_de_servicios,
    enviar,
    leer,
    pagar,
    reducir,
    valores,
)
from tests.encargos import HOY, dejar_sin_efecto, oficial

# Not a divisor of anything, so that every part leaves a residue.
RARO = "100000001.37"


@pytest.fixture
def rentas(app: Flask) -> Usuario:
    return oficial()


def por_retencion(de: Usuario, valor: str = RARO, **otros: Any) -> Liquidacion:
    return contratar(de, valor, por_retencion=True, **otros)


def llevado(una: Liquidacion) -> dict[str, Decimal]:
    """Pesos by stamp that the cuentas in force carry, but for what is owed back."""
    return {r.estampilla: r.en_cuentas - r.a_favor for r in leer(una).renglones()}


def determinado(una: Liquidacion) -> dict[str, Decimal]:
    totales: dict[str, Decimal] = {}
    for parte in leer(una).determinaciones:
        for estampilla, valor in valores(parte).items():
            totales[estampilla] = totales.get(estampilla, Decimal(0)) + valor
    return totales


def test_el_total_no_se_paga_completo_y_dice_por_que(rentas: Usuario) -> None:
    una = por_retencion(rentas)
    con_valor = [f for f in una.facturas if f.valor]
    assert {f.estado_publico(HOY) for f in con_valor} == {EstadoPublico.POR_RETENCION}
    assert {f.estado_publico(date(2030, 1, 1)) for f in con_valor} == {EstadoPublico.POR_RETENCION}, "never overdue"
    assert not una.tiene_pagables(HOY)
    with pytest.raises(TransicionNoPermitida, match="Por retención"):
        enviar(una)
    filas = consultas.de_contrato(2025, "1212312323", "12", HOY).filas
    assert {f.estado for f in filas if f.valor} == {EstadoPublico.POR_RETENCION}
    assert not any(f.pagable for f in filas)


def test_cada_cuenta_lleva_su_parte_y_la_ultima_lo_que_falta(rentas: Usuario) -> None:
    una = por_retencion(rentas)
    total = valores(una)
    primera = cuenta(una, "33333333", "1", rentas)
    assert valores(primera) == {e: t * 33333333 // Decimal(RARO) for e, t in total.items()}
    assert (primera.cuenta, primera.valor_acto, primera.numero_en_palabras) == ("1", 33333333, "12, cuenta 1")
    assert primera.fecha_limite == date(2025, 7, 24)
    assert "por cobrar ×" in primera.facturas[0].explicacion
    pagar(primera)
    cuenta(una, "33333333", "2", rentas)
    ultima = cuenta(una, Decimal(RARO) - 66666666, "3", rentas)
    assert "Última cuenta" in ultima.facturas[0].explicacion
    assert llevado(una) == total
    expediente = leer(una)
    assert (expediente.pagado, expediente.por_pagar) == (Decimal(RARO), 0)
    assert {r.estampilla: r.legalizado for r in expediente.renglones()} == valores(primera)
    with pytest.raises(TransicionNoPermitida, match="ya completan"):
        cuenta(una, "1", "4", rentas)


def test_una_cuenta_se_encuentra_y_se_paga_como_cualquier_liquidacion(rentas: Usuario) -> None:
    una = por_retencion(rentas)
    pagar(cuenta(una, "50000000", "1", rentas))
    filas = consultas.de_contrato(2025, "1212312323", "12", HOY).filas
    assert {(f.numero_contrato, f.estado.value) for f in filas if f.valor} == {
        ("12", "Por retención"),
        ("12, cuenta 1", "Legalizado"),
    }


def test_una_cuenta_tan_chica_que_no_lleva_un_peso_no_debe_nada(rentas: Usuario) -> None:
    una = por_retencion(rentas)
    chica = cuenta(una, "0.01", "1", rentas)
    assert chica.total == 0
    assert set(fabricas.estados_de(chica)) == {"legalizada"}
    cuenta(una, Decimal(RARO) - Decimal("0.01"), "2", rentas)
    assert llevado(una) == determinado(una)


@pytest.mark.parametrize("valor", [str(Decimal(RARO) + Decimal("0.01")), "900000000"])
def test_las_cuentas_no_pasan_del_valor_del_contrato(rentas: Usuario, valor: str) -> None:
    una = por_retencion(rentas)
    with pytest.raises(DatoInvalido, match=r"quedan \$100.000.001,37") as rechazo:
        cuenta(una, valor, "1", rentas)
    assert rechazo.value.campo == "valor"


@pytest.mark.parametrize(("fecha", "frase"), [(date(2025, 6, 25), "futura"), (date(2025, 3, 2), "anterior")])
def test_la_fecha_de_la_cuenta_cae_en_el_contrato(rentas: Usuario, fecha: date, frase: str) -> None:
    with pytest.raises(DatoInvalido, match=frase) as rechazo:
        cuenta(por_retencion(rentas), "1000", "1", rentas, fecha=fecha)
    assert rechazo.value.campo == "fecha"


def test_la_misma_cuenta_no_se_registra_dos_veces(rentas: Usuario) -> None:
    una = por_retencion(rentas)
    primera = cuenta(una, "1000", "1", rentas, clave="c" * 24)
    assert cuenta(una, "1000", "1", rentas, clave="c" * 24).id == primera.id
    with pytest.raises(TransicionNoPermitida, match="cuenta 1 ya está registrada"):
        cuenta(una, "2000", "1", rentas)
    dejar_sin_efecto(primera.id, rentas)
    assert leer(una).pagado == 0
    assert cuenta(una, "2000", "1", rentas).valor_acto == 2000


def test_un_contrato_de_un_solo_pago_no_tiene_cuentas(rentas: Usuario) -> None:
    with pytest.raises(TransicionNoPermitida, match="un solo pago"):
        cuenta(contratar(rentas), "1000", "1", rentas)


def test_sin_cuantia_no_hay_retencion(rentas: Usuario) -> None:
    encargo = encargo_de_servicios()
    with pytest.raises(DatoInvalido, match="sin cuantía") as rechazo:
        replace(encargo, asunto=replace(encargo.asunto, valor=None), por_retencion=True)
    assert rechazo.value.campo == "recaudo"


def test_la_cuenta_se_emite_solo_por_lo_que_se_vio(rentas: Usuario) -> None:
    una = por_retencion(rentas)
    with pytest.raises(CifrasCambiaron), transaccion():
        retenciones.registrar_cuenta(una, Cuenta("1", HOY, Decimal(1000)), despacho(rentas), total_visto=Decimal(1))
    assert leer(una).pagado == 0


def test_con_cuentas_no_se_deja_sin_efecto_lo_que_las_determino(rentas: Usuario) -> None:
    una = por_retencion(rentas)
    primera = cuenta(una, "50000000", "1", rentas)
    with pytest.raises(TransicionNoPermitida, match="Deje sin efecto primero las cuentas"):
        dejar_sin_efecto(una.id, rentas)
    dejar_sin_efecto(primera.id, rentas)
    dejar_sin_efecto(una.id, rentas)
    assert not leer(una).liquidaciones
    por_retencion(rentas)
    with pytest.raises(ContratoYaLiquidado):
        por_retencion(rentas)


def test_lo_que_falta_sigue_los_nuevos_totales_de_una_adicion(rentas: Usuario) -> None:
    una = por_retencion(rentas, "100000000")
    pagar(cuenta(una, "60000000", "1", rentas))
    otra = adicionar(una, acto("20000000"), rentas)
    assert otra.por_retencion
    faltan = {e: determinado(una)[e] - llevado(una)[e] for e in valores(una)}
    segunda = cuenta(una, "30000000", "2", rentas)
    assert valores(segunda) == {e: f // 2 for e, f in faltan.items()}, "half of what is left to pay"
    cuenta(una, "30000000", "3", rentas)
    assert llevado(una) == determinado(una)


def test_una_adicion_que_las_cuentas_no_tocan_se_deja_sin_efecto_y_otra_no(rentas: Usuario) -> None:
    una = por_retencion(rentas, "100000000")
    cuenta(una, "60000000", "1", rentas)
    otra = adicionar(una, acto("20000000"), rentas)
    dejar_sin_efecto(otra.id, rentas)
    otra = adicionar(una, acto("20000000"), rentas)
    cuenta(una, "50000000", "2", rentas)
    with pytest.raises(TransicionNoPermitida, match="primero las cuentas"):
        dejar_sin_efecto(otra.id, rentas)


def test_una_reduccion_baja_lo_que_falta(rentas: Usuario) -> None:
    una = por_retencion(rentas, "100000000")
    pagar(cuenta(una, "30000000", "1", rentas))
    plan = reducir(una, acto("10000000", "ACTA 3"), rentas)
    assert plan.a_favor == 0
    (nueva,) = leer(una).determinaciones
    assert nueva.por_retencion
    cuenta(una, "60000000", "2", rentas)
    assert llevado(una) == valores(nueva) == determinado(una)


def test_lo_que_las_cuentas_pagadas_llevan_de_mas_queda_a_favor(rentas: Usuario) -> None:
    una = por_retencion(rentas, "100000000")
    primera = cuenta(una, "80000000", "1", rentas)
    with pytest.raises(TransicionNoPermitida, match="cuentas sin pagar"):
        reducir(una, acto("20000000", "ACTA 3"), rentas)
    pagar(primera)
    antes = valores(primera)
    plan = reducir(una, acto("15000000", "ACTA 3"), rentas)
    (nueva,) = leer(una).determinaciones
    a_favor = {r.estampilla: r.a_favor for r in leer(una).renglones()}
    assert a_favor == {e: antes[e] - v for e, v in valores(nueva).items()}
    assert plan.a_favor == sum(a_favor.values()) > 0
    # Nothing more is carried until the new total is reached; an addition raises it, and the last cuenta completes it.
    assert cuenta(una, "4000000", "2", rentas).total == 0
    adicionar(una, acto("9000000", "OTROSÍ 9"), rentas)
    cuenta(una, "10000000", "3", rentas)
    assert llevado(una) == determinado(una)


def test_reducido_a_lo_ya_pagado_lo_que_falta_se_cobra_de_una_vez(rentas: Usuario) -> None:
    una = por_retencion(rentas, tipo="suministro")
    pagar(cuenta(una, "33333333", "1", rentas))
    reducir(una, acto(Decimal(RARO) - 33333333, "ACTA 3"), rentas)
    expediente = leer(una)
    assert expediente.por_pagar == 0
    assert llevado(una) == determinado(una)
    cierre = expediente.cuentas[-1]
    assert (cierre.cuenta, cierre.valor_acto) == ("CIERRE ACTA 3", 0)
    assert cierre.total > 0
    assert "se redujo a lo que ya se pagó" in cierre.facturas[0].explicacion


def test_no_se_reduce_por_debajo_de_lo_que_la_entidad_ya_pago(rentas: Usuario) -> None:
    una = por_retencion(rentas, "100000000")
    cuenta(una, "60000000", "1", rentas)
    with pytest.raises(DatoInvalido, match=r"menos que los \$60.000.000") as rechazo:
        reducir(una, acto("40000001", "ACTA 3"), rentas)
    assert rechazo.value.campo == "valor"


PASOS = st.lists(
    st.tuples(
        st.sampled_from(["cuenta", "cuenta", "cuenta", "adicion", "reduccion", "pagar", "anular"]),
        st.integers(1, 99_000_000_00).map(lambda n: Decimal(n) / 100),
    ),
    max_size=8,
)


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(valor=st.integers(60_000_000_00, 300_000_000_00).map(lambda n: Decimal(n) / 100), pasos=PASOS)
def test_las_partes_suman_siempre_lo_determinado(app: Flask, valor: Decimal, pasos: list[tuple[str, Decimal]]) -> None:
    """Whatever the life of the contract, the cuentas carry the stamps exactly once it is paid whole."""
    rentas = oficial()
    una = por_retencion(rentas, f"{valor}", numero_contrato=f"{rentas.id}")
    for i, (clase, cuanto) in enumerate(pasos):
        try:
            _dar(una, clase, cuanto, f"{i}", rentas)
        except ErrorDominio:
            db.session.rollback()
        assert all(r.sin_cuenta >= 0 for r in leer(una).renglones())
        expediente = leer(una)
        assert 0 <= expediente.pagado <= expediente.valor
    if leer(una).por_pagar:
        cuenta(una, leer(una).por_pagar, "última", rentas)
    assert llevado(una) == determinado(una)


def _dar(una: Liquidacion, clase: str, cuanto: Decimal, documento: str, rentas: Usuario) -> None:
    cuentas = leer(una).cuentas
    if clase == "cuenta":
        cuenta(una, cuanto, documento, rentas)
    elif clase == "adicion":
        adicionar(una, acto(cuanto, documento), rentas)
    elif clase == "reduccion":
        reducir(una, acto(cuanto, documento), rentas)
    elif cuentas and clase == "pagar" and cuentas[0].tiene_pagables(HOY):
        pagar(cuentas[0])
    elif cuentas and clase == "anular":
        dejar_sin_efecto(cuentas[0].id, rentas)
