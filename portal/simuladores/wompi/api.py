"""The API under `/v1`, with its checks in the order in which the real one makes them."""

import hashlib
import hmac
from typing import Any

from flask import Blueprint, Response, jsonify, request

from portal.simuladores.maquinaria import averias
from portal.simuladores.wompi import protocolo, simulador
from portal.simuladores.wompi.fichas import FichaInvalida
from portal.simuladores.wompi.protocolo import PedidoInvalido, SinMetodo
from portal.simuladores.wompi.transacciones import ReferenciaUsada, Transaccion

bp = Blueprint("api", __name__, url_prefix="/v1")
Contestacion = tuple[dict[str, Any], int]
_NO_EXISTE = ({"error": {"type": "NOT_FOUND_ERROR", "reason": "La entidad solicitada no existe"}}, 404)
_SIN_LLAVE = ({"error": {"type": "INVALID_ACCESS_TOKEN", "reason": "Llave no válida"}}, 401)
_SIN_PERMISO = (
    {"error": {"type": "INVALID_ACCESS_TOKEN", "reason": "El token no tiene suficientes permisos"}},
    403,
)


@bp.get("/merchants/<llave>")
def comercio(llave: str) -> Response:
    return _con_averias("comercio", lambda: _comercio(llave))


@bp.get("/pse/financial_institutions")
def bancos() -> Response:
    return _con_averias("bancos", _bancos)


@bp.post("/transactions")
def crear() -> Response:
    return _con_averias("crear", _crear)


@bp.get("/transactions/<identificador>")
def consultar(identificador: str) -> Response:
    return _con_averias("consultar", lambda: _consultar(identificador))


@bp.get("/transactions")
def buscar() -> Response:
    return _con_averias("buscar", _buscar)


@bp.post("/transactions/<identificador>/void")
def anular(identificador: str) -> Response:
    return _con_averias("anular", lambda: _anular(identificador))


@bp.app_errorhandler(404)
def no_encontrada(_error: Exception) -> Response:
    return _responder(_NO_EXISTE)


def _comercio(llave: str) -> Contestacion:
    """Both forms: the new one with the key in a header, the old one with the key in the address."""
    ajustes, formas = simulador().ajustes, simulador().almacen.interruptor("formas") or "ambas"
    nueva = llave == "info"
    dicha = request.headers.get("X-Merchant-Public-Key", "") if nueva else llave
    if formas not in ("ambas", "nueva" if nueva else "vieja") or dicha != ajustes.publica:
        return _NO_EXISTE
    fichas = simulador().fichas
    return {
        "data": {
            "id": 1,
            "name": ajustes.comercio,
            "public_key": ajustes.publica,
            "accepted_payment_methods": ["PSE"],
            "presigned_acceptance": fichas.emitir("acceptance_token"),
            "presigned_personal_data_auth": fichas.emitir("accept_personal_auth"),
        },
        "meta": {},
    }, 200


def _bancos() -> Contestacion:
    if _llave() != simulador().ajustes.publica:
        return _SIN_LLAVE
    filas = [
        {"financial_institution_code": codigo, "financial_institution_name": nombre}
        for codigo, nombre in protocolo.BANCOS.items()
    ]
    return {"data": filas, "meta": {}}, 200


def _crear() -> Contestacion:
    """Body, key, acceptance tokens, signature: it complains of the first thing only, and the tokens are spent by then."""
    try:
        pedido = protocolo.exigir_pedido(request.get_json(silent=True))
        if _llave() != simulador().ajustes.publica:
            return _SIN_LLAVE
        _gastar_fichas(pedido)
        if not pedido.get("signature"):
            return _imposible("Firma de integridad requerida no enviada")
        if not _firma_valida(pedido):
            return _imposible("La firma es inválida")
        transaccion = simulador().transacciones.crear(pedido)
    except SinMetodo:
        return _imposible("No se especificó método de pago o fuente de pago")
    except PedidoInvalido as error:
        return _invalido(error.mensajes)
    except ReferenciaUsada:
        return _invalido({"reference": ["La referencia ya ha sido usada"]})
    dicha = protocolo.contar(transaccion.fila, simulador().ajustes, con_direccion=False)
    return {"data": dicha, "meta": {}}, 201


def _gastar_fichas(pedido: dict[str, Any]) -> None:
    for tipo in ("acceptance_token", "accept_personal_auth"):
        try:
            simulador().fichas.exigir(pedido[tipo], tipo)
        except FichaInvalida as error:
            raise PedidoInvalido({tipo: [str(error)]}) from None


def _firma_valida(pedido: dict[str, Any]) -> bool:
    base = f"{pedido['reference']}{pedido['amount_in_cents']}{pedido['currency']}{simulador().ajustes.integridad}"
    return hmac.compare_digest(hashlib.sha256(base.encode()).hexdigest(), str(pedido["signature"]))


def _consultar(identificador: str) -> Contestacion:
    transaccion = simulador().transacciones.ver("id", identificador)
    if _llave() not in ("", simulador().ajustes.publica, simulador().ajustes.privada):
        return _SIN_LLAVE
    return ({"data": _contar(transaccion), "meta": {}}, 200) if transaccion else _NO_EXISTE


def _buscar() -> Contestacion:
    if _llave() != simulador().ajustes.privada:
        return _SIN_PERMISO
    transaccion = simulador().transacciones.ver("referencia", request.args.get("reference", ""))
    return {"data": [_contar(transaccion)] if transaccion else [], "meta": {}}, 200


def _anular(identificador: str) -> Contestacion:
    if _llave() != simulador().ajustes.privada:
        return _SIN_PERMISO
    if simulador().transacciones.ver("id", identificador) is None:
        return _NO_EXISTE
    return _imposible("Solo se pueden anular transacciones con tarjeta")


def _contar(transaccion: Transaccion) -> dict[str, Any]:
    return protocolo.contar(transaccion.fila, simulador().ajustes, con_direccion=transaccion.con_direccion)


def _llave() -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _imposible(razon: str) -> Contestacion:
    return {"error": {"type": "UNPROCESSABLE", "reason": razon}}, 422


def _invalido(mensajes: dict[str, list[str]]) -> Contestacion:
    return {"error": {"type": "INPUT_VALIDATION_ERROR", "messages": mensajes}}, 422


def _con_averias(ruta: str, contestar: Any) -> Response:
    if not simulador().ajustes.control:
        return _responder(contestar())
    return averias.con_averias(simulador().almacen, ruta, lambda: _responder(contestar()), _alterada)


def _alterada(cuerpo: dict[str, Any], averia: dict[str, Any]) -> dict[str, Any]:
    """`alterar` may say other `valor` (pesos), `centavos` (as it is), `moneda`, `referencia`, `estado` or `url`."""
    dicha = cuerpo["data"][0] if isinstance(cuerpo["data"], list) else cuerpo["data"]
    if averia["tipo"] == "pendiente":
        dicha.update(status="PENDING", status_message=None, finalized_at=None)
        return cuerpo
    campos = {"moneda": "currency", "referencia": "reference", "estado": "status", "centavos": "amount_in_cents"}
    dicha.update({suyo: averia[nuestro] for nuestro, suyo in campos.items() if nuestro in averia})
    if "valor" in averia:
        dicha["amount_in_cents"] = int(averia["valor"]) * 100
    if "url" in averia:
        dicha["payment_method"].setdefault("extra", {})["async_payment_url"] = averia["url"]
    return cuerpo


def _responder(contestacion: Contestacion) -> Response:
    cuerpo, http = contestacion
    respuesta = jsonify(cuerpo)
    respuesta.status_code = http
    return respuesta
