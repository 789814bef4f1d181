"""axe finds nothing on any page or state of it, at both sizes, and the public path works by keyboard alone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from portal.db import db
from tests import tesoreria
from tests.navegador.pasos import (
    consultar_tramite,
    decidir,
    hasta_el_banco,
    hasta_revisar,
    ingresar,
    sin_desborde,
    ver_mi_pago,
)
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]


def revisar(pagina: Page) -> None:
    sin_desborde(pagina)
    hallado = Axe().run(pagina).response["violations"]
    assert [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in hallado] == [], pagina.url


@pytest.mark.parametrize("ancho", [360, 1280])
def test_las_paginas_publicas(portal: PortalEnMarcha, abrir: Abrir, ancho: int) -> None:
    pagina = abrir(ancho)
    for direccion in ("/", "/consulta", "/pago", "/ayuda", "/privacidad", "/accesibilidad", "/no-existe"):
        pagina.goto(portal.url + direccion)
        revisar(pagina)
    consultar_tramite(pagina, portal)
    revisar(pagina)
    pagina.get_by_label("Buscar:").fill("nada de esto")
    expect(pagina.locator("#tabla")).to_contain_text("No se encontraron resultados")
    revisar(pagina)
    pagina.goto(f"{portal.url}/consulta")
    pagina.get_by_role("button", name="Consultar").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    revisar(pagina)


@pytest.mark.parametrize("ancho", [360, 1280])
def test_los_pasos_del_pago(portal: PortalEnMarcha, abrir: Abrir, ancho: int) -> None:
    pagina = abrir(ancho)
    visitadas: list[str] = []

    def al_navegar(actual: Page) -> None:
        if actual.url.startswith(portal.url):
            visitadas.append(actual.url)
            revisar(actual)

    pagina.goto(f"{portal.url}/pago")
    pagina.get_by_label("Documento").fill("249640")
    for boton in ("Buscar", "Continuar"):
        pagina.get_by_role("button", name=boton).click()
        al_navegar(pagina)
    hasta_revisar(pagina, portal, "249640")
    al_navegar(pagina)
    hasta_el_banco(pagina, portal, "249640")
    ver_mi_pago(pagina, portal, "249640")
    pagina.get_by_role("link", name="Continuar el pago").click()
    al_navegar(pagina)
    pagina.get_by_role("link", name="Continuar al banco").click()
    decidir(pagina, "Queda pendiente")
    expect(pagina.get_by_role("heading", name="Transacción pendiente")).to_be_visible()
    al_navegar(pagina)
    (sesion,) = [s for s in portal.simulador.sesiones() if s["estado"] == "PENDING"]
    portal.simulador.control("resolver", sesion=sesion["sesion"], decision="aprobar")
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_visible()
    al_navegar(pagina)
    assert len(visitadas) == 6


@pytest.mark.parametrize("ancho", [360, 1280])
def test_las_paginas_de_rentas(portal: PortalEnMarcha, abrir: Abrir, ancho: int) -> None:
    pagina = abrir(ancho)
    ingresar(pagina, portal, "rentas")
    revisar(pagina)
    for direccion in ("", "/nueva", "/nueva/P-C-02", "/nueva/P-T-01"):
        pagina.goto(f"{portal.url}/gestion/liquidaciones{direccion}")
        revisar(pagina)
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    revisar(pagina)
    pagina.goto(f"{portal.url}/gestion/normativa/circular/2026")
    revisar(pagina)
    pagina.goto(f"{portal.url}/gestion/liquidaciones")
    pagina.get_by_role("table").get_by_role("link").first.click()
    expect(pagina.get_by_role("heading", name="Liquidación", level=1)).to_be_visible()
    revisar(pagina)


# What these pages are made of does not depend on the engine, and they are many.
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_las_paginas_de_tesoreria(portal: PortalEnMarcha, abrir: Abrir) -> None:
    direcciones = tesoreria.en_marcha()
    db.session.remove()
    pagina = abrir(1280)
    ingresar(pagina, portal, "tesoreria")
    for ancho in (1280, 360):
        pagina.set_viewport_size({"width": ancho, "height": 800})
        for direccion in direcciones:
            pagina.goto(portal.url + direccion)
            revisar(pagina)
        pagina.goto(f"{portal.url}/gestion/tesoreria/ordenes/legalizar")
        pagina.get_by_role("button", name="Proponer la legalización").click()
        expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
        revisar(pagina)
        pagina.goto(f"{portal.url}/gestion/tesoreria/buscar")
        pagina.get_by_label("Buscar un pago").fill("901805364")
        pagina.get_by_role("button", name="Buscar").click()
        expect(pagina.get_by_role("heading", name="Pagos")).to_be_visible()
        revisar(pagina)


def test_la_consulta_se_hace_solo_con_el_teclado(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(1280)
    pagina.goto(f"{portal.url}/consulta")
    pagina.keyboard.press("Tab")
    expect(pagina.get_by_role("link", name="Saltar al contenido")).to_be_focused()
    pagina.keyboard.press("Enter")
    for _ in range(2):
        pagina.keyboard.press("Tab")
    expect(pagina.get_by_label("Documento")).to_be_focused()
    pagina.keyboard.type("1212312323")
    pagina.keyboard.press("Enter")
    expect(pagina.locator("#tabla")).to_be_visible()
    expect(pagina.locator("#anuncio")).to_contain_text("Mostrando registros del 1 al 10 de un total de 12 registros")
    siguiente = pagina.get_by_role("button", name="Siguiente")
    siguiente.focus()
    pagina.keyboard.press("Enter")
    expect(pagina.locator("#anuncio")).to_contain_text("Mostrando registros del 11 al 12")
    # The button is gone on the last page: the focus stays with the result instead of falling to the top.
    assert pagina.evaluate("document.activeElement.closest('#tabla') !== null")
