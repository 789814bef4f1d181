"""What a liquidación with six barcodes and its QR costs the press, against the same document without them."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path

import pikepdf
from flask_migrate import upgrade

from bench.procesos import cpu_exacta
from bench.rondas import RONDAS, Medida, Meta, Parte, medir_por_turnos
from portal.app import create_app
from portal.config import leer_ajustes
from portal.db import db, transaccion
from portal.documentos import pdf
from portal.documentos.codigo_barras import FNC1, CodigoRecaudo
from portal.documentos.guardados import Guardados
from portal.documentos.pdf import Adjunto, Archivo, Imprenta
from portal.models import Liquidacion, Usuario
from portal.models.liquidacion import ClaseContribuyente
from portal.models.usuario import Rol
from portal.operaciones import liquidaciones, normativa
from portal.operaciones.encargos import Asunto, Contribuyente, Encargo
from tests.documentos.lectura import SEPARADOR, codigos_de_barras, codigos_qr

DEPARTAMENTO = "cundinamarca"
AHORA = datetime(2025, 3, 10, 15, 0, tzinfo=UTC)
PPP = 150
MAXIMO = 20 * 1024
_CODIGO = re.compile(r'<img class="(codigo-barras|qr)"[^>]*>')
CON, SIN, CON_SU_LUGAR = "with the seven codes", "without them", "without them, their place left white"
UNA, DOS = "one press", "two presses side by side"
PRIMERA, SEGUNDA = "asked for the first time", "asked for again"
TAMANO, TOPE = "size of the document", "20 KB"


@dataclass(frozen=True)
class _Documento:
    """A liquidación as the portal sends it to the press, and what a counter and a telephone must read in it."""

    html: str
    barras: Sequence[bytes]
    qr: str


class _Copista(Archivo):
    """In the place of the press: keeps what it is told to lay out."""

    def __init__(self) -> None:
        super().__init__(Imprenta(), Guardados())
        self.html = ""

    def imprimir(self, html: str, adjuntos: Sequence[Adjunto] = ()) -> bytes:
        self.html = html
        return b""


def medir(rapido: bool) -> Parte:
    """CPU of the press, bytes, codes read back, two presses at once, and a document asked for again."""
    rondas, veces = (3, 2) if rapido else (RONDAS, 8)
    documento = _documento()
    with _prensa() as una, _prensa() as otra:
        impreso = una.imprimir(documento.html)
        tamano = len(impreso)
        medidas = [
            *_procesador(una, _variantes(documento.html), rondas, veces),
            *_juntas((una, otra), documento.html, rondas, veces),
            *_otra_vez(una, documento.html, rondas),
            Medida(TAMANO, "bytes", (tamano,) * rondas),
            Medida(TOPE, "bytes", (MAXIMO,) * rondas),
        ]
        sin_codigos = una.imprimir(_variantes(documento.html)[SIN])
    return Parte(
        "PDF",
        "The liquidación of a contract of public works with six stamps, assessed by the portal and laid out by its own press: "
        "CPU time of the press's process for each document, warm. Without the codes it is the same HTML without their seven "
        "pictures, and takes less paper; with their place left white it breaks into pages as the whole one.",
        medidas,
        [
            Meta("a liquidación with six barcodes and QR, against the same without codes", CON, SIN, maximo=1.3),
            Meta("its size", TAMANO, TOPE, maximo=1, limite=_limite(sin_codigos)),
            Meta("the same document again", SEGUNDA, PRIMERA, maximo=0.05),
        ],
        {
            f"codes read in its picture at {PPP} dpi": _leidos(impreso, documento),
            "WeasyPrint in the process that serves pages": _en_el_arranque(),
            "size": _partes(impreso),
        },
        [
            "Two presses on two cores can give at most twice the documents of one; the measure above is what they gave.",
            "What is asked for again within ten minutes is given from memory: its cost is the digest of its HTML.",
        ],
    )


def _documento() -> _Documento:
    """Assess a contract of the demonstration in a portal of its own, and ask for its page `.pdf`."""
    with tempfile.TemporaryDirectory(prefix="bench-pdf-") as carpeta:
        entorno = {"DATABASE_URL": f"sqlite:///{carpeta}/portal.sqlite", "PORTAL_DEPARTAMENTO": DEPARTAMENTO}
        ajustes = leer_ajustes(entorno, instancia=Path(carpeta))
        app = create_app(ajustes)
        with app.app_context():
            upgrade()
            with transaccion():
                normativa.cargar()
                emitida = _emitir()
            direccion = f"/liquidacion/{emitida.codigo}"
            barras = [
                CodigoRecaudo(ajustes.gln, f.numero, f.valor, emitida.fecha_limite)
                .carga.encode("latin-1")
                .replace(FNC1.encode("latin-1"), SEPARADOR)
                for f in emitida.facturas
            ]
            db.session.remove()
        copista, de_siempre = _Copista(), pdf._archivo
        try:
            pdf._archivo = copista
            respuesta = app.test_client().get(f"{direccion}.pdf")
        finally:
            pdf._archivo = de_siempre
        if respuesta.status_code != 200 or len(_CODIGO.findall(copista.html)) != len(barras) + 1:
            raise RuntimeError("the portal did not give the document of the bench")
        return _Documento(copista.html, barras, ajustes.url + direccion)


def _emitir() -> Liquidacion:
    quien = Usuario(
        correo="r@banco.test", nombre="Funcionaria de Rentas", rol=Rol.RENTAS, clave_hash="x", creado_en=AHORA
    )
    db.session.add(quien)
    db.session.flush()
    clase = ClaseContribuyente.CONSORCIO
    encargo = Encargo(
        contribuyente=Contribuyente("NIT", "901805364", "CONSORCIO DE PRUEBA", clase, "carrera 5", "50235241052"),
        asunto=Asunto(("CC-2",), Decimal(46_911_499), {}, date(2025, 3, 3), "obra", clase),
        objeto="PRUEBA",
        numero_contrato="647",
        contratante="GOBERNACION DE CUNDINAMARCA",
    )
    return liquidaciones.emitir(
        encargo,
        departamento=DEPARTAMENTO,
        plazo_dias=30,
        permitir_provisional=True,
        clave="banco",
        usuario=quien,
        ahora=AHORA,
        hoy=AHORA.date(),
    )


def _variantes(html: str) -> Mapping[str, str]:
    def hueco(codigo: re.Match[str]) -> str:
        alto = "23mm" if codigo[1] == "qr" else "15.24mm"
        return f'<div class="{codigo[1]}" style="height: {alto}"></div>'

    return {CON: html, SIN: _CODIGO.sub("", html), CON_SU_LUGAR: _CODIGO.sub(hueco, html)}


@contextmanager
def _prensa() -> Iterator[Imprenta]:
    una = Imprenta()
    try:
        una.imprimir("<html lang=es><title>x</title><body>x")
        yield una
    finally:
        una.detener()


def _procesador(imprenta: Imprenta, variantes: Mapping[str, str], rondas: int, veces: int) -> list[Medida]:
    def costar(html: str) -> float:
        antes = _gastado(imprenta)
        for _ in range(veces):
            imprenta.imprimir(html)
        return (_gastado(imprenta) - antes) / veces

    que = {nombre: partial(costar, html) for nombre, html in variantes.items()}
    return medir_por_turnos(que, "ms of CPU a document", rondas)


def _gastado(imprenta: Imprenta) -> float:
    """Milliseconds of processor that the press's process has taken, all its threads."""
    assert imprenta._proceso is not None
    return 1000 * cpu_exacta(imprenta._proceso.pid)


def _juntas(imprentas: tuple[Imprenta, Imprenta], html: str, rondas: int, veces: int) -> list[Medida]:
    def por_segundo(cuales: Sequence[Imprenta]) -> float:
        comienzo = time.perf_counter()
        with ThreadPoolExecutor(len(cuales)) as hilos:
            hechos = [h for cual in cuales for h in [hilos.submit(cual.imprimir, html) for _ in range(veces)]]
            for hecho in hechos:
                hecho.result()
        return len(cuales) * veces / (time.perf_counter() - comienzo)

    que = {UNA: partial(por_segundo, imprentas[:1]), DOS: partial(por_segundo, imprentas)}
    return medir_por_turnos(que, "documents a second", rondas)


def _otra_vez(imprenta: Imprenta, html: str, rondas: int) -> list[Medida]:
    archivo, numeros = Archivo(imprenta, Guardados()), count()

    def pedir(documento: str) -> float:
        antes, en_la_prensa = time.process_time(), _gastado(imprenta)
        archivo.imprimir(documento)
        return (time.process_time() - antes) * 1000 + _gastado(imprenta) - en_la_prensa

    que = {PRIMERA: lambda: pedir(f"{html}<!-- {next(numeros)} -->"), SEGUNDA: lambda: pedir(html)}
    return medir_por_turnos(que, "ms of CPU of both processes", rondas)


def _leidos(impreso: bytes, documento: _Documento) -> str:
    barras, qr = codigos_de_barras(impreso, PPP), codigos_qr(impreso, PPP)
    if barras != documento.barras or qr != [documento.qr]:
        raise RuntimeError(f"the codes do not say what they must at {PPP} dpi")
    return f"{len(barras)} barcodes and {len(qr)} QR, all with what was assessed"


def _en_el_arranque() -> str:
    guion = "import sys, portal.app; print('weasyprint' in sys.modules)"
    dicho = subprocess.run([sys.executable, "-c", guion], capture_output=True, text=True, check=True)
    return {"False\n": "not loaded", "True\n": "loaded"}[dicho.stdout]


def _partes(impreso: bytes) -> str:
    """Where the bytes are."""
    suma = {"letters": 0, "structure for screen readers": 0, "colours": 0, "what is drawn": 0}
    with pikepdf.open(BytesIO(impreso)) as abierto:
        paginas = len(abierto.pages)
        dibujos = {pagina.Contents.objgen for pagina in abierto.pages}
        for objeto in abierto.objects:
            if not isinstance(objeto, pikepdf.Stream):
                continue
            largo = len(objeto.read_raw_bytes())
            if "/Length1" in objeto or b"begincmap" in objeto.read_bytes():
                suma["letters"] += largo
            elif objeto.get("/Type") == "/ObjStm":
                suma["structure for screen readers"] += largo
            elif "/N" in objeto:
                suma["colours"] += largo
            elif objeto.objgen in dibujos:
                suma["what is drawn"] += largo
    suma["the rest"] = len(impreso) - sum(suma.values())
    return f"{len(impreso)} bytes on {paginas} pages: " + ", ".join(f"{que} {n}" for que, n in suma.items())


def _limite(sin_codigos: bytes) -> str:
    return (
        f"the format: without any code the same text as an archival, accessible PDF takes {_partes(sin_codigos)}. "
        "Fewer would be letters that are not inside, or a table that a screen reader cannot follow"
    )
