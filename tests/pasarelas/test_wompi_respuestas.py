"""What Wompi says, in the portal's words: states, exact centavos, banks, addresses, and nothing personal kept."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from portal.pasarelas.base import Banco, EstadoPasarela, PasarelaNoDisponible, ResultadoPasarela, TransaccionDesconocida
from portal.pasarelas.json_estricto import leer_objeto
from portal.pasarelas.transporte import Respuesta
from tests.pasarelas.grabadas import grabada
from tests.pasarelas.pedidos import TransporteDictado, adaptador_wompi

ID = "11004-1611844100-41890"


def _dicha(extra: dict[str, Any] | None = None, **cambios: Any) -> dict[str, Any]:
    cuerpo = grabada("wompi_transaccion_pse")["cuerpo"]
    cuerpo["data"] |= cambios
    cuerpo["data"]["payment_method"]["extra"] |= extra or {}
    return dict(cuerpo)


def _consultar(dicha: dict[str, Any], estado: int = 200) -> ResultadoPasarela:
    leida = leer_objeto(json.dumps(dicha).encode(), maximo=100_000)
    return adaptador_wompi(TransporteDictado(leida, estado)).consultar(ID)


def test_lee_una_aprobada_como_la_cuenta_la_pasarela() -> None:
    resultado = _consultar(_dicha())
    (transaccion,) = resultado.transacciones
    assert resultado.estado is transaccion.estado is EstadoPasarela.APROBADO
    assert (resultado.referencia, resultado.total, resultado.moneda) == ("L238076-ABCDEFGHIJ", Decimal(180000), "COP")
    assert (transaccion.id, transaccion.valor, transaccion.cus) == (ID, Decimal(180000), "874151427")
    assert transaccion.fecha == datetime(2021, 1, 28, 14, 31, 2, tzinfo=UTC)
    assert str(resultado.url).startswith("https://registro.pse.com.co/PSEUserRegister/")


@pytest.mark.parametrize(
    ("palabra", "estado"),
    [
        ("PENDING", EstadoPasarela.PENDIENTE),
        ("APPROVED", EstadoPasarela.APROBADO),
        ("DECLINED", EstadoPasarela.RECHAZADO),
        ("ERROR", EstadoPasarela.FALLIDO),
        ("VOIDED", EstadoPasarela.REVERTIDO),
    ],
)
def test_traduce_cada_estado(palabra: str, estado: EstadoPasarela) -> None:
    resultado = _consultar(_dicha(status=palabra))
    assert resultado.estado is estado
    assert [t.estado for t in resultado.transacciones] == [estado]


@pytest.mark.parametrize("palabra", ["approved", "APROBADA", "SETTLED", "OK", "x" * 500])
def test_una_palabra_desconocida_queda_pendiente_y_avisa(palabra: str, caplog: pytest.LogCaptureFixture) -> None:
    assert _consultar(_dicha(status=palabra)).estado is EstadoPasarela.PENDIENTE
    assert palabra[:40] in caplog.text


def test_sin_la_direccion_del_banco_esta_pendiente_y_no_la_inventa() -> None:
    sin_extra = _dicha(status="PENDING")
    del sin_extra["data"]["payment_method"]["extra"]
    for dicha in (_dicha({"async_payment_url": None}, status="PENDING"), sin_extra):
        resultado = _consultar(dicha)
        assert (resultado.estado, resultado.url) == (EstadoPasarela.PENDIENTE, None)


@pytest.mark.parametrize(
    "url",
    [
        "https://malo.co/pse",
        "http://registro.pse.com.co/x",
        "https://pse.com.co.malo.co/x",
        "https://malopse.com.co/x",
        "https://registro.pse.com.co@malo.co/x",
        "https://malo.co\\@registro.pse.com.co/x",
        "javascript:alert(1)",
        "https://registro.pse.com.co/a\nb",
        "https://registro.pse.com.co/" + "x" * 500,
        5,
        "",
    ],
)
def test_no_manda_a_nadie_fuera_de_la_pasarela_ni_de_pse(url: object, caplog: pytest.LogCaptureFixture) -> None:
    resultado = _consultar(_dicha({"async_payment_url": url}, status="PENDING"))
    assert resultado.url is None
    assert "outside its own site" in caplog.text


@pytest.mark.parametrize("url", ["https://production.wompi.co/v1/pse/redirect?x=1", "https://pse.com.co/x"])
def test_acepta_las_direcciones_de_wompi_y_de_pse(url: str) -> None:
    assert _consultar(_dicha({"async_payment_url": url})).url == url


@pytest.mark.parametrize(
    ("centavos", "pesos"), [(1, "0.01"), (150000, "1500"), (23500050, "235000.5"), (10**12, "1e10")]
)
def test_los_centavos_son_exactos(centavos: int, pesos: str) -> None:
    assert _consultar(_dicha(amount_in_cents=centavos)).total == Decimal(pesos)


@pytest.mark.parametrize("crudo", [None, True, 0, -1, "1000", 1000.0, "1e3", [], {}, 10**18])
def test_un_valor_que_no_es_un_entero_de_centavos_no_dice_nada(crudo: object) -> None:
    with pytest.raises(PasarelaNoDisponible):
        _consultar(_dicha(amount_in_cents=crudo))


@pytest.mark.parametrize(
    "cambios",
    [
        {"id": "11004-1611844100-99999"},
        {"id": None},
        {"id": "../x"},
        {"reference": None},
        {"reference": 5},
        {"currency": None},
        {"status": None},
        {"status": ["APPROVED"]},
    ],
)
def test_una_transaccion_que_no_se_entiende_no_dice_nada(cambios: dict[str, Any]) -> None:
    with pytest.raises(PasarelaNoDisponible):
        _consultar(_dicha(**cambios))


@pytest.mark.parametrize("metodo", [None, 5, [], {"extra": None}, {"extra": 5}])
def test_sin_el_detalle_de_pse_lo_demas_vale(metodo: object) -> None:
    resultado = _consultar(_dicha() | {"data": _dicha()["data"] | {"payment_method": metodo}})
    assert resultado.estado is EstadoPasarela.APROBADO
    assert resultado.transacciones[0].cus is None


@pytest.mark.parametrize("estado", [400, 401, 403, 422])
def test_un_error_ajeno_no_dice_nada_del_pago(estado: int) -> None:
    with pytest.raises(PasarelaNoDisponible):
        _consultar({"error": {"type": "INVALID_ACCESS_TOKEN"}}, estado)


def test_solo_su_propio_404_dice_que_no_existe() -> None:
    (suyo,) = [e for e in grabada("wompi_errores")["errores"] if e["http"] == 404]
    with pytest.raises(TransaccionDesconocida):
        _consultar(suyo["cuerpo"], 404)
    with pytest.raises(PasarelaNoDisponible):
        _consultar({"message": "no route"}, 404)


def test_lo_que_se_guarda_no_trae_personas() -> None:
    crudo = _consultar(_dicha()).crudo
    assert json.loads(crudo)["id"] == ID
    assert json.loads(crudo)["extra"]["traceability_code"] == "874151427"
    for personal in ("Pepito", "pepito_perez", "1999888777", "573145678901", "enc="):
        assert personal not in crudo


def test_lee_la_lista_de_bancos() -> None:
    bancos = adaptador_wompi(TransporteDictado(grabada("wompi_bancos")["cuerpo"])).bancos()
    assert bancos == (
        Banco("1", "Banco que aprueba"),
        Banco("2", "Banco que declina"),
        Banco("3", "Banco que simula un error"),
    )


def _bancos(*pares: tuple[object, object]) -> tuple[Banco, ...]:
    filas = [{"financial_institution_code": c, "financial_institution_name": n} for c, n in pares]
    return adaptador_wompi(TransporteDictado({"data": filas})).bancos()


def test_la_primera_entrada_de_pse_no_es_un_banco() -> None:
    leidos = _bancos(("0", "A continuación seleccione su banco"), ("0000", "Tampoco"), ("1007", " BANCO  LOMBIA\n"))
    assert leidos == (Banco("1007", "BANCO LOMBIA"),)


def test_lo_ilegible_de_la_lista_se_omite_y_lo_repetido_sale_una_vez() -> None:
    leidos = _bancos(
        (None, "x"), ("10|07", "x"), ("1007", None), ("1013", "BBVA"), ("1013", "BBVA COLOMBIA"), (5, "Cinco")
    )
    assert leidos == (Banco("1013", "BBVA COLOMBIA"), Banco("5", "Cinco"))


@pytest.mark.parametrize("data", [None, {}, [], [5], [{"financial_institution_code": "0"}], [{}] * 301])
def test_una_lista_sin_bancos_no_es_una_lista(data: object) -> None:
    with pytest.raises(PasarelaNoDisponible):
        adaptador_wompi(TransporteDictado({"data": data})).bancos()


def test_una_lista_con_otro_estado_no_es_una_lista() -> None:
    with pytest.raises(PasarelaNoDisponible):
        adaptador_wompi(TransporteDictado({}, 200, Respuesta(200, {}))).bancos()
    with pytest.raises(PasarelaNoDisponible):
        adaptador_wompi(TransporteDictado(grabada("wompi_bancos")["cuerpo"], 404)).bancos()
