"""A transfer that the bank brings back: the money waits again, in a case, and goes out once to an account two people saw."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.devoluciones import CausalDevolucion, EstadoDevolucion, EventoDevolucion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.libro import ClaseAsiento
from portal.models import Asiento, Caso, Correo, CuentaCorregida, Devolucion, Pago, Rebote
from portal.models import EventoDevolucion as FilaEvento
from portal.models.pago import CausaReversion
from portal.operaciones import aplicaciones, casos, libro, rebotes, reversiones, verificacion
from portal.operaciones.devoluciones import comprometido
from portal.operaciones.solicitudes_devolucion import devolvibles, hay_en_curso
from tests.archivos import pdf
from tests.devoluciones import (
    CUENTA,
    OTRA_CUENTA,
    aceptar_cuenta,
    aprobada,
    corregir,
    doble,
    firma,
    girar,
    leida,
    pagado,
    pedir,
    rebotar,
    tesorero,
)
from tests.fabricas import AHORA, HOY, estados_de, liquidacion

NO_DEBIDO = CausalDevolucion.NO_DEBIDO
Tarea = Callable[[], None]


def pagada() -> Devolucion:
    una = aprobada(pedir(doble()))
    girar(una)
    return una


def casos_de(clase: ClaseCaso) -> list[SalidaCaso | None]:
    db.session.expire_all()
    return list(db.session.scalars(select(Caso.salida).where(Caso.clase == clase).order_by(Caso.id)))


def revertir(una: Devolucion) -> None:
    recaudo_id = una.partes[0].recaudo_id
    with transaccion():
        reversiones.revertir(recaudo_id, causa=CausaReversion.BANCO, motivo="Reclamo", ahora=AHORA)


def test_lo_que_el_banco_no_entrega_espera_de_nuevo_y_sale_una_vez(app: Flask) -> None:
    una = pagada()
    rebote = rebotar(una)
    assert leida(una).estado is EstadoDevolucion.REBOTADA
    assert (una.referencia_bancaria, una.pagada_por, una.fecha_transferencia) == (None, None, None)
    assert (rebote.referencia_bancaria, rebote.cuenta_origen, rebote.motivo) == (
        "TR-1",
        "0849514000",
        "Cuenta cancelada",
    )
    saldos = libro.saldos()
    assert (saldos["excedentes"], saldos["banco:0849514000"]) == (-9000, 0)
    pago = db.session.get_one(Pago, una.pago_id)
    assert (pago.excedente, pago.devuelto, pago.devuelto_entero) == (9000, 0, False)
    assert casos_de(ClaseCaso.DEVOLUCION_REBOTADA) == [None]
    assert (devolvibles(pago), hay_en_curso(pago)) == ([], True)

    corregir(una)
    assert leida(una).estado is EstadoDevolucion.CORREGIDA
    assert una.destino.cuenta == OTRA_CUENTA.cuenta
    aceptar_cuenta(una)
    girar(leida(una), "TR-2")
    assert leida(una).estado is EstadoDevolucion.PAGADA
    saldos = libro.saldos()
    assert (saldos["excedentes"], saldos["banco:0849514000"]) == (0, -9000)
    assert db.session.get_one(Pago, una.pago_id).devuelto_entero
    assert casos_de(ClaseCaso.DEVOLUCION_REBOTADA) == [SalidaCaso.DEVUELTO]
    clases = db.session.scalars(select(Asiento.clase).order_by(Asiento.numero.desc()).limit(3)).all()
    assert clases == [ClaseAsiento.DEVOLUCION, ClaseAsiento.REBOTE, ClaseAsiento.DEVOLUCION]


def test_puede_volver_mas_de_una_vez(app: Flask) -> None:
    una = pagada()
    for n in (2, 3):
        rebotar(una)
        corregir(una, tesorero())
        aceptar_cuenta(una)
        girar(leida(una), f"TR-{n}")
    assert [r.referencia_bancaria for r in leida(una).rebotes] == ["TR-1", "TR-2"]
    assert casos_de(ClaseCaso.DEVOLUCION_REBOTADA) == [SalidaCaso.DEVUELTO] * 2
    assert libro.saldos()["banco:0849514000"] == -9000


def test_lo_no_debido_sale_de_nuevo_sin_tocar_otra_vez_la_estampilla(app: Flask) -> None:
    una, uno = pagado()
    pedida = aprobada(pedir(uno, NO_DEBIDO, (una.facturas[0].numero,)))
    girar(pedida)
    rebotar(pedida)
    corregir(pedida)
    aceptar_cuenta(pedida)
    girar(leida(pedida), "TR-2")
    assert estados_de(una) == ["sin_efecto", "legalizada"]
    assert db.session.scalar(select(func.count()).where(Asiento.clase == ClaseAsiento.NO_DEBIDO)) == 1
    assert libro.saldos()["excedentes"] == 0


def test_se_guarda_la_cuenta_que_se_pidio_y_la_que_la_reemplaza(app: Flask) -> None:
    una = pagada()
    rebotar(una)
    corregir(una)
    assert (leida(una).cuenta, una.banco) == (CUENTA.cuenta, CUENTA.banco)
    assert [c.cuenta for c in una.correcciones] == [OTRA_CUENTA.cuenta]
    assert una.destino.certificacion.contenido == pdf(b"otra")


def test_quien_trae_la_cuenta_no_la_acepta(app: Flask) -> None:
    una, quien = pagada(), tesorero()
    rebotar(una)
    corregir(una, quien)
    with pytest.raises(TransicionNoPermitida, match="otra persona"):
        aceptar_cuenta(una, quien)
    assert leida(una).estado is EstadoDevolucion.CORREGIDA


def test_si_la_trae_quien_pidio_la_acepta_quien_no_registro_el_rebote(app: Flask) -> None:
    una, quien = pagada(), tesorero()
    rebotar(una, quien)
    corregir(una)
    with pytest.raises(TransicionNoPermitida, match="otra persona"):
        aceptar_cuenta(una, quien)
    aceptar_cuenta(una, tesorero())
    assert leida(una).estado is EstadoDevolucion.APROBADA


def test_la_base_de_datos_no_deja_que_la_misma_persona_la_acepte(app: Flask) -> None:
    una, quien = pagada(), tesorero()
    rebotar(una)
    corregida = corregir(una, quien)
    orden = text("UPDATE cuenta_corregida SET aceptada = true, decidida_por = primera_por, decidida_en = traida_en")
    with pytest.raises(IntegrityError, match="la_decide_otra_persona"), transaccion():
        db.session.execute(orden)
    assert db.session.get_one(CuentaCorregida, corregida.id).aceptada is None


def test_una_cuenta_rechazada_deja_traer_otra_y_avisa(app: Flask) -> None:
    una = pagada()
    rebotar(una)
    corregir(una)
    quien = tesorero()
    with transaccion():
        rebotes.rechazar_cuenta(una, "La certificación no se lee.", firma(quien))
    assert leida(una).estado is EstadoDevolucion.REBOTADA
    assert una.correcciones[-1].motivo == "La certificación no se lee."
    corregir(una)
    aceptar_cuenta(una)
    girar(leida(una), "TR-2")
    avisos = db.session.scalars(select(Correo).where(Correo.plantilla == "devolucion").order_by(Correo.id))
    assert [c.datos["estado"] for c in avisos][4:] == [
        *("Transferencia devuelta", "Cuenta por revisar", "Transferencia devuelta", "Cuenta por revisar"),
        *("Aprobada", "Pagada"),
    ]


def test_una_referencia_que_volvio_no_sirve_otra_vez(app: Flask) -> None:
    una, otra = pagada(), aprobada(pedir(doble()))
    rebotar(una)
    corregir(una)
    aceptar_cuenta(una)
    for pedida in (leida(una), otra):
        with pytest.raises(DatoInvalido, match="devolvió") as rechazo:
            girar(pedida, "TR-1")
        assert rechazo.value.campo == "referencia"
    assert leida(una).estado is EstadoDevolucion.APROBADA


def test_solo_vuelve_lo_que_salio_y_en_un_dia_posible(app: Flask) -> None:
    una = aprobada(pedir(doble()))
    with pytest.raises(TransicionNoPermitida, match="«Aprobada»"):
        rebotar(una)
    girar(una)
    for dia in (HOY - timedelta(days=1), HOY + timedelta(days=1)):
        with pytest.raises(DatoInvalido) as rechazo:
            rebotar(una, dia=dia)
        assert rechazo.value.campo == "dia"
    rebotar(una)
    with pytest.raises(TransicionNoPermitida, match="«Transferencia devuelta»"):
        rebotar(una)
    with pytest.raises(TransicionNoPermitida, match="«Transferencia devuelta»"):
        girar(una, "TR-2")


def test_la_misma_cuenta_enviada_dos_veces_es_una(app: Flask) -> None:
    una = pagada()
    rebotar(una)
    assert corregir(una, clave="k" * 32).id == corregir(una, clave="k" * 32).id
    with pytest.raises(TransicionNoPermitida, match="«Cuenta por revisar»"):
        corregir(una)


def test_lo_que_volvio_queda_apartado_para_su_dueno(app: Flask) -> None:
    una = pagada()
    rebotar(una)
    recaudo_id = una.partes[0].recaudo_id
    assert comprometido(recaudo_id) == 9000
    factura_id = liquidacion((4000,)).facturas[0].id
    with pytest.raises(TransicionNoPermitida, match=r"esperan \$0"), transaccion():
        aplicaciones.aplicar(recaudo_id, factura_id, origen="x", ahora=AHORA)
    caso = db.session.scalars(select(Caso).where(Caso.clase == ClaseCaso.DEVOLUCION_REBOTADA)).one()
    quien = tesorero()
    with pytest.raises(TransicionNoPermitida, match="sin devolver"), transaccion():
        casos.cerrar(caso.id, SalidaCaso.REVISADO, ahora=AHORA, usuario=quien)


@pytest.mark.parametrize("con_cuenta", [False, True])
def test_si_el_banco_se_lleva_el_pago_lo_que_volvio_queda_sin_objeto(app: Flask, con_cuenta: bool) -> None:
    una = pagada()
    rebotar(una)
    if con_cuenta:
        corregir(una)
    revertir(una)
    assert leida(una).estado is EstadoDevolucion.NEGADA
    assert libro.saldos()["excedentes"] == 0


def test_si_el_banco_se_llevo_el_pago_antes_de_que_volviera_no_queda_nada(app: Flask) -> None:
    una = pagada()
    revertir(una)
    assert leida(una).estado is EstadoDevolucion.PAGADA
    assert libro.saldos()["excedentes"] == 9000, "whoever received it owes it"
    rebotar(una)
    assert leida(una).estado is EstadoDevolucion.NEGADA
    assert libro.saldos()["excedentes"] == 0
    eventos = db.session.scalars(select(FilaEvento.evento).order_by(FilaEvento.id)).all()
    assert eventos[-2:] == [EventoDevolucion.REBOTADA, EventoDevolucion.SIN_OBJETO]


def test_un_rebote_no_se_cambia_ni_se_borra(app: Flask) -> None:
    rebotar(pagada())
    for orden in ("UPDATE rebote SET motivo = 'otro'", "DELETE FROM rebote"):
        with pytest.raises(Exception, match="solo se agrega"), transaccion():
            db.session.execute(text(orden))
    assert db.session.scalar(select(func.count(Rebote.id))) == 1


@pytest.mark.descuadra
def test_verificar_ve_el_rebote_sin_asiento_y_la_cuenta_sin_aceptar(app: Flask) -> None:
    una = pagada()
    with transaccion():
        db.session.execute(
            text(
                "UPDATE devolucion SET estado = 'rebotada', cuenta_origen = NULL, referencia_bancaria = NULL, "
                "fecha_transferencia = NULL, pagada_por = NULL, pagada_en = NULL"
            )
        )
    quiebres = [q for i, qs in verificacion.verificar() if i.codigo == "I-12" for q in qs]
    assert any("y el libro no dicen lo mismo" in q for q in quiebres), quiebres
    assert any(f"La devolución {una.numero} y la cuenta que la recibe" in q for q in quiebres), quiebres
