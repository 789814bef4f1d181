"""The whole path in a real browser, for each outcome, at both sizes, with and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.pasos import (
    consultar_tramite,
    decidir,
    elegir_banco,
    hasta_el_banco,
    hasta_revisar,
    sin_desborde,
    ver_mi_pago,
)
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]
# Facturas of the demonstration: an unpaid act of two stamps, and a contract of three.
TRAMITE, CONTRATO = "249640", "238076"


def estado_en_consulta(pagina: Page, portal: PortalEnMarcha, factura: str) -> str:
    consultar_tramite(pagina, portal, factura)
    return pagina.locator("tbody tr", has_text=factura).locator(".estado").inner_text()


def factura_libre(pagina: Page, portal: PortalEnMarcha) -> None:
    assert "Liquidado" in estado_en_consulta(pagina, portal, TRAMITE)


@pytest.mark.parametrize("javascript", [True, False], ids=["con JavaScript", "sin JavaScript"])
@pytest.mark.parametrize("ancho", [360, 1280])
def test_pagar_y_ver_legalizado(portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool) -> None:
    pagina = abrir(ancho, javascript=javascript)
    consultar_tramite(pagina, portal)
    sin_desborde(pagina)
    hasta_el_banco(pagina, portal, CONTRATO)
    decidir(pagina, "Aprobar")
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_visible()
    expect(pagina.get_by_text("El dinero salió de su cuenta")).to_be_visible()
    sin_desborde(pagina)
    comprobante = pagina.get_by_role("link", name="Descargar el comprobante").get_attribute("href")
    recibo = pagina.request.get(f"{portal.url}{comprobante}")
    assert recibo.headers["content-type"] == "application/pdf"
    assert recibo.body().startswith(b"%PDF")
    assert "Legalizado" in estado_en_consulta(pagina, portal, CONTRATO)
    sin_desborde(pagina)


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_atras_desde_el_banco_es_la_pagina_del_pago_y_no_envia_nada_otra_vez(
    portal: PortalEnMarcha, abrir: Abrir
) -> None:
    pagina = abrir(360)
    hasta_el_banco(pagina, portal, TRAMITE)
    enviados: list[str] = []
    pagina.on("request", lambda pedido: enviados.append(pedido.url) if pedido.method == "POST" else None)
    pagina.go_back()
    expect(pagina.get_by_role("heading", name="Su pago está sin terminar")).to_be_visible()
    assert enviados == []
    pagina.locator("a[href$='/banco']").click()
    pagina.get_by_role("link", name="Continuar al banco").click()
    decidir(pagina, "Aprobar")
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_visible()


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_el_boton_de_pagar_dice_que_crea_la_transaccion_y_se_envia_una_vez(
    portal: PortalEnMarcha, abrir: Abrir
) -> None:
    """PSE's rule R12."""
    pagina = abrir()
    hasta_revisar(pagina, portal, TRAMITE)
    enviados = []
    # What the page lets through is counted and gets no answer, so that the page stays while the person clicks again.
    pagina.route("**/pago/pagar", lambda ruta: enviados.append(ruta))
    # Before its script is there the browser sends the form by itself, and leaves.
    pagina.wait_for_function("() => 'enviarPago' in window && document.readyState === 'complete'")
    boton = pagina.locator("button[data-espera]")
    boton.click(no_wait_after=True)
    expect(boton).to_have_text("Creando transacción…")
    expect(boton).to_have_attribute("aria-disabled", "true")
    boton.click(force=True, no_wait_after=True)
    pagina.evaluate("() => new Promise((listo) => setTimeout(listo))")
    assert len(enviados) == 1


def test_un_debito_rechazado_se_intenta_de_nuevo_en_la_misma_sesion(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir()
    hasta_el_banco(pagina, portal, TRAMITE)
    decidir(pagina, "Rechazar (fondos insuficientes)")
    expect(pagina.get_by_role("heading", name="Transacción rechazada")).to_be_visible()
    expect(pagina.get_by_text("No se hizo ningún débito")).to_be_visible()
    pagina.get_by_role("link", name="Intentar de nuevo").click()
    pagina.get_by_role("link", name="Continuar al banco").click()
    decidir(pagina, "Aprobar")
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_visible()
    assert "Legalizado" in estado_en_consulta(pagina, portal, TRAMITE)


@pytest.mark.parametrize(
    ("boton", "titulo"),
    [("Cancelar y volver al comercio", "Transacción rechazada"), ("Fallar", "Transacción fallida")],
)
def test_lo_que_no_se_pago_deja_libres_las_estampillas(
    portal: PortalEnMarcha, abrir: Abrir, boton: str, titulo: str
) -> None:
    pagina = abrir()
    hasta_el_banco(pagina, portal, TRAMITE)
    decidir(pagina, boton)
    expect(pagina.get_by_role("heading", name=titulo)).to_be_visible()
    expect(pagina.get_by_text("No se hizo ningún débito")).to_be_visible()
    factura_libre(pagina, portal)
    hasta_el_banco(pagina, portal, TRAMITE)
    decidir(pagina, "Aprobar")
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_visible()


@pytest.mark.parametrize("avisa", [True, False], ids=["por notificación", "por sonda"])
def test_pendiente_se_resuelve_sin_que_nadie_recargue(portal: PortalEnMarcha, abrir: Abrir, avisa: bool) -> None:
    pagina = abrir()
    portal.simulador.control("notificaciones", silencio=not avisa)
    hasta_el_banco(pagina, portal, TRAMITE)
    decidir(pagina, "Queda pendiente")
    expect(pagina.get_by_role("heading", name="Transacción pendiente")).to_be_visible()
    expect(pagina.get_by_text("No pague de nuevo").first).to_be_visible()
    otra = abrir(1280)
    assert "En verificación" in estado_en_consulta(otra, portal, TRAMITE)
    # The payer's page is closed on its own clock: only the door under test brings the answer.
    direccion = pagina.url
    pagina.goto("about:blank")
    (sesion,) = [s for s in portal.simulador.sesiones() if s["estado"] == "PENDING"]
    portal.simulador.control("resolver", sesion=sesion["sesion"], decision="aprobar")
    if not avisa:
        portal.flask("pagos", "sondear")
    for _ in range(60):
        if "Legalizado" in estado_en_consulta(otra, portal, TRAMITE):
            break
        otra.wait_for_timeout(500)
    assert "Legalizado" in estado_en_consulta(otra, portal, TRAMITE)
    pagina.goto(direccion)
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_visible()


def test_la_pagina_pendiente_cambia_sola(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir()
    portal.simulador.control("notificaciones", silencio=True)
    hasta_el_banco(pagina, portal, TRAMITE)
    elegir_banco(pagina)
    pagina.get_by_label("Segundos de espera").fill("4")
    pagina.get_by_role("button", name="Pendiente y se aprueba sola").click()
    expect(pagina.get_by_role("heading", name="Transacción pendiente")).to_be_visible()
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_visible(timeout=30_000)
    expect(pagina.locator("#anuncio")).to_contain_text("El dinero salió de su cuenta")
    assert pagina.locator("[data-hx-get]").count() == 0


def test_abandonado_se_continua_o_vence_y_nadie_mas_paga_encima(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir()
    hasta_el_banco(pagina, portal, TRAMITE)
    elegir_banco(pagina)
    pagina.get_by_role("button", name="Abandonar").click()
    vecino = abrir(1280)
    consultar_tramite(vecino, portal, TRAMITE)
    assert vecino.get_by_role("button", name="Pagar").count() == 0
    (sesion,) = [s for s in portal.simulador.sesiones() if s["estado"] == "PENDING"]
    portal.simulador.control("caducar", sesion=sesion["sesion"])
    portal.flask("pagos", "sondear")
    factura_libre(vecino, portal)


def test_quien_se_arrepiente_cancela_y_libera_en_el_acto(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir()
    hasta_el_banco(pagina, portal, TRAMITE)
    ver_mi_pago(pagina, portal, TRAMITE)
    expect(pagina.get_by_role("heading", name="Su pago está sin terminar")).to_be_visible()
    sin_desborde(pagina)
    pagina.get_by_role("button", name="Cancelar este pago").click()
    expect(pagina.get_by_role("heading", name="Transacción rechazada")).to_be_visible()
    factura_libre(pagina, portal)
    (sesion,) = portal.simulador.sesiones()
    assert (sesion["estado"], sesion["motivo"]) == ("REJECTED", "MC")
