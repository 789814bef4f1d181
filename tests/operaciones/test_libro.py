"""The ledger: every credit whole in it, once, in a chain that nobody can change unnoticed."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_migrate import downgrade, upgrade
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from portal.db import db, transaccion
from portal.dominio.libro import ClaseAsiento, Partida, partidas_de_recaudo
from portal.models import Asiento, Pago
from portal.operaciones import libro, resultados, verificacion
from portal.operaciones.libro import asentar, saldos
from portal.operaciones.verificacion_importes import importes
from portal.pasarelas.base import ResultadoPasarela
from tests import cuadre, fabricas
from tests.operaciones.test_carreras import a_la_vez

SOLO_AGREGAR = ("asiento", "recaudo", "evento_factura", "evento_pago", "bitacora", "sin_efecto")
A, B = Decimal(4000), Decimal(5000)


def aplicar(de: Pago, respuesta: ResultadoPasarela) -> None:
    with transaccion():
        resultados.aplicar_resultado(
            de.id, respuesta, causa=resultados.Causa.SONDA, espera=fabricas.ESPERA, ahora=fabricas.AHORA
        )


def pagada() -> Pago:
    uno = fabricas.pago(fabricas.liquidacion((4000, 5000)))
    aplicar(uno, fabricas.respuesta(uno, transaccion=f"t{uno.id}"))
    return uno


def renglones() -> list[tuple[str, str, Decimal]]:
    db.session.rollback()
    return list(db.session.execute(select(Asiento.debe, Asiento.haber, Asiento.valor).order_by(Asiento.numero)))


def quiebres() -> list[str]:
    db.session.rollback()
    return [f"{invariante.codigo} {fila}" for invariante, filas in verificacion.verificar() for fila in filas]


def a_mano(*ordenes: str) -> None:
    """What somebody with the password of the database could do, triggers aside."""
    db.session.rollback()
    with db.engine.begin() as conexion:
        for orden in ordenes:
            conexion.exec_driver_sql(orden)


def sin_disparadores() -> None:
    if db.engine.dialect.name == "postgresql":
        a_mano(*(f"ALTER TABLE {tabla} DISABLE TRIGGER USER" for tabla in SOLO_AGREGAR))
        return
    with db.engine.begin() as conexion:
        nombres = conexion.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    a_mano(*(f"DROP TRIGGER {nombre}" for nombre in nombres))


def test_un_pago_entra_repartido_por_estampilla(app: Flask) -> None:
    pagada()
    assert renglones() == [("pasarela:placetopay", "estampilla:E0", A), ("pasarela:placetopay", "estampilla:E1", B)]
    assert saldos() == {"estampilla:E0": -A, "estampilla:E1": -B, "pasarela:placetopay": A + B}
    assert quiebres() == []


def test_la_misma_respuesta_no_se_asienta_dos_veces(app: Flask) -> None:
    uno = pagada()
    aplicar(uno, fabricas.respuesta(uno, transaccion=f"t{uno.id}"))
    assert len(renglones()) == 2


def test_un_segundo_credito_es_excedente(app: Flask) -> None:
    uno = pagada()
    aplicar(uno, fabricas.respuesta(uno, transaccion="otra"))
    assert renglones()[2:] == [("pasarela:placetopay", "excedentes", A + B)]
    assert quiebres() == []


def test_un_valor_distinto_es_excedente_entero(app: Flask) -> None:
    uno = fabricas.pago(fabricas.liquidacion((4000, 5000)))
    aplicar(uno, fabricas.respuesta(uno, valor=Decimal(8999)))
    assert renglones() == [("pasarela:placetopay", "excedentes", Decimal(8999))]
    assert quiebres() == []


def test_otra_moneda_no_entra_en_el_libro_de_pesos(app: Flask) -> None:
    uno = fabricas.pago(fabricas.liquidacion())
    aplicar(uno, fabricas.respuesta(uno, moneda="USD"))
    assert renglones() == []
    assert quiebres() == []


PESOS = st.integers(1, 10**9).map(Decimal)


@given(valores=st.lists(PESOS, max_size=20), de_mas=st.integers(0, 10**9).map(Decimal))
def test_las_partidas_suman_el_credito(valores: list[Decimal], de_mas: Decimal) -> None:
    total = sum(valores, de_mas)
    partidas = partidas_de_recaudo(1, "pasarela:x", total, [(i, f"E{i}", v) for i, v in enumerate(valores)])
    assert sum((p.valor for p in partidas), Decimal(0)) == total
    assert all(p.valor > 0 and p.debe == "pasarela:x" for p in partidas)
    assert len({p.origen for p in partidas}) == len(partidas)


def test_las_estampillas_no_toman_mas_de_lo_que_dio_el_banco() -> None:
    with pytest.raises(ValueError, match="more than the bank gave"):
        partidas_de_recaudo(1, "pasarela:x", Decimal(8999), [(1, "E0", A), (2, "E1", B)])


def suelta(origen: str) -> Partida:
    return Partida(ClaseAsiento.EXCEDENTE, "pasarela:x", "excedentes", Decimal(1), origen)


def asentar_suelta(origen: str) -> None:
    with transaccion():
        asentar([suelta(origen)], ahora=fabricas.AHORA)


def test_un_hecho_se_asienta_una_vez(app: Flask) -> None:
    asentar_suelta("prueba:1")
    with pytest.raises(IntegrityError):
        asentar_suelta("prueba:1")
    asentar_suelta("prueba:2")
    assert [a.numero for a in db.session.scalars(select(Asiento).order_by(Asiento.numero))] == [1, 2]
    assert quiebres() == [], "a refused asiento leaves no hole"


def test_la_cadena_no_se_bifurca(app: Flask) -> None:
    assert a_la_vez(app, [lambda i=i: asentar_suelta(f"prueba:{i}") for i in range(8)]) == []
    assert len(renglones()) == 8
    assert quiebres() == []


def test_control_numerar_mirando_el_ultimo_choca(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks for the last number instead of locking the series collides, on the engine with several writers."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer: nobody else can look in between")

    def mirar(_serie: str, cuantos: int) -> range:
        ultimo = db.session.scalar(text("SELECT coalesce(max(numero), 0) FROM asiento"))
        db.session.scalar(text("SELECT pg_sleep(0.5)"))
        return range(ultimo + 1, ultimo + 1 + cuantos)

    monkeypatch.setattr(libro, "tomar", mirar)
    errores = a_la_vez(app, [lambda i=i: asentar_suelta(f"prueba:{i}") for i in range(4)])
    assert any(isinstance(e, IntegrityError) for e in errores)


ABUSOS: tuple[Callable[[str], str], ...] = (
    lambda tabla: (
        f"UPDATE {tabla} SET {'debe' if tabla == 'asiento' else 'id'} = {'debe' if tabla == 'asiento' else 'id'}"
    ),
    lambda tabla: f"DELETE FROM {tabla}",
    lambda tabla: f"INSERT OR REPLACE INTO {tabla} SELECT * FROM {tabla}",
    lambda tabla: f"TRUNCATE {tabla} CASCADE",
)


@pytest.mark.parametrize("tabla", ["asiento", "recaudo", "evento_factura", "evento_pago"])
@pytest.mark.parametrize("abuso", range(len(ABUSOS)))
def test_lo_que_paso_no_se_cambia_ni_se_borra(app: Flask, tabla: str, abuso: int) -> None:
    pagada()
    antes = renglones()
    propio = {2: "sqlite", 3: "postgresql"}.get(abuso, db.engine.dialect.name)
    if propio != db.engine.dialect.name:
        pytest.skip("the other engine's order")
    with pytest.raises(DatabaseError, match="solo se agrega"):
        a_mano(ABUSOS[abuso](tabla))
    assert renglones() == antes


def test_cada_tabla_de_solo_agregar_tiene_sus_disparadores(app: Flask) -> None:
    consulta = (
        "SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if db.engine.dialect.name == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    segundo = "no_se_vacia" if db.engine.dialect.name == "postgresql" else "no_se_borra"
    hay = set(db.session.scalars(text(consulta)))
    assert {f"{tabla}_{que}" for tabla in SOLO_AGREGAR for que in ("no_cambia", segundo)} <= hay


MANOS: dict[str, tuple[str, tuple[str, ...]]] = {
    "un asiento cambiado": ("I-14", ("UPDATE asiento SET haber = 'estampilla:OTRA' WHERE numero = 1",)),
    "un asiento borrado": ("I-14", ("DELETE FROM asiento WHERE numero = 1",)),
    "el último borrado": ("I-14", ("DELETE FROM asiento WHERE numero = 2",)),
    "una huella recalculada": ("I-14", (f"UPDATE asiento SET huella = '{'a' * 64}' WHERE numero = 1",)),
    "dos asientos trocados": (
        "I-14",
        (
            "UPDATE asiento SET numero = 99 WHERE numero = 1",
            "UPDATE asiento SET numero = 1 WHERE numero = 2",
            "UPDATE asiento SET numero = 2 WHERE numero = 99",
        ),
    ),
    "un valor del libro": ("I-03", ("UPDATE asiento SET valor = 400100 WHERE numero = 1",)),
    "un total": ("I-02", ("UPDATE liquidacion SET total = total + 100",)),
    "el total de un pago": ("I-02", ("UPDATE pago SET total = total + 100",)),
    "un importe enorme": ("I-01", ("UPDATE pago SET total = 100000000000000001",)),
    "un crédito de otro valor": ("I-07", ("UPDATE recaudo SET valor = valor + 100",)),
    "una estampilla ajena": ("I-07", ("DELETE FROM pago_factura WHERE factura_id = 1",)),
    "una factura legalizada a mano": ("I-16", ("UPDATE factura SET estado = 'liquidada' WHERE id = 1",)),
    "un estado sin historia": ("I-10", ("UPDATE factura SET estado = 'utilizada' WHERE id = 1",)),
    "un paso imposible": ("I-10", ("UPDATE evento_factura SET desde = 'utilizada' WHERE evento = 'pago_aprobado'",)),
    "un pago sin historia": ("I-10", ("UPDATE pago SET estado = 'vencido'",)),
    "una retención olvidada": ("I-08", ("UPDATE pago SET estado = 'vencido'", "UPDATE pago_factura SET viva = true")),
    "una verificación sin pago": (
        "I-08",
        ("UPDATE factura SET estado = 'en_verificacion' WHERE id = 1", "UPDATE pago_factura SET viva = false"),
    ),
    "una anulación sin motivo": ("I-04", ("UPDATE liquidacion SET vigente = false",)),
    "una factura sin efecto suelta": ("I-04", ("UPDATE factura SET estado = 'sin_efecto' WHERE id = 1",)),
    "un consecutivo atrasado": ("I-17", ("UPDATE consecutivo SET siguiente = 1 WHERE serie = 'factura'",)),
    "una norma contradictoria": ("I-18", ("UPDATE tarifa SET valor = '200' WHERE tipo = 'porcentaje'",)),
}


@pytest.mark.descuadra
@pytest.mark.parametrize("caso", MANOS)
def test_verificar_nombra_lo_que_una_mano_cambio(app: Flask, runner: FlaskCliRunner, caso: str) -> None:
    pagada()
    assert quiebres() == []
    invariante, ordenes = MANOS[caso]
    sin_disparadores()
    a_mano(*ordenes)
    rotos = quiebres()
    assert [q for q in rotos if q.startswith(invariante)] != []
    # What every test is asked at its end, which leaves out what cannot have changed, sees the same.
    assert [q.replace(": ", " ", 1) for q in cuadre.descuadres()] == [q for q in rotos if not q.startswith("I-18")]
    resultado = runner.invoke(args=["verificar"])
    assert resultado.exit_code == 1
    assert f"FALLA  {invariante}" in resultado.output
    assert "Todo cuadra" not in resultado.output


def test_verificar_en_orden_sale_con_cero(app: Flask, runner: FlaskCliRunner) -> None:
    pagada()
    resultado = runner.invoke(args=["verificar"])
    assert resultado.exit_code == 0, resultado.output
    assert resultado.output.endswith("Todo cuadra.\n")
    assert "FALLA" not in resultado.output


@pytest.mark.descuadra
def test_un_importe_que_no_es_entero_se_nota(app: Flask) -> None:
    pagada()
    if db.engine.dialect.name == "postgresql":
        with pytest.raises(DatabaseError):
            a_mano("UPDATE pago SET total = 'nueve mil'")
        return
    a_mano("UPDATE pago SET total = 'nueve mil'")
    with pytest.raises(InvalidOperation):
        db.session.scalars(select(Pago)).all()
    assert next(iter(importes())) == "pago 1: la columna total no es un valor en pesos"


def test_lo_recaudado_antes_del_libro_queda_asentado(app: Flask) -> None:
    pagada()
    doble = pagada()
    aplicar(doble, fabricas.respuesta(doble, transaccion="otra"))
    antes: list[Any] = renglones()
    db.session.rollback()
    downgrade(revision="003")
    upgrade()
    assert renglones() == antes
    assert quiebres() == []
    asentar_suelta("prueba:1")
    assert quiebres() == []
