"""Two officers and one contract's life, at the same time. Each race has a control that must go wrong."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Contrato, Liquidacion, MovimientoContrato, Usuario
from portal.operaciones import expedientes, liquidaciones, retenciones
from portal.operaciones.contratos import encargo_de_adicion
from portal.operaciones.retenciones import Cuenta
from tests.contratos import EXCLUIDO, acto, adicionar, contratar, cuenta, despacho, enviar, leer, reducir
from tests.encargos import HOY, dejar_sin_efecto, oficial
from tests.operaciones.test_carreras import a_la_vez

OFICIALES = 5


@pytest.fixture
def rentas(app: Flask) -> int:
    return oficial().id


def tarea(hacer: Callable[..., object], una_id: int, *datos: object, de: int) -> Callable[[], None]:
    """The act in a thread, with rows of its own session."""

    def correr() -> None:
        hacer(db.session.get_one(Liquidacion, una_id), *datos, db.session.get_one(Usuario, de))

    return correr


def sin_bloqueo(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operation that forgets to lock the contract."""
    monkeypatch.setattr(
        expedientes,
        "_bloquear",
        lambda llave: db.session.scalars(select(Contrato.id).filter_by(**llave._asdict())).one(),
    )


def test_de_cinco_oficiales_que_registran_la_misma_cuenta_gana_uno(app: Flask, rentas: int) -> None:
    una = contratar(db.session.get_one(Usuario, rentas), por_retencion=True)
    una_id = una.id
    errores = a_la_vez(app, [tarea(cuenta, una_id, "30000000", "1", de=rentas) for _ in range(OFICIALES)])
    assert len(errores) == OFICIALES - 1
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    assert leer(una).pagado == 30_000_000
    assert len(leer(una).cuentas) == 1


def test_la_base_de_datos_decide_aunque_nadie_bloquee(app: Flask, rentas: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sin_bloqueo(monkeypatch)
    una = contratar(db.session.get_one(Usuario, rentas), por_retencion=True)
    errores = a_la_vez(app, [tarea(cuenta, una.id, "30000000", "1", de=rentas) for _ in range(OFICIALES)])
    assert all(isinstance(e, TransicionNoPermitida | IntegrityError) for e in errores), errores
    assert leer(una).pagado == 30_000_000


def test_cuentas_distintas_a_la_vez_no_pasan_del_valor_del_contrato(app: Flask, rentas: int) -> None:
    una = contratar(db.session.get_one(Usuario, rentas), por_retencion=True)
    errores = a_la_vez(app, [tarea(cuenta, una.id, "30000000", f"{i}", de=rentas) for i in range(OFICIALES)])
    assert len(errores) == 2, "three of thirty fit in a hundred"
    expediente = leer(una)
    assert expediente.pagado == 90_000_000
    assert len({m.orden for m in expediente.movimientos}) == 4


def test_control_mirando_en_otra_transaccion_y_sin_indice_la_cuenta_se_duplica(
    app: Flask, rentas: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual mistake: look in one transaction, write in another."""
    una = contratar(db.session.get_one(Usuario, rentas), por_retencion=True)
    una_id = una.id
    with transaccion():
        db.session.execute(text("DROP INDEX uq_liquidacion_contrato_vigente"))
    todos_miraron = threading.Barrier(OFICIALES)

    def ingenua() -> None:
        visto = expedientes.leer(db.session.get_one(Liquidacion, una_id))
        pago = Cuenta("1", HOY, Decimal(30_000_000))
        partes = retenciones.partes_de(visto, pago, HOY)
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        with transaccion():
            expedientes.leer(db.session.get_one(Liquidacion, una_id), bloqueado=True)
            retenciones._emitir(visto, pago, partes, despacho(db.session.get_one(Usuario, rentas)))

    assert a_la_vez(app, [ingenua for _ in range(OFICIALES)]) == []
    assert leer(una).pagado == 150_000_000, "the control must pay the same cuenta five times"


def test_de_cinco_oficiales_que_liquidan_el_mismo_otrosi_gana_uno(app: Flask, rentas: int) -> None:
    una = contratar(db.session.get_one(Usuario, rentas))
    errores = a_la_vez(app, [tarea(adicionar, una.id, acto("1000000"), de=rentas) for _ in range(OFICIALES)])
    assert len(errores) == OFICIALES - 1
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    assert leer(una).valor == 101_000_000


def test_adiciones_distintas_a_la_vez_consumen_la_exclusion_una_sola_vez(app: Flask, rentas: int) -> None:
    una = contratar(db.session.get_one(Usuario, rentas), "50000000")
    tareas = [tarea(adicionar, una.id, acto("10000000", f"OTROSÍ {i}"), de=rentas) for i in range(OFICIALES)]
    assert a_la_vez(app, tareas) == []
    expediente = leer(una)
    assert [x.adicion for x in expediente.determinaciones] == [0, 1, 2, 3, 4, 5]
    bases = [x.facturas[0].base for x in expediente.determinaciones]
    assert sum(b for b in bases if b is not None) == 100_000_000 - EXCLUIDO


def test_control_mirando_en_otra_transaccion_la_exclusion_se_gasta_dos_veces(
    app: Flask, rentas: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    una = contratar(db.session.get_one(Usuario, rentas), "50000000")
    una_id = una.id
    monkeypatch.setattr(liquidaciones, "_rechazar_si_ya_esta", lambda *_: None)
    with transaccion():
        db.session.execute(text("DROP INDEX uq_liquidacion_contrato_vigente"))
    todos_miraron = threading.Barrier(2)

    def ingenua(documento: str) -> None:
        visto = expedientes.leer(db.session.get_one(Liquidacion, una_id))
        encargo = encargo_de_adicion(visto, acto("10000000", documento), HOY)
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        with transaccion():
            liquidaciones.emitir(encargo, **vars(despacho(db.session.get_one(Usuario, rentas))))

    assert a_la_vez(app, [lambda: ingenua("OTROSÍ 1"), lambda: ingenua("OTROSÍ 2")]) == []
    bases = [x.facturas[0].base or Decimal(0) for x in leer(una).determinaciones]
    assert sum(bases) < 70_000_000 - EXCLUIDO, "the control must give the exclusion away twice"


@pytest.mark.parametrize("vuelta", range(4))
def test_entre_reducir_y_pagar_gana_uno_solo(app: Flask, rentas: int, vuelta: int) -> None:
    una = contratar(db.session.get_one(Usuario, rentas))
    una_id = una.id
    tareas: list[Callable[[], None]] = [
        tarea(reducir, una_id, acto("20000000", "ACTA 3"), de=rentas),
        lambda: _pagar(una_id),
    ]
    errores = a_la_vez(app, tareas if vuelta % 2 else tareas[::-1])
    assert len(errores) == 1
    assert isinstance(errores[0], TransicionNoPermitida), errores
    expediente = leer(una)
    (vigente,) = expediente.determinaciones
    estados = {f.estado.value for f in vigente.facturas if f.valor}
    assert (expediente.valor, vigente.id == una_id, estados) in (
        (80_000_000, False, {"liquidada"}),
        (100_000_000, True, {"en_verificacion"}),
    )


def _pagar(una_id: int) -> None:
    enviar(db.session.get_one(Liquidacion, una_id))


def test_entre_adicionar_y_dejar_sin_efecto_nunca_queda_una_adicion_sin_contrato(app: Flask, rentas: int) -> None:
    una = contratar(db.session.get_one(Usuario, rentas))
    una_id = una.id

    def anular() -> None:
        dejar_sin_efecto(una_id, db.session.get_one(Usuario, rentas))

    errores = a_la_vez(app, [anular, tarea(adicionar, una_id, acto("1000000"), de=rentas)])
    assert len(errores) == 1
    assert isinstance(errores[0], TransicionNoPermitida), errores
    assert [x.adicion for x in leer(una).determinaciones] in ([], [0, 1])


def test_el_orden_unico_es_de_la_base(app: Flask, rentas: int) -> None:
    una = contratar(db.session.get_one(Usuario, rentas))
    (linea,) = leer(una).movimientos
    campos = ("contrato_id", "orden", "clase", "fecha", "en", "usuario_id", "usuario_nombre")
    copia = MovimientoContrato(**{campo: getattr(linea, campo) for campo in campos})

    def repetir() -> None:
        with transaccion():
            db.session.add(copia)

    with pytest.raises(IntegrityError):
        repetir()
    assert db.session.scalar(select(func.count(MovimientoContrato.id))) == 1
