"""How much the first visit to a public page weighs, and that nothing of it comes from elsewhere."""

import re

import pytest
from flask.testing import FlaskClient

from bench.peso import MAXIMO, PAGINAS, pesar
from tests.fabricas import liquidacion, pago

# What a browser asks for by itself; a link waits for a person.
ORIGEN = re.compile(r'<(?!a\b)[^>]*?\b(?:src|srcset|href|action|poster|data|content)="(?:https?:)?//([^/"]+)')


@pytest.mark.parametrize("pagina", PAGINAS)
def test_la_primera_visita_cabe_en_un_celular_viejo(client: FlaskClient, pagina: str) -> None:
    peso = pesar(client, pagina)
    assert peso.total <= MAXIMO, peso.partes
    assert len(peso.partes) >= 4, "the page, its sheet, its script and its icon"


def test_lo_que_se_abre_desde_un_mensaje_cabe_tambien(client: FlaskClient) -> None:
    """Six stamps, and a payment that is waited for: who gets the link by WhatsApp opens it on a telephone."""
    una = liquidacion((1000, 2000, 3000, 4000, 5000, 6000))
    uno = pago(una)
    for pagina in (f"/liquidacion/{una.codigo}", f"/pago/de/{una.codigo}", f"/pago/{uno.codigo}/banco"):
        peso = pesar(client, pagina)
        assert peso.total <= MAXIMO, peso


@pytest.mark.parametrize("pagina", PAGINAS)
def test_ninguna_pagina_pide_nada_a_otro_sitio(client: FlaskClient, pagina: str) -> None:
    assert ORIGEN.findall(client.get(pagina).text) == []
    assert client.get(pagina).headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("pagina", ["/", "/pago", "/verificar", "/ayuda"])
def test_htmx_no_viaja_a_donde_nadie_lo_usa(client: FlaskClient, pagina: str) -> None:
    assert "htmx" not in client.get(pagina).text
    assert "htmx.min.js" in client.get("/consulta").text


def test_ninguna_hoja_trae_letras_ni_imagenes(client: FlaskClient) -> None:
    with client.get("/static/portal.css") as hoja:
        assert "@font-face" not in hoja.text
        assert "@import" not in hoja.text
        assert "url(" not in hoja.text
