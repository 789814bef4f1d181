"""PDFs for tests, made by code: those that an honest person brings, whatever made them, and those that nobody should open."""

import io
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from weasyprint import HTML

from tests.archivos import armar_pdf, jpeg, pdf, una_pagina

MB = 1024**2


def flujo(datos: bytes, diccionario: bytes = b"") -> bytes:
    """A stream object as it is written in a file."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(datos), diccionario, datos)


def desplegable(bytes_: int, vueltas: int = 1) -> bytes:
    """Zeros, compressed `vueltas` times."""
    compresor = zlib.compressobj(9)
    datos = b"".join([compresor.compress(bytes(MB)) for _ in range(bytes_ // MB)] + [compresor.flush()])
    for _ in range(vueltas - 1):
        datos = zlib.compress(datos, 9)
    return datos


def guardado(documento: pikepdf.Pdf, **opciones: object) -> bytes:
    salida = io.BytesIO()
    documento.save(salida, **opciones)
    return salida.getvalue()


def de_paginas(cuantas: int) -> bytes:
    """Blank pages, by hand: a library takes long to make thousands."""
    hijas = b" ".join(b"%d 0 R" % (n + 3) for n in range(cuantas))
    arbol = b"<< /Type /Pages /Kids [%s] /Count %d /Resources << >> >>" % (hijas, cuantas)
    pagina = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"
    return armar_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", arbol, *[pagina] * cuantas])


def escaneado() -> bytes:
    """A page that is only a picture, as a scanner writes it; the picture is compressed twice over, as some do."""
    imagen = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 "
    filtros = b"/Filter [/FlateDecode /DCTDecode] /DecodeParms [null null]"
    contenido = b"q 612 0 0 792 0 0 cm /Im0 Do Q"
    return armar_pdf(
        una_pagina(
            pagina=b"/Contents 4 0 R /Resources << /XObject << /Im0 5 0 R /Im1 6 0 R >> >>",
            mas=[
                flujo(contenido),
                flujo(jpeg(), imagen + b"/Filter /DCTDecode"),
                flujo(zlib.compress(jpeg()), imagen + filtros),
            ],
        ),
        version=b"1.4",
    )


def _con_formulario(documento: pikepdf.Pdf, **campo: object) -> pikepdf.Pdf:
    anotacion = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Rect=[0, 0, 9, 9], T="x", **campo
    )
    widget = documento.make_indirect(anotacion)
    documento.pages[0].Annots = pikepdf.Array([widget])
    documento.Root.AcroForm = documento.make_indirect(pikepdf.Dictionary(Fields=[widget], SigFlags=3))
    return documento


def _hecho() -> pikepdf.Pdf:
    documento = pikepdf.new()
    documento.add_blank_page()
    return documento


def firmado() -> bytes:
    """With a field of signature that holds one, as those of a digital bank."""
    firma = pikepdf.Dictionary(
        Type=pikepdf.Name.Sig,
        Filter=pikepdf.Name("/Adobe.PPKLite"),
        SubFilter=pikepdf.Name("/ETSI.CAdES.detached"),
        ByteRange=[0, 10, 20, 30],
        Contents=pikepdf.String("\0" * 64),
    )
    return guardado(_con_formulario(_hecho(), FT=pikepdf.Name.Sig, V=firma), min_version="1.7")


def corregido_encima() -> bytes:
    """An incremental update: a second table of references after the first, as when somebody signs what was made."""
    base = pdf()
    objeto = len(base)
    nuevo = b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 500] >>\nendobj\n"
    anterior = int(base.rsplit(b"startxref\n", 1)[1].split()[0])
    return (
        base
        + nuevo
        + (
            b"xref\n3 1\n%010d 00000 n \ntrailer\n<< /Size 4 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
            % (objeto, anterior, objeto + len(nuevo))
        )
    )


def con_enlaces(*direcciones: str) -> bytes:
    documento = _hecho()
    documento.pages[0].Annots = pikepdf.Array(
        documento.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                Rect=[0, 0, 9, 9],
                A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=direccion),
            )
        )
        for direccion in direcciones
    )
    return guardado(documento)


def _weasyprint() -> bytes:
    hecho = HTML(
        string="<h1>Comprobante</h1><p>Consignación por $235.000 <a href='https://banco.test'>banco</a>"
    ).write_pdf()
    assert isinstance(hecho, bytes)
    return hecho


def abre_en(pagina: bytes) -> bytes:
    return armar_pdf(una_pagina(catalogo=b"/OpenAction %s" % pagina))


BUENOS: dict[str, Callable[[], bytes]] = {
    "mínimo": pdf,
    "hecho por este portal": _weasyprint,
    "escaneado": escaneado,
    "linealizado": lambda: guardado(_hecho(), linearize=True),
    "1.4 sin flujos de objetos": lambda: guardado(
        _hecho(), force_version="1.4", object_stream_mode=pikepdf.ObjectStreamMode.disable
    ),
    "1.7 con flujos de objetos": lambda: guardado(
        _hecho(), min_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.generate
    ),
    "2.0": lambda: guardado(_hecho(), min_version="2.0"),
    "firmado": firmado,
    "corregido encima": corregido_encima,
    "con enlaces": lambda: con_enlaces("https://banco.test/x?a=b:c", "mailto:a@b.test", "pagina.html"),
    "abre en una página": lambda: abre_en(b"[3 0 R /Fit]"),
    "abre con una acción que solo mueve": lambda: abre_en(b"<< /S /GoTo /D [3 0 R /Fit] >>"),
    "repeticiones": lambda: armar_pdf(una_pagina(mas=[flujo(b"\xff\0\x80", b"/Filter /RunLengthDecode")])),
    "cincuenta páginas": lambda: de_paginas(50),
    "blancos al final": lambda: pdf() + b"\r\n\0\0",
}


def _cifrado(usuario: str) -> bytes:
    return guardado(_hecho(), encryption=pikepdf.Encryption(user=usuario, owner="dueño", R=6))


def _con_adjunto() -> bytes:
    documento = _hecho()
    documento.attachments["otro.exe"] = b"MZ"
    return guardado(documento)


def _en_flujo_de_objetos(numero: int, objeto: bytes, relleno: int) -> bytes:
    """The page is inside an object stream that unfolds to `relleno` bytes more; by hand, with a stream of references."""
    dentro = b"%d 0 " % numero
    compresor = zlib.compressobj(9)
    partes = [compresor.compress(dentro + objeto)]
    partes += [compresor.compress(b" " * MB) for _ in range(relleno // MB)]
    datos = b"".join([*partes, compresor.flush()])
    cabeza = b"/Type /ObjStm /N 1 /First %d /Filter /FlateDecode" % len(dentro)
    objetos = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << >> >>"]
    cuerpo, filas = b"%PDF-1.5\n", [(0, 0, 65535)]
    for n, contenido in ((1, objetos[0]), (2, objetos[1]), (4, flujo(datos, cabeza))):
        filas.append((1, len(cuerpo), 0))
        cuerpo += b"%d 0 obj\n%s\nendobj\n" % (n, contenido)
    filas.insert(3, (2, 4, 0))
    filas.append((1, len(cuerpo), 0))
    tabla = b"".join(bytes([t]) + a.to_bytes(4) + b.to_bytes(2) for t, a, b in filas)
    xref = flujo(tabla, b"/Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R")
    return cuerpo + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (xref, len(cuerpo))


def bomba_de_objetos(megas: int) -> bytes:
    """A page in an object stream that unfolds to so many MB."""
    return _en_flujo_de_objetos(3, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>", megas * MB)


def bomba_de_contenido(megas: int, flujos: int = 1, vueltas: int = 1) -> bytes:
    """Streams of a page that unfold to so many MB each."""
    filtros = b"/Filter [%s]" % b" ".join([b"/FlateDecode"] * vueltas)
    datos = desplegable(megas * MB, vueltas)
    nombres = b" ".join(b"%d 0 R" % (4 + n) for n in range(flujos))
    return armar_pdf(una_pagina(pagina=b"/Contents [%s]" % nombres, mas=[flujo(datos, filtros)] * flujos))


def _zip(contenido: bytes = b"hola") -> bytes:
    salida = io.BytesIO()
    with zipfile.ZipFile(salida, "w") as zip_:
        zip_.writestr("a.txt", contenido)
    return salida.getvalue()


def _pdf_y_zip() -> bytes:
    """A ZIP inside a stream of a good PDF, whose comment is the rest of the file: both open."""
    adentro = _zip()
    hecho = armar_pdf(una_pagina(mas=[flujo(adentro)]))
    inicio = hecho.index(adentro)
    fin = inicio + len(adentro)
    directorio = adentro.rindex(b"PK\x05\x06")
    cola = bytearray(adentro)
    cola[directorio + 20 : directorio + 22] = (len(hecho) - fin).to_bytes(2, "little")
    return hecho[:inicio] + bytes(cola) + hecho[fin:]


def _activo(**partes: bytes) -> Callable[[], bytes]:
    return lambda: armar_pdf(una_pagina(**partes))


# What the limited process says of each; those that never reach it are told by their first and last bytes.
MALOS: dict[str, tuple[Callable[[], bytes], str]] = {
    "con contraseña": (lambda: _cifrado("clave"), "contrasena"),
    "protegido sin contraseña": (lambda: _cifrado(""), "protegido"),
    "JavaScript al abrir": (_activo(catalogo=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), "activo"),
    "JavaScript con el nombre disfrazado": (
        _activo(catalogo=b"/OpenAction << /S /J#61vaScript /#4aS (1) >>"),
        "activo",
    ),
    "JavaScript por nombre": (_activo(catalogo=b"/Names << /JavaScript << /Names [] >> >>"), "activo"),
    "JavaScript encadenado": (
        _activo(catalogo=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /JavaScript /JS (1) >> >>"),
        "activo",
    ),
    "imprime al abrir": (_activo(catalogo=b"/OpenAction << /S /Named /N /Print >>"), "activo"),
    "acción al abrir en otro objeto": (
        _activo(catalogo=b"/OpenAction 4 0 R", mas=[b"<< /S /Launch /F (cmd.exe) >>"]),
        "activo",
    ),
    "acción de la página": (_activo(pagina=b"/AA << /O << /S /Named /N /NextPage >> >>"), "activo"),
    "ejecuta un programa": (
        _activo(pagina=b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F (x.exe) >> >>]"),
        "activo",
    ),
    "envía un formulario": (
        _activo(pagina=b"/Annots [<< /Subtype /Widget /Rect [0 0 9 9] /A << /S /SubmitForm /F (http://x) >> >>]"),
        "activo",
    ),
    "multimedia": (_activo(pagina=b"/Annots [<< /Subtype /RichMedia /Rect [0 0 9 9] >>]"), "activo"),
    "enlace a un guion": (lambda: con_enlaces("java\nscript:alert(1)"), "enlace"),
    "enlace a un archivo": (lambda: con_enlaces("file:///etc/passwd"), "enlace"),
    "con otro archivo": (_con_adjunto, "adjuntos"),
    "con un archivo anotado": (_activo(pagina=b"/Annots [<< /Subtype /FileAttachment /Rect [0 0 9 9] >>]"), "adjuntos"),
    "flujo en otro archivo": (_activo(mas=[flujo(b"", b"/F (otro.bin)")]), "adjuntos"),
    "formulario XFA": (_activo(catalogo=b"/AcroForm << /Fields [] /XFA 4 0 R >>", mas=[flujo(b"<xdp/>")]), "xfa"),
    "sin páginas": (
        lambda: armar_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]),
        "sin_paginas",
    ),
    "cincuenta y una páginas": (lambda: de_paginas(51), "paginas"),
    "veinte mil páginas": (lambda: de_paginas(20_000), "paginas"),
    "páginas en círculo": (
        lambda: armar_pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]),
        "danado",
    ),
    "bomba en un flujo de objetos": (lambda: bomba_de_objetos(200), "sin_paginas"),
    "bomba en el contenido": (lambda: bomba_de_contenido(200), "enorme"),
    "bomba dentro de otra": (lambda: bomba_de_contenido(200, vueltas=2), "enorme"),
    "bomba de repeticiones": (_activo(mas=[flujo(b"\x81\0" * MB, b"/Filter /RunLengthDecode")]), "enorme"),
    "muchas bombas pequeñas": (lambda: bomba_de_contenido(40, flujos=11), "enorme"),
    "imagen inmensa": (
        _activo(mas=[flujo(jpeg(), b"/Subtype /Image /Width 65000 /Height 65000 /Filter /DCTDecode")]),
        "enorme",
    ),
    "anidado sin fin": (_activo(catalogo=b"/X " + b"[" * 5_000 + b"]" * 5_000), "enorme"),
    "referencias cortadas": (lambda: pdf().replace(b"0000000009 00000 n \n", b""), "danado"),
    "sin referencias": (lambda: pdf().split(b"xref")[0] + b"%%EOF", "danado"),
    "cortado y con otro fin": (lambda: _weasyprint()[:-400] + b"\nstartxref\n9\n%%EOF", "danado"),
    "posiciones falsas": (lambda: pdf().replace(b"0000000009", b"0000000011"), "danado"),
    "página web adentro": (
        lambda: pdf().replace(b"%PDF-1.7\n", b"%PDF-1.7\n%<html><script>alert(1)</script>\n"),
        "doble",
    ),
    "ZIP y PDF a la vez": (_pdf_y_zip, "doble"),
    "filtro desconocido": (_activo(mas=[flujo(b"x", b"/Filter /Inventado")]), "danado"),
    "flujo dañado": (_activo(mas=[flujo(b"no es zlib", b"/Filter /FlateDecode")]), "danado"),
    "cifrado por dentro": (_activo(mas=[flujo(b"x", b"/Filter /Crypt")]), "danado"),
}
AJENOS: dict[str, bytes] = {
    "vacío": b"",
    "página web": b"<html><script>alert(1)</script></html>",
    "dibujo": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "programa": b"MZ\x90\x00" + b"\0" * 200,
    "ZIP": _zip(),
    "ZIP con un PDF detrás": _zip() + pdf(),
    "PDF con un ZIP detrás": pdf() + _zip(),
    "PDF en el byte 900": b"x" * 900 + pdf(),
    "PDF cortado": pdf()[:-20],
}
