"""The PDFs as the portal serves them say what the database holds, on both engines."""

from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient

from portal.db import db, transaccion
from portal.documentos.codigo_barras import CodigoRecaudo
from portal.models import Liquidacion, Pago
from portal.operaciones import resultados
from portal.operaciones.resultados import Causa
from portal.web.departamento import ajustes_actuales
from tests import fabricas
from tests.documentos.lectura import SEPARADOR, codigos_de_barras, codigos_qr, texto, texto_de_pagina
from tests.encargos import emitir, oficial
from tests.reconocimientos import declaracion, encargo_de_eps


def test_los_codigos_del_pdf_son_los_de_la_base(client: FlaskClient) -> None:
    codigo = fabricas.liquidacion((235000, 0, 4000), provisional=True).codigo
    respuesta = client.get(f"/liquidacion/{codigo}.pdf")
    assert respuesta.status_code == 200
    assert respuesta.mimetype == "application/pdf"
    db.session.expire_all()
    una = db.session.scalars(db.select(Liquidacion).filter_by(codigo=codigo)).one()
    gln = ajustes_actuales().gln
    esperados = [CodigoRecaudo(gln, f.numero, f.valor, una.fecha_limite) for f in una.facturas if f.valor]
    assert codigos_de_barras(respuesta.data, 200) == [
        SEPARADOR.join(parte.encode() for parte in c.carga.split("\xf1")) for c in esperados
    ]
    assert codigos_qr(respuesta.data, 200) == [f"{ajustes_actuales().url}/liquidacion/{codigo}"]
    assert "DEMOSTRACIÓN" in texto(respuesta.data)


def test_el_comprobante_existe_solo_cuando_el_banco_confirma(app: Flask, client: FlaskClient) -> None:
    intento = fabricas.pago(fabricas.contrato())
    direccion = f"/pago/{intento.codigo}/comprobante.pdf"
    assert client.get(direccion).status_code == 404
    with transaccion():
        resultados.aplicar_resultado(
            intento.id,
            fabricas.respuesta(intento),
            causa=Causa.SONDA,
            espera=fabricas.ESPERA,
            ahora=fabricas.AHORA,
        )
    respuesta = client.get(direccion)
    assert respuesta.status_code == 200
    db.session.expire_all()
    pagado = db.session.get_one(Pago, intento.id)
    leido = texto(respuesta.data)
    assert pagado.total == Decimal(470000)
    for dato in ("Transacción aprobada", "$470.000", pagado.referencia, f"CUS {pagado.cus}", "DEMOSTRACIÓN"):
        assert dato in leido
    assert all(str(r.factura.numero) in leido for r in pagado.renglones)
    assert codigos_qr(respuesta.data, 200) == [f"{ajustes_actuales().url}/pago/{pagado.codigo}"]
    # What is paid is not paid again at a counter.
    liquidacion = client.get(f"/liquidacion/{pagado.liquidacion.codigo}.pdf").data
    assert codigos_de_barras(liquidacion, 200) == []
    assert "Legalizado." in texto(liquidacion)


def test_el_papel_dice_quien_reconocio_la_exencion_con_que_y_hasta_cuando(client: FlaskClient) -> None:
    una = emitir(encargo_de_eps(), oficial(), departamento="cundinamarca", declaraciones=[declaracion()])
    pdf = client.get(f"/liquidacion/{una.codigo}.pdf").data
    leido = texto(pdf)
    assert leido.count("Exclusión: EPS, con destino a la salud (Ordenanza 039 de 2020") >= 6
    assert (
        "Regla C-EX-04. Reconocida por Dirección de Rentas y Gestión Tributaria, Certificación 45-2025 del 20 de enero "
        "de 2025 (Superintendencia Nacional de Salud), hasta el 31 de diciembre de 2025."
    ) in texto_de_pagina(pdf, 1), "beside the table that it explains"
    assert leido.count("Reconocida por") == 1, "once for all the stamps of the rule"
    assert codigos_de_barras(pdf, 200) == []
