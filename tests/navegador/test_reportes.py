"""An auditor reads each report and opens a figure in a browser; axe finds nothing at both sizes and nothing sticks out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.blueprints.reportes.catalogo import INFORMES
from portal.web.reloj import hoy
from tests.navegador.pasos import ingresar, revisar, sin_desborde
from tests.portal_en_marcha import PortalEnMarcha


@pytest.mark.parametrize("ancho", [360, 1280])
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_cada_reporte_se_lee_y_abre_sus_renglones(
    portal: PortalEnMarcha, abrir: Callable[..., Page], ancho: int
) -> None:
    pagina = abrir(ancho)
    ingresar(pagina, portal, "auditor")
    pagina.get_by_role("main").get_by_role("link", name="Reportes").click()
    expect(pagina.get_by_role("heading", name="Reportes")).to_be_visible()
    revisar(pagina)
    dias = f"desde={hoy() - timedelta(days=60)}&hasta={hoy()}"
    for reporte in INFORMES:
        pagina.goto(f"{portal.url}/gestion/reportes/{reporte}?{dias}")
        expect(pagina.get_by_role("heading", level=1)).to_have_text(INFORMES[reporte].titulo)
        revisar(pagina)
        sin_desborde(pagina)
    pagina.goto(f"{portal.url}/gestion/reportes/recaudo?{dias}&por=mes")
    expect(pagina.get_by_role("main")).to_contain_text("Cuadra con el libro")
    revisar(pagina)
    cifra = pagina.get_by_role("row", name="Total de estampillas").get_by_role("link").last
    dicha = cifra.inner_text()
    cifra.click()
    expect(pagina.get_by_role("main")).to_contain_text(f"Suman {dicha}.")
    revisar(pagina)
    sin_desborde(pagina)
    pagina.goto(f"{portal.url}/gestion/reportes/recaudo?desde=ayer&hasta=hoy")
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    revisar(pagina)
