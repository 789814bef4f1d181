"""A revenue officer keeps the life of a contract by withholding, and of a consorcio, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.pasos import con_javascript, ingresar, revisar
from tests.portal_en_marcha import PortalEnMarcha

pytestmark = [
    pytest.mark.usefixtures("_en_cundinamarca"),
    pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True),
]
Abrir = Callable[..., Page]
EN_PANTALLAS = pytest.mark.parametrize(
    ("ancho", "javascript"), [(360, True), (1280, True), (360, False)], ids=["360", "1280", "360 sin JavaScript"]
)


@pytest.fixture
def _en_cundinamarca(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DEPARTAMENTO", "cundinamarca")


def liquidar(pagina: Page, portal: PortalEnMarcha, numero: str, clase: str, tipo: str) -> None:
    pagina.goto(f"{portal.url}/gestion/liquidaciones/nueva/CC-2")
    pagina.get_by_label("Tipo de contratista").select_option(label=clase)
    es_persona = clase == "Natural"
    pagina.get_by_label("Tipo de documento", exact=True).select_option(value="CC" if es_persona else "NIT")
    pagina.get_by_label("Número de documento").fill("1212312323" if es_persona else "860069804-2")
    pagina.get_by_label("Nombre del contratista").fill("prueba" if es_persona else "CONSORCIO DE PRUEBA")
    pagina.get_by_label("Valor del contrato").fill("50.000.000")
    pagina.get_by_label("Entidad contratante", exact=True).fill("DEPARTAMENTO")
    pagina.get_by_label("Número de contrato").fill(numero)
    pagina.get_by_label("Tipo de contrato", exact=True).select_option(label=tipo)
    pagina.get_by_label("Fecha de contrato").fill("2026-03-03")
    pagina.get_by_label("Objeto", exact=True).fill("Servicios de prueba")


def emitir(pagina: Page) -> None:
    pagina.get_by_role("button", name="Continuar").click()
    revisar(pagina)
    pagina.get_by_role("button", name="Emitir liquidación").click()
    expect(pagina.get_by_text("quedó emitida")).to_be_visible()


def registrar(pagina: Page, cual: str, documento: str, fecha: str, valor: str, esperado: str) -> None:
    """From the page of the contract, one act: form, figures, check, done."""
    pagina.get_by_role("link", name=f"Registrar {cual}").click()
    documento_, fecha_, valor_ = (pagina.locator(f"#{campo}") for campo in ("documento", "fecha", "valor"))
    documento_.fill(documento)
    fecha_.fill(fecha)
    valor_.fill(valor)
    if not con_javascript(pagina):
        pagina.get_by_role("button", name="Calcular").click()
    expect(pagina.locator("#calculo")).to_contain_text(esperado)
    revisar(pagina)
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("heading", name="Revise antes de registrar")).to_be_visible()
    revisar(pagina)
    pagina.get_by_role("button", name=f"Registrar la {cual}").click()
    expect(pagina.get_by_text(f"La {cual}")).to_be_visible()
    revisar(pagina)


@EN_PANTALLAS
def test_la_vida_de_un_contrato_por_retencion(
    portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool
) -> None:
    oficial = abrir(ancho, javascript=javascript)
    ingresar(oficial, portal, "rentas")
    liquidar(oficial, portal, "77", "Natural", "Prestación de servicios profesionales")
    expect(oficial.get_by_label("Forma de recaudo")).to_have_value("retencion_por_pago")
    expect(oficial.locator("#integrantes")).to_be_hidden()
    emitir(oficial)
    oficial.get_by_role("link", name="Ver el contrato completo").click()
    expect(oficial.get_by_text("Quedan $12.848.800 de los $62.848.800 excluidos")).to_be_visible()
    registrar(oficial, "adición", "Otrosí 1", "2026-04-06", "50.000.000", "Después de esta adición quedarán $0")
    registrar(oficial, "cuenta", "1", "2026-04-10", "33.333.333", "por cobrar ×")
    registrar(oficial, "reducción", "Acta 2", "2026-04-20", "20.000.000", "Las estampillas bajan")
    registrar(oficial, "cuenta", "2", "2026-05-10", "46.666.667", "Última cuenta")
    expect(oficial.get_by_role("link", name="Registrar cuenta")).to_have_count(0)
    for fila in ("Adición 1: OTROSÍ 1", "Reducción de la adición 1: ACTA 2", "Cuenta 2"):
        expect(oficial.get_by_text(fila, exact=True).last).to_be_visible()
    ciudadana = abrir(ancho, javascript=javascript)
    ciudadana.goto(
        f"{portal.url}/consulta?tipo_pago=contrato&vigencia=2026&nit=1212312323&numero_contrato=77&registros=100"
    )
    tabla = ciudadana.locator("#tabla tbody")
    for texto in ("Por retención", "77, cuenta 1", "Sin efecto", "Liquidado"):
        expect(tabla).to_contain_text(texto)
    revisar(ciudadana)


@EN_PANTALLAS
def test_los_integrantes_de_un_consorcio(portal: PortalEnMarcha, abrir: Abrir, ancho: int, javascript: bool) -> None:
    oficial = abrir(ancho, javascript=javascript)
    ingresar(oficial, portal, "rentas")
    liquidar(oficial, portal, "78", "Consorcio o unión temporal", "Suministro")
    expect(oficial.locator("#integrantes")).to_be_visible()
    oficial.get_by_role("button", name="Agregar otro integrante").click()
    expect(oficial.get_by_label("Nombre del integrante 3")).to_be_visible()
    for n, (documento, parte) in enumerate((("900123456", "33,3"), ("900123457", "33,3"), ("900123458", "33,3")), 1):
        oficial.get_by_label(f"Documento del integrante {n}", exact=True).fill(documento)
        oficial.get_by_label(f"Nombre del integrante {n}").fill(f"SOCIO {n}")
        oficial.get_by_label(f"Participación del integrante {n}").fill(parte)
    revisar(oficial)
    oficial.get_by_role("button", name="Continuar").click()
    expect(oficial.get_by_role("link", name="suman 99,9 %")).to_be_visible()
    revisar(oficial)
    oficial.get_by_label("Participación del integrante 2").fill("33,4")
    emitir(oficial)
    expect(oficial.get_by_role("cell", name="SOCIO 2")).to_be_visible()
    revisar(oficial)
    ciudadana = abrir(360, javascript=javascript)
    ciudadana.goto(f"{portal.url}/consulta?tipo_pago=contrato&vigencia=2026&nit=900123457&numero_contrato=78")
    expect(ciudadana.locator("#tabla tbody")).to_contain_text("CONSORCIO DE PRUEBA")
