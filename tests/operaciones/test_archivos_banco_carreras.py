"""Two officers, the gateway and the bank's file at once: each payment counts once. Each race has a control that must fail."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from portal.db import db, transaccion
from portal.dominio.errores import TransicionNoPermitida
from portal.models import ArchivoBanco, Asiento, Caso, Factura, MovimientoBanco, Recaudo, Usuario
from portal.models.pago import CanalRecaudo, ClaseRecaudo
from portal.operaciones import resultados, reversiones, sin_efecto
from portal.operaciones.archivos_banco import importacion
from portal.operaciones.archivos_banco.importacion import ArchivoCambio, ArchivoRepetido
from portal.operaciones.resultados import Causa
from tests.banco import CONVENIO, Pagado, archivo, importar, por_pse, tesorera
from tests.banco import resultados as hechos
from tests.fabricas import AHORA, ESPERA, HOY, estados_de, liquidacion, pago, respuesta
from tests.operaciones.test_carreras import a_la_vez


def importacion_de(contenido: bytes, usuario_id: int) -> Callable[[], None]:
    def tarea() -> None:
        with transaccion():
            importacion.importar(
                contenido,
                nombre="banco.txt",
                convenio=CONVENIO,
                usuario=db.session.get_one(Usuario, usuario_id),
                ahora=AHORA,
                hoy=HOY,
            )

    return tarea


def recaudos() -> list[tuple[str, Decimal]]:
    db.session.rollback()
    return [(c.value, a) for c, a in db.session.execute(select(Recaudo.clase, Recaudo.aplicado).order_by(Recaudo.id))]


def test_de_seis_que_importan_el_mismo_archivo_importa_uno(app: Flask) -> None:
    una = liquidacion((4000, 5000))
    contenido = archivo([Pagado(f.numero, f.valor) for f in una.facturas])
    quien = tesorera().id
    errores = a_la_vez(app, [importacion_de(contenido, quien) for _ in range(6)])
    assert [type(e) for e in errores] == [ArchivoRepetido] * 5, errores
    assert hechos() == ["legalizado", "legalizado"]
    assert db.session.scalars(select(ArchivoBanco.numero)).all() == [1]


def test_de_dos_archivos_con_las_mismas_lineas_cuentan_una_vez(app: Flask) -> None:
    una = liquidacion((4000, 5000, 6000))
    pagados = [Pagado(f.numero, f.valor) for f in una.facturas]
    quien = tesorera().id
    archivos = [archivo(pagados[:2]), archivo(pagados, modificador="B"), archivo(pagados[::-1], modificador="C")]
    errores = a_la_vez(app, [importacion_de(a, quien) for a in archivos])
    assert all(isinstance(e, ArchivoRepetido) for e in errores), errores
    assert sorted(hechos()) == ["legalizado"] * 3
    assert estados_de(una) == ["legalizada"] * 3


@pytest.mark.descuadra
def test_control_sin_turno_ni_llaves_el_mismo_archivo_cuenta_dos_veces(app: Flask) -> None:
    """The usual mistake: ask whether the file was imported in one transaction, and record its credits in another."""
    factura = liquidacion((4000,)).facturas[0]
    todos_miraron = threading.Barrier(4)
    contenido = archivo([Pagado(factura.numero, 4000)])

    def ingenua(cual: int) -> Callable[[], None]:
        def tarea() -> None:
            nuevo = not importacion.revisar(contenido, convenio=CONVENIO, hoy=HOY).sin_novedad
            db.session.rollback()
            todos_miraron.wait(timeout=30)
            if nuevo:
                with transaccion():
                    db.session.add(
                        Recaudo(
                            canal=CanalRecaudo.VENTANILLA,
                            pasarela="banco",
                            # Whoever takes the place in a list as the identity of a payment.
                            transaccion=f"linea-{cual}",
                            valor=Decimal(4000),
                            aplicado=Decimal(4000),
                            moneda="COP",
                            clase=ClaseRecaudo.APLICADO,
                            registrado_en=AHORA,
                        )
                    )

        return tarea

    assert a_la_vez(app, [ingenua(n) for n in range(4)]) == []
    assert len(recaudos()) > 1, "the control must show the doubling, else the race test proves nothing"


@pytest.mark.descuadra
def test_la_base_de_datos_rechaza_por_si_sola_una_linea_repetida(app: Flask) -> None:
    """Even code that forgets to look cannot count a line twice; without the constraints it can (control)."""
    importar(archivo([Pagado(77, 4000)]))
    columnas = "cuenta, dia, referencia, valor, canal, devuelta, archivo_id, resultado, registrado_en"
    repetir = text(
        f"INSERT INTO movimiento_banco (llave, linea, {columnas}) SELECT llave, 99, {columnas} FROM movimiento_banco"
    )
    with pytest.raises(Exception, match="llave"), transaccion():
        db.session.execute(repetir)
    if db.engine.dialect.name == "postgresql":
        with transaccion():
            db.session.execute(text("ALTER TABLE movimiento_banco DROP CONSTRAINT uq_movimiento_banco_llave"))
            db.session.execute(repetir)
        assert db.session.scalar(select(func.count(MovimientoBanco.id))) == 2


def aprobacion_de(pago_id: int, dicha: resultados.ResultadoPasarela) -> Callable[[], None]:
    def tarea() -> None:
        with transaccion():
            resultados.aplicar_resultado(pago_id, dicha, causa=Causa.NOTIFICACION, espera=ESPERA, ahora=AHORA)

    return tarea


def test_la_pasarela_y_la_ventanilla_a_la_vez_pagan_una_y_sobra_la_otra(app: Flask) -> None:
    quien = tesorera().id
    for vuelta in range(4):
        una = liquidacion((4000,))
        uno = pago(una)
        tareas = [
            importacion_de(
                archivo([Pagado(una.facturas[0].numero, 4000, numero=vuelta + 1)], modificador="ABCD"[vuelta]), quien
            ),
            aprobacion_de(uno.id, respuesta(uno, transaccion=f"t{vuelta}")),
        ]
        assert a_la_vez(app, tareas[:: 1 if vuelta % 2 else -1]) == []
        assert sorted(recaudos()[-2:]) == [("aplicado", Decimal(4000)), ("doble", Decimal(0))]
        assert estados_de(una) == ["legalizada"]
    db.session.rollback()
    assert db.session.scalar(select(func.count(Caso.id))) == 4


def test_la_pasarela_confirma_mientras_el_banco_lo_trae_por_pse(app: Flask) -> None:
    uno = pago(liquidacion())
    quien = tesorera().id
    tareas = [importacion_de(archivo([por_pse(uno.referencia, 9000)]), quien), aprobacion_de(uno.id, respuesta(uno))]
    assert a_la_vez(app, tareas) == []
    assert hechos()[0] in ("pse_trasladado", "pse_sin_pasarela")
    assert recaudos() == [("aplicado", Decimal(9000))]


def test_el_banco_devuelve_mientras_la_pasarela_dice_lo_mismo_y_se_revierte_una_vez(app: Flask) -> None:
    una = liquidacion()
    uno = pago(una)
    aprobacion_de(uno.id, respuesta(uno))()
    importar(archivo([por_pse(uno.referencia, 9000)]))
    quien = tesorera().id
    recaudo_id = db.session.scalars(select(Recaudo.id)).one()

    def revertir() -> None:
        with transaccion():
            reversiones.revertir(recaudo_id, causa=reversiones.CausaReversion.PASARELA, motivo="Reversado", ahora=AHORA)

    errores = a_la_vez(app, [importacion_de(archivo([por_pse(uno.referencia, 9000, causal="R17")]), quien), revertir])
    # Of two that undo it at once, the file may find that it is not as it was seen, and is tried again.
    assert all(isinstance(e, ArchivoCambio) for e in errores), errores
    assert estados_de(una) == ["revertida", "revertida"]
    opuestos = select(func.count(Asiento.numero)).where(Asiento.clase == "reversion")
    assert db.session.scalar(opuestos) == 2


def test_se_anula_la_liquidacion_mientras_se_importa_su_pago(app: Flask) -> None:
    quien = tesorera().id
    finales = []
    for vuelta in range(4):
        una = liquidacion((4000,))
        una_id, numero = una.id, una.facturas[0].numero

        def anular(una_id: int = una_id) -> None:
            with transaccion():
                oficial = db.session.get_one(Usuario, quien)
                sin_efecto.dejar_sin_efecto(una_id, motivo="Prueba", usuario=oficial, ahora=AHORA)

        contenido = archivo([Pagado(numero, 4000, numero=vuelta + 1)], modificador="ABCD"[vuelta])
        errores = a_la_vez(app, [anular, importacion_de(contenido, quien)][:: 1 if vuelta % 2 else -1])
        assert all(isinstance(e, TransicionNoPermitida) for e in errores), errores
        finales.append((estados_de(una)[0], hechos()[-1], len(errores)))
    assert set(finales) <= {("legalizada", "legalizado", 1), ("sin_efecto", "sin_efecto", 0)}


@pytest.mark.descuadra
def test_control_sin_estado_condicional_lo_anulado_se_legaliza(app: Flask) -> None:
    """Read, wait, write whatever it is now: what was voided meanwhile comes back to life."""
    una = liquidacion((4000,))
    una_id, factura_id, quien = una.id, una.facturas[0].id, tesorera().id
    leido, anulado = threading.Event(), threading.Event()

    def ingenua() -> None:
        assert db.session.get_one(Factura, factura_id).estado.value == "liquidada"
        db.session.rollback()
        leido.set()
        anulado.wait(30)
        with transaccion():
            db.session.execute(text(f"UPDATE factura SET estado = 'legalizada' WHERE id = {factura_id}"))

    def anular() -> None:
        leido.wait(30)
        with transaccion():
            oficial = db.session.get_one(Usuario, quien)
            sin_efecto.dejar_sin_efecto(una_id, motivo="Prueba", usuario=oficial, ahora=AHORA)
        anulado.set()

    assert a_la_vez(app, [ingenua, anular]) == []
    assert estados_de(una) == ["legalizada"]
