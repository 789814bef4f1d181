"""Two officials on two connections reach for the same stamps: one uses them, the other is told by whom. With its controls."""

import os
import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from portal.db import db, transaccion
from portal.dominio.adhesiones import Rechazo
from portal.dominio.errores import TransicionNoPermitida
from portal.models import (
    Adhesion,
    AdhesionFactura,
    DeshacerAdhesion,
    EventoFactura,
    Factura,
    Liquidacion,
    Pago,
    Usuario,
)
from portal.models.pago import CausaReversion
from portal.operaciones import adhesiones, reversiones
from portal.operaciones.adhesiones import AdhesionRechazada
from portal.pasarelas.base import ResultadoPasarela
from tests.adhesiones import adherir, aprobar, en_pie, funcionario, proponer
from tests.devoluciones import decir, pagado
from tests.fabricas import AHORA, estados_de, pago, respuesta
from tests.operaciones.test_adhesiones import revertir
from tests.operaciones.test_carreras import a_la_vez

# `make carreras` asks for a hundred.
RONDAS = int(os.environ.get("CARRERAS_RONDAS", "10"))
Tarea = Callable[[], None]


def usar(una_id: int, quien_id: int, numeros: tuple[int, ...] = (), clave: str = "") -> Tarea:
    def tarea() -> None:
        una, quien = db.session.get_one(Liquidacion, una_id), db.session.get_one(Usuario, quien_id)
        adherir(una, quien, numeros, clave=clave)

    return tarea


def usos(factura_id: int) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(AdhesionFactura.factura_id == factura_id)) or 0


def test_de_dos_funcionarios_uno_la_usa_y_al_otro_se_le_dice_quien(app: Flask) -> None:
    ana, luis = funcionario("Ana Ganadora"), funcionario("Luis Ganador")
    quienes = (ana.id, luis.id)
    for ronda in range(RONDAS):
        una, _ = pagado((4000, 5000))
        una_id, facturas = una.id, [f.id for f in una.facturas]
        tareas = [usar(una_id, quien) for quien in quienes]
        errores = a_la_vez(app, tareas if ronda % 2 else tareas[::-1])
        assert len(errores) == 1, errores
        (error,) = errores
        assert isinstance(error, AdhesionRechazada), repr(error)
        assert [r.rechazo for r in error.reparos] == [Rechazo.YA_USADA] * 2
        db.session.rollback()
        ganadora = db.session.scalars(select(Adhesion).where(Adhesion.liquidacion_id == una_id)).one()
        assert ganadora.usuario_nombre in error.mensaje
        assert [en_pie(f) for f in facturas] == [[ganadora.numero]] * 2
        assert estados_de(una) == ["utilizada", "utilizada"]
    usadas = db.session.scalar(select(func.count()).where(EventoFactura.evento == "adherida"))
    assert usadas == 2 * RONDAS


def test_actos_que_se_cruzan_no_se_reparten_las_estampillas(app: Flask) -> None:
    """One wants both, the other the second: whoever loses uses none, so no stamp is left between two acts."""
    ana, luis = funcionario().id, funcionario().id
    for ronda in range(RONDAS):
        una, _ = pagado((4000, 5000))
        tareas = [usar(una.id, ana), usar(una.id, luis, (una.facturas[1].numero,))]
        errores = a_la_vez(app, tareas if ronda % 2 else tareas[::-1])
        assert [type(e) for e in errores] == [AdhesionRechazada]
        assert estados_de(una) in (["utilizada", "utilizada"], ["legalizada", "utilizada"])
        assert usos(una.facturas[1].id) == 1


def test_el_doble_clic_da_una_sola_adhesion(app: Flask) -> None:
    quien = funcionario().id
    for _ in range(RONDAS):
        una, _ = pagado((4000,))
        clave = uuid4().hex
        assert a_la_vez(app, [usar(una.id, quien, clave=clave) for _ in range(4)]) == []
        assert usos(una.facturas[0].id) == 1


@pytest.mark.descuadra
def test_control_sin_indice_ni_condicion_la_usan_los_dos(app: Flask) -> None:
    """The usual mistake: read that it is paid in one transaction, and write that it was used in another."""
    una, _ = pagado((4000,))
    una_id, factura_id, quienes = una.id, una.facturas[0].id, [funcionario().id, funcionario().id]
    with transaccion():
        db.session.execute(text("DROP INDEX uq_adhesion_factura_viva"))
    miraron = threading.Barrier(2)

    def ingenuo(quien: int) -> Tarea:
        def tarea() -> None:
            assert db.session.get_one(Factura, factura_id).estado == "legalizada"
            db.session.rollback()
            miraron.wait(timeout=30)
            with transaccion():
                hecha = Adhesion(
                    numero=quien,
                    clave=uuid4().hex,
                    liquidacion_id=una_id,
                    acto_numero="Contrato",
                    acto_fecha=AHORA.date(),
                    dependencia="Oficina",
                    usuario_id=quien,
                    usuario_nombre="Ingenuo",
                    en=AHORA,
                    renglones=[AdhesionFactura(factura_id=factura_id)],
                )
                db.session.add(hecha)
                db.session.get_one(Factura, factura_id).estado = "utilizada"

        return tarea

    errores = a_la_vez(app, [ingenuo(q) for q in quienes])
    assert all(isinstance(e, OperationalError) for e in errores)
    assert usos(factura_id) == 2, "the control must show the doubling, else the race test proves nothing"


@pytest.mark.parametrize("sin", ["indice", "condicion"])
@pytest.mark.descuadra
def test_el_indice_y_la_condicion_bastan_cada_uno(app: Flask, sin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without locks and without looking first, either of the two that the database keeps refuses the second use."""
    una, _ = pagado((4000,))
    ana, luis = funcionario(), funcionario()
    adherir(una, ana)
    monkeypatch.setattr(adhesiones, "bloquear_facturas", lambda ids: None)
    monkeypatch.setattr(adhesiones, "reparos_de", lambda *a, **k: [])
    with transaccion():
        if sin == "indice":
            db.session.execute(text("DROP INDEX uq_adhesion_factura_viva"))
        else:
            db.session.get_one(Factura, una.facturas[0].id).estado = "legalizada"
    with pytest.raises(AdhesionRechazada):
        adherir(una, luis)
    assert usos(una.facturas[0].id) == 1


def test_la_reversion_y_el_uso_a_la_vez_no_se_pierden(app: Flask) -> None:
    quien = funcionario().id
    for ronda in range(RONDAS):
        una, uno = pagado((4000,))
        recaudo_id = uno.recaudos[0].id

        def quitar(recaudo_id: int = recaudo_id) -> None:
            with transaccion():
                reversiones.revertir(recaudo_id, causa=CausaReversion.BANCO, motivo="Reclamo", ahora=AHORA)

        tareas = [usar(una.id, quien), quitar]
        errores = a_la_vez(app, tareas if ronda % 2 else tareas[::-1])
        assert all(isinstance(e, AdhesionRechazada) for e in errores), errores
        assert estados_de(una) == ["revertida"]
        assert usos(una.facturas[0].id) == 1 - len(errores)


def test_deshacer_y_pagar_de_nuevo_a_la_vez_no_dejan_una_usada_sin_acto(app: Flask) -> None:
    """Whatever comes first, the stamp ends paid and new: its adhesion was undone."""
    ana, luis = funcionario(), funcionario()
    for ronda in range(RONDAS):
        una, uno = pagado((4000,))
        hecha = adherir(una, ana)
        proponer(hecha, ana)
        revertir(uno)
        otro = pago(una)
        hecha_id, otro_id, luis_id, dicho = hecha.id, otro.id, luis.id, respuesta(otro, transaccion=uuid4().hex)
        db.session.rollback()

        def soltar(hecha_id: int = hecha_id, luis_id: int = luis_id) -> None:
            aprobar(db.session.get_one(Adhesion, hecha_id), db.session.get_one(Usuario, luis_id))

        def pagar(otro_id: int = otro_id, dicho: ResultadoPasarela = dicho) -> None:
            decir(db.session.get_one(Pago, otro_id), dicho)

        tareas = [soltar, pagar]
        assert a_la_vez(app, tareas if ronda % 2 else tareas[::-1]) == []
        assert estados_de(una) == ["legalizada"]
        assert en_pie(una.facturas[0].id) == []


def test_de_dos_que_la_deshacen_a_la_vez_lo_hace_uno(app: Flask) -> None:
    ana, luis, eva = funcionario(), funcionario(), funcionario()
    for _ in range(RONDAS):
        una, _ = pagado((4000,))
        hecha = adherir(una, ana)
        proponer(hecha, ana)
        hecha_id, quienes = hecha.id, [luis.id, eva.id]

        def soltar(quien: int, hecha_id: int = hecha_id) -> Tarea:
            return lambda: aprobar(db.session.get_one(Adhesion, hecha_id), db.session.get_one(Usuario, quien))

        errores = a_la_vez(app, [soltar(q) for q in quienes])
        assert [type(e) for e in errores] == [TransicionNoPermitida], errores
        assert estados_de(una) == ["legalizada"]
        filas = select(func.count()).where(DeshacerAdhesion.adhesion_id == hecha_id)
        assert db.session.scalar(filas) == 1
