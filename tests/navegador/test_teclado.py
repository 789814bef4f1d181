"""The three public errands by keyboard alone: the focus is always seen, and always goes forward through the page."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from portal.dominio.codigo_corto import caracter_de_control
from tests.navegador.pasos import DOCUMENTO, elegir_banco
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]
# How what has the focus is told from the rest, whether it is on the screen, and whether it comes after what had it before.
_FOCO = """() => {
    const actual = document.activeElement, estilo = getComputedStyle(actual), caja = actual.getBoundingClientRect();
    const antes = window.antesDelFoco;
    window.antesDelFoco = actual;
    const seVe = (estilo.outlineStyle !== 'none' && parseFloat(estilo.outlineWidth) >= 2) || estilo.boxShadow !== 'none';
    return {
        es: actual.outerHTML.slice(0, 120),
        seVe: seVe && estilo.visibility === 'visible' && caja.width > 0 && caja.bottom > 0 && caja.top < window.innerHeight,
        adelante: !antes || !antes.isConnected || antes === actual
            || Boolean(antes.compareDocumentPosition(actual) & Node.DOCUMENT_POSITION_FOLLOWING),
    };
}"""
# A code that nobody was given, but for its last character.
_NADIE = "A" * 11
# More stops than any of these pages has.
_MAXIMO = 60


def ir_a(pagina: Page, destino: Locator) -> None:
    """Press Tab until `destino` has the focus, looking at every stop on the way."""
    expect(destino).to_be_visible()
    for _ in range(_MAXIMO):
        pagina.keyboard.press("Tab")
        foco = pagina.evaluate(_FOCO)
        assert foco["seVe"], f"the focus is not seen on {foco['es']}"
        assert foco["adelante"], f"the focus went back to {foco['es']}"
        if destino.evaluate("uno => uno === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {destino}")


def pulsar(pagina: Page, destino: Locator) -> None:
    """Reach a button or a link, and press it."""
    ir_a(pagina, destino)
    pagina.keyboard.press("Enter")


def escribir(pagina: Page, campo: str, texto: str) -> None:
    ir_a(pagina, pagina.get_by_label(campo, exact=True))
    pagina.keyboard.type(texto)


def test_la_consulta(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(1280)
    pagina.goto(f"{portal.url}/consulta")
    pulsar(pagina, pagina.get_by_role("link", name="Saltar al contenido"))
    ir_a(pagina, pagina.get_by_label("Tipo de pago"))
    escribir(pagina, "Documento", DOCUMENTO)
    pagina.keyboard.press("Enter")
    expect(pagina.locator("#tabla")).to_be_visible()
    expect(pagina.locator("#anuncio")).to_contain_text("Mostrando registros del 1 al 10 de un total de 12 registros")
    pulsar(pagina, pagina.get_by_role("button", name="Siguiente"))
    # The button is gone on the last page: the focus goes to the sentence of the result instead of falling to the top.
    resultado = pagina.get_by_text("Mostrando registros del 11 al 12")
    expect(resultado).to_be_focused()


def test_la_consulta_de_un_contrato(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(360)
    pagina.goto(f"{portal.url}/consulta")
    ir_a(pagina, pagina.get_by_label("Tipo de pago"))
    pagina.keyboard.press("ArrowDown")
    escribir(pagina, "Vigencia", "2025")
    escribir(pagina, "NIT", "901805364")
    escribir(pagina, "Número de contrato", "647")
    pulsar(pagina, pagina.get_by_role("button", name="Consultar", exact=True))
    expect(pagina.locator("#tabla")).to_contain_text("Legalizado")


def test_el_pago_hasta_el_banco(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(1280)
    pagina.goto(f"{portal.url}/pago")
    escribir(pagina, "Documento", "249640")
    pulsar(pagina, pagina.get_by_role("button", name="Buscar"))
    escribir(pagina, "Número de documento", DOCUMENTO)
    escribir(pagina, "Nombre completo o razón social", "prueba")
    escribir(pagina, "Correo electrónico", "prueba@correo.test")
    escribir(pagina, "Teléfono celular", "3001234567")
    pulsar(pagina, pagina.get_by_role("button", name="Continuar"))
    pulsar(pagina, pagina.get_by_role("button", name="Débito Bancario PSE"))
    expect(pagina.get_by_role("heading", name="Pagar con PSE")).to_be_visible()
    elegir_banco(pagina)
    expect(pagina.get_by_role("button", name="Aprobar", exact=True)).to_be_visible()


def test_verificar_una_estampilla(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(360)
    pagina.goto(portal.url)
    pulsar(pagina, pagina.get_by_role("contentinfo").get_by_role("link", name="Verificar una estampilla"))
    expect(pagina.get_by_role("heading", level=1)).to_contain_text("Verificar")
    pulsar(pagina, pagina.get_by_role("link", name="Saltar al contenido"))
    ir_a(pagina, pagina.get_by_label("Código"))
    pagina.keyboard.type(f"{_NADIE}{caracter_de_control(_NADIE)}")
    pagina.keyboard.press("Enter")
    expect(pagina.get_by_role("heading", level=1)).to_contain_text("No válida")
