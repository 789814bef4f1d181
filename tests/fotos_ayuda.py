"""`make fotos-ayuda`: the screens that the help shows, photographed from the demonstration so that they never grow old.

Each is what a telephone shows of the page, from its heading down: no header, no name of a department.
"""

import base64
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FloatRect, Locator, Page, sync_playwright
from sqlalchemy import select

from portal.app import create_app
from portal.db import db
from portal.models import EstampillaElectronica
from tests.chromium import ejecutable
from tests.conftest import ajustes_de_prueba
from tests.navegador.pasos import DOCUMENTO, decidir
from tests.portal_en_marcha import PortalEnMarcha, en_marcha

CARPETA = Path(__file__).resolve().parents[1] / "portal/static/ayuda"
# What `componentes/instructivo.html` says of each, in points of the screen; the file has more pixels, to be read when printed.
ANCHO, ALTO, NITIDEZ = 360, 540, 1.5
MAXIMO_BYTES = 25_000
_MARGEN = 16
Fotografiar = Callable[..., None]


def _fotografo(pagina: Page) -> Fotografiar:
    camara = pagina.context.new_cdp_session(pagina)

    def fotografiar(nombre: str, hasta: Locator | None = None) -> None:
        # The focus and the place where a step left the page are of that step; the footer is no part of a short page.
        pagina.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        pagina.add_style_tag(content=".pie { display: none }")
        arriba = _caja(pagina.locator("main h1"))["y"] - _MARGEN
        if hasta is not None:
            caja = _caja(hasta)
            arriba = max(arriba, caja["y"] + caja["height"] + _MARGEN - ALTO)
        recorte = {"x": 0, "y": arriba, "width": ANCHO, "height": ALTO, "scale": NITIDEZ}
        for calidad in range(80, 5, -5):
            pedido = {"format": "webp", "quality": calidad, "clip": recorte, "captureBeyondViewport": True}
            foto = base64.b64decode(camara.send("Page.captureScreenshot", pedido)["data"])
            if len(foto) <= MAXIMO_BYTES:
                break
        (CARPETA / f"{nombre}.webp").write_bytes(foto)
        print(f"{nombre}.webp: {len(foto)} bytes")

    return fotografiar


def _caja(de: Locator) -> FloatRect:
    caja = de.bounding_box()
    assert caja is not None
    return caja


def _pagar(pagina: Page, portal: PortalEnMarcha, fotografiar: Fotografiar) -> None:
    pagina.goto(f"{portal.url}/")
    fotografiar("inicio")
    pagina.get_by_role("main").get_by_role("link", name="Pago en línea").click()
    pagina.get_by_label("Tipo de pago").select_option(label="Contrato")
    pagina.get_by_label("Vigencia").fill("2024")
    pagina.get_by_label("NIT").fill(DOCUMENTO)
    pagina.get_by_label("Número de contrato").fill("24062024")
    boton = pagina.get_by_role("main").get_by_role("button")
    fotografiar("pago-buscar", boton)
    boton.click()
    boton = pagina.get_by_role("button", name="Continuar")
    boton.wait_for()
    fotografiar("pago-elegir")
    pagina.get_by_label("Número de documento").fill(DOCUMENTO)
    pagina.get_by_label("Nombre completo o razón social").fill("prueba")
    pagina.get_by_label("Correo electrónico").fill("prueba@correo.test")
    pagina.get_by_label("Teléfono celular").fill("3001234567")
    fotografiar("pago-pagador", boton)
    boton.click()
    boton = pagina.get_by_role("button", name="Débito Bancario PSE")
    boton.wait_for()
    fotografiar("pago-revisar", boton)
    boton.click()
    decidir(pagina, "Aprobar")
    pagina.get_by_role("heading", name="Transacción aprobada").wait_for()
    fotografiar("pago-aprobado")


def _consultar(pagina: Page, portal: PortalEnMarcha, fotografiar: Fotografiar) -> None:
    pagina.goto(f"{portal.url}/consulta")
    pagina.get_by_label("Documento").fill(DOCUMENTO)
    fotografiar("consulta-buscar")
    pagina.get_by_role("button", name="Consultar").click()
    pagina.locator("#tabla tbody tr").first.wait_for()
    # The form stays above what it found; the help has shown it already.
    pagina.evaluate("() => document.querySelector('form.selector').remove()")
    fotografiar("consulta-resultado", pagina.locator("#tabla tbody tr").first)
    codigo = db.session.scalar(select(EstampillaElectronica.codigo).order_by(EstampillaElectronica.id.desc()).limit(1))
    # An open reading would keep the portal from writing.
    db.session.remove()
    pagina.goto(f"{portal.url}/v/{codigo}")
    pagina.get_by_role("heading", name="Pagada y sin usar").wait_for()
    fotografiar("estampilla")


def _llenar(portal: PortalEnMarcha) -> None:
    for orden in (("db", "upgrade"), ("normativa", "cargar"), ("demo", "cargar")):
        portal.flask(*orden)


def main() -> None:
    """Take every photograph again, over those that there are."""
    CARPETA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as donde, sync_playwright() as playwright:
        carpeta = Path(donde)
        ajustes = ajustes_de_prueba(carpeta, f"sqlite:///{carpeta}/ayuda.sqlite")
        with create_app(ajustes).app_context(), en_marcha(ajustes, carpeta, _llenar, "placetopay") as portal:
            navegador = playwright.chromium.launch(executable_path=ejecutable(), args=["--no-sandbox", "--disable-gpu"])
            contexto = navegador.new_context(viewport={"width": ANCHO, "height": 800}, bypass_csp=True)
            pagina = contexto.new_page()
            for recorrido in (_pagar, _consultar):
                recorrido(pagina, portal, _fotografo(pagina))
            navegador.close()


if __name__ == "__main__":
    main()
