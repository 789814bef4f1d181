"""The receipt of an approved payment, with the data that PSE asks a company to give its payer."""

from flask import render_template

from portal.db import soltar_lectura
from portal.documentos.autoridad import Autoridad
from portal.documentos.pdf import generar_pdf
from portal.documentos.qr import qr_impreso
from portal.dominio.estados import EstadoPago
from portal.dominio.identificacion import enmascarar_documento
from portal.models import Pago, Recaudo


def pdf_comprobante(pago: Pago, *, departamento: Autoridad, url: str) -> bytes:
    """The receipt as PDF/A-3, in letter size. Needs an application context.

    `url` is the payment's page, printed and in the QR. The payer's document shows its last three characters: the
    receipt travels. Equal content gives equal bytes. Raises `ValueError` for a payment that was not approved: no paper
    says paid otherwise (I-16); and `DocumentoImposible`.
    """
    if pago.estado is not EstadoPago.APROBADO:
        raise ValueError("only an approved payment has a receipt")
    debito = _debito(pago)
    html = render_template(
        "documentos/comprobante.html",
        pago=pago,
        departamento=departamento,
        cus=(debito and debito.cus) or pago.cus,
        banco=(debito and debito.banco) or pago.banco,
        fecha=(debito and debito.fecha_banco) or pago.resuelto_en,
        documento_pagador=f"{pago.tipo_documento} {enmascarar_documento(pago.documento)}",
        renglones=sorted(pago.renglones, key=lambda renglon: renglon.factura.orden),
        qr=qr_impreso(url, titulo=f"Código QR de la página del pago {pago.referencia}"),
        url=url,
    )
    soltar_lectura()
    return generar_pdf(html)


def _debito(pago: Pago) -> Recaudo | None:
    """The credit that legalised the stamps; when none did, the first that arrived."""
    return next((r for r in pago.recaudos if r.aplicado), pago.recaudos[0] if pago.recaudos else None)
