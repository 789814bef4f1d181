"""What the gateway says, in the portal's words: states, amounts, the bank's code, and nothing personal kept."""

import json
from decimal import Decimal
from typing import Any

import pytest

from portal.pasarelas.base import EstadoPasarela, PasarelaNoDisponible, ResultadoPasarela
from portal.pasarelas.json_estricto import leer_objeto
from tests.pasarelas.pedidos import TransporteDictado, adaptador, sesion, transaccion


def _consultar(dicha: dict[str, Any]) -> ResultadoPasarela:
    leida = leer_objeto(json.dumps(dicha).encode(), maximo=100_000)
    return adaptador(TransporteDictado(leida)).consultar("181348")


@pytest.mark.parametrize(
    ("dicha", "estado"),
    [
        (sesion("PENDING", motivo="PT"), EstadoPasarela.PENDIENTE),
        (sesion("PENDING", transaccion("REJECTED"), transaccion("REJECTED"), motivo="PT"), EstadoPasarela.PENDIENTE),
        (sesion("APPROVED", transaccion()), EstadoPasarela.APROBADO),
        (sesion("APPROVED", transaccion("REJECTED"), transaccion()), EstadoPasarela.APROBADO),
        (sesion("APPROVED"), EstadoPasarela.PENDIENTE),
        (sesion("APPROVED", transaccion("PENDING")), EstadoPasarela.PENDIENTE),
        (sesion("APPROVED", transaccion(refunded=True)), EstadoPasarela.APROBADO_CON_DEVOLUCION),
        (sesion("APPROVED", transaccion("REFUNDED")), EstadoPasarela.REVERTIDO),
        (sesion("APPROVED", transaccion(refunded=True), transaccion()), EstadoPasarela.APROBADO),
        (sesion("APPROVED", transaccion(refunded="false")), EstadoPasarela.PENDIENTE),
        (sesion("REJECTED", motivo="?C"), EstadoPasarela.RECHAZADO),
        (sesion("REJECTED", motivo="MC"), EstadoPasarela.RECHAZADO),
        (sesion("REJECTED", transaccion("REJECTED"), motivo="XN"), EstadoPasarela.RECHAZADO),
        (sesion("REJECTED", motivo="EX"), EstadoPasarela.VENCIDO),
        (sesion("REJECTED", transaccion("REJECTED"), motivo="EX"), EstadoPasarela.VENCIDO),
        (sesion("REJECTED", transaccion("PENDING"), motivo="EX"), EstadoPasarela.PENDIENTE),
        (sesion("REJECTED", transaccion("PENDING_CONFIRMATION"), motivo="?C"), EstadoPasarela.PENDIENTE),
        (sesion("REJECTED", transaccion("FAILED"), motivo="XN"), EstadoPasarela.FALLIDO),
        (sesion("FAILED"), EstadoPasarela.FALLIDO),
        (sesion("APPROVED_PARTIAL", transaccion()), EstadoPasarela.PENDIENTE),
        (sesion("PARTIAL_EXPIRED", transaccion()), EstadoPasarela.PENDIENTE),
        (sesion("approved", transaccion()), EstadoPasarela.PENDIENTE),
        (sesion("APROBADA", transaccion()), EstadoPasarela.PENDIENTE),
        (sesion("REJECTED", transaccion("OTHER"), motivo="XN"), EstadoPasarela.PENDIENTE),
    ],
)
def test_traduce_el_estado_de_la_sesion(dicha: dict[str, Any], estado: EstadoPasarela) -> None:
    assert _consultar(dicha).estado is estado


@pytest.mark.parametrize(
    ("crudo", "pesos"),
    [(1000, "1000"), (1000.5, "1000.5"), ("1000000.00", "1000000"), ("999999999999999.99", "999999999999999.99")],
)
def test_los_valores_son_exactos(crudo: object, pesos: str) -> None:
    importe = {"currency": "COP", "total": crudo}
    dicha = sesion("APPROVED", transaccion(amount={"from": importe, "to": importe, "factor": 1}))
    dicha["request"]["payment"]["amount"] = importe
    resultado = _consultar(dicha)
    assert resultado.total == resultado.transacciones[0].valor == Decimal(pesos)


@pytest.mark.parametrize("crudo", [None, True, -1, "-1", "1e3", "1,000", "", [], {}, "NaN", 10**25, "١٠٠", "0x1F"])
def test_un_valor_ilegible_no_dice_nada(crudo: object) -> None:
    dicha = sesion("APPROVED", transaccion())
    dicha["request"]["payment"]["amount"]["total"] = crudo
    with pytest.raises(PasarelaNoDisponible):
        _consultar(dicha)


@pytest.mark.parametrize(
    ("cambios", "cus"),
    [
        ({}, "2408909"),
        ({"processorFields": [{"keyword": "trazabilityCode", "value": 77}]}, "77"),
        ({"processorFields": None}, "2408909"),
        ({"processorFields": [None, 5, {"keyword": []}]}, "2408909"),
        ({"processorFields": [], "authorization": "000000"}, None),
        ({"processorFields": [], "authorization": None}, None),
    ],
)
def test_el_cus_sale_del_campo_de_trazabilidad_o_de_la_autorizacion(cambios: dict[str, Any], cus: str | None) -> None:
    assert _consultar(sesion("APPROVED", transaccion(**cambios))).transacciones[0].cus == cus


@pytest.mark.parametrize("fecha", [None, "ayer", "2025-06-24T10:00:00", 5])
def test_una_fecha_que_no_se_entiende_no_se_inventa(fecha: object) -> None:
    estado = {"status": "APPROVED", "date": fecha}
    assert _consultar(sesion("APPROVED", transaccion(status=estado))).transacciones[0].fecha is None


@pytest.mark.parametrize(
    "cambios",
    [
        {"requestId": 5},
        {"requestId": None},
        {"status": None},
        {"status": {}},
        {"status": {"status": ["APPROVED"]}},
        {"request": None},
        {"request": {"payment": None}},
        {"request": {"payment": {"reference": 5, "amount": {"currency": "COP", "total": 1}}}},
        {"request": {"payment": {"reference": "A", "amount": {"currency": None, "total": 1}}}},
        {"payment": "no"},
        {"payment": [5]},
        {"payment": [{}]},
        {"payment": [transaccion(internalReference=None)]},
        {"payment": [transaccion(amount=None)]},
        {"payment": [transaccion(status=None)]},
    ],
)
def test_una_sesion_que_no_se_entiende_no_dice_nada(cambios: dict[str, Any]) -> None:
    with pytest.raises(PasarelaNoDisponible):
        _consultar(sesion("APPROVED", transaccion(), **{}) | cambios)


def test_una_respuesta_401_o_404_ajena_no_dice_nada_del_pago() -> None:
    for estado, motivo in ((401, 401), (403, 403), (404, "NA"), (400, "BR")):
        dicho = {"status": {"status": "FAILED", "reason": motivo, "message": "x"}}
        with pytest.raises(PasarelaNoDisponible):
            adaptador(TransporteDictado(dicho, estado)).consultar("181348")


def test_lo_que_se_guarda_no_trae_personas() -> None:
    dicha = sesion("APPROVED", transaccion(processorFields=[{"keyword": "accountNumber", "value": "998877"}]))
    dicha["request"]["payer"] = {"name": "prueba", "email": "prueba@ejemplo.co"}
    dicha["request"]["ipAddress"] = "192.0.2.7"
    crudo = _consultar(dicha).crudo
    assert json.loads(crudo)["requestId"] == 181348
    for personal in ("prueba", "1212312323", "192.0.2.7", "998877"):
        assert personal not in crudo
