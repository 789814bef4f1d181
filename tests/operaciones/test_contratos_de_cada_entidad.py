"""Every entity numbers its own contracts: one number, contractor and year in two entities are two contracts, in everything."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido
from portal.models import Agente, Contrato, Liquidacion, Usuario
from portal.models.usuario import Rol
from portal.operaciones import consultas, listado_liquidaciones, por_pagar
from portal.operaciones.liquidaciones import ContratoYaLiquidado
from portal.operaciones.lotes.archivo import leer_tabla
from portal.operaciones.lotes.importacion import EN_PANTALLA, LoteConErrores, ensayar, resultado
from portal.operaciones.lotes.simulacro import Simulacro
from portal.operaciones.normativa import normativa_de
from portal.operaciones.validaciones import ClasePregunta, Hallazgo, Pregunta, Respuesta, responder
from tests import contratos
from tests.agentes import agente, persona
from tests.contratos import acto, adicionar, contratar, cuenta, leer, pagar, reducir
from tests.encargos import HOY, dejar_sin_efecto, emitir, encargo_contrato, oficial
from tests.lotes import FILA, PUTUMAYO, csv_de, importar_archivo
from tests.reconocimientos import ALCANCE, declaracion, encargo_de_eps, reconocer

DEL_12 = Pregunta(ClasePregunta.CONTRATO, "12", "1212312323", 2025)


def entidad(nombre: str, **otros: object) -> Agente:
    propias = tuple(e.codigo for e in normativa_de("cundinamarca").estampillas)
    return agente("cundinamarca", propias, **({"nombre": nombre, "estampillas": propias} | otros))


@pytest.fixture
def hospital(app: Flask) -> Usuario:
    return persona(Rol.AGENTE, entidad("HOSPITAL SAN RAFAEL"))


@pytest.fixture
def universidad(app: Flask) -> Usuario:
    return persona(Rol.AGENTE, entidad("UNIVERSIDAD DEL SUR"))


@pytest.fixture
def rentas(app: Flask) -> Usuario:
    return oficial()


def preguntar(pregunta: Pregunta) -> Respuesta:
    (respuesta,) = responder("cundinamarca", [pregunta], hoy=HOY)
    return respuesta


def test_cada_entidad_y_el_departamento_tienen_su_contrato_con_el_mismo_numero(
    hospital: Usuario, universidad: Usuario, rentas: Usuario
) -> None:
    unas = [contratar(quien) for quien in (hospital, universidad, rentas)]
    assert [una.entidad for una in unas] == [hospital.agente_id, universidad.agente_id, 0]
    for quien in (hospital, universidad, rentas):
        with pytest.raises(ContratoYaLiquidado):
            contratar(quien)
    assert db.session.scalars(select(Contrato.entidad).order_by(Contrato.entidad)).all() == sorted(
        una.entidad for una in unas
    )


def test_lo_que_rentas_liquida_con_el_nit_de_un_agente_es_contrato_de_ese_agente(
    hospital: Usuario, universidad: Usuario, rentas: Usuario
) -> None:
    nit = db.session.get_one(Agente, hospital.agente_id).nit
    una = contratar(rentas, contratante_nit=nit)
    assert (una.agente_id, una.entidad) == (hospital.agente_id, hospital.agente_id)
    with pytest.raises(ContratoYaLiquidado) as error:
        contratar(hospital)
    assert error.value.codigo == una.codigo
    contratar(universidad)
    contratar(rentas)


def test_lo_liquidado_antes_de_registrar_el_agente_no_se_liquida_otra_vez_ni_cambia_de_contrato(
    rentas: Usuario,
) -> None:
    una = contratar(rentas, contratante_nit="800999888")
    hospital = entidad("HOSPITAL SAN RAFAEL", nit="800999888")
    for quien in (persona(Rol.AGENTE, hospital), rentas):
        with pytest.raises(ContratoYaLiquidado):
            contratar(quien, contratante_nit="800999888")
    adicion = adicionar(una, acto("20000000"), rentas)
    reducir(una, acto("30000000", "ACTA 2", date(2025, 6, 6)), rentas)
    expediente = leer(una)
    assert expediente.valor == Decimal("90000000")
    assert {x.entidad for x in expediente.liquidaciones} == {0} == {adicion.entidad}
    assert {m.contrato_id for m in expediente.movimientos} == {expediente.id}


def test_la_vida_de_uno_no_toca_la_del_otro(hospital: Usuario, universidad: Usuario) -> None:
    una = contratar(hospital, por_retencion=True)
    otra = contratar(universidad, "50000000", por_retencion=True)
    adicionar(una, acto("20000000"), hospital)
    cuenta(una, "30000000", "1", hospital)
    cuenta(otra, "10000000", "1", universidad)
    reducir(otra, acto("5000000"), universidad)
    suyo, ajeno = leer(una), leer(otra)
    assert (suyo.valor, suyo.pagado) == (Decimal("120000000"), Decimal("30000000"))
    assert (ajeno.valor, ajeno.pagado) == (Decimal("45000000"), Decimal("10000000"))
    assert suyo.id != ajeno.id
    assert not {m.id for m in suyo.movimientos} & {m.id for m in ajeno.movimientos}
    for expediente, quien in ((suyo, hospital), (ajeno, universidad)):
        assert {x.agente_id for x in expediente.liquidaciones} == {quien.agente_id}
        dejar_sin_efecto(expediente.cuentas[0].id, quien)
    dejar_sin_efecto(leer(una).determinaciones[-1].id, hospital)
    dejar_sin_efecto(una.id, hospital)
    assert (leer(una).valor, leer(otra).valor) == (0, Decimal("45000000"))


def test_lo_que_se_redujo_despues_de_pagar_es_saldo_de_su_contrato(hospital: Usuario, universidad: Usuario) -> None:
    una, otra = contratar(hospital), contratar(universidad)
    pagar(una)
    pagar(otra)
    assert reducir(una, acto("20000000"), hospital).a_favor > 0
    assert sum(r.a_favor for r in leer(una).renglones()) > 0
    assert sum(r.a_favor for r in leer(otra).renglones()) == 0


def test_la_base_ata_la_liquidacion_del_contrato_a_la_entidad_de_su_agente(hospital: Usuario) -> None:
    una = contratar(hospital)
    ajena = una.entidad + 1
    with pytest.raises(IntegrityError), transaccion():
        db.session.execute(update(Liquidacion).where(Liquidacion.id == una.id).values(entidad=ajena))


def test_la_consulta_y_el_pago_muestran_los_dos_con_su_contratante(hospital: Usuario, universidad: Usuario) -> None:
    contratar(hospital)
    contratar(universidad)
    filas = consultas.de_contrato(2025, "1212312323", "12", HOY).filas
    assert {f.contratante for f in filas} == {"HOSPITAL SAN RAFAEL", "UNIVERSIDAD DEL SUR"}
    assert {x.contratante for x in por_pagar.de_contrato(2025, "1212312323", "12")} == {f.contratante for f in filas}
    assert len(listado_liquidaciones.buscar("cundinamarca", "12").filas) == 2


def test_al_validar_por_contrato_se_dice_que_hay_uno_de_cada_entidad(hospital: Usuario, universidad: Usuario) -> None:
    una, otra = contratar(hospital), contratar(universidad)
    respuesta = preguntar(DEL_12)
    assert respuesta.hallazgo is Hallazgo.AMBIGUO
    assert "HOSPITAL SAN RAFAEL; UNIVERSIDAD DEL SUR" in respuesta.nota
    assert set(respuesta.liquidaciones) == {una.numero, otra.numero}
    por_factura = preguntar(Pregunta(ClasePregunta.FACTURA, str(una.facturas[0].numero)))
    assert (por_factura.hallazgo, set(por_factura.liquidaciones)) == (Hallazgo.ENCONTRADO, {una.numero})


def test_el_que_se_dejo_sin_efecto_no_confunde(hospital: Usuario, universidad: Usuario) -> None:
    una, otra = contratar(hospital), contratar(universidad)
    dejar_sin_efecto(una.id, hospital)
    respuesta = preguntar(DEL_12)
    assert (respuesta.hallazgo, set(respuesta.liquidaciones)) == (Hallazgo.ENCONTRADO, {otra.numero})
    dejar_sin_efecto(otra.id, universidad)
    assert preguntar(DEL_12).hallazgo is Hallazgo.AMBIGUO


def simulado(*filas: dict[str, str]) -> Simulacro:
    return ensayar(leer_tabla(csv_de(filas), EN_PANTALLA), regimen=PUTUMAYO, hoy=HOY)


def con_nit(nit: str, **otros: str) -> dict[str, str]:
    return FILA | {"NIT de la entidad contratante": nit} | otros


def test_un_archivo_trae_el_mismo_numero_de_dos_entidades_y_no_repite_ninguno(rentas: Usuario) -> None:
    nits = [agente(nombre=nombre).nit for nombre in ("HOSPITAL SAN RAFAEL", "UNIVERSIDAD DEL SUR")]
    filas = [con_nit(nit) for nit in [*nits, ""]]
    hecho = resultado(importar_archivo(csv_de(filas), rentas))
    de_agente = [(r.nueva, r.liquidacion.agente_id is not None) for r in hecho.renglones]
    assert de_agente == [(True, True), (True, True), (True, False)]
    assert (simulado(*filas).nuevos, simulado(*filas).errores) == ([], [])
    assert ["ya está en la fila 2" in e.mensaje for e in simulado(filas[0], filas[0]).errores] == [True]


def test_un_archivo_encuentra_lo_que_se_liquido_antes_de_registrar_el_agente(rentas: Usuario) -> None:
    importar_archivo(csv_de([con_nit("800999888")]), rentas)
    agente(nombre="HOSPITAL SAN RAFAEL", nit="800999888")
    simulacro = simulado(con_nit("800999888"))
    assert (simulacro.errores, simulacro.nuevos) == ([], [])
    otra = con_nit("800999888", Objeto="OTRO")
    assert "con otros datos en" in simulado(otra).errores[0].mensaje
    with pytest.raises(LoteConErrores):
        importar_archivo(csv_de([otra]), rentas)


def test_lo_reconocido_para_el_contrato_de_una_entidad_no_exime_el_de_otra(
    hospital: Usuario, universidad: Usuario, rentas: Usuario
) -> None:
    alcance = replace(ALCANCE, numero_contrato="100", vigencia_contrato=2025, agente_id=hospital.agente_id)
    uno = reconocer(rentas, alcance=alcance)
    assert uno.alcance_en_palabras == "Solo el contrato 100 de 2025 con HOSPITAL SAN RAFAEL"
    una = emitir(encargo_de_eps(), hospital, departamento="cundinamarca")
    assert una.total == 0
    for quien in (universidad, rentas):
        with pytest.raises(DatoInvalido):
            emitir(encargo_de_eps(), quien, departamento="cundinamarca")
    propio = emitir(encargo_de_eps(), rentas, departamento="cundinamarca", declaraciones=[declaracion()])
    assert [r.contrato for r in propio.reconocimientos] == [("100", 2025, None)]


def test_el_putumayo_tambien(app: Flask, rentas: Usuario) -> None:
    de = agente(nombre="HOSPITAL SAN RAFAEL")
    una, otra = emitir(encargo_contrato(), persona(Rol.AGENTE, de)), emitir(encargo_contrato(), rentas)
    assert contratos.leer(una).id != contratos.leer(otra).id
