"""The checker on a telephone: a photo of the QR, without a connection after the first visit; on line, the live page."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect
from sqlalchemy import select

from portal.db import db
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.estados import EstadoFactura
from portal.models import EstampillaElectronica, Factura
from tests.chromium import ejecutable
from tests.navegador.pasos import revisar
from tests.portal_en_marcha import PortalEnMarcha

Abrir = Callable[..., Page]
EXPEDIDA = "Expedida por el departamento y sin alteraciones"
LECTOR_PROPIO = """
window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect() { return Promise.resolve([{ rawValue: "SELLO" }]); }
};
"""
SIN_ED25519 = """
const importar = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (formato, datos, algoritmo, ...otros) =>
  algoritmo.name === "Ed25519" ? Promise.reject(new Error("no")) : importar(formato, datos, algoritmo, ...otros);
"""


def una_pagada() -> tuple[str, str, str]:
    """The signed text, the short code and the value in words of a stamp of the demonstration."""
    estampilla = db.session.scalars(
        select(EstampillaElectronica)
        .join(Factura)
        .where(Factura.estado == EstadoFactura.LEGALIZADA, Factura.valor > 0)
        .order_by(EstampillaElectronica.id)
    ).first()
    assert estampilla, "the demonstration has a paid stamp"
    datos = (
        estampilla.sello,
        escribir_codigo(estampilla.codigo),
        f"${int(estampilla.factura.valor):,}".replace(",", "."),
    )
    db.session.remove()
    db.engine.dispose()
    return datos


def foto(texto: str) -> FilePayload:
    imagen = BytesIO()
    segno.make_qr(texto, error="M").save(imagen, kind="png", scale=6, border=4)
    return {"name": "foto.png", "mimeType": "image/png", "buffer": imagen.getvalue()}


def decir(pagina: Page, texto: str) -> None:
    pagina.get_by_label("Texto del código QR o código corto").fill(texto)
    pagina.get_by_role("button", name="Comprobar").click()


@pytest.mark.parametrize("ancho", [360, 1280])
def test_sin_conexion_lee_la_foto_del_qr_y_con_ella_lleva_al_estado_vivo(
    portal: PortalEnMarcha, abrir: Abrir, ancho: int
) -> None:
    sello, codigo, valor = una_pagada()
    pagina = abrir(ancho)
    pagina.goto(f"{portal.url}/verificar/sin-conexion")
    expect(pagina.get_by_text("Esta página quedó guardada")).to_be_visible()
    expect(pagina.get_by_text("Con conexión: después de leer")).to_be_visible()
    revisar(pagina)

    pagina.context.set_offline(True)
    pagina.reload()
    expect(pagina.get_by_text("No se puede saber si ya se usó.")).to_be_visible()
    pagina.get_by_label("Foto o imagen del código QR").set_input_files(foto(f"{portal.url}/v/{sello}"))
    resultado = pagina.locator("#resultado")
    expect(resultado.get_by_role("heading", name=EXPEDIDA)).to_be_focused()
    expect(resultado).to_contain_text(valor)
    expect(resultado).to_contain_text(codigo)
    revisar(pagina)

    alterado = sello[:60] + ("A" if sello[60] != "A" else "B") + sello[61:]
    pagina.get_by_label("Foto o imagen del código QR").set_input_files(foto(f"{portal.url}/v/{alterado}"))
    expect(resultado.get_by_role("heading", name="No válida")).to_be_visible()
    expect(resultado).not_to_contain_text(valor)
    decir(pagina, codigo)
    expect(resultado).to_contain_text("El código corto se consulta con conexión")
    pagina.get_by_label("Foto o imagen del código QR").set_input_files(
        {"name": "nada.png", "mimeType": "image/png", "buffer": b"no es una imagen"}
    )
    expect(resultado).to_contain_text("No encontramos un código QR en la imagen")

    pagina.context.set_offline(False)
    expect(pagina.get_by_text("Con conexión: después de leer")).to_be_visible()
    decir(pagina, f"{portal.url}/v/{sello}")
    expect(pagina).to_have_url(f"{portal.url}/v/{sello}")
    expect(pagina.get_by_role("heading", name="Pagada y sin usar")).to_be_visible()
    revisar(pagina)


def test_control_sin_lo_guardado_el_verificador_no_tiene_nada(portal: PortalEnMarcha, chromium: Browser) -> None:
    """The browser has no connection indeed, neither for the page nor for its worker, which keeps the checker and no more."""
    contexto = chromium.new_context()
    pagina = contexto.new_page()
    pagina.goto(f"{portal.url}/verificar/sin-conexion")
    expect(pagina.get_by_text("Esta página quedó guardada")).to_be_visible()
    contexto.set_offline(True)
    pedir = "async direccion => fetch(direccion).then(r => r.status, () => 'nada')"
    assert pagina.evaluate(pedir, "/claves/estampillas.pem") == 200
    assert pagina.evaluate(pedir, "/verificar") == "nada"
    pagina.evaluate("async () => { for (const nombre of await caches.keys()) await caches.delete(nombre); }")
    assert pagina.evaluate(pedir, "/claves/estampillas.pem") == "nada"
    contexto.close()


def test_un_navegador_sin_ed25519_usa_el_del_portal(portal: PortalEnMarcha, abrir: Abrir) -> None:
    sello, _, valor = una_pagada()
    pagina = abrir(360)
    pagina.add_init_script(SIN_ED25519)
    pagina.goto(f"{portal.url}/verificar/sin-conexion")
    expect(pagina.get_by_text("Esta página quedó guardada")).to_be_visible()
    pagina.context.set_offline(True)
    decir(pagina, sello)
    expect(pagina.locator("#resultado")).to_contain_text(EXPEDIDA)
    expect(pagina.locator("#resultado")).to_contain_text(valor)
    alterado = sello[:-6] + ("A" if sello[-6] != "A" else "B") + sello[-5:]
    decir(pagina, alterado)
    expect(pagina.locator("#resultado")).to_contain_text("No válida")


def test_la_camara_lee_el_qr_sin_conexion_y_se_apaga(portal: PortalEnMarcha, chromium: Browser, tmp_path: Path) -> None:
    """The camera is a film of the printed QR; nothing but permission is asked of the person."""
    sello, _, valor = una_pagada()
    pelicula = filmar(f"{portal.url}/v/{sello}", tmp_path / "qr.y4m")
    opciones = ["--no-sandbox", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={pelicula}"]
    con_camara = chromium.browser_type.launch(executable_path=ejecutable(), args=opciones)
    contexto = con_camara.new_context(permissions=["camera"], viewport={"width": 360, "height": 800})
    pagina = contexto.new_page()
    pagina.goto(f"{portal.url}/verificar/sin-conexion")
    expect(pagina.get_by_text("Esta página quedó guardada")).to_be_visible()
    contexto.set_offline(True)
    pagina.get_by_role("button", name="Leer con la cámara").click()
    expect(pagina.locator("#resultado")).to_contain_text(EXPEDIDA)
    expect(pagina.locator("#resultado")).to_contain_text(valor)
    expect(pagina.locator("#video")).to_be_hidden()
    assert pagina.evaluate("document.getElementById('video').srcObject.active") is False
    con_camara.close()


def filmar(texto: str, archivo: Path) -> Path:
    """A film in which the QR of a text is still, as a camera of 640 by 480 sees it."""
    imagen = BytesIO()
    segno.make_qr(texto, error="M").save(imagen, kind="png", scale=5, border=4)
    cuadro = Image.new("L", (640, 480), 90)
    cuadro.paste(Image.open(imagen).convert("L").resize((440, 440)), (100, 20))
    color = bytes([128]) * (640 * 480 // 2)
    cabeza = b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n"
    archivo.write_bytes(cabeza + (b"FRAME\n" + cuadro.tobytes() + color) * 5)
    return archivo


def test_donde_el_navegador_lee_qr_no_se_carga_otro_lector(portal: PortalEnMarcha, abrir: Abrir) -> None:
    sello, _, valor = una_pagada()
    pagina = abrir(360)
    pagina.add_init_script(LECTOR_PROPIO.replace("SELLO", sello))
    pagina.goto(f"{portal.url}/verificar/sin-conexion")
    expect(pagina.get_by_text("Esta página quedó guardada")).to_be_visible()
    pagina.context.set_offline(True)
    pagina.get_by_label("Foto o imagen del código QR").set_input_files(foto("otra cosa"))
    expect(pagina.locator("#resultado")).to_contain_text(valor)
    assert pagina.locator("script[src*=jsqr]").count() == 0


@pytest.mark.parametrize("ancho", [360, 1280])
@pytest.mark.parametrize("javascript", [True, False])
def test_el_codigo_corto_se_escribe_y_se_ve_el_estado(
    portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool
) -> None:
    _, codigo, valor = una_pagada()
    pagina = abrir(ancho, javascript=javascript)
    pagina.goto(f"{portal.url}/")
    pagina.get_by_role("link", name="Verificar una estampilla").click()
    pagina.get_by_label("Código de la estampilla").fill(codigo[:-1])
    pagina.get_by_role("button", name="Verificar").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    pagina.get_by_label("Código de la estampilla").fill(codigo.lower().replace("-", " "))
    pagina.get_by_role("button", name="Verificar").click()
    expect(pagina.get_by_role("heading", name="Pagada y sin usar")).to_be_visible()
    expect(pagina.get_by_text(valor)).to_be_visible()
    if javascript:
        revisar(pagina)
        pagina.goto(f"{portal.url}/v/AAAAAAAAAAAA")
        revisar(pagina)
