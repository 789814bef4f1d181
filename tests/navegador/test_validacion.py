"""The official's morning on a phone, with and without JavaScript: scan, compare, use, next; a photocopy refused; a mistake."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from portal.db import db
from portal.models import EstampillaElectronica, Factura
from portal.web.reloj import hoy
from tests.archivos import pdf
from tests.navegador.pasos import ingresar, revisar, sin_desborde
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]
ACTO: FilePayload = {"name": "contrato.pdf", "mimeType": "application/pdf", "buffer": pdf()}


def papel_de(factura: int) -> tuple[str, str]:
    """What is printed on the paper of one of the demonstration's facturas: the text of its QR and its short code."""
    columnas = select(EstampillaElectronica.sello, EstampillaElectronica.codigo)
    sello, codigo = db.session.execute(columnas.join(Factura).where(Factura.numero == factura)).one()
    # A reading left open here would keep SQLite's writers waiting.
    db.session.rollback()
    return sello, codigo


def buscar(pagina: Page, texto: str) -> None:
    pagina.get_by_label("Código, factura, contrato o documento").fill(texto)
    pagina.get_by_role("button", name="Buscar").click()


def adherir(pagina: Page, acto: str) -> None:
    pagina.get_by_label("Acto", exact=True).fill(acto)
    pagina.get_by_label("Fecha del acto").fill(hoy().isoformat())
    pagina.get_by_role("button", name="Adherir y anular").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_la_manana_del_funcionario(portal: PortalEnMarcha, abrir: Abrir, javascript: bool) -> None:
    pagina = abrir(360, javascript=javascript)
    mirar = revisar if javascript else sin_desborde
    (sello, _), (_, codigo) = papel_de(253005), papel_de(253006)
    ingresar(pagina, portal, "funcionario")
    pagina.get_by_role("link", name="Adherir y anular").click()
    expect(pagina.get_by_role("link", name="Por adherir: 2")).to_be_visible()
    mirar(pagina)

    # The phone's own camera opens what the QR says.
    pagina.goto(f"{portal.url}/v/{sello}")
    pagina.get_by_role("link", name="Adherir y anular").click()
    expect(pagina.get_by_role("heading", name="Contrato 703 de 2026")).to_be_visible()
    expect(pagina.locator("main")).to_contain_text("FERRETERIA DE DEMOSTRACION")
    mirar(pagina)
    pagina.get_by_label("Acto", exact=True).fill("")
    pagina.get_by_role("button", name="Adherir y anular").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    mirar(pagina)
    pagina.get_by_label("PDF del acto").set_input_files(ACTO)
    adherir(pagina, "Contrato 703")
    expect(pagina.get_by_role("heading", name="Adhesión 3", exact=True)).to_be_visible()
    mirar(pagina)

    # The next one, typed.
    buscar(pagina, "254311")
    expect(pagina.get_by_role("heading", name="Contrato 647 de 2025")).to_be_visible()
    pagina.get_by_role("checkbox").first.uncheck()
    adherir(pagina, "Contrato 647")
    expect(pagina.get_by_role("heading", name="Adhesión 4", exact=True)).to_be_visible()
    expect(pagina.get_by_role("cell", name="254312")).to_be_visible()

    # A photocopy of the first, by its code: who, when, for what.
    buscar(pagina, codigo)
    expect(pagina.get_by_text("Ninguna de estas estampillas se puede usar.")).to_be_visible()
    for parte in ("Funcionario de demostración la adhirió y anuló", "«Contrato 703»", "adhesión 3"):
        expect(pagina.locator("main")).to_contain_text(parte)
    expect(pagina.get_by_role("button", name="Adherir y anular")).to_have_count(0)
    mirar(pagina)
    pagina.goto(f"{portal.url}/v/{sello}")
    expect(pagina.get_by_role("heading", name="Ya se usó")).to_be_visible()
    expect(pagina.get_by_role("link", name="Adherir y anular")).to_have_count(0)

    # A mistake, undone on the same day.
    pagina.goto(f"{portal.url}/gestion/validacion/adhesiones/4")
    pagina.get_by_label("Motivo").fill("Faltaba una firma del contrato.")
    pagina.get_by_role("button", name="Deshacer la adhesión").click()
    expect(pagina.get_by_role("heading", name="Se deshizo")).to_be_visible()
    mirar(pagina)
    pagina.goto(f"{portal.url}/gestion/validacion")
    pagina.get_by_role("link", name="Usadas hoy: 2").click()
    expect(pagina.get_by_role("heading", name="Usadas hoy")).to_be_visible()
    expect(pagina.get_by_role("table")).to_contain_text("Deshecha")
    mirar(pagina)


def test_lo_usado_sin_pago_se_ve_aqui_y_en_tesoreria(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(1280)
    ingresar(pagina, portal, "funcionario")
    pagina.goto(f"{portal.url}/gestion/validacion")
    revisar(pagina)
    pagina.get_by_role("link", name="Ver de qué actos son").click()
    expect(pagina.get_by_role("table")).to_contain_text("Contrato 702")
    revisar(pagina)
    buscar(pagina, "1212312323")
    expect(pagina.locator("#hallazgos")).to_contain_text("7 actos")
    revisar(pagina)
    otra = abrir(360)
    ingresar(otra, portal, "tesoreria")
    otra.goto(f"{portal.url}/gestion/tesoreria/casos")
    expect(otra.get_by_text("Ya se usó")).to_be_visible()
    otra.goto(f"{portal.url}/gestion/tesoreria/casos/1")
    expect(otra.get_by_role("heading", name="Estas estampillas ya se usaron")).to_be_visible()
    revisar(otra)
