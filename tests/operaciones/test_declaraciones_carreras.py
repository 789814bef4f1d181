"""Monthly returns under contention, on both engines: opened once, filed once, and never over what changes meanwhile."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from portal.db import db, transaccion
from portal.dominio.declaraciones import EN_PIE, EstadoDeclaracion, FormaRetencion, mes_siguiente
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Agente, Declaracion, Liquidacion, PasoDeclaracion, RenglonDeclaracion, Usuario
from portal.models.usuario import Rol
from portal.operaciones.agentes import declaraciones, retener
from portal.operaciones.agentes.retener import Descuento
from portal.operaciones.consecutivos import tomar
from portal.operaciones.firmas import Firma
from portal.operaciones.verificacion_agentes import declaraciones_con_lo_retenido
from tests.agentes import agente, persona, retenida
from tests.declaraciones import MES, borrador, corregida, del_mes, presentada, vista
from tests.estampillas import firmante
from tests.fabricas import AHORA, HOY
from tests.operaciones.test_carreras import a_la_vez

CUANTOS = 6
Tarea = Callable[[], None]


def presentar(una_id: int, quien_id: int, visto: str) -> Tarea:
    def tarea() -> None:
        with transaccion():
            declaraciones.presentar(
                db.session.get_one(Declaracion, una_id),
                firma=Firma(db.session.get_one(Usuario, quien_id), AHORA),
                firmante=firmante(),
                vence=None,
                huella_vista=visto,
                hoy=mes_siguiente(MES),
            )

    return tarea


def resolver(una_id: int, quien_id: int, acto: str) -> Tarea:
    def tarea() -> None:
        with transaccion():
            una, firma = db.session.get_one(Declaracion, una_id), Firma(db.session.get_one(Usuario, quien_id), AHORA)
            if acto == "aceptar":
                declaraciones.aceptar(una, firma=firma)
            else:
                declaraciones.devolver(una, motivo="Revise", firma=firma)

    return tarea


def cuantas(*donde: object) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Declaracion.id)).where(*donde)) or 0  # type: ignore[arg-type]


def test_seis_aperturas_a_la_vez_abren_cada_mes_una_vez(app: Flask) -> None:
    entidad_id = agente().id

    def abrir() -> None:
        with transaccion():
            declaraciones.abrir_meses(db.session.get_one(Agente, entidad_id), HOY, ahora=AHORA)

    assert a_la_vez(app, [abrir] * CUANTOS) == []
    db.session.rollback()
    meses = db.session.scalars(select(Declaracion.mes)).all()
    assert len(meses) == len(set(meses)) > 12
    assert db.session.scalar(select(func.count(PasoDeclaracion.id))) == len(meses)


@pytest.mark.descuadra
def test_control_sin_la_clave_unica_y_mirando_antes_el_mes_se_abre_varias_veces(app: Flask) -> None:
    """The usual mistake: look in one transaction, open in another, with nothing in the database that refuses."""
    entidad_id = agente().id
    _sin_claves()
    miraron = threading.Barrier(CUANTOS)

    def ingenuo() -> None:
        assert db.session.scalar(select(Declaracion.id).where(Declaracion.agente_id == entidad_id)) is None
        db.session.rollback()
        miraron.wait(timeout=30)
        with transaccion():
            db.session.add(Declaracion(codigo=uuid4().hex, agente_id=entidad_id, mes=MES, version=1, abierta_en=AHORA))

    errores = a_la_vez(app, [ingenuo] * CUANTOS)
    assert all(isinstance(e, OperationalError) for e in errores), errores
    assert cuantas() > 1, "the control must show the doubling, else the race test proves nothing"


def test_seis_pulsaciones_a_la_vez_presentan_una_vez(app: Flask) -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    retenida(del_mes(entidad), quien, fecha=MES.replace(day=20))
    una = borrador(entidad)
    tareas = [presentar(una.id, quien.id, vista(una))] * CUANTOS
    assert a_la_vez(app, tareas) == []
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(PasoDeclaracion.evento == "presentar")) == 1
    assert db.session.scalar(select(func.count(RenglonDeclaracion.id))) == 2
    assert db.session.scalar(select(func.max(Declaracion.numero))) == 1
    with transaccion():
        assert tomar("declaracion", 1)[0] == 2


@pytest.mark.descuadra
def test_control_mirar_y_despues_escribir_presenta_varias_veces(app: Flask) -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    una_id, quien_id = borrador(entidad).id, quien.id
    miraron = threading.Barrier(CUANTOS)

    def ingenuo() -> None:
        estado = db.session.scalar(select(Declaracion.estado).where(Declaracion.id == una_id))
        assert estado is EstadoDeclaracion.BORRADOR
        db.session.rollback()
        miraron.wait(timeout=30)
        with transaccion():
            db.session.add(
                PasoDeclaracion(
                    declaracion_id=una_id, en=AHORA, desde="borrador", hasta="presentado", evento="presentar",
                    usuario_id=quien_id,
                )
            )  # fmt: skip
            tomar("declaracion", 1)

    errores = a_la_vez(app, [ingenuo] * CUANTOS)
    assert all(isinstance(e, OperationalError) for e in errores), errores
    db.session.rollback()
    assert (db.session.scalar(select(func.count()).where(PasoDeclaracion.evento == "presentar")) or 0) > 1


@pytest.mark.parametrize("vez", range(4))
def test_retener_y_presentar_a_la_vez_no_dejan_fuera_lo_retenido(app: Flask, vez: int) -> None:
    """Either the withholding came first and the return is refused as changed, or it finds the month filed."""
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    una, hecha = borrador(entidad), del_mes(entidad)
    visto, hecha_id, quien_id = vista(una), hecha.id, quien.id

    def retiene() -> None:
        with transaccion():
            liquidacion = db.session.get_one(Liquidacion, hecha_id)
            retener.retener(
                liquidacion,
                [f.numero for f in liquidacion.facturas],
                Descuento(FormaRetencion.DESCUENTO, "OP-1", MES.replace(day=20)),
                clave="c",
                firma=Firma(db.session.get_one(Usuario, quien_id), AHORA),
                hoy=HOY,
            )

    tareas = [presentar(una.id, quien_id, visto), retiene]
    errores = a_la_vez(app, tareas if vez % 2 else tareas[::-1])
    assert len(errores) == 1, errores
    assert isinstance(errores[0], TransicionNoPermitida)


@pytest.mark.descuadra
def test_control_sin_mirar_si_el_mes_se_presento_lo_retenido_queda_sin_declarar(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    presentada(borrador(entidad), quien)
    monkeypatch.setattr(retener, "exigir_mes_abierto", lambda agente, mes: None)
    retenida(del_mes(entidad), quien, fecha=MES.replace(day=20))
    assert list(declaraciones_con_lo_retenido()) != []


def test_aceptar_devolver_y_corregir_a_la_vez_dejan_una_sola_en_pie(app: Flask) -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    primera = presentada(borrador(entidad), quien)
    segunda = corregida(entidad, quien)
    rentas = persona(Rol.RENTAS).id
    tareas = [
        resolver(primera.id, rentas, "aceptar"),
        resolver(primera.id, rentas, "devolver"),
        presentar(segunda.id, quien.id, vista(segunda)),
    ]
    errores = a_la_vez(app, tareas * 2)
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    assert cuantas(Declaracion.estado.in_(EN_PIE)) == 1
    assert cuantas(Declaracion.estado == EstadoDeclaracion.CORREGIDO) == 1


def test_dos_correcciones_a_la_vez_abren_una(app: Flask) -> None:
    entidad = agente()
    quien = persona(Rol.AGENTE, entidad)
    presentada(borrador(entidad), quien)
    entidad_id, quien_id = entidad.id, quien.id

    def abrir(motivo: str) -> Tarea:
        def tarea() -> None:
            with transaccion():
                firma = Firma(db.session.get_one(Usuario, quien_id), AHORA)
                declaraciones.abrir_correccion(db.session.get_one(Agente, entidad_id), MES, motivo=motivo, firma=firma)

        return tarea

    errores = a_la_vez(app, [abrir("Faltó una"), abrir("Faltó una"), abrir("Sobró una")])
    assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
    assert 1 <= len(errores) <= 2
    assert cuantas(Declaracion.mes == MES) == 2


def _sin_claves() -> None:
    with transaccion():
        if db.engine.dialect.name == "sqlite":
            columnas = ", ".join(c.name for c in Declaracion.__table__.columns if c.name != "id")
            db.session.execute(text("ALTER TABLE declaracion RENAME TO con_claves"))
            db.session.execute(text(f"CREATE TABLE declaracion (id INTEGER PRIMARY KEY, {columnas})"))
        else:
            db.session.execute(text("DROP INDEX uq_declaracion_borrador"))
            db.session.execute(text("ALTER TABLE declaracion DROP CONSTRAINT uq_declaracion_agente_id_mes_version"))
