"""What was laid out a moment ago is given again, and nothing else is: neither another content, nor for long, nor many."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.documentos import pdf, prensa
from portal.documentos.guardados import Guardados, Topes
from portal.documentos.liquidacion import pdf_liquidacion
from portal.documentos.pdf import Adjunto, Archivo, Imprenta
from portal.models import Liquidacion
from tests.documentos.modelos import GLN, URL, Oficina, contrato

HOJA = "<html lang=es><title>x</title><body><p>Estampilla"
ADJUNTO = Adjunto("sello.txt", "El texto firmado", b"sello")


class Prensa(Imprenta):
    """Lays out in this process, and counts what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.pedidos: list[str] = []

    def imprimir(self, html: str, adjuntos: Sequence[Adjunto] = ()) -> bytes:
        self.pedidos.append(html)
        return prensa.componer(html, [(a.nombre, a.descripcion, a.contenido) for a in adjuntos])


class Eco(Prensa):
    """So much of nothing."""

    def imprimir(self, html: str, _adjuntos: Sequence[Adjunto] = ()) -> bytes:
        self.pedidos.append(html)
        return bytes(1000)


@pytest.fixture
def prensa_contada(monkeypatch: pytest.MonkeyPatch) -> Prensa:
    una = Prensa()
    monkeypatch.setattr(pdf, "_archivo", Archivo(una, Guardados()))
    return una


def imprimir(una: Liquidacion, **otros: object) -> bytes:
    datos = {"departamento": Oficina(), "gln": GLN, "url": URL, "demostracion": True}
    return pdf_liquidacion(una, **(datos | otros))  # type: ignore[arg-type]


def test_lo_mismo_no_se_imprime_dos_veces_y_es_lo_que_la_prensa_da(prensa_contada: Prensa) -> None:
    primera = imprimir(contrato())
    assert imprimir(contrato()) == primera
    assert len(prensa_contada.pedidos) == 1
    # The control: the press, asked again, gives those same bytes.
    assert prensa_contada.imprimir(prensa_contada.pedidos[0]) == primera


CAMBIOS: dict[str, Callable[[], bytes]] = {
    "un peso": lambda: imprimir(contrato((1000, 1000, 1001))),
    "el estado": lambda: imprimir(contrato(vigente=False)),
    "el plazo": lambda: imprimir(contrato(fecha_limite=contrato().fecha_limite + timedelta(days=1))),
    "la oficina": lambda: imprimir(contrato(), departamento=replace(Oficina(), telefono="1")),
    "la cuenta": lambda: imprimir(contrato(), gln="7709998461239"),
    "la dirección": lambda: imprimir(contrato(), url=URL + "x"),
    "el aviso de demostración": lambda: imprimir(contrato(), demostracion=False),
}


@pytest.mark.parametrize("cambio", CAMBIOS)
def test_cualquier_cambio_se_imprime(monkeypatch: pytest.MonkeyPatch, cambio: str) -> None:
    una = Eco()
    monkeypatch.setattr(pdf, "_archivo", Archivo(una, Guardados()))
    imprimir(contrato())
    CAMBIOS[cambio]()
    assert len(una.pedidos) == 2


@pytest.mark.parametrize(
    "adjunto",
    [
        replace(ADJUNTO, nombre="otro.txt"),
        replace(ADJUNTO, descripcion="Otro texto"),
        replace(ADJUNTO, contenido=b"otro"),
        # The same letters on the other side of the border.
        Adjunto("sello.tx", "tEl texto firmado", b"sello"),
    ],
)
def test_un_adjunto_que_cambia_se_imprime(adjunto: Adjunto) -> None:
    una = Eco()
    archivo = Archivo(una, Guardados())
    for adjuntos in ([], [ADJUNTO], [adjunto], [ADJUNTO], [ADJUNTO, adjunto]):
        archivo.imprimir(HOJA, adjuntos)
    assert len(una.pedidos) == 4


def test_otra_hoja_de_estilo_u_otra_biblioteca_es_otro_documento(monkeypatch: pytest.MonkeyPatch) -> None:
    antes = pdf._llave(HOJA, ())
    for donde, nombre, otro in ((prensa, "ARCHIVOS", prensa.ARCHIVOS[:1]), (pdf, "version", lambda _: "1.0")):
        with monkeypatch.context() as cambio:
            cambio.setattr(donde, nombre, otro)
            pdf._molde.cache_clear()
            assert pdf._llave(HOJA, ()) != antes
        pdf._molde.cache_clear()
    assert pdf._llave(HOJA, ()) == antes


def test_se_guardan_pocos_y_por_poco_tiempo() -> None:
    ahora = [0.0]
    una = Eco()
    archivo = Archivo(una, Guardados(Topes(documentos=3, bytes_=2500, segundos=60), lambda: ahora[0]))
    guardados = archivo._guardados

    def impresos(*hojas: str) -> int:
        antes = len(una.pedidos)
        for hoja in hojas:
            archivo.imprimir(hoja)
        return len(una.pedidos) - antes

    assert impresos("a", "b", "a", "b") == 2
    assert impresos("c", "b", "c") == 1, "the third pushed out the first, for its bytes"
    assert impresos("a") == 1
    assert guardados._bytes == sum(len(d) for _, d in guardados._documentos.values()) == 2000
    ahora[0] = 59.9
    assert impresos("a", "c") == 0
    ahora[0] = 60.0
    assert impresos("a") == 1, "a minute is over for those that were kept at the beginning"
    assert len(guardados._documentos) == 1


def test_nunca_hay_mas_de_los_que_caben() -> None:
    guardados = Guardados(Topes(documentos=3, bytes_=1000))
    for n in range(10):
        guardados.guardar(bytes([n]), b"x")
    assert list(guardados._documentos) == [b"\7", b"\x08", b"\t"]
    guardados.guardar(b"enorme", bytes(1001))
    assert guardados.dar(b"enorme") is None
    assert len(guardados._documentos) == 3


def test_una_copia_del_proceso_empieza_sin_ninguno() -> None:
    una = Eco()
    archivo = Archivo(una, Guardados())
    archivo.imprimir(HOJA)
    hija = os.fork()
    if not hija:
        archivo.olvidar()
        archivo.imprimir(HOJA)
        os._exit(len(una.pedidos))
    assert os.waitstatus_to_exitcode(os.waitpid(hija, 0)[1]) == 2
    archivo.imprimir(HOJA)
    assert len(una.pedidos) == 1
