"""Two people of treasury, two agents, the bank's file: a deposit counts once. Each race has a control that must fail."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from portal.db import db, transaccion
from portal.dominio.declaraciones import EstadoConsignacion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.libro import CONSIGNACIONES, POR_IDENTIFICAR, ClaseAsiento, Partida, de_agente
from portal.models import Asiento, Consignacion, MovimientoBanco, OrdenTesoreria, Usuario
from portal.models.pago import CausaReversion
from portal.models.usuario import Rol
from portal.operaciones import libro, ordenes, reversiones
from portal.operaciones.agentes import consignaciones, envios
from portal.operaciones.agentes.lineas_del_banco import esta_entero, exacta
from portal.operaciones.firmas import Firma
from tests.agentes import persona
from tests.banco import Pagado, archivo, importar, tesorera
from tests.consignaciones import SOPORTE, aceptada, con_deuda, del_banco, deposito, enviada
from tests.fabricas import AHORA, HOY, liquidacion
from tests.operaciones.test_archivos_banco_carreras import importacion_de
from tests.operaciones.test_carreras import a_la_vez
from tests.ordenes import comprobante, sustento

_E = EstadoConsignacion


def aceptacion(una_id: int, linea_id: int | None = None) -> Callable[[], None]:
    quien = persona(Rol.TESORERIA).id

    def tarea() -> None:
        with transaccion():
            linea = db.session.get_one(MovimientoBanco, linea_id) if linea_id else None
            firma = Firma(db.session.get_one(Usuario, quien), AHORA)
            consignaciones.aceptar(db.session.get_one(Consignacion, una_id), linea, firma=firma)

    return tarea


def envio(quien_id: int, referencia: str = "778899") -> Callable[[], None]:
    def tarea() -> None:
        with transaccion():
            firma = Firma(db.session.get_one(Usuario, quien_id), AHORA)
            envios.enviar(deposito(referencia=referencia), SOPORTE, clave=uuid4().hex, firma=firma, hoy=HOY)

    return tarea


def estados() -> list[tuple[EstadoConsignacion, bool]]:
    db.session.rollback()
    consulta = select(Consignacion.estado, Consignacion.movimiento_id).order_by(Consignacion.numero)
    return [(estado, linea is not None) for estado, linea in db.session.execute(consulta)]


def asientos_de_consignacion() -> int:
    db.session.rollback()
    consulta = select(func.count(Asiento.numero)).where(Asiento.clase == ClaseAsiento.CONSIGNACION)
    return db.session.scalar(consulta) or 0


def test_de_seis_que_aceptan_la_misma_una_acepta(app: Flask) -> None:
    entidad, quien = con_deuda()
    una, cuenta = enviada(quien).id, de_agente(entidad.id)
    errores = a_la_vez(app, [aceptacion(una) for _ in range(6)])
    assert [type(e) for e in errores] == [TransicionNoPermitida] * 5, errores
    assert (estados(), asientos_de_consignacion()) == ([(_E.ACEPTADA, False)], 1)
    assert libro.saldos()[cuenta] == 0


@pytest.mark.descuadra
def test_control_sin_estado_condicional_la_misma_se_descuenta_varias_veces(app: Flask) -> None:
    """The usual mistake: look at the state in one transaction, and enter in another under a name of one's own."""
    entidad, quien = con_deuda()
    una, cuenta = enviada(quien).id, de_agente(entidad.id)
    db.session.rollback()
    todos_miraron = threading.Barrier(4)

    def ingenua() -> None:
        vista = db.session.get_one(Consignacion, una)
        recibida, valor = vista.estado is _E.RECIBIDA, vista.valor
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if recibida:
            with transaccion():
                partida = Partida(
                    ClaseAsiento.CONSIGNACION, CONSIGNACIONES, cuenta, valor, f"consignacion:{uuid4().hex}"
                )
                libro.asentar([partida], ahora=AHORA)

    assert a_la_vez(app, [ingenua for _ in range(4)]) == []
    assert asientos_de_consignacion() == 4, "the control must show the doubling, else the race test proves nothing"


def test_de_varias_consignaciones_con_la_misma_linea_la_tiene_una(app: Flask) -> None:
    _, quien = con_deuda((9000, 9000, 9000))
    linea = del_banco().id
    ids = [enviada(quien, referencia=f"55500{n}").id for n in range(3)]
    errores = a_la_vez(app, [aceptacion(una, linea) for una in ids])
    assert [type(e) for e in errores] == [TransicionNoPermitida] * 2, errores
    assert sorted(estados()) == [(_E.ACEPTADA, True), (_E.RECIBIDA, False), (_E.RECIBIDA, False)]
    assert libro.saldos()[POR_IDENTIFICAR] == 0


@pytest.mark.descuadra
def test_control_sin_mirar_de_nuevo_la_misma_linea_paga_dos_deudas(app: Flask) -> None:
    """The usual mistake: see that the credit is whole in one transaction, and take it in another."""
    entidad, quien = con_deuda((9000, 9000))
    linea, cuenta = del_banco(), de_agente(entidad.id)
    linea_id, recaudo_id = linea.id, linea.recaudo_id
    ids = [enviada(quien, referencia=f"55500{n}").id for n in range(2)]
    db.session.rollback()
    todos_miraron = threading.Barrier(2)

    def ingenua(una: int) -> Callable[[], None]:
        def tarea() -> None:
            credito = db.session.get_one(MovimientoBanco, linea_id).recaudo
            entero, valor = credito is not None and esta_entero(credito), credito.valor if credito else 0
            db.session.rollback()
            todos_miraron.wait(timeout=30)
            if entero and valor:
                with transaccion():
                    origen = f"consignacion:{una}"
                    partida = Partida(ClaseAsiento.CONSIGNACION, POR_IDENTIFICAR, cuenta, valor, origen, recaudo_id)
                    libro.asentar([partida], ahora=AHORA)

        return tarea

    assert a_la_vez(app, [ingenua(una) for una in ids]) == []
    db.session.rollback()
    assert libro.saldos()[POR_IDENTIFICAR] > 0, (
        "the control must take the credit twice, else the race test proves nothing"
    )


def test_el_archivo_llega_mientras_se_acepta_y_siempre_quedan_casadas(app: Flask) -> None:
    _, quien = con_deuda((36000,))
    quien_importa = tesorera().id
    for vuelta in range(4):
        una = enviada(quien, referencia=f"55500{vuelta}").id
        contenido = archivo([Pagado(f"55500{vuelta}", 9000, numero=vuelta + 1)], dia=HOY, modificador="ABCD"[vuelta])
        tareas = [aceptacion(una), importacion_de(contenido, quien_importa)]
        assert a_la_vez(app, tareas[:: 1 if vuelta % 2 else -1]) == []
        assert estados()[-1] == (_E.ACEPTADA, True)
    saldos = libro.saldos()
    assert (saldos.get(CONSIGNACIONES, 0), saldos[POR_IDENTIFICAR]) == (0, 0)


def test_control_quien_miro_antes_del_archivo_deja_el_dinero_dos_veces_en_espera(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual mistake: look for the line in one transaction, and accept in another without looking again."""
    _, quien = con_deuda()
    una = enviada(quien)
    vista = exacta(una)
    importar(archivo([Pagado("778899", 9000)], dia=HOY))
    monkeypatch.setattr(consignaciones, "exacta", lambda _: vista)
    aceptada(una)
    assert estados() == [(_E.ACEPTADA, False)]
    saldos = libro.saldos()
    assert (saldos[CONSIGNACIONES], saldos[POR_IDENTIFICAR]) == (9000, -9000), "the control must miss it"


def test_el_banco_devuelve_el_credito_mientras_se_acepta(app: Flask) -> None:
    entidad, quien = con_deuda((36000,))
    cuenta = de_agente(entidad.id)
    finales = set()
    for vuelta in range(4):
        linea = del_banco(referencia=f"55500{vuelta}")
        linea_id, recaudo_id = linea.id, linea.recaudo_id
        una = enviada(quien, referencia=f"55500{vuelta}").id

        def revertir(recaudo_id: int | None = recaudo_id) -> None:
            with transaccion():
                assert recaudo_id is not None
                reversiones.revertir(recaudo_id, causa=CausaReversion.BANCO, motivo="Cheque", ahora=AHORA)

        errores = a_la_vez(app, [aceptacion(una, linea_id), revertir][:: 1 if vuelta % 2 else -1])
        finales.add((*estados()[-1], *(type(e) for e in errores)))
        assert libro.saldos()[cuenta] == 36000
    assert finales <= {(_E.REVERTIDA, True), (_E.RECIBIDA, False, TransicionNoPermitida)}


def test_dos_entidades_con_el_mismo_comprobante_envian_una(app: Flask) -> None:
    quienes = [con_deuda()[1].id for _ in range(3)]
    errores = a_la_vez(app, [envio(quien) for quien in quienes])
    assert [type(e) for e in errores] == [DatoInvalido] * 2, errores
    assert estados() == [(_E.RECIBIDA, False)]


def test_control_sin_el_indice_el_mismo_comprobante_se_envia_varias_veces(app: Flask) -> None:
    quienes = [con_deuda()[1].id for _ in range(3)]
    with transaccion():
        db.session.execute(text("DROP INDEX uq_consignacion_referencia_viva"))
    assert a_la_vez(app, [envio(quien) for quien in quienes]) == []
    assert len(estados()) == 3, "the control must repeat it, else the race test proves nothing"


def orden_con(referencia: str) -> Callable[[], None]:
    una, quien = liquidacion((7000,)), persona(Rol.TESORERIA).id
    numeros = [f.numero for f in una.facturas]

    def tarea() -> None:
        with transaccion():
            firma = Firma(db.session.get_one(Usuario, quien), AHORA)
            ordenes.proponer_legalizacion(numeros, comprobante(7000, referencia), sustento(), firma=firma, hoy=HOY)

    return tarea


def comprobantes_usados() -> int:
    db.session.rollback()
    return len(estados()) + (db.session.scalar(select(func.count(OrdenTesoreria.id))) or 0)


def test_una_orden_y_una_consignacion_con_el_mismo_comprobante_queda_una(app: Flask) -> None:
    quien = con_deuda()[1].id
    for vuelta in range(4):
        tareas = [envio(quien, f"55500{vuelta}"), orden_con(f"55500{vuelta}")]
        errores = a_la_vez(app, tareas[:: 1 if vuelta % 2 else -1])
        assert [type(e) for e in errores] == [DatoInvalido], errores
        assert comprobantes_usados() == vuelta + 1


def test_control_sin_mirarse_el_mismo_comprobante_sirve_dos_veces(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    quien = con_deuda()[1].id
    monkeypatch.setattr(envios, "_exigir_sin_orden", lambda _: None)
    monkeypatch.setattr(ordenes, "_exigir_sin_consignacion", lambda _: None)
    assert a_la_vez(app, [envio(quien), orden_con("778899")]) == []
    assert comprobantes_usados() == 2, "the control must use it twice, else the race test proves nothing"
