"""The checker that works without a connection: what it opens, for which page only, and what it keeps."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from portal.web.seguridad import CABECERAS

PAGINA = "/verificar/sin-conexion"
ESTATICOS = Path(__file__).resolve().parents[2] / "portal/static"
# As published in the npm registry, by name and version.
AJENOS = {
    "vendor/jsqr-1.4.0/jsQR.js": "bc40c8a15196236b2314db0856f72ca0b49980cd5413b8c852a7349f5fee0859",
    "vendor/noble-ed25519-3.2.0/index.js": "a4f631d1876b5d9e43a86cd71194ca27b5e1451edf4ba4db9a418f40a475569a",
}


def lista(guion: str) -> list[str]:
    hallada = re.search(r"^const RECURSOS = (\[.*\]);$", guion, re.MULTILINE)
    assert hallada
    recursos: list[str] = json.loads(hallada[1])
    return recursos


@pytest.mark.parametrize(("archivo", "huella"), AJENOS.items())
def test_los_archivos_ajenos_son_los_que_elegimos_y_traen_su_licencia(archivo: str, huella: str) -> None:
    assert hashlib.sha256((ESTATICOS / archivo).read_bytes()).hexdigest() == huella
    assert (ESTATICOS / archivo).with_name("LICENSE").stat().st_size > 500


def test_solo_esa_pagina_abre_la_camara_el_manifiesto_y_el_trabajador(client: FlaskClient) -> None:
    cabeceras = client.get(PAGINA).headers
    politica = cabeceras["Content-Security-Policy"]
    propia = CABECERAS["Content-Security-Policy"]
    assert politica == f"{propia}; worker-src 'self'; manifest-src 'self'"
    assert cabeceras["Permissions-Policy"] == "camera=(self), microphone=(), geolocation=(), payment=()"
    for otra in ("/verificar", "/consulta", "/", "/v/AAAA", f"{PAGINA}/trabajador.js"):
        ajenas = client.get(otra).headers
        assert ajenas["Content-Security-Policy"] == propia
        assert "camera=()" in ajenas["Permissions-Policy"]


def test_el_trabajador_rige_esa_pagina_y_guarda_lo_que_ella_necesita(client: FlaskClient) -> None:
    respuesta = client.get(f"{PAGINA}/trabajador.js")
    assert respuesta.mimetype == "text/javascript"
    assert respuesta.headers["Service-Worker-Allowed"] == PAGINA
    guardados = lista(respuesta.text)
    assert {PAGINA, f"{PAGINA}/manifiesto.webmanifest", "/claves/estampillas.pem"} <= set(guardados)
    for recurso in guardados:
        with client.get(recurso) as servido:
            assert servido.status_code == 200, recurso
    pagina = client.get(PAGINA).text
    pide = set(re.findall(r'(?:src|href|data-noble|data-jsqr)="(/static/[^"]+)"', pagina))
    assert pide <= set(guardados)
    assert "/verificar" not in guardados


def test_la_pagina_guardada_no_trae_nada_de_nadie(client: FlaskClient) -> None:
    pagina = client.get(PAGINA)
    assert "csrf_token" not in pagina.text
    assert "Set-Cookie" not in pagina.headers


def test_otra_pagina_es_otra_version(app: Flask, client: FlaskClient) -> None:
    antes = client.get(f"{PAGINA}/trabajador.js").text
    assert client.get(f"{PAGINA}/trabajador.js").text == antes
    app.jinja_env.globals["es_demostracion"] = False
    assert client.get(f"{PAGINA}/trabajador.js").text.splitlines()[0] != antes.splitlines()[0]


def test_el_manifiesto_deja_instalarla(client: FlaskClient) -> None:
    respuesta = client.get(f"{PAGINA}/manifiesto.webmanifest")
    assert respuesta.mimetype == "application/manifest+json"
    datos = json.loads(respuesta.text)
    assert (datos["start_url"], datos["scope"], datos["display"], datos["lang"]) == (
        PAGINA,
        PAGINA,
        "standalone",
        "es-CO",
    )
    for icono in datos["icons"]:
        archivo = ESTATICOS / icono["src"].removeprefix("/static/").split("?")[0]
        with Image.open(archivo) as imagen:
            assert "x".join(map(str, imagen.size)) == icono["sizes"]


def test_el_decodificador_solo_se_nombra_en_esa_pagina(client: FlaskClient) -> None:
    for otra in ("/verificar", "/consulta", "/", "/pago"):
        assert "jsqr" not in client.get(otra).text
    assert f'<a href="{PAGINA}">' in client.get("/verificar").text


def test_sin_javascript_se_dice_a_donde_ir(client: FlaskClient) -> None:
    assert re.search(r'<noscript>.*href="/verificar".*</noscript>', client.get(PAGINA).text, re.DOTALL)
