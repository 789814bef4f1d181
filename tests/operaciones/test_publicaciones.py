"""Who is first decides: two publishers, a publisher and an editor, publishing and assessing. And corrections of values."""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido
from portal.models import EstadoPropuesta, Propuesta
from portal.models.normativa import Tarifa
from portal.operaciones import normativa, propuestas, publicaciones
from portal.operaciones.ciclo_propuestas import PropuestaCambio
from portal.operaciones.normativa import normativa_de, verificar
from tests.operaciones.test_carreras import a_la_vez
from tests.propuestas import AHORA, UVT_2027, cuenta, editar, proponer, proponer_tarifa, publicar, usar

JULIO = {"codigo": "SMMLV", "desde": date(2026, 7, 1), "hasta": date(2026, 12, 31), "valor": Decimal(1800000)}


@pytest.fixture
def ana(app: Flask) -> int:
    return cuenta()


@pytest.fixture
def berta(app: Flask) -> int:
    return cuenta()


def tarifas_de_udec() -> list[tuple[date, str]]:
    db.session.rollback()
    filas = normativa.filas_de_tabla("tarifa", "cundinamarca")
    return [(f["desde"], f["valor"]) for f in filas if (f["estampilla"], f["acto"]) == ("UDEC", "SC-01")]


def valores(codigo: str, desde: int) -> list[tuple[date, date | None, Decimal]]:
    db.session.rollback()
    filas = propuestas.valores_de(propuestas.indicador_de("narino", codigo))
    return [(f.desde, f.hasta, f.valor) for f in filas if f.desde.year >= desde]


def test_de_cuatro_que_publican_a_la_vez_gana_uno(app: Flask, ana: int) -> None:
    numero = proponer_tarifa(ana)
    otros = [cuenta() for _ in range(4)]
    errores = a_la_vez(app, [lambda c=c: publicar(numero, c) for c in otros])
    assert [type(e) for e in errores] == [PropuestaCambio] * 3
    assert tarifas_de_udec() == [(date(2021, 1, 1), "1"), (date(2027, 1, 1), "1.2")]


def test_se_publica_lo_que_se_reviso_o_lo_editado_pero_no_una_mezcla(app: Flask, ana: int) -> None:
    numero = proponer_tarifa(ana)
    editora, publicadora = cuenta(), cuenta()
    errores = a_la_vez(
        app, [lambda: publicar(numero, publicadora), lambda: editar(numero, editora, valor=Decimal("1.3"))]
    )
    assert [type(e) for e in errores] == [PropuestaCambio]
    una = db.session.get_one(Propuesta, numero)
    db.session.refresh(una)
    publicado = [v for _, v in tarifas_de_udec()][1:]
    assert publicado == (["1.2"] if una.estado is EstadoPropuesta.PUBLICADA else [])
    assert (una.version, una.estado) in [(2, EstadoPropuesta.PUBLICADA), (2, EstadoPropuesta.BORRADOR)]


def test_dos_publicaciones_sobre_la_misma_tarifa_no_se_solapan(app: Flask, ana: int) -> None:
    numeros = [proponer_tarifa(ana, desde=date(2027, mes, 1)) for mes in (1, 2, 3, 4)]
    errores = a_la_vez(app, [lambda n=n, c=cuenta(): publicar(n, c) for n in numeros])
    assert errores == [] or {type(e) for e in errores} == {DatoInvalido}
    assert verificar() == []
    assert len(tarifas_de_udec()) == 5 - len(errores)


def test_dos_autores_a_la_vez_de_la_misma_tarifa_dejan_un_borrador(app: Flask) -> None:
    autores = [cuenta() for _ in range(4)]
    errores = a_la_vez(app, [lambda c=c: proponer_tarifa(c) for c in autores])
    assert len(errores) == 3
    assert len(db.session.scalars(select(Propuesta)).all()) == 1


def test_control_mirando_antes_y_sin_la_version_todos_pasan_a_escribir(app: Flask, ana: int) -> None:
    """The usual mistake: look in one transaction, write in another. The row's unique constraint is what is left."""
    numero = proponer_tarifa(ana)
    fila = next(f for f in normativa.filas_de_tabla("tarifa", "cundinamarca") if f["codigo"] == "UDEC/SC-01")
    todos_miraron = threading.Barrier(4)

    def ingenua() -> None:
        borrador = db.session.get_one(Propuesta, numero).es_borrador
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if borrador:
            with transaccion():
                db.session.add(Tarifa(**{**fila, "desde": date(2027, 1, 1)}))

    errores = a_la_vez(app, [ingenua] * 4)
    assert [type(e) for e in errores] == [IntegrityError] * 3, "all four went on to write"


def test_control_editar_sin_la_version_pisa_lo_del_otro(app: Flask, ana: int) -> None:
    numero = proponer_tarifa(ana)
    ambos_miraron = threading.Barrier(2)

    def ingenua(acto: str) -> None:
        version = db.session.get_one(Propuesta, numero).version
        db.session.rollback()
        ambos_miraron.wait(timeout=30)
        with transaccion():
            db.session.execute(update(Propuesta).where(Propuesta.id == numero).values(acto=acto, version=version + 1))

    assert a_la_vez(app, [lambda: ingenua("Ordenanza A"), lambda: ingenua("Ordenanza B")]) == []
    una = db.session.get_one(Propuesta, numero)
    db.session.refresh(una)
    assert una.version == 2, "one of the two was lost and nobody was told"


def test_la_base_de_datos_tampoco_deja_publicar_al_autor(ana: int) -> None:
    numero = proponer_tarifa(ana)
    for estado in (EstadoPropuesta.PUBLICADA, EstadoPropuesta.CORREGIDA):
        orden = update(Propuesta).where(Propuesta.id == numero)
        with pytest.raises(IntegrityError), transaccion():
            db.session.execute(orden.values(estado=estado, resuelta_por=ana, resuelta_en=AHORA, corregida_por=numero))


def test_la_base_de_datos_pide_el_motivo_de_la_correccion(ana: int) -> None:
    numero = proponer_tarifa(ana)
    with pytest.raises(IntegrityError, match="corrige_con_motivo"), transaccion():
        db.session.execute(update(Propuesta).where(Propuesta.id == numero).values(corrige=date(2021, 1, 1)))


def test_publicar_cambia_las_normas_que_el_proceso_guardaba(ana: int, berta: int) -> None:
    antes = normativa_de("cundinamarca")
    assert normativa_de("cundinamarca") is antes
    publicar(proponer_tarifa(ana), berta)
    assert len(normativa_de("cundinamarca").tarifas) == len(antes.tarifas) + 1


def test_lo_que_no_se_pudo_publicar_no_deja_nada(ana: int, berta: int) -> None:
    numero = proponer_tarifa(ana, desde=date(2026, 11, 1))
    usar("cundinamarca", "SC-01", date(2026, 11, 9))
    with pytest.raises(DatoInvalido):
        publicar(numero, berta)
    assert db.session.get_one(Propuesta, numero).es_borrador
    assert publicaciones.versiones_anteriores("cundinamarca", "tarifa", ["UDEC/SC-01"]) == []
    assert len(tarifas_de_udec()) == 1


# Corrections of yearly values

CORRIGE = {"corrige": date(2027, 1, 1), "correccion": "Se digitó otro año"}


def test_un_valor_publicado_que_nadie_uso_se_reemplaza(ana: int, berta: int) -> None:
    mala = proponer(ana, valor=Decimal(56000))
    publicar(mala, berta)
    buena = proponer(ana, **CORRIGE)
    assert valores("UVT", 2027)[0][2] == Decimal(56000), "a draft corrects nothing"
    publicar(buena, berta)
    assert valores("UVT", 2027) == [(date(2027, 1, 1), date(2027, 12, 31), UVT_2027.valor)]
    vieja = db.session.get_one(Propuesta, mala)
    assert (vieja.estado, vieja.corregida_por) == (EstadoPropuesta.CORREGIDA, buena)
    (anterior,) = publicaciones.versiones_anteriores("", "valor_indicador", ["UVT"])
    assert (anterior.cifra, anterior.propuesta.correccion) == ("$56.000", "Se digitó otro año")
    assert verificar() == []


def test_un_valor_usado_se_corrige_desde_el_dia_siguiente_y_no_antes(ana: int, berta: int) -> None:
    publicar(proponer(ana, valor=Decimal(56000)), berta)
    usar("putumayo", "P-T-01", date(2027, 1, 20))
    for desde in (date(2027, 1, 1), date(2027, 1, 20)):
        with pytest.raises(DatoInvalido, match="puede regir desde el 21 de enero de 2027") as error:
            proponer(ana, **CORRIGE, desde=desde)
        assert error.value.campo == "desde"
    publicar(proponer(ana, **CORRIGE, desde=date(2027, 1, 21)), berta)
    assert valores("UVT", 2027) == [
        (date(2027, 1, 1), date(2027, 1, 20), Decimal(56000)),
        (date(2027, 1, 21), date(2027, 12, 31), UVT_2027.valor),
    ]
    assert verificar() == []


def test_el_uso_entre_la_propuesta_y_la_publicacion_la_detiene(ana: int, berta: int) -> None:
    publicar(proponer(ana, valor=Decimal(56000)), berta)
    numero = proponer(ana, **CORRIGE)
    usar("putumayo", "P-T-01", date(2027, 1, 1))
    with pytest.raises(DatoInvalido, match="lo que se usó no cambia"):
        publicar(numero, berta)
    assert valores("UVT", 2027)[0][2] == Decimal(56000)


def test_el_comienzo_equivocado_de_un_smmlv_se_corrige(ana: int, berta: int) -> None:
    publicar(proponer(ana, **JULIO), berta)
    corrige = {"corrige": date(2026, 7, 1), "correccion": "El decreto dice agosto"}
    publicar(proponer(ana, **{**JULIO, "desde": date(2026, 8, 1)}, **corrige), berta)
    assert [(d, h) for d, h, _ in valores("SMMLV", 2026)][1:] == [
        (date(2026, 2, 19), date(2026, 7, 31)),
        (date(2026, 8, 1), date(2026, 12, 31)),
    ]
    assert verificar() == []


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"correccion": ""}, "correccion"),
        ({"corrige": date(2030, 1, 1)}, None),
        ({"desde": date(2027, 2, 1)}, "desde"),
        ({"hasta": date(2027, 11, 30)}, "hasta"),
        ({"valor": Decimal(550000)}, "salto_confirmado"),
    ],
)
def test_una_correccion_mala_se_rehusa(ana: int, berta: int, cambios: dict[str, Any], campo: str | None) -> None:
    publicar(proponer(ana, valor=Decimal(56000)), berta)
    with pytest.raises(DatoInvalido) as error:
        proponer(ana, **{**CORRIGE, **cambios})
    assert error.value.campo == campo


def test_la_correccion_se_compara_con_el_ano_anterior_y_no_con_lo_que_corrige(ana: int, berta: int) -> None:
    publicar(proponer(ana, valor=Decimal(550000), salto_confirmado=True), berta)
    publicar(proponer(ana, **CORRIGE), berta)
    assert valores("UVT", 2027)[0][2] == UVT_2027.valor


def test_de_dos_correcciones_a_la_vez_queda_una(app: Flask, ana: int, berta: int) -> None:
    publicar(proponer(ana, valor=Decimal(56000)), berta)
    numero = proponer(ana, **CORRIGE)
    errores = a_la_vez(app, [lambda c=cuenta(): publicar(numero, c) for _ in range(3)])
    assert [type(e) for e in errores] == [PropuestaCambio] * 2
    assert len(valores("UVT", 2027)) == 1
    cuantas = db.session.scalar(text("SELECT count(*) FROM version_anterior WHERE reemplazada"))
    assert cuantas == 1
