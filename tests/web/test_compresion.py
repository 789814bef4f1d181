"""What travels compressed, what does not, and that nobody learns anything from the size of a page."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
import tinycss2
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.web.compresion import comprimir, sin_adornos
from tests.conftest import ingresar
from tests.navegador_de_pruebas import DESCIFRAR

ESTATICOS = Path(__file__).resolve().parents[2] / "portal/static"
HOJA = "/static/portal.css"


def pedir(client: FlaskClient, direccion: str, acepta: str | None, **cabeceras: str) -> TestResponse:
    suyas = {nombre.replace("_", "-"): valor for nombre, valor in cabeceras.items()}
    if acepta is not None:
        suyas["Accept-Encoding"] = acepta
    with client.get(direccion, headers=suyas) as respuesta:
        respuesta.get_data()
        return respuesta


@pytest.mark.parametrize(
    ("acepta", "llega"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("deflate", None),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("gzip;q=0, *", "br"),
        ("br;q=0, *;q=0.5", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("cualquiercosa;q=x", None),
    ],
)
@pytest.mark.parametrize("direccion", ["/consulta", HOJA])
def test_llega_como_el_navegador_prefiere(
    client: FlaskClient, direccion: str, acepta: str | None, llega: str | None
) -> None:
    respuesta = pedir(client, direccion, acepta, Sec_Fetch_Site="none")
    assert respuesta.status_code == 200
    assert respuesta.headers.get("Content-Encoding") == llega
    assert "Accept-Encoding" in respuesta.headers["Vary"]
    assert int(respuesta.headers["Content-Length"]) == len(respuesta.data)
    assert b"tabla" in DESCIFRAR[llega](respuesta.data) or b"Consulta" in DESCIFRAR[llega](respuesta.data)


def test_una_pagina_con_cookie_que_otro_sitio_pidio_no_se_comprime(client: FlaskClient) -> None:
    """Its size would tell a stranger whether what he wrote in the address is also in the page (BREACH)."""
    ajena = {"Sec_Fetch_Site": "cross-site"}
    primera = pedir(client, "/consulta", "br", **ajena)
    assert primera.headers["Content-Encoding"] == "br", "a first visit has no secret"
    assert "Set-Cookie" in primera.headers, "from now on there is one"
    assert "Content-Encoding" not in pedir(client, "/consulta", "br", **ajena).headers
    assert "Content-Encoding" not in pedir(client, "/consulta", "br", Sec_Fetch_Site="same-site").headers
    assert "Content-Encoding" not in pedir(client, "/consulta", "br").headers
    assert pedir(client, "/consulta", "br", Sec_Fetch_Site="same-origin").headers["Content-Encoding"] == "br"
    assert pedir(client, HOJA, "br", **ajena).headers["Content-Encoding"] == "br", "a file holds nothing of anybody"


def test_una_pagina_comprimida_no_se_guarda_y_una_cabeza_dice_lo_mismo(client: FlaskClient) -> None:
    respuesta = pedir(client, "/", "br")
    assert respuesta.headers["Cache-Control"] == "no-store"
    cabeza = client.head("/", headers={"Accept-Encoding": "br", "Sec-Fetch-Site": "none"})
    assert (cabeza.data, cabeza.headers["Content-Encoding"]) == (b"", "br")
    assert int(cabeza.headers["Content-Length"]) > 500


def procesar(app: Flask, respuesta: Response) -> Response:
    with app.test_request_context("/", headers={"Accept-Encoding": "br"}):
        return app.process_response(respuesta)


@pytest.mark.parametrize("tipo", ["application/pdf", "application/zip", "text/csv", "application/octet-stream"])
def test_lo_que_se_descarga_sale_como_es(app: Flask, tipo: str) -> None:
    respuesta = procesar(app, Response(b"x" * 5000, mimetype=tipo))
    assert respuesta.data == b"x" * 5000
    assert "Content-Encoding" not in respuesta.headers
    guardada = Response("<p>" * 500, mimetype="text/html", headers={"Content-Disposition": "attachment"})
    assert "Content-Encoding" not in procesar(app, guardada).headers


def test_lo_que_fluye_no_se_junta_en_memoria(app: Flask) -> None:
    pedidos = []

    def trozos() -> Iterator[str]:
        for n in range(3):
            pedidos.append(n)
            yield "<p>" * 500

    respuesta = procesar(app, Response(trozos(), mimetype="text/html"))
    assert pedidos == []
    assert "Content-Encoding" not in respuesta.headers
    archivo = Response(io.BytesIO(b"<p>" * 500), mimetype="text/html", direct_passthrough=True)
    assert procesar(app, archivo).direct_passthrough


@pytest.mark.parametrize("codigo", [204, 206, 304])
def test_lo_que_no_es_entero_no_se_comprime(app: Flask, codigo: int) -> None:
    assert "Content-Encoding" not in procesar(app, Response("<p>" * 500, codigo, mimetype="text/html")).headers


def test_los_archivos_se_guardan_para_siempre_solo_bajo_su_huella(client: FlaskClient) -> None:
    pagina = client.get("/").text
    con_huella = re.findall(r'rel="stylesheet" href="([^"]+)"', pagina)
    assert [d.split("=")[0] for d in con_huella] == ["/colores.css?v", f"{HOJA}?v"]
    for direccion in con_huella:
        sin_huella = direccion.split("?")[0]
        assert pedir(client, direccion, "br").headers["Cache-Control"] == "public, max-age=31536000, immutable"
        for otra in (sin_huella, f"{sin_huella}?v=000000000000"):
            assert pedir(client, otra, "br").headers["Cache-Control"] == "public, no-cache"


def test_un_archivo_es_igual_para_quien_ingreso_y_para_quien_no(client: FlaskClient) -> None:
    """Told that it varies by the cookie, a browser would bring everything again after signing in."""
    ingresar(client, "rentas")
    for archivo in (HOJA, "/colores.css", "/static/verificador/icono-192.png"):
        cabeceras = pedir(client, archivo, "br").headers
        assert "Set-Cookie" not in cabeceras
        assert "Cookie" not in cabeceras.get("Vary", "")


def test_cada_codificacion_tiene_su_marca_y_con_ella_no_vuelve_a_viajar(client: FlaskClient) -> None:
    marcas = {acepta: pedir(client, HOJA, acepta).headers["ETag"] for acepta in ("br", "gzip", "identity")}
    assert len(set(marcas.values())) == 3
    for acepta, marca in marcas.items():
        sin_cambio = pedir(client, HOJA, acepta, If_None_Match=marca)
        assert (sin_cambio.status_code, sin_cambio.data) == (304, b"")
        assert sin_cambio.headers["Vary"] == "Accept-Encoding"
    assert pedir(client, HOJA, "br", If_None_Match=marcas["gzip"]).status_code == 200


def test_un_trozo_es_de_los_bytes_del_archivo(client: FlaskClient) -> None:
    trozo = pedir(client, HOJA, "br, gzip", Range="bytes=0-99")
    assert (trozo.status_code, trozo.data) == (206, (ESTATICOS / "portal.css").read_bytes()[:100])
    assert "Content-Encoding" not in trozo.headers
    assert pedir(client, HOJA, "br", Range="bytes=9999999-").status_code == 416


def test_una_imagen_y_lo_que_no_existe_salen_como_siempre(client: FlaskClient) -> None:
    icono = pedir(client, "/static/verificador/icono-192.png", "br")
    assert icono.data == (ESTATICOS / "verificador/icono-192.png").read_bytes()
    assert "Vary" not in icono.headers
    assert pedir(client, "/static/../config/claves.py", "br").status_code == 404
    assert pedir(client, "/static/no-existe.css", "br").status_code == 404


@pytest.mark.parametrize("codificacion", ["br", "gzip"])
def test_la_copia_de_un_guion_ajeno_es_el_guion(client: FlaskClient, codificacion: str) -> None:
    archivo = "vendor/htmx-2.0.11/htmx.min.js"
    recibido = pedir(client, f"/static/{archivo}", codificacion)
    assert DESCIFRAR[codificacion](recibido.data) == (ESTATICOS / archivo).read_bytes()
    assert comprimir(b"a" * 999, codificacion) == comprimir(b"a" * 999, codificacion)


@pytest.mark.parametrize("guion", [g for g in ESTATICOS.rglob("*.js") if "vendor" not in g.parts], ids=lambda g: g.name)
def test_un_guion_nuestro_viaja_sin_comentarios_ni_margenes_y_nada_mas(client: FlaskClient, guion: Path) -> None:
    original = guion.read_text()
    assert not [linea for linea in original.splitlines() if linea.count("`") % 2], (
        "a text of several lines would change"
    )
    assert "/*" not in original
    lineas = [linea.strip() for linea in original.splitlines()]
    esperado = [linea for linea in lineas if linea and not linea.startswith("//")]
    recibido = pedir(client, f"/static/{guion.relative_to(ESTATICOS)}", "br")
    assert brotli.decompress(recibido.data).decode().splitlines() == esperado


def reglas(hoja: str) -> list[str]:
    """What a style sheet says, piece by piece, whatever its comments and the blanks around its signs."""

    def piezas(nodos: list[Any]) -> Iterator[str]:
        for nodo in nodos:
            assert nodo.type != "error", nodo.message
            if nodo.type == "qualified-rule":
                yield from signos(nodo.prelude)
            elif nodo.type == "at-rule":
                yield from (nodo.lower_at_keyword, *signos(nodo.prelude))
            elif nodo.type == "declaration":
                yield from (nodo.name, *signos(nodo.value), str(nodo.important))
            if getattr(nodo, "content", None) is not None:
                yield "{"
                yield from piezas(
                    tinycss2.parse_blocks_contents(nodo.content, skip_comments=True, skip_whitespace=True)
                )
                yield "}"

    def signos(nodos: list[Any]) -> list[str]:
        partes = [" " if n.type == "whitespace" else n.serialize() for n in nodos if n.type != "comment"]
        return " ".join("".join(partes).split()).replace(", ", ",").replace(": ", ":").split(" ")

    return list(piezas(tinycss2.parse_stylesheet(hoja, skip_comments=True, skip_whitespace=True)))


def test_la_hoja_sin_adornos_dice_lo_mismo() -> None:
    hoja = (ESTATICOS / "portal.css").read_text()
    corta = sin_adornos(hoja, ".css")
    assert len(corta) < len(hoja) * 0.9
    assert "/*" not in corta
    assert reglas(corta) == reglas(hoja)
    assert reglas(hoja.replace(".tarjeta > :first", ".tarjeta >:last", 1)) != reglas(hoja), (
        "the comparison sees a change"
    )


@pytest.mark.parametrize(
    "texto", ['a::before{content:"a b  c"}', "a :hover{margin:0 auto}", "a{width:calc(1px + 2px)}"]
)
def test_lo_que_separa_algo_se_queda(texto: str) -> None:
    assert sin_adornos(texto, ".css") == texto
