"""A revenue officer assesses a contract, and a citizen with nothing but its number finds it, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.pasos import ingresar, sin_desborde
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]


def llenar_contrato(pagina: Page) -> None:
    pagina.get_by_label("Tipo de documento", exact=True).select_option(label="NIT")
    pagina.get_by_label("Número de documento", exact=True).fill("860069804-2")
    pagina.get_by_label("Nombre del contratista").fill("EMPRESA DE PRUEBA S.A.S.")
    pagina.get_by_label("Tipo de contratista").select_option(label="Jurídica")
    pagina.get_by_label("Valor del contrato").fill("46.911.499")
    pagina.get_by_label("Entidad contratante", exact=True).fill("GOBERNACION DEL PUTUMAYO")
    pagina.get_by_label("Número de contrato").fill("0712")
    pagina.get_by_label("Tipo de contrato").select_option(label="Suministro")
    pagina.get_by_label("Fecha de contrato").fill("2026-03-03")
    pagina.get_by_label("Objeto").fill("Suministro de prueba")


@pytest.mark.parametrize("javascript", [True, False], ids=["con JavaScript", "sin JavaScript"])
@pytest.mark.parametrize("ancho", [360, 1280])
def test_liquidar_un_contrato_y_encontrarlo(portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool) -> None:
    oficial = abrir(ancho, javascript=javascript)
    ingresar(oficial, portal, "rentas")
    oficial.goto(f"{portal.url}/gestion/liquidaciones/nueva/P-C-02")
    llenar_contrato(oficial)
    if not javascript:
        oficial.get_by_role("button", name="Calcular").click()
    calculo = oficial.locator("section,aside,div").filter(has=oficial.get_by_role("heading", name="Cálculo")).last
    expect(calculo).to_contain_text("$235.000")
    expect(calculo).to_contain_text("$470.000")
    sin_desborde(oficial)
    oficial.get_by_role("button", name="Continuar").click()
    oficial.get_by_role("button", name="Emitir liquidación por $470.000").click()
    expect(oficial.get_by_text("quedó emitida")).to_be_visible()
    enlace = oficial.get_by_role("link", name="Descargar en PDF").get_attribute("href")
    pdf = oficial.request.get(f"{portal.url}{enlace}")
    assert pdf.body().startswith(b"%PDF")
    ciudadana = abrir(360, javascript=javascript)
    ciudadana.goto(f"{portal.url}/consulta?tipo_pago=contrato&vigencia=2026&nit=860069804&numero_contrato=712")
    expect(ciudadana.locator("tbody tr")).to_have_count(2)
    expect(ciudadana.locator("tbody")).to_contain_text("Liquidado")
