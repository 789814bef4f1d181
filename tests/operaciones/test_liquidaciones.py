"""Issuing a liquidación and voiding it: what is stored, what is refused, and that nothing is half done."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db
from portal.dominio.errores import DatoInvalido, NoExiste, NormaNoVigente, TransicionNoPermitida
from portal.models import Bitacora, Consecutivo, EventoFactura, Liquidacion, Usuario
from portal.operaciones import liquidaciones, listado_liquidaciones, sin_efecto
from portal.operaciones.liquidaciones import ContratoYaLiquidado
from tests import fabricas
from tests.encargos import AHORA, HOY, PRUEBA, dejar_sin_efecto, emitir, encargo_contrato, encargo_tramite, oficial


@pytest.fixture
def rentas(app: Flask) -> Usuario:
    return oficial()


def cuantas() -> int:
    return db.session.scalar(select(func.count(Liquidacion.id))) or 0


def siguiente(serie: str) -> int | None:
    return db.session.scalar(select(Consecutivo.siguiente).where(Consecutivo.serie == serie))


def estados(una: Liquidacion) -> list[str]:
    return fabricas.estados_de(una)


def test_el_contrato_647_da_dos_estampillas_de_235_000(rentas: Usuario) -> None:
    una = emitir(encargo_contrato(), rentas)
    assert [(f.estampilla_nombre, f.valor, f.exacto) for f in una.facturas] == [
        ("Desarrollo Fronterizo", 235000, "234557.495"),
        ("Cultura", 235000, "234557.495"),
    ]
    assert (una.total, una.vigencia, una.numero_contrato, una.acto_nombre) == (470000, 2025, "647", "Seguros")
    assert [f.numero for f in una.facturas] == [1, 2]
    assert una.provisional
    assert una.fecha_limite == date(2025, 7, 24)


def test_el_contrato_de_prueba_da_tres_estampillas_de_mil(rentas: Usuario) -> None:
    encargo = encargo_contrato(
        numero="24062024", acto="P-C-01", valor="1000", fecha=date(2024, 6, 24), contribuyente=PRUEBA
    )
    una = emitir(encargo, rentas)
    assert [f.valor for f in una.facturas] == [1000, 1000, 1000]
    assert una.vigencia == 2024


def test_el_tramite_da_una_factura_por_estampilla_y_no_es_contrato(rentas: Usuario) -> None:
    una = emitir(encargo_tramite(), rentas)
    assert [(f.estampilla_nombre, f.valor) for f in una.facturas] == [
        ("Desarrollo Fronterizo", 4000),
        ("Electrificación Rural", 5000),
    ]
    assert una.acto_nombre == "Certificados de la administración central"
    assert una.numero_contrato is None
    assert una.fecha_causacion == HOY


def test_lo_emitido_guarda_lo_que_uso(rentas: Usuario) -> None:
    factura = emitir(encargo_contrato(), rentas).facturas[0]
    assert factura.base == Decimal(46911499)
    assert factura.tarifa == "0,5 %"
    assert factura.redondeo == "al mil superior"
    assert "sin norma publicada" in factura.norma
    assert "$46.911.499" in factura.explicacion
    assert factura.liquidacion.solicitud == {
        "actos": ["P-C-02"],
        "variantes": {},
        "hechos": {"contrato.tipo": "seguros", "contratista.clase": "consorcio"},
    }


def test_lo_emitido_con_indicador_dice_cual_y_su_acto(rentas: Usuario) -> None:
    una = emitir(encargo_tramite("SC-04"), rentas, departamento="cundinamarca")
    assert any(f.indicador.startswith("UVT $49.799") for f in una.facturas)


def test_quien_emite_queda_en_la_liquidacion_en_los_sucesos_y_en_la_bitacora(rentas: Usuario) -> None:
    una = emitir(encargo_tramite(), rentas)
    assert una.emitida_por_nombre == "Funcionaria de Rentas"
    sucesos = db.session.scalars(select(EventoFactura)).all()
    assert [(s.evento, s.hasta, s.usuario_id) for s in sucesos] == [("emitida", "liquidada", rentas.id)] * 2
    nota = db.session.scalars(select(Bitacora)).one()
    assert (nota.accion, nota.objeto, nota.usuario_id) == ("liquidacion.emitir", f"liquidacion:{una.numero}", rentas.id)
    assert "1212312323" not in str(nota.detalle)


def test_el_mismo_formulario_dos_veces_emite_una_vez(rentas: Usuario) -> None:
    primera = emitir(encargo_tramite(), rentas, clave="a" * 24)
    segunda = emitir(encargo_tramite(), rentas, clave="a" * 24)
    assert primera.id == segunda.id
    assert cuantas() == 1
    assert siguiente("factura") == 3


def test_el_mismo_contrato_no_se_liquida_dos_veces_y_el_rechazo_dice_cual_hay(rentas: Usuario) -> None:
    primera = emitir(encargo_contrato(), rentas)
    codigo = primera.codigo
    with pytest.raises(ContratoYaLiquidado, match=f"liquidación {primera.numero}") as rechazo:
        emitir(encargo_contrato(valor="5000000"), rentas)
    assert rechazo.value.codigo == codigo
    assert (cuantas(), siguiente("liquidacion"), siguiente("factura")) == (1, 2, 3)


def test_otra_vigencia_otro_contratista_u_otro_numero_son_otro_contrato(rentas: Usuario) -> None:
    emitir(encargo_contrato(), rentas)
    emitir(encargo_contrato(fecha=date(2024, 2, 3)), rentas)
    emitir(encargo_contrato(contribuyente=PRUEBA), rentas)
    emitir(encargo_contrato(numero="648"), rentas)
    assert cuantas() == 4


def test_dos_tramites_iguales_si_se_liquidan(rentas: Usuario) -> None:
    emitir(encargo_tramite(), rentas)
    emitir(encargo_tramite(), rentas)
    assert cuantas() == 2


def test_produccion_no_liquida_con_tarifas_provisionales(rentas: Usuario) -> None:
    with pytest.raises(NormaNoVigente, match="provisionales"):
        emitir(encargo_tramite(), rentas, permitir_provisional=False)
    assert (cuantas(), siguiente("factura")) == (0, None)


def test_una_fecha_de_contrato_futura_se_rechaza(rentas: Usuario) -> None:
    with pytest.raises(DatoInvalido, match="futura") as rechazo:
        emitir(encargo_contrato(fecha=date(2025, 6, 25)), rentas)
    assert rechazo.value.campo == "fecha_contrato"
    assert emitir(encargo_contrato(fecha=HOY), rentas).fecha_contrato == HOY


def test_un_contrato_anterior_a_las_normas_se_rechaza(rentas: Usuario) -> None:
    with pytest.raises(NormaNoVigente):
        emitir(encargo_contrato(fecha=date(1995, 1, 1)), rentas)


def test_un_acto_del_otro_formulario_se_rechaza(rentas: Usuario) -> None:
    with pytest.raises(DatoInvalido, match="no se liquida en este formulario"):
        emitir(encargo_contrato(acto="P-T-01"), rentas)
    with pytest.raises(DatoInvalido, match="no se liquida en este formulario"):
        emitir(encargo_tramite("P-C-01"), rentas)


def test_quien_no_es_persona_natural_se_identifica_con_nit() -> None:
    with pytest.raises(DatoInvalido, match="NIT"):
        replace(PRUEBA, clase="juridica")


def test_una_estampilla_de_cero_pesos_nace_legalizada_y_lo_dice(rentas: Usuario) -> None:
    una = emitir(encargo_contrato(acto="CC-2", valor="1000"), rentas, departamento="cundinamarca")
    assert {f.valor for f in una.facturas} == {0}
    assert set(estados(una)) == {"legalizada"}
    eventos = [e.evento for e in liquidaciones.historia(una)]
    assert eventos.count("emitida") == eventos.count("valor_cero") == len(una.facturas)


def test_sin_efecto_deja_todo_y_dice_por_que(rentas: Usuario) -> None:
    una = emitir(encargo_contrato(), rentas)
    dejar_sin_efecto(una.id, rentas, "Se digitó mal el valor")
    assert estados(una) == ["sin_efecto", "sin_efecto"]
    hallada = liquidaciones.por_codigo(una.codigo)
    assert not hallada.vigente
    assert hallada.sin_efecto is not None
    assert (hallada.sin_efecto.motivo, hallada.sin_efecto.usuario_nombre) == (
        "Se digitó mal el valor",
        "Funcionaria de Rentas",
    )
    assert [e.evento for e in liquidaciones.historia(hallada)][-2:] == ["dejada_sin_efecto"] * 2
    assert db.session.scalars(select(Bitacora.accion).order_by(Bitacora.id)).all()[-1] == "liquidacion.dejar_sin_efecto"


def test_dejada_sin_efecto_el_mismo_contrato_se_liquida_de_nuevo(rentas: Usuario) -> None:
    primera = emitir(encargo_contrato(), rentas)
    dejar_sin_efecto(primera.id, rentas)
    segunda = emitir(encargo_contrato(), rentas)
    assert segunda.numero == 2
    with pytest.raises(ContratoYaLiquidado):
        emitir(encargo_contrato(), rentas)


def test_no_se_deja_sin_efecto_dos_veces(rentas: Usuario) -> None:
    una = emitir(encargo_tramite(), rentas)
    dejar_sin_efecto(una.id, rentas)
    with pytest.raises(TransicionNoPermitida, match="ya fue dejada sin efecto"):
        dejar_sin_efecto(una.id, rentas)


def test_con_un_pago_en_el_banco_no_se_deja_sin_efecto_ni_una_parte(rentas: Usuario) -> None:
    una = fabricas.liquidacion()
    fabricas.pago(una, facturas=(una.facturas[0].numero,))
    with pytest.raises(TransicionNoPermitida, match="pago en proceso"):
        dejar_sin_efecto(una.id, rentas)
    assert estados(una) == ["en_verificacion", "liquidada"]
    assert liquidaciones.por_codigo(una.codigo).vigente


def test_lo_dejado_sin_efecto_no_se_paga(rentas: Usuario) -> None:
    una = fabricas.liquidacion()
    dejar_sin_efecto(una.id, rentas)
    with pytest.raises(TransicionNoPermitida, match="Sin efecto"):
        fabricas.pago(una)


def test_las_de_cero_pesos_quedan_sin_efecto_con_su_liquidacion(rentas: Usuario) -> None:
    una = emitir(encargo_contrato(acto="CC-2", valor="30000"), rentas, departamento="cundinamarca")
    assert {f.valor > 0 for f in una.facturas} == {True, False}
    assert sin_efecto.puede_dejarse_sin_efecto(una)
    dejar_sin_efecto(una.id, rentas)
    assert set(estados(una)) == {"sin_efecto"}


def test_una_liquidacion_que_no_existe(rentas: Usuario) -> None:
    with pytest.raises(NoExiste):
        dejar_sin_efecto(999999, rentas)
    with pytest.raises(NoExiste):
        liquidaciones.por_codigo("no-existe")


@pytest.mark.parametrize("texto", ["1", "2", "1212312323", "1.212.312.323"])
def test_se_busca_por_numero_factura_o_documento(rentas: Usuario, texto: str) -> None:
    una = emitir(encargo_tramite(), rentas)
    emitir(encargo_contrato(), rentas)
    assert una.id in {x.id for x in listado_liquidaciones.buscar("putumayo", texto).filas}


@pytest.mark.parametrize("texto", ["647", "0647", "901805364", "901.805.364-1"])
def test_se_busca_por_contrato_o_nit(rentas: Usuario, texto: str) -> None:
    emitir(encargo_tramite(), rentas)
    una = emitir(encargo_contrato(), rentas)
    assert [x.id for x in listado_liquidaciones.buscar("putumayo", texto).filas] == [una.id]


def test_la_lista_va_de_la_mas_reciente_a_la_mas_antigua_por_paginas(rentas: Usuario) -> None:
    for _ in range(5):
        emitir(encargo_tramite(), rentas)
    primera = listado_liquidaciones.buscar("putumayo", limite=2)
    segunda = listado_liquidaciones.buscar("putumayo", limite=2, antes_de=primera.siguiente)
    tercera = listado_liquidaciones.buscar("putumayo", limite=2, antes_de=segunda.siguiente)
    assert [[x.numero for x in p.filas] for p in (primera, segunda, tercera)] == [[5, 4], [3, 2], [1]]
    assert tercera.siguiente is None


def test_nadie_ve_las_liquidaciones_de_otro_departamento(rentas: Usuario) -> None:
    emitir(encargo_tramite(), rentas)
    assert not listado_liquidaciones.buscar("narino").filas
    assert not listado_liquidaciones.buscar("narino", "1212312323").filas


def test_el_numero_que_se_devuelve_no_se_gasta_cuando_el_acto_falla(rentas: Usuario) -> None:
    emitir(encargo_contrato(), rentas)
    with pytest.raises(ContratoYaLiquidado):
        emitir(encargo_contrato(), rentas)
    assert [f.numero for f in emitir(encargo_tramite(), rentas, ahora=AHORA).facturas] == [3, 4]
