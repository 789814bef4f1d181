"""Wompi's simulator speaks the documented protocol: its checks and their order, how a transaction lives, what it tells."""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from portal.pasarelas.base import EstadoPasarela, FirmaInvalida
from portal.pasarelas.registro import crear
from tests.navegador_de_pruebas import revisar_html
from tests.pasarelas.grabadas import grabada
from tests.pasarelas.pedidos import pedir
from tests.servidores import Buzon, SimuladorEnMarcha, buzon_de_avisos, esperar, simulador_wompi


@pytest.fixture
def simulador(tmp_path: Path) -> Iterator[SimuladorEnMarcha]:
    with simulador_wompi(tmp_path) as marcha:
        yield marcha


@pytest.fixture
def buzon() -> Iterator[Buzon]:
    with buzon_de_avisos() as propio:
        yield propio


def _preguntar(
    simulador: SimuladorEnMarcha, ruta: str, llave: str = "PUBLICA", cuerpo: dict[str, Any] | None = None
) -> httpx2.Response:
    cabeceras = {"Authorization": f"Bearer {simulador.ajustes.get(f'WOMPI_LLAVE_{llave}', llave)}"}
    url = f"{simulador.url}/v1{ruta}"
    if cuerpo is None:
        return httpx2.get(url, headers=cabeceras, trust_env=False)
    return httpx2.post(url, headers=cabeceras, json=cuerpo, trust_env=False)


def _fichas(simulador: SimuladorEnMarcha) -> dict[str, str]:
    publica = simulador.ajustes["WOMPI_LLAVE_PUBLICA"]
    dicho = httpx2.get(
        f"{simulador.url}/v1/merchants/info", headers={"X-Merchant-Public-Key": publica}, trust_env=False
    ).json()["data"]
    return {
        "acceptance_token": dicho["presigned_acceptance"]["acceptance_token"],
        "accept_personal_auth": dicho["presigned_personal_data_auth"]["acceptance_token"],
    }


def _pedido(simulador: SimuladorEnMarcha, **cambios: Any) -> dict[str, Any]:
    secreto = simulador.ajustes["WOMPI_SECRETO_INTEGRIDAD"]
    base = {
        **_fichas(simulador),
        "amount_in_cents": 150000,
        "currency": "COP",
        "customer_email": "a@b.co",
        "reference": "L1-A",
        "redirect_url": "http://localhost/pago/abc",
        "customer_data": {"full_name": "prueba", "phone_number": "3001234567"},
        "payment_method": {
            "type": "PSE",
            "user_type": 0,
            "user_legal_id_type": "CC",
            "user_legal_id": "1212312323",
            "financial_institution_code": "1",
            "payment_description": "Estampillas",
        },
        **cambios,
    }
    firma = hashlib.sha256(f"{base['reference']}{base['amount_in_cents']}COP{secreto}".encode()).hexdigest()
    return {"signature": firma, **base}


def _crear(simulador: SimuladorEnMarcha, **cambios: Any) -> dict[str, Any]:
    respuesta = _preguntar(simulador, "/transactions", cuerpo=_pedido(simulador, **cambios))
    assert respuesta.status_code == 201, respuesta.text
    creada: dict[str, Any] = respuesta.json()["data"]
    return creada


def _error(respuesta: httpx2.Response) -> tuple[int, str, str]:
    error = respuesta.json()["error"]
    return (
        respuesta.status_code,
        error["type"],
        error.get("reason") or json.dumps(error["messages"], ensure_ascii=False),
    )


def test_nace_pendiente_y_con_los_campos_publicados(simulador: SimuladorEnMarcha) -> None:
    creada = _crear(simulador)
    publicada = grabada("wompi_transaccion_recien_creada")["cuerpo"]["data"]
    assert set(publicada) <= set(creada)
    assert (creada["status"], creada["finalized_at"]) == ("PENDING", None)
    assert "extra" not in creada["payment_method"]
    contada = _preguntar(simulador, f"/transactions/{creada['id']}").json()["data"]
    suyos = grabada("wompi_transaccion_pse")["cuerpo"]["data"]["payment_method"]["extra"]
    assert set(contada["payment_method"]["extra"]) <= set(suyos)


def test_se_queja_de_una_sola_cosa_y_en_orden(simulador: SimuladorEnMarcha) -> None:
    def crear_con(llave: str = "PUBLICA", **cambios: Any) -> tuple[int, str, str]:
        return _error(_preguntar(simulador, "/transactions", llave, _pedido(simulador, **cambios)))

    malas: dict[str, Any] = {"acceptance_token": "x", "signature": "mala"}
    assert "método de pago" in crear_con("otra", payment_method=None, **malas)[2]
    assert "currency" in crear_con("otra", currency="USD", **malas)[2]
    assert crear_con("otra", **malas) == (401, "INVALID_ACCESS_TOKEN", "Llave no válida")
    assert "acceptance_token" in crear_con(**malas)[2]
    assert crear_con(signature="")[2] == "Firma de integridad requerida no enviada"
    assert crear_con(signature="mala")[2] == "La firma es inválida"


def test_una_ficha_sirve_una_vez_aunque_la_firma_falle(simulador: SimuladorEnMarcha) -> None:
    pedido = _pedido(simulador, signature="mala")
    assert _error(_preguntar(simulador, "/transactions", cuerpo=pedido))[2] == "La firma es inválida"
    bueno = _pedido(simulador) | {c: pedido[c] for c in ("acceptance_token", "accept_personal_auth")}
    assert "ya fue usado" in _error(_preguntar(simulador, "/transactions", cuerpo=bueno))[2]
    assert _crear(simulador)["status"] == "PENDING"


@pytest.mark.parametrize("mala", ["a.b.c", "cruzada", "otra firma"])
def test_una_ficha_falsa_o_cambiada_de_sitio_no_sirve(simulador: SimuladorEnMarcha, mala: str) -> None:
    fichas = _fichas(simulador)
    cambio = {
        "a.b.c": "a.b.c",
        "cruzada": fichas["accept_personal_auth"],
        "otra firma": fichas["acceptance_token"].rpartition(".")[0] + ".AAAA",
    }[mala]
    respuesta = _preguntar(simulador, "/transactions", cuerpo=_pedido(simulador, acceptance_token=cambio))
    assert respuesta.status_code == 422
    assert "acceptance_token" in _error(respuesta)[2]


def test_una_ficha_vence_en_una_hora(tmp_path: Path) -> None:
    with simulador_wompi(tmp_path, aceleracion="3600") as simulador:
        pedido = _pedido(simulador)
        cuerpo = pedido["acceptance_token"].split(".")[1]
        datos = json.loads(base64.urlsafe_b64decode(cuerpo + "=" * (-len(cuerpo) % 4)))
        assert datos["type"] == "END_USER_POLICY"
        esperar(lambda: "expirado" in _preguntar(simulador, "/transactions", cuerpo=pedido).text)


def test_una_referencia_no_se_repite(simulador: SimuladorEnMarcha) -> None:
    _crear(simulador)
    repetida = _preguntar(simulador, "/transactions", cuerpo=_pedido(simulador))
    assert _error(repetida) == (422, "INPUT_VALIDATION_ERROR", '{"reference": ["La referencia ya ha sido usada"]}')


@pytest.mark.parametrize(
    ("campo", "cambios"),
    [
        ("amount_in_cents", {"amount_in_cents": 149_999}),
        ("amount_in_cents", {"amount_in_cents": "150000"}),
        ("amount_in_cents", {"amount_in_cents": 150000.5}),
        ("customer_email", {"customer_email": "x"}),
        ("reference", {"reference": ""}),
        ("redirect_url", {"redirect_url": "pago/abc"}),
        ("customer_data.full_name", {"customer_data": {"phone_number": "3001234567"}}),
        ("customer_data.phone_number", {"customer_data": {"full_name": "x", "phone_number": "+57 300"}}),
        ("payment_method.financial_institution_code", {"financial_institution_code": "0"}),
        ("payment_method.user_legal_id_type", {"user_legal_id_type": "NIT"}),
        ("payment_method.user_type", {"user_type": "0"}),
        ("payment_method.payment_description", {"payment_description": "x" * 31}),
    ],
)
def test_nombra_el_campo_que_esta_mal(simulador: SimuladorEnMarcha, campo: str, cambios: dict[str, Any]) -> None:
    base = _pedido(simulador)
    de_metodo = {k: v for k, v in cambios.items() if k in base["payment_method"]}
    pedido = base | (cambios if not de_metodo else {"payment_method": base["payment_method"] | de_metodo})
    respuesta = _preguntar(simulador, "/transactions", cuerpo=pedido)
    assert respuesta.status_code == 422
    assert campo in respuesta.json()["error"]["messages"]


def test_cada_pregunta_pide_su_llave(simulador: SimuladorEnMarcha) -> None:
    creada = _crear(simulador)
    ruta = f"/transactions/{creada['id']}"
    assert _preguntar(simulador, "/transactions?reference=L1-A", "PUBLICA").status_code == 403
    assert _preguntar(simulador, "/transactions?reference=L1-A", "PRIVADA").json()["data"][0]["id"] == creada["id"]
    assert _preguntar(simulador, "/transactions?reference=otra", "PRIVADA").json()["data"] == []
    assert _preguntar(simulador, ruta, "otra").status_code == 401
    assert httpx2.get(f"{simulador.url}/v1{ruta}", trust_env=False).status_code == 200
    assert _preguntar(simulador, "/pse/financial_institutions", "PRIVADA").status_code == 401
    assert _error(_preguntar(simulador, "/transactions/1-1-1"))[:2] == (404, "NOT_FOUND_ERROR")
    assert _error(_preguntar(simulador, f"{ruta}/void", "PRIVADA", {}))[0] == 422


@pytest.mark.parametrize("formas", ["nueva", "vieja"])
def test_el_comercio_se_pregunta_de_dos_formas(simulador: SimuladorEnMarcha, formas: str) -> None:
    simulador.poner("formas", formas)
    assert pedir(crear("wompi", simulador.ajustes)).id_pasarela


def test_la_direccion_aparece_despues(tmp_path: Path) -> None:
    with simulador_wompi(tmp_path, demora_url="3600") as simulador:
        creada = _crear(simulador)
        pasarela = crear("wompi", simulador.ajustes)
        assert pasarela.consultar(creada["id"]).url is None
        simulador.poner("demora_url", "0.0001")
        esperar(lambda: pasarela.consultar(creada["id"]).url is not None)


@pytest.mark.parametrize(
    ("banco", "estado"),
    [("1", EstadoPasarela.APROBADO), ("2", EstadoPasarela.RECHAZADO), ("3", EstadoPasarela.FALLIDO)],
)
def test_como_el_sandbox_direccion_y_desenlace_llegan_a_la_vez(
    tmp_path: Path, banco: str, estado: EstadoPasarela
) -> None:
    with simulador_wompi(tmp_path, demora_url="0.3", simultanea="1") as simulador:
        pasarela = crear("wompi", simulador.ajustes)
        iniciado = pedir(pasarela, banco=banco)
        esperar(lambda: pasarela.consultar(iniciado.id_pasarela).estado is not EstadoPasarela.PENDIENTE)
        resultado = pasarela.consultar(iniciado.id_pasarela)
        assert (resultado.estado, resultado.url is not None) == (estado, True)


@pytest.mark.parametrize(("banco", "estado"), [("1", "APPROVED"), ("2", "DECLINED"), ("3", "ERROR")])
def test_los_bancos_de_prueba_deciden_solos_en_su_pagina(simulador: SimuladorEnMarcha, banco: str, estado: str) -> None:
    iniciado = pedir(crear("wompi", simulador.ajustes), banco=banco)
    pagina = httpx2.get(str(iniciado.url), trust_env=False).text
    revisar_html(pagina)
    decision = pagina.partition('name="decision" value="')[2].partition('"')[0]
    vuelta = simulador.decidir(iniciado.url, decision)
    assert vuelta == f"http://localhost/pago/abc?id={iniciado.id_pasarela}&env=test"
    assert simulador.sesiones()[0]["estado"] == estado
    assert "ya terminó" in httpx2.get(str(iniciado.url), trust_env=False).text


def test_las_paginas_estan_bien_formadas(simulador: SimuladorEnMarcha) -> None:
    pasarela = crear("wompi", simulador.ajustes)
    iniciado = pedir(pasarela)
    paginas = [c.enlace for c in pasarela.condiciones()]
    paginas += [str(iniciado.url), f"{simulador.url}/panel", f"{simulador.url}/pse/otra"]
    for pagina in paginas:
        revisar_html(httpx2.get(pagina, trust_env=False).text)
    simulador.decidir(iniciado.url, "pendiente")
    assert "está en proceso" in httpx2.get(str(iniciado.url), trust_env=False).text
    panel = httpx2.post(
        f"{simulador.url}/panel/transacciones/{iniciado.id_pasarela}", data={"decision": "aprobar"}, trust_env=False
    )
    assert panel.status_code == 303
    assert "Revertir" in httpx2.get(f"{simulador.url}/panel", trust_env=False).text
    assert httpx2.get(f"{simulador.url}/otra", trust_env=False).status_code == 404


def _con_eventos(tmp_path: Path, buzon: Buzon, **ajustes: str) -> Any:
    return simulador_wompi(tmp_path, notificar_url=buzon.url, **ajustes)


@pytest.mark.parametrize("propiedades", ["", "transaction.status,transaction.amount_in_cents,transaction.id"])
@pytest.mark.parametrize("mayusculas", ["", "si"])
def test_el_evento_lleva_una_suma_que_el_portal_reconoce(
    tmp_path: Path, buzon: Buzon, propiedades: str, mayusculas: str
) -> None:
    with _con_eventos(tmp_path, buzon) as simulador:
        simulador.poner("propiedades", propiedades)
        simulador.poner("mayusculas", mayusculas)
        pasarela = crear("wompi", simulador.ajustes)
        iniciado = pedir(pasarela)
        simulador.decidir(iniciado.url, "aprobar")
        assert simulador.sesiones()[0]["eventos"][0]["respuesta"] == "200"
    (cuerpo,), (cabeceras,) = buzon.recibidos, buzon.cabeceras
    aviso = pasarela.interpretar_notificacion(cabeceras, cuerpo)
    assert (aviso.id_pasarela, aviso.estado) == (iniciado.id_pasarela, "APPROVED")
    assert set(grabada("wompi_evento")["cuerpo"]) == set(json.loads(cuerpo))


@pytest.mark.parametrize(("interruptor", "valor"), [("ambiente", "prod"), ("secreto", "prod_events_otro")])
def test_un_evento_de_otro_ambiente_no_entra(tmp_path: Path, buzon: Buzon, interruptor: str, valor: str) -> None:
    with _con_eventos(tmp_path, buzon) as simulador:
        simulador.poner(interruptor, valor)
        pasarela = crear("wompi", simulador.ajustes)
        simulador.decidir(pedir(pasarela).url, "aprobar")
        simulador.sesiones()
    with pytest.raises(FirmaInvalida):
        pasarela.interpretar_notificacion(buzon.cabeceras[0], buzon.recibidos[0])


@pytest.mark.parametrize("respuesta", [201, 204, 500])
def test_repite_el_evento_tres_veces_si_no_le_contestan_200(tmp_path: Path, buzon: Buzon, respuesta: int) -> None:
    buzon.estado = respuesta
    with _con_eventos(tmp_path, buzon, aceleracion_eventos="100000") as simulador:
        simulador.decidir(pedir(crear("wompi", simulador.ajustes)).url, "aprobar")
        esperar(lambda: simulador.sesiones()[0]["eventos"][0]["envios"] == 4)
    assert len(buzon.recibidos) == 4
    assert len(set(buzon.recibidos)) == 1


def test_una_reversion_tambien_se_anuncia(tmp_path: Path, buzon: Buzon) -> None:
    with _con_eventos(tmp_path, buzon) as simulador:
        iniciado = pedir(crear("wompi", simulador.ajustes))
        simulador.decidir(iniciado.url, "aprobar")
        simulador.control("resolver", sesion=iniciado.id_pasarela, decision="revertir")
        eventos = simulador.sesiones()[0]["eventos"]
    assert [e["cuerpo"]["data"]["transaction"]["status"] for e in eventos] == ["APPROVED", "VOIDED"]


def test_con_los_eventos_apagados_solo_se_sabe_preguntando(tmp_path: Path, buzon: Buzon) -> None:
    with _con_eventos(tmp_path, buzon) as simulador:
        simulador.control("notificaciones", silencio=True)
        iniciado = pedir(crear("wompi", simulador.ajustes))
        simulador.decidir(iniciado.url, "pendiente_aprobar", segundos=0)
        esperar(lambda: simulador.sesiones()[0]["estado"] == "APPROVED")
    assert buzon.recibidos == []
