"""What a citizen and an officer do in the portal, as steps of a browser."""

from playwright.sync_api import Page, expect

from tests.portal_en_marcha import CLAVE_DEMO, PortalEnMarcha

DOCUMENTO = "1212312323"


def sin_desborde(pagina: Page) -> None:
    """Nothing sticks out sideways."""
    # Through a locator, which waits for the page that a click may still be bringing.
    assert pagina.locator("html").evaluate("pagina => pagina.scrollWidth <= window.innerWidth")


def con_javascript(pagina: Page) -> bool:
    """Whether the page runs scripts."""
    return bool(pagina.locator("html").evaluate("() => typeof htmx !== 'undefined'"))


def revisar(pagina: Page) -> None:
    """Nothing sticks out, and no piece that came repeats what names another; axe looks at every page in `tests/escenas`."""
    sin_desborde(pagina)
    repetidos = pagina.locator("html").evaluate(
        """pagina => [...pagina.querySelectorAll('[id]')].map(e => e.id).filter((id, i, todos) => todos.indexOf(id) < i)"""
    )
    assert repetidos == [], pagina.url


def consultar_tramite(pagina: Page, portal: PortalEnMarcha, documento: str = DOCUMENTO) -> None:
    pagina.goto(f"{portal.url}/")
    pagina.get_by_role("main").get_by_role("link", name="Consulta Pública").click()
    pagina.get_by_label("Documento").fill(documento)
    pagina.get_by_role("button", name="Consultar").click()
    expect(pagina.locator("#tabla")).to_be_visible()


def hasta_revisar(pagina: Page, portal: PortalEnMarcha, factura: str) -> None:
    """From the look-up to the last page before paying the stamps of the act of `factura`."""
    pagina.goto(f"{portal.url}/pago")
    pagina.get_by_label("Documento").fill(factura)
    pagina.get_by_role("button", name="Buscar").click()
    pagina.get_by_label("Número de documento").fill(DOCUMENTO)
    pagina.get_by_label("Nombre completo o razón social").fill("prueba")
    pagina.get_by_label("Correo electrónico").fill("prueba@correo.test")
    pagina.get_by_label("Teléfono celular").fill("3001234567")
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("button", name="Débito Bancario PSE")).to_be_visible()


def hasta_el_banco(pagina: Page, portal: PortalEnMarcha, factura: str) -> None:
    """From the look-up to the simulator's page of banks."""
    hasta_revisar(pagina, portal, factura)
    pagina.get_by_role("button", name="Débito Bancario PSE").click()
    expect(pagina.get_by_role("heading", name="Pagar con PSE")).to_be_visible()


def ver_mi_pago(pagina: Page, portal: PortalEnMarcha, factura: str) -> None:
    """Left without finishing: looking for the same stamps leads whoever began their payment back to it."""
    pagina.goto(f"{portal.url}/pago")
    pagina.get_by_label("Documento").fill(factura)
    pagina.get_by_role("button", name="Buscar").click()
    pagina.get_by_role("link", name="Ver ese pago").click()


def elegir_banco(pagina: Page) -> None:
    pagina.get_by_label("Banco").select_option(label="BANCOLOMBIA")
    pagina.get_by_role("button", name="Ir al banco").click()


def decidir(pagina: Page, boton: str) -> None:
    """Be the bank: press one of its buttons, and come back to the portal."""
    elegir_banco(pagina)
    pagina.get_by_role("button", name=boton, exact=True).click()


def ingresar(pagina: Page, portal: PortalEnMarcha, rol: str) -> None:
    pagina.goto(f"{portal.url}/ingresar")
    pagina.get_by_label("Correo electrónico").fill(f"{rol}@demo.portal.test")
    pagina.get_by_label("Contraseña").fill(CLAVE_DEMO)
    pagina.get_by_role("button", name="Ingresar").click()
    expect(pagina).to_have_url(f"{portal.url}/gestion")
