"""The barcode says exactly what it was asked, and refuses what it cannot say."""

import re
from datetime import date
from decimal import Decimal

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from portal.documentos.codigo_barras import (
    ALTO_MODULOS,
    FNC1,
    CodigoRecaudo,
    barras_codigo,
    cabe_en_codigo,
    digito_gs1,
)
from portal.documentos.prensa import MODULO_MM, componer
from portal.documentos.qr import qr_impreso
from tests.documentos.lectura import codigos_qr, paginas
from tests.documentos.modelos import GLN, URL

CONOCIDO = CodigoRecaudo(GLN, 238076, Decimal(1000), date(2024, 7, 24))
IMAGEN = re.compile(r'<img class="([a-z-]+)" alt="([^"]+)" src="modulos:(\d+)x(\d+):([0-9a-f]+)">')


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
    hallado = zxingcpp.read_barcode(_dibujar(str(barras_codigo(codigo))))
    assert hallado is not None
    assert hallado.symbology_identifier == "]C1"
    assert bytes(hallado.bytes).decode() == codigo.carga.replace(FNC1, "\x1d")
    partes = bytes(hallado.bytes).decode().split("\x1d")
    assert partes == [f"415{codigo.gln}8020{numero:010d}", f"3900{valor:010d}", f"96{dia:%Y%m%d}"]


def _dibujar(imagen: str) -> Image.Image:
    """The symbol at two pixels a module, from the bits of its own address."""
    dicho = IMAGEN.fullmatch(imagen)
    assert dicho is not None
    ancho, alto = int(dicho[3]), int(dicho[4])
    fila = Image.new("L", (ancho, 1))
    fila.putdata([0 if bit == "1" else 255 for bit in f"{int(dicho[5], 16):0{ancho}b}"])
    return fila.resize((ancho * 2, alto * 2), Image.Resampling.NEAREST)


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


def test_el_simbolo_tiene_sus_modulos_sus_zonas_mudas_y_su_descripcion() -> None:
    dicho = IMAGEN.fullmatch(str(barras_codigo(CONOCIDO)))
    assert dicho is not None
    # 27 pairs of digits, three FNC1, start and check at 11 modules, stop at 13, and two quiet zones of ten.
    assert dicho.group(1, 2, 3, 4) == (
        "codigo-barras",
        f"Código de barras {CONOCIDO.legible}",
        str(32 * 11 + 13 + 20),
        str(ALTO_MODULOS),
    )
    bits = f"{int(dicho[5], 16):0{int(dicho[3])}b}"
    assert bits.startswith("0" * 10 + "11010011100" + "11110101110")
    assert bits.endswith("1100011101011" + "0" * 10)


def test_el_simbolo_se_imprime_en_su_tamano() -> None:
    assert MODULO_MM >= 0.25
    hoja = f"<html lang=es><title>x</title><body>{barras_codigo(CONOCIDO)}"
    pagina = paginas(componer(hoja), 600)[0]
    # But for the foot of the page nothing else is black; at 600 dpi each module is six dots.
    negro = ImageOps.invert(pagina.crop((0, 0, pagina.width, pagina.height // 2))).getbbox()
    assert negro is not None
    izquierda, arriba, derecha, abajo = negro
    assert derecha - izquierda == pytest.approx(6 * (32 * 11 + 13), abs=1)
    assert abajo - arriba == pytest.approx(6 * ALTO_MODULOS, abs=1)


def test_un_texto_que_parece_un_dibujo_es_texto() -> None:
    hoja = f"<html lang=es><title>x</title><body>{qr_impreso(URL, titulo='QR')}<p>modulos:9x9:ffff modulos:999x1:0"
    hoja += 'qr:ff "qr:6161" qr:0 src=qr:61'
    assert codigos_qr(componer(hoja), 150) == [URL]
