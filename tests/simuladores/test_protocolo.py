"""The simulator speaks the documented protocol: who may ask, what a request must bring, how a session lives and ends."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.servidores import SimuladorEnMarcha, esperar, simulador_placetopay


@pytest.fixture
def simulador(tmp_path: Path) -> Iterator[SimuladorEnMarcha]:
    with simulador_placetopay(tmp_path, intentos="3") as marcha:
        yield marcha


def _auth(simulador: SimuladorEnMarcha, *, hace: timedelta = timedelta(0), **cambios: Any) -> dict[str, Any]:
    semilla = (datetime.now(UTC) - hace).isoformat(timespec="seconds")
    nonce = b"12345678"
    llave = hashlib.sha256(nonce + semilla.encode() + simulador.ajustes["PLACETOPAY_CLAVE"].encode()).digest()
    propia = {
        "login": simulador.ajustes["PLACETOPAY_LOGIN"],
        "tranKey": base64.b64encode(llave).decode(),
        "nonce": base64.b64encode(nonce).decode(),
        "seed": semilla,
    }
    return {**propia, **cambios}


def _pedir(simulador: SimuladorEnMarcha, ruta: str, cuerpo: Any = None, **auth: Any) -> httpx2.Response:
    return httpx2.post(
        f"{simulador.url}/api/{ruta}", json={"auth": _auth(simulador, **auth), **(cuerpo or {})}, trust_env=False
    )


def _pedido(**cambios: Any) -> dict[str, Any]:
    base = {
        "payment": {"reference": "L1-A", "description": "Prueba", "amount": {"currency": "COP", "total": 1000}},
        "returnUrl": "http://localhost/pago/abc",
        "ipAddress": "192.0.2.7",
        "userAgent": "Prueba",
    }
    return {k: v for k, v in {**base, **cambios}.items() if v is not None}


def _crear(simulador: SimuladorEnMarcha, **cambios: Any) -> tuple[int, str]:
    creada = _pedir(simulador, "session", _pedido(**cambios)).json()
    return creada["requestId"], creada["processUrl"]


def _estado(simulador: SimuladorEnMarcha, numero: int) -> tuple[str, str]:
    estado = _pedir(simulador, f"session/{numero}").json()["status"]
    return estado["status"], estado["reason"]


def test_crea_y_cuenta_una_sesion_como_en_la_documentacion(simulador: SimuladorEnMarcha) -> None:
    respuesta = _pedir(simulador, "session", _pedido(buyer={"name": "prueba"}))
    creada = respuesta.json()
    assert respuesta.status_code == 200
    assert set(creada) == {"status", "requestId", "processUrl"}
    assert (creada["status"]["status"], creada["status"]["reason"]) == ("OK", "PC")
    contada = _pedir(simulador, f"session/{creada['requestId']}").json()
    assert set(contada) == {"requestId", "status", "request", "payment", "subscription"}
    assert contada["payment"] is None
    assert "auth" not in contada["request"]
    assert contada["request"]["payment"]["amount"] == {"currency": "COP", "total": 1000}


@pytest.mark.parametrize(
    ("cambios", "codigo"),
    [
        ({"login": "otro"}, 101),
        ({"tranKey": "bWFsYQ=="}, 102),
        ({"nonce": "bWFsYQ=="}, 102),
        ({"nonce": ""}, 107),
        ({"nonce": None}, 107),
        ({"nonce": "no es base64"}, 107),
        ({"seed": 5}, 107),
        ({"hace": timedelta(minutes=6)}, 103),
        ({"hace": timedelta(minutes=-6)}, 103),
    ],
)
def test_rechaza_a_quien_no_se_autentica(simulador: SimuladorEnMarcha, cambios: dict[str, Any], codigo: int) -> None:
    respuesta = _pedir(simulador, "session", _pedido(), **cambios)
    assert respuesta.status_code == 401
    estado = respuesta.json()["status"]
    assert (estado["status"], estado["reason"], estado["message"]) == ("FAILED", 401, f"Autenticación fallida {codigo}")


@pytest.mark.parametrize("minutos", [-4, 0, 4])
def test_admite_relojes_que_difieren_menos_de_cinco_minutos(simulador: SimuladorEnMarcha, minutos: int) -> None:
    assert _pedir(simulador, "session", _pedido(), hace=timedelta(minutes=minutos)).status_code == 200


def test_sin_auth_o_sin_decir_que_es_json_es_el_error_100(simulador: SimuladorEnMarcha) -> None:
    for enviado in (
        {"json": _pedido()},
        {"content": b"{"},
        {"content": b"{}", "headers": {"Content-Type": "text/plain"}},
    ):
        respuesta = httpx2.post(f"{simulador.url}/api/session", trust_env=False, **enviado)
        assert respuesta.json()["status"]["message"] == "Autenticación fallida 100"


def test_un_sitio_inactivo_es_el_error_104(simulador: SimuladorEnMarcha) -> None:
    simulador.control("autenticacion", codigo=104)
    assert _pedir(simulador, "session", _pedido()).json()["status"]["message"] == "Autenticación fallida 104"
    simulador.control("autenticacion", codigo=None)
    assert _pedir(simulador, "session", _pedido()).status_code == 200


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"returnUrl": None}, "returnUrl"),
        ({"returnUrl": "javascript:alert(1)"}, "returnUrl"),
        ({"returnUrl": "http://a.co/" + "x" * 250}, "returnUrl"),
        ({"ipAddress": None}, "ipAddress"),
        ({"ipAddress": "aqui"}, "ipAddress"),
        ({"userAgent": None}, "userAgent"),
        ({"userAgent": "x" * 256}, "userAgent"),
        ({"payment": None}, "payment"),
        ({"payment": {"reference": "x" * 33, "amount": {"currency": "COP", "total": 1}}}, "reference"),
        ({"payment": {"amount": {"currency": "COP", "total": 1}}}, "reference"),
        ({"payment": {"reference": "A", "amount": {"currency": "USD", "total": 1}}}, "currency"),
        ({"payment": {"reference": "A", "amount": {"currency": "COP", "total": 0}}}, "total"),
        ({"payment": {"reference": "A", "amount": {"currency": "COP", "total": "5"}}}, "total"),
        (
            {"payment": {"reference": "A", "description": "x" * 256, "amount": {"currency": "COP", "total": 1}}},
            "description",
        ),
        ({"buyer": {"email": "x" * 81}}, "email"),
        ({"buyer": {"document": "12", "documentType": "CC"}}, "document"),
        ({"expiration": "mañana"}, "expiration"),
        ({"expiration": (datetime.now(UTC) + timedelta(minutes=4)).isoformat()}, "expiration"),
    ],
)
def test_dice_que_campo_esta_mal(simulador: SimuladorEnMarcha, cambios: dict[str, Any], campo: str) -> None:
    respuesta = _pedir(simulador, "session", _pedido(**cambios))
    assert respuesta.status_code == 400
    assert respuesta.json()["status"]["status"] == "FAILED"
    assert campo in respuesta.json()["status"]["message"]


def test_lo_que_no_existe_es_404_con_su_motivo(simulador: SimuladorEnMarcha) -> None:
    assert _pedir(simulador, "session/1").json()["status"]["reason"] == "request_not_valid"
    assert _pedir(simulador, "session/1/cancel").status_code == 404
    assert _pedir(simulador, "otra").json()["status"]["reason"] == "NA"


def test_sin_vencimiento_son_treinta_minutos(simulador: SimuladorEnMarcha) -> None:
    numero, _ = _crear(simulador)
    vence = datetime.fromisoformat(_pedir(simulador, f"session/{numero}").json()["request"]["expiration"])
    assert timedelta(minutes=29) < vence - datetime.now(UTC) <= timedelta(minutes=30)


def test_vence_sola_con_el_reloj_acelerado(tmp_path: Path) -> None:
    with simulador_placetopay(tmp_path, aceleracion="100000") as simulador:
        numero, _ = _crear(simulador)
        esperar(lambda: _estado(simulador, numero)[0] != "PENDING")
        assert _estado(simulador, numero) == ("REJECTED", "EX")


def test_los_intentos_rechazados_la_dejan_pendiente_hasta_el_limite(simulador: SimuladorEnMarcha) -> None:
    numero, _ = _crear(simulador)
    for _ in range(2):
        simulador.control("decidir", sesion=numero, decision="rechazar")
        assert _estado(simulador, numero) == ("PENDING", "PT")
    simulador.control("decidir", sesion=numero, decision="rechazar")
    assert _estado(simulador, numero) == ("REJECTED", "XN")
    assert (
        httpx2.post(
            f"{simulador.url}/_control/decidir", json={"sesion": numero, "decision": "aprobar"}, trust_env=False
        ).status_code
        == 409
    )


def test_por_omision_el_limite_es_diez(tmp_path: Path) -> None:
    with simulador_placetopay(tmp_path) as simulador:
        numero, _ = _crear(simulador)
        for _ in range(9):
            simulador.control("decidir", sesion=numero, decision="rechazar")
        assert _estado(simulador, numero)[0] == "PENDING"
        simulador.control("decidir", sesion=numero, decision="rechazar")
        assert _estado(simulador, numero)[0] == "REJECTED"


def test_el_comercio_anula_lo_que_nadie_ha_pagado(simulador: SimuladorEnMarcha) -> None:
    numero, url = _crear(simulador)
    anulada = _pedir(simulador, f"session/{numero}/cancel").json()
    assert anulada["session"]["status"]["reason"] == "MC"
    assert _estado(simulador, numero) == ("REJECTED", "MC")
    assert "ya terminó" in httpx2.get(url, trust_env=False).text


@pytest.mark.parametrize("decision", ["pendiente", "aprobar"])
def test_no_se_anula_con_un_pago_en_curso_o_aprobado(simulador: SimuladorEnMarcha, decision: str) -> None:
    numero, _ = _crear(simulador)
    simulador.control("decidir", sesion=numero, decision=decision)
    respuesta = _pedir(simulador, f"session/{numero}/cancel")
    assert (respuesta.status_code, respuesta.json()["status"]["reason"]) == (400, "action_not_allowed")


def test_una_reversion_marca_la_transaccion_y_no_cambia_el_estado_de_la_sesion(simulador: SimuladorEnMarcha) -> None:
    numero, _ = _crear(simulador)
    simulador.control("decidir", sesion=numero, decision="aprobar")
    antes = _pedir(simulador, f"session/{numero}").json()
    orden = {"internalReference": antes["payment"][0]["internalReference"], "action": "reverse"}
    assert _pedir(simulador, "transaction", orden).json()["status"]["status"] == "APPROVED"
    despues = _pedir(simulador, f"session/{numero}").json()
    assert despues["status"] == antes["status"]
    assert despues["payment"] == [antes["payment"][0] | {"refunded": True}]
    assert _pedir(simulador, "transaction", orden).status_code == 400


def test_los_numeros_no_vuelven_a_empezar_si_se_borra_el_archivo(tmp_path: Path) -> None:
    with simulador_placetopay(tmp_path) as simulador:
        numero, _ = _crear(simulador)
    assert numero > 50_000_000
