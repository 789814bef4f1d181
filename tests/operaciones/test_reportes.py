"""The report of what was collected squares with the ledger for any cut of the days; a credit's parts sum to it."""

from datetime import date, timedelta
from decimal import Decimal

from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.libro import de_estampilla
from portal.models import Pago, Recaudo
from portal.models.pago import CausaReversion
from portal.operaciones import devoluciones, dispersiones, libro, reversiones
from portal.operaciones.devoluciones import Firma, Transferencia
from portal.operaciones.recaudos import CanalRecaudo, Credito, cubierta_de, recaudar
from portal.operaciones.reportes.filtros import Dimension, Filtro
from portal.operaciones.reportes.recaudo import Reporte
from portal.operaciones.reportes.recaudo import recaudado as agrupar
from tests import fabricas
from tests.cierres import AHORA, CUENTA, DIA, MANANA, PLAN, pagado, respuesta_de, tesorera
from tests.devoluciones import aprobada, decir, pedir

LEJOS = DIA + timedelta(days=400)


def recaudado(desde: date, hasta: date) -> Reporte:
    return agrupar(PLAN, Filtro(desde, hasta), (Dimension.ESTAMPILLA, Dimension.CUENTA, Dimension.CANAL))


def credito(valor: int, transaccion: str = "linea", canal: CanalRecaudo = CanalRecaudo.VENTANILLA) -> Credito:
    return Credito(canal, "banco", transaccion, f"banco:{CUENTA}", Decimal(valor))


def devolver(doble: Pago) -> None:
    """Asked, studied and approved on `DIA`; handed back on the next."""
    una, firma = aprobada(pedir(doble)), Firma(tesorera(), AHORA + timedelta(days=1))
    with transaccion():
        devoluciones.pagar(una, Transferencia(CUENTA, "TR-1", MANANA), firma, desde=DIA, hoy=MANANA)


def un_periodo() -> None:
    """Two online payments, one taken back the next day; one at the window and again online, refunded; money nobody knows."""
    pagado()
    devuelto = pagado()
    una = fabricas.liquidacion((7000,))
    doble = fabricas.pago(una)
    with transaccion():
        recaudar(credito(7000), [cubierta_de(una.facturas[0])], ahora=AHORA)
        recaudar(credito(300, "desconocida"), [], ahora=AHORA)
    decir(doble, respuesta_de(doble))
    devolver(doble)
    recaudo_id = db.session.scalars(select(Recaudo.id).where(Recaudo.pago_id == devuelto.id)).one()
    with transaccion():
        reversiones.revertir(
            recaudo_id, causa=CausaReversion.PASARELA, motivo="Reversado", ahora=AHORA + timedelta(days=1)
        )


def test_lo_recaudado_lo_revertido_y_lo_devuelto_van_aparte_y_cuadran_con_el_libro(app: Flask) -> None:
    un_periodo()
    hoy, manana, todo = recaudado(DIA, DIA), recaudado(MANANA, MANANA), recaudado(DIA, LEJOS)
    assert (hoy.cuadra, hoy.cuantos, hoy.creditos, hoy.total.recaudado) == (True, 5, 32300, 32300)
    assert (hoy.total.revertido, hoy.total.devuelto) == (0, 0)
    assert (manana.total.recaudado, manana.total.revertido, manana.total.devuelto) == (0, 9000, 7000)
    assert (todo.cuadra, todo.total.neto) == (True, Decimal(16300))
    assert todo.total.neto == hoy.total.neto + manana.total.neto


def test_el_neto_de_cada_estampilla_es_su_saldo_en_el_libro(app: Flask) -> None:
    un_periodo()
    saldos = libro.saldos()
    netos: dict[str, Decimal] = {}
    reporte = recaudado(DIA, LEJOS)
    for renglon in (*reporte.estampillas, *reporte.en_espera):
        cuenta = renglon.clave[0] if renglon.espera else de_estampilla(renglon.clave[0])
        netos[cuenta] = netos.get(cuenta, Decimal(0)) + renglon.sumas.neto
    assert {c: -s for c, s in saldos.items() if c in netos} == netos
    canales = {(r.clave[0], r.clave[2]) for r in reporte.estampillas}
    assert canales == {("E0", "pse"), ("E1", "pse"), ("E0", "ventanilla")}


def test_las_partes_de_un_credito_suman_lo_que_entro(app: Flask) -> None:
    uno = pagado((4000, 5000))
    db.session.refresh(uno)
    d = dispersiones.de_recaudo(PLAN, uno.recaudos[0].id)
    assert (d.entro_a, d.dia, d.en_espera) == (CUENTA, DIA, 0)
    assert [(p.estampilla, p.valor) for p in d.partes] == [("E0", 4000), ("E1", 5000)]
    assert d.por_cuenta == {CUENTA: 9000}
    otro = pagado((4000,), valor=3999)
    db.session.refresh(otro)
    d = dispersiones.de_recaudo(PLAN, otro.recaudos[0].id)
    assert (d.partes, d.en_espera) == ((), 3999)
