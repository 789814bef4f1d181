"""An auditor reads who did what, takes a period away and checks it; axe finds nothing at both sizes."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.web.reloj import hoy
from tests.navegador.pasos import ingresar, revisar
from tests.portal_en_marcha import PortalEnMarcha


@pytest.mark.parametrize("ancho", [360, 1280])
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_el_auditor_mira_la_bitacora_y_exporta(
    portal: PortalEnMarcha, abrir: Callable[..., Page], ancho: int, tmp_path: Path
) -> None:
    pagina = abrir(ancho)
    portal.flask("auditoria", "verificar")
    ingresar(pagina, portal, "auditor")
    revisar(pagina)
    pagina.get_by_role("link", name="Auditoría").click()
    expect(pagina.get_by_role("heading", name="Estado de las cadenas")).to_be_visible()
    revisar(pagina)
    pagina.goto(f"{portal.url}/gestion/auditoria?desde={hoy() - timedelta(days=300)}&hasta={hoy()}")
    revisar(pagina)
    pagina.get_by_label("Acción").select_option(label="Emitió una liquidación")
    pagina.get_by_role("button", name="Ver").click()
    expect(pagina.get_by_role("table")).to_contain_text("Emitió una liquidación")
    revisar(pagina)
    pagina.get_by_label("Hasta").last.fill("2020-01-01")
    pagina.get_by_role("button", name="Exportar").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    revisar(pagina)
    pagina.get_by_label("Hasta").last.fill(str(hoy()))
    with pagina.expect_download() as bajada:
        pagina.get_by_role("button", name="Exportar").click()
    archivo = tmp_path / "x.zip"
    bajada.value.save_as(archivo)
    assert "Todo está como se escribió." in portal.flask("auditoria", "verificar", "--archivo", str(archivo))
    pagina.goto(f"{portal.url}/gestion/tesoreria/devoluciones")
    revisar(pagina)
