"""Two administrators in two browsers: one writes what an ordinance changes and hands in its file, the other one publishes."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.web.reloj import hoy
from tests.archivos import pdf
from tests.navegador.pasos import ingresar, revisar
from tests.portal_en_marcha import CLAVE_DEMO, PortalEnMarcha

Abrir = Callable[..., Page]
OTRA = "administradora@demo.portal.test"


def ingresar_otra(pagina: Page, portal: PortalEnMarcha) -> None:
    portal.flask(
        "usuarios", "crear", OTRA, "--nombre", "Administradora Dos", "--rol", "administrador", "--clave", CLAVE_DEMO
    )
    pagina.goto(f"{portal.url}/ingresar")
    pagina.get_by_label("Correo electrónico").fill(OTRA)
    pagina.get_by_label("Contraseña").fill(CLAVE_DEMO)
    pagina.get_by_role("button", name="Ingresar").click()
    expect(pagina).to_have_url(f"{portal.url}/gestion")


def escribir_propuesta(pagina: Page, portal: PortalEnMarcha, tarifa: str) -> None:
    """From the list to the saved draft: what replaces the provisional tariff of Adulto Mayor from tomorrow on."""
    pagina.goto(f"{portal.url}/gestion")
    pagina.get_by_role("link", name="Tarifas", exact=True).click()
    revisar(pagina)
    pagina.get_by_role("link", name="Contrato de consultoría").first.click()
    expect(pagina.get_by_text("La tarifa es provisional")).to_be_visible()
    revisar(pagina)
    pagina.get_by_role("link", name="Proponer un cambio").click()
    revisar(pagina)
    pagina.get_by_role("button", name="Guardar la propuesta").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    revisar(pagina)
    pagina.get_by_label("Tarifa", exact=True).fill(tarifa)
    pagina.get_by_label("Rige desde").fill((hoy() + timedelta(days=1)).isoformat())
    pagina.get_by_label("Norma", exact=True).fill("Ordenanza 900 de 2026")
    pagina.get_by_label("Artículo").fill("art. 4")
    pagina.get_by_label("Fecha del acto").fill(hoy().isoformat())
    pagina.get_by_role("button", name="Guardar la propuesta").click()
    expect(pagina.get_by_text("quedó guardada")).to_be_visible()


@pytest.mark.parametrize("ancho", [360, 1280])
def test_una_ordenanza_cambia_una_tarifa(portal: PortalEnMarcha, abrir: Abrir, tmp_path: Path, ancho: int) -> None:
    archivo = tmp_path / "Ordenanza 900.pdf"
    archivo.write_bytes(pdf())
    malo = tmp_path / "Ordenanza.pdf"
    malo.write_bytes(b"<html>no</html>")
    una, otra = abrir(ancho), abrir(ancho)
    ingresar(una, portal, "administrador")
    escribir_propuesta(una, portal, "1,5")
    una.get_by_label("Archivo del acto").set_input_files(malo)
    una.get_by_role("button", name="Agregar el archivo").click()
    expect(una.get_by_role("heading", name="Hay un problema")).to_be_visible()
    revisar(una)
    una.get_by_label("Archivo del acto").set_input_files(archivo)
    una.get_by_role("button", name="Agregar el archivo").click()
    expect(una.get_by_role("link", name="Ordenanza 900.pdf")).to_be_visible()
    expect(una.get_by_text("Usted escribió esta propuesta")).to_be_visible()
    revisar(una)
    ingresar_otra(otra, portal)
    otra.get_by_role("link", name="Tarifas", exact=True).click()
    otra.get_by_role("link", name="Pro Bienestar del Adulto Mayor").first.click()
    with otra.expect_download() as bajada:
        otra.get_by_role("link", name="Ordenanza 900.pdf").click()
    assert Path(bajada.value.path()).read_bytes() == pdf()
    otra.get_by_role("link", name="Revisar y publicar").click()
    otra.get_by_label("Publico esta propuesta sin haberla simulado").check()
    revisar(otra)
    otra.get_by_role("button", name="Publicar 1,5 %").click()
    expect(otra.get_by_text("Ya se usa para liquidar")).to_be_visible()
    revisar(otra)
    otra.get_by_role("link", name="Historia de esta tarifa").click()
    expect(otra.get_by_role("link", name="Administradora Dos")).to_be_visible()
    otra.get_by_text("Ver 1 versión anterior").click()
    revisar(otra)
    otra.get_by_role("link", name="Corregir la tarifa").click()
    expect(otra.get_by_text("Corrige 1,5 %")).to_be_visible()
    revisar(otra)


def test_el_mismo_camino_sin_javascript(portal: PortalEnMarcha, abrir: Abrir, tmp_path: Path) -> None:
    archivo = tmp_path / "acto.pdf"
    archivo.write_bytes(pdf())
    una = abrir(360, javascript=False)
    ingresar(una, portal, "administrador")
    una.goto(f"{portal.url}/gestion/normativa/tarifas")
    una.get_by_label("Acto").fill("consultoría")
    una.get_by_role("button", name="Ver").click()
    una.get_by_role("link", name="Contrato de consultoría").first.click()
    una.get_by_role("link", name="Proponer un cambio").click()
    una.get_by_label("Tarifa", exact=True).fill("1,5")
    una.get_by_label("Norma", exact=True).fill("Ordenanza 900 de 2026")
    una.get_by_label("Artículo").fill("art. 4")
    una.get_by_role("button", name="Guardar la propuesta").click()
    una.get_by_label("Archivo del acto").set_input_files(archivo)
    una.get_by_role("button", name="Agregar el archivo").click()
    expect(una.get_by_text("El archivo quedó guardado")).to_be_visible()


def test_la_lista_se_filtra_al_escribir(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(1280)
    ingresar(pagina, portal, "administrador")
    pagina.goto(f"{portal.url}/gestion/normativa/tarifas")
    pagina.get_by_label("Acto").fill("consultoría")
    expect(pagina.locator("#anuncio")).to_contain_text("3 tarifas vigentes")
    pagina.get_by_label("Estampilla", exact=True).select_option(label="Instituto Tecnológico del Putumayo")
    expect(pagina.locator("#anuncio")).to_contain_text("1 tarifa vigente")
    expect(pagina).to_have_url(
        f"{portal.url}/gestion/normativa/tarifas?estampilla=ITP&buscar=consultor%C3%ADa&fecha={hoy().isoformat()}"
    )
    pagina.get_by_label("Acto").fill("nada de esto")
    expect(pagina.locator("#tarifas")).to_contain_text("Cambie la búsqueda")
    revisar(pagina)
