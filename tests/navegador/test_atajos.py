"""Staff by keyboard alone: the list of shortcuts, the search, the rows, the areas; off at will, and never in a field."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.pasos import ingresar, revisar, sin_desborde
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]


def con_atajos(pagina: Page) -> None:
    """Wait until the script listens: it is what puts the button at the foot."""
    expect(pagina.get_by_role("button", name="Atajos de teclado")).to_be_visible()


@pytest.mark.parametrize("ancho", [360, 1280])
def test_un_funcionario_trabaja_con_el_teclado(portal: PortalEnMarcha, abrir: Abrir, ancho: int) -> None:
    pagina = abrir(ancho)
    ingresar(pagina, portal, "tesoreria")
    con_atajos(pagina)
    expect(pagina.get_by_role("heading", name="Por hacer")).to_be_visible()
    revisar(pagina)
    # Down to the last row and up again; Enter opens what the row does.
    pagina.keyboard.press("j")
    expect(pagina.locator("tbody a.boton").first).to_be_focused()
    pagina.keyboard.press("j")
    pagina.keyboard.press("k")
    pagina.keyboard.press("Enter")
    expect(pagina).to_have_url(re.compile("/gestion/tesoreria/"))
    con_atajos(pagina)
    pagina.keyboard.press("g")
    pagina.keyboard.press("t")
    expect(pagina.get_by_role("heading", name="Tesorería", exact=True)).to_be_visible()
    con_atajos(pagina)
    pagina.keyboard.press("/")
    expect(pagina.get_by_role("searchbox")).to_be_focused()
    pagina.keyboard.type("g?jk")
    expect(pagina.get_by_role("searchbox")).to_have_value("g?jk")
    expect(pagina.get_by_role("dialog")).to_be_hidden()


def test_la_lista_de_atajos_se_ve_y_los_apaga(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(1280)
    ingresar(pagina, portal, "auditor")
    con_atajos(pagina)
    pagina.keyboard.press("?")
    dialogo = pagina.get_by_role("dialog", name="Atajos de teclado")
    expect(dialogo).to_be_visible()
    revisar(pagina)
    dialogo.get_by_label("Usar atajos en este equipo").uncheck()
    dialogo.get_by_role("button", name="Cerrar").click()
    pagina.keyboard.press("?")
    expect(dialogo).to_be_hidden()
    # They stay off on the next page; the button at the foot brings the list back, and with it the switch.
    pagina.reload()
    con_atajos(pagina)
    pagina.keyboard.press("g")
    pagina.keyboard.press("l")
    pagina.keyboard.press("?")
    expect(pagina.get_by_role("heading", name="Mi trabajo")).to_be_visible()
    expect(dialogo).to_be_hidden()
    pagina.get_by_role("button", name="Atajos de teclado").click()
    dialogo.get_by_label("Usar atajos en este equipo").check()
    pagina.keyboard.press("Escape")
    pagina.keyboard.press("g")
    pagina.keyboard.press("l")
    expect(pagina.get_by_role("heading", name="Liquidaciones", exact=True)).to_be_visible()


def test_sin_javascript_no_se_ofrece_lo_que_no_funciona(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(360, javascript=False)
    ingresar(pagina, portal, "rentas")
    sin_desborde(pagina)
    expect(pagina.get_by_text("Atajos de teclado")).to_be_hidden()
    # The rows of a page are chosen all the same.
    pagina.goto(f"{portal.url}/gestion/liquidaciones")
    pagina.get_by_label("Mostrar").select_option("10")
    pagina.get_by_role("button", name="Aplicar").click()
    expect(pagina.get_by_label("Mostrar")).to_have_value("10")
    expect(pagina.locator("main tbody tr")).to_have_count(10)
    sin_desborde(pagina)
