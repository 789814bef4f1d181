"""Treasury imports the bank's file of a day, with and without JavaScript, on a phone and on a desk."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from playwright.sync_api import Page, expect

from portal.db import db
from portal.dominio.dinero import escribir_pesos
from tests.navegador.pasos import ingresar, revisar
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]


def generar(runner: FlaskCliRunner, archivo: Path, *opciones: str) -> None:
    """Have the demonstration write a bank's file about the payments that the portal in the browser has."""
    hecho = runner.invoke(args=["demo", "banco", "--salida", str(archivo), *opciones])
    assert hecho.exit_code == 0, hecho.output
    db.session.remove()


def pagos_de(archivo: Path) -> list[list[str]]:
    """Line, reference and pesos of each payment, cut from the file's columns by nobody's reader."""
    lineas = enumerate(archivo.read_text("latin-1").splitlines(), 1)
    return [
        [str(n), linea[2:50].lstrip("0"), escribir_pesos(Decimal(linea[50:64]) / 100)]
        for n, linea in lineas
        if linea.startswith("06")
    ]


def importados(pagina: Page) -> list[str]:
    """The files of the list, the newest first."""
    return pagina.get_by_role("table", name="Archivos importados").get_by_role("link").all_inner_texts()


def lineas(pagina: Page) -> list[list[str]]:
    """Line, reference and pesos of each payment of the page."""
    tabla = pagina.get_by_role("table", name="Línea por línea")
    columnas = [tabla.locator(f'td[data-titulo="{c}"]').all_inner_texts() for c in ("Línea", "Referencia", "Valor")]
    return [list(fila) for fila in zip(*columnas, strict=True)]


@pytest.mark.parametrize(("ancho", "con_js"), [(360, True), (1280, True), (1280, False)])
def test_del_archivo_de_la_demostracion_al_resultado(
    portal: PortalEnMarcha, runner: FlaskCliRunner, abrir: Abrir, tmp_path: Path, ancho: int, con_js: bool
) -> None:
    archivo, danado = tmp_path / "recaudo.txt", tmp_path / "danado.txt"
    generar(runner, archivo, "--rarezas")
    generar(runner, danado, "--dano", "total")
    pagos = pagos_de(archivo)
    assert len(pagos) == 9
    pagina = abrir(ancho, javascript=con_js)
    ver = revisar if con_js else lambda _: None
    ingresar(pagina, portal, "tesoreria")
    pagina.get_by_role("link", name="Archivos del banco").click()
    expect(pagina.get_by_role("heading", name="Archivos importados")).to_be_visible()
    antes = importados(pagina)
    numero = int(antes[0].removeprefix("Archivo ")) + 1
    ver(pagina)
    pagina.get_by_label("Archivo del banco").set_input_files(danado)
    pagina.get_by_role("button", name="Revisar el archivo").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    assert importados(pagina) == antes
    ver(pagina)
    pagina.get_by_label("Archivo del banco").set_input_files(archivo)
    pagina.get_by_role("button", name="Revisar el archivo").click()
    expect(pagina.get_by_role("heading", name="Revise antes de importar")).to_be_visible()
    assert lineas(pagina) == pagos
    ver(pagina)
    pagina.get_by_role("button", name="Importar 9 pagos").click()
    expect(pagina.get_by_role("heading", name=f"Archivo del banco {numero}", exact=True)).to_be_visible()
    expect(pagina.get_by_text("quedó importado")).to_be_visible()
    assert lineas(pagina) == pagos
    ver(pagina)
    with pagina.expect_download() as bajado:
        pagina.get_by_role("link", name="Descargar en Excel").click()
    assert bajado.value.suggested_filename == f"archivo-del-banco-{numero}.xlsx"
    pagina.get_by_role("link", name="Todos los archivos").click()
    expect(pagina.get_by_role("heading", name="Archivos importados")).to_be_visible()
    assert importados(pagina) == [f"Archivo {numero}", *antes]
    ver(pagina)
    pagina.get_by_label("Archivo del banco").set_input_files(archivo)
    pagina.get_by_role("button", name="Revisar el archivo").click()
    expect(pagina.get_by_role("link", name=f"Ver el archivo {numero}", exact=True)).to_be_visible()
    ver(pagina)
