"""The yearly task as a new administrator does it: next year's UVT, a second person who publishes it, the circular.

The UVT of 2027 in this test is made up.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.web.reloj import hoy
from tests.navegador.pasos import ingresar, revisar
from tests.portal_en_marcha import CLAVE_DEMO, PortalEnMarcha

Abrir = Callable[..., Page]
RESOLUCION = "Resolución DIAN de prueba"


@pytest.fixture
def _en_cundinamarca(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DEPARTAMENTO", "cundinamarca")


def proponer_uvt(pagina: Page) -> None:
    """From the first page of an administrator to a saved draft."""
    pagina.get_by_role("link", name="Valores de cada año").last.click()
    revisar(pagina)
    pagina.get_by_role("link", name="Proponer el valor de 2027 de UVT").click()
    expect(pagina.get_by_label("Rige desde")).to_have_value("2027-01-01")
    pagina.get_by_label("Valor en pesos").fill("55.000")
    pagina.get_by_label("Acto que fija el valor").fill(RESOLUCION)
    pagina.get_by_label("Fecha del acto").fill(hoy().isoformat())
    pagina.get_by_label("Enlace al acto").fill("https://normas.test/uvt-2027")
    revisar(pagina)
    pagina.get_by_role("button", name="Guardar la propuesta").click()
    expect(pagina.get_by_text("debe publicarla otro administrador").first).to_be_visible()
    revisar(pagina)


def publicar(pagina: Page) -> None:
    """From the first page of another administrator, through the simulation, to the published value."""
    pagina.get_by_role("link", name="Revisar y publicar").click()
    expect(pagina.get_by_role("heading", name="Revise antes de publicar")).to_be_visible()
    pagina.get_by_role("link", name="simúlela").click()
    pagina.get_by_role("button", name="Simular").click()
    if not pagina.evaluate("window.htmx !== undefined"):
        # With JavaScript each step asks for the next one.
        pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("heading", name="Qué cambia")).to_be_visible()
    revisar(pagina)
    pagina.get_by_role("link", name="Ver la propuesta").click()
    pagina.get_by_role("link", name="Revisar y publicar").click()
    expect(pagina.get_by_role("heading", name="Revise antes de publicar")).to_be_visible()
    revisar(pagina)
    pagina.get_by_role("button", name="Publicar $55.000").click()
    expect(pagina.get_by_text("La propuesta quedó publicada")).to_be_visible()
    revisar(pagina)


@pytest.mark.usefixtures("_en_cundinamarca")
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("ancho", "javascript"), [(360, True), (1280, False)], ids=["360", "1280 sin JavaScript"])
def test_la_tarea_de_cada_ano(portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool) -> None:
    portal.flask(
        *("usuarios", "crear", "segunda@demo.portal.test"),
        *("--nombre", "Segunda Administradora", "--rol", "administrador", "--clave", CLAVE_DEMO),
    )
    primera = abrir(ancho, javascript=javascript)
    ingresar(primera, portal, "administrador")
    primera.goto(f"{portal.url}/gestion/normativa/circular/2027")
    expect(primera.get_by_text("No hay circular de 2027")).to_be_visible()
    primera.goto(f"{portal.url}/gestion")
    proponer_uvt(primera)
    segunda = abrir(ancho, javascript=javascript)
    ingresar(segunda, portal, "segunda")
    publicar(segunda)
    segunda.get_by_role("link", name="Todos los valores").click()
    segunda.get_by_role("link", name="Circular de tarifas del año").click()
    revisar(segunda)
    segunda.get_by_role("navigation", name="Año de la circular").get_by_role("link", name="2027").click()
    expect(segunda.get_by_role("heading", name="Circular de tarifas 2027", level=1)).to_be_visible()
    valores = segunda.get_by_role("table", name="Indicadores con que se calculan las tarifas de 2027")
    expect(valores).to_contain_text(RESOLUCION)
    expect(valores).to_contain_text("$55.000")
    concesion = segunda.get_by_role("row").filter(has_text="SC-49").first
    expect(concesion).to_contain_text("$11.000.000")
    revisar(segunda)
    for formato, nombre, inicio in (("PDF", "pdf", b"%PDF-1.7"), ("Excel", "xlsx", b"PK")):
        enlace = segunda.get_by_role("link", name=f"Descargar en {formato}").get_attribute("href")
        descarga = segunda.request.get(f"{portal.url}{enlace}")
        assert descarga.body().startswith(inicio)
        assert f"circular-cundinamarca-2027.{nombre}" in descarga.headers["content-disposition"]


@pytest.fixture
def _en_narino(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DEPARTAMENTO", "narino")


@pytest.mark.usefixtures("_en_narino")
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
@pytest.mark.parametrize("ancho", [360, 1280])
def test_la_circular_incompleta_se_lee_y_se_recorre(portal: PortalEnMarcha, abrir: Abrir, ancho: int) -> None:
    pagina = abrir(ancho)
    ingresar(pagina, portal, "funcionario")
    pagina.get_by_role("link", name="Circular de tarifas").click()
    pagina.get_by_role("navigation", name="Año de la circular").get_by_role("link", name="2026").click()
    expect(pagina.get_by_text("Esta circular está incompleta")).to_be_visible()
    expect(pagina.get_by_text("Sin decreto publicado")).to_have_count(2)
    revisar(pagina)
    indice = pagina.get_by_role("navigation", name="Contenido")
    indice.get_by_role("link", name="Estampilla Pro Cultura de Nariño").click()
    expect(pagina.get_by_role("heading", name="Estampilla Pro Cultura de Nariño")).to_be_in_viewport()
    pagina.get_by_text("Años anteriores").click()
    pagina.get_by_role("link", name="2011", exact=True).click()
    expect(pagina.get_by_role("heading", name="Circular de tarifas 2011", level=1)).to_be_visible()
