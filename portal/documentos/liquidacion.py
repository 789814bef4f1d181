"""The liquidación on paper: the known layout, one barcode per stamp, and why each value is what it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import render_template
from markupsafe import Markup

from portal.db import soltar_lectura
from portal.documentos.autoridad import Autoridad
from portal.documentos.codigo_barras import CodigoRecaudo, barras_codigo, cabe_en_codigo
from portal.documentos.pdf import generar_pdf
from portal.documentos.qr import qr_impreso
from portal.dominio.estados import SIGNIFICADO, EstadoPublico
from portal.dominio.palabras import CLASES_CONTRIBUYENTE, nombre_de
from portal.models import Factura, Liquidacion, Recaudo


@dataclass(frozen=True)
class Renglon:
    """One stamp of the table: its barcode with the line for people, or the reason why it has none."""

    factura: Factura
    barras: Markup = Markup()
    legible: str = ""
    motivo: str = ""


def pdf_liquidacion(
    liquidacion: Liquidacion,
    *,
    departamento: Autoridad,
    gln: str,
    url: str,
    demostracion: bool,
    creditos: Mapping[int, Recaudo] = MappingProxyType({}),
) -> bytes:
    """The liquidación as PDF/A-3, in letter size. Needs an application context.

    `gln` names the collection agreement, `url` is the liquidación's page, printed and in the QR. A stamp gets a barcode
    only while it can be paid, so that no counter takes money for one that is paid, in process or voided. Equal content
    gives equal bytes. `creditos` pay its facturas, by their ids: one that an agent withheld says so. Raises
    `DocumentoImposible`.
    """
    html = render_template(
        "documentos/liquidacion.html",
        liquidacion=liquidacion,
        departamento=departamento,
        renglones=[_renglon(factura, liquidacion, gln, creditos.get(factura.id)) for factura in liquidacion.facturas],
        clase=nombre_de(CLASES_CONTRIBUYENTE, liquidacion.clase.value),
        qr=qr_impreso(url, titulo=f"Código QR de la página de la liquidación {liquidacion.numero}"),
        url=url,
        demostracion=demostracion,
    )
    soltar_lectura()
    return generar_pdf(html)


def _renglon(factura: Factura, liquidacion: Liquidacion, gln: str, credito: Recaudo | None) -> Renglon:
    motivo = _por_que_sin_codigo(factura, liquidacion, credito)
    if motivo:
        return Renglon(factura, motivo=motivo)
    codigo = CodigoRecaudo(gln, factura.numero, factura.valor, liquidacion.fecha_limite)
    return Renglon(factura, barras=barras_codigo(codigo), legible=codigo.legible)


def _por_que_sin_codigo(factura: Factura, liquidacion: Liquidacion, credito: Recaudo | None) -> str:
    """A sentence for the place of the barcode; empty when there is one. The due date is the bank's own check."""
    if not liquidacion.vigente:
        return "Sin efecto. No se paga."
    if not factura.valor:
        return f"No hay valor por pagar: {factura.exencion or 'el cálculo da $0'}."
    publico = factura.estado_publico(liquidacion.fecha_limite)
    if publico is EstadoPublico.LEGALIZADO and credito and (retenida := credito.retenida()):
        return f"{publico.value}. {retenida}."
    if publico is not EstadoPublico.LIQUIDADO:
        return f"{publico.value}. {SIGNIFICADO[publico]}"
    if not cabe_en_codigo(factura.valor):
        return "Este valor no cabe en el código de barras. Páguelo en línea."
    return ""
