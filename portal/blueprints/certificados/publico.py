"""`/certificado/<código>`: what was certified, what it is worth today, and nobody's identity."""

from typing import Any

from flask import current_app, render_template

from portal.blueprints.certificados.blueprint import bp
from portal.documentos.certificado import actos_de
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.identificacion import enmascarar_documento, enmascarar_nombre
from portal.operaciones import certificados
from portal.operaciones.certificados import en_palabras
from portal.operaciones.validaciones import EstampillaHallada, Respuesta
from portal.web.acceso import publico
from portal.web.reloj import hoy


@bp.get("/certificado/<codigo>")
@publico
def verificado(codigo: str) -> Any:
    """Whoever holds the paper compares it with this; what is no certificate's is counted and answered as a stamp's code is."""
    fila = certificados.por_codigo(codigo)
    if fila is None:
        return current_app.view_functions["estampillas.ver"](codigo)
    certificado = certificados.leer(fila)
    return render_template(
        "certificados/verificado.html",
        fila=fila,
        certificado=certificado,
        codigo=escribir_codigo(fila.codigo),
        quien=enmascarar_nombre(fila.usuario_nombre),
        hoy=certificados.de_hoy(fila, certificado, hoy=hoy()),
        actos=actos_de,
        pedido=_pedido,
        contribuyente=_contribuyente,
    )


def _pedido(respuesta: Respuesta) -> str:
    """What was asked, with what is left of the document once it is hidden."""
    pregunta = respuesta.pregunta
    oculto = f", documento {enmascarar_documento(pregunta.documento)}" if pregunta.documento else ""
    return en_palabras(pregunta) + oculto


def _contribuyente(una: EstampillaHallada) -> str:
    """A company's data are public; a person's are hidden (I-21)."""
    if una.natural:
        return f"{enmascarar_nombre(una.nombre)}, {una.tipo_documento} {enmascarar_documento(una.documento)}"
    return una.nombre
