"""Treasury closes a day in a browser: reads it, signs it, reopens it; axe finds nothing at both sizes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.web.reloj import hoy
from tests.navegador.pasos import ingresar, revisar
from tests.portal_en_marcha import PortalEnMarcha

# The demonstration's payment that the bank showed the day after, and the one that can still be on its way.
LLEGO, EN_CAMINO = 18, 3


@pytest.mark.parametrize("ancho", [360, 1280])
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_tesoreria_firma_y_reabre_un_dia(portal: PortalEnMarcha, abrir: Callable[..., Page], ancho: int) -> None:
    pagina = abrir(ancho)
    ingresar(pagina, portal, "tesoreria")
    revisar(pagina)
    dia = hoy() - timedelta(days=LLEGO)
    cierre = f"{portal.url}/gestion/tesoreria/cierre"
    pagina.goto(f"{cierre}?mes={dia:%Y-%m}")
    revisar(pagina)
    pagina.goto(f"{cierre}/recaudo-estampillas/{hoy() - timedelta(days=EN_CAMINO)}")
    expect(pagina.get_by_role("main")).to_contain_text("En tránsito")
    revisar(pagina)
    pagina.goto(f"{cierre}/recaudo-estampillas/{dia}")
    revisar(pagina)
    pagina.get_by_role("button", name="Firmar el día").click()
    expect(pagina.get_by_role("main")).to_contain_text("El día quedó firmado, versión 1.")
    revisar(pagina)
    pagina.get_by_role("link", name="Reabrir").click()
    pagina.get_by_role("button", name="Reabrir").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    revisar(pagina)
    pagina.get_by_label("Motivo").fill("Faltó revisar una línea")
    pagina.get_by_role("button", name="Reabrir").click()
    expect(pagina.get_by_role("main")).to_contain_text("Faltó revisar una línea")
    revisar(pagina)
    pagina.get_by_role("main").locator("td a").first.click()
    expect(pagina.get_by_role("heading", name="Reparto por estampilla y cuenta")).to_be_visible()
    revisar(pagina)
    assert "Todo cuadra." in portal.flask("verificar")
