"""What the portal asks Wompi for, and what becomes of a creation whatever comes back."""

import json
from decimal import Decimal
from typing import Any

import pytest

from portal.pasarelas.base import (
    LIMITE_EXCEDIDO,
    Comprador,
    Condicion,
    NadaCreado,
    PasarelaNoDisponible,
    PasarelaRechazo,
)
from portal.pasarelas.transporte import Respuesta
from portal.pasarelas.wompi import ESPERA_DE_LA_DIRECCION, Llaves, Wompi, firma_integridad
from tests.pasarelas.grabadas import grabada
from tests.pasarelas.pedidos import CONDICIONES, LLAVES, TransporteDictado, adaptador_wompi, solicitud

CREADA = grabada("wompi_transaccion_recien_creada")["cuerpo"]
ID = "1292-1602113476-10985"
DIRECCION = "https://registro.pse.com.co/PSENF/StartTransaction?Id=1"


def con_direccion(url: object = DIRECCION, **cambios: Any) -> dict[str, Any]:
    dicha = json.loads(json.dumps(CREADA))
    dicha["data"] |= cambios
    dicha["data"]["payment_method"]["extra"] = {"async_payment_url": url}
    return dict(dicha)


def _iniciar(transporte: TransporteDictado, **cambios: Any) -> Any:
    return adaptador_wompi(transporte).iniciar(solicitud(**{"banco": "1007", "aceptaciones": CONDICIONES, **cambios}))


def _pedido(**cambios: Any) -> dict[str, Any]:
    transporte = TransporteDictado(CREADA, 201, Respuesta(200, con_direccion()))
    _iniciar(transporte, **cambios)
    return transporte.pedido


def test_la_firma_de_integridad_es_la_del_ejemplo_publicado() -> None:
    firma = firma_integridad(
        "sk8-438k4-xmxm392-sn2m", 2490000, "COP", "prod_integrity_Z5mMke9x0k8gpErbDqwrJXMqsI6SFli6"
    )
    assert firma == "37c8407747e595535433ef8f6a811d853cd943046624a0ec04662b17bbf33bf5"


def test_pide_un_debito_de_pse_en_centavos_con_firma_y_las_dos_fichas() -> None:
    pedido = _pedido()
    assert pedido["amount_in_cents"] == 23500050
    assert pedido["currency"] == "COP"
    assert pedido["signature"] == firma_integridad("L238076-ABCDEFGHIJ", 23500050, "COP", "test_integrity_x")
    assert (pedido["acceptance_token"], pedido["accept_personal_auth"]) == ("a.b.c", "d.e.f")
    assert pedido["redirect_url"] == "http://localhost/pago/abc"
    assert pedido["customer_data"] == {"full_name": "prueba", "phone_number": "3001234567"}
    assert pedido["payment_method"] == {
        "type": "PSE",
        "user_type": 0,
        "user_legal_id_type": "CC",
        "user_legal_id": "1212312323",
        "financial_institution_code": "1007",
        "payment_description": "Pago de estampillas",
    }


def test_una_persona_juridica_paga_con_su_nit() -> None:
    empresa = Comprador("juridica", "NIT", "901805364", "Empresa", "a@b.co", "+57 601 123 4567")
    pedido = _pedido(comprador=empresa)
    assert pedido["payment_method"]["user_type"] == 1
    assert pedido["payment_method"]["user_legal_id_type"] == "NIT"
    assert pedido["customer_data"]["phone_number"] == "576011234567"


def test_los_textos_se_limpian_y_se_cortan() -> None:
    pedido = _pedido(descripcion="""Estampillas | "todas" 'y' <b> de este departamento""")
    assert pedido["payment_method"]["payment_description"] == "Estampillas todas y b de este"


@pytest.mark.parametrize(
    ("cambios", "queja"),
    [
        ({"total": Decimal("0")}, "total"),
        ({"total": Decimal("0.001")}, "total"),
        ({"total": Decimal("NaN")}, "total"),
        ({"referencia": "a|b"}, "reference"),
        ({"banco": None}, "bank"),
        ({"banco": "0"}, "bank"),
        ({"aceptaciones": ()}, "accepted"),
        ({"aceptaciones": CONDICIONES[:1]}, "accepted"),
        ({"aceptaciones": (CONDICIONES[0], CONDICIONES[0])}, "accepted"),
        ({"comprador": Comprador("natural", "PPT", "1", "x", "a@b.co", "3")}, "document"),
    ],
)
def test_lo_que_no_se_puede_pedir_no_sale(cambios: dict[str, Any], queja: str) -> None:
    transporte = TransporteDictado(CREADA, 201)
    with pytest.raises(ValueError, match=queja):
        _iniciar(transporte, **cambios)
    assert transporte.preguntas == []


def test_lo_que_pasa_del_maximo_de_la_pasarela_se_dice_sin_preguntar() -> None:
    transporte = TransporteDictado(CREADA, 201)
    with pytest.raises(PasarelaRechazo) as rechazo:
        _iniciar(transporte, total=Decimal("10000000000.01"))
    assert (rechazo.value.codigo, transporte.preguntas) == (LIMITE_EXCEDIDO, [])
    assert _pedido(total=Decimal(10_000_000_000))["amount_in_cents"] == 10**12


def test_el_cus_se_conoce_antes_de_ir_al_banco() -> None:
    dicha = con_direccion()
    dicha["data"]["payment_method"]["extra"]["traceability_code"] = "874151427"
    assert _iniciar(TransporteDictado(CREADA, 201, Respuesta(200, dicha))).cus == "874151427"


def test_crea_con_la_llave_publica_y_espera_la_direccion_del_banco() -> None:
    transporte = TransporteDictado(CREADA, 201, Respuesta(200, CREADA), Respuesta(200, con_direccion()))
    iniciado = _iniciar(transporte)
    assert (iniciado.id_pasarela, iniciado.url) == (ID, DIRECCION)
    assert [url.removeprefix("https://sandbox.wompi.co/v1") for url, _, _ in transporte.preguntas] == [
        "/transactions",
        f"/transactions/{ID}",
        f"/transactions/{ID}",
    ]
    assert {c["Authorization"] for _, _, c in transporte.preguntas} == {"Bearer pub_test_x"}


@pytest.mark.parametrize(
    "despues",
    [
        Respuesta(200, CREADA),
        Respuesta(404, {"error": {"type": "NOT_FOUND_ERROR"}}),
        Respuesta(401, {"error": {"type": "INVALID_ACCESS_TOKEN"}}),
        Respuesta(200, {"data": {}}),
        PasarelaNoDisponible("timeout"),
        NadaCreado("gone"),
        Respuesta(200, con_direccion("https://malo.co/pse")),
    ],
    ids=["aun no", "replica atrasada", "llave", "ilegible", "sin respuesta", "sin conexion", "direccion ajena"],
)
def test_una_transaccion_creada_nunca_se_da_por_perdida(despues: Respuesta | Exception) -> None:
    iniciado = _iniciar(TransporteDictado(CREADA, 201, despues))
    assert (iniciado.id_pasarela, iniciado.url) == (ID, None)


def test_la_espera_de_la_direccion_tiene_limite() -> None:
    instantes = iter([0.0, *(1.5 * n for n in range(1, 20))])
    transporte = TransporteDictado(CREADA, 201, Respuesta(200, CREADA))
    esperas: list[float] = []
    pasarela = Wompi(
        "https://sandbox.wompi.co/v1",
        LLAVES,
        transporte=transporte,  # type: ignore[arg-type]
        dormir=esperas.append,
        cronometro=lambda: next(instantes),
    )
    assert pasarela.iniciar(solicitud(banco="1", aceptaciones=CONDICIONES)).url is None
    assert len(transporte.preguntas) == 1 + int(ESPERA_DE_LA_DIRECCION / 1.5)
    assert sum(esperas) <= ESPERA_DE_LA_DIRECCION


@pytest.mark.parametrize("error", [e for e in grabada("wompi_errores")["errores"] if e["http"] == 422])
def test_un_rechazo_dice_que_no_se_creo_nada(error: dict[str, Any]) -> None:
    with pytest.raises(PasarelaRechazo) as rechazo:
        _iniciar(TransporteDictado(error["cuerpo"], 422))
    assert rechazo.value.codigo == error["cuerpo"]["error"]["type"]
    assert rechazo.value.mensaje


@pytest.mark.parametrize("error", [e for e in grabada("wompi_errores")["errores"] if e["http"] in (401, 403)])
def test_con_una_llave_que_no_sirve_es_seguro_que_no_se_creo(
    error: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NadaCreado):
        _iniciar(TransporteDictado(error["cuerpo"], error["http"]))
    assert error["cuerpo"]["error"]["reason"] in caplog.text


@pytest.mark.parametrize(
    "respuesta",
    [
        Respuesta(422, {"error": {"type": "INPUT_VALIDATION_ERROR", "messages": {"reference": ["ya ha sido usada"]}}}),
        Respuesta(201, {"data": {"status": "PENDING"}}),
        Respuesta(201, {"data": {"id": "../x"}}),
        Respuesta(201, {}),
        Respuesta(202, CREADA),
        Respuesta(400, {}),
        Respuesta(404, {"error": {"type": "NOT_FOUND_ERROR"}}),
        PasarelaNoDisponible("timeout"),
    ],
    ids=range(8),
)
def test_lo_que_no_se_entiende_deja_la_duda_de_si_existe(respuesta: Respuesta | Exception) -> None:
    with pytest.raises(PasarelaNoDisponible) as duda:
        _iniciar(_dictar(respuesta))
    assert not isinstance(duda.value, NadaCreado)


def _dictar(respuesta: Respuesta | Exception) -> TransporteDictado:
    transporte = TransporteDictado({})
    transporte.respuestas = [respuesta]
    return transporte


def test_las_condiciones_se_piden_primero_en_la_forma_nueva() -> None:
    transporte = TransporteDictado(grabada("wompi_comercio")["cuerpo"])
    condiciones = adaptador_wompi(transporte).condiciones()
    ((url, cuerpo, cabeceras),) = transporte.preguntas
    assert (url, cuerpo) == ("https://sandbox.wompi.co/v1/merchants/info", None)
    assert cabeceras["X-Merchant-Public-Key"] == "pub_test_x"
    assert [c.codigo for c in condiciones] == ["reglamento", "datos_personales"]
    assert all(c.enlace.startswith("https://wompi.com/") and c.ficha.count(".") == 2 for c in condiciones)


@pytest.mark.parametrize("estado", [400, 401, 403, 404, 405, 422])
def test_si_la_forma_nueva_no_existe_se_pide_en_la_vieja(estado: int) -> None:
    transporte = TransporteDictado({}, estado, Respuesta(200, grabada("wompi_comercio")["cuerpo"]))
    assert len(adaptador_wompi(transporte).condiciones()) == 2
    assert transporte.preguntas[1][0] == "https://sandbox.wompi.co/v1/merchants/pub_test_x"


def test_sin_ninguna_forma_no_hay_condiciones() -> None:
    with pytest.raises(PasarelaNoDisponible):
        adaptador_wompi(TransporteDictado({}, 404)).condiciones()


@pytest.mark.parametrize(
    ("campo", "valor"),
    [
        ("permalink", "https://malo.co/reglamento.pdf"),
        ("permalink", "http://wompi.com/reglamento.pdf"),
        ("permalink", "javascript:alert(1)"),
        ("permalink", None),
        ("acceptance_token", ""),
        ("acceptance_token", "no es una ficha"),
        ("acceptance_token", None),
    ],
)
def test_unas_condiciones_a_medias_no_se_muestran(campo: str, valor: object) -> None:
    dicha = json.loads(json.dumps(grabada("wompi_comercio")["cuerpo"]))
    dicha["data"]["presigned_personal_data_auth"][campo] = valor
    with pytest.raises(PasarelaNoDisponible):
        adaptador_wompi(TransporteDictado(dicha)).condiciones()


def test_busca_con_la_llave_privada_y_la_referencia_exacta() -> None:
    ajena = con_direccion(reference="L238076-ABCDEFGHIJX")["data"]
    transporte = TransporteDictado({"data": [ajena, con_direccion()["data"]]})
    hallado = adaptador_wompi(transporte).buscar("L238076-ABCDEFGHIJ")
    assert hallado is not None
    assert hallado.referencia == "L238076-ABCDEFGHIJ"
    ((url, _, cabeceras),) = transporte.preguntas
    assert url.endswith("/transactions?reference=L238076-ABCDEFGHIJ")
    assert cabeceras["Authorization"] == "Bearer prv_test_x"
    assert adaptador_wompi(TransporteDictado({"data": [ajena]})).buscar("L238076-ABCDEFGHIJ") is None


def test_de_dos_con_la_misma_referencia_cuenta_la_aprobada(caplog: pytest.LogCaptureFixture) -> None:
    dos = {
        "data": [con_direccion(id="1-1", status="APPROVED")["data"], con_direccion(id="1-2", status="DECLINED")["data"]]
    }
    hallado = adaptador_wompi(TransporteDictado(dos)).buscar("L238076-ABCDEFGHIJ")
    assert hallado is not None
    assert hallado.id_pasarela == "1-1"
    assert "one reference" in caplog.text


@pytest.mark.parametrize("dicho", [{}, {"data": {}}, {"data": [5]}, {"data": None}])
def test_una_busqueda_ilegible_no_dice_que_no_exista(dicho: dict[str, Any]) -> None:
    with pytest.raises(PasarelaNoDisponible):
        adaptador_wompi(TransporteDictado(dicho)).buscar("L238076-ABCDEFGHIJ")


def test_sin_secretos_no_hay_adaptador() -> None:
    with pytest.raises(ValueError, match="secrets"):
        Wompi("https://sandbox.wompi.co/v1", Llaves("pub_test_x", "prv_test_x", (), ("e",)))


def test_una_condicion_desconocida_no_se_manda() -> None:
    with pytest.raises(KeyError):
        _iniciar(TransporteDictado(CREADA, 201), aceptaciones=(Condicion("otra", "x", "y", "z"), *CONDICIONES))
