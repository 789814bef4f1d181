"""A passkey in a real browser, with an authenticator of its own: added, used in place of the code, and refused elsewhere."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update
from webauthn.helpers import base64url_to_bytes
from werkzeug.serving import make_server

from portal.db import db, transaccion
from portal.models import LlaveAcceso, Usuario
from portal.operaciones import llaves
from portal.operaciones.llaves import Sitio
from portal.web.reloj import ahora
from tests.conftest import CLAVE, crear_cuenta
from tests.personas import avisos, codigo, enrolar

pytestmark = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
LLAVES = "/gestion/cuenta/llaves"


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    """The portal at a name: browsers make no key for a number."""
    servidor = make_server("localhost", 0, app, threaded=True)
    servidor.daemon_threads = True
    direccion = f"http://localhost:{servidor.server_port}"
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], url=direccion)
    hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    hilo.start()
    try:
        yield direccion
    finally:
        servidor.shutdown()
        hilo.join()
        servidor.server_close()


@pytest.fixture
def pagina(chromium: Browser) -> Iterator[Page]:
    """A page with a device that keeps keys and always says that somebody touched it."""
    contexto = chromium.new_context(locale="es-CO")
    nueva = contexto.new_page()
    aparato = contexto.new_cdp_session(nueva)
    aparato.send("WebAuthn.enable")
    opciones = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    aparato.send("WebAuthn.addVirtualAuthenticator", {"options": opciones})
    yield nueva
    contexto.close()


def contrasena(pagina: Page, url: str) -> None:
    pagina.goto(f"{url}/ingresar?siguiente={LLAVES}")
    pagina.get_by_label("Correo electrónico").fill("administrador@demo.portal.test")
    pagina.get_by_label("Contraseña").fill(CLAVE)
    pagina.get_by_role("button", name="Ingresar").click()


def test_se_agrega_se_usa_en_vez_del_codigo_y_lo_firmado_sirve_solo_ahi(app: Flask, url: str, pagina: Page) -> None:
    usuario = crear_cuenta("administrador")
    enrolar(usuario)
    db.session.rollback()
    contrasena(pagina, url)
    expect(pagina.get_by_role("button", name="Usar la llave de acceso")).to_have_count(0)
    pagina.get_by_label("Código de verificación").fill(codigo())
    pagina.get_by_role("button", name="Ingresar").click()
    expect(pagina).to_have_url(url + LLAVES)
    pagina.get_by_label("Nombre de la llave").fill("Portátil de la oficina")
    pagina.get_by_role("button", name="Agregar la llave").click()
    expect(pagina.get_by_text("quedó registrada")).to_be_visible()
    # The same device is not registered twice.
    pagina.get_by_label("Nombre de la llave").fill("Otra vez")
    pagina.get_by_role("button", name="Agregar la llave").click()
    expect(pagina.get_by_text("El navegador no entregó la llave")).to_be_visible()
    pagina.get_by_role("button", name="Salir").click()
    contrasena(pagina, url)
    opciones = json.loads(pagina.locator("[data-llave]").get_attribute("data-opciones") or "")
    _sirve_una_vez_y_solo_ahi(
        usuario, json.dumps(pagina.evaluate("opciones => usar(opciones)", opciones)), opciones, url
    )
    pagina.get_by_role("button", name="Usar la llave de acceso").click()
    expect(pagina).to_have_url(url + LLAVES)
    pagina.get_by_role("button", name="Quitar Portátil de la oficina").click()
    expect(pagina.get_by_text("ya no sirve")).to_be_visible()
    assert avisos()[-2:] == ["se agregó una llave de acceso", "se quitó una llave de acceso"]
    db.session.rollback()


def _sirve_una_vez_y_solo_ahi(usuario: Usuario, firmado: str, opciones: dict[str, str], url: str) -> None:
    reto, sitio = base64url_to_bytes(opciones["challenge"]), Sitio("localhost", url, "Estampillas")

    def usar(respuesta: str, **otros: object) -> bool:
        with transaccion():
            datos = {"sitio": sitio, "reto": reto} | otros
            return llaves.usar(usuario, respuesta, ahora=ahora(), **datos)  # type: ignore[arg-type]

    assert not usar(firmado, reto=llaves.reto_de("otro ingreso"))
    assert not usar(firmado, sitio=replace(sitio, origen="https://malo.test"))
    assert not usar(firmado, sitio=replace(sitio, host="malo.test"))
    for roto in ("", "{}", "[]", "null", firmado[:-9], firmado.replace('"signature": "', '"signature": "AAAA')):
        assert not usar(roto), roto[:20]
    with transaccion():
        db.session.execute(update(LlaveAcceso).values(usuario_id=crear_de_otra()))
    assert not usar(firmado), "of another account"
    with transaccion():
        db.session.execute(update(LlaveAcceso).values(usuario_id=usuario.id))
    assert usar(firmado)
    assert not usar(firmado), "the device counts, and what it signed before is behind"
    db.session.rollback()


def crear_de_otra() -> int:
    otra = Usuario(correo="otra@demo.portal.test", nombre="Otra", rol="auditor", clave_hash="x", creado_en=ahora())
    db.session.add(otra)
    db.session.flush()
    return otra.id
