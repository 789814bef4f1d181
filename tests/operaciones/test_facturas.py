"""Facturas move only along their graph, each move leaves its row, and money reaches only those that are owed."""

import pytest
from sqlalchemy import select, update

from portal.db import db, transaccion
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import EstadoFactura, EventoFactura
from portal.models import EventoFactura as FilaEvento
from portal.models import Factura, Liquidacion
from portal.operaciones.facturas import exigir_debidas, mover_facturas, se_debe
from tests.fabricas import AHORA, estados_de, liquidacion, pago
from tests.ordenes import tesorero

pytestmark = pytest.mark.usefixtures("app")
# A state put by hand has no money behind it.
sin_cuadrar = pytest.mark.descuadra


def poner(factura: Factura, estado: EstadoFactura) -> Factura:
    with transaccion():
        db.session.execute(update(Factura).where(Factura.id == factura.id).values(estado=estado))
    db.session.refresh(factura)
    return factura


def ultimos(una: Liquidacion) -> list[tuple[object, ...]]:
    """What the last move of each factura left written."""
    filas = db.session.scalars(
        select(FilaEvento)
        .where(FilaEvento.factura_id.in_([f.id for f in una.facturas]), FilaEvento.evento != "emitida")
        .order_by(FilaEvento.id)
    )
    return [(f.factura_id, f.en, f.desde, f.hasta, f.evento, f.pago_id, f.usuario_id) for f in filas]


@sin_cuadrar
def test_se_mueven_las_que_pueden_y_cada_una_deja_su_fila() -> None:
    una, otra, ana = liquidacion((4000, 5000, 6000)), liquidacion(), tesorero()
    ids = [f.id for f in una.facturas]
    poner(una.facturas[1], EstadoFactura.SIN_EFECTO)
    with transaccion():
        movidas = mover_facturas(ids, EventoFactura.DEJADA_SIN_EFECTO, ahora=AHORA, usuario_id=ana.id)
    assert sorted(movidas) == [ids[0], ids[2]]
    assert estados_de(una) == ["sin_efecto"] * 3
    assert estados_de(otra) == ["liquidada", "liquidada"]
    assert ultimos(una) == [
        (i, AHORA, "liquidada", "sin_efecto", "dejada_sin_efecto", None, ana.id) for i in (ids[0], ids[2])
    ]


def test_un_movimiento_dice_por_que_pago_y_lo_ven_las_que_ya_se_habian_leido() -> None:
    una = liquidacion((4000, 5000))
    leidas = list(una.facturas)
    uno = pago(una, facturas=(leidas[0].numero,))
    assert [f.estado for f in leidas] == [EstadoFactura.EN_VERIFICACION, EstadoFactura.LIQUIDADA]
    assert ultimos(una) == [(leidas[0].id, AHORA, "liquidada", "en_verificacion", "pago_enviado", uno.id, None)]


@sin_cuadrar
def test_las_que_se_mueven_se_ven_movidas_antes_de_confirmar() -> None:
    movida, quieta = liquidacion((4000, 5000)).facturas
    with transaccion():
        assert movida.estado is quieta.estado is EstadoFactura.LIQUIDADA
        mover_facturas([movida.id], EventoFactura.DEJADA_SIN_EFECTO, ahora=AHORA)
        assert (movida.estado, quieta.estado) == (EstadoFactura.SIN_EFECTO, EstadoFactura.LIQUIDADA)


@sin_cuadrar
def test_desde_limita_de_donde_pueden_salir() -> None:
    una = liquidacion((4000, 5000))
    poner(una.facturas[0], EstadoFactura.REVERTIDA)
    ids = [f.id for f in una.facturas]
    with transaccion():
        movidas = mover_facturas(ids, EventoFactura.PAGO_ENVIADO, ahora=AHORA, desde=(EstadoFactura.REVERTIDA,))
    assert movidas == ids[:1]
    assert estados_de(una) == ["en_verificacion", "liquidada"]


@sin_cuadrar
def test_una_que_vale_cero_no_se_debe() -> None:
    assert not se_debe(liquidacion((0,)).facturas[0])
    assert se_debe(liquidacion((1,)).facturas[0])


@sin_cuadrar
@pytest.mark.parametrize("por_retencion", [False, True])
@pytest.mark.parametrize("estado", EstadoFactura)
def test_se_debe_lo_que_un_pago_legalizaria(estado: EstadoFactura, por_retencion: bool) -> None:
    """What is collected by parts is not owed whole; once it was paid whole and taken back, it is."""
    una = liquidacion((4000,), por_retencion=por_retencion)
    debidos = {EstadoFactura.EN_VERIFICACION, EstadoFactura.REVERTIDA}
    if not por_retencion:
        debidos.add(EstadoFactura.LIQUIDADA)
    assert se_debe(poner(una.facturas[0], estado)) is (estado in debidos)


@sin_cuadrar
def test_se_mira_otra_vez_lo_que_otro_pudo_pagar_y_se_dice_cual() -> None:
    una = liquidacion((4000, 5000))
    primera, segunda = una.facturas
    with transaccion():
        exigir_debidas(una.facturas)
    assert (primera.estado, segunda.estado) == (EstadoFactura.LIQUIDADA, EstadoFactura.LIQUIDADA)
    pagada = update(Factura).where(Factura.id == segunda.id).values(estado=EstadoFactura.LEGALIZADA)
    with transaccion():
        assert segunda.estado is EstadoFactura.LIQUIDADA
        # Somebody else's, of which the objects that were read know nothing.
        db.session.execute(pagada.execution_options(synchronize_session=False))
        with pytest.raises(TransicionNoPermitida, match=rf"factura {segunda.numero} ya no se debe"):
            exigir_debidas([primera, segunda])
