"""A yearly value needs two people: the whole cycle, who may do what, races, and what publication never touches."""

import json
import threading
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, ErrorDominio, NoExiste, NormaNoVigente, TransicionNoPermitida
from portal.models import Bitacora, EstadoPropuesta, Propuesta, PropuestaIndicador
from portal.models.normativa import ValorIndicador
from portal.operaciones import ciclo_propuestas, propuestas
from portal.operaciones.ciclo_propuestas import PropuestaCambio
from portal.operaciones.cotizaciones import responder
from portal.operaciones.normativa import normativa_de, verificar
from tests import fabricas
from tests.operaciones.test_carreras import a_la_vez
from tests.propuestas import AHORA, HOY, UVT_2027, cuenta, editar, proponer, publicar, retirar

SMMLV_JULIO = {"codigo": "SMMLV", "desde": date(2026, 7, 1), "hasta": date(2026, 12, 31), "valor": Decimal(1800000)}


@pytest.fixture
def ana(app: Flask) -> int:
    return cuenta()


@pytest.fixture
def berta(app: Flask) -> int:
    return cuenta()


def liquidar_en_2027() -> dict[str, Any]:
    pedido = {"id": "1", "actos": ["SC-01"], "fecha": "2027-01-15", "hechos": {}}
    return dict(json.loads(responder(normativa_de("cundinamarca"), json.dumps(pedido).encode())))


def uvt(fecha: date) -> Decimal:
    return normativa_de("cundinamarca").valor_indicador("UVT", fecha).valor


def smmlv() -> list[tuple[date, date | None, Decimal]]:
    db.session.rollback()
    filas = propuestas.valores_de(propuestas.indicador_de("narino", "SMMLV"))
    return [(f.desde, f.hasta, f.valor) for f in filas if f.desde.year == 2026]


def test_el_ciclo_entero_de_la_uvt_de_2027(ana: int, berta: int) -> None:
    assert "error" in liquidar_en_2027()
    numero = proponer(ana)
    assert "error" in liquidar_en_2027(), "a draft is not used"
    with pytest.raises(TransicionNoPermitida, match="otro administrador"):
        publicar(numero, ana)
    assert "error" in liquidar_en_2027()
    publicar(numero, berta)
    assert liquidar_en_2027()["total"] > 0
    assert uvt(date(2027, 12, 31)) == UVT_2027.valor
    with pytest.raises(NormaNoVigente):
        uvt(date(2028, 1, 1))
    assert verificar() == []
    una = db.session.get_one(PropuestaIndicador, numero)
    assert (una.estado, una.autor_id, una.resuelta_por) == (EstadoPropuesta.PUBLICADA, ana, berta)
    sucesos = db.session.scalars(select(Bitacora).where(Bitacora.objeto == f"propuesta:{numero}").order_by(Bitacora.id))
    assert [(b.accion, b.usuario_id, b.detalle["valor"]) for b in sucesos] == [
        ("propuesta_escrita", ana, "55000"),
        ("propuesta_publicada", berta, "55000"),
    ]


def test_la_base_de_datos_tampoco_deja_publicar_al_autor(ana: int) -> None:
    numero = proponer(ana)
    orden = update(Propuesta).where(Propuesta.id == numero)
    with pytest.raises(IntegrityError, match="la_publica_otra_persona"), transaccion():
        db.session.execute(orden.values(estado=EstadoPropuesta.PUBLICADA, resuelta_por=ana, resuelta_en=AHORA))


def test_quien_la_escribe_de_ultimo_es_su_autor(ana: int, berta: int) -> None:
    numero = proponer(ana)
    editar(numero, berta, valor=Decimal(56000))
    with pytest.raises(TransicionNoPermitida, match="otro administrador"):
        publicar(numero, berta, version=2)
    publicar(numero, ana, version=2)
    assert uvt(date(2027, 1, 1)) == Decimal(56000)


@pytest.mark.parametrize("rol", ["rentas", "auditor", "tesoreria"])
def test_solo_un_administrador_propone_o_publica(ana: int, rol: str) -> None:
    otro = cuenta(rol)
    for acto in (lambda: proponer(otro), lambda: publicar(proponer(ana), otro)):
        with pytest.raises(TransicionNoPermitida, match="Solo un administrador"):
            acto()


def test_una_cuenta_desactivada_no_publica(ana: int) -> None:
    with pytest.raises(TransicionNoPermitida, match="cuenta activa"):
        publicar(proponer(ana), cuenta(activo=False))


@pytest.mark.parametrize("falta", [{"acto": ""}, {"acto_fecha": None}, {"evidencia": ""}])
def test_sin_el_acto_se_guarda_pero_no_se_publica(ana: int, berta: int, falta: dict[str, Any]) -> None:
    numero = proponer(ana, **falta)
    with pytest.raises(TransicionNoPermitida, match="Para publicar faltan"):
        publicar(numero, berta)
    editar(numero, ana, **{campo: getattr(UVT_2027, campo) for campo in falta})
    publicar(numero, berta, version=2)


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"desde": date(2026, 1, 1), "hasta": date(2026, 12, 31)}, "desde"),
        ({"hasta": date(2026, 12, 31)}, "hasta"),
        ({"valor": Decimal(0)}, "valor"),
        ({"valor": Decimal(550000)}, "salto_confirmado"),
        ({"valor": Decimal(5500)}, "salto_confirmado"),
        ({"acto_fecha": HOY + timedelta(days=1)}, "acto_fecha"),
        ({"evidencia": "javascript:alert(1)"}, "evidencia"),
        ({"evidencia": "normas.test"}, "evidencia"),
        ({"acto": "x" * 161}, "acto"),
        ({"acto": "a\u202eb"}, "acto"),
    ],
)
def test_lo_malo_se_rehusa_y_dice_el_campo(ana: int, cambios: dict[str, Any], campo: str) -> None:
    with pytest.raises(DatoInvalido) as error:
        proponer(ana, **cambios)
    assert error.value.campo == campo
    assert ciclo_propuestas.propuestas_de("narino") == []


def test_un_salto_confirmado_se_acepta(ana: int, berta: int) -> None:
    publicar(proponer(ana, valor=Decimal(550000), salto_confirmado=True), berta)
    assert uvt(date(2027, 1, 1)) == Decimal(550000)


def test_la_misma_propuesta_dos_veces_es_una(ana: int, berta: int) -> None:
    assert proponer(ana) == proponer(ana)
    with pytest.raises(TransicionNoPermitida, match="Ya hay una propuesta"):
        proponer(berta)


def test_lo_publicado_no_se_propone_de_nuevo_ni_se_edita(ana: int, berta: int) -> None:
    numero = proponer(ana)
    publicar(numero, berta)
    with pytest.raises(DatoInvalido, match="Ya hay un valor publicado"):
        proponer(ana, valor=Decimal(56000))
    for acto in (lambda: publicar(numero, berta, version=2), lambda: retirar(numero, ana, version=2)):
        with pytest.raises(PropuestaCambio):
            acto()
    with pytest.raises(ErrorDominio):
        editar(numero, ana, version=2, valor=Decimal(56000))
    assert uvt(date(2027, 1, 1)) == UVT_2027.valor


def test_retirada_con_motivo_deja_proponer_de_nuevo(ana: int, berta: int) -> None:
    numero = proponer(ana)
    with pytest.raises(DatoInvalido):
        retirar(numero, berta, "  ")
    retirar(numero, berta, "La resolución dice otra cosa")
    assert db.session.get_one(PropuestaIndicador, numero).motivo == "La resolución dice otra cosa"
    assert proponer(ana) != numero


def test_quien_edita_de_segundo_lo_sabe(ana: int, berta: int) -> None:
    numero = proponer(ana)
    editar(numero, berta, valor=Decimal(56000))
    with pytest.raises(PropuestaCambio, match="Otra persona cambió"):
        editar(numero, ana, valor=Decimal(57000))
    with pytest.raises(PropuestaCambio):
        publicar(numero, ana, version=1)
    assert db.session.get_one(PropuestaIndicador, numero).valor == Decimal(56000)


def test_un_smmlv_de_mitad_de_ano_cierra_el_anterior(ana: int, berta: int) -> None:
    publicar(proponer(ana, **SMMLV_JULIO), berta)
    assert [(d, h) for d, h, _ in smmlv()][1:] == [
        (date(2026, 2, 19), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 12, 31)),
    ]
    assert verificar() == []


@pytest.mark.parametrize("antes", [True, False], ids=["antes de proponer", "antes de publicar"])
def test_un_valor_que_ya_se_uso_no_se_acorta(ana: int, berta: int, antes: bool) -> None:
    previo = smmlv()
    numero = 0 if antes else proponer(ana, **SMMLV_JULIO)
    fabricas.liquidacion(departamento="narino", fecha_causacion=date(2026, 7, 1))
    acto = partial(proponer, ana, **SMMLV_JULIO) if antes else partial(publicar, numero, berta)
    with pytest.raises(DatoInvalido, match="hechas con el valor anterior"):
        acto()
    assert smmlv() == previo


def test_lo_liquidado_antes_del_corte_no_estorba(ana: int, berta: int) -> None:
    fabricas.liquidacion(departamento="narino", fecha_causacion=date(2026, 6, 30))
    publicar(proponer(ana, **SMMLV_JULIO), berta)
    assert len(smmlv()) == 3


def test_pro_cultura_se_propone_por_la_formula_y_vale_con_el_decreto(ana: int, berta: int) -> None:
    with pytest.raises(NoExiste, match="fórmula"):
        propuestas.sugerir(propuestas.indicador_de("narino", "UVT"), Decimal(3))
    suyo = propuestas.indicador_de("narino", "PRO_CULTURA_SIN_CUANTIA")
    valor = propuestas.sugerir(suyo, Decimal(3))
    assert valor == Decimal(4400)
    ano = {"desde": date(2026, 1, 1), "hasta": date(2026, 12, 31)}
    numero = proponer(ana, suyo.codigo, valor=valor, acto="", **ano)
    with pytest.raises(TransicionNoPermitida):
        publicar(numero, berta)
    editar(numero, ana, acto="Decreto de prueba")
    publicar(numero, berta, version=2)
    publicado = normativa_de("narino").valor_indicador(suyo.codigo, date(2026, 6, 1))
    assert (publicado.valor, publicado.acto) == (Decimal(4400), "Decreto de prueba")


def test_cada_departamento_ve_lo_suyo_y_lo_nacional(ana: int) -> None:
    ano = {"desde": date(2026, 1, 1), "hasta": date(2026, 12, 31), "valor": Decimal(4400)}
    numero = proponer(ana, "PRO_CULTURA_SIN_CUANTIA", **ano)
    assert ciclo_propuestas.por_id("narino", numero).id == numero
    for departamento, otro in (("putumayo", numero), ("narino", 999999), ("narino", 10**30)):
        with pytest.raises(NoExiste):
            ciclo_propuestas.por_id(departamento, otro)
    with pytest.raises(NoExiste):
        propuestas.indicador_de("putumayo", "PRO_CULTURA_SIN_CUANTIA")


def test_de_cuatro_que_publican_a_la_vez_gana_uno(app: Flask, ana: int) -> None:
    numero = proponer(ana)
    otros = [cuenta() for _ in range(4)]
    db.session.rollback()
    errores = a_la_vez(app, [lambda c=c: publicar(numero, c) for c in otros])
    assert [type(e) for e in errores] == [PropuestaCambio] * 3
    assert _filas_de_2027() == 1


def test_dos_propuestas_a_la_vez_de_las_mismas_fechas_son_una(app: Flask) -> None:
    autores = [cuenta() for _ in range(4)]
    db.session.rollback()
    errores = a_la_vez(app, [lambda c=c: proponer(c) for c in autores])
    assert [type(e) for e in errores] == [TransicionNoPermitida] * 3
    assert len(ciclo_propuestas.propuestas_de("narino")) == 1


def test_control_mirando_antes_y_sin_la_version_todos_pasan_a_escribir(app: Flask, ana: int) -> None:
    """The usual mistake: look in one transaction, write in another. The row's unique constraint is what is left."""
    numero = proponer(ana)
    otros = [cuenta() for _ in range(4)]
    db.session.rollback()
    todos_miraron = threading.Barrier(len(otros))

    def ingenua() -> None:
        borrador = db.session.get_one(PropuestaIndicador, numero).es_borrador
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if borrador:
            with transaccion():
                db.session.add(ValorIndicador(**_fila()))

    errores = a_la_vez(app, [ingenua for _ in otros])
    assert [type(e) for e in errores] == [IntegrityError] * 3, "all four went on to write"


def _fila() -> dict[str, Any]:
    datos = {"departamento": "", "codigo": "UVT", "origen": "", "comprobacion": "", "acto": "x", "acto_fecha": None}
    return {**datos, "desde": UVT_2027.desde, "hasta": UVT_2027.hasta, "valor": UVT_2027.valor}


def _filas_de_2027() -> int:
    db.session.rollback()
    return int(db.session.scalar(text("SELECT count(*) FROM valor_indicador WHERE desde >= '2027-01-01'")) or 0)
