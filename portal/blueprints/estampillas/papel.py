"""The stamps as PDF: by the private code of the liquidación, whole; by that of the payment, with the contributor masked."""

from collections.abc import Callable, Sequence

from flask import Response

from portal.blueprints.estampillas.blueprint import bp
from portal.db import transaccion
from portal.documentos.estampilla import Impreso, imprimir_estampillas
from portal.documentos.turnos import por_turnos
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.models import EstampillaElectronica, Liquidacion
from portal.operaciones import estampillas, impresiones, liquidaciones, pagos
from portal.web.acceso import publico
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.estampillas import expedir_de
from portal.web.reloj import ahora, hoy

# What a server lays out in some seconds, and more than any act of the norms bears.
_MAXIMO = 30
_DEMASIADAS = "Son muchas estampillas para un solo archivo. Descárguelas una por una en la página de la liquidación."
_NINGUNA = "No hay estampillas que imprimir: ninguna está pagada ahora."


@bp.get("/liquidacion/<codigo>/estampillas.pdf")
@publico
@por_turnos
def de_liquidacion(codigo: str) -> Response:
    """Every stamp of an act that is paid now."""
    liquidacion = liquidaciones.por_codigo(codigo)
    return _imprimir(liquidacion, lambda _: True, completa=True)


@bp.get("/liquidacion/<codigo>/estampillas/<int:factura>.pdf")
@publico
@por_turnos
def de_factura(codigo: str, factura: int) -> Response:
    """The stamp of one factura."""
    liquidacion = liquidaciones.por_codigo(codigo)
    return _imprimir(liquidacion, lambda e: e.factura.numero == factura, completa=True)


@bp.get("/pago/<codigo>/estampillas.pdf")
@publico
@por_turnos
def de_pago(codigo: str) -> Response:
    """What a payment paid. Who pays may be somebody else, so whose it is shows masked, as in the look-up."""
    pago = pagos.por_codigo(codigo)
    creditos = {recaudo.id for recaudo in pago.recaudos}
    return _imprimir(pago.liquidacion, lambda e: e.recaudo_id in creditos, completa=False)


def _imprimir(liquidacion: Liquidacion, cuales: Callable[[EstampillaElectronica], bool], *, completa: bool) -> Response:
    numero = liquidacion.numero
    expedir_de(liquidacion.id)
    suyas = [e for e in estampillas.de_liquidacion(liquidacion.id) if cuales(e)]
    situaciones = estampillas.situaciones(suyas, hoy())
    pares = [(e, situacion) for e, situacion in zip(suyas, situaciones, strict=True) if situacion.esta_pagada]
    if not pares:
        raise NoExiste(_NINGUNA)
    if len(pares) > _MAXIMO:
        raise DatoInvalido(_DEMASIADAS)
    vigentes = [e for e, _ in pares]
    ajustes = ajustes_actuales()
    impreso = imprimir_estampillas(
        pares,
        departamento=departamento_actual(),
        url=ajustes.url,
        completa=completa,
        demostracion=ajustes.es_demostracion,
    )
    nombre = f"estampilla-{vigentes[0].codigo}" if len(vigentes) == 1 else f"estampillas-{numero}"
    _anotar(vigentes, numero, impreso)
    return Response(
        impreso.pdf, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{nombre}.pdf"'}
    )


def _anotar(vigentes: Sequence[EstampillaElectronica], numero: int, impreso: Impreso) -> None:
    """Keep its digest, once: the same bytes are printed again and again without writing anything."""
    documento = f"estampilla:{vigentes[0].codigo}" if len(vigentes) == 1 else f"liquidacion:{numero}"
    if not impresiones.esta_anotada(documento, impreso.huella):
        with transaccion():
            impresiones.anotar_impresion(documento, impreso.contenido, impreso.huella, ahora=ahora())
