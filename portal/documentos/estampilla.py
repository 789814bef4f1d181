"""The electronic stamp on paper: what the norms order it to say, and the QR and codes by which anybody checks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from flask import render_template
from markupsafe import Markup

from portal.documentos.autoridad import Autoridad
from portal.documentos.codigo_barras import barras_numero
from portal.documentos.pdf import Adjunto, generar_pdf, huella_de_contenido
from portal.documentos.qr import qr_impreso
from portal.dominio.calendario import BOGOTA
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.declaraciones import retenida_por
from portal.dominio.sello import leer_mensaje, separar
from portal.models import EstampillaElectronica
from portal.operaciones.estampillas import Situacion

_RETENCION = "retencion"
CANALES = {
    "pse": "PSE",
    "ventanilla": "Ventanilla del banco",
    "manual": "Consignación revisada por Tesorería",
    _RETENCION: "Retención de la entidad",
    "migracion": "Pagada en el sistema anterior",
}


@dataclass(frozen=True)
class Impreso:
    """A document: its bytes, the SHA-256 of them and of the content that they come from."""

    pdf: bytes
    contenido: str

    @property
    def huella(self) -> str:
        return sha256(self.pdf).hexdigest()


@dataclass(frozen=True)
class _Ficha:
    """One stamp of a sheet; `datos` is what was fixed when it was issued."""

    codigo: str
    datos: dict[str, Any]
    valor: Decimal
    canal: str
    pagada_en: datetime | None
    retenida: str
    expedida_en: datetime
    contribuyente: str
    utilizada_en: datetime | None
    qr: Markup
    barras: Markup


def imprimir_estampillas(
    estampillas: Sequence[tuple[EstampillaElectronica, Situacion]],
    *,
    departamento: Autoridad,
    url: str,
    completa: bool,
    demostracion: bool,
) -> Impreso:
    """Stamps of one liquidación as PDF/A-3, in letter size, each with its signed text attached. Needs an application context.

    `url` is the origin of the portal, for the QR. The contributor is printed whole only when `completa`; otherwise as in the
    QR. A used stamp says so. Equal content gives equal bytes. Raises `ValueError` for a stamp that is worth nothing now: no
    paper says paid otherwise (I-16); and `DocumentoImposible`.
    """
    if not estampillas or not all(situacion.esta_pagada for _, situacion in estampillas):
        raise ValueError("only a stamp that is paid now is printed")
    primera = estampillas[0][0]
    html = render_template(
        "documentos/estampillas.html",
        fichas=[_ficha(uno, situacion, url, completa) for uno, situacion in estampillas],
        liquidacion=primera.impresa["liquidacion"],
        departamento=departamento,
        url=url,
        demostracion=demostracion,
    )
    adjuntos = [_adjunto(uno) for uno, _ in estampillas]
    return Impreso(generar_pdf(html, adjuntos), huella_de_contenido(html, adjuntos))


def _ficha(estampilla: EstampillaElectronica, situacion: Situacion, url: str, completa: bool) -> _Ficha:
    datos = estampilla.impresa
    pago = datos["pago"]
    codigo = escribir_codigo(estampilla.codigo)
    return _Ficha(
        codigo=codigo,
        datos=datos,
        valor=Decimal(datos["valor"]),
        canal=CANALES[pago["canal"]] if pago else "",
        pagada_en=datetime.fromisoformat(pago["fecha"]) if pago else None,
        retenida=_retenida(pago) if pago and pago["canal"] == _RETENCION else "",
        expedida_en=estampilla.expedida_en,
        contribuyente="" if completa else leer_mensaje(separar(estampilla.sello)[0]).contribuyente,
        utilizada_en=situacion.desde if situacion.utilizada else None,
        qr=qr_impreso(f"{url}/v/{estampilla.sello}", titulo=f"Código QR para comprobar la estampilla {codigo}"),
        barras=barras_numero(datos["factura"]),
    )


def _retenida(pago: dict[str, str]) -> str:
    """Of a stamp that an agent withheld: who, which day, and by which paper."""
    dia = datetime.fromisoformat(pago["fecha"]).astimezone(BOGOTA).date()
    return retenida_por(pago["banco"], dia, pago["autorizacion"])


def _adjunto(estampilla: EstampillaElectronica) -> Adjunto:
    return Adjunto(
        nombre=f"sello-{estampilla.codigo}.txt",
        descripcion=f"El texto firmado de la estampilla {escribir_codigo(estampilla.codigo)}, el mismo de su código QR",
        contenido=estampilla.sello.encode(),
    )
