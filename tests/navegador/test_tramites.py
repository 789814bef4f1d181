"""From "which entity asked for it" to a paid stamp, alone; and choosing one of several acts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.navegador.pasos import DOCUMENTO, decidir, revisar
from tests.portal_en_marcha import PortalEnMarcha

# What differs from one engine to the other is tested elsewhere.
pytestmark = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
Abrir = Callable[..., Page]


@pytest.mark.parametrize("javascript", [True, False], ids=["con JavaScript", "sin JavaScript"])
def test_quien_no_tiene_liquidacion_la_hace_y_la_paga(portal: PortalEnMarcha, abrir: Abrir, javascript: bool) -> None:
    pagina = abrir(360, javascript=javascript)
    pagina.goto(portal.url)
    for enlace in ("Liquide usted mismo", "Gobernación del Putumayo", "Certificados"):
        pagina.get_by_role("main").get_by_role("link", name=enlace).click()
        revisar(pagina)
    pagina.get_by_label("Número de documento").fill("52000111")
    pagina.get_by_label("Nombre completo o razón social").fill("Ana María Ñáñez")
    pagina.get_by_role("button", name="Continuar").click()
    revisar(pagina)
    pagina.get_by_role("button", name="Liquidar $9.000").click()
    expect(pagina.get_by_text("Su liquidación está lista")).to_be_visible()
    revisar(pagina)
    assert pagina.get_by_role("button", name="Copiar la dirección").count() == (1 if javascript else 0)
    expect(pagina.get_by_label("Dirección de esta página")).to_have_value(pagina.url)
    pagina.get_by_role("link", name="Pagar en línea").click()
    expect(pagina.get_by_label("Número de documento")).to_have_value("52000111")
    pagina.get_by_label("Correo electrónico").fill("ana@correo.test")
    pagina.get_by_label("Teléfono celular").fill("3001234567")
    pagina.get_by_role("button", name="Continuar").click()
    pagina.get_by_role("button", name="Débito Bancario PSE").click()
    decidir(pagina, "Aprobar")
    expect(pagina.get_by_role("heading", name="Transacción aprobada")).to_be_visible()


def test_de_varios_actos_se_ven_las_estampillas_del_que_se_elige(portal: PortalEnMarcha, abrir: Abrir) -> None:
    pagina = abrir(360, javascript=False)
    pagina.goto(f"{portal.url}/pago")
    pagina.get_by_label("Documento").fill(DOCUMENTO)
    pagina.get_by_role("button", name="Buscar").click()
    expect(pagina.get_by_label("Número de documento")).to_have_value(DOCUMENTO)
    assert [c.is_visible() for c in pagina.get_by_role("checkbox").all()] == []
    pagina.get_by_role("radio", name="Liquidación 6").check()
    assert pagina.get_by_role("checkbox").count() == 2
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    assert pagina.get_by_role("radio", name="Liquidación 6").is_checked()
    assert pagina.get_by_role("checkbox").count() == 2
