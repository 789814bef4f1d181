"""A slow or broken network, a session that ended, Back, a second click: what the person sees, and that nothing is lost."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.navegador.pasos import (
    DOCUMENTO,
    decidir,
    hasta_el_banco,
    hasta_revisar,
    ingresar,
    sin_desborde,
)
from tests.portal_en_marcha import CLAVE_DEMO, PortalEnMarcha

Abrir = Callable[..., Page]
TRAMITE = "249640"
SIN_RESPUESTA = "No hubo respuesta. Revise su conexión e inténtelo de nuevo."
# What a screen reader would have said, in order.
OIR = """() => {
  window.oido = [];
  const anuncio = document.getElementById("anuncio");
  new MutationObserver(() => anuncio.textContent && window.oido.push(anuncio.textContent)).observe(anuncio,
    { childList: true });
}"""


@pytest.fixture
def abrir(chromium: Browser) -> Iterator[Abrir]:
    """Open a page whose network may fail; only an error of its own scripts fails the test."""
    contextos, quejas = [], []

    def nueva(ancho: int = 360) -> Page:
        contexto = chromium.new_context(viewport={"width": ancho, "height": 800})
        contexto.set_default_timeout(15_000)
        contextos.append(contexto)
        pagina = contexto.new_page()
        pagina.on("pageerror", lambda e: quejas.append(str(e)))
        return pagina

    yield nueva
    for contexto in contextos:
        contexto.close()
    assert quejas == []


class Red:
    """What reaches an address: held back, cut, or let through, as the test says; what was asked is kept."""

    def __init__(self, pagina: Page, patron: str) -> None:
        self.hacer: Callable[[Route], None] = lambda ruta: ruta.continue_()
        self.pedidos: list[str] = []
        pagina.route(patron, self._atender)

    def _atender(self, ruta: Route) -> None:
        self.pedidos.append(ruta.request.post_data or ruta.request.url)
        self.hacer(ruta)

    def cortar(self) -> None:
        self.hacer = lambda ruta: ruta.abort()

    def retener(self) -> list[Route]:
        """The requests that wait, to be let through one by one."""
        retenidos: list[Route] = []
        self.hacer = retenidos.append
        return retenidos

    def pasar(self) -> None:
        self.hacer = lambda ruta: ruta.continue_()


def oido(pagina: Page) -> list[str]:
    return list(pagina.evaluate("window.oido"))


def sin_el_dato(pedido: str) -> str:
    return "&".join(p for p in pedido.split("&") if not p.startswith("csrf_token="))


def consultar(pagina: Page, portal: PortalEnMarcha) -> None:
    """Look the document up once htmx is there: before it is, the form is sent as without JavaScript."""
    pagina.goto(f"{portal.url}/consulta")
    pagina.get_by_label("Documento").fill(DOCUMENTO)
    pagina.get_by_role("button", name="Consultar").click()
    expect(pagina.locator("#tabla")).to_be_visible()


def test_lo_que_cambia_se_dice_una_vez_y_el_foco_no_se_pierde(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(1280)
    pagina.goto(f"{portal.url}/consulta")
    pagina.evaluate(OIR)
    pagina.get_by_label("Documento").fill(DOCUMENTO)
    pagina.get_by_role("button", name="Consultar").click()
    frase = pagina.locator("#tabla [data-anunciar]")
    # The button was put off while it waited and lost the focus: it goes to the sentence, which is then not said twice.
    expect(frase).to_be_focused()
    assert oido(pagina) == []
    pagina.locator("#orden-valor").click()
    expect(pagina.locator("th[aria-sort]")).to_have_count(1)
    expect(pagina.locator("#orden-valor")).to_be_focused()
    assert oido(pagina) == [], "the sentence is the same: nothing to say"
    pagina.get_by_label("Buscar:").press_sequentially("frontera")
    expect(frase).to_contain_text("filtrado")
    expect(pagina.get_by_label("Buscar:")).to_be_focused()
    expect(pagina.locator("#anuncio")).to_have_text(frase.inner_text())
    assert len(oido(pagina)) == len(set(oido(pagina)))
    pagina.get_by_label("Buscar:").fill("")
    expect(frase).to_contain_text("del 1 al 10")
    pagina.locator("#pg-siguiente").click()
    expect(frase).to_contain_text("del 11 al 12")
    expect(frase).to_be_focused()
    assert [texto for texto in oido(pagina) if "del 11 al 12" in texto] == []


def test_sin_respuesta_se_ve_donde_se_esperaba_y_se_reintenta_lo_mismo(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir()
    pagina.goto(f"{portal.url}/consulta")
    pagina.evaluate(OIR)
    red = Red(pagina, "**/consulta")
    red.cortar()
    pagina.get_by_label("Documento").fill(DOCUMENTO)
    pagina.get_by_role("button", name="Consultar").click()
    resultados = pagina.locator("#resultados")
    expect(resultados.get_by_text(SIN_RESPUESTA)).to_be_visible()
    sin_desborde(pagina)
    reintentar = resultados.get_by_role("button", name="Reintentar")
    reintentar.click()
    expect(reintentar).to_be_focused()
    pagina.wait_for_function("() => window.oido.length === 2")
    expect(resultados.locator(".falla")).to_have_count(1)
    problema = "<section id=error><h1>x</h1><p>Ya quedó registrado.</p></section>"
    red.hacer = lambda ruta: ruta.fulfill(
        status=500, body=problema, content_type="text/html; charset=utf-8", headers={"X-Request-Id": "abc123"}
    )
    reintentar.click()
    expect(resultados.get_by_text("Ya quedó registrado. Número para pedir ayuda: abc123")).to_be_visible()
    # Somebody in between answers in his own words, which say nothing to anybody.
    red.hacer = lambda ruta: ruta.fulfill(status=502, body="<p>Bad Gateway</p>", content_type="text/html")
    reintentar.click()
    expect(resultados.get_by_text(SIN_RESPUESTA)).to_be_visible()
    red.retener()
    pagina.evaluate("htmx.config.timeout = 50")
    reintentar.click()
    pagina.wait_for_function("() => !document.querySelector('[aria-busy]')")
    expect(resultados.get_by_text(SIN_RESPUESTA)).to_be_visible()
    pagina.evaluate("htmx.config.timeout = 20000")
    red.pasar()
    reintentar.click()
    expect(pagina.locator("#tabla")).to_be_visible()
    expect(resultados.locator(".falla")).to_have_count(0)
    assert len({sin_el_dato(pedido) for pedido in red.pedidos}) == 1, "the same was asked each time"
    assert len(red.pedidos) == 6


def test_lo_que_tarda_se_ve_y_un_segundo_toque_no_pide_nada(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir()
    consultar(pagina, portal)
    red = Red(pagina, "**/consulta")
    retenidos = red.retener()
    pagina.locator("#registros").select_option("5")
    tabla = pagina.locator("#tabla")
    expect(tabla).to_have_attribute("aria-busy", "true")
    pagina.wait_for_function(
        "() => getComputedStyle(document.getElementById('tabla'), '::before').visibility === 'visible'"
    )
    retenidos.pop().continue_()
    expect(tabla.locator("tbody tr")).to_have_count(5)
    assert tabla.get_attribute("aria-busy") is None
    red.pedidos.clear()
    pagina.get_by_role("button", name="Consultar").dblclick()
    pagina.wait_for_function("() => document.querySelector('form.selector button[disabled]')")
    assert len(red.pedidos) == 1
    retenidos.pop().continue_()
    expect(pagina.get_by_role("button", name="Consultar")).to_be_enabled()
    assert len(red.pedidos) == 1


def test_la_espera_de_un_pago_aguanta_la_red_y_no_roba_el_foco(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir()
    portal.simulador.control("notificaciones", silencio=True)
    hasta_el_banco(pagina, portal, TRAMITE)
    decidir(pagina, "Queda pendiente")
    expect(pagina.get_by_role("heading", name="Transacción pendiente")).to_be_visible()
    direccion = pagina.url
    pagina.clock.install()
    red = Red(pagina, direccion)
    pagina.goto(direccion)
    pagina.evaluate(OIR)
    red.pedidos.clear()
    actualizar = pagina.get_by_role("link", name="Actualizar")
    actualizar.focus()
    with pagina.expect_response(direccion):
        pagina.clock.run_for(5_000)
    pagina.clock.run_for(100)
    expect(actualizar).to_be_focused()
    assert oido(pagina) == [], "nothing changed: nothing is said and nothing is replaced"

    red.cortar()
    red.pedidos.clear()
    estado = pagina.locator("#estado-pago")
    with pagina.expect_event("requestfailed"):
        pagina.clock.run_for(5_000)
    expect(estado.get_by_text("Seguimos intentando y esta página cambia sola")).to_be_visible()
    expect(actualizar).to_be_focused()
    for _ in range(12):
        pagina.clock.run_for(5_000)
    assert 2 <= len(red.pedidos) <= 5, "a minute without answers is asked for ever less"
    assert len(oido(pagina)) == 1

    red.pasar()
    red.pedidos.clear()
    pagina.evaluate("() => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => true }) }")
    pagina.clock.run_for(120_000)
    assert red.pedidos == [], "a tab that nobody sees asks for nothing"
    with pagina.expect_response(direccion):
        pagina.evaluate("() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')) }")
    expect(estado.locator(".falla")).to_have_count(0)

    (sesion,) = [s for s in portal.simulador.sesiones() if s["estado"] == "PENDING"]
    portal.simulador.control("resolver", sesion=sesion["sesion"], decision="aprobar")
    with pagina.expect_response(direccion):
        pagina.clock.run_for(5_000)
    pagina.clock.run_for(100)
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_focused()
    expect(pagina.locator("#anuncio")).to_contain_text("El dinero salió de su cuenta")
    red.pedidos.clear()
    pagina.clock.run_for(120_000)
    assert red.pedidos == []


def test_el_boton_de_pagar_con_la_red_rota_se_puede_pulsar_de_nuevo(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir()
    hasta_revisar(pagina, portal, TRAMITE)
    boton = pagina.get_by_role("button", name="Débito Bancario PSE")
    pagina.context.set_offline(True)
    boton.click()
    aviso = pagina.get_by_role("main").get_by_text(
        f"{SIN_RESPUESTA} Puede pulsar el botón de nuevo: no se paga dos veces."
    )
    expect(aviso).to_be_visible()
    expect(pagina.get_by_role("heading", name="Revise su pago")).to_be_visible()
    sin_desborde(pagina)
    assert portal.simulador.sesiones() == []
    pagina.context.set_offline(False)

    # The answer is lost after the portal did its part: the worst moment.
    def perder(ruta: Route) -> None:
        ruta.fetch(max_redirects=0)
        ruta.abort()

    pagina.route("**/pago/pagar", perder, times=1)
    with pagina.expect_event("requestfailed"):
        boton.click()
    expect(boton).to_be_visible()
    assert len(portal.simulador.sesiones()) == 1
    boton.click()
    expect(pagina.get_by_role("heading", name="Pagar con PSE")).to_be_visible()
    assert len(portal.simulador.sesiones()) == 1


def test_sin_conexion_un_formulario_no_pierde_lo_escrito(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir()
    pagina.goto(f"{portal.url}/pago")
    pagina.get_by_label("Documento").fill(TRAMITE)
    pagina.context.set_offline(True)
    pagina.get_by_role("button", name="Buscar").click()
    aviso = pagina.get_by_role("main").get_by_text("Parece que no hay conexión.")
    expect(aviso).to_be_visible()
    expect(pagina.get_by_label("Documento")).to_have_value(TRAMITE)
    sin_desborde(pagina)
    pagina.context.set_offline(False)
    expect(aviso).to_have_count(0)
    pagina.get_by_role("button", name="Buscar").click()
    expect(pagina.get_by_role("heading", name="Elija y diga quién paga")).to_be_visible()


def entrar(pagina: Page, rol: str) -> None:
    pagina.get_by_label("Correo electrónico").fill(f"{rol}@demo.portal.test")
    pagina.get_by_label("Contraseña").fill(CLAVE_DEMO)
    pagina.get_by_role("button", name="Ingresar").click()


def test_la_sesion_que_termina_lleva_a_ingresar_y_de_vuelta(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(1280)
    ingresar(pagina, portal, "administrador")
    tarifas = f"{portal.url}/gestion/normativa/tarifas"
    pagina.goto(tarifas)
    cuantas = pagina.locator("#tarifas [data-anunciar]")
    todas = cuantas.inner_text()
    pagina.get_by_label("Acto").press_sequentially("contrato")
    expect(pagina).to_have_url(re.compile("buscar=contrato&"))
    expect(cuantas).not_to_have_text(todas)
    halladas, direccion = cuantas.inner_text(), pagina.url
    pagina.context.clear_cookies()
    pagina.get_by_label("Acto").press_sequentially("s")
    expect(pagina.get_by_label("Contraseña")).to_be_visible()
    assert "/ingresar?siguiente=" in pagina.url
    entrar(pagina, "administrador")
    expect(pagina).to_have_url(direccion)
    expect(cuantas).to_have_text(halladas)
    # Back, a page that a table changed comes whole and never as the bare table.
    pagina.goto(tarifas)
    pagina.get_by_label("Acto").press_sequentially("contrato")
    expect(pagina).to_have_url(direccion)
    pagina.go_back()
    expect(pagina).to_have_url(tarifas)
    expect(pagina.get_by_role("heading", name="Tarifas", exact=True)).to_be_visible()
    expect(cuantas).to_have_text(todas)
    pagina.go_forward()
    expect(pagina.get_by_role("contentinfo")).to_be_visible()
    expect(cuantas).to_have_text(halladas)


def test_lo_que_se_esta_liquidando_no_se_pierde_con_la_sesion(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(1280)
    ingresar(pagina, portal, "rentas")
    pagina.goto(f"{portal.url}/gestion/liquidaciones/nueva/P-C-02")
    pagina.get_by_label("Objeto").fill("Suministro de prueba")
    pagina.context.clear_cookies()
    pagina.get_by_label("Valor del contrato").fill("46.911.499")
    aviso = pagina.locator("#calculo .falla")
    expect(aviso).to_contain_text("Su sesión terminó. Lo que escribió sigue aquí")
    with pagina.context.expect_page() as otra:
        aviso.get_by_role("link", name="ingrese en otra pestaña").click()
    entrar(otra.value, "rentas")
    expect(otra.value).to_have_url(f"{portal.url}/gestion")
    aviso.get_by_role("button", name="Reintentar").click()
    expect(pagina.locator("#calculo")).to_contain_text("Falta: Fecha de contrato")
    expect(aviso).to_have_count(0)
    expect(pagina.get_by_label("Objeto")).to_have_value("Suministro de prueba")


def test_atras_desde_el_pago_trae_una_pagina_entera_sin_el_documento_en_la_direccion(
    portal: PortalEnMarcha, abrir: Abrir
) -> None:
    pagina = abrir()
    consultar(pagina, portal)
    assert pagina.url == f"{portal.url}/consulta"
    pagina.get_by_role("button", name="Pagar").first.click()
    expect(pagina.get_by_role("heading", name="Elija y diga quién paga")).to_be_visible()
    pagina.go_back()
    expect(pagina.get_by_role("heading", name="Consultar Contratos y Trámites")).to_be_visible()
    expect(pagina.get_by_role("contentinfo")).to_be_visible()
    assert DOCUMENTO not in pagina.evaluate("JSON.stringify([location.href, {...sessionStorage}, {...localStorage}])")
