"""An administrator runs a draft over last year's assessments in a real browser, with and without JavaScript."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook
from sqlalchemy import insert

from portal.db import db, transaccion
from portal.models import Liquidacion
from portal.web.reloj import hoy
from tests.navegador.pasos import ingresar, revisar, sin_desborde
from tests.portal_en_marcha import PortalEnMarcha
from tests.propuestas import cuenta, proponer
from tests.simulaciones import pasada

Abrir = Callable[..., Page]
CONTRATO = {
    "contratista.clase": "natural",
    "contrato.tipo": "prestacion_servicios_profesionales",
}


@pytest.fixture
def _en_cundinamarca(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DEPARTAMENTO", "cundinamarca")


def preparar(cuantas: int) -> int:
    """A draft of next year's UVT over `cuantas` assessments of this year; returns its number."""
    proximo = hoy().year + 1
    dia = date(hoy().year, 1, 15)
    pasada("CC-2", fecha_causacion=dia, valor_acto=Decimal(100_000_000), hechos=CONTRATO)
    pasada("NO-EXISTE", fecha_causacion=dia)
    for acto in ("SC-02", "SC-16", "SC-20"):
        pasada(acto, fecha_causacion=dia)
    modelo = pasada("SC-01", fecha_causacion=dia)
    columnas = {c.key: getattr(modelo, c.key) for c in Liquidacion.__table__.columns if c.key != "id"}
    propias = ({"codigo": f"c{n}", "clave_formulario": f"c{n}", "numero": 900_000 + n} for n in range(cuantas - 6))
    with transaccion():
        db.session.execute(insert(Liquidacion), [columnas | una for una in propias])
    dias = {"desde": date(proximo, 1, 1), "hasta": date(proximo, 12, 31)}
    return proponer(cuenta(), **dias, valor=Decimal(55_000), acto_fecha=hoy(), hoy=hoy())


@pytest.mark.descuadra
@pytest.mark.usefixtures("_en_cundinamarca")
@pytest.mark.parametrize("ancho", [360, 1280])
def test_se_simula_se_lee_y_se_publica(
    app: Flask, portal: PortalEnMarcha, abrir: Abrir, ancho: int, tmp_path: Path
) -> None:
    numero = preparar(3000)
    db.session.remove()
    pagina = abrir(ancho)
    ingresar(pagina, portal, "administrador")
    pagina.goto(f"{portal.url}/gestion/normativa/propuestas/{numero}/publicar")
    expect(pagina.get_by_text("Nadie ha simulado esta propuesta como está ahora.")).to_be_visible()
    revisar(pagina)
    pagina.get_by_role("button", name="Publicar").click()
    expect(pagina.get_by_role("heading", name="Hay un problema")).to_be_visible()
    revisar(pagina)
    pagina.get_by_role("link", name="simúlela", exact=True).click()
    revisar(pagina)
    pagina.get_by_role("button", name="Simular").click()
    expect(pagina.get_by_role("progressbar")).to_be_visible()
    expect(pagina.get_by_text("Puede cerrar esta página")).to_be_visible()
    revisar(pagina)
    expect(pagina.get_by_role("heading", name="Qué cambia")).to_be_visible(timeout=60_000)
    # Whoever waits elsewhere on the page is told, and not taken away from there.
    expect(pagina.locator("#anuncio")).to_have_text(pagina.locator("[data-anunciar]").last.inner_text())
    expect(pagina.locator("#anuncio")).to_contain_text("facturas comparadas cambian")
    expect(pagina.get_by_role("img", name="estampillas cambian")).to_be_visible()
    revisar(pagina)
    with pagina.expect_download() as bajada:
        pagina.get_by_role("link", name="Descargar en Excel").click()
    bajada.value.save_as(tmp_path / "simulacion.xlsx")
    assert len(CalamineWorkbook.from_path(tmp_path / "simulacion.xlsx").sheet_names) == 6
    pagina.goto(f"{portal.url}/gestion/normativa/propuestas/{numero}/publicar")
    expect(pagina.get_by_text("el total sube de")).to_be_visible()
    revisar(pagina)
    pagina.get_by_role("button", name="Publicar").click()
    expect(pagina.get_by_text("Publicada", exact=False).first).to_be_visible()


@pytest.mark.descuadra
@pytest.mark.usefixtures("_en_cundinamarca")
def test_sin_javascript_el_boton_lleva_hasta_el_final(app: Flask, portal: PortalEnMarcha, abrir: Abrir) -> None:
    numero = preparar(40)
    db.session.remove()
    pagina = abrir(360, javascript=False)
    ingresar(pagina, portal, "administrador")
    pagina.goto(f"{portal.url}/gestion/normativa/propuestas/{numero}")
    pagina.get_by_role("link", name="Simular").click()
    pagina.get_by_role("button", name="Simular").click()
    expect(pagina.get_by_text("0 %: 0 de")).to_be_visible()
    pagina.get_by_role("button", name="Continuar").click()
    expect(pagina.get_by_role("heading", name="Qué cambia")).to_be_visible()
    sin_desborde(pagina)
