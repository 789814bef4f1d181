"""What PlacetoPay says of a session, in the portal's words.

    session            means                                                  reasons seen
    PENDING            PENDIENTE, refused attempts inside or not              PT
    APPROVED           APROBADO, if one of its transactions is approved       00
                       APROBADO_CON_DEVOLUCION or REVERTIDO, if none is plainly so and one was refunded
    REJECTED           RECHAZADO: the payer gave up, or attempts ran out      ?C MC XN
                       VENCIDO: nobody paid in time                           EX
                       FALLIDO: the last transaction is FAILED
    FAILED             FALLIDO
    APPROVED_PARTIAL   PENDIENTE and a warning: we never ask in parts         P0
    PARTIAL_EXPIRED    PENDIENTE and a warning                                PX
    any other word     PENDIENTE and a warning

    transaction        means
    APPROVED           APROBADO; with `refunded` true, APROBADO_CON_DEVOLUCION: the protocol says neither how much nor why
    REFUNDED           REVERTIDO
    REJECTED           RECHAZADO
    FAILED             FALLIDO
    PENDING, PENDING_CONFIRMATION, any other word: PENDIENTE (the last with a warning)

A session that ended while one of its transactions is still at the bank is PENDIENTE: that debit may yet be approved.
"""

import json
import logging
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from portal.pasarelas.base import EstadoPasarela, PasarelaNoDisponible, ResultadoPasarela, TransaccionPasarela
from portal.pasarelas.lectura import exigir, exigir_forma, fecha, o_nada, objeto, texto

registro = logging.getLogger(__name__)

_IMPORTE = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,10})?")
_ID = re.compile(r"[0-9]{1,20}")
_CADUCADA = "EX"
_SESION = {
    "PENDING": EstadoPasarela.PENDIENTE,
    "APPROVED": EstadoPasarela.APROBADO,
    "REJECTED": EstadoPasarela.RECHAZADO,
    "FAILED": EstadoPasarela.FALLIDO,
}
_TRANSACCION = {
    **_SESION,
    "PENDING_CONFIRMATION": EstadoPasarela.PENDIENTE,
    "REFUNDED": EstadoPasarela.REVERTIDO,
}
# The protocol spells the bank network's code in more than one way.
_CUS = ("trazabilyCode", "trazabilityCode")
_GUARDADO = ("status", "internalReference", "reference", "amount", "authorization", "receipt", "issuerName", "refunded")
_SIN_AUTORIZACION = re.compile(r"0*")


def leer_id(cuerpo: dict[str, Any]) -> str:
    """The `requestId` as text. Raises `PasarelaNoDisponible` when there is none that can be asked about."""
    return exigir_forma(_ID, texto(cuerpo.get("requestId")), "requestId")


def leer_sesion(cuerpo: dict[str, Any], id_pasarela: str) -> ResultadoPasarela:
    """Translate the answer about session `id_pasarela`. Raises `PasarelaNoDisponible` if it does not read as one."""
    if leer_id(cuerpo) != id_pasarela:
        raise PasarelaNoDisponible("an answer about another session")
    estado = objeto(cuerpo, "status")
    pago = objeto(objeto(cuerpo, "request"), "payment")
    importe = objeto(pago, "amount")
    crudas = cuerpo.get("payment") or []
    if not isinstance(crudas, list) or not all(isinstance(t, dict) for t in crudas):
        raise PasarelaNoDisponible("unreadable transactions")
    transacciones = tuple(_transaccion(t) for t in crudas)
    return ResultadoPasarela(
        id_pasarela=id_pasarela,
        referencia=exigir(pago.get("reference"), "reference"),
        estado=_estado_sesion(id_pasarela, estado, transacciones),
        total=_importe(importe.get("total")),
        moneda=exigir(importe.get("currency"), "currency"),
        transacciones=transacciones,
        mensaje=texto(estado.get("message"))[:255],
        crudo=_sin_personas(cuerpo, estado, pago, crudas),
    )


def _estado_sesion(
    id_pasarela: str, estado: dict[str, Any], transacciones: Sequence[TransaccionPasarela]
) -> EstadoPasarela:
    palabra = exigir(estado.get("status"), "status")
    estados = {t.estado for t in transacciones}
    if palabra not in _SESION:
        registro.warning("PlacetoPay session %s says %r: taken as pending", id_pasarela, palabra[:40])
        return EstadoPasarela.PENDIENTE
    traducido = _SESION[palabra]
    if traducido is EstadoPasarela.APROBADO:
        if EstadoPasarela.APROBADO in estados:
            return traducido
        for devuelta in (EstadoPasarela.APROBADO_CON_DEVOLUCION, EstadoPasarela.REVERTIDO):
            if devuelta in estados:
                return devuelta
        registro.warning("PlacetoPay session %s is approved without an approved transaction", id_pasarela)
        return EstadoPasarela.PENDIENTE
    if EstadoPasarela.PENDIENTE in estados:
        return EstadoPasarela.PENDIENTE
    return _rechazo(estado, transacciones) if traducido is EstadoPasarela.RECHAZADO else traducido


def _rechazo(estado: dict[str, Any], transacciones: Sequence[TransaccionPasarela]) -> EstadoPasarela:
    if estado.get("reason") == _CADUCADA:
        return EstadoPasarela.VENCIDO
    if transacciones and transacciones[-1].estado is EstadoPasarela.FALLIDO:
        return EstadoPasarela.FALLIDO
    return EstadoPasarela.RECHAZADO


def _transaccion(cruda: dict[str, Any]) -> TransaccionPasarela:
    estado = objeto(cruda, "status")
    # `from` is what the payer was asked for; `to`, the same converted for the processor.
    importe = objeto(objeto(cruda, "amount"), "from")
    identificador = exigir_forma(_ID, texto(cruda.get("internalReference")), "internalReference")
    autorizacion = o_nada(cruda.get("authorization"))
    return TransaccionPasarela(
        id=identificador,
        estado=_estado_transaccion(identificador, estado, cruda.get("refunded")),
        valor=_importe(importe.get("total")),
        moneda=exigir(importe.get("currency"), "currency"),
        cus=_cus(cruda.get("processorFields")) or _solo_real(autorizacion),
        banco=o_nada(cruda.get("issuerName")),
        autorizacion=_solo_real(autorizacion),
        recibo=o_nada(cruda.get("receipt")),
        fecha=fecha(estado.get("date")),
        motivo=texto(estado.get("reason"))[:40],
        mensaje=texto(estado.get("message"))[:255],
    )


def _estado_transaccion(identificador: str, estado: dict[str, Any], devuelta: object) -> EstadoPasarela:
    palabra = exigir(estado.get("status"), "status")
    traducido = _TRANSACCION.get(palabra)
    if traducido is None:
        registro.warning("PlacetoPay transaction %s says %r: taken as pending", identificador, palabra[:40])
        return EstadoPasarela.PENDIENTE
    if traducido is EstadoPasarela.APROBADO and devuelta not in (False, None):
        registro.warning("PlacetoPay transaction %s is approved and refunded (%r)", identificador, devuelta)
        return EstadoPasarela.APROBADO_CON_DEVOLUCION if devuelta is True else EstadoPasarela.PENDIENTE
    return traducido


def _cus(campos: object) -> str | None:
    for campo in campos if isinstance(campos, list) else []:
        if isinstance(campo, dict) and campo.get("keyword") in _CUS:
            return o_nada(campo.get("value"))
    return None


def _solo_real(autorizacion: str | None) -> str | None:
    """Without the zeros that stand for «none»."""
    return None if autorizacion is None or _SIN_AUTORIZACION.fullmatch(autorizacion) else autorizacion


def _importe(crudo: object) -> Decimal:
    """An exact amount in pesos: a JSON number, or the decimal text that some answers carry."""
    if isinstance(crudo, Decimal) and crudo.is_finite():
        crudo = format(crudo, "f")
    cifras = str(crudo) if isinstance(crudo, int | str) and not isinstance(crudo, bool) else ""
    return Decimal(exigir_forma(_IMPORTE, cifras, "amount"))


def _sin_personas(
    cuerpo: dict[str, Any], estado: dict[str, Any], pago: dict[str, Any], crudas: list[dict[str, Any]]
) -> str:
    """The answer to be kept: named fields only, so that nobody's name, document, account or address comes along."""
    guardado = {
        "requestId": cuerpo.get("requestId"),
        "status": estado,
        "request": {"payment": {"reference": pago.get("reference"), "amount": pago.get("amount")}},
        "payment": [{clave: t[clave] for clave in _GUARDADO if clave in t} for t in crudas],
    }
    return json.dumps(guardado, ensure_ascii=False, default=str)
