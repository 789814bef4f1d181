"""Treasury's queues with cases, orders in each state, credits with nobody's money, and deposits of agents."""

from datetime import timedelta

from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.models import Caso
from portal.operaciones import casos
from tests import consignaciones, fabricas, tesoreria
from tests.escenas.mundos import Lugares
from tests.escenas.mundos.largos import SIN_ESPACIOS
from tests.escenas.mundos.putumayo_oficinas import cuenta_de
from tests.fabricas import AHORA, liquidacion
from tests.ordenes import aplicacion, aprobar, credito, legalizacion, pagada, rechazar, reversion, tesorero


def poblar() -> Lugares:
    tesoreria.en_marcha()
    return {**_ordenes(), **_casos(), **_consignaciones()}


def _ordenes() -> Lugares:
    propia, otra, resuelve = cuenta_de("tesoreria"), tesorero(), tesorero()
    sin_dueno = credito(9000)
    aprobada = legalizacion(liquidacion((7000,)), otra)
    aprobar(aprobada, resuelve)
    rechazada = legalizacion(liquidacion((3000,)), otra)
    rechazar(rechazada, resuelve)
    de_devuelta = pagada(liquidacion((6000, 8000)))
    debida = liquidacion((4000, 5000))
    for _ in range(12):
        legalizacion(liquidacion((2000,)), otra)
    return {
        "orden_propia": str(legalizacion(liquidacion((5000,)), propia).numero),
        "orden_legalizar": str(legalizacion(liquidacion((5000, 6000)), otra).numero),
        "orden_revertir": str(reversion(de_devuelta, otra).numero),
        "orden_aplicar": str(aplicacion(sin_dueno, debida.facturas[0], otra).numero),
        "orden_aprobada": str(aprobada.numero),
        "orden_rechazada": str(rechazada.numero),
        "recaudo_sin_dueno": str(sin_dueno.id),
        "recaudo_pagado": str(de_devuelta.id),
        "factura_debida": str(debida.facturas[1].numero),
    }


def _casos() -> Lugares:
    propia, contradicho = cuenta_de("tesoreria"), fabricas.pago(liquidacion()).id
    with transaccion():
        for i in range(13):
            casos.abrir(
                ClaseCaso.FIRMA_INVALIDA, f"z{i}", ahora=AHORA - timedelta(hours=i), detalle={"pasarela": "placetopay"}
            )
        casos.abrir(ClaseCaso.RESPUESTA_CONTRADICTORIA, "w", ahora=AHORA, pago_id=contradicho)
    todos = db.session.scalars(select(Caso).order_by(Caso.numero)).all()
    tomado, cerrado = [c for c in todos if c.clase is ClaseCaso.FIRMA_INVALIDA][-2:]
    with transaccion():
        casos.tomar_caso(tomado.id, usuario=propia, ahora=AHORA, peticion="")
        casos.cerrar(cerrado.id, SalidaCaso.REVISADO, nota=SIN_ESPACIOS, usuario=propia, ahora=AHORA, peticion="")
    # The first of each queue.
    de_cada_cola = {f"caso_de_{c.clase.value}": str(c.numero) for c in reversed(todos)}
    return {"caso_tomado": str(tomado.numero), "caso_cerrado": str(cerrado.numero), **de_cada_cola}


def _consignaciones() -> Lugares:
    _, quien = consignaciones.con_deuda((40000, 50000))
    recibida = consignaciones.enviada(quien, 9000, "880001")
    consignaciones.del_banco(9000, "880001")
    sin_linea = consignaciones.enviada(quien, 8000, "880002")
    consignaciones.aceptada(sin_linea)
    rechazada = consignaciones.enviada(quien, 7000, "880003")
    consignaciones.rechazada(rechazada)
    casada = consignaciones.enviada(quien, 6000, "880004")
    consignaciones.aceptada(casada, consignaciones.del_banco(6000, "880004"))
    return {
        "consignacion_recibida": str(recibida.numero),
        "consignacion_sin_linea": str(sin_linea.numero),
        "consignacion_rechazada": str(rechazada.numero),
        "consignacion_aceptada": str(casada.numero),
    }
