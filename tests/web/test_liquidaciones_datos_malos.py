"""Bad input at the officer's form: 422, a Spanish sentence beside the field, what was typed kept, nothing stored."""

import html
from typing import Any

import pytest
from sqlalchemy import select

from portal.db import db
from portal.models import Liquidacion
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_liquidar import CONTRATO, HX, NUEVA, TRAMITE, cuantas, emitir, paso

pytestmark = [pytest.mark.dos_motores, pytest.mark.usefixtures("dia_con_valores")]

SELECTOS = ("tipo_documento", "clase", "tipo_contrato")
MALOS: list[tuple[str, str, str]] = [
    # B-01 … B-04: amounts
    *(
        ("valor", v, "Escriba el valor en pesos")
        for v in (
            "NaN",
            "sNaN",
            "Infinity",
            "1e400",
            "1e11",
            "0x10",
            "1_000",
            "1,423,500",
            "1000.50",
            "-1",
            "١٢٣",
            "１２３",
            "9" * 5000,
            "mil",
        )
    ),
    ("valor", "1.000.000.000.000.001", "demasiado grande"),
    ("valor", "0", "mayor que cero"),
    ("valor", "0,00", "mayor que cero"),
    ("valor", "", "Escriba este dato: Valor del contrato."),
    # B-06: documents
    ("documento", "901805364-9", "El dígito de verificación no corresponde"),
    ("documento", "9018053641x", "Escriba el NIT solo con números"),
    ("documento", "0001", "Escriba el NIT solo con números"),
    ("documento", "1", "Escriba el NIT solo con números"),
    ("documento", "1" * 40, "Use máximo 25 caracteres"),
    ("documento", "", "Escriba este dato: Número de documento."),
    ("contratante_nit", "800.000.000-9x", "Escriba el NIT solo con números"),
    # B-07: texts
    ("nombre", "x" * 161, "Use máximo 160 caracteres"),
    ("nombre", "x" * 10_000, "Use máximo 160 caracteres"),
    ("nombre", "pru\u202eeba", "caracteres que no se pueden usar"),
    ("nombre", "pru\u200beba", "caracteres que no se pueden usar"),
    ("nombre", "e" + "\u0301" * 1000, "Use máximo 160 caracteres"),
    ("nombre", "e" + "\u0301" * 50, "caracteres que no se pueden usar"),
    ("nombre", "   ", "Escriba este dato: Nombre del contratista."),
    ("objeto", "x" * 1001, "Use máximo 1000 caracteres"),
    ("objeto", "", "Escriba este dato: Objeto."),
    ("contratante", "x" * 161, "Use máximo 160 caracteres"),
    ("direccion", "x" * 161, "Use máximo 160 caracteres"),
    ("telefono", "no tengo", "Escriba el teléfono solo con números"),
    ("correo", "prueba@", "Escriba un correo electrónico"),
    ("correo", "a@b.co\r\nBcc: x@y.co", "Escriba un correo electrónico"),
    ("numero_proceso", "x" * 61, "Use máximo 60 caracteres"),
    ("numero_contrato", "647' OR 1=1--", "Escriba el número del contrato"),
    ("numero_contrato", "6%", "Escriba el número del contrato"),
    ("numero_contrato", "9" * 41, "Escriba el número del contrato"),
    # B-09: dates
    *(
        ("fecha_contrato", f, "Escriba una fecha que exista")
        for f in ("2025-02-31", "31/02/2025", "0000-01-01", "2025-1-1", "ayer", "1899-01-01", "２０２５-01-01")
    ),
    ("fecha_contrato", "9999-12-31", "no puede ser futura"),
    ("fecha_contrato", "2025-06-25", "no puede ser futura"),
    ("fecha_contrato", "2001-01-01", "no está vigente el 1 de enero de 2001"),
    # B-10: lists
    ("tipo_documento", "XX", "opción"),
    ("clase", "marciano", "opción"),
    ("tipo_contrato", "x", "opción"),
    ("tipo_contrato", "", "Elija el tipo de contrato."),
    # A company does not have a cédula.
    ("tipo_documento", "CC", "NIT"),
]


def test_cada_dato_malo_se_rechaza_junto_a_su_campo_y_se_conserva(rentas: ClienteEstricto) -> None:
    for campo, malo, frase in MALOS:
        caso = f"{campo}={malo[:40]!r}"
        respuesta = paso(rentas, "P-C-02", "revisar", CONTRATO | {campo: malo})
        assert respuesta.status_code == 422, caso
        pagina = html.unescape(respuesta.text)
        assert "Hay un problema" in pagina, caso
        assert frase in pagina, caso
        assert "<title>Error: " in pagina, caso
        if campo not in SELECTOS and "\r" not in malo:
            assert malo in pagina, f"{caso} was typed and must stay"
    assert cuantas() == 0


def test_los_mismos_datos_malos_no_tumban_el_calculo(rentas: ClienteEstricto) -> None:
    for campo, malo, _ in MALOS:
        respuesta = paso(rentas, "P-C-02", "calculo", CONTRATO | {campo: malo}, headers=HX)
        assert respuesta.status_code in (200, 422), f"{campo}={malo[:40]!r}"
        assert respuesta.text.startswith('<section id="calculo"')


@pytest.mark.parametrize("valor", ["46911499", "46.911.499", "$ 46.911.499", "46.911.499,00", "46 911 499"])
def test_las_formas_colombianas_de_escribir_un_valor_son_el_mismo(rentas: ClienteEstricto, valor: str) -> None:
    assert "Emitir liquidación por $470.000" in paso(rentas, "P-C-02", "revisar", CONTRATO | {"valor": valor}).text


def test_la_fecha_se_puede_escribir_a_la_colombiana(rentas: ClienteEstricto) -> None:
    pagina = paso(rentas, "P-C-02", "revisar", CONTRATO | {"fecha_contrato": "03/02/2025"}).text
    assert "3 de febrero de 2025" in pagina


@pytest.mark.parametrize(
    "texto",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "{{7*7}}",
        "${7*7}",
        "' OR 1=1--",
        "%s%n",
        "Ñandú 🌱",
    ],
)
def test_un_texto_raro_se_guarda_tal_cual_y_se_muestra_sin_efecto(rentas: ClienteEstricto, texto: str) -> None:
    """B-08; the strict client also refuses any page with a live script or handler."""
    direccion = emitir(rentas, "P-C-02", CONTRATO | {"nombre": texto, "objeto": texto})
    una = db.session.scalars(select(Liquidacion)).one()
    assert (una.nombre, una.objeto) == (texto, texto)
    for pagina in (direccion, "/gestion/liquidaciones", "/gestion", f"/liquidacion/{una.codigo}"):
        assert html.escape(texto) in rentas.get(pagina).text.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


@pytest.mark.parametrize("otro", [{"acto": "N-U-01"}, {"variante": "primer_renglon"}])
def test_un_campo_que_el_acto_no_tiene_se_ignora(rentas: ClienteEstricto, otro: dict[str, Any]) -> None:
    respuesta = paso(rentas, "P-T-01", "revisar", TRAMITE | otro)
    assert respuesta.status_code == 200
    assert "Emitir liquidación por $9.000" in respuesta.text


def test_un_dato_repetido_o_con_bytes_de_control_se_rechaza(rentas: ClienteEstricto) -> None:
    assert paso(rentas, "P-T-01", "revisar", TRAMITE | {"nombre": ["a", "b"]}).status_code == 422
    for control in ("\x00", "\x01", "\x1f", "\x7f"):
        respuesta = paso(rentas, "P-T-01", "revisar", TRAMITE | {"nombre": f"a{control}b"})
        assert respuesta.status_code == 422
        assert "caracteres que no se pueden leer" in respuesta.text


def test_sin_token_no_se_emite(rentas: ClienteEstricto) -> None:
    assert rentas.post(f"{NUEVA}/P-T-01/emitir", data=TRAMITE).status_code == 400
    assert cuantas() == 0
