"""The barcode says exactly what it was asked, and refuses what it cannot say."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from portal.documentos.codigo_barras import (
    ALTO_MODULOS,
    FNC1,
    MODULO_MM,
    CodigoRecaudo,
    cabe_en_codigo,
    digito_gs1,
    svg_codigo,
)
from tests.documentos.modelos import GLN

CONOCIDO = CodigoRecaudo(GLN, 238076, Decimal(1000), date(2024, 7, 24))
SVG = "{http://www.w3.org/2000/svg}"


def test_carga_y_linea_legible_del_recibo_conocido() -> None:
    assert CONOCIDO.carga == f"41577099980000018020{238076:010d}{FNC1}39000000001000{FNC1}9620240724"
    assert CONOCIDO.legible == "(415)7709998000001(8020)0000238076(3900)0000001000(96)20240724"


@pytest.mark.parametrize(
    "gln",
    [
        "7709998461239",
        "7709998928305",
        "7709998002449",
        "7709998000438",
        "7709998003392",
        "7709998003408",
        "7709998003415",
        "7709998571990",
        "7709998700758",
    ],
)
def test_digito_de_control_de_convenios_colombianos_conocidos(gln: str) -> None:
    assert digito_gs1(gln[:12]) == gln[12]


@given(cuerpo=st.from_regex(r"[0-9]{12}", fullmatch=True), sitio=st.integers(0, 11), suma=st.integers(1, 9))
def test_el_digito_de_control_descubre_todo_error_de_una_cifra(cuerpo: str, sitio: int, suma: int) -> None:
    cambiada = str((int(cuerpo[sitio]) + suma) % 10)
    alterado = cuerpo[:sitio] + cambiada + cuerpo[sitio + 1 :]
    assert digito_gs1(alterado) != digito_gs1(cuerpo)
    with pytest.raises(ValueError, match="check digit"):
        CodigoRecaudo(alterado + digito_gs1(cuerpo), 1, Decimal(1), date(2025, 1, 1))


@given(
    cuerpo=st.from_regex(r"[0-9]{12}", fullmatch=True),
    numero=st.integers(1, 10**10 - 1),
    valor=st.integers(1, 10**10 - 1),
    dia=st.dates(date(1990, 1, 1), date(2200, 12, 31)),
)
def test_un_lector_lee_los_mismos_datos(cuerpo: str, numero: int, valor: int, dia: date) -> None:
    codigo = CodigoRecaudo(cuerpo + digito_gs1(cuerpo), numero, Decimal(valor), dia)
    hallado = zxingcpp.read_barcode(_dibujar(str(svg_codigo(codigo))))
    assert hallado is not None
    assert hallado.symbology_identifier == "]C1"
    assert bytes(hallado.bytes).decode() == codigo.carga.replace(FNC1, "\x1d")
    partes = bytes(hallado.bytes).decode().split("\x1d")
    assert partes == [f"415{codigo.gln}8020{numero:010d}", f"3900{valor:010d}", f"96{dia:%Y%m%d}"]


def _dibujar(svg: str) -> Image.Image:
    """The symbol at two pixels a module, from the rectangles of its own path."""
    raiz = ElementTree.fromstring(svg)
    _, _, ancho, alto = (int(n) for n in raiz.attrib["viewBox"].split())
    imagen = Image.new("L", (ancho * 2, alto * 2), 255)
    trazo = raiz.find(f"{SVG}path")
    assert trazo is not None
    for barra in trazo.attrib["d"].removesuffix("z").split("z"):
        x, resto = barra.removeprefix("M").split(" 0h", 1)
        grueso = int(resto.split("v", 1)[0])
        caja = (int(x) * 2, 0, (int(x) + grueso) * 2 - 1, alto * 2)
        ImageDraw.Draw(imagen).rectangle(caja, fill=0)
    return imagen


@pytest.mark.parametrize("valor", ["0", "-1", "1000.50", "0.01", "10000000000", "NaN", "Infinity", "sNaN"])
def test_no_codifica_lo_que_la_ventanilla_no_puede_cobrar(valor: str) -> None:
    assert not cabe_en_codigo(Decimal(valor))
    with pytest.raises(ValueError, match="whole pesos"):
        CodigoRecaudo(GLN, 238076, Decimal(valor), date(2024, 7, 24))


@pytest.mark.parametrize("numero", [0, -1, 10**10])
def test_no_codifica_una_factura_que_no_cabe(numero: int) -> None:
    with pytest.raises(ValueError, match="reference"):
        CodigoRecaudo(GLN, numero, Decimal(1000), date(2024, 7, 24))


@pytest.mark.parametrize("gln", ["", "770999800000", "77099980000011", "770999800000A", "٧٧٠٩٩٩٨٠٠٠٠٠١"])
def test_no_codifica_un_convenio_mal_escrito(gln: str) -> None:
    with pytest.raises(ValueError, match="GLN"):
        CodigoRecaudo(gln, 238076, Decimal(1000), date(2024, 7, 24))


def test_el_dibujo_es_un_trazo_sin_estilos_con_titulo_y_zonas_mudas() -> None:
    svg = str(svg_codigo(CONOCIDO))
    raiz = ElementTree.fromstring(svg)
    assert [hijo.tag for hijo in raiz] == [f"{SVG}title", f"{SVG}path"]
    assert "style" not in svg
    assert raiz[0].text == f"Código de barras {CONOCIDO.legible}"
    ancho, alto = Decimal(raiz.attrib["width"][:-2]), Decimal(raiz.attrib["height"][:-2])
    # 27 pairs of digits, three FNC1, start and check at 11 modules, stop at 13, and two quiet zones of ten.
    assert raiz.attrib["viewBox"] == f"0 0 {32 * 11 + 13 + 20} {ALTO_MODULOS}"
    assert ancho == (32 * 11 + 13 + 20) * MODULO_MM
    assert Decimal("0.25") <= MODULO_MM
    assert alto >= 15
    assert raiz[1].attrib["d"].startswith("M10 0h")
