"""The whole path through Wompi in a real browser: bank and conditions in the portal, the bank's page, and each outcome."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.pasos import DOCUMENTO, consultar_tramite, sin_desborde
from tests.portal_en_marcha import PortalEnMarcha

# What differs from one engine to the other is tested elsewhere.
pytestmark = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
Abrir = Callable[..., Page]
TRAMITE = "249640"


def hasta_el_banco(pagina: Page, portal: PortalEnMarcha, banco: str) -> None:
    """From the look-up to the bank's page, with the bank and the two acceptances asked for on the way."""
    pagina.goto(f"{portal.url}/pago")
    pagina.get_by_label("Documento").fill(TRAMITE)
    pagina.get_by_role("button", name="Buscar").click()
    pagina.get_by_label("Número de documento").fill(DOCUMENTO)
    pagina.get_by_label("Nombre completo o razón social").fill("prueba")
    pagina.get_by_label("Correo electrónico").fill("prueba@correo.test")
    pagina.get_by_label("Teléfono celular").fill("3001234567")
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.locator("#resumen-errores")).to_contain_text("Elija su banco de la lista")
    expect(pagina.locator("#resumen-errores")).to_contain_text("Para pagar debe leer y aceptar")
    sin_desborde(pagina)
    pagina.get_by_label("Banco").select_option(label=banco)
    for casilla in pagina.get_by_role("checkbox", name="He leído y acepto").all():
        assert not casilla.is_checked()
        casilla.check()
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("definition").filter(has_text=banco)).to_be_visible()
    sin_desborde(pagina)
    pagina.get_by_role("button", name="Débito Bancario PSE").click()
    expect(pagina.get_by_role("heading", name="Va a salir del portal")).to_be_visible()
    expect(pagina.get_by_text(banco)).to_be_visible()
    sin_desborde(pagina)
    pagina.get_by_role("link", name="Continuar al banco").click()
    expect(pagina.get_by_role("heading", name=f"{banco}: ¿qué decide el banco?")).to_be_visible()


def estado_en_consulta(pagina: Page, portal: PortalEnMarcha) -> str:
    consultar_tramite(pagina, portal, TRAMITE)
    return pagina.locator("tbody tr", has_text=TRAMITE).locator(".estado").inner_text()


@pytest.mark.parametrize("javascript", [True, False], ids=["con JavaScript", "sin JavaScript"])
def test_elegir_banco_pagar_y_ver_legalizado(portal_wompi: PortalEnMarcha, abrir: Abrir, javascript: bool) -> None:
    pagina = abrir(360, javascript=javascript)
    hasta_el_banco(pagina, portal_wompi, "Banco que aprueba")
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_visible()
    expect(pagina.get_by_text("Banco que aprueba")).to_be_visible()
    assert "id=" in pagina.url, "the gateway adds its own data to the return, and none of it is believed"
    sin_desborde(pagina)
    assert "Legalizado" in estado_en_consulta(pagina, portal_wompi)
    (sesion,) = portal_wompi.simulador.sesiones()
    assert [e["respuesta"] for e in sesion["eventos"]] == ["200"]


def test_los_documentos_que_se_aceptan_se_pueden_leer(portal_wompi: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(360)
    pagina.goto(f"{portal_wompi.url}/pago")
    pagina.get_by_label("Documento").fill(TRAMITE)
    pagina.get_by_role("button", name="Buscar").click()
    pagina.get_by_label("Nombre completo o razón social").fill("prueba")
    with pagina.context.expect_page() as otra:
        pagina.get_by_role("link", name="Leer el reglamento").click()
    expect(otra.value.get_by_role("heading", name="Reglamento de usuarios")).to_be_visible()
    expect(pagina.get_by_label("Nombre completo o razón social")).to_have_value("prueba")


def test_declinado_deja_libres_las_estampillas_y_se_paga_de_nuevo(portal_wompi: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(360)
    hasta_el_banco(pagina, portal_wompi, "Banco que declina")
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("heading", name="Transacción rechazada")).to_be_visible()
    expect(pagina.get_by_text("No se hizo ningún débito")).to_be_visible()
    assert "Liquidado" in estado_en_consulta(pagina, portal_wompi)
    hasta_el_banco(pagina, portal_wompi, "BANCOLOMBIA")
    pagina.get_by_role("button", name="Aprobar").click()
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_visible()


@pytest.mark.parametrize("avisa", [True, False], ids=["por evento", "por sonda"])
def test_pendiente_se_puede_retomar_y_se_resuelve_sin_recargar(
    portal_wompi: PortalEnMarcha, abrir: Abrir, avisa: bool
) -> None:
    pagina = abrir(360)
    portal_wompi.simulador.control("notificaciones", silencio=not avisa)
    hasta_el_banco(pagina, portal_wompi, "BANCOLOMBIA")
    banco = pagina.url
    pagina.go_back()
    pagina.get_by_role("link", name="Ver el estado del pago").click()
    expect(pagina.get_by_role("heading", name="Transacción pendiente")).to_be_visible()
    pagina.get_by_role("link", name="Vuelva a la página de su banco").click()
    pagina.get_by_role("link", name="Continuar al banco").click()
    assert pagina.url == banco, "the same debit"
    pagina.get_by_role("button", name="Queda pendiente").click()
    expect(pagina.get_by_role("heading", name="Transacción pendiente")).to_be_visible()
    sin_desborde(pagina)
    pagina.goto("about:blank")
    otra = abrir(1280)
    assert "En verificación" in estado_en_consulta(otra, portal_wompi)
    (sesion,) = portal_wompi.simulador.sesiones()
    portal_wompi.simulador.control("resolver", sesion=sesion["sesion"], decision="aprobar")
    if not avisa:
        portal_wompi.flask("pagos", "sondear")
    for _ in range(60):
        if "Legalizado" in estado_en_consulta(otra, portal_wompi):
            break
        otra.wait_for_timeout(500)
    assert "Legalizado" in estado_en_consulta(otra, portal_wompi)
