"""The printed liquidación: what scanners and people read from it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portal.documentos.codigo_barras import FNC1, CodigoRecaudo
from portal.documentos.liquidacion import pdf_liquidacion
from portal.dominio.estados import EstadoFactura
from portal.models import Integrante, Liquidacion, SinEfecto
from portal.models.liquidacion import ClaseContribuyente
from tests.documentos.lectura import SEPARADOR, codigos_de_barras, codigos_qr, paginas, texto, texto_de_pagina
from tests.documentos.modelos import EMITIDA, GLN, URL, Oficina, contrato, tramite


def imprimir(una: Liquidacion, **otros: Any) -> bytes:
    datos: dict[str, Any] = {"departamento": Oficina(), "gln": GLN, "url": URL, "demostracion": True}
    return pdf_liquidacion(una, **(datos | otros))


def esperados(una: Liquidacion) -> list[bytes]:
    """What the counter must read: one symbol for each stamp that can be paid."""
    return [
        CodigoRecaudo(GLN, f.numero, f.valor, una.fecha_limite)
        .carga.encode("latin-1")
        .replace(FNC1.encode("latin-1"), SEPARADOR)
        for f in una.facturas
        if f.valor and f.estado is EstadoFactura.LIQUIDADA
    ]


@pytest.mark.parametrize("ppp", [150, 200])
def test_los_codigos_impresos_dicen_lo_liquidado(ppp: int) -> None:
    una = contrato((1000, 235000, 9_999_999_999))
    pdf = imprimir(una)
    assert codigos_de_barras(pdf, ppp) == esperados(una)
    assert codigos_qr(pdf, ppp) == [URL]


@pytest.mark.parametrize("ppp", [150, 200])
def test_muchas_estampillas_repiten_el_encabezado_y_todas_se_leen(ppp: int) -> None:
    una = contrato(tuple(range(1000, 26000, 1000)))
    pdf = imprimir(una)
    total = len(paginas(pdf, 30))
    assert total > 2
    assert codigos_de_barras(pdf, ppp) == esperados(una)
    for pagina in range(1, total + 1):
        hoja = texto_de_pagina(pdf, pagina)
        assert f"Página {pagina} de {total}" in hoja
        assert "Liquidación de estampillas N.º 1024 · Gobernación del Putumayo" in hoja
        assert hoja.count("DEMOSTRACIÓN") == 1
        assert ("Estampilla Valor Factura Código de barras" in hoja) == ("(415)" in hoja or "Administrador" in hoja)


def test_un_contrato_lleva_los_datos_conocidos_en_su_orden() -> None:
    leido = texto(imprimir(contrato()))
    rotulos = (
        "Gobernación del Putumayo",
        "Secretaría de Hacienda Departamental",
        "Oficina de Rentas",
        "Nombre del contratista prueba C.C. o NIT CC 1.212.312.323",
        "Dirección carrera 5 Teléfono 50235241052",
        "Correo electrónico prueba@correo.test Tipo de contratista Natural",
        "Número de contrato 24062024 Vigencia 2024",
        "Valor del contrato $1.000 Número de proceso 123456789",
        "Tipo de contrato Consultoría Fecha generación 24 de junio de 2024",
        "Objeto PRUEBA Fecha de contrato 24 de junio de 2024",
        "Estampilla Valor Factura Código de barras",
        "Total $3.000 Administrador Admin",
    )
    sitios = [leido.index(rotulo) for rotulo in rotulos]
    assert sitios == sorted(sitios)
    assert "Pague hasta el" in leido
    assert "24 de julio de 2024" in leido
    assert "(415)7709998000001(8020)0000238076(3900)0000001000(96)20240724" in leido


def test_un_tramite_lleva_sus_propios_datos() -> None:
    leido = texto(imprimir(tramite(valor_acto=Decimal("46911499.50"), objeto="Pasaporte de urgencia")))
    rotulos = ("Nombre prueba Documento CC 1.212.312.323", "Dirección", "Teléfono", "Correo electrónico", "Trámite")
    sitios = [leido.index(rotulo) for rotulo in rotulos]
    assert sitios == sorted(sitios)
    assert "Fecha de generación 24 de junio de 2024 Base $46.911.499,50" in leido
    assert "Observación Pasaporte de urgencia" in leido
    assert "contrat" not in leido.lower()


def test_tres_estampillas_con_explicaciones_reales_caben_en_una_pagina() -> None:
    una = contrato(
        nombre="UNION TEMPORAL PUTUMAYO SEGURO 20/24", clase=ClaseContribuyente.CONSORCIO, objeto="Servicio " * 30
    )
    for factura in una.facturas:
        factura.explicacion = (
            "$46.911.499,50 × 0,5 % = $234.557,4975, redondeado al múltiplo de mil más cercano: $235.000. "
            "Ordenanza 000 de 2020, artículo 1."
        )
    una.avisos = ["El valor no incluye IVA"]
    assert len(paginas(imprimir(una), 30)) == 1


def test_cada_valor_se_explica_con_su_norma_una_sola_vez() -> None:
    una = contrato()
    una.facturas[0].explicacion = "Texto propio. Ordenanza 1 de 2020."
    una.facturas[0].norma = "Ordenanza 1 de 2020"
    leido = texto(imprimir(una))
    assert "Pro Bienestar del Adulto Mayor. Texto propio. Ordenanza 1 de 2020." in leido
    assert leido.count("Ordenanza 1 de 2020") == 1
    assert leido.count("Norma: Tarifa provisional de demostración.") == 2


def test_una_estampilla_de_cero_muestra_su_motivo_y_no_codigo() -> None:
    una = contrato((1000, 0, 2000))
    una.facturas[1].exencion = "Exenta según la norma de prueba"
    pdf = imprimir(una)
    assert codigos_de_barras(pdf, 150) == esperados(una)
    assert len(esperados(una)) == 2
    assert "No hay valor por pagar: Exenta según la norma de prueba." in texto(pdf)
    assert "$0 238077" in texto(pdf)


def test_si_todo_es_cero_no_hay_plazo() -> None:
    leido = texto(imprimir(contrato((0,))))
    assert "Pague hasta el" not in leido
    assert "pague en línea" not in leido


@pytest.mark.parametrize(
    ("estado", "palabra"),
    [
        (EstadoFactura.LEGALIZADA, "Legalizado."),
        (EstadoFactura.UTILIZADA, "Utilizada."),
        (EstadoFactura.EN_VERIFICACION, "En verificación. Hay un pago en proceso en el banco."),
    ],
)
def test_lo_que_no_se_debe_no_lleva_codigo(estado: EstadoFactura, palabra: str) -> None:
    una = contrato()
    una.facturas[0].estado = estado
    pdf = imprimir(una)
    assert codigos_de_barras(pdf, 150) == esperados(una)
    assert len(esperados(una)) == 2
    assert palabra in texto(pdf)


@pytest.mark.parametrize("valor", ["10000000000", "1000.50"])
def test_un_valor_que_no_cabe_en_el_codigo_se_paga_en_linea(valor: str) -> None:
    pdf = imprimir(contrato((valor,)))
    assert codigos_de_barras(pdf, 150) == []
    assert "Este valor no cabe en el código de barras. Páguelo en línea." in texto(pdf)


def test_dejada_sin_efecto_lo_dice_en_cada_pagina_y_no_se_puede_pagar() -> None:
    una = contrato((1000,) * 40, vigente=False)
    una.sin_efecto = SinEfecto(en=EMITIDA, usuario_nombre="Rentas", motivo="El contrato no se firmó.")
    pdf = imprimir(una)
    assert codigos_de_barras(pdf, 150) == []
    leido = texto(pdf)
    assert "SIN EFECTO: no pague esta liquidación." in leido
    assert "Fue dejada sin efecto el 24 de junio de 2024. Motivo: El contrato no se firmó." in leido
    assert "Pague hasta el" not in leido
    # The ghost letters are grey ink on every page, several times what the edges of letters give in one in force.
    con, sin = (paginas(hojas, 60) for hojas in (pdf, imprimir(contrato((0,) * 40))))
    assert len(con) > 1
    assert min(_gris_claro(hoja) for hoja in con) > 2 * max(_gris_claro(hoja) for hoja in sin)


def _gris_claro(pagina: Any) -> int:
    return sum(pagina.histogram()[0xDD - 2 : 0xDD + 3])


def test_las_leyendas_salen_solo_cuando_corresponden() -> None:
    provisional = texto(imprimir(contrato()))
    assert "Tarifas provisionales de demostración:" in provisional
    assert "DEMOSTRACIÓN: ningún pago es real y ninguna tarifa obliga." in provisional
    una = contrato(provisional=False)
    for factura in una.facturas:
        factura.norma = "Ordenanza 1 de 2020"
    firme = texto(imprimir(una, demostracion=False))
    assert "provisional" not in firme
    assert "DEMOSTRACIÓN" not in firme


def test_los_avisos_se_imprimen_y_el_de_tarifas_provisionales_no_se_repite() -> None:
    avisos = ["El valor $1.000 no se usó", "Las tarifas son provisionales, de demostración: no tienen norma publicada"]
    leido = texto(imprimir(contrato(avisos=avisos)))
    assert "El valor $1.000 no se usó." in leido
    assert "Las tarifas son provisionales" not in leido


@pytest.mark.parametrize("letra", ["MMMM ", "W", "ñandú ", "\u200d", "漢"])
def test_nombres_larguisimos_no_rompen_la_pagina(letra: str) -> None:
    largo = (letra * 400)[:400]
    una = contrato(nombre=largo, contratante=largo, acto_nombre=largo, direccion=largo, objeto=largo * 2, correo=largo)
    for factura in una.facturas:
        factura.estampilla_nombre = largo[:160]
    pdf = imprimir(una, departamento=replace(Oficina(), oficina=largo))
    assert codigos_de_barras(pdf, 150) == esperados(una)
    assert all(_margen_derecho_limpio(pagina) for pagina in paginas(pdf, 50))


def _margen_derecho_limpio(pagina: Any) -> bool:
    """No ink in the last 10 mm of the sheet."""
    ancho, alto = pagina.size
    return bool(pagina.crop((ancho - round(10 / 25.4 * 50), 0, ancho, alto)).getextrema()[0] == 255)


def test_una_adicion_y_un_contrato_sin_cuantia_se_dicen() -> None:
    leido = texto(imprimir(contrato(adicion=2, valor_acto=None, fecha_contrato=None, numero_proceso="")))
    assert "24062024, adición 2" in leido
    assert "Valor de la adición Sin cuantía Número de proceso No informado" in leido
    assert "Fecha de contrato No informada" in leido


def test_sin_datos_de_contacto_no_quedan_rotulos_vacios() -> None:
    leido = texto(imprimir(contrato(), departamento=replace(Oficina(), nit="", correo="", telefono="")))
    assert "¿Preguntas" not in leido
    assert "· NIT" not in leido


def test_igual_contenido_da_iguales_bytes_y_otro_contenido_otros() -> None:
    assert imprimir(contrato()) == imprimir(contrato())
    assert imprimir(contrato()) != imprimir(contrato(fecha_limite=date(2024, 7, 25)))


def test_por_retencion_no_trae_codigo_de_barras_ni_plazo_y_lo_dice() -> None:
    pdf = imprimir(contrato((235000, 0), por_retencion=True))
    leido = texto(pdf)
    assert codigos_de_barras(pdf, 200) == []
    assert "Por retención. Se cobra por partes" in leido
    assert "Esta liquidación no se paga completa" in leido
    assert "Pague hasta el" not in leido
    assert "pague en línea" not in leido


def test_una_cuenta_se_imprime_como_tal_y_se_paga() -> None:
    pdf = imprimir(contrato((1000,), cuenta="3", valor_acto=Decimal(500000)))
    leido = texto(pdf)
    assert "24062024, cuenta 3" in leido
    assert "Valor de la cuenta $500.000" in leido
    assert len(codigos_de_barras(pdf, 200)) == 1


def test_los_integrantes_se_imprimen_con_lo_que_les_corresponde() -> None:
    socios = [
        Integrante(orden=0, tipo_documento="NIT", documento="900123456", nombre="SOCIEDAD UNO", porcentaje="66.67"),
        Integrante(orden=1, tipo_documento="CC", documento="51234567", nombre="PERSONA DOS", porcentaje="33.33"),
    ]
    leido = texto(imprimir(contrato((1000, 235000), integrantes=socios)))
    assert "SOCIEDAD UNO NIT 900.123.456-8 · 66,67 % · $157.342" in leido
    assert "PERSONA DOS CC 51.234.567 · 33,33 % · $78.658" in leido
