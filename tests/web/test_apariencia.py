"""The accessibility bar: what a visitor chose is on the next first paint, and it sends nobody away from the portal."""

from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.apariencia import COOKIE, LETRA_MAXIMA, LETRA_MINIMA
from portal.web.departamento import leer_departamento
from portal.web.temas import TEMAS, colores, hoja, pares

DEPARTAMENTOS = ("putumayo", "narino", "cundinamarca")


def luminancia(color: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    canales = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    lineales = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canales]
    return 0.2126 * lineales[0] + 0.7152 * lineales[1] + 0.0722 * lineales[2]


def contraste(a: str, b: str) -> float:
    claro, oscuro = sorted((luminancia(a), luminancia(b)), reverse=True)
    return (claro + 0.05) / (oscuro + 0.05)


def test_el_contraste_se_mide_como_dice_la_norma() -> None:
    assert contraste("#000000", "#ffffff") == pytest.approx(21)
    assert contraste("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("departamento", "tema"), [*product(DEPARTAMENTOS, TEMAS)])
def test_todo_texto_se_distingue_de_su_fondo_en_los_tres_temas(departamento: str, tema: str) -> None:
    tabla = colores(leer_departamento(departamento).tema)[tema]
    texto, forma = (7, 4.5) if tema == "contraste" else (4.5, 3)
    pobres = [
        (a, b, round(contraste(tabla[a], tabla[b]), 2))
        for clase, minimo in (("texto", texto), ("forma", forma))
        for a, b in pares()[clase]
        if contraste(tabla[a], tabla[b]) < minimo
    ]
    assert pobres == []


def test_la_hoja_respeta_al_equipo_mientras_nadie_elija_y_al_papel_siempre() -> None:
    texto = hoja({})
    oscuro = texto.split("@media (prefers-color-scheme:dark){")[1]
    assert oscuro.startswith(":root:not([data-tema]){color-scheme:dark;")
    assert texto.rsplit("@media print{", 1)[1].startswith(":root,:root[data-tema]{color-scheme:light;")


def test_un_color_que_no_existe_no_pasa_callado() -> None:
    with pytest.raises(KeyError, match="amarillo"):
        hoja({"amarillo": "#ffff00"})


def test_la_hoja_se_guarda_para_siempre_en_una_direccion_que_cambia_con_ella(client: FlaskClient) -> None:
    pagina = client.get("/ayuda").text
    direccion = pagina.split('rel="stylesheet" href="')[1].split('"')[0]
    respuesta = client.get(direccion)
    assert direccion.startswith("/colores.css?v=")
    assert respuesta.mimetype == "text/css"
    assert "immutable" in respuesta.headers["Cache-Control"]
    assert "--azul:" in respuesta.text


def test_lo_elegido_esta_en_la_primera_pintura_de_la_siguiente_pagina(client: FlaskClient) -> None:
    assert "data-tema" not in client.get("/ayuda").text.split(">", 2)[1]
    ida = client.get("/apariencia?tema=contraste&volver=/ayuda")
    assert (ida.status_code, ida.location) == (303, "/ayuda")
    client.get("/apariencia?letra=2&volver=/ayuda")
    assert '<html lang="es-CO" data-tema="contraste" data-letra="2">' in client.get("/ayuda").text
    client.get("/apariencia?tema=&letra=0&volver=/ayuda")
    assert '<html lang="es-CO">' in client.get("/ayuda").text


def test_la_galleta_no_la_lee_ningun_guion_ni_viaja_a_otro_sitio(client: FlaskClient) -> None:
    galleta = client.get("/apariencia?tema=oscuro").headers["Set-Cookie"]
    assert galleta.startswith(f"{COOKIE}=oscuro.0;")
    assert "HttpOnly" in galleta
    assert "SameSite=Lax" in galleta


@pytest.mark.parametrize(
    ("pedido", "queda"),
    [
        ("tema=rosado&letra=2", 'data-letra="2"'),
        ("letra=99", f'data-letra="{LETRA_MAXIMA}"'),
        ("letra=-99", f'data-letra="{LETRA_MINIMA}"'),
        ("letra=hola", ""),
        ("tema=oscuro", 'data-tema="oscuro"'),
    ],
)
def test_lo_que_nadie_ofrece_no_cambia_nada(client: FlaskClient, pedido: str, queda: str) -> None:
    client.get(f"/apariencia?{pedido}")
    cabeza = client.get("/ayuda").text.split("<head>")[0]
    assert queda in cabeza
    assert "rosado" not in cabeza


@pytest.mark.parametrize("galleta", ["", ".", "oscuro", "x.y.z", 'oscuro."><script>', "contraste." + "9" * 4000])
def test_una_galleta_danada_deja_la_pagina_en_pie(app: Flask, galleta: str) -> None:
    cliente = app.test_client()
    cliente.set_cookie(COOKIE, galleta)
    respuesta = cliente.get("/ayuda")
    assert respuesta.status_code == 200
    assert "<script>" not in respuesta.text.split("<head>")[0]


@pytest.mark.parametrize(
    "fuera",
    [
        "https://otro.test/",
        "//otro.test",
        "/\\otro.test",
        "otro.test",
        "/no-existe",
        "/salir",
        "",
        "/ayuda#x",
        "/ayuda\t",
    ],
)
def test_la_barra_no_manda_a_nadie_fuera_del_portal(client: FlaskClient, fuera: str) -> None:
    assert client.get("/apariencia", query_string={"tema": "oscuro", "volver": fuera}).location == "/"


def test_se_vuelve_con_los_filtros_que_la_pagina_tenia(client: FlaskClient) -> None:
    volver = "/consulta?tipo_pago=contrato&vigencia=2025"
    assert client.get("/apariencia", query_string={"letra": "1", "volver": volver}).location == volver


def test_un_guion_recibe_la_barra_sola_con_lo_que_quedo(client: FlaskClient) -> None:
    respuesta = client.get("/apariencia?tema=oscuro&letra=1&volver=/ayuda", headers={"HX-Request": "true"})
    assert respuesta.status_code == 200
    assert respuesta.text.lstrip().startswith("<form")
    assert 'data-tema="oscuro" data-letra="1"' in respuesta.text
    assert 'name="letra" value="2"' in respuesta.text
