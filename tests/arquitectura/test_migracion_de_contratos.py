"""Contracts become each entity's, whole: with their ledgers, their additions and what was recognised for them."""

from dataclasses import replace

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text

from portal.db import db, transaccion
from portal.models import Contrato, Liquidacion, Reconocimiento, Usuario
from portal.models.usuario import Rol
from portal.operaciones.normativa import normativa_de
from tests.agentes import agente, persona
from tests.contratos import acto, adicionar, contratar, cuenta, leer, reducir
from tests.encargos import dejar_sin_efecto, emitir, encargo_contrato, oficial
from tests.reconocimientos import ALCANCE, encargo_de_eps, reconocer

ANTES = "038"


def de_entidad() -> Usuario:
    propias = tuple(e.codigo for e in normativa_de("cundinamarca").estampillas)
    return persona(Rol.AGENTE, agente("cundinamarca", propias, estampillas=propias))


def bajar() -> None:
    db.session.rollback()
    downgrade(revision=ANTES)


def subir() -> None:
    db.session.rollback()
    upgrade()
    db.session.expire_all()


def libro(una_id: int) -> list[tuple[str, int, int]]:
    expediente = leer(db.session.get_one(Liquidacion, una_id))
    return [(m.clase.value, int(m.valor), int(m.pagado)) for m in expediente.movimientos]


def test_cada_contrato_sigue_entero_y_es_de_su_agente(app: Flask) -> None:
    hospital, rentas = de_entidad(), oficial()
    una = contratar(hospital, por_retencion=True)
    adicionar(una, acto("20000000"), hospital)
    cuenta(una, "30000000", "1", hospital)
    otra = emitir(encargo_contrato(), rentas)
    codigos, antes = (una.id, otra.id), (libro(una.id), libro(otra.id))
    contrato_id = leer(una).id
    bajar()
    subir()
    assert tuple(libro(x) for x in codigos) == antes
    assert leer(una).id == contrato_id
    assert {x.entidad for x in leer(una).liquidaciones} == {hospital.agente_id}
    assert {x.entidad for x in leer(otra).liquidaciones} == {0}
    cuenta(una, "90000000", "2", hospital)
    assert leer(una).por_pagar == 0


def test_el_que_una_anulo_y_otra_liquido_se_reparte_entre_las_dos(app: Flask) -> None:
    hospital, universidad = de_entidad(), de_entidad()
    una = contratar(hospital)
    dejar_sin_efecto(una.id, hospital)
    otra = contratar(universidad, "50000000")
    ids, antes = (una.id, otra.id), (libro(una.id), libro(otra.id))
    bajar()
    with transaccion():
        assert db.session.execute(text("SELECT count(*) FROM contrato")).scalar_one() == 1
        ordenes = db.session.execute(text("SELECT orden FROM movimiento_contrato ORDER BY orden")).scalars().all()
        assert ordenes == [1, 2, 3]
    subir()
    assert tuple(libro(x) for x in ids) == antes
    assert antes[0] == [("inicial", 100_000_000, 0), ("sin_efecto", -100_000_000, 0)]
    assert antes[1] == [("inicial", 50_000_000, 0)]
    assert contratar(hospital).vigente


def test_una_adicion_que_tenia_otro_agente_se_queda_en_su_contrato(app: Flask) -> None:
    hospital, rentas = de_entidad(), oficial()
    una = contratar(rentas)
    adicion = adicionar(una, acto("20000000"), rentas)
    una_id, adicion_id, agente_id = una.id, adicion.id, hospital.agente_id
    bajar()
    with transaccion():
        orden = text("UPDATE liquidacion SET agente_id = :a WHERE id = :i")
        db.session.execute(orden, {"a": agente_id, "i": adicion_id})
    subir()
    expediente = leer(db.session.get_one(Liquidacion, una_id))
    assert [(x.agente_id, x.entidad) for x in expediente.determinaciones] == [(None, 0), (agente_id, 0)]
    assert expediente.valor == 120_000_000


def test_uno_que_cambio_de_agente_al_reducirse_es_de_la_entidad_de_lo_que_esta_en_firme(app: Flask) -> None:
    hospital, rentas = de_entidad(), oficial()
    una = contratar(rentas)
    reducir(una, acto("20000000"), rentas)
    vigente_id, agente_id = leer(una).liquidaciones[0].id, hospital.agente_id
    bajar()
    with transaccion():
        orden = text("UPDATE liquidacion SET agente_id = :a WHERE id = :i")
        db.session.execute(orden, {"a": agente_id, "i": vigente_id})
    subir()
    expediente = leer(db.session.get_one(Liquidacion, vigente_id))
    assert expediente.valor == 80_000_000
    assert {m.liquidacion.entidad for m in expediente.movimientos if m.liquidacion} == {agente_id}


def test_lo_reconocido_para_un_contrato_es_de_la_entidad_que_lo_liquido(app: Flask) -> None:
    hospital, rentas = de_entidad(), oficial()
    suyo = replace(ALCANCE, numero_contrato="100", vigencia_contrato=2025, agente_id=hospital.agente_id)
    ids = [
        reconocer(rentas, alcance=suyo).id,
        reconocer(rentas, alcance=replace(suyo, numero_contrato="999", agente_id=None)).id,
        reconocer(rentas).id,
    ]
    emitir(encargo_de_eps(), hospital, departamento="cundinamarca")
    agente_id = hospital.agente_id
    bajar()
    subir()
    de = [db.session.get_one(Reconocimiento, x).agente_id for x in ids]
    assert de == [agente_id, None, None]


def test_no_se_baja_mientras_dos_entidades_tengan_el_mismo_numero(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    hospital, universidad = de_entidad(), de_entidad()
    una, otra = contratar(hospital), contratar(universidad)
    una_id, otra_id = una.id, otra.id
    db.session.rollback()
    with pytest.raises(SystemExit):
        downgrade(revision=ANTES)
    assert "Dos entidades tienen contratos con el mismo contratista, número y vigencia (1)" in caplog.text
    # The later migrations were undone before this one refused.
    subir()
    assert libro(una_id) == libro(otra_id) == [("inicial", 100_000_000, 0)]
    assert db.session.scalar(select(func.count(Contrato.id))) == 2
    dejar_sin_efecto(otra_id, universidad)
    bajar()
    subir()
    assert libro(una_id) == [("inicial", 100_000_000, 0)]
