"""A revenue officer imports a file of contracts in a real browser: mends it, sees the total, issues, and again nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.lotes import contratos, csv_de, fila, xlsx_de
from tests.navegador.pasos import ingresar, revisar
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]


def subir(pagina: Page, contenido: bytes, nombre: str = "contratos.csv") -> None:
    archivo: FilePayload = {"name": nombre, "mimeType": "application/octet-stream", "buffer": contenido}
    pagina.get_by_label("Archivo con los contratos").set_input_files(archivo)
    pagina.get_by_role("button", name="Revisar el archivo").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["con JavaScript", "sin JavaScript"])
@pytest.mark.parametrize("ancho", [360, 1280])
def test_importar_contratos(portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool) -> None:
    pagina = abrir(ancho, javascript=javascript)
    ingresar(pagina, portal, "rentas")
    pagina.get_by_role("link", name="Importar contratos").click()
    if javascript:
        revisar(pagina)
    subir(pagina, b"Acto;Valr\r\nP-C-02;1\r\n")
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    expect(pagina.get_by_role("link", name="¿Quiso decir «Valor»?")).to_be_visible()
    if javascript:
        expect(pagina.locator("#resumen-errores")).to_be_focused()
        revisar(pagina)
    subir(pagina, csv_de([fila(Valor="mil", Objeto=""), *contratos(2)]))
    expect(pagina.get_by_role("heading", name="El archivo tiene errores")).to_be_visible()
    expect(pagina.get_by_role("row", name="F (Valor)")).to_contain_text("Escriba el valor en pesos")
    if javascript:
        expect(pagina.locator("#anuncio")).to_contain_text("2 errores en 1 de 3 filas")
        revisar(pagina)
    pagina.get_by_role("link", name="Subir el archivo corregido").click()
    subir(pagina, xlsx_de(contratos(2)), "contratos.xlsx")
    expect(pagina.get_by_role("heading", name="Revise antes de emitir")).to_be_visible()
    # The dry run has an address of its own: reloading it uploads nothing again.
    pagina.reload()
    expect(pagina.get_by_role("heading", name="Revise antes de emitir")).to_be_visible()
    if javascript:
        revisar(pagina)
    pagina.get_by_role("button", name="Emitir 2 liquidaciones por $940.000").click()
    expect(pagina.get_by_role("heading", name="2 liquidaciones emitidas por $940.000")).to_be_visible()
    if javascript:
        revisar(pagina)
    libro = pagina.get_by_role("link", name="Descargar el resultado en Excel").get_attribute("href")
    assert pagina.request.get(f"{portal.url}{libro}").body().startswith(b"PK")
    pagina.get_by_role("link", name="Importar otro archivo").click()
    subir(pagina, csv_de(contratos(2)))
    expect(pagina.get_by_role("heading", name="No hay nada por emitir")).to_be_visible()
    if javascript:
        revisar(pagina)
