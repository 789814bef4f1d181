"""A document said in fewer bytes is the same one: what is seen, copied and heard, against the same document as it comes."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from portal.documentos import ligero, pdf, prensa
from portal.documentos.liquidacion import pdf_liquidacion
from portal.documentos.pdf import Adjunto, generar_pdf
from portal.models import Liquidacion
from tests.documentos.lectura import codigos_de_barras, codigos_qr, etiquetas, paginas, texto
from tests.documentos.modelos import GLN, URL, Oficina, contrato

MAXIMO = 20 * 1024
SEIS = (
    ("Estampilla Pro-Desarrollo Departamental", "2 % = $938.229,98", 938_000),
    ("Estampilla Pro-Electrificación Rural", "0,2 % = $93.822,998", 94_000),
    ("Estampilla Pro-Hospitales Universitarios de Cundinamarca", "2 % = $938.229,98", 938_000),
    ("Estampilla Pro-Cultura", "1 % = $469.114,99", 469_000),
    ("Estampilla Pro-Desarrollo de la Universidad de Cundinamarca (UDEC)", "1,5 % = $703.672,485", 704_000),
    ("Estampilla para el Bienestar del Adulto Mayor", "2 % = $938.229,98", 938_000),
)
DE_TODO = """<html lang="es"><title>Título con ñ</title><body data-pie="Pie" class="x">
<p class="aviso aviso-demo">Demostración</p><header class="membrete"><div><p><strong>Uno</strong> y dos</p></div></header>
<h1>Título</h1>suelto <em>y suelto</em><p>漢 çŁő <a href="#fin">enlace</a> <span lang="en">span</span> WAVE AT</p>
<table><caption>De qué</caption><thead><tr><th scope="col" rowspan="2">A<th scope="col" colspan="2">B</tr></thead>
<tr><th scope="row">1<td>2<td rowspan="2"><ul><li>3<ul><li>4</ul></ul></tr><tr><th scope="row">5<td></tr></table>
<div style="opacity: 0.5"><p>claro</p></div><h2 id="fin" style="break-before: page">Fin</h2><p>otra hoja"""


class _AquiMismo:
    """The press in this process, where its last step can be taken away."""

    def imprimir(self, html: str, adjuntos: Sequence[Adjunto] = ()) -> bytes:
        return prensa.componer(html, [(a.nombre, a.descripcion, a.contenido) for a in adjuntos])


def de_seis() -> Liquidacion:
    una = contrato(tuple(valor for *_, valor in SEIS), provisional=False)
    for factura, (nombre, cuenta, valor) in zip(una.facturas, SEIS, strict=True):
        factura.estampilla_nombre, factura.norma = nombre, "Ordenanza 039 de 2020, art. 302"
        factura.explicacion = (
            f"$46.911.499 (el valor del contrato antes de IVA) × {cuenta}, redondeado al mil más cercano: ${valor}."
        )
    return una


def imprimir_seis() -> bytes:
    return pdf_liquidacion(de_seis(), departamento=Oficina(), gln=GLN, url=URL, demostracion=True)


def imprimir_de_todo() -> bytes:
    return generar_pdf(DE_TODO, [Adjunto("datos.json", "Los datos", b"[<41>0<42>] TJ")])


def test_la_liquidacion_de_seis_estampillas_pesa_a_lo_sumo_20_kb() -> None:
    documento = imprimir_seis()
    assert len(documento) <= MAXIMO
    assert len(codigos_de_barras(documento, 150)) == len(SEIS)
    assert codigos_qr(documento, 150) == [URL]
    with pikepdf.open(BytesIO(documento)) as abierto, abierto.open_metadata() as metadatos:
        assert (metadatos["pdfaid:part"], metadatos["pdfaid:conformance"]) == ("3", "A")
        assert all(b">0<" not in pagina.Contents.read_bytes() for pagina in abierto.pages), "kernings of zero"


@pytest.mark.parametrize("imprimir", [imprimir_seis, imprimir_de_todo])
def test_se_ve_se_copia_y_se_escucha_lo_mismo(imprimir: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_archivo", _AquiMismo())
    aligerado = imprimir()
    monkeypatch.setattr(ligero, "aligerar", lambda documento, pdf: None)
    como_viene = imprimir()
    assert len(aligerado) < 0.9 * len(como_viene)
    assert _dibujo(aligerado) == _dibujo(como_viene)
    assert texto(aligerado) == texto(como_viene)
    with pikepdf.open(BytesIO(aligerado)) as uno, pikepdf.open(BytesIO(como_viene)) as otro:
        assert uno.check_pdf_syntax() == []
        assert list(_escuchado(uno)) == list(_escuchado(otro))
        _cada_letra_sabe_de_quien_es(uno)
        assert _alrededor(uno) == _alrededor(otro)


def _dibujo(documento: bytes) -> list[bytes]:
    return [pagina.tobytes() for pagina in paginas(documento, 150)]


def _escuchado(documento: pikepdf.Pdf) -> Iterator[tuple[object, ...]]:
    """How deep, what, with which description and headings, and which contents, in reading order; wrappers are transparent."""
    hojas = {pagina.objgen: numero for numero, pagina in enumerate(documento.pages)}

    def recorrer(nodo: Any, hondo: int, hoja: int | None) -> Iterator[tuple[object, ...]]:
        hoja = hojas[nodo.Pg.objgen] if "/Pg" in nodo else hoja
        if str(nodo.S) not in ("/Span", "/NonStruct"):
            yield hondo, str(nodo.S), *(str(nodo.get(que, "")) for que in ("/Alt", "/A", "/ID"))
            hondo += 1
        for hijo in nodo.get("/K", []):
            if isinstance(hijo, int):
                yield hondo, hoja, hijo
            elif "/S" in hijo:
                yield from recorrer(hijo, hondo, hoja)
            else:
                yield hondo, str(hijo.Obj.A.S if "/A" in hijo.Obj else hijo.Obj.Dest)

    for nodo in documento.Root.StructTreeRoot.K:
        yield from recorrer(nodo, 0, None)


def _cada_letra_sabe_de_quien_es(documento: pikepdf.Pdf) -> None:
    """Whoever points at a letter is told the element that holds it, which is the one of the structure."""
    numeros = documento.Root.StructTreeRoot.ParentTree.Nums
    # After the pages come the links, which have no letters.
    por_hoja = {hoja.objgen: elementos for hoja, elementos in zip(documento.pages, numeros[1::2], strict=False)}
    for elemento in etiquetas(documento):
        for hijo in elemento.get("/K", []):
            if isinstance(hijo, int):
                assert por_hoja[elemento.Pg.objgen][hijo].objgen == elemento.objgen


def _alrededor(documento: pikepdf.Pdf) -> tuple[object, ...]:
    with documento.open_outline() as indice:
        titulos = [entrada.title for entrada in indice.root]
    adjuntos = {nombre: adjunto.get_file().read_bytes() for nombre, adjunto in documento.attachments.items()}
    enlaces = [len(pagina.get("/Annots", [])) for pagina in documento.pages]
    return titulos, adjuntos, enlaces, str(documento.docinfo.Title), str(documento.Root.Lang)


def test_solo_se_absorbe_lo_que_no_dice_nada_de_su_hoja() -> None:
    parrafo = {"S": "/P", "Pg": b"7 0 R"}
    envoltura = {"Type": "/StructElem", "S": "/Span", "K": [0], "Pg": b"7 0 R", "P": b"9 0 R"}
    assert ligero._sobra(envoltura, parrafo)
    assert not ligero._sobra(envoltura | {"Lang": "(en)"}, parrafo)
    assert not ligero._sobra(envoltura, parrafo | {"Pg": b"8 0 R"})
    assert ligero._sobra(envoltura | {"K": [b"12 0 R"]}, parrafo | {"Pg": b"8 0 R"})
    assert not ligero._sobra(envoltura | {"S": "/Div"}, parrafo)


def test_las_letras_se_dicen_por_rangos_que_no_pasan_de_su_ultimo_byte() -> None:
    letras = {0xFE: "01fe", 0xFF: "01ff", 0x100: "0200", 0x101: "0201", 0x102: "0066006c", 0x103: "d83dde00"}
    assert list(ligero._rangos(letras)) == [
        b"4 beginbfrange",
        b"<00fe> <00ff> <01fe>",
        b"<0100> <0101> <0200>",
        b"<0102> <0102> <0066006c>",
        b"<0103> <0103> <d83dde00>",
        b"endbfrange",
    ]
    assert b"100 beginbfrange" in list(ligero._rangos({2 * glifo: "0041" for glifo in range(101)}))
