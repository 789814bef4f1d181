"""The certificate on paper: it says what the operation found, word by word; a scanner reads it; it is a tagged PDF/A."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from flask import Flask

from portal.documentos.certificado import pdf_certificado
from portal.dominio.calendario import instante_en_palabras
from portal.dominio.codigo_corto import escribir_codigo, nuevo_codigo
from portal.dominio.dinero import escribir_pesos
from portal.dominio.estados import EstadoPublico
from portal.models.usuario import Rol
from portal.operaciones.certificados import Certificado, Consulta
from portal.operaciones.validaciones import ClasePregunta, EstampillaHallada, Hallazgo, Pregunta, Respuesta, en_resumen
from tests.documentos.lectura import codigos_de_barras, codigos_qr, etiquetas, paginas, texto, texto_de_pagina
from tests.documentos.modelos import Oficina

EN = datetime(2026, 11, 25, 18, 21, 9, tzinfo=UTC)
URL = "https://estampillas.putumayo.gov.co/certificado/K7M29QWX3RTE"
CONTRATO = Pregunta(ClasePregunta.CONTRATO, "647", "901805364", 2025)
PAGADA = EstampillaHallada(
    factura=238076,
    liquidacion=1024,
    liquidacion_id=1,
    codigo="Zk3vQ8mN1xTb7pLw5sRd2A",
    estampilla="Pro Bienestar del Adulto Mayor",
    valor=Decimal(235000),
    estado=EstadoPublico.UTILIZADA,
    pagada_en=datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
    cus="1234567",
    banco="Banco de prueba",
    utilizada_en=datetime(2026, 11, 25, 16, 30, tzinfo=UTC),
    exencion=None,
    es_contrato=True,
    acto="Seguros",
    numero_contrato="647",
    contrato_en_palabras="647",
    vigencia=2025,
    contratante="GOBERNACION DEL PUTUMAYO",
    tipo_documento="NIT",
    documento="901805364",
    nombre="UNION TEMPORAL PUTUMAYO SEGURO 20/24",
    natural=False,
)
DEBIDA = replace(
    PAGADA,
    factura=238077,
    estampilla="Electrificación Rural",
    estado=EstadoPublico.LIQUIDADO,
    pagada_en=None,
    cus=None,
    banco=None,
    utilizada_en=None,
)


def certificado(*consultas: Consulta, **otros: object) -> Certificado:
    propias = consultas or (Consulta(Respuesta(CONTRATO, Hallazgo.ENCONTRADO, (PAGADA, DEBIDA))),)
    uno = Certificado("K7M29QWX3RTE", EN, "Ana Ñáñez", Rol.FUNCIONARIO, "", propias)
    return replace(uno, **otros)  # type: ignore[arg-type]


def imprimir(uno: Certificado, url: str = URL) -> bytes:
    return pdf_certificado(uno, departamento=Oficina(), url=url)


def test_dice_cuando_quien_que_y_lo_que_se_encontro() -> None:
    pdf = imprimir(certificado())
    leido = texto(pdf)
    for dato in (
        "Certificado de validación K7M2-9QWX-3RTE",
        "a los veinticinco (25) días del mes de noviembre de dos mil veintiséis (2026)",
        "a la una y veintiún minutos de la tarde (1:21:09 p. m.), hora de Colombia",
        "Ana Ñáñez consultó el portal de estampillas",
        "Rol Funcionario",
        "Se consultó Contrato 647 de 2025, NIT o documento 901805364",
        "Contratista UNION TEMPORAL PUTUMAYO SEGURO 20/24, NIT 901.805.364-1",
        "Contratante GOBERNACION DEL PUTUMAYO",
        "238077 $235.000 Liquidado — — —",
        "Este certificado dice lo que había en ese instante.",
    ):
        assert dato in leido, dato
    assert "Se encontró 1 de 2 estampillas pagadas; 1 ya utilizada" in leido
    assert URL in texto(pdf).replace(" ", "")
    for dato in ("238076", "Utilizada", "1234567"):
        assert dato in leido
    assert codigos_qr(pdf, 150) == [URL]
    assert codigos_de_barras(pdf, 200) == []
    assert len(paginas(pdf, 30)) == 1


def test_lo_que_no_hay_que_pagar_no_cuenta_como_debido() -> None:
    anulada, partida = (
        replace(DEBIDA, factura=n, estado=e)
        for n, e in ((1, EstadoPublico.SIN_EFECTO), (2, EstadoPublico.POR_RETENCION))
    )
    assert en_resumen([PAGADA, anulada, partida]) == "1 de 1 estampilla pagada; 1 ya utilizada"
    assert en_resumen([anulada, partida]) == "1 Sin efecto, 1 Por retención"
    assert en_resumen([]) == "No se encontró nada"


def test_la_dependencia_sale_cuando_se_conoce() -> None:
    assert "Dependencia" not in texto(imprimir(certificado()))
    assert "Dependencia Oficina de Contratación" in texto(imprimir(certificado(dependencia="Oficina de Contratación")))


def test_que_no_hay_nada_se_dice() -> None:
    pregunta = Pregunta(ClasePregunta.DOCUMENTO, documento="1212312323")
    leido = texto(imprimir(certificado(Consulta(Respuesta(pregunta, Hallazgo.NO_ENCONTRADO)))))
    assert "No se encontró nada" in leido
    assert "Se consultó Trámites de un documento 1212312323" in leido
    assert "No se encontró ninguna liquidación con esos datos." in leido


def test_una_de_cero_dice_por_que() -> None:
    exenta = replace(
        DEBIDA, valor=Decimal(0), estado=EstadoPublico.LEGALIZADO, exencion="Contrato de empréstito, art. 246"
    )
    leido = texto(imprimir(certificado(Consulta(Respuesta(CONTRATO, Hallazgo.ENCONTRADO, (exenta,))))))
    assert "1 de 1 estampilla pagada" in leido
    assert "empréstito" in leido


def test_es_un_pdf_a_etiquetado_con_titulo_e_idioma() -> None:
    with pikepdf.open(BytesIO(imprimir(certificado()))) as documento:
        raiz = documento.Root
        assert raiz.MarkInfo.Marked
        assert str(raiz.Lang) == "es-CO"
        with documento.open_metadata() as datos:
            assert (datos["pdfaid:part"], datos["pdfaid:conformance"]) == ("3", "A")
            assert datos["dc:title"] == "Certificado de validación K7M2-9QWX-3RTE"
        clases = [str(nodo.S) for nodo in etiquetas(documento)]
        assert clases.count("/H1") == 1
        assert {"/Table", "/TH", "/TD", "/H2", "/Figure"} <= set(clases)


def test_igual_contenido_da_iguales_bytes() -> None:
    assert imprimir(certificado()) == imprimir(certificado())
    assert imprimir(certificado()) != imprimir(certificado(quien="Luis"))


def test_lo_que_sale_del_papel_es_lo_que_se_encontro() -> None:
    """Certificates at random: each stamp's row is read back from the text of the page."""
    azar = random.Random(20261125)
    for _ in range(12):
        halladas = [_al_azar(azar, 300000 + n) for n in range(azar.randrange(1, 9))]
        uno = certificado(Consulta(Respuesta(CONTRATO, Hallazgo.ENCONTRADO, halladas)), codigo=nuevo_codigo())
        direccion = f"http://localhost/certificado/{uno.codigo}"
        pdf = imprimir(uno, direccion)
        leido = texto(pdf)
        assert codigos_qr(pdf, 150) == [direccion]
        assert escribir_codigo(uno.codigo) in leido
        for una in halladas:
            # A row is read with its number and value together, whatever the lines that its other cells take.
            assert f"{una.factura} {escribir_pesos(una.valor)} {una.estado.value.split()[0]}" in leido
            if una.cus:
                assert una.cus in leido
            for en in filter(None, (una.pagada_en, una.utilizada_en)):
                assert all(parte in leido for parte in instante_en_palabras(en).split())


def _al_azar(azar: random.Random, factura: int) -> EstampillaHallada:
    estado = azar.choice(list(EstadoPublico))
    pagada = estado in (EstadoPublico.LEGALIZADO, EstadoPublico.UTILIZADA)
    cuando = EN - timedelta(minutes=azar.randrange(1, 500_000))
    return replace(
        DEBIDA,
        factura=factura,
        valor=Decimal(azar.randrange(1, 10**9)),
        estado=estado,
        pagada_en=cuando if pagada else None,
        cus=str(azar.randrange(10**6, 10**8)) if pagada else None,
        utilizada_en=EN if estado is EstadoPublico.UTILIZADA else None,
    )


def test_una_lista_larga_dice_cada_fila_y_repite_los_titulos() -> None:
    consultas = [
        Consulta(
            Respuesta(
                Pregunta(ClasePregunta.FACTURA, str(400000 + n)),
                Hallazgo.ENCONTRADO if n % 3 else Hallazgo.NO_ENCONTRADO,
                [replace(PAGADA, factura=400000 + n)] if n % 3 else (),
            ),
            fila=n + 2,
        )
        for n in range(90)
    ]
    pdf = imprimir(certificado(*consultas))
    leido = texto(pdf)
    assert "Se consultó Lista de 90 filas" in leido
    for c in consultas:
        numero = c.respuesta.pregunta.numero
        if c.respuesta.estampillas:
            assert f"{numero} Pro Bienestar del Adulto Mayor, $235.000: Utilizada; pagada el" in leido
        else:
            assert f"{c.fila} Factura {numero} No encontrado —" in leido
    total = len(paginas(pdf, 30))
    assert total > 2
    assert all("Fila Se consultó Se encontró Por pagar" in texto_de_pagina(pdf, n) for n in range(1, total))


@pytest.mark.parametrize("nombre", ["W" * 120, "<script>alert(1)</script>", "Ñandú & Cía. «S.A.S.»"])
def test_un_nombre_raro_o_largo_no_rompe_el_papel(nombre: str) -> None:
    pdf = imprimir(certificado(quien=nombre))
    assert nombre.replace(" ", "")[:20] in texto(pdf).replace(" ", "")


def test_en_demostracion_lo_dice(papel: Flask) -> None:
    assert "DEMOSTRACIÓN" not in texto(imprimir(certificado()))
    papel.jinja_env.globals["es_demostracion"] = True
    assert "DEMOSTRACIÓN: ningún pago es real y ninguna tarifa obliga." in texto(imprimir(certificado()))
