"""The circular in its three formats: equal data, equal bytes, readable by people, screen readers and machines."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pikepdf
import pytest
import time_machine
from python_calamine import CalamineWorkbook

from portal.documentos.circular import html_circular, nombre_de_archivo, pdf_circular, xlsx_circular
from portal.dominio.circular import Circular
from portal.dominio.circular_composicion import componer
from portal.operaciones.archivos_normativa import normativa_de_archivos
from portal.operaciones.circulares import deberes_de, dudas_de
from tests.documentos.lectura import etiquetas, texto, texto_de_pagina
from tests.documentos.modelos import Oficina
from tests.navegador_de_pruebas import revisar_html

OFICINA = Oficina()


def circular(departamento: str = "narino", vigencia: int = 2025) -> Circular:
    return componer(
        normativa_de_archivos(departamento),
        vigencia,
        deberes=deberes_de(departamento),
        dudas=dudas_de(departamento),
    )


def pdf(una: Circular) -> bytes:
    return pdf_circular(una, departamento=OFICINA, demostracion=True)


@pytest.mark.parametrize("formato", ["html", "pdf", "xlsx"])
def test_los_mismos_datos_dan_los_mismos_bytes_otro_dia(formato: str) -> None:
    def hacer() -> str | bytes:
        if formato == "xlsx":
            return xlsx_circular(circular(), departamento=OFICINA)
        return (
            pdf(circular()) if formato == "pdf" else html_circular(circular(), departamento=OFICINA, demostracion=True)
        )

    with time_machine.travel(datetime.fromisoformat("2025-01-02T10:00:00-05:00"), tick=False):
        una = hacer()
    with time_machine.travel(datetime.fromisoformat("2027-12-31T23:00:00-05:00"), tick=False):
        assert hacer() == una


def test_el_pdf_trae_titulo_cifras_normas_y_paginas() -> None:
    escrito = texto(pdf(circular()))
    for parte in (
        "Circular de tarifas 2025",
        "Gobernación del Putumayo",
        "N-SC-03 Inscripción de establecimientos docentes",
        "22 % de un SMMLV",
        "$313.170",
        "$313.200",
        "Decreto 570 de 2024",
        "SMMLV del 1 de enero al 31 de diciembre de 2025 $1.423.500 Decreto 1572 de 2024",
        "art. 246, n.º 11",
        "Ordenanza 028 de 2010, art. 238",
        "Página 1 de 5",
        "Página 5 de 5",
    ):
        assert parte in escrito
    assert "incompleta" not in escrito


def test_la_circular_incompleta_lo_dice_en_cada_pagina() -> None:
    documento = pdf(circular(vigencia=2026))
    with pikepdf.open(BytesIO(documento)) as abierto:
        cuantas = len(abierto.pages)
    for pagina in range(1, cuantas + 1):
        assert "Circular de tarifas 2026 (incompleta) · Gobernación del Putumayo" in texto_de_pagina(documento, pagina)
    escrito = texto(documento)
    assert "Esta circular está incompleta" in escrito
    assert escrito.count("Sin decreto") == 2
    assert "$4.200" not in escrito


def test_los_titulos_de_una_tabla_larga_se_repiten_en_cada_pagina() -> None:
    documento = pdf(circular("cundinamarca"))
    assert (
        texto_de_pagina(documento, 3)
        .split("Acto o documento")[1]
        .startswith(" Tarifa Valor exacto Valor 2025 Artículo SC-")
    )


def test_es_un_pdf_a3_con_tablas_y_titulos_para_quien_lo_escucha() -> None:
    una = circular()
    with pikepdf.open(BytesIO(pdf(una))) as abierto:
        nombres = [str(e.S) for e in etiquetas(abierto)]
        with abierto.open_metadata() as metadatos:
            assert (metadatos["pdfaid:part"], metadatos["pdfaid:conformance"]) == ("3", "A")
        assert str(abierto.docinfo["/Title"]) == "Circular de tarifas 2025"
        assert "/CreationDate" not in abierto.docinfo
    assert nombres.count("/H1") == 1
    assert nombres.count("/H2") == len(una.capitulos) + 2
    assert nombres.count("/Table") == sum(len(c.cuadros) for c in una.capitulos) + 2


def test_el_pdf_lleva_dentro_la_misma_hoja_de_calculo() -> None:
    una = circular()
    with pikepdf.open(BytesIO(pdf(una))) as abierto:
        assert list(abierto.attachments) == [f"{nombre_de_archivo(una)}.xlsx"]
        (adjunto,) = abierto.attachments.values()
        assert adjunto.get_file().read_bytes() == xlsx_circular(una, departamento=OFICINA)
        assert {(archivo.objgen, str(archivo.AFRelationship)) for archivo in abierto.Root.AF} == {
            (adjunto.obj.objgen, "/Data")
        }
        assert adjunto.get_file().mime_type.endswith("spreadsheetml.sheet")


def test_el_excel_trae_numeros_fechas_y_lo_que_falta() -> None:
    libro = CalamineWorkbook.from_filelike(BytesIO(xlsx_circular(circular(vigencia=2026), departamento=OFICINA)))
    assert libro.sheet_names == ["Tarifas", "Valores del año", "Exclusiones y exenciones", "Deberes"]
    filas = libro.get_sheet_by_name("Tarifas").to_python()
    titulos = next(fila for fila in filas if fila[0] == "Estampilla")
    por_acto = {(f[0], f[2]): dict(zip(titulos, f, strict=True)) for f in filas[filas.index(titulos) + 1 :]}
    record = por_acto["Estampilla Pro-Desarrollo Departamental", "N-SC-02"]
    assert (record["Valor exacto"], record["Valor en pesos"]) == (5252.715, 5300)
    assert record["Acto que lo fijó"] == "Decreto 1469 de 2025; Decreto 0159 de 2026"
    assert [str(record[c]) for c in ("Desde", "Hasta")] == ["2026-01-01", "2026-12-31"]
    cultura = next(
        f for (estampilla, _), f in por_acto.items() if "Cultura" in estampilla and f["Cuantía"] == "Sin cuantía"
    )
    assert (cultura["Valor en pesos"], cultura["Valor exacto"]) == ("Sin decreto publicado", "")
    assert "Circular incompleta" in filas[1][0]


def test_el_html_es_un_solo_archivo_bien_formado() -> None:
    pagina = html_circular(circular("cundinamarca"), departamento=OFICINA, demostracion=False)
    inicio, _, resto = pagina.partition("<style>")
    estilo, _, cuerpo = resto.partition("</style>")
    assert "@page" in estilo
    assert "DEMOSTRACIÓN" not in pagina
    revisar_html(inicio + cuerpo)
    assert "<script" not in pagina


def test_un_texto_malicioso_de_la_norma_es_texto() -> None:
    ataque = '<img src=x onerror="alert(1)"><a rel="attachment" href="file:///etc/passwd">x</a>'
    una = circular()
    capitulos = tuple(replace(c, nombre=ataque, norma=ataque) for c in una.capitulos)
    hostil = replace(una, capitulos=capitulos, notas=(ataque,))
    assert "<img" not in html_circular(hostil, departamento=OFICINA, demostracion=True)
    with pikepdf.open(BytesIO(pdf(hostil))) as abierto:
        assert len(abierto.attachments) == 1
    assert '<img src=x onerror="alert(1)">' in texto(pdf(hostil))
