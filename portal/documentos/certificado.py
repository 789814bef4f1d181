"""The certificate of validation on paper: when, who looked, what was asked, and every stamp as it was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from portal.documentos.autoridad import Autoridad
from portal.documentos.pdf import generar_pdf
from portal.documentos.qr import qr_impreso
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.identificacion import escribir_documento
from portal.dominio.letras import fecha_en_letras, hora_en_letras
from portal.dominio.palabras import ROLES
from portal.operaciones.certificados import Certificado, en_palabras
from portal.operaciones.validaciones import ClasePregunta, EstampillaHallada, Pregunta, Respuesta, en_resumen


@dataclass(frozen=True)
class ActoHallado:
    """One liquidación that was found, with its stamps."""

    primera: EstampillaHallada
    estampillas: Sequence[EstampillaHallada]

    @property
    def contribuyente(self) -> str:
        return f"{self.primera.nombre}, {escribir_documento(self.primera.tipo_documento, self.primera.documento)}"


def pdf_certificado(certificado: Certificado, *, departamento: Autoridad, url: str) -> bytes:
    """The certificate as PDF/A-3, in letter size. Needs an application context.

    `url` is where it is verified, printed and in the QR. Names and documents are whole: the paper goes into the file of the
    act, which has them. Equal content gives equal bytes. Raises `DocumentoImposible`.
    """
    html = render_template(
        "documentos/certificado.html",
        certificado=certificado,
        departamento=departamento,
        codigo=escribir_codigo(certificado.codigo),
        fecha=fecha_en_letras(certificado.en),
        hora=hora_en_letras(certificado.en),
        rol=ROLES[certificado.rol],
        resultado=en_resumen(certificado.estampillas),
        pedido=pedido_entero,
        actos=actos_de,
        qr=qr_impreso(url, titulo=f"Código QR para verificar el certificado {escribir_codigo(certificado.codigo)}"),
        url=url,
    )
    return generar_pdf(html)


def actos_de(respuesta: Respuesta) -> list[ActoHallado]:
    """What was found, by liquidación."""
    por_liquidacion: dict[int, list[EstampillaHallada]] = {}
    for una in respuesta.estampillas:
        por_liquidacion.setdefault(una.liquidacion, []).append(una)
    return [ActoHallado(suyas[0], suyas) for suyas in por_liquidacion.values()]


def pedido_entero(pregunta: Pregunta) -> str:
    """What was asked, with the document that was typed."""
    if not pregunta.documento:
        return en_palabras(pregunta)
    de_quien = "NIT o documento " if pregunta.clase is ClasePregunta.CONTRATO else ""
    separador = ", " if de_quien else " "
    return f"{en_palabras(pregunta)}{separador}{de_quien}{pregunta.documento}"
