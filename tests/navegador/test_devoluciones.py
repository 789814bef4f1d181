"""A refund from the paid stamp to the transfer, and a claim, with and without JavaScript; axe finds nothing on the way."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, expect

from portal.db import db, transaccion
from portal.operaciones import usuarios
from portal.web.reloj import hoy
from tests.archivos import pdf
from tests.navegador.pasos import decidir, hasta_el_banco, revisar
from tests.portal_en_marcha import CLAVE_DEMO, PortalEnMarcha

Abrir = Callable[..., Page]
AlLlegar = Callable[[Page, str], None]
CERTIFICACION: FilePayload = {"name": "certificacion.pdf", "mimeType": "application/pdf", "buffer": pdf()}
OTRA = "tesoreria.dos@demo.portal.test"


def otra_tesorera() -> None:
    with transaccion():
        usuarios.crear_usuario(
            correo=OTRA, nombre="Segunda persona", rol="tesoreria", clave=CLAVE_DEMO, ahora=datetime.now(UTC)
        )
    db.session.remove()
    db.engine.dispose()


def entrar(pagina: Page, portal: PortalEnMarcha, correo: str) -> None:
    pagina.goto(f"{portal.url}/ingresar")
    pagina.get_by_label("Correo electrónico").fill(correo)
    pagina.get_by_label("Contraseña").fill(CLAVE_DEMO)
    pagina.get_by_role("button", name="Ingresar").click()
    expect(pagina).to_have_url(f"{portal.url}/gestion")


def pedir(pagina: Page, portal: PortalEnMarcha, al_llegar: AlLlegar) -> str:
    """From a paid stamp to the request; returns the address of its page."""
    hasta_el_banco(pagina, portal, "249640")
    decidir(pagina, "Aprobar")
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_visible()
    pagina.get_by_role("link", name="Pida la devolución").click()
    al_llegar(pagina, "motivo")
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    al_llegar(pagina, "motivo-error")
    pagina.get_by_role("checkbox").first.check()
    pagina.get_by_label("Cuéntenos qué pasó").fill("Pagué una estampilla que no me correspondía.")
    pagina.get_by_role("button", name="Continuar").click()
    al_llegar(pagina, "cuenta")
    pagina.get_by_label("Banco").fill("Banco de Bogotá")
    pagina.get_by_label("Ahorros").check()
    pagina.get_by_label("Número de la cuenta").fill("084951400")
    pagina.get_by_label("Nombre del titular").fill("Prueba Pagadora")
    pagina.get_by_label("Número de documento del titular").fill("1212312323")
    pagina.get_by_role("button", name="Continuar").click()
    al_llegar(pagina, "contacto")
    pagina.get_by_label("Correo electrónico").fill("prueba@correo.test")
    pagina.get_by_label("Teléfono").fill("3001234567")
    pagina.get_by_role("button", name="Continuar").click()
    al_llegar(pagina, "revisar")
    pagina.get_by_role("button", name="Cambiar los datos").click()
    expect(pagina.get_by_label("Cuéntenos qué pasó")).to_have_value("Pagué una estampilla que no me correspondía.")
    for _ in range(3):
        pagina.get_by_role("button", name="Continuar").click()
    pagina.get_by_role("button", name="Enviar la solicitud").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    pagina.get_by_label("Certificación bancaria").set_input_files(CERTIFICACION)
    pagina.get_by_role("button", name="Enviar la solicitud").click()
    expect(pagina.get_by_role("heading", name="Solicitada")).to_be_visible()
    al_llegar(pagina, "solicitada")
    return pagina.url


def atender(abrir: Abrir, portal: PortalEnMarcha, ancho: int, al_llegar: AlLlegar, **otros: bool) -> None:
    """One person studies, another approves and records the transfer."""
    primera = abrir(ancho, **otros)
    entrar(primera, portal, "tesoreria@demo.portal.test")
    al_llegar(primera, "gestion")
    primera.get_by_role("main").get_by_role("link", name="Devoluciones").click()
    al_llegar(primera, "lista")
    primera.get_by_role("table").get_by_role("link").first.click()
    al_llegar(primera, "estudiar")
    primera.get_by_label("Concepto").fill("La estampilla está pagada y sin usar.")
    primera.get_by_role("button", name="Guardar el concepto").click()
    expect(primera.get_by_text("la decide otra persona de Tesorería", exact=False).first).to_be_visible()
    direccion = primera.url
    segunda = abrir(ancho, **otros)
    entrar(segunda, portal, OTRA)
    segunda.goto(direccion)
    al_llegar(segunda, "decidir")
    segunda.get_by_role("button", name="Aprobar").click()
    expect(segunda.get_by_role("heading", name="Registrar la transferencia")).to_be_visible()
    al_llegar(segunda, "pagar")
    segunda.get_by_label("Cuenta del departamento").fill("0849514000")
    segunda.get_by_label("Referencia que dio el banco").fill("TR-1")
    segunda.get_by_label("Fecha de la transferencia").fill(hoy().isoformat())
    segunda.get_by_role("button", name="Registrar la transferencia").click()
    expect(segunda.get_by_text("La transferencia quedó registrada")).to_be_visible()
    al_llegar(segunda, "pagada-tesoreria")


def recorrer(abrir: Abrir, portal: PortalEnMarcha, ancho: int, al_llegar: AlLlegar, **otros: bool) -> None:
    otra_tesorera()
    pagina = abrir(ancho, **otros)
    direccion = pedir(pagina, portal, al_llegar)
    atender(abrir, portal, ancho, al_llegar, **otros)
    pagina.goto(direccion)
    expect(pagina.get_by_role("heading", name="Pagada")).to_be_visible()
    al_llegar(pagina, "pagada")
    pagina.goto(f"{portal.url}/devolucion")
    al_llegar(pagina, "inicio")
    pagina.get_by_role("link", name="Consulte en qué va su devolución").click()
    al_llegar(pagina, "consultar")


def reclamar(pagina: Page, portal: PortalEnMarcha, al_llegar: AlLlegar) -> None:
    pagina.goto(f"{portal.url}/consulta")
    pagina.get_by_role("link", name="Búsquelo con el CUS").click()
    al_llegar(pagina, "no-aparece")
    pagina.get_by_label("CUS o referencia del pago").fill("99887766")
    pagina.get_by_label("Correo electrónico").fill("ana@correo.test")
    pagina.get_by_role("button", name="Preguntar").click()
    expect(pagina.get_by_role("heading", name="Su caso es el")).to_be_visible()
    al_llegar(pagina, "caso")


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
@pytest.mark.parametrize("ancho", [360, 1280])
def test_una_devolucion_entera(app: Flask, portal: PortalEnMarcha, abrir: Abrir, ancho: int) -> None:
    recorrer(abrir, portal, ancho, lambda pagina, _: revisar(pagina))


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_una_devolucion_entera_sin_javascript(app: Flask, portal: PortalEnMarcha, abrir: Abrir) -> None:
    recorrer(abrir, portal, 360, lambda _pagina, _nombre: None, javascript=False)


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
@pytest.mark.parametrize("ancho", [360, 1280])
def test_un_pago_que_no_aparece(portal: PortalEnMarcha, abrir: Abrir, ancho: int) -> None:
    pagina = abrir(ancho)
    reclamar(pagina, portal, lambda actual, _: revisar(actual))
    entrar(pagina, portal, "tesoreria@demo.portal.test")
    pagina.get_by_role("main").get_by_role("link", name="Pagué y no aparece").click()
    revisar(pagina)
    pagina.get_by_role("table").get_by_role("link").first.click()
    expect(pagina.get_by_text("ana@correo.test")).to_be_visible()
    revisar(pagina)
