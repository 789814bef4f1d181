"""What the portal asks PlacetoPay for."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from portal.pasarelas.base import Comprador, PasarelaNoDisponible, PasarelaRechazo
from portal.pasarelas.placetopay import PlacetoPay, autenticacion
from tests.pasarelas.pedidos import TransporteDictado, adaptador, solicitud

URL = "https://checkout-co.placetopay.com/session/1/cc9b8690b1f7228c78b759ce27d7e80a"
AHORA = datetime(2025, 6, 24, 15, 0, tzinfo=UTC)


def _creada(url: object = URL) -> TransporteDictado:
    return TransporteDictado({"status": {"status": "OK", "reason": "PC"}, "requestId": 1, "processUrl": url})


def _pedido(**cambios: Any) -> dict[str, Any]:
    transporte = _creada()
    adaptador(transporte, reloj=lambda: AHORA).iniciar(solicitud(**cambios))
    return transporte.pedido


def test_la_llave_es_la_del_ejemplo_publicado() -> None:
    auth = autenticacion("sitio", "SnHPoo4rh2lN", b"927342197", "2023-06-21T09:56:06-05:00")
    assert auth["tranKey"] == "IpZNziCAF8WV+eE0b0cfBn4fk21fAGyGOylH0kYm+oA="
    assert auth["nonce"] == "OTI3MzQyMTk3"


def test_la_semilla_va_en_hora_de_colombia_y_el_nonce_no_se_repite() -> None:
    uno, otro = _pedido()["auth"], _pedido()["auth"]
    assert uno["seed"] == "2025-06-24T10:00:00-05:00"
    assert uno["nonce"] != otro["nonce"]


def test_pide_pse_en_pesos_y_propone_el_comprador_sin_obligarlo() -> None:
    pedido = _pedido(vence_en=AHORA)
    assert pedido["paymentMethod"] == "pse"
    assert pedido["locale"] == "es_CO"
    assert pedido["payment"]["amount"] == {"currency": "COP", "total": Decimal("235000.5")}
    assert pedido["expiration"] == "2025-06-24T10:00:00-05:00"
    assert pedido["buyer"]["document"] == "1212312323"
    assert "payer" not in pedido


@pytest.mark.parametrize("total", ["1", "1000.00", "0.01", "1E+3", "999999999999999.99", "1000000000000000"])
def test_el_valor_viaja_exacto(total: str) -> None:
    assert _pedido(total=Decimal(total))["payment"]["amount"]["total"] == Decimal(total)


@pytest.mark.parametrize("total", ["0", "-1", "0.001", "NaN", "Infinity", "1000000000000001"])
def test_un_valor_imposible_no_sale(total: str) -> None:
    with pytest.raises(ValueError, match="total"):
        _pedido(total=Decimal(total))


@pytest.mark.parametrize("referencia", ["", "l1", "A|B", 'A"B', "A B", "A" * 33, "Ñ1"])
def test_una_referencia_que_pse_no_admite_no_sale(referencia: str) -> None:
    with pytest.raises(ValueError, match="reference"):
        _pedido(referencia=referencia)


def test_sin_zona_horaria_o_con_direcciones_largas_no_sale() -> None:
    with pytest.raises(ValueError, match="time zone"):
        _pedido(vence_en=datetime(2025, 6, 24))  # noqa: DTZ001  a naive instant is the point
    with pytest.raises(ValueError, match="255"):
        _pedido(url_retorno="https://a.co/" + "x" * 250)


def test_los_signos_prohibidos_por_pse_se_quitan_de_los_textos() -> None:
    comprador = Comprador("natural", "CC", "1212312323", 'pru|"eba\n', "a@b.co", "300\t1")
    pedido = _pedido(
        descripcion='Estampillas | "todas" <b>' + "x" * 300, comprador=comprador, agente="N\x00" + "y" * 400
    )
    assert pedido["payment"]["description"].startswith("Estampillas todas b xxx")
    assert len(pedido["payment"]["description"]) == 250
    assert pedido["buyer"]["name"] == "pru eba"
    assert len(pedido["userAgent"]) == 255


@pytest.mark.parametrize(
    ("tipo", "documento", "enviado"),
    [
        ("CC", "1212312323", ("CC", "1212312323")),
        ("NIT", "901805364", ("NIT", "901805364")),
        ("PAS", "AB1234", ("PPN", "AB1234")),
        ("CE", "123456", ("CE", "123456")),
        ("PPT", "1234567", None),
        ("DE", "X1", None),
        ("CC", "12", None),
    ],
)
def test_un_documento_que_la_pasarela_no_admite_se_deja_para_alla(
    tipo: str, documento: str, enviado: tuple[str, str] | None
) -> None:
    buyer = _pedido(comprador=Comprador("natural", tipo, documento, "prueba", "a@b.co", "3001234567"))["buyer"]
    assert (buyer.get("documentType"), buyer.get("document")) == (enviado or (None, None))


@pytest.mark.parametrize(
    "url",
    [
        None,
        5,
        "",
        "/session/1",
        "javascript:alert(1)",
        "http://checkout.placetopay.com/session/1",
        "https://placetopay.com.malo.co/session/1",
        "https://maloplacetopay.com/s",
        "https://checkout.placetopay.com@malo.co/s",
        "https://malo.co\\@checkout.placetopay.com/s",
        "https://checkout.placetopay.com:x/s",
        "https://checkout.placetopay.com/" + "x" * 500,
        "https://checkout.placetopay.com/a\nb",
    ],
)
def test_no_manda_a_nadie_fuera_de_la_pasarela(url: object) -> None:
    with pytest.raises(PasarelaNoDisponible):
        adaptador(_creada(url)).iniciar(solicitud())


def test_acepta_el_dominio_hermano_y_el_numero_como_texto() -> None:
    iniciado = adaptador(_creada()).iniciar(solicitud())
    assert (iniciado.id_pasarela, iniciado.url) == ("1", URL)


@pytest.mark.parametrize("estado", [200, 400, 422])
def test_un_rechazo_dice_su_motivo(estado: int) -> None:
    dicho = {"status": {"status": "FAILED", "reason": "BR", "message": "El campo returnUrl es obligatorio."}}
    with pytest.raises(PasarelaRechazo) as rechazo:
        adaptador(TransporteDictado(dicho, estado)).iniciar(solicitud())
    assert (rechazo.value.codigo, rechazo.value.mensaje) == ("BR", "El campo returnUrl es obligatorio.")


@pytest.mark.parametrize(
    ("cuerpo", "estado"),
    [
        ({}, 200),
        ({"status": "OK"}, 200),
        ({"status": {"status": "OK"}, "processUrl": URL}, 200),
        ({"status": {"status": "OK"}, "requestId": 1, "processUrl": URL}, 400),
        ({"status": {"status": "FAILED"}}, 403),
        ({"status": {"status": ["FAILED"]}}, 400),
        ({"error": "x"}, 404),
    ],
)
def test_una_creacion_que_no_se_entiende_no_dice_nada(cuerpo: dict[str, Any], estado: int) -> None:
    with pytest.raises(PasarelaNoDisponible):
        adaptador(TransporteDictado(cuerpo, estado)).iniciar(solicitud())


def test_sin_clave_no_hay_adaptador() -> None:
    with pytest.raises(ValueError, match="secret key"):
        PlacetoPay("https://checkout.placetopay.com", "sitio", (), reloj=lambda: AHORA)
