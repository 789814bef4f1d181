"""The stamp on paper: its legends, equal bytes, archival structure, and nothing fetched whatever its texts say."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from portal.documentos.estampilla import Impreso, imprimir_estampillas
from portal.documentos.pdf import huella_de_contenido
from portal.dominio.codigo_corto import caracter_de_control
from portal.dominio.estados import EstadoPublico
from portal.dominio.sello import Sello, unir
from portal.models import EstampillaElectronica
from portal.operaciones.estampillas import Situacion
from tests.documentos.lectura import codigos_qr, etiquetas, paginas, texto, texto_de_pagina
from tests.documentos.modelos import Oficina
from tests.documentos.test_pdf import ATAQUES, Vigia, vigia
from tests.dominio.test_sello import sello_al_azar

__all__ = ["vigia"]
URL = "https://estampillas.ejemplo.gov.co"
EXPEDIDA = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
SIRVE = Situacion(EstadoPublico.LEGALIZADO, "", EXPEDIDA, False)
USADA = Situacion(EstadoPublico.UTILIZADA, "", datetime(2026, 12, 1, 15, 0, tzinfo=UTC), False)


def estampilla(factura: int = 238076, **otros: Any) -> EstampillaElectronica:
    sello: Sello = replace(
        sello_al_azar(random.Random(factura)),
        factura=factura,
        codigo=_codigo(factura),
        contribuyente="A*** J***, CC *******323",
    )
    datos: dict[str, Any] = {
        "departamento": "Departamento de Nariño",
        "norma_leyenda": "Ordenanza 028 de 2010, artículo 244",
        "estampilla": "Estampilla Pro-Desarrollo Departamental",
        "factura": factura,
        "valor": "235000",
        "norma": "Ordenanza 028 de 2010, art. 243",
        "exencion": "",
        "liquidacion": 1024,
        "acto": "Prestación de servicios",
        "contrato": "647",
        "vigencia": 2025,
        "contratante": "GOBERNACIÓN DE NARIÑO",
        "nombre": "ANDREA JIMENA ORTIZ",
        "tipo_documento": "CC",
        "documento": "1212312323",
        "provisional": False,
        "pago": {
            "canal": "pse",
            "cus": "1234567",
            "banco": "Banco de prueba",
            "autorizacion": "",
            "fecha": "2026-11-25T13:11:00+00:00",
        },
    }
    return EstampillaElectronica(
        codigo=sello.codigo, sello=unir(sello.mensaje(), bytes(64)), impresa=datos | otros, expedida_en=EXPEDIDA
    )


def _codigo(factura: int) -> str:
    cuerpo = f"K7M2{factura:07d}"
    return cuerpo + caracter_de_control(cuerpo)


def imprimir(*unas: EstampillaElectronica, situacion: Situacion = SIRVE, **otros: Any) -> Impreso:
    opciones = {"departamento": Oficina(), "url": URL, "completa": True, "demostracion": False} | otros
    return imprimir_estampillas([(una, situacion) for una in unas], **opciones)


def test_lleva_las_leyendas_que_piden_las_normas_y_los_datos_del_acto() -> None:
    una = estampilla()
    leido = texto(imprimir(una).pdf)
    for dato in (
        "Departamento de Nariño",
        "Estampilla Pro-Desarrollo Departamental",
        "Valor: $235.000",
        "Contrato 647 de 2025: Prestación de servicios",
        "Contratante GOBERNACIÓN DE NARIÑO",
        "ANDREA JIMENA ORTIZ, CC 1.212.312.323",
        "238076, de la liquidación 1024",
        "25 de noviembre de 2026, 8:11 a. m. (hora de Colombia)",
        "PSE, Banco de prueba",
        "CUS 1234567",
        f"{una.codigo[:4]}-{una.codigo[4:8]}-{una.codigo[8:]}",
        "(Ordenanza 028 de 2010, artículo 244)",
    ):
        assert dato in leido


def test_el_qr_abre_su_direccion_y_tambien_va_adjunto() -> None:
    una = estampilla()
    pdf = imprimir(una).pdf
    assert codigos_qr(pdf, 150) == [f"{URL}/v/{una.sello}"]
    with pikepdf.open(BytesIO(pdf)) as documento:
        assert list(documento.attachments) == [f"sello-{una.codigo}.txt"]
        assert documento.attachments[f"sello-{una.codigo}.txt"].get_file().read_bytes() == una.sello.encode()


def test_sin_la_direccion_privada_sale_enmascarada() -> None:
    leido = texto(imprimir(estampilla(), completa=False).pdf)
    assert "A*** J***, CC *******323" in leido
    assert "ANDREA" not in leido
    assert "1.212.312.323" not in leido


def test_la_de_cero_dice_por_que_y_no_habla_de_pago() -> None:
    leido = texto(imprimir(estampilla(valor="0", pago=None, exencion="Entidad pública, art. 246")).pdf)
    assert "Valor: $0" in leido
    assert "Por qué $0 Entidad pública, art. 246" in leido
    assert "CUS" not in leido
    assert "Medio de pago" not in leido


def test_la_usada_lo_dice_y_es_otro_documento() -> None:
    una = estampilla()
    usada, sin_usar = imprimir(una, situacion=USADA), imprimir(una)
    assert "UTILIZADA: adherida y anulada el 1 de diciembre de 2026" in texto(usada.pdf)
    assert "UTILIZADA" not in texto(sin_usar.pdf)
    assert (usada.huella == sin_usar.huella, usada.contenido == sin_usar.contenido) == (False, False)


@pytest.mark.parametrize(
    "situacion",
    [
        *(Situacion(e, "", None, False) for e in EstadoPublico if e not in (SIRVE.estado, USADA.estado)),
        Situacion(EstadoPublico.LEGALIZADO, "", None, True),
        Situacion(EstadoPublico.UTILIZADA, "", None, True),
    ],
)
def test_lo_que_no_esta_pagado_ahora_no_se_imprime(situacion: Situacion) -> None:
    with pytest.raises(ValueError, match="paid now"):
        imprimir(estampilla(), situacion=situacion)


def test_igual_contenido_da_iguales_bytes_y_cualquier_cambio_otros() -> None:
    uno, otro = imprimir(estampilla()), imprimir(estampilla())
    assert (uno.pdf, uno.contenido, uno.huella) == (otro.pdf, otro.contenido, otro.huella)
    distinto = imprimir(estampilla(valor="235001"))
    assert (distinto.contenido == uno.contenido, distinto.huella == uno.huella) == (False, False)
    assert huella_de_contenido("a") != huella_de_contenido("b")


def test_es_un_pdf_de_archivo_etiquetado_en_espanol() -> None:
    with pikepdf.open(BytesIO(imprimir(estampilla(), estampilla(238077)).pdf)) as documento:
        raiz = documento.Root
        assert raiz.MarkInfo.Marked
        assert str(raiz.Lang) == "es-CO"
        assert raiz.ViewerPreferences.DisplayDocTitle
        assert [str(i.S) for i in raiz.OutputIntents] == ["/GTS_PDFA1"]
        with documento.open_metadata() as datos:
            assert (datos["pdfaid:part"], datos["pdfaid:conformance"]) == ("3", "A")
            assert datos["dc:title"] == "Estampillas electrónicas de la liquidación 1024"
        clases = [str(e.S) for e in etiquetas(documento)]
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= set(clases)
        assert clases.index("/H1") < clases.index("/H2") < clases.index("/Table")
        figuras = [str(e.Alt) for e in etiquetas(documento) if str(e.S) == "/Figure"]
        assert [f.split(" ")[:2] for f in figuras] == [["Código", "de"], ["Código", "QR"]] * 2
        assert all("/FontFile2" in f or "/FontFile3" in f for f in _fuentes(documento))


def _fuentes(documento: pikepdf.Pdf) -> list[set[str]]:
    return [
        set(o.keys())
        for o in documento.objects
        if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
    ]


def test_caben_tres_en_una_hoja_y_ninguna_se_parte() -> None:
    pdf = imprimir(*(estampilla(n) for n in range(238076, 238083))).pdf
    total = len(paginas(pdf, 30))
    assert total == 3
    facturas = [texto_de_pagina(pdf, n).count("Expedida") for n in range(1, total + 1)]
    assert facturas == [3, 3, 1]
    assert all(texto_de_pagina(pdf, n).count("Compruébela") == facturas[n - 1] for n in range(1, total + 1))


def test_ningun_texto_hace_pedir_nada_mientras_se_imprime(vigia: Vigia) -> None:  # noqa: F811
    for ataque in ATAQUES:
        hostiles = {
            c: ataque for c in ("estampilla", "acto", "contrato", "contratante", "nombre", "norma", "departamento")
        }
        pago = {
            "canal": "pse",
            "cus": ataque,
            "banco": ataque,
            "autorizacion": "",
            "fecha": "2026-11-25T13:11:00+00:00",
        }
        assert imprimir(estampilla(**hostiles, pago=pago)).pdf.startswith(b"%PDF-")
    assert (vigia.pedidos, vigia.abiertos) == ([], [])
