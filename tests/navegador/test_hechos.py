"""An officer answers what the law asks about an act, with and without JavaScript, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.navegador.pasos import ingresar, revisar
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]


@pytest.fixture
def _en_cundinamarca(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DEPARTAMENTO", "cundinamarca")


@pytest.mark.usefixtures("_en_cundinamarca")
@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_lo_que_se_responde_mientras_llegan_otras_preguntas_no_se_pierde(portal: PortalEnMarcha, abrir: Abrir) -> None:
    oficial = abrir(360)
    ingresar(oficial, portal, "rentas")
    oficial.goto(f"{portal.url}/gestion/liquidaciones/nueva/CC-2")
    en_camino: list[Route] = []
    oficial.route("**/CC-2/hechos", lambda ruta: en_camino.append(ruta))
    with oficial.expect_request("**/CC-2/hechos"):
        oficial.get_by_label("Tipo de contrato", exact=True).select_option(label="Suministro")
    entidad = oficial.locator("[name='hechos.entidad.clase']")
    if not entidad.is_visible():
        oficial.get_by_text("Otros casos, para cualquier acto").click()
    entidad.select_option(value="eps")
    with oficial.expect_request("**/CC-2/hechos"):
        en_camino[0].continue_()
    expect(entidad).to_be_visible()
    expect(entidad).to_have_value("eps")
    en_camino[1].continue_()
    # It is asked only of who answered that.
    expect(oficial.locator("[name='hechos.acto.finalidad']")).to_be_visible()


@pytest.mark.usefixtures("_en_cundinamarca")
@pytest.mark.parametrize("javascript", [True, False], ids=["con JavaScript", "sin JavaScript"])
def test_las_respuestas_abren_preguntas_y_cambian_el_calculo(
    portal: PortalEnMarcha, abrir: Abrir, javascript: bool
) -> None:
    oficial = abrir(360, javascript=javascript)
    ingresar(oficial, portal, "rentas")
    oficial.goto(f"{portal.url}/gestion/liquidaciones/nueva/CC-2")
    calculo, capital = oficial.locator("#calculo"), oficial.get_by_label("porcentaje del capital")

    def avanzar() -> None:
        if not javascript:
            oficial.get_by_role("button", name="Calcular").click()

    oficial.get_by_label("Valor del contrato").fill("100.000.000")
    oficial.get_by_label("Tipo de contrato", exact=True).select_option(label="Suministro")
    oficial.get_by_label("Fecha de contrato").fill("2026-03-03")
    expect(capital).to_have_count(0)
    oficial.get_by_label("Tipo de contratista").select_option(label="Sociedad de economía mixta")
    avanzar()
    expect(capital).to_be_visible()
    expect(calculo).to_contain_text("falta responder «¿Qué porcentaje del capital")
    capital.fill("70")
    avanzar()
    expect(calculo).to_contain_text("Total: $0")
    casilla = oficial.get_by_label("Recursos propios")
    casilla.check()
    avanzar()
    expect(casilla).to_be_checked()
    expect(capital).to_have_value("70")
    revisar(oficial)
    if javascript:
        expect(casilla).to_be_focused()
