"""A person opens any figure and reads why it is what it is, exclusions included, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.pasos import ingresar, revisar
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]


@pytest.fixture
def _en_cundinamarca(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DEPARTAMENTO", "cundinamarca")


def llenar(oficial: Page) -> None:
    """A contract of professional services of a natural person who did not answer about its resources."""
    oficial.get_by_label("Número de documento").fill("1212312323")
    oficial.get_by_label("Nombre del contratista").fill("prueba")
    oficial.get_by_label("Tipo de contratista").select_option(label="Natural")
    oficial.get_by_label("Valor del contrato").fill("100.000.000")
    oficial.get_by_label("Entidad contratante", exact=True).fill("GOBERNACION DE CUNDINAMARCA")
    oficial.get_by_label("Número de contrato").fill("0712")
    oficial.get_by_label("Tipo de contrato", exact=True).select_option(label="Prestación de servicios profesionales")
    oficial.get_by_label("Fecha de contrato").fill("2026-03-03")
    oficial.get_by_label("Objeto").fill("Servicios de prueba")
    oficial.get_by_label("¿Qué se contrata?").select_option(label="Infraestructura de transporte")


@pytest.mark.usefixtures("_en_cundinamarca")
@pytest.mark.parametrize("javascript", [True, False], ids=["con JavaScript", "sin JavaScript"])
@pytest.mark.parametrize("ancho", [360, 1280])
def test_cada_cifra_se_abre_y_dice_por_que(portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool) -> None:
    oficial = abrir(ancho, javascript=javascript)
    ingresar(oficial, portal, "rentas")
    oficial.goto(f"{portal.url}/gestion/liquidaciones/nueva/CC-2")
    llenar(oficial)
    if not javascript:
        oficial.get_by_role("button", name="Calcular").click()
    miradas = oficial.locator("#reglas-miradas")
    miradas.locator("summary").click()
    expect(miradas).to_contain_text("Aplicada Primeras 1.200 UVT de servicios profesionales o técnicos.")
    expect(miradas).to_contain_text("Falta un dato Infraestructura de transporte")
    expect(miradas).to_contain_text("Clase de contratista: «Persona natural»; la regla pide «Entidad pública»")
    if javascript:
        revisar(oficial)
    oficial.get_by_role("button", name="Continuar").click()
    expect(miradas).to_have_count(1)
    oficial.get_by_role("button", name="Emitir liquidación").click()
    expect(oficial.get_by_text("quedó emitida")).to_be_visible()
    publica = str(oficial.get_by_role("link", name=f"{portal.url}/liquidacion/").get_attribute("href"))
    ciudadana = abrir(ancho, javascript=javascript)
    ciudadana.goto(publica)
    for pagina in (oficial, ciudadana):
        cifra = pagina.locator("tbody details").first
        cifra.locator("summary").click()
        expect(cifra).to_contain_text("× 2 % =")
        expect(cifra).to_contain_text("Aplicada Primeras 1.200 UVT")
        expect(cifra).not_to_contain_text("monopolio")
        cifra.get_by_role("link", name="Vea todas las que se miraron").click()
        pagina.locator("#reglas-miradas summary").click()
        expect(pagina.locator("#reglas-miradas")).to_contain_text("Sin respuesta: interviene quien ejerce el monopolio")
        if javascript:
            revisar(pagina)
