"""A notice as a complete message: plain text first, HTML beside it, and the document that belongs to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from hashlib import sha256
from typing import Any

from flask import render_template

from portal.documentos.autoridad import Autoridad
from portal.documentos.comprobante import pdf_comprobante
from portal.documentos.pdf import Adjunto
from portal.dominio.consignaciones import QUE_SIGUE
from portal.dominio.correo import PLANTILLAS, leer_datos
from portal.dominio.devoluciones import PALABRAS
from portal.models import Correo, Pago
from portal.operaciones.correos_pago import leer_pago
from portal.operaciones.devoluciones import por_numero

# The absolute public address of a page, from the name of its view and what its address holds.
Direccion = Callable[..., str]
# Opens what the outbox holds sealed.
Abrir = Callable[[str], str]


@dataclass(frozen=True)
class Anexo:
    """What a notice has besides its stored data: the addresses that it links, and the PDFs that go with it."""

    enlaces: Mapping[str, str]
    archivos: Sequence[Adjunto] = ()


def nombre_de(correo: Correo) -> str:
    """What names this notice everywhere and for ever, and tells nothing: a message that is sent twice is the same one."""
    return sha256(correo.clave.encode()).hexdigest()[:40]


def componer(
    correo: Correo, *, departamento: Autoridad, de: str, direccion: Direccion, abrir: Abrir, ahora: datetime
) -> EmailMessage:
    """Write the message of a notice. Needs an application context.

    `de` is the sender's address and `ahora` the message's date. Raises `ValueError` for a header of more than one line,
    `DatoInvalido`, `NoExiste` and whatever its document raises.
    """
    plantilla = PLANTILLAS[correo.plantilla]
    datos = leer_datos(plantilla, correo.datos)
    if "sello" in datos:
        datos["ficha"] = abrir(datos.pop("sello"))
    anexo = _ANEXOS[plantilla.nombre](datos, departamento, direccion)
    contexto = {**datos, **anexo.enlaces, "departamento": departamento, "asunto": correo.asunto}
    mensaje = EmailMessage()
    _encabezar(mensaje, correo, departamento, de, ahora)
    mensaje.set_content(_texto(plantilla.nombre, contexto), charset="utf-8", cte="quoted-printable")
    html = render_template(f"correos/{plantilla.nombre}.html", **contexto)
    mensaje.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    for archivo in anexo.archivos:
        mensaje.add_attachment(archivo.contenido, maintype="application", subtype="pdf", filename=archivo.nombre)
    return mensaje


def _encabezar(mensaje: EmailMessage, correo: Correo, departamento: Autoridad, de: str, ahora: datetime) -> None:
    mensaje["From"] = Address(departamento.gobernacion, addr_spec=de)
    mensaje["To"] = Address(addr_spec=correo.destinatario)
    if departamento.correo:
        mensaje["Reply-To"] = Address(departamento.oficina, addr_spec=departamento.correo)
    mensaje["Subject"] = correo.asunto
    mensaje["Date"] = ahora
    mensaje["Message-ID"] = f"<{nombre_de(correo)}@{de.rpartition('@')[2]}>"
    mensaje["Auto-Submitted"] = "auto-generated"


def _texto(nombre: str, contexto: Mapping[str, Any]) -> str:
    """The plain text, without the blank lines that the absent parts of a template leave."""
    lineas = [linea.rstrip() for linea in render_template(f"correos/{nombre}.txt", **contexto).strip().splitlines()]
    return "\n".join(linea for i, linea in enumerate(lineas) if linea or lineas[i - 1]) + "\n"


def _de_pago(datos: Mapping[str, Any], _departamento: Autoridad, direccion: Direccion) -> Anexo:
    return Anexo(_enlaces(leer_pago(datos["pago"]), direccion))


def _con_comprobante(datos: Mapping[str, Any], departamento: Autoridad, direccion: Direccion) -> Anexo:
    pago = leer_pago(datos["pago"])
    enlaces = _enlaces(pago, direccion)
    pdf = pdf_comprobante(pago, departamento=departamento, url=enlaces["url_pago"])
    return Anexo(enlaces, [Adjunto(f"comprobante-{pago.referencia}.pdf", "Comprobante de pago", pdf)])


def _de_devolucion(datos: Mapping[str, Any], _departamento: Autoridad, direccion: Direccion) -> Anexo:
    una = por_numero(datos["devolucion"])
    # What is said is what it was when the notice was written, whatever became of it since.
    palabras = next(p for p in PALABRAS.values() if p.nombre == datos["estado"])
    enlaces = {
        "url_devolucion": direccion("devolucion.ver", codigo=una.codigo),
        "que": palabras.que,
        "sigue": palabras.sigue,
    }
    return Anexo(_enlaces(leer_pago(datos["pago"]), direccion) | enlaces)


def _de_declaracion(_datos: Mapping[str, Any], _departamento: Autoridad, direccion: Direccion) -> Anexo:
    return Anexo(
        {"url_declaraciones": direccion("agentes_tablero.tablero"), "url_calendario": direccion("calendario.ver")}
    )


def _de_decision(_datos: Mapping[str, Any], _departamento: Autoridad, direccion: Direccion) -> Anexo:
    return Anexo({"url_meses": direccion("agentes.meses")})


def _de_consignacion(datos: Mapping[str, Any], _departamento: Autoridad, direccion: Direccion) -> Anexo:
    return Anexo({"que": QUE_SIGUE[datos["evento"]], "url_consignaciones": direccion("consignaciones.propias")})


def _de_enlace(datos: Mapping[str, Any], _departamento: Autoridad, direccion: Direccion) -> Anexo:
    return Anexo({"url_enlace": direccion("login.enlace", ficha=datos["ficha"])})


def _de_cuenta(_datos: Mapping[str, Any], _departamento: Autoridad, direccion: Direccion) -> Anexo:
    return Anexo({"url_cuenta": direccion("cuenta.ver"), "url_olvido": direccion("login.olvido")})


def _enlaces(pago: Pago, direccion: Direccion) -> dict[str, str]:
    return {
        "url_pago": direccion("pago.ver", codigo=pago.codigo),
        "url_pagar": direccion("pago.buscar"),
        "url_consulta": direccion("consulta.consultar"),
    }


_ANEXOS: Mapping[str, Callable[[Mapping[str, Any], Autoridad, Direccion], Anexo]] = {
    "pago_aprobado": _con_comprobante,
    "pago_sin_debito": _de_pago,
    "pago_revertido": _de_pago,
    "devolucion": _de_devolucion,
    "pago_no_iniciado": _de_pago,
    "recordatorio_declaracion": _de_declaracion,
    "declaracion_aceptada": _de_decision,
    "declaracion_devuelta": _de_decision,
    "consignacion_resuelta": _de_consignacion,
    "invitacion_cuenta": _de_enlace,
    "restablecer_contrasena": _de_enlace,
    "aviso_cuenta": _de_cuenta,
}
