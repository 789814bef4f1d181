"""Additions and reductions of a contract: figures, order, refusals, and that nothing is half done."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models import Liquidacion, MovimientoContrato, SinEfecto, Usuario
from portal.operaciones import contratos, expedientes, liquidaciones, reducciones
from portal.operaciones.liquidaciones import CifrasCambiaron
from tests import fabricas
from tests.contratos import (
    EXCLUIDO,
    FIRMA,
    acto,
    adicionar,
    bases,
    contratar,
    despacho,
    encargo_de_servicios,
    enviar,
    leer,
    pagar,
    reducir,
    valores,
)
from tests.encargos import dejar_sin_efecto, emitir, encargo_contrato, encargo_tramite, oficial


@pytest.fixture
def rentas(app: Flask) -> Usuario:
    return oficial()


def libro(una: Liquidacion) -> list[tuple[str, int, Decimal]]:
    return [(m.clase.value, m.adicion, m.valor) for m in leer(una).movimientos]


def test_el_contrato_empieza_su_libro(rentas: Usuario) -> None:
    una = contratar(rentas)
    assert libro(una) == [("inicial", 0, Decimal(100_000_000))]
    (linea,) = leer(una).movimientos
    assert (linea.documento, linea.fecha, linea.liquidacion_id) == ("12", FIRMA, una.id)


def test_la_adicion_se_liquida_con_su_fecha_y_conserva_la_vigencia_del_contrato(rentas: Usuario) -> None:
    una = contratar(rentas)
    otra = adicionar(una, acto("20000000"), rentas)
    assert (otra.adicion, otra.vigencia, otra.fecha_contrato, otra.fecha_causacion) == (
        1,
        2025,
        FIRMA,
        date(2025, 5, 5),
    )
    assert bases(otra) == {Decimal(20_000_000)}, "the exclusion was consumed by the contract"
    assert otra.numero_en_palabras == "12, adición 1"
    expediente = leer(una)
    assert expediente.valor == 120_000_000
    assert [x.adicion for x in expediente.determinaciones] == [0, 1]
    assert otra.solicitud["hechos"]["contrato.valor_anterior"] == "100000000"
    assert otra.solicitud["hechos"]["contrato.fecha_suscripcion"] == "2025-03-03"


def test_una_adicion_de_otro_ano_usa_la_uvt_de_la_firma(rentas: Usuario) -> None:
    una = contratar(rentas, "50000000")
    en_2026 = date(2026, 2, 2)
    otra = adicionar(una, acto("20000000", fecha=en_2026), rentas, hoy=en_2026)
    assert otra.vigencia == 2025, "people look the contract up by its year"
    assert bases(otra) == {Decimal(70_000_000) - EXCLUIDO}
    assert otra.fecha_limite == date(2026, 3, 4)


@pytest.mark.parametrize("alrededor", [-1, 0, 1])
def test_dos_adiciones_cruzan_las_1200_uvt_un_peso_antes_en_el_borde_y_despues(rentas: Usuario, alrededor: int) -> None:
    una = contratar(rentas, "50000000")
    assert bases(una) == {Decimal(0)}
    primera = adicionar(una, acto(EXCLUIDO - 50_000_000 + alrededor), rentas)
    assert bases(primera) == {Decimal(max(alrededor, 0))}
    saldo = contratos.saldo_excluido(leer(una))
    assert saldo is not None
    assert (saldo.tope, saldo.restante) == (EXCLUIDO, Decimal(max(-alrededor, 0)))
    segunda = adicionar(una, acto("1000000", "OTROSÍ 2"), rentas)
    assert bases(segunda) == {1_000_000 + min(alrededor, 0)}
    assert sum(b or Decimal(0) for x in (una, primera, segunda) for b in bases(x)) == leer(una).valor - EXCLUIDO


def test_un_valor_anterior_dicho_al_liquidar_cuenta_tambien_para_las_adiciones(rentas: Usuario) -> None:
    encargo = encargo_de_servicios("10000000")
    hechos = {"contrato.valor_anterior": "55000000", "contrato.fecha_suscripcion": "2024-12-02"}
    una = emitir(replace(encargo, asunto=replace(encargo.asunto, hechos=hechos)), rentas, departamento="cundinamarca")
    tope_2024 = Decimal(1200 * 47065)
    assert bases(una) == {65_000_000 - tope_2024}
    saldo = contratos.saldo_excluido(leer(una))
    assert saldo is not None
    assert (saldo.tope, saldo.restante) == (tope_2024, 0)
    assert bases(adicionar(una, acto("5000000"), rentas)) == {Decimal(5_000_000)}


def test_un_contrato_sin_esa_exclusion_no_tiene_saldo(rentas: Usuario) -> None:
    assert contratos.saldo_excluido(leer(emitir(encargo_contrato(), rentas))) is None
    assert contratos.saldo_excluido(leer(fabricas.contrato("648"))) is None


def test_los_hechos_de_la_adicion_pueden_ser_otros(rentas: Usuario) -> None:
    una = contratar(rentas)
    exenta = adicionar(una, acto("20000000", hechos={"contrato.recursos": ["SGR_FCTI"]}), rentas)
    assert exenta.total == 0
    assert all(f.exencion for f in exenta.facturas)
    propio = acto("20000000", "OTROSÍ 2", hechos={"contrato.valor_anterior": "0"})
    assert bases(adicionar(una, propio, rentas)) == {Decimal(20_000_000)}, "what was assessed before is not typed"


def test_sin_contrato_liquidado_o_sin_cuantia_no_hay_adicion(rentas: Usuario) -> None:
    una = contratar(rentas)
    dejar_sin_efecto(una.id, rentas)
    with pytest.raises(TransicionNoPermitida, match="Liquide primero el contrato"):
        adicionar(una, acto("1"), rentas)
    with pytest.raises(TransicionNoPermitida, match="sin cuantía"):
        adicionar(fabricas.contrato(valor_acto=None), acto("1"), rentas)
    with pytest.raises(expedientes.NoExiste):
        adicionar(emitir(encargo_tramite(), rentas), acto("1"), rentas)


@pytest.mark.parametrize(
    ("fecha", "frase"), [(date(2025, 6, 25), "futura"), (date(2025, 3, 2), "anterior"), (date(2025, 5, 3), "anterior")]
)
def test_las_fechas_van_en_orden(rentas: Usuario, fecha: date, frase: str) -> None:
    una = contratar(rentas)
    adicionar(una, acto("1000", fecha=date(2025, 5, 4)), rentas)
    with pytest.raises(DatoInvalido, match=frase) as rechazo:
        adicionar(una, acto("1000", "OTROSÍ 2", fecha), rentas)
    assert rechazo.value.campo == "fecha"


def test_el_mismo_otrosi_no_se_registra_dos_veces(rentas: Usuario) -> None:
    una = contratar(rentas)
    primera = adicionar(una, acto("1000"), rentas, clave="a" * 24)
    assert adicionar(una, acto("1000"), rentas, clave="a" * 24).id == primera.id
    with pytest.raises(TransicionNoPermitida, match="OTROSÍ 1"):
        adicionar(una, acto("2000"), rentas)
    with pytest.raises(TransicionNoPermitida, match="OTROSÍ 1"):
        reducir(una, acto("500"), rentas)
    dejar_sin_efecto(primera.id, rentas)
    assert adicionar(una, acto("2000"), rentas).adicion == 1


def test_la_adicion_se_emite_solo_por_el_total_que_se_vio(rentas: Usuario) -> None:
    una = contratar(rentas)
    with pytest.raises(CifrasCambiaron), transaccion():
        contratos.adicionar(una, acto("1000000"), despacho(rentas), total_visto=Decimal(1))
    assert leer(una).valor == 100_000_000


def test_se_deja_sin_efecto_primero_la_ultima_adicion(rentas: Usuario) -> None:
    una = contratar(rentas)
    primera = adicionar(una, acto("1000000"), rentas)
    segunda = adicionar(una, acto("2000000", "OTROSÍ 2"), rentas)
    for anterior in (una, primera):
        with pytest.raises(TransicionNoPermitida, match="primero la última adición"):
            dejar_sin_efecto(anterior.id, rentas)
    dejar_sin_efecto(segunda.id, rentas)
    dejar_sin_efecto(primera.id, rentas)
    dejar_sin_efecto(una.id, rentas)
    assert leer(una).valor == 0
    assert [v for _, _, v in libro(una)] == [100_000_000, 1_000_000, 2_000_000, -2_000_000, -1_000_000, -100_000_000]
    assert contratar(rentas, "5000").adicion == 0
    assert leer(una).valor == 5000


def test_lo_que_no_se_ha_pagado_se_reemplaza_por_el_valor_reducido(rentas: Usuario) -> None:
    una = contratar(rentas)
    codigo = una.codigo
    plan = reducir(una, acto("20000000", "ACTA 3"), rentas)
    assert [(p.antes, p.despues, p.pagada) for p in plan.pasos] == [(100_000_000, 80_000_000, False)]
    assert plan.a_favor == 0
    anterior = liquidaciones.por_codigo(codigo)
    assert not anterior.vigente
    assert db.session.get_one(SinEfecto, anterior.id).motivo == "Reducción del contrato: ACTA 3."
    (nueva,) = leer(una).determinaciones
    assert bases(nueva) == {80_000_000 - EXCLUIDO}
    assert (nueva.valor_acto, nueva.fecha_causacion, nueva.adicion) == (80_000_000, FIRMA, 0)
    assert libro(una) == [("inicial", 0, Decimal(100_000_000)), ("reduccion", 0, Decimal(-20_000_000))]
    assert {(c.estampilla, c.despues) for c in plan.pasos[0].cambios} == set(valores(nueva).items())
    otra = adicionar(una, acto("1000000"), rentas)
    assert otra.solicitud["hechos"]["contrato.valor_anterior"] == "80000000"


def test_se_reduce_primero_lo_ultimo_que_se_adiciono(rentas: Usuario) -> None:
    una = contratar(rentas)
    adicion = adicionar(una, acto("5000000"), rentas)
    plan = reducir(una, acto("15000000", "ACTA 3"), rentas)
    assert [(p.liquidacion.adicion, p.antes, p.despues) for p in plan.pasos] == [
        (1, 5_000_000, 0),
        (0, 100_000_000, 90_000_000),
    ]
    expediente = leer(una)
    assert expediente.valor == 90_000_000
    assert [x.valor_acto for x in expediente.determinaciones] == [90_000_000]
    assert not db.session.get_one(Liquidacion, adicion.id).vigente
    assert adicionar(una, acto("1000", "OTROSÍ 2"), rentas).adicion == 1


def test_lo_pagado_queda_como_esta_y_la_diferencia_a_favor_por_estampilla(rentas: Usuario) -> None:
    una = contratar(rentas)
    antes = valores(una)
    pagar(una)
    sobre_80 = valores(contratar(rentas, "80000000", numero_contrato="13"))
    sobre_70 = valores(contratar(rentas, "70000000", numero_contrato="14"))
    plan = reducir(una, acto("20000000", "ACTA 3"), rentas)
    expediente = leer(una)
    assert expediente.liquidaciones[0].id == una.id, "nothing that was paid is taken back"
    assert {r.estampilla: r.a_favor for r in expediente.renglones()} == {e: antes[e] - sobre_80[e] for e in antes}
    assert plan.a_favor == sum(antes.values()) - sum(sobre_80.values()) > 0
    reducir(una, acto("10000000", "ACTA 4"), rentas)
    expediente = leer(una)
    assert expediente.valor == 70_000_000
    assert {r.estampilla: r.a_favor for r in expediente.renglones()} == {e: antes[e] - sobre_70[e] for e in antes}
    # What is added afterwards is assessed on the contract as it is now.
    assert bases(adicionar(una, acto("1000000"), rentas)) == {Decimal(1_000_000)}


def test_una_adicion_pagada_que_se_quita_entera_queda_toda_a_favor_y_lo_demas_se_reemplaza(rentas: Usuario) -> None:
    una = contratar(rentas)
    adicion = adicionar(una, acto("5000000"), rentas)
    pagar(adicion)
    plan = reducir(una, acto("15000000", "ACTA 3"), rentas)
    assert plan.a_favor == adicion.total
    expediente = leer(una)
    assert expediente.valor == 90_000_000
    assert [(x.adicion, x.valor_acto) for x in expediente.determinaciones] == [(0, 90_000_000), (1, 5_000_000)]
    siguiente = adicionar(una, acto("1000000", "OTROSÍ 2"), rentas)
    assert siguiente.adicion == 2
    assert siguiente.solicitud["hechos"]["contrato.valor_anterior"] == "90000000"


def test_con_un_pago_en_el_banco_o_pagada_a_medias_no_se_reduce_nada(rentas: Usuario) -> None:
    una = contratar(rentas)
    adicion = adicionar(una, acto("5000000"), rentas)
    pagar(una, solo=1)
    antes = libro(una)
    with pytest.raises(TransicionNoPermitida, match="otras sin pagar"):
        reducir(una, acto("15000000", "ACTA 3"), rentas)
    assert libro(una) == antes
    assert db.session.get_one(Liquidacion, adicion.id).vigente, "all or nothing"
    otra = contratar(rentas, numero_contrato="13")
    enviar(otra)
    with pytest.raises(TransicionNoPermitida, match="pago en proceso"):
        reducir(otra, acto("15000000", "ACTA 3"), rentas)


def test_una_reduccion_no_deja_el_contrato_en_nada(rentas: Usuario) -> None:
    una = contratar(rentas)
    for valor in ("100000000", "100000001"):
        with pytest.raises(DatoInvalido, match="debe ser menor") as rechazo:
            reducir(una, acto(valor), rentas)
        assert rechazo.value.campo == "valor"
    with pytest.raises(CifrasCambiaron), transaccion():
        reducciones.reducir(una, acto("1000000"), despacho(rentas), diferencia_vista=Decimal(1))
    assert db.session.query(MovimientoContrato).count() == 1


def test_dejar_sin_efecto_lo_reducido_deshace_tambien_la_reduccion(rentas: Usuario) -> None:
    una = contratar(rentas)
    reducir(una, acto("20000000", "ACTA 3"), rentas)
    (nueva,) = leer(una).determinaciones
    dejar_sin_efecto(nueva.id, rentas)
    assert leer(una).valor == 0
    contratar(rentas)
    reducir(una, acto("30000000", "ACTA 3"), rentas)
    assert leer(una).valor == 70_000_000
