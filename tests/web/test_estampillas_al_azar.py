"""Stamps made up at random, through the real pages: the paper says what the ledger says, and its symbols read back.

`make estampillas` tries 1,000; the suite, some thirty. The seed is fixed: what fails fails again.
"""

import os
import random
from decimal import Decimal

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.db import db
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.dinero import escribir_pesos
from portal.dominio.identificacion import escribir_documento
from portal.dominio.sello import leer_mensaje, separar
from portal.models import Asiento, EstampillaElectronica, Factura, Impresion, Liquidacion
from portal.models.liquidacion import ClaseContribuyente
from portal.operaciones import claves, estampillas
from tests import estampillas as de_prueba
from tests import fabricas
from tests.documentos.lectura import paginas, texto

CUANTAS = int(os.environ.get("ESTAMPILLAS", "30"))
POR_ACTO = 3
NOMBRES = (
    "ANDREA JIMENA ORTIZ MUÑOZ",
    "UNIÓN TEMPORAL VÍAS DEL SUR 2025",
    "O'NEILL & HIJOS S.A.S.",
    "Ñusta Ágreda <b>de la Ü</b>",
    "COOPERATIVA DE TRABAJO ASOCIADO DE LAS COMUNIDADES DEL BAJO PUTUMAYO Y SUS AFLUENTES LIMITADA",
)


def acto_al_azar(azar: random.Random) -> Liquidacion:
    """A paid liquidación of three stamps, a contract or a procedure, of anybody."""
    valores = tuple(
        azar.choice([azar.randint(1, 9), azar.randint(100, 10**6), azar.randint(1, 10**9)]) for _ in range(3)
    )
    datos = {"nombre": azar.choice(NOMBRES), "clase": azar.choice(list(ClaseContribuyente))}
    if azar.random() < 0.5:
        documento = str(azar.randint(10**8, 10**9 - 1))
        datos |= {"documento": documento, "acto_nombre": "Licencia de tránsito — duplicado (1/2)"}
        una = fabricas.liquidacion(valores, **datos)
    else:
        nit = str(azar.randint(800 * 10**6, 999 * 10**6))
        datos["valores"] = valores
        una = fabricas.contrato(str(azar.randint(1, 10**6)), nit, azar.randint(2015, 2026), **datos)
    de_prueba.pagar(una)
    return una


def cobrado(factura: Factura) -> Decimal:
    """What the ledger has of it."""
    suyos = db.session.scalars(select(Asiento).where(Asiento.factura_id == factura.id))
    return sum((a.valor_en(f"estampilla:{factura.estampilla}") for a in suyos), Decimal(0))


def revisar(client: FlaskClient, codigo: str) -> int:
    """Look at the sheet of an act as a person, a reader of barcodes and a telephone would; how many stamps it had."""
    una = db.session.scalars(select(Liquidacion).where(Liquidacion.codigo == codigo)).one()
    direccion = f"/liquidacion/{codigo}/estampillas.pdf"
    pdf = client.get(direccion).data
    assert client.get(direccion).data == pdf
    vigentes = estampillas.de_liquidacion(una.id)
    leido = texto(pdf)
    hojas = paginas(pdf, 200)
    barras = [h.text for p in hojas for h in zxingcpp.read_barcodes(p, formats=zxingcpp.BarcodeFormat.Code128)]
    qr = [h.text for p in hojas for h in zxingcpp.read_barcodes(p, formats=zxingcpp.BarcodeFormat.QRCode)]
    assert sorted(barras) == sorted(f"{f.numero:010d}" for f in una.facturas)
    assert sorted(qr) == sorted(f"http://localhost/v/{e.sello}" for e in vigentes)
    for estampilla in vigentes:
        _dice_lo_del_libro(estampilla, leido)
    assert "".join(una.nombre.split()) in "".join(leido.split())
    assert escribir_documento(una.tipo_documento, una.documento) in leido
    return len(vigentes)


def _dice_lo_del_libro(estampilla: EstampillaElectronica, leido: str) -> None:
    factura = estampilla.factura
    mensaje, firma = separar(estampilla.sello)
    sello = leer_mensaje(mensaje)
    assert claves.vale(sello.clave, mensaje, firma)
    assert sello.valor == factura.valor == cobrado(factura) > 0
    assert sello.factura == factura.numero
    for dato in (
        f"Valor: {escribir_pesos(cobrado(factura))}",
        factura.estampilla_nombre,
        str(factura.numero),
        escribir_codigo(estampilla.codigo),
        f"CUS {estampilla.recaudo.cus}",
    ):
        assert dato in leido


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_el_papel_dice_lo_del_libro_y_sus_codigos_se_leen(app: Flask, client: FlaskClient) -> None:
    azar = random.Random(20261125)
    actos = [acto_al_azar(azar).codigo for _ in range(-(-CUANTAS // POR_ACTO))]
    db.session.rollback()
    revisadas = sum(revisar(client, codigo) for codigo in actos)
    assert revisadas >= CUANTAS
    anotadas = db.session.scalars(select(Impresion)).all()
    assert len(anotadas) == len(actos), "each sheet was written down once, however often it was printed"
