"""The bank takes money back: owed again in the open, once, whatever the order of the news; and what waits has its case."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import EstadoPago
from portal.models import Caso, Correo, EventoFactura, EventoPago, Pago, PagoFactura, Recaudo, Reversion
from portal.models.pago import CanalRecaudo, CausaReversion, ClaseRecaudo
from portal.operaciones import casos, libro, reversiones
from portal.operaciones.recaudos import Credito, cubierta_de, recaudar
from portal.operaciones.resultados import Causa, aplicar_resultado, avisar_sin_resolver
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela
from tests.adhesiones import usar
from tests.fabricas import AHORA, ESPERA, estado_de, estados_de, liquidacion, pago, respuesta


def decir(uno: Pago, resultado: ResultadoPasarela) -> None:
    with transaccion():
        aplicar_resultado(uno.id, resultado, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)


def abiertos() -> list[ClaseCaso]:
    db.session.expire_all()
    return list(db.session.scalars(select(Caso.clase).where(Caso.cerrado_en.is_(None)).order_by(Caso.numero)))


def revertida(uno: Pago) -> ResultadoPasarela:
    """The session stays approved; its transaction was taken back."""
    dicha = respuesta(uno)
    devuelta = replace(dicha.transacciones[0], estado=EstadoPasarela.REVERTIDO, mensaje="Reversada por el banco")
    return replace(dicha, transacciones=(devuelta,))


def test_lo_que_el_banco_devuelve_se_debe_de_nuevo_y_se_puede_pagar(app: Flask) -> None:
    una = liquidacion()
    uno = pago(una)
    decir(uno, respuesta(uno))
    decir(uno, revertida(uno))
    assert estados_de(una) == ["revertida", "revertida"]
    assert estado_de(uno) is EstadoPago.APROBADO
    assert not any(libro.saldos().values())
    assert abiertos() == [ClaseCaso.REVERSION]
    otro = pago(una)
    assert estados_de(una) == ["en_verificacion", "en_verificacion"]
    decir(otro, respuesta(otro, EstadoPasarela.RECHAZADO))
    assert estados_de(una) == ["revertida", "revertida"]
    tercero = pago(una)
    decir(tercero, respuesta(tercero, transaccion="t3"))
    assert estados_de(una) == ["legalizada", "legalizada"]


def test_la_reversion_se_cuenta_una_vez_aunque_se_diga_muchas(app: Flask) -> None:
    una = liquidacion()
    uno = pago(una)
    for dicha in (respuesta(uno), revertida(uno), revertida(uno), respuesta(uno)):
        decir(uno, dicha)
    assert db.session.scalar(select(func.count(Reversion.id))) == 1
    assert db.session.scalars(select(Correo.plantilla).order_by(Correo.id)).all() == ["pago_aprobado", "pago_revertido"]
    assert estados_de(una) == ["revertida", "revertida"]
    assert db.session.scalars(select(Caso.veces)).all() == [1]


def test_el_orden_de_las_noticias_no_cambia_el_final(app: Flask) -> None:
    finales = set()
    for n, orden in enumerate(permutations(("aprobada", "revertida", "pendiente"))):
        una = liquidacion()
        uno = pago(una)
        noticias = {
            "aprobada": respuesta(uno, transaccion=f"t{n}"),
            "revertida": replace(
                respuesta(uno),
                transacciones=(
                    replace(respuesta(uno, transaccion=f"t{n}").transacciones[0], estado=EstadoPasarela.REVERTIDO),
                ),
            ),
            "pendiente": respuesta(uno, EstadoPasarela.PENDIENTE, transaccion=f"t{n}"),
        }
        for cual in orden:
            decir(uno, noticias[cual])
        asientos = len(db.session.scalars(select(Recaudo).where(Recaudo.pago_id == uno.id)).one().asientos)
        finales.add((tuple(estados_de(una)), estado_de(uno), asientos))
    assert finales == {(("revertida", "revertida"), EstadoPago.APROBADO, 4)}


@pytest.mark.parametrize("dudoso", [EstadoPasarela.RECHAZADO, EstadoPasarela.APROBADO_CON_DEVOLUCION])
@pytest.mark.parametrize("primero", [True, False])
def test_lo_que_contradice_la_aprobacion_no_mueve_dinero_y_lo_mira_una_persona(
    app: Flask, dudoso: EstadoPasarela, primero: bool
) -> None:
    una = liquidacion()
    uno = pago(una)
    noticias = [respuesta(uno), respuesta(uno, dudoso)]
    for noticia in noticias if primero else [*reversed(noticias), noticias[1]]:
        decir(uno, noticia)
    assert estados_de(una) == ["legalizada", "legalizada"]
    assert abiertos().count(ClaseCaso.RESPUESTA_CONTRADICTORIA) == 1


def test_una_estampilla_usada_tambien_se_debe_y_el_caso_lo_grita(app: Flask) -> None:
    una = liquidacion((4000,))
    uno = pago(una)
    decir(uno, respuesta(uno))
    usar(una.facturas[0].id)
    decir(uno, revertida(uno))
    assert estados_de(una) == ["revertida"]
    caso = db.session.scalars(select(Caso)).one()
    assert caso.detalle["usadas"] == [una.facturas[0].numero]


def test_el_excedente_de_un_pago_doble_tambien_se_deshace(app: Flask) -> None:
    una = liquidacion()
    primero = pago(una)
    decir(primero, respuesta(primero, EstadoPasarela.RECHAZADO, transaccion=None))
    segundo = pago(una)
    decir(segundo, respuesta(segundo, transaccion="t2"))
    decir(primero, respuesta(primero))
    assert abiertos() == [ClaseCaso.PAGO_DOBLE, ClaseCaso.PAGO_TARDIO]
    decir(primero, revertida(primero))
    assert estados_de(una) == ["legalizada", "legalizada"]
    db.session.expire_all()
    assert db.session.get_one(Pago, primero.id).excedente == 0
    with transaccion():
        casos.cerrar_de((ClaseCaso.PAGO_DOBLE,), SalidaCaso.DEVUELTO, ahora=AHORA, pago_id=primero.id)
    assert abiertos() == [ClaseCaso.PAGO_TARDIO, ClaseCaso.REVERSION]


def test_un_caso_con_dinero_en_espera_no_se_cierra(app: Flask) -> None:
    uno = pago(liquidacion())
    decir(uno, respuesta(uno, valor=Decimal(8999)))
    caso = db.session.scalars(select(Caso)).one()
    assert caso.clase is ClaseCaso.VALOR_DISTINTO
    with transaccion(), pytest.raises(TransicionNoPermitida, match=r"8\.999"):
        casos.cerrar(caso.id, SalidaCaso.DEVUELTO, ahora=AHORA)
    with transaccion(), pytest.raises(TransicionNoPermitida, match="de esa manera"):
        casos.cerrar(caso.id, SalidaCaso.REVISADO, ahora=AHORA)


def test_al_disponer_de_un_valor_distinto_las_estampillas_se_pueden_pagar(app: Flask, client: FlaskClient) -> None:
    una = liquidacion()
    uno = pago(una)
    dicha = respuesta(uno, valor=Decimal(8999))
    decir(uno, dicha)
    assert (estado_de(uno), estados_de(una)) == (EstadoPago.PENDIENTE, ["en_verificacion", "en_verificacion"])
    devuelta = replace(dicha.transacciones[0], estado=EstadoPasarela.REVERTIDO)
    decir(uno, replace(dicha, transacciones=(devuelta,)))
    with transaccion():
        casos.cerrar_de((ClaseCaso.VALOR_DISTINTO,), SalidaCaso.DEVUELTO, ahora=AHORA, pago_id=uno.id)
    assert (estado_de(uno), estados_de(una)) == (EstadoPago.FALLIDO, ["liquidada", "liquidada"])
    decir(uno, dicha)
    assert (estado_de(uno), estados_de(una)) == (EstadoPago.FALLIDO, ["liquidada", "liquidada"])
    assert "ningún débito" not in client.get(f"/pago/{uno.codigo}").text
    # Money did leave the account: no notice says otherwise.
    assert db.session.scalars(select(Correo.plantilla)).all() == []
    otro = pago(una)
    decir(otro, respuesta(otro, transaccion="t2"))
    assert estados_de(una) == ["legalizada", "legalizada"]


def ventanilla(valor: int, transaccion: str = "linea") -> Credito:
    return Credito(CanalRecaudo.VENTANILLA, "banco", transaccion, "banco:0849514000", Decimal(valor))


def test_un_credito_de_ventanilla_legaliza_su_factura(app: Flask) -> None:
    una = liquidacion((4000, 5000))
    with transaccion():
        recaudar(ventanilla(4000), [cubierta_de(una.facturas[0])], ahora=AHORA)
    assert estados_de(una) == ["legalizada", "liquidada"]
    assert libro.saldos() == {"banco:0849514000": 4000, "estampilla:E0": -4000}


def test_un_credito_sin_dueno_espera_con_su_caso_y_se_puede_revertir(app: Flask) -> None:
    with transaccion():
        recaudo = db.session.get_one(Recaudo, recaudar(ventanilla(7000), [], ahora=AHORA).id)
    assert recaudo.clase is ClaseRecaudo.SIN_IDENTIFICAR
    assert recaudo.por_identificar == 7000
    assert abiertos() == [ClaseCaso.REFERENCIA_DESCONOCIDA]
    with transaccion():
        assert reversiones.revertir(recaudo.id, causa=CausaReversion.BANCO, motivo="Cheque devuelto", ahora=AHORA)
    with transaccion():
        assert reversiones.revertir(recaudo.id, causa=CausaReversion.BANCO, motivo="Otra vez", ahora=AHORA) is None
    assert not any(libro.saldos().values())


def test_quien_paga_en_ventanilla_mientras_su_pago_esta_en_el_banco_paga_dos_veces_y_se_ve(app: Flask) -> None:
    una = liquidacion((4000,))
    uno = pago(una)
    with transaccion():
        recaudar(ventanilla(4000), [cubierta_de(una.facturas[0])], ahora=AHORA)
    assert estados_de(una) == ["legalizada"]
    decir(uno, respuesta(uno))
    assert estado_de(uno) is EstadoPago.APROBADO
    assert abiertos() == [ClaseCaso.PAGO_DOBLE]


def test_un_pago_de_un_dia_sin_respuesta_abre_su_caso_y_la_respuesta_lo_cierra(app: Flask) -> None:
    uno = pago(liquidacion())
    with transaccion():
        avisar_sin_resolver(AHORA + timedelta(hours=23))
    assert abiertos() == []
    for _ in range(2):
        with transaccion():
            avisar_sin_resolver(AHORA + timedelta(hours=25))
    assert abiertos() == [ClaseCaso.SIN_RESOLVER]
    decir(uno, respuesta(uno))
    assert abiertos() == []


def test_la_pagina_del_pago_dice_que_el_banco_lo_devolvio(app: Flask, client: FlaskClient) -> None:
    una = liquidacion()
    uno = pago(una)
    decir(uno, respuesta(uno))
    assert client.get(f"/pago/{uno.codigo}/comprobante.pdf").status_code == 200
    decir(uno, revertida(uno))
    pagina = client.get(f"/pago/{uno.codigo}").text
    assert "El banco devolvió este pago" in pagina
    assert "Descargar el comprobante" not in pagina
    assert client.get(f"/pago/{uno.codigo}/comprobante.pdf").status_code == 404


def test_quien_ya_tenia_el_credito_a_la_vista_lo_ve_revertido(app: Flask) -> None:
    with transaccion():
        recaudo = db.session.get_one(Recaudo, recaudar(ventanilla(7000), [], ahora=AHORA).id)
        assert (recaudo.reversion, recaudo.por_identificar) == (None, 7000)
        reversion = reversiones.revertir(recaudo.id, causa=CausaReversion.BANCO, motivo="Oficio", ahora=AHORA)
        assert (recaudo.reversion, recaudo.por_identificar) == (reversion, 0)


def test_la_reversion_dice_cuando_por_que_y_de_que_intento(app: Flask) -> None:
    una = liquidacion()
    uno = pago(una)
    decir(uno, respuesta(uno))
    decir(uno, revertida(uno))
    reversion = db.session.scalars(select(Reversion)).one()
    recaudo = reversion.recaudo
    assert (reversion.en, reversion.causa, reversion.motivo) == (
        AHORA,
        CausaReversion.PASARELA,
        "Reversada por el banco",
    )
    (evento,) = db.session.scalars(select(EventoPago).where(EventoPago.hasta == "revertido"))
    assert (evento.pago_id, evento.en, evento.desde, evento.causa) == (uno.id, AHORA, "aprobado", "reversion")
    (caso,) = db.session.scalars(select(Caso)).all()
    assert (caso.pago_id, caso.recaudo_id, caso.detalle) == (uno.id, recaudo.id, {"causa": "pasarela", "usadas": []})
    movidas = db.session.scalars(select(EventoFactura.pago_id).where(EventoFactura.evento == "pago_revertido")).all()
    assert movidas == [uno.id, uno.id]


def test_de_lo_que_no_legalizo_nada_no_se_avisa_que_se_debe_de_nuevo(app: Flask) -> None:
    uno = pago(liquidacion())
    decir(uno, respuesta(uno, valor=Decimal(8999)))
    with transaccion():
        cual = db.session.scalars(select(Recaudo.id)).one()
        reversiones.revertir(cual, causa=CausaReversion.BANCO, motivo="Oficio", ahora=AHORA)
    assert db.session.scalars(select(Correo.plantilla)).all() == []


def test_una_respuesta_que_no_cobro_nada_no_suelta_lo_que_tiene_dinero_de_otro_valor(app: Flask) -> None:
    una = liquidacion()
    uno = pago(una)
    decir(uno, respuesta(uno, valor=Decimal(8999)))
    decir(uno, respuesta(uno, EstadoPasarela.RECHAZADO, transaccion=None))
    assert (estado_de(uno), estados_de(una)) == (EstadoPago.PENDIENTE, ["en_verificacion", "en_verificacion"])


def test_lo_que_se_sabe_aprobado_y_devuelto_en_parte_cuenta_y_lo_mira_una_persona(app: Flask) -> None:
    una = liquidacion()
    uno = pago(una)
    decir(uno, respuesta(uno, EstadoPasarela.APROBADO_CON_DEVOLUCION))
    assert (estado_de(uno), estados_de(una)) == (EstadoPago.APROBADO, ["legalizada", "legalizada"])
    assert abiertos() == [ClaseCaso.RESPUESTA_CONTRADICTORIA]


def test_se_revierte_el_credito_que_se_dice_y_ningun_otro(app: Flask) -> None:
    una, otra = liquidacion((4000,)), liquidacion((6000,))
    uno, otro = pago(una), pago(otra)
    decir(uno, respuesta(uno))
    decir(otro, respuesta(otro, transaccion="t2"))
    decir(uno, revertida(uno))
    assert (estados_de(una), estados_de(otra)) == (["revertida"], ["legalizada"])
    assert libro.saldos() == {"pasarela:placetopay": 6000, "estampilla:E0": -6000}
    vivas = select(PagoFactura.pago_id).where(PagoFactura.viva)
    assert db.session.scalars(vivas).all() == [otro.id]
