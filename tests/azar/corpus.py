"""What is sent: values that people type, the bad ones of the list (B-01 … B-57), and canaries that must not come out raw."""

import random
import re
from datetime import date, timedelta

from tests.archivos import jpeg, pdf, png

# Identity numbers, addresses, passwords and tokens that no other data hold: in a log, each is a leak.
CEDULA, NIT = "1987650321", "987650321"
CORREO, CLAVE, FICHA = "canario.azar@ejemplo.test", "clave-canario-9Zx-larga", "ficha-canario-8Yw"
SECRETOS = (CEDULA, NIT, CORREO, CLAVE, FICHA)
# Markup that, unescaped, is an element or an attribute of the page.
MARCAS = ("<img src=x onerror=canario>", "<script>canario()</script>", '"onfocus="canario()', "'onfocus='canario()")
_VIVO = re.compile(r"<img src=x onerror=canario|<script>canario|<[a-z]+[^<>]*\sonfocus=", re.IGNORECASE)

NUMEROS = (
    "NaN",
    "sNaN",
    "Infinity",
    "-Infinity",
    "-0",
    "1e400",
    "1e11",
    "0x10",
    "1_000",
    "1.423.500",
    "1,423,500",
    "1423500,00",
    "$ 1 423 500",
    "١٢٣",
    "１２３",
    "0",
    "-1",
    "1000000000000001",
    "9" * 20,
    "9" * 5000,
    "0,01",
    "100,0000001",
    "200",
    "1.2.3",
    "²",
    "½",
    "٣",
    "--1",
    "+1",
    "00012",
    "9223372036854775808",
    "2147483648",
)
TEXTOS = (
    "",
    " ",
    "\t",
    "\u00a0",
    "a" * 300,
    "a" * 10_000,
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202egnp.exe",
    "a\u200bb",
    "e" + "\u0301" * 1000,
    "😀" * 50,
    "{{7*7}}",
    "${7*7}",
    "' OR 1=1--",
    "%s%n%x",
    "a\r\nSet-Cookie: x=y",
    "../../etc/passwd",
    "..\\..\\x",
    "CON.pdf",
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "＝1",
    "null",
    "undefined",
    "true",
    "[]",
    "{}",
    "%",
    "_",
    "*",
    "\\",
    '"',
    "'",
    "`",
    "|",
    "\ufeff",
    "\uffff",
    "\U0010ffff",
    "\x1b[31m",
    "\x7f",
    "ﬀ",
    "İ",
    "ß",
    "Ǆ",
)
FECHAS = (
    "2025-02-31",
    "0000-00-00",
    "9999-12-31",
    "2025-1-1",
    "31/02/2025",
    "1899-12-31",
    "2200-01-01",
    "2025-06-24T25:61",
    "99999-01-01",
    "2025-13",
    "0000-01",
    "2025-W01",
)
DOCUMENTOS = (
    "1.2.3",
    "0123456",
    "1",
    "1" * 40,
    "ABC",
    "860069804-1",
    "860069804-2",
    "860.069.804-2",
    "1212312323",
    "901805364",
    "-",
    "1-1",
)
DESTINOS = (
    "//malo.test",
    "/\\malo.test",
    "\\\\malo.test",
    "https:malo.test",
    "///malo.test",
    "/\t/malo.test",
    "javascript:alert(1)",
    "/%2f%2fmalo.test",
    "/" + "a" * 2048,
    "https://malo.test/",
)
CORREOS = ("a@b", "a@b.co\r\nBcc: x@y.co", "<a@b.co>", "a@" + "b" * 300 + ".co", "ñ@ñ.co", "a@b..co", '"a b"@c.co')
MALOS = (*NUMEROS, *TEXTOS, *FECHAS, *DOCUMENTOS, *DESTINOS, *CORREOS, *MARCAS, *SECRETOS)

CABECERAS = (
    ("HX-Request", "true"),
    ("HX-Target", "../../x"),
    ("HX-Current-URL", "https://malo.test/x"),
    ("HX-Boosted", "true"),
    ("HX-History-Restore-Request", "true"),
    ("X-Forwarded-For", "1.2.3.4"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Host", "malo.test"),
    ("Referer", "javascript:x"),
    ("Accept-Language", "x" * 3000),
    ("Accept", "\u00ff/*;q=x"),
    ("Accept-Encoding", "br;q=NaN, gzip;q=2"),
    ("Cookie", "portal=eyJ.x.y; portal=; =;"),
    ("Range", "bytes=9-1"),
    ("If-Modified-Since", "no es una fecha"),
    ("If-None-Match", "*"),
    ("Authorization", "Basic !!!"),
    ("X-CSRFToken", "x"),
    ("Origin", "null"),
    ("User-Agent", ""),
    ("User-Agent", "a" * 2000),
    ("Content-Encoding", "gzip"),
    ("Host", "malo.test"),
    ("X-Event-Checksum", "\u00f1"),
    ("Expect", "100-continue"),
    ("Content-Length", "-1"),
    ("X-HTTP-Method-Override", "DELETE"),
)
# Fields that no form has (B-17).
DE_MAS = (("estado", "PAGADA"), ("rol", "administrador"), ("total", "1"), ("id", "1"), ("__class__", "x"))
METODOS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "INVENTADO")
CUERPOS = (
    ("application/json", b'{"a":1}'),
    ("application/json", b"[" * 3000),
    ("application/json", b"null"),
    ("application/json", b"NaN"),
    ("application/json", b'{"a":1,"a":2}'),
    ("application/json", b'{"signature":"\xc3\xb1","status":{"status":"A","date":"1"},"requestId":true}'),
    (
        "application/json",
        b'{"event":"transaction.updated","data":{},"signature":{"checksum":"\\ud800","properties":[1]},"timestamp":1e400}',
    ),
    ("application/json", "\ufeff{}".encode()),
    ("application/json", "{}".encode("utf-16")),
    ("text/plain", b"x=1"),
    ("", b"x=1"),
    ("multipart/form-data", b"sin frontera"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="archivo"; filename="a\r\nb"\r\n\r\n1\r\n--x--',
    ),
    ("application/x-www-form-urlencoded", b"%ff%fe=%80&a=%00&b[]=1&b[]=2"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"a=+ADw-"),
    ("application/x-www-form-urlencoded", b"&".join(b"x%d=1" % n for n in range(300))),
    ("application/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
)
CONSULTAS = (
    "a=1&a=2",
    "id[]=1",
    "pagina=%00",
    "pagina=-1",
    "pagina=99999999999999999999",
    "buscar=%ff%fe",
    "x=%u0000",
    "orden=__class__",
    "sentido=;drop",
    "registros=NaN",
    "desde=9999-12-31&hasta=0001-01-01",
    "volver=//malo.test",
    "siguiente=%2f%2fmalo.test",
    "csrf_token=x",
    "&=&=",
    "%",
    "=" * 50,
)
_XLSX_MALO = b"PK\x03\x04" + b"\x00" * 60


def archivo(azar: random.Random) -> tuple[str, bytes]:
    """Name and bytes of a file: whole ones of each kind seldom, because each is opened in a process of its own."""
    nombre = azar.choice(
        (
            "a.pdf",
            "a.csv",
            "a.xlsx",
            "a.txt",
            "../../x.pdf",
            "a" * 300 + ".pdf",
            'a".pdf',
            "\u202efdp.csv",
            "CON.pdf",
            "",
        )
    )
    malos = (
        b"",
        b"%PDF-1.7",
        b"GIF89a",
        b"<html>",
        _XLSX_MALO,
        b"\xff\xfe\x00",
        b"a;b\n1;2\n",
        b"01" + b"0" * 160,
        png(),
        jpeg(),
    )
    return nombre, pdf() if azar.random() < 0.02 else azar.choice(malos)


def vivo(texto: str) -> bool:
    """Whether a page holds a canary as markup."""
    return "canario" in texto and _VIVO.search(texto) is not None


def mutar(azar: random.Random, valor: str) -> str:
    """Another value: mostly a bad one, sometimes the same with something put, taken or changed."""
    if not valor or azar.random() < 0.7:
        return azar.choice(MALOS)
    lugar = azar.randrange(len(valor))
    return azar.choice(
        (
            valor[:lugar] + azar.choice(MALOS) + valor[lugar:],
            valor[:lugar] + valor[lugar + 1 :],
            valor[:lugar] + chr(azar.choice((0, 9, 34, 37, 39, 60, 0x661, 0x200B, 0x1F600))) + valor[lugar + 1 :],
            valor * 2,
            valor.swapcase(),
            valor + azar.choice(MARCAS),
        )
    )


# What a field wants, by its name: the first that fits.
_POR_NOMBRE = (
    ("correo|email", (CORREO, "ana@ejemplo.test")),
    ("clave|contras", (CLAVE,)),
    ("telefono|celular", ("3001234567",)),
    ("tipo_documento|clase_documento", ("CC", "NIT")),
    ("nit", ("901805364", NIT)),
    ("documento|cedula|identificacion", ("1212312323", CEDULA, "1085276543")),
    ("vigencia|anio", ("2025", "2026")),
    ("mes", ("2026-02", "2026-03")),
    ("momento|inicio|fin$|hora", ("2026-03-09T09:00", "2026-03-10T08:30")),
    ("fecha|desde|hasta|dia", ("2026-03-09", "2026-02-02", "2025-03-03", "2026-03-20")),
    ("tarifa|porcentaje", ("1,5", "3", "100")),
    ("numero_contrato|numero|contrato|factura|acto", ("647", "24062024", "1", "703", "1024")),
    ("valor|monto|total|base|precio|saldo|iva", ("1.500.000", "46.911.499", "3000")),
    ("codigo|texto|lectura|dato|cus", ("ABCD-1234", "1234567", FICHA)),
    (
        "motivo|razon|observ|concepto|explic|objeto|descrip|hechos|respuesta|nota",
        (f"Un motivo que explica lo que pasó {MARCAS[0]}", "Prestación de servicios de apoyo a la gestión"),
    ),
    ("nombre|razon_social|titular|entidad|cargo|municipio|direccion", (f"Ana María {MARCAS[0]}", "Hospital San José")),
    ("cuenta", ("12345678901",)),
)
_NOMBRES = tuple((re.compile(forma), valores) for forma, valores in _POR_NOMBRE)


def bueno(azar: random.Random, nombre: str) -> str:
    """Something that a person could write in a field of that name."""
    for forma, valores in _NOMBRES:
        if forma.search(nombre):
            return azar.choice(valores)
    return azar.choice(("1", "si", "Prueba", str(date(2026, 2, 20) + timedelta(days=azar.randrange(20)))))
