"""An officer states the support of an exemption at the last step, finds it, uses it again and revokes it, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.pasos import ingresar, revisar
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]


@pytest.fixture(autouse=True)
def _en_cundinamarca(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DEPARTAMENTO", "cundinamarca")


def calcular(pagina: Page) -> None:
    """Press the button that brings the questions without scripts; ends on the page that came, not on the one it left."""
    with pagina.expect_navigation():
        pagina.get_by_role("button", name="Calcular").click()


def hasta_la_revision(pagina: Page, portal: PortalEnMarcha, numero: str, *, javascript: bool) -> None:
    """A contract of an EPS, destined to health."""
    pagina.goto(f"{portal.url}/gestion/liquidaciones/nueva/CC-2")
    pagina.get_by_label("Tipo de documento", exact=True).select_option(label="NIT")
    pagina.get_by_label("Número de documento", exact=True).fill("901805364-1")
    pagina.get_by_label("Nombre del contratista").fill("OTRA EPS DE PRUEBA")
    pagina.get_by_label("Tipo de contratista").select_option(label="Jurídica")
    pagina.get_by_label("Valor del contrato").fill("46.911.499")
    pagina.get_by_label("Entidad contratante", exact=True).fill("GOBERNACION DE CUNDINAMARCA")
    pagina.get_by_label("Número de contrato").fill(numero)
    pagina.get_by_label("Tipo de contrato", exact=True).select_option(label="Suministro")
    pagina.get_by_label("Fecha de contrato").fill("2026-03-03")
    pagina.get_by_label("Objeto", exact=True).fill("Suministro de prueba")
    if not javascript:
        calcular(pagina)
    # The questions that the last answer brings may open or close this group: it is looked at once they came.
    expect(pagina.locator(".htmx-request")).to_have_count(0)
    otros = pagina.locator("details", has=pagina.locator("[name='hechos.entidad.clase']"))
    if otros.count() and not otros.last.evaluate("uno => uno.open"):
        otros.last.locator("> summary").click()
    pagina.locator("[name='hechos.entidad.clase']").select_option(value="eps")
    if not javascript:
        calcular(pagina)
    finalidad = pagina.locator("[name='hechos.acto.finalidad']")
    expect(finalidad).to_be_visible()
    finalidad.select_option(value="salud")
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("heading", name="Revise antes de emitir")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["con JavaScript", "sin JavaScript"])
@pytest.mark.parametrize("ancho", [360, 1280])
def test_reconocer_al_emitir_usar_de_nuevo_y_revocar(
    portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool
) -> None:
    oficial = abrir(ancho, javascript=javascript)
    ingresar(oficial, portal, "rentas")
    hasta_la_revision(oficial, portal, "901", javascript=javascript)
    revisar(oficial)
    emitir = oficial.get_by_role("button", name="Emitir liquidación por $0")
    emitir.click()
    expect(oficial.get_by_role("heading", name="Hay un problema")).to_be_visible()
    revisar(oficial)
    oficial.get_by_label("Clase de documento").select_option(label="Certificación")
    oficial.get_by_label("Número del documento").fill("88")
    oficial.get_by_label("Fecha del documento").fill("2026-01-20")
    oficial.get_by_label("Entidad o dependencia que lo expidió").fill("Secretaría de Salud")
    oficial.get_by_label("Vale hasta").fill("2027-12-31")
    oficial.get_by_label("A qué se aplica").select_option(label="A todos los actos de este contratista")
    emitir.click()
    expect(oficial.get_by_text("quedó emitida")).to_be_visible()
    expect(oficial.get_by_text("Certificación 88 del 20 de enero de 2026 (Secretaría de Salud)").first).to_be_visible()
    revisar(oficial)
    hasta_la_revision(oficial, portal, "902", javascript=javascript)
    expect(oficial.get_by_label("Clase de documento")).to_have_count(0)
    oficial.get_by_role("link", name="Ver el reconocimiento").click()
    revisar(oficial)
    oficial.get_by_role("link", name="Revocar").click()
    revisar(oficial)
    oficial.get_by_label("Motivo").fill("La certificación era de otra entidad")
    oficial.get_by_role("button", name="Revocar").click()
    expect(oficial.get_by_text("No exime nada de lo que se liquide desde entonces")).to_be_visible()
    revisar(oficial)
    hasta_la_revision(oficial, portal, "902", javascript=javascript)
    expect(oficial.get_by_label("Clase de documento")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["con JavaScript", "sin JavaScript"])
@pytest.mark.parametrize("ancho", [360, 1280])
def test_registrar_antes_de_liquidar_y_buscar(
    portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool
) -> None:
    oficial = abrir(ancho, javascript=javascript)
    ingresar(oficial, portal, "rentas")
    oficial.get_by_role("link", name="Reconocimientos").click()
    expect(oficial.locator("#lista")).to_contain_text("EPS DE PRUEBA")
    revisar(oficial)
    oficial.get_by_role("link", name="Nuevo reconocimiento").click()
    revisar(oficial)
    oficial.get_by_role("button", name="Registrar el reconocimiento").click()
    expect(oficial.get_by_role("heading", name="Hay un problema")).to_be_visible()
    revisar(oficial)
    oficial.get_by_label("Exención o exclusión").select_option(value="C-EXE-100")
    oficial.get_by_label("Número de documento").fill("901805364-1")
    oficial.get_by_label("Nombre del beneficiario").fill("CONCESIONARIA DE PRUEBA")
    oficial.get_by_label("Vale desde").fill("2026-02-01")
    oficial.get_by_label("Clase de documento").select_option(label="Resolución")
    oficial.get_by_label("Número del documento").fill("17")
    oficial.get_by_label("Fecha del documento").fill("2026-02-01")
    oficial.get_by_label("Entidad o dependencia que lo expidió").fill("Dirección de Rentas y Gestión Tributaria")
    oficial.get_by_label("Vale hasta").fill("2036-02-02")
    oficial.get_by_role("button", name="Registrar el reconocimiento").click()
    expect(oficial.get_by_text("El plazo de la regla termina el 1 de febrero de 2036").first).to_be_visible()
    oficial.get_by_label("Vale hasta").fill("2036-02-01")
    oficial.get_by_role("button", name="Registrar el reconocimiento").click()
    expect(oficial.get_by_text("quedó registrado")).to_be_visible()
    revisar(oficial)
    oficial.get_by_role("link", name="Todos los reconocimientos").click()
    oficial.get_by_label("Documento del beneficiario").fill("901.805.364-1")
    oficial.get_by_role("button", name="Buscar").click()
    expect(oficial.locator("#lista tbody tr")).to_have_count(1)
    expect(oficial.locator("#lista")).to_contain_text("CONCESIONARIA DE PRUEBA")
    revisar(oficial)
