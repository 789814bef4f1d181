"""Files as people and attackers send them: a good one gives its cells, any other one sentence in Spanish."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documentos.libro import Hoja, escribir_csv, escribir_xlsx
from portal.operaciones.lotes.archivo import MAXIMO_COLUMNAS, ArchivoIlegible, Limites, Tabla, leer_tabla
from tests.lotes import contratos, csv_de, xlsx_de, xlsx_de_celdas

LIMITES = Limites(filas=100, bytes=2 * 1024**2)
HOJA_MINIMA = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def leer(contenido: bytes) -> Tabla:
    return leer_tabla(contenido, LIMITES)


def rehacer(contenido: bytes, cambiar: Callable[[str, bytes], bytes | None], **otras: bytes) -> bytes:
    """The same book with some parts changed, dropped (None) or added."""
    salida = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contenido)) as viejo, zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as nuevo:
        for nombre in viejo.namelist():
            datos = cambiar(nombre, viejo.read(nombre))
            if datos is not None:
                nuevo.writestr(nombre, datos)
        for nombre, datos in otras.items():
            nuevo.writestr(nombre, datos)
    return salida.getvalue()


def con_hoja(celdas: str) -> bytes:
    """A book whose only sheet has this XML."""
    hoja = HOJA_MINIMA.format(celdas).encode()
    return rehacer(xlsx_de(contratos(1)), lambda n, d: hoja if n.startswith("xl/worksheets/") else d)


def con_textos(textos: str, celdas: str) -> bytes:
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    partes = {
        "xl/sharedStrings.xml": f"<sst {ns}>{textos}</sst>".encode(),
        "xl/worksheets/sheet1.xml": HOJA_MINIMA.format(celdas).encode(),
    }
    return rehacer(xlsx_de(contratos(1)), lambda n, d: partes.get(n, d))


def mentiroso(declarado: int, real: int) -> bytes:
    """A book with a part that unfolds into `real` bytes and declares another size, with the checksum of what it declares."""
    relleno = b"0" * real
    libro = bytearray(rehacer(xlsx_de(contratos(1)), lambda _, d: d, **{"xl/worksheets/sheet9.xml": relleno}))
    for marca, crc, tamano in ((b"PK\x03\x04", 14, 22), (b"PK\x01\x02", 16, 24)):
        donde = libro.rindex(marca)
        struct.pack_into("<I", libro, donde + crc, zlib.crc32(relleno[:declarado]))
        struct.pack_into("<I", libro, donde + tamano, declarado)
    return bytes(libro)


def doble() -> bytes:
    salida = io.BytesIO(xlsx_de(contratos(1)))
    with zipfile.ZipFile(salida, "a") as archivo, pytest.warns(UserWarning, match="Duplicate name"):
        archivo.writestr("xl/workbook.xml", b"<workbook/>")
    return salida.getvalue()


BUENO = xlsx_de(contratos(3))
BOMBA = b"<worksheet><sheetData>" + b" " * 60_000_000 + b"</sheetData></worksheet>"
DTD = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
MALOS: list[tuple[str, bytes, str]] = [
    ("vacío", b"", "está vacío"),
    ("espacios", b" \r\n\t ", "está vacío"),
    ("solo marca", b"\xef\xbb\xbf", "está vacío"),
    ("solo títulos", b"Acto;Valor\r\n", "no tiene contratos"),
    ("binario", bytes(range(256)) * 4, "no es un CSV ni un libro"),
    ("NUL", b"Acto;Valor\r\nP-C-02;\x00", "no es un CSV ni un libro"),
    ("UTF-16", "Acto;Valor\r\nP;1".encode("utf-16"), "no es un CSV ni un libro"),
    ("PDF", b"%PDF-1.7 ...", "es un PDF"),
    ("xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "Excel 97-2003"),
    ("zip vacío", b"PK\x05\x06" + b"\x00" * 18, "no es un libro de Excel"),
    ("zip ajeno", rehacer(BUENO, lambda *_: None, **{"nota.txt": b"hola"}), "no es un libro de Excel"),
    ("truncado", BUENO[: len(BUENO) // 2], "está dañado"),
    ("sin cola", BUENO[:-30], "está dañado"),
    ("un byte cambiado", BUENO[:200] + bytes([BUENO[200] ^ 255]) + BUENO[201:], "está dañado"),
    ("sin hoja", rehacer(BUENO, lambda n, d: None if "worksheets" in n else d), "está dañado"),
    ("XML roto", rehacer(BUENO, lambda n, d: d[:-20] if "worksheets" in n else d), "está dañado"),
    ("entidades", rehacer(BUENO, lambda n, d: DTD if "worksheets" in n else d), "está dañado"),
    ("parte repetida", doble(), "está dañado"),
    ("macros", rehacer(BUENO, lambda _, d: d, **{"xl/vbaProject.bin": b"x"}), "tiene macros"),
    (
        "desde 1904",
        rehacer(BUENO, lambda _, d: d.replace(b"<workbookPr ", b"<workbookPr date1904='1' ")),
        "cuenta las fechas desde 1904",
    ),
    ("bomba", rehacer(BUENO, lambda n, d: BOMBA if "worksheets" in n else d), "demasiado grande"),
    ("2 GB declarados", mentiroso(2 * 1024**3, 10), "demasiado grande"),
    ("declara menos", mentiroso(10, 1_000_000), "está dañado"),
    (
        "lejos",
        con_hoja('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "demasiado grande",
    ),
    ("fila lejana", con_hoja('<row r="1048576"><c><v>1</v></c></row>'), "demasiado grande"),
    ("muchas celdas", con_hoja("<row>" + "<c><v>1</v></c>" * 300 + "</row>"), "demasiado grande"),
    (
        "texto repetido",
        con_textos(f"<si><t>{'x' * 900_000}</t></si>", "<row>" + '<c t="s"><v>0</v></c>' * 100 + "</row>"),
        "demasiado grande",
    ),
    (
        "10.000 columnas",
        ";".join(f"c{n}" for n in range(10_000)).encode() + b"\r\n1;2",
        f"más de {MAXIMO_COLUMNAS} columnas",
    ),
    ("muchas filas", csv_de(contratos(101)), "más de 100 contratos"),
    ("muchas filas xlsx", xlsx_de(contratos(101)), "más de 100 contratos"),
    ("pesado", b"Acto;Valor\r\n" + b"x;1\r\n" * 600_000, "más de 2 MB"),
    ("comilla sola", b'Acto;Valor\r\nP-C-02;"46911499\r\n', "comillas"),
    ("comilla de más", b'Acto;Valor\r\n"P"-C-02;1\r\n', "comillas"),
    ("dato sin título", b"Acto;Valor\r\nP-C-02;1;2\r\n", "Fila 2: hay un dato en la columna C"),
    ("dos codificaciones", "Objeto\r\nañil\r\n".encode() + "caña".encode("latin-1"), "mezcla dos codificaciones"),
    ("otra codificación", b"Objeto\r\nca\x81a", "No se reconocen las letras"),
    ("campo enorme", b"Objeto\r\n" + b"x" * 200_000, "comillas"),
]


@pytest.mark.parametrize(("contenido", "frase"), [m[1:] for m in MALOS], ids=[m[0] for m in MALOS])
def test_un_archivo_malo_se_rechaza_con_una_frase(contenido: bytes, frase: str) -> None:
    with pytest.raises(ArchivoIlegible, match=frase):
        leer(contenido)


@pytest.mark.parametrize("separador", [";", ",", "\t"])
@pytest.mark.parametrize("codificacion", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_todo_csv_bueno_da_las_mismas_celdas(separador: str, codificacion: str) -> None:
    filas = [{"Objeto": "Ñandú; «café», 5\nsegunda", "Valor": "1.234,50"}, {"Objeto": 'dice "sí"', "Valor": "7"}]
    tabla = leer(csv_de(filas, separador, codificacion))
    assert tabla.titulos == ("Objeto", "Valor")
    assert [r.celdas for r in tabla.renglones] == [tuple(f.values()) for f in filas]


def test_las_filas_se_numeran_como_en_la_hoja() -> None:
    tabla = leer(b"\r\nActo;Valor\r\n;\r\nP-C-02;1\r\n \r\nP-C-01;2\r\n;;;;\r\n")
    assert [r.numero for r in tabla.renglones] == [4, 6]


def test_un_libro_conserva_numeros_fechas_y_texto() -> None:
    tabla = leer(
        xlsx_de_celdas([["A", "B", "C", "D", "E"], ["007", Decimal("46911499.5"), date(2025, 2, 3), True, "=1+1"]])
    )
    assert tabla.renglones[0].celdas == ("007", Decimal("46911499.5"), date(2025, 2, 3), True, "=1+1")


def test_una_hoja_enorme_al_lado_no_estorba() -> None:
    """Only the sheet that is read has to be small."""
    grande = HOJA_MINIMA.format('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>').encode()
    dos = escribir_xlsx([Hoja("Contratos", ("Acto",), [("P-C-02",)]), Hoja("Catálogo", ("x",), [("y",)])])
    tabla = leer(rehacer(dos, lambda n, d: grande if n.endswith("sheet2.xml") else d))
    assert tabla.renglones[0].celdas == ("P-C-02",)


def test_celdas_con_formato_y_sin_dato_hasta_el_final_no_estorban() -> None:
    con_dato = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    tabla = leer(con_hoja(con_dato + '<row r="1048576"><c r="A1048576" s="0"/></row>'))
    assert len(tabla.renglones) == 1


def sin_apostrofo(texto: str) -> bool:
    """A text of its own that begins like our mark for inert formulas loses it: nobody writes one."""
    return bool(texto) and not texto.startswith("'")


textos = (
    st.text(st.characters(blacklist_categories=("C",)), min_size=1, max_size=30).map(str.strip).filter(sin_apostrofo)
)


@given(st.lists(st.lists(textos, min_size=2, max_size=2), min_size=1, max_size=5))
def test_lo_que_el_portal_escribe_se_lee_igual(filas: list[list[str]]) -> None:
    """Whatever looks like a formula is data, going out and coming in."""
    filas = [["=1+1", "+57300"], ["@x", "-2"], *filas]
    hoja = Hoja("x", ("Uno", "Dos"), filas)
    for escrito in (escribir_csv(hoja), escribir_xlsx([hoja])):
        assert [list(r.celdas) for r in leer(escrito).renglones] == filas


def test_ningun_byte_cambiado_al_azar_hace_mas_que_rechazar_el_archivo() -> None:
    azar = random.Random(8)
    for _ in range(300):
        elegida = azar.choice(["sheet1.xml", "workbook.xml", "styles.xml", "sharedStrings.xml", ".rels"])

        def danar(nombre: str, datos: bytes, donde: str = elegida) -> bytes:
            if not nombre.endswith(donde):
                return datos
            danado = bytearray(datos)
            for _ in range(azar.randint(1, 4)):
                danado[azar.randrange(len(danado))] = azar.choice(b'0123456789<>/"= AZsr\x00\xff')
            return bytes(danado)

        try:
            leer(rehacer(BUENO, danar))
        except ArchivoIlegible:
            continue


@given(st.binary(max_size=300))
def test_ningun_contenido_hace_mas_que_rechazar_el_archivo(basura: bytes) -> None:
    for contenido in (basura, b"Acto;Valor\n" + basura, b"PK\x03\x04" + basura):
        try:
            leer(contenido)
        except ArchivoIlegible:
            continue
