"""The printing press: archival structure, equal bytes, nothing fetched whatever the fields say, no bomb."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import weasyprint.pdf
from PIL import Image, ImageCms

from portal.documentos import pdf, prensa
from portal.documentos.comprobante import pdf_comprobante
from portal.documentos.liquidacion import pdf_liquidacion
from portal.documentos.pdf import MAXIMO_CARACTERES, MAXIMO_PALABRA, generar_pdf
from portal.dominio.errores import DocumentoImposible
from portal.models import Liquidacion, SinEfecto
from tests.documentos.lectura import etiquetas, texto
from tests.documentos.modelos import EMITIDA, GLN, URL, URL_PAGO, Oficina, contrato, pago, tramite

# Red, green, blue and grey.
COLORES = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1))
SECRETO = "file:///etc/passwd"
ATAQUES = (
    '<img src="http://169.254.169.254/latest">',
    f'<a rel="attachment" href="{SECRETO}">x</a>',
    f'<link rel="attachment" href="{SECRETO}">',
    f'<link rel="stylesheet" href="{SECRETO}">',
    f'<object data="{SECRETO}"></object><embed src="{SECRETO}">',
    '"><style>@import url(http://203.0.113.1/a.css); body{background:url(http://203.0.113.1/b)}</style>',
    "<style>@font-face{font-family:x;src:url(file:///etc/hosts)} *{font-family:x}</style>",
    '<svg><use href="http://203.0.113.1/s.svg#a"/><image href="file:///etc/hosts"/></svg>',
    '</title></head><body><img src="data:image/svg+xml,<svg/>">',
    '" data-pie="x" style="background:url(http://203.0.113.1/c)',
    "{{ 7*7 }}${7*7}#{7*7}<%= 7*7 %>",
    "' OR 1=1--%s%n\r\nSet-Cookie: a=b",
)


class AquiMismo:
    """The press in this process, where it can be watched."""

    def imprimir(self, html: str, adjuntos: Sequence[pdf.Adjunto] = ()) -> bytes:
        return prensa.componer(html, [(a.nombre, a.descripcion, a.contenido) for a in adjuntos])


class Vigia:
    """Counts what the press asks for, and what the interpreter opens or connects to while it prints."""

    def __init__(self) -> None:
        self.pedidos: list[str] = []
        self.abiertos: list[str] = []
        self.mirando = False

    def auditar(self, suceso: str, datos: tuple[object, ...]) -> None:
        if self.mirando and suceso.startswith(("socket.", "urllib.")):
            self.abiertos.append(suceso)
        if self.mirando and suceso == "open" and str(datos[0]) in ("/etc/passwd", "/etc/hosts"):
            self.abiertos.append(str(datos[0]))


_vigia = Vigia()
# An audit hook stays for the life of the interpreter: one is installed, and it looks only while a test asks.
sys.addaudithook(_vigia.auditar)


@pytest.fixture
def vigia(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vigia]:
    monkeypatch.setattr(pdf, "_archivo", AquiMismo())
    generar_pdf("<p>lista</p>")  # fonts are read once, before anything is counted
    buscador = prensa.preparar().buscador
    original = type(buscador).fetch

    def contar(self: object, url: str, headers: object = None) -> object:
        _vigia.pedidos.append(url)
        return original(self, url, headers)

    monkeypatch.setattr(type(buscador), "fetch", contar)
    _vigia.pedidos, _vigia.abiertos, _vigia.mirando = [], [], True
    yield _vigia
    _vigia.mirando = False


def hostil(base: Liquidacion, ataque: str) -> Liquidacion:
    """The same liquidación with the attack in every text that a person or a rule can write."""
    campos = ("nombre", "documento", "direccion", "telefono", "correo", "acto_nombre", "numero_proceso", "objeto")
    for campo in (*campos, "emitida_por_nombre"):
        setattr(base, campo, ataque)
    if base.es_contrato:
        base.numero_contrato = ataque
    base.avisos = [ataque]
    for factura in base.facturas:
        factura.estampilla_nombre = factura.explicacion = factura.norma = factura.exencion = ataque
    base.sin_efecto = SinEfecto(en=EMITIDA, usuario_nombre=ataque, motivo=ataque)
    return base


@pytest.mark.parametrize("ataque", ATAQUES)
def test_un_campo_malicioso_es_texto_y_no_pide_nada(vigia: Vigia, ataque: str) -> None:
    oficina = Oficina(*(ataque for _ in range(8)))
    for base in (contrato((1000, 0)), tramite(), contrato(vigente=False)):
        documento = pdf_liquidacion(
            hostil(base, ataque), departamento=oficina, gln=GLN, url=URL + ataque, demostracion=True
        )
        assert _sin_adjuntos(documento)
    uno = pago(hostil(contrato(), ataque), nombre=ataque, ip=ataque, referencia=ataque, documento=ataque)
    uno.recaudos[0].cus = uno.recaudos[0].banco = ataque
    recibo = pdf_comprobante(uno, departamento=oficina, url=URL_PAGO + ataque)
    assert _sin_adjuntos(recibo)
    assert vigia.pedidos == []
    assert vigia.abiertos == []
    # Printed as it was written, but for where the lines break.
    assert "".join(ataque.split()) in "".join(texto(recibo).split())


def test_aunque_el_html_pidiera_algo_no_se_busca(vigia: Vigia) -> None:
    documento = generar_pdf(f"<html lang=es><title>x</title><body>{''.join(ATAQUES)}")
    assert len(vigia.pedidos) >= 8  # the control: these do ask, and are refused
    assert vigia.abiertos == []
    assert _sin_adjuntos(documento)
    assert "root:" not in texto(documento)


def _sin_adjuntos(documento: bytes) -> bool:
    with pikepdf.open(BytesIO(documento)) as abierto:
        return not abierto.attachments and b"/EmbeddedFile" not in documento and "/AF" not in abierto.Root


def test_es_un_pdf_a3_etiquetado_con_idioma_y_titulo() -> None:
    documento = pdf_liquidacion(contrato(), departamento=Oficina(), gln=GLN, url=URL, demostracion=True)
    with pikepdf.open(BytesIO(documento)) as abierto:
        assert abierto.check_pdf_syntax() == []
        assert abierto.Root.MarkInfo.Marked
        assert str(abierto.Root.Lang) == "es-CO"
        assert str(abierto.docinfo["/Title"]) == "Liquidación de estampillas N.º\u00a01024"
        assert str(abierto.docinfo["/Author"]) == "Gobernación del Putumayo"
        assert "/CreationDate" not in abierto.docinfo
        assert [str(i.S) for i in abierto.Root.OutputIntents] == ["/GTS_PDFA1"]
        with abierto.open_metadata() as metadatos:
            assert (metadatos["pdfaid:part"], metadatos["pdfaid:conformance"]) == ("3", "A")


def test_los_colores_significan_lo_mismo_que_con_el_perfil_de_siempre() -> None:
    de_siempre = ImageCms.ImageCmsProfile(BytesIO((files(weasyprint.pdf) / "sRGB2014.icc").read_bytes()))
    nuestro = ImageCms.ImageCmsProfile(BytesIO(prensa._COLORES.read_bytes()))
    muestra = Image.frombytes(
        "RGB", (256, 4), bytes(n * canal for color in COLORES for n in range(256) for canal in color)
    )
    vista = ImageCms.profileToProfile(muestra, de_siempre, nuestro)
    assert vista is not None
    assert vista.tobytes() == muestra.tobytes()


def test_quien_escucha_el_documento_recibe_titulo_tablas_y_descripciones() -> None:
    documento = pdf_liquidacion(contrato(), departamento=Oficina(), gln=GLN, url=URL, demostracion=True)
    with pikepdf.open(BytesIO(documento)) as abierto:
        halladas = etiquetas(abierto)
        nombres = [str(e.S) for e in halladas]
        descripciones = [str(e.Alt) for e in halladas if str(e.S) == "/Figure"]
    assert nombres.count("/H1") == 1
    assert nombres.count("/H2") == 1
    assert nombres.count("/Table") == 2
    assert descripciones[0] == "Código QR de la página de la liquidación 1024"
    assert [d.startswith("Código de barras (415)") for d in descripciones[1:]] == [True] * 3


def test_las_letras_van_dentro_del_documento() -> None:
    documento = pdf_liquidacion(
        contrato(nombre="Ñandú çŁő"), departamento=Oficina(), gln=GLN, url=URL, demostracion=True
    )
    lista = subprocess.run(["pdffonts", "-"], input=documento, capture_output=True, check=True).stdout.decode()
    filas = lista.splitlines()[2:]
    assert len(filas) == 2
    assert all("+Documento" in fila and " yes yes yes " in fila for fila in filas)
    assert "Ñandú çŁő" in texto(documento)


def test_varios_hilos_imprimen_lo_mismo_que_uno() -> None:
    paginas = [f"<html lang=es><title>{n}</title><body><h1>Hoja {n}</h1>" for n in range(8)]
    uno_a_uno = [generar_pdf(html) for html in paginas]
    # The press itself: what was just printed is otherwise given again.
    with ThreadPoolExecutor(4) as hilos:
        assert list(hilos.map(pdf._archivo.imprenta.imprimir, paginas)) == uno_a_uno
    assert len(set(uno_a_uno)) == 8


def test_otro_proceso_imprime_los_mismos_bytes(tmp_path: Path) -> None:
    html = "<html lang=es><title>x</title><body><h1>Estampillas</h1><p>Ñ $1.000"
    (tmp_path / "pagina.html").write_text(html, encoding="utf-8")
    guion = (
        "import sys; from pathlib import Path; from portal.documentos.pdf import generar_pdf;"
        "sys.stdout.buffer.write(generar_pdf(Path(sys.argv[1]).read_text(encoding='utf-8')))"
    )
    orden = [sys.executable, "-c", guion, str(tmp_path / "pagina.html")]
    assert subprocess.run(orden, capture_output=True, check=True).stdout == generar_pdf(html)


def test_importar_los_documentos_no_carga_la_imprenta() -> None:
    guion = (
        "import sys, portal.documentos.liquidacion, portal.documentos.comprobante; print('weasyprint' in sys.modules)"
    )
    orden = [sys.executable, "-c", guion]
    assert subprocess.run(orden, capture_output=True, check=True).stdout == b"False\n"


@pytest.mark.parametrize(
    "bomba",
    ["x " * (MAXIMO_CARACTERES // 2 + 1), "W" * (MAXIMO_PALABRA + 1), "W\u00a0" * MAXIMO_PALABRA, "<div>" * 400 + "x"],
    ids=["enorme", "palabra interminable", "palabra con espacios duros", "anidado"],
)
def test_un_documento_desmedido_se_rechaza_y_la_imprenta_sigue(bomba: str) -> None:
    with pytest.raises(DocumentoImposible):
        generar_pdf(f"<p>{bomba}")
    assert generar_pdf("<p>sigue").startswith(b"%PDF-1.7")


def test_el_campo_mas_largo_y_peor_escapado_cabe() -> None:
    una = contrato(objeto="'" * 1000)
    assert pdf_liquidacion(una, departamento=Oficina(), gln=GLN, url=URL, demostracion=True).startswith(b"%PDF")


def test_doscientas_estampillas_caben_en_el_limite() -> None:
    una = contrato((1000,) * 200)
    assert pdf_liquidacion(una, departamento=Oficina(), gln=GLN, url=URL, demostracion=True).startswith(b"%PDF")
