"""The monthly return on paper: the lines of the form in order, zeros too; what was signed and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from portal.documentos.declaracion import lineas_de, pdf_declaracion
from portal.dominio.declaraciones import EstadoDeclaracion, Renglon, escribir, huella
from portal.models import Declaracion
from tests.documentos.lectura import codigos_qr, etiquetas, paginas, texto
from tests.documentos.modelos import Oficina

URL = "https://estampillas.cundinamarca.gov.co/declaracion/K7M29QWX3RTE"
ESTAMPILLAS = [
    ["PRO_DESARROLLO", "Estampilla Pro-Desarrollo Departamental"],
    ["PRO_CULTURA", "Estampilla Pro-Cultura"],
    ["UDEC", "Estampilla Pro-Desarrollo de la Universidad de Cundinamarca"],
]
UNO = Renglon(
    "UDEC", ESTAMPILLAS[2][1], "C-1", "Contratos de obra", 2, Decimal(93822998), Decimal(1876460), 1, Decimal(938230),
    Decimal("1000.50"),
)  # fmt: skip
OTRO = replace(UNO, acto="C-2", acto_nombre="Actas de posesión", cantidad=1, base=Decimal(0), pagado=Decimal(0))


def contenido(*renglones: Renglon, **otros: Any) -> str:
    cabecera = {
        "departamento": "cundinamarca",
        "formulario": "A-GI-FR-169",
        "titulo": "Formulario Estampillas Departamentales",
        "nit": "800100000",
        "entidad": "E.S.E. Hospital de Ñáñez",
        "mes": "2026-10-01",
        "version": 1,
        "corrige": None,
        "motivo": "",
        "estampillas": ESTAMPILLAS,
    } | otros
    return escribir(renglones, cabecera)


def imprimir(texto_firmado: str, *, numero: int | None = 7, vence: date | None = date(2026, 11, 10)) -> bytes:
    una = Declaracion(
        codigo="K7M29QWX3RTE",
        numero=numero,
        estado=EstadoDeclaracion.PRESENTADO if numero else EstadoDeclaracion.BORRADOR,
        presentada_por_nombre="Ana Ñáñez",
        presentada_en=datetime(2026, 11, 9, 20, 5, tzinfo=UTC),
    )
    return pdf_declaracion(una, texto_firmado, departamento=Oficina(), demostracion=False, vence=vence, url=URL)


def test_dice_lo_que_se_presento() -> None:
    firmado = contenido(UNO, OTRO)
    pdf = imprimir(firmado)
    leido = texto(pdf)
    for dato in (
        "Formulario Estampillas",
        "Código del formulario A-GI-FR-169",
        "Octubre de 2026",
        "E.S.E. Hospital de Ñáñez, NIT 800.100.000-1",
        "Declaración número 7",
        "Por Ana Ñáñez el 9 de noviembre de 2026, 3:05 p. m.",
        "Fecha límite 10 de noviembre de 2026",
        "2. Estampilla Pro-Cultura 0 $0 $0 $0 $0",
        "Total retenido = total por consignar: $1.876.460.",
        "$1.000,50",
    ):
        assert dato in leido, dato
    assert huella(firmado) in leido.replace(" ", "")
    assert codigos_qr(pdf, 150) == [URL]
    assert len(paginas(pdf, 30)) == 1


def test_cada_estampilla_del_formulario_sale_en_su_orden_aun_en_cero() -> None:
    lineas = lineas_de([UNO, OTRO], ESTAMPILLAS)
    assert [linea.nombre for linea in lineas] == [nombre for _, nombre in ESTAMPILLAS]
    assert [(linea.cantidad, linea.retenido) for linea in lineas] == [(0, 0), (0, 0), (3, Decimal(1876460))]
    leido = texto(imprimir(contenido()))
    assert "se presenta en cero" in leido
    assert all(f"{n}. Estampilla" in leido for n in (1, 2, 3))


def test_una_correccion_dice_cual_corrige_y_por_que() -> None:
    leido = texto(imprimir(contenido(version=2, corrige=5, motivo="Faltó la orden de pago 45")))
    assert "Versión 2. Corrige la declaración 5: Faltó la orden de pago 45" in leido


def test_sin_formulario_en_la_norma_no_hay_codigo_ni_fecha_inventada() -> None:
    leido = texto(imprimir(contenido(formulario="", titulo=""), vence=None))
    assert "Declaración mensual de estampillas" in leido
    assert "Código del formulario" not in leido
    assert "La norma no fija una" in leido


def test_un_borrador_lo_dice_y_no_lleva_qr() -> None:
    pdf = imprimir(contenido(UNO), numero=None)
    leido = texto(pdf)
    assert "BORRADOR: esta declaración no se ha presentado" in leido
    assert "Presentada" not in leido
    assert codigos_qr(pdf, 150) == []


def test_igual_contenido_da_iguales_bytes() -> None:
    assert imprimir(contenido(UNO, OTRO)) == imprimir(contenido(OTRO, UNO))
    assert imprimir(contenido(UNO)) != imprimir(contenido(OTRO))


def test_es_un_pdf_a_etiquetado_con_titulo_e_idioma() -> None:
    with pikepdf.open(BytesIO(imprimir(contenido(UNO)))) as documento:
        assert documento.Root.MarkInfo.Marked
        assert str(documento.Root.Lang) == "es-CO"
        with documento.open_metadata() as datos:
            assert (datos["pdfaid:part"], datos["pdfaid:conformance"]) == ("3", "A")
        clases = [str(nodo.S) for nodo in etiquetas(documento)]
        assert clases.count("/H1") == 1
        assert {"/Table", "/TH", "/TD", "/Figure"} <= set(clases)


@pytest.mark.parametrize("nombre", ["W" * 160, "<script>alert(1)</script>", "Ñandú & Cía. «S.A.S.»"])
def test_un_nombre_raro_o_largo_no_rompe_el_papel(nombre: str) -> None:
    assert nombre.replace(" ", "")[:20] in texto(imprimir(contenido(UNO, entidad=nombre))).replace(" ", "")
