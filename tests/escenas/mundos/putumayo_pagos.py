"""A payment in each state, and the stamps, refunds and claims that come of them."""

from datetime import timedelta

from portal.db import db, transaccion
from portal.dominio.devoluciones import CausalDevolucion
from portal.models import Devolucion, Pago
from portal.operaciones import devoluciones as operacion
from portal.operaciones import reclamos
from portal.operaciones.resultados import Causa, aplicar_resultado
from portal.pasarelas.base import EstadoPasarela
from tests import adhesiones, devoluciones, estampillas, fabricas
from tests.encargos import dejar_sin_efecto, oficial
from tests.escenas.mundos import Lugares
from tests.escenas.mundos.largos import CON_ESPACIOS, SIN_ESPACIOS
from tests.escenas.mundos.sellos import sello_de
from tests.fabricas import AHORA, ESPERA, contrato, liquidacion


def poblar() -> Lugares:
    return {**_pagos(), **_estampillas(), **_devoluciones(), **_reclamos()}


def _pago(estado: EstadoPasarela | None = None) -> Pago:
    """An attempt over stamps of its own, to which the gateway said `estado`."""
    uno = fabricas.pago(liquidacion((4000, 5000)))
    if estado is not None:
        _decir(uno, estado)
    return uno


def _decir(uno: Pago, estado: EstadoPasarela, transaccion_: str | None = "si") -> None:
    dicho = fabricas.respuesta(uno, estado, transaccion=transaccion_ and f"t{uno.id}")
    with transaccion():
        aplicar_resultado(uno.id, dicho, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)
    db.session.refresh(uno)


def _pagos() -> Lugares:
    creado = fabricas.pago(liquidacion((4000, 5000)), enviado=False)
    pendiente = _pago(EstadoPasarela.PENDIENTE)
    aprobado = _pago(EstadoPasarela.APROBADO)
    vencido = _pago()
    _decir(vencido, EstadoPasarela.VENCIDO, None)
    revertido = _pago(EstadoPasarela.APROBADO)
    estampillas.devolver_el_banco(revertido)
    largo = fabricas.pago(contrato("90003", nit="900111444", nombre=SIN_ESPACIOS, contratante=CON_ESPACIOS))
    _decir(largo, EstadoPasarela.APROBADO)
    muchas = fabricas.pago(liquidacion(tuple(range(1000, 14000, 1000))))
    _decir(muchas, EstadoPasarela.APROBADO)
    return {
        "pago_creado": creado.codigo,
        "pago_enviado": _pago().codigo,
        "pago_pendiente": pendiente.codigo,
        "liq_en_verificacion": pendiente.liquidacion.codigo,
        "factura_en_verificacion": str(pendiente.renglones[0].factura.numero),
        "sello_en_verificacion": sello_de(pendiente.liquidacion),
        "pago_aprobado": aprobado.codigo,
        "ref_aprobado": aprobado.referencia,
        "ref_pendiente": pendiente.referencia,
        "pago_rechazado": _pago(EstadoPasarela.RECHAZADO).codigo,
        "pago_fallido": _pago(EstadoPasarela.FALLIDO).codigo,
        "pago_vencido": vencido.codigo,
        "pago_revertido": revertido.codigo,
        "liq_revertida": revertido.liquidacion.codigo,
        "ref_revertido": revertido.referencia,
        "pago_distinto": devoluciones.distinto().codigo,
        "pago_doble": devoluciones.doble().codigo,
        "pago_largo": largo.codigo,
        "ref_largo": largo.referencia,
        "liq_larga_pagada": largo.liquidacion.codigo,
        "pago_muchas": muchas.codigo,
    }


def _estampillas() -> Lugares:
    vigente = estampillas.pagada()
    larga = estampillas.pagada((4000,), nombre=SIN_ESPACIOS, documento="1000000005")
    usada = estampillas.pagada((4000, 5000))
    oficial_ = adhesiones.funcionario("Funcionario de prueba", "Secretaría de Gobierno")
    adhesiones.adherir(usada[0].factura.liquidacion, oficial_)
    revertida = liquidacion((4000,))
    pago = estampillas.pagar(revertida)
    de_revertida = estampillas.expedir(revertida)
    estampillas.devolver_el_banco(pago)
    reemplazada = liquidacion((4000,))
    primero = estampillas.pagar(reemplazada)
    de_reemplazada = estampillas.expedir(reemplazada)[0].codigo
    estampillas.devolver_el_banco(primero)
    estampillas.pagar(reemplazada)
    estampillas.expedir(reemplazada)
    cero = liquidacion((0, 4000))
    estampillas.legalizar_de_cero(cero)
    de_cero = estampillas.expedir(cero)
    anulada = liquidacion((4000, 5000), documento="1000000006")
    dejar_sin_efecto(anulada.id, oficial())
    return {
        "estampilla_vigente": vigente[0].codigo,
        "sello_vigente": vigente[0].sello,
        "liq_pagada": vigente[0].factura.liquidacion.codigo,
        "numero_pagada": str(vigente[0].factura.liquidacion.numero),
        "estampilla_larga": larga[0].codigo,
        "estampilla_usada": usada[0].codigo,
        "liq_usada": usada[0].factura.liquidacion.codigo,
        "estampilla_revertida": de_revertida[0].codigo,
        "estampilla_reemplazada": de_reemplazada,
        "estampilla_cero": de_cero[0].codigo,
        "liq_cero": cero.codigo,
        "liq_anulada": anulada.codigo,
    }


def _devoluciones() -> Lugares:
    solicitada = devoluciones.pedir(devoluciones.doble())
    estudiada = devoluciones.estudiada(devoluciones.pedir(devoluciones.doble()))
    aprobada = devoluciones.aprobada(devoluciones.pedir(devoluciones.doble()))
    pagada = _girada("TR-100")
    negada = devoluciones.estudiada(devoluciones.pedir(devoluciones.doble()))
    quien = devoluciones.tesorero()
    with transaccion():
        operacion.negar(negada, "El libro muestra un solo débito.", devoluciones.firma(quien))
    desistida = devoluciones.pedir(devoluciones.doble())
    with transaccion():
        operacion.desistir(desistida, devoluciones.firma())
    rebotada = _girada("TR-101")
    devoluciones.rebotar(rebotada)
    corregida = _girada("TR-102")
    devoluciones.rebotar(corregida)
    devoluciones.corregir(corregida)
    de_una, uno = devoluciones.pagado((4000, 5000))
    no_debida = devoluciones.aprobada(
        devoluciones.pedir(uno, CausalDevolucion.NO_DEBIDO, tuple(f.numero for f in de_una.facturas))
    )
    devoluciones.girar(no_debida, "TR-103")
    todas = {
        "solicitada": solicitada,
        "estudiada": estudiada,
        "aprobada": aprobada,
        "pagada": pagada,
        "negada": negada,
        "desistida": desistida,
        "rebotada": rebotada,
        "corregida": corregida,
    }
    lugares: Lugares = {}
    for estado, una in todas.items():
        lugares |= {f"dev_{estado}": una.codigo, f"dev_{estado}_numero": str(una.numero)}
    return lugares | {
        "pago_en_devolucion": solicitada.pago.codigo,
        "pago_devuelto": uno.codigo,
        "liq_devuelta": de_una.codigo,
        # A right payment, of which only what was not owed can come back.
        "pago_devolvible": devoluciones.pagado((4000, 5000))[1].codigo,
        "pago_por_devolver": devoluciones.doble().codigo,
    }


def _girada(referencia: str) -> Devolucion:
    una = devoluciones.aprobada(devoluciones.pedir(devoluciones.doble()))
    devoluciones.girar(una, referencia)
    return una


def _reclamos() -> Lugares:
    quien = reclamos.Contacto("persona@correo.test", "3001234567")
    with transaccion():
        caso = reclamos.reclamar("998877665", reclamos.buscar("998877665"), quien, ahora=AHORA - timedelta(hours=3))
        return {"caso_reclamo": str(caso.numero)}
