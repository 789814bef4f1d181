"""What Wompi says, in the portal's words. A Wompi transaction is one debit: session and transaction are the same thing.

    transaction     means
    PENDING         PENDIENTE, whether or not the payer has been at the bank: nothing tells them apart
    APPROVED        APROBADO
    DECLINED        RECHAZADO
    ERROR           FALLIDO
    VOIDED          REVERTIDO: published for cards only, and only after an approval
    any other word  PENDIENTE and a warning

Amounts are integers of centavos and nothing else: `1000.0`, `"1000"` and `true` are refused.
"""

import json
import logging
import re
from decimal import Decimal
from typing import Any

from portal.pasarelas.base import (
    Banco,
    Condicion,
    EstadoPasarela,
    PasarelaNoDisponible,
    ResultadoPasarela,
    TransaccionPasarela,
)
from portal.pasarelas.direcciones import del_dominio, del_mismo_sitio
from portal.pasarelas.lectura import exigir, exigir_forma, fecha, o_nada, objeto, texto

registro = logging.getLogger(__name__)

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_CODIGO_BANCO = re.compile(r"[A-Za-z0-9]{1,10}")
_FICHA = re.compile(r"[A-Za-z0-9_-]{1,2000}(?:\.[A-Za-z0-9_-]{1,2000}){2}")
_MAXIMO_CENTAVOS = 10**15
_MAXIMO_BANCOS = 300
_ESTADO = {
    "PENDING": EstadoPasarela.PENDIENTE,
    "APPROVED": EstadoPasarela.APROBADO,
    "DECLINED": EstadoPasarela.RECHAZADO,
    "ERROR": EstadoPasarela.FALLIDO,
    "VOIDED": EstadoPasarela.REVERTIDO,
}
# Field of the merchant's answer -> our name for it, and what the payer reads.
_CONDICIONES = {
    "presigned_acceptance": ("reglamento", "el reglamento y la política de privacidad de Wompi"),
    "presigned_personal_data_auth": (
        "datos_personales",
        "la autorización para el tratamiento de sus datos personales",
    ),
}
# Who answers for the pages where PSE sends people, besides the gateway itself.
_DOMINIO_PSE = "pse.com.co"
_DOMINIOS_DE_DOCUMENTOS = ("wompi.co", "wompi.com")
_GUARDADO = ("id", "status", "status_message", "reference", "amount_in_cents", "currency", "created_at", "finalized_at")
_GUARDADO_EXTRA = ("ticket_id", "return_code", "traceability_code", "transaction_cycle", "bank_processing_date")


def leer_id(cuerpo: dict[str, Any]) -> str:
    """The id of a transaction just created. Raises `PasarelaNoDisponible`."""
    return exigir_forma(ID, texto(objeto(cuerpo, "data").get("id")), "id")


def leer_transaccion(cuerpo: dict[str, Any], id_pasarela: str, url_api: str) -> ResultadoPasarela:
    """Translate the answer about transaction `id_pasarela`. Raises `PasarelaNoDisponible` if it does not read as one."""
    if leer_id(cuerpo) != id_pasarela:
        raise PasarelaNoDisponible("an answer about another transaction")
    return _resultado(objeto(cuerpo, "data"), url_api)


def leer_halladas(cuerpo: dict[str, Any], referencia: str, url_api: str) -> ResultadoPasarela | None:
    """The transaction of ours among those found; None when there is none. Raises `PasarelaNoDisponible`.

    References are unique at the gateway. Should two answer to one of ours, the approved one counts, else the last.
    """
    halladas = cuerpo.get("data")
    if not isinstance(halladas, list) or not all(isinstance(t, dict) for t in halladas):
        raise PasarelaNoDisponible("unreadable list of transactions")
    nuestras = [_resultado(t, url_api) for t in halladas if t.get("reference") == referencia]
    if len(nuestras) > 1:
        registro.warning("Wompi has %s transactions with one reference", len(nuestras))
    aprobadas = [r for r in nuestras if r.estado is EstadoPasarela.APROBADO]
    elegidas = aprobadas or nuestras
    return elegidas[-1] if elegidas else None


def leer_bancos(cuerpo: dict[str, Any]) -> tuple[Banco, ...]:
    """The banks, without the entry of code 0 that only says «choose». Raises `PasarelaNoDisponible` when there are none."""
    crudos = cuerpo.get("data")
    if not isinstance(crudos, list) or not all(isinstance(b, dict) for b in crudos) or len(crudos) > _MAXIMO_BANCOS:
        raise PasarelaNoDisponible("unreadable list of banks")
    bancos: dict[str, Banco] = {}
    for crudo in crudos:
        codigo = texto(crudo.get("financial_institution_code"))
        nombre = " ".join(texto(crudo.get("financial_institution_name")).split())[:80]
        if _CODIGO_BANCO.fullmatch(codigo) and codigo.strip("0") and nombre:
            bancos[codigo] = Banco(codigo, nombre)
    if not bancos:
        raise PasarelaNoDisponible("an empty list of banks")
    return tuple(bancos.values())


def leer_condiciones(cuerpo: dict[str, Any], url_api: str) -> tuple[Condicion, ...]:
    """The documents to accept with their tokens. Raises `PasarelaNoDisponible` when one is missing or lives elsewhere."""
    comercio = objeto(cuerpo, "data")
    return tuple(
        Condicion(
            codigo=codigo,
            titulo=titulo,
            enlace=_enlace(objeto(comercio, campo).get("permalink"), url_api),
            ficha=exigir_forma(_FICHA, texto(objeto(comercio, campo).get("acceptance_token")), "acceptance_token"),
        )
        for campo, (codigo, titulo) in _CONDICIONES.items()
    )


def leer_error(cuerpo: dict[str, Any]) -> tuple[str, str]:
    """The kind of an error and what it says, cut to what can be stored; nothing of it is shown as it comes."""
    error = cuerpo.get("error")
    if not isinstance(error, dict):
        return "", ""
    mensajes = error.get("messages")
    dicho = json.dumps(mensajes, ensure_ascii=False, default=str) if isinstance(mensajes, dict | list) else ""
    return texto(error.get("type"))[:40], (texto(error.get("reason")) or dicho)[:255]


def dice_repetida(cuerpo: dict[str, Any]) -> bool:
    """Whether a refusal complains of the reference."""
    error = cuerpo.get("error")
    mensajes = error.get("messages") if isinstance(error, dict) else None
    return isinstance(mensajes, dict) and "reference" in mensajes


def _enlace(crudo: object, url_api: str) -> str:
    suyo = del_mismo_sitio(url_api, crudo)
    for dominio in _DOMINIOS_DE_DOCUMENTOS:
        suyo = suyo or del_dominio(dominio, crudo)
    if suyo is None:
        raise PasarelaNoDisponible("conditions outside the gateway's site")
    return suyo


def _resultado(dicha: dict[str, Any], url_api: str) -> ResultadoPasarela:
    identificador = exigir_forma(ID, texto(dicha.get("id")), "id")
    estado = _estado(identificador, dicha)
    extra = _extra(dicha)
    valor, moneda = _pesos(dicha.get("amount_in_cents")), exigir(dicha.get("currency"), "currency")
    mensaje = texto(dicha.get("status_message"))[:255]
    transaccion = TransaccionPasarela(
        id=identificador,
        estado=estado,
        valor=valor,
        moneda=moneda,
        cus=o_nada(extra.get("traceability_code")),
        # It tells the code only; the name is the one that the payer chose.
        banco=None,
        autorizacion=o_nada(extra.get("external_identifier")),
        recibo=o_nada(extra.get("ticket_id")),
        fecha=fecha(dicha.get("finalized_at")),
        motivo=texto(extra.get("return_code"))[:40],
        mensaje=mensaje,
    )
    return ResultadoPasarela(
        id_pasarela=identificador,
        referencia=exigir(dicha.get("reference"), "reference"),
        estado=estado,
        total=valor,
        moneda=moneda,
        transacciones=(transaccion,),
        mensaje=mensaje,
        crudo=_sin_personas(dicha, extra),
        url=_direccion(identificador, extra.get("async_payment_url"), url_api),
    )


def _estado(identificador: str, dicha: dict[str, Any]) -> EstadoPasarela:
    palabra = exigir(dicha.get("status"), "status")
    if palabra not in _ESTADO:
        registro.warning("Wompi transaction %s says %r: taken as pending", identificador, palabra[:40])
    return _ESTADO.get(palabra, EstadoPasarela.PENDIENTE)


def _extra(dicha: dict[str, Any]) -> dict[str, Any]:
    metodo = dicha.get("payment_method")
    extra = metodo.get("extra") if isinstance(metodo, dict) else None
    return extra if isinstance(extra, dict) else {}


def _direccion(identificador: str, dicha: object, url_api: str) -> str | None:
    """The payer's address, if it is the gateway's or PSE's own; one that is not is as if it had not come yet."""
    if dicha is None:
        return None
    direccion = del_mismo_sitio(url_api, dicha) or del_dominio(_DOMINIO_PSE, dicha)
    if direccion is None:
        registro.error("Wompi transaction %s told an address outside its own site and PSE's", identificador)
    return direccion


def _pesos(crudo: object) -> Decimal:
    if not isinstance(crudo, int) or isinstance(crudo, bool) or not 0 < crudo <= _MAXIMO_CENTAVOS * 100:
        raise PasarelaNoDisponible("unreadable amount_in_cents")
    return Decimal(crudo) / 100


def _sin_personas(dicha: dict[str, Any], extra: dict[str, Any]) -> str:
    """The answer to be kept: named fields only, so that nobody's name, document, e-mail or telephone comes along."""
    guardado = {clave: dicha[clave] for clave in _GUARDADO if clave in dicha}
    guardado["extra"] = {clave: extra[clave] for clave in _GUARDADO_EXTRA if clave in extra}
    return json.dumps(guardado, ensure_ascii=False, default=str)
