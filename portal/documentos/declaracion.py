"""The monthly return on paper: what was filed, one line per stamp in the order of the form, with its digest and its QR.

The content is that of form A-GI-FR-169 of Cundinamarca (manual A-GI-MA-010, 6); a department whose norms give no form prints
the same without a code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import render_template

from portal.documentos.autoridad import Autoridad
from portal.documentos.pdf import generar_pdf
from portal.documentos.qr import qr_impreso
from portal.dominio.calendario import mes_en_palabras
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.declaraciones import Renglon, huella, leer, sumar
from portal.models import Declaracion


@dataclass(frozen=True)
class LineaDelFormulario:
    """One stamp: its acts, in pesos."""

    nombre: str
    cantidad: int
    base: Decimal
    liquidado: Decimal
    retenido: Decimal
    pagado: Decimal


def pdf_declaracion(
    declaracion: Declaracion,
    contenido: str,
    *,
    departamento: Autoridad,
    demostracion: bool,
    vence: date | None,
    url: str,
) -> bytes:
    """A version of a return as PDF/A-3, in letter size. Needs an application context.

    `contenido` is the text that its digest covers; `url`, the public page of a version that was filed. A draft says so all over
    and has no QR. Equal content gives equal bytes. Raises `DocumentoImposible`.
    """
    renglones, cabecera = leer(contenido)
    es_borrador = declaracion.numero is None
    codigo = escribir_codigo(declaracion.codigo)
    html = render_template(
        "documentos/declaracion.html",
        declaracion=declaracion,
        cabecera=cabecera,
        titulo=cabecera["titulo"] or "Declaración mensual de estampillas",
        mes=mes_en_palabras(date.fromisoformat(cabecera["mes"])),
        lineas=lineas_de(renglones, cabecera["estampillas"]),
        renglones=renglones,
        sumas=sumar(renglones),
        vence=vence,
        huella=huella(contenido),
        es_borrador=es_borrador,
        codigo=codigo,
        qr=None if es_borrador else qr_impreso(url, titulo=f"Código QR para comprobar la declaración {codigo}"),
        url=url,
        departamento=departamento,
        demostracion=demostracion,
    )
    return generar_pdf(html)


def lineas_de(renglones: Sequence[Renglon], estampillas: Sequence[Any]) -> list[LineaDelFormulario]:
    """The lines of the form: every stamp of it in its order, those without movement too. `estampillas`: code and name."""
    lineas = []
    for codigo, nombre in estampillas:
        suyos = [r for r in renglones if r.estampilla == codigo]
        sumas = sumar(suyos)
        lineas.append(
            LineaDelFormulario(
                nombre=nombre,
                cantidad=sum(r.cantidad for r in suyos),
                base=sum((r.base for r in suyos), Decimal(0)),
                liquidado=sumas.liquidado,
                retenido=sumas.retenido,
                pagado=sumas.pagado,
            )
        )
    return lineas
