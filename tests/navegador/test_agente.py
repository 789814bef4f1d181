"""A collecting agent assesses its contract, pays a part of it and withholds its stamps, in a real browser."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Usuario
from tests import fabricas
from tests.navegador.pasos import ingresar, revisar
from tests.portal_en_marcha import PortalEnMarcha
from tests.web.pantallas_de_agentes import entidad

pytestmark = [
    pytest.mark.usefixtures("_en_cundinamarca"),
    pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True),
]
Abrir = Callable[..., Page]
EN_PANTALLAS = pytest.mark.parametrize(
    ("ancho", "javascript"), [(360, True), (1280, True), (360, False)], ids=["360", "1280", "360 sin JavaScript"]
)
HOSPITAL = "E.S.E. Hospital San Rafael de Facatativá"


@pytest.fixture
def _en_cundinamarca(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DEPARTAMENTO", "cundinamarca")


def vincular() -> str:
    """The demonstration's account of an agent works for a hospital; returns the code of what another entity assessed."""
    hospital = entidad("cundinamarca", nombre=HOSPITAL)
    otra = entidad("cundinamarca", nombre="Universidad de Cundinamarca")
    with transaccion():
        cuenta = db.session.scalars(select(Usuario).where(Usuario.correo == "agente@demo.portal.test")).one()
        cuenta.agente_id = hospital.id
    ajena = fabricas.contrato("9001", agente_id=otra.id, departamento="cundinamarca").codigo
    db.session.remove()
    return ajena


def liquidar(pagina: Page, portal: PortalEnMarcha) -> None:
    pagina.goto(f"{portal.url}/gestion/liquidaciones/nueva/CC-2")
    expect(pagina.get_by_text(f"Entidad contratante: {HOSPITAL}")).to_be_visible()
    pagina.get_by_label("Tipo de contratista").select_option(label="Natural")
    pagina.get_by_label("Tipo de documento", exact=True).select_option(value="CC")
    pagina.get_by_label("Número de documento").fill("1212312323")
    pagina.get_by_label("Nombre del contratista").fill("prueba")
    pagina.get_by_label("Valor del contrato").fill("90.000.000")
    pagina.get_by_label("Número de contrato").fill("177")
    pagina.get_by_label("Tipo de contrato", exact=True).select_option(label="Prestación de servicios profesionales")
    pagina.get_by_label("Fecha de contrato").fill("2026-03-03")
    pagina.get_by_label("Objeto", exact=True).fill("Servicios de prueba")
    revisar(pagina)
    pagina.get_by_role("button", name="Continuar").click()
    revisar(pagina)
    pagina.get_by_role("button", name="Emitir liquidación").click()
    expect(pagina.get_by_text("quedó emitida")).to_be_visible()
    revisar(pagina)


def registrar_cuenta(pagina: Page, numero: str, *, retener: bool) -> None:
    """From the page of the contract."""
    pagina.get_by_role("link", name="Registrar cuenta").click()
    for campo, valor in (("documento", numero), ("fecha", "2026-04-10"), ("valor", "30.000.000")):
        pagina.locator(f"#{campo}").fill(valor)
    casilla = pagina.get_by_label("Retener ahora estas estampillas")
    expect(casilla).to_be_checked()
    casilla.set_checked(retener)
    revisar(pagina)
    pagina.get_by_role("button", name="Continuar").click()
    dice = "Sus estampillas se retienen ahora" if retener else "No se registra ahora"
    expect(pagina.get_by_text(dice)).to_be_visible()
    revisar(pagina)
    pagina.get_by_role("button", name="Registrar la cuenta").click()
    expect(pagina.get_by_text(f"La cuenta {numero} quedó registrada")).to_be_visible()
    revisar(pagina)


@EN_PANTALLAS
def test_liquida_paga_retiene_y_deshace(
    app: Flask, portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool
) -> None:
    ajena = vincular()
    agente = abrir(ancho, javascript=javascript)
    ingresar(agente, portal, "agente")
    expect(agente.get_by_text(HOSPITAL)).to_be_visible()
    revisar(agente)
    liquidar(agente, portal)
    agente.get_by_role("link", name="Ver el contrato completo").click()
    registrar_cuenta(agente, "1", retener=True)
    registrar_cuenta(agente, "2", retener=False)
    agente.locator("table").filter(has_text="Valor bruto").get_by_role("link").last.click()
    expect(agente.get_by_role("heading", name="Registrar la retención")).to_be_visible()
    revisar(agente)
    agente.get_by_role("button", name="Registrar la retención").click()
    expect(agente.get_by_role("link", name="Escriba este dato: Número del documento")).to_be_visible()
    revisar(agente)
    agente.get_by_label("Número del documento").fill("OP 2026-145")
    agente.get_by_role("button", name="Registrar la retención").click()
    expect(agente.get_by_text("quedó registrada.")).to_be_visible()
    expect(agente.get_by_text("documento OP 2026-145.").first).to_be_visible()
    revisar(agente)
    ciudadana = abrir(ancho, javascript=javascript)
    ciudadana.goto(agente.locator(".enlace-largo a").get_attribute("href") or "")
    expect(ciudadana.get_by_text(f"Retenida por {HOSPITAL}").first).to_be_visible()
    revisar(ciudadana)
    agente.get_by_role("link", name="Deshacer").click()
    agente.get_by_label("Motivo").fill("La orden de pago era de otro contrato")
    revisar(agente)
    agente.get_by_role("button", name="Deshacer la retención").click()
    expect(agente.get_by_text("sus estampillas se deben de nuevo")).to_be_visible()
    expect(agente.get_by_role("heading", name="Registrar la retención")).to_be_visible()
    revisar(agente)
    agente.goto(f"{portal.url}/gestion/liquidaciones/{ajena}")
    expect(agente.get_by_role("heading", name="No encontramos esa página")).to_be_visible()
