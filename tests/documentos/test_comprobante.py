"""The printed receipt: PSE's data, only for money that arrived."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask

from portal.documentos.comprobante import pdf_comprobante
from portal.dominio.estados import EstadoPago
from portal.models import Pago
from tests.documentos.lectura import codigos_de_barras, codigos_qr, paginas, texto, texto_de_pagina
from tests.documentos.modelos import URL_PAGO, Oficina, contrato, pago, recaudo


def imprimir(uno: Pago, departamento: Oficina | None = None) -> bytes:
    return pdf_comprobante(uno, departamento=departamento or Oficina(), url=URL_PAGO)


def test_lleva_los_datos_que_pide_pse() -> None:
    pdf = imprimir(pago())
    leido = texto(pdf)
    for dato in (
        "Transacción aprobada",
        "Empresa Gobernación del Putumayo, NIT 900.000.000-8",
        "Descripción Estampillas departamentales, liquidación 1024",
        "Referencia PUT-1024-7H2K9",
        "CUS 1234567",
        "Banco Banco de prueba",
        "Fecha y hora 24 de junio de 2024, 11:05 p. m. (hora de Colombia)",
        "Valor $3.000",
        "Moneda COP",
        "Pagador prueba",
        "Dirección IP 203.0.113.9",
        "Pro Bienestar del Adulto Mayor 238076 $1.000",
        "Instituto Tecnológico del Putumayo 238077 $1.000",
        "TASA PRO-DEPORTE 238078 $1.000",
        "Total $3.000",
        "rentas@correo.test",
    ):
        assert dato in leido
    assert codigos_qr(pdf, 150) == [URL_PAGO]
    assert codigos_de_barras(pdf, 200) == []
    assert len(paginas(pdf, 30)) == 1


def test_el_documento_del_pagador_sale_enmascarado() -> None:
    leido = texto(imprimir(pago()))
    assert "*******323" in leido
    assert "1212312323" not in leido.replace(".", "")


@pytest.mark.parametrize("estado", [e for e in EstadoPago if e is not EstadoPago.APROBADO])
def test_lo_que_no_esta_aprobado_no_tiene_comprobante(estado: EstadoPago) -> None:
    with pytest.raises(ValueError, match="approved"):
        imprimir(pago(estado=estado))


def test_el_dinero_que_no_legalizo_nada_se_dice() -> None:
    doble = pago(recaudos=[recaudo(Decimal(3000), Decimal(0))])
    leido = texto(imprimir(doble))
    assert "Recibimos $3.000 que no legalizaron ninguna estampilla" in leido
    assert "aparecen como Legalizado" not in leido
    assert "no legalizaron" not in texto(imprimir(pago()))


def test_los_datos_del_banco_son_los_del_debito_que_pago_las_estampillas() -> None:
    sobrante = recaudo(Decimal(3000), Decimal(0))
    sobrante.cus, sobrante.banco = "7654321", "Otro banco"
    leido = texto(imprimir(pago(recaudos=[sobrante, recaudo(Decimal(3000), Decimal(3000))])))
    assert "CUS 1234567" in leido
    assert "Banco Banco de prueba" in leido


def test_lo_que_el_banco_no_informa_se_dice() -> None:
    leido = texto(imprimir(pago(recaudos=[], cus=None, banco=None, resuelto_en=None), replace(Oficina(), nit="")))
    assert "CUS No informado por el banco" in leido
    assert "Banco No informado" in leido
    assert "Fecha y hora No informada" in leido
    assert "NIT" not in leido


def test_en_demostracion_lo_dice_y_en_produccion_no(papel: Flask) -> None:
    assert "DEMOSTRACIÓN" not in texto(imprimir(pago()))
    papel.jinja_env.globals["es_demostracion"] = True
    assert "DEMOSTRACIÓN: ningún pago es real y ninguna tarifa obliga." in texto(imprimir(pago()))


def test_muchas_estampillas_y_nombres_largos_siguen_en_otra_pagina() -> None:
    uno = pago(contrato(tuple(range(1, 61))), nombre="W" * 120, banco="M" * 120)
    uno.recaudos = []
    pdf = imprimir(uno)
    total = len(paginas(pdf, 30))
    assert total > 1
    assert "238135" in texto(pdf)
    for hoja in (texto_de_pagina(pdf, n) for n in range(2, total + 1)):
        assert "Estampilla Factura Valor" in hoja


def test_igual_contenido_da_iguales_bytes() -> None:
    assert imprimir(pago()) == imprimir(pago())
