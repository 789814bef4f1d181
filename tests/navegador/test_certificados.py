"""An official validates a list and certifies an act in a real browser, with and without JavaScript; anyone verifies it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.navegador.pasos import ingresar, revisar
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]
LISTA = "Número de contrato;Vigencia;NIT\n647;2025;901805364-1\n24062024;2024;1212312323\n999;2025;901805364\n"


@pytest.mark.parametrize("javascript", [True, False], ids=["con JavaScript", "sin JavaScript"])
@pytest.mark.parametrize("ancho", [360, 1280])
def test_de_la_lista_al_certificado(portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool) -> None:
    pagina = abrir(ancho, javascript=javascript)

    def mirar() -> None:
        if javascript:
            revisar(pagina)

    ingresar(pagina, portal, "funcionario")
    pagina.get_by_role("link", name="Validar una lista").click()
    mirar()
    pagina.get_by_label("Pegue la lista").fill("Objeto;Valor\nuno;2")
    pagina.get_by_role("button", name="Validar la lista").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    mirar()
    pagina.get_by_label("Pegue la lista").fill("")
    archivo: FilePayload = {"name": "lista.csv", "mimeType": "text/csv", "buffer": f"{LISTA}1;25;1\n".encode()}
    pagina.get_by_label("O elija un archivo").set_input_files(archivo)
    pagina.get_by_role("button", name="Validar la lista").click()
    expect(pagina.get_by_text("1 fila no se pudo consultar.")).to_be_visible()
    expect(pagina.get_by_role("button", name="Certificar la lista")).to_have_count(0)
    mirar()
    pagina.get_by_role("link", name="Validar otra lista").click()
    pagina.get_by_label("Pegue la lista").fill(LISTA)
    pagina.get_by_role("button", name="Validar la lista").click()
    expect(pagina.get_by_role("heading", name="Estado el")).to_be_visible()
    if javascript:
        expect(pagina.locator("#anuncio")).to_contain_text("3 filas: 1 con todo pagado, 1 con pendientes")
    with pagina.expect_download() as descarga:
        pagina.get_by_role("button", name="Descargar en Excel").click()
    assert descarga.value.suggested_filename == "estado-de-los-contratos.xlsx"
    pagina.get_by_role("button", name="Certificar la fila 2").click()
    expect(pagina.get_by_role("heading", name="Contrato 647 de 2025, NIT o documento 901805364")).to_be_visible()
    mirar()
    pagina.get_by_role("button", name="Certificar lo que se encontró").click()
    expect(pagina.get_by_role("link", name="Descargar el PDF")).to_be_visible()
    mirar()
    _verificar(pagina, portal)
    mirar()


def _verificar(pagina: Page, portal: PortalEnMarcha) -> None:
    codigo = pagina.get_by_role("heading", level=1).inner_text().removeprefix("Certificado ")
    pagina.goto(f"{portal.url}/verificar")
    pagina.get_by_label("Código").fill(codigo.lower())
    pagina.get_by_role("main").get_by_role("button").first.click()
    expect(pagina.get_by_text("Este certificado lo emitió el portal.")).to_be_visible()
    assert "901805364" not in pagina.url


@pytest.mark.parametrize("ancho", [360, 1280])
def test_buscar_un_acto_para_certificarlo(portal: PortalEnMarcha, abrir: Abrir, ancho: int) -> None:
    pagina = abrir(ancho)
    ingresar(pagina, portal, "rentas")
    pagina.goto(f"{portal.url}/gestion/certificados")
    revisar(pagina)
    pagina.get_by_role("button", name="Consultar").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    revisar(pagina)
    pagina.get_by_label("Buscar por").select_option(label="Documento (trámites)")
    expect(pagina.get_by_label("Número de contrato")).to_be_hidden()
    pagina.get_by_label("Documento", exact=True).fill("1212312323")
    pagina.get_by_role("button", name="Consultar").click()
    expect(pagina.get_by_role("button", name="Certificar lo que se encontró")).to_be_visible()
    revisar(pagina)
    assert "1212312323" not in pagina.url
    pagina.get_by_label("Buscar por").select_option(label="Factura")
    pagina.get_by_label("Número de factura o de liquidación").fill("999999999")
    pagina.get_by_role("button", name="Consultar").click()
    expect(pagina.locator("#hallado")).to_contain_text("No se encontró nada")
    pagina.get_by_role("button", name="Certificar lo que se encontró").click()
    expect(pagina.get_by_text("No se encontró ninguna liquidación con esos datos.")).to_be_visible()
    revisar(pagina)
