"""What `flask verificar` says when somebody breaks what the bank's files left written."""

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.db import db, transaccion
from portal.dominio.libro import ClaseAsiento, Partida
from portal.models import Recaudo
from portal.operaciones import verificacion_banco
from portal.operaciones.archivos_banco.aplicacion import trasladar
from portal.operaciones.libro import asentar
from tests.banco import LIBRO, Pagado, archivo, importar, por_pse
from tests.fabricas import AHORA, liquidacion, pago
from tests.operaciones.test_archivos_banco import aprobar

pytestmark = pytest.mark.descuadra


def forzar(tabla: str, orden: str) -> None:
    """Write around the triggers, as only somebody with the database in hand can."""
    with transaccion():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text(f"ALTER TABLE {tabla} DISABLE TRIGGER USER"))
        else:
            db.session.execute(text(f"DROP TRIGGER {tabla}_no_cambia"))
            db.session.execute(text(f"DROP TRIGGER {tabla}_no_se_borra"))
        db.session.execute(text(orden))


@pytest.fixture
def importado(app: Flask) -> Recaudo:
    """One payment of each channel; returns the credit of the gateway."""
    uno = pago(liquidacion())
    aprobar(uno)
    importar(archivo([Pagado(liquidacion((4000,)).facturas[0].numero, 4000), por_pse(uno.referencia, 9000)]))
    for quiebres in (
        verificacion_banco.archivos_enteros,
        verificacion_banco.movimientos_con_credito,
        verificacion_banco.traslados,
    ):
        assert list(quiebres()) == []
    return db.session.scalars(select(Recaudo).where(Recaudo.pago_id == uno.id)).one()


def test_un_archivo_al_que_le_falta_un_movimiento(importado: Recaudo) -> None:
    forzar("movimiento_banco", "DELETE FROM movimiento_banco WHERE canal = 'ventanilla'")
    assert len(list(verificacion_banco.archivos_enteros())) == 1


@pytest.mark.parametrize(
    "orden",
    ["valor = valor + 100", "recaudo_id = NULL", "resultado = 'medio_desconocido'", "llave = 'otra'", "canal = 'pse'"],
)
def test_un_movimiento_que_no_es_el_de_su_credito(importado: Recaudo, orden: str) -> None:
    forzar("movimiento_banco", f"UPDATE movimiento_banco SET {orden} WHERE canal = 'ventanilla'")
    assert len(list(verificacion_banco.movimientos_con_credito())) == 1


def test_dinero_de_pse_que_llega_sin_movimiento(importado: Recaudo) -> None:
    otro = pago(liquidacion((500,)))
    aprobar(otro, "t2")
    suelto = db.session.scalars(select(Recaudo).where(Recaudo.pago_id == otro.id)).one()
    with transaccion():
        trasladar(suelto, LIBRO, AHORA)
    assert list(verificacion_banco.traslados()) == [
        f"El recaudo {suelto.id} no pasó una sola vez y entero de la pasarela al banco"
    ]


def test_dinero_de_pse_que_llega_dos_veces_o_a_medias(importado: Recaudo) -> None:
    de_mas = Partida(ClaseAsiento.TRASLADO, LIBRO, "pasarela:placetopay", importado.valor, "otro", importado.id)
    with transaccion():
        asentar([de_mas], ahora=AHORA)
    assert len(list(verificacion_banco.traslados())) == 1
