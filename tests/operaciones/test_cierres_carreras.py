"""Two people sign one day, or money arrives while it is being signed. Each race has a control that must fail."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db, transaccion
from portal.dominio.cierre_dia import escribir, huella_de_firma, resumen_de_entradas
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Cierre, Consecutivo, Pago, Reapertura, Recaudo, Usuario
from portal.operaciones import verificacion
from portal.operaciones.cierres import cotejo, firma
from portal.operaciones.resultados import Causa, aplicar_resultado
from tests import fabricas
from tests.cierres import AHORA, CUENTA, DIA, ESPERA, MANANA, PLAN, pagado, respuesta_de, tesorera
from tests.operaciones.test_carreras import a_la_vez

CUANTAS = 6


def firmar(quien_id: int) -> None:
    with transaccion():
        firma.firmar(
            PLAN,
            CUENTA,
            DIA,
            usuario=db.session.get_one(Usuario, quien_id),
            ahora=AHORA + timedelta(days=1),
            hoy=MANANA,
            permitir_provisional=True,
        )


def firmas() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Cierre.id))) or 0


def quiebres() -> list[str]:
    db.session.rollback()
    return [fila for i in verificacion.INVARIANTES if i.codigo == "I-20" for fila in i.quiebres()]


def escribir_ingenua(quien_id: int, version: int) -> None:
    """A signature as somebody would write it who reads first and writes later."""
    db.session.rollback()
    dia = cotejo.dia_de(PLAN, CUENTA, DIA, hoy=MANANA).actual
    contenido, entradas = escribir(dia), resumen_de_entradas(dia)
    db.session.rollback()
    BARRERA.wait(timeout=30)
    with transaccion():
        hasta = (db.session.scalar(select(Consecutivo.siguiente).where(Consecutivo.serie == "asiento")) or 1) - 1
        datos = {"version": version, "hasta_asiento": hasta}
        db.session.add(
            Cierre(
                cuenta=CUENTA, dia=DIA, contenido=contenido, entradas=entradas, novedades=0, firmado_por=quien_id,
                firmado_por_nombre="x", firmado_en=AHORA, **datos,
                huella=huella_de_firma(contenido, usuario_id=quien_id, en=AHORA, **datos),
            )
        )  # fmt: skip


BARRERA = threading.Barrier(1)


def test_de_seis_que_firman_a_la_vez_firma_una_persona(app: Flask) -> None:
    pagado()
    quien = tesorera().id
    errores = a_la_vez(app, [lambda: firmar(quien)] * CUANTAS)
    assert len(errores) == CUANTAS - 1
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    assert firmas() == 1


@pytest.mark.descuadra
def test_control_quien_mira_y_luego_escribe_firma_dos_veces_el_mismo_dia(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pagado()
    quien = tesorera().id
    monkeypatch.setitem(globals(), "BARRERA", threading.Barrier(2))
    assert a_la_vez(app, [lambda: escribir_ingenua(quien, 1), lambda: escribir_ingenua(quien, 2)]) == []
    assert firmas() == 2
    assert any("nadie reabrió" in fila for fila in quiebres())


def pagar(pago_id: int) -> None:
    with transaccion():
        uno = db.session.get_one(Pago, pago_id)
        aplicar_resultado(pago_id, respuesta_de(uno), causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)


def test_lo_que_se_paga_mientras_se_firma_queda_dentro_o_se_ve_que_llego_despues(app: Flask) -> None:
    quien = tesorera().id
    for _ in range(5):
        ids = [fabricas.pago(fabricas.liquidacion()).id for _ in range(CUANTAS)]
        tareas = [lambda: firmar(quien), *(lambda pago_id=i: pagar(pago_id) for i in ids)]
        assert a_la_vez(app, tareas) == []
        assert quiebres() == []
        dia = cotejo.dia_de(PLAN, CUENTA, DIA, hoy=MANANA)
        dentro, fuera = dia.mostrado.total().libro.cuantas, len(dia.despues[0])
        assert dentro + fuera == db.session.scalar(select(func.count(Recaudo.id)))
        with transaccion():
            ultima = cotejo.ultima_firma(CUENTA, DIA)
            assert ultima is not None
            db.session.add(Reapertura(cierre_id=ultima.id, motivo="x", usuario_id=quien, usuario_nombre="x", en=AHORA))


@pytest.mark.descuadra
def test_control_quien_lee_el_dia_antes_de_esperar_al_libro_pierde_un_credito(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    quien, pago_id = tesorera().id, fabricas.pago(fabricas.liquidacion()).id
    barrera, pagado_ya = threading.Barrier(2), threading.Event()

    class Esperar:
        @staticmethod
        def wait(timeout: float) -> None:
            barrera.wait(timeout)
            pagado_ya.wait(timeout)

    def pagar_en_medio() -> None:
        barrera.wait(30)
        pagar(pago_id)
        pagado_ya.set()

    monkeypatch.setitem(globals(), "BARRERA", Esperar)
    assert a_la_vez(app, [lambda: escribir_ingenua(quien, 1), pagar_en_medio]) == []
    assert any("no está una vez" in fila for fila in quiebres())
