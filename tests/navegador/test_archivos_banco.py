"""Treasury imports the bank's file of a day, with and without JavaScript, on a phone and on a desk."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.pasos import ingresar
from tests.navegador.test_accesibilidad import revisar
from tests.portal_en_marcha import PortalEnMarcha

pytestmark = pytest.mark.xdist_group("navegador")
Abrir = Callable[..., Page]


@pytest.mark.parametrize(("ancho", "con_js"), [(360, True), (1280, True), (1280, False)])
def test_del_archivo_de_la_demostracion_al_resultado(
    portal: PortalEnMarcha, abrir: Abrir, tmp_path: Path, ancho: int, con_js: bool
) -> None:
    archivo = tmp_path / "recaudo.txt"
    portal.flask("demo", "banco", "--salida", str(archivo), "--rarezas")
    portal.flask("demo", "banco", "--salida", str(tmp_path / "danado.txt"), "--dano", "total")
    pagina = abrir(ancho, javascript=con_js)
    ver = revisar if con_js else lambda _: None
    ingresar(pagina, portal, "tesoreria")
    pagina.get_by_role("link", name="Archivos del banco").click()
    ver(pagina)
    pagina.get_by_label("Archivo del banco").set_input_files(tmp_path / "danado.txt")
    pagina.get_by_role("button", name="Revisar el archivo").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    ver(pagina)
    pagina.get_by_label("Archivo del banco").set_input_files(archivo)
    pagina.get_by_role("button", name="Revisar el archivo").click()
    expect(pagina.get_by_role("heading", name="Revise antes de importar")).to_be_visible()
    ver(pagina)
    pagina.get_by_role("button", name="Importar 9 pagos").click()
    expect(pagina.get_by_role("heading", name=re.compile(r"Archivo del banco \d+"))).to_be_visible()
    expect(pagina.get_by_text("quedó importado")).to_be_visible()
    ver(pagina)
    with pagina.expect_download() as bajado:
        pagina.get_by_role("link", name="Descargar en Excel").click()
    assert re.fullmatch(r"archivo-del-banco-\d+\.xlsx", bajado.value.suggested_filename)
    pagina.get_by_role("link", name="Todos los archivos").click()
    ver(pagina)
    pagina.get_by_label("Archivo del banco").set_input_files(archivo)
    pagina.get_by_role("button", name="Revisar el archivo").click()
    expect(pagina.get_by_role("link", name=re.compile(r"Ver el archivo \d+"))).to_be_visible()
    ver(pagina)
