"""Every notice as a mail program reads it: two formats that say the same, clean headers, the receipt attached."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import cast

import html5lib
import pytest
from flask import Flask

from portal.db import db, transaccion
from portal.documentos import correo as documento
from portal.documentos.correo import componer, nombre_de
from portal.dominio.consignaciones import QUE_SIGUE, EventoConsignacion
from portal.dominio.correo import PLANTILLAS, escribir_asunto
from portal.dominio.devoluciones import CausalDevolucion
from portal.models import Correo, EstadoCorreo, Pago
from portal.operaciones import resultados
from portal.operaciones.resultados import Causa
from portal.web.departamento import departamento_actual
from tests import fabricas
from tests.devoluciones import pedir
from tests.documentos.lectura import texto as texto_del_pdf

pytestmark = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
EN = datetime(2026, 11, 21, 19, 5, tzinfo=UTC)
# What each key looks like when it is read by a person.
MUESTRAS = {
    "referencia": ("L9-REFERENCIA", "L9-REFERENCIA"),
    "liquidacion": ("987", "987"),
    "total": ("235000", "$235.000"),
    "en": (EN.isoformat(), "21 de noviembre de 2026, 2:05 p. m."),
    "cus": ("CUS-777", "CUS-777"),
    "banco": ("BANCO <UNIÓN> & CÍA", "BANCO <UNIÓN> & CÍA"),
    "excedente": ("4000", "$4.000"),
    "resultado": ("rechazada", "rechazada"),
    "valor": ("9000", "$9.000"),
    "estado": ("Aprobada", "Aprobada"),
    "entidad": ("Hospital <La Unión> & CÍA", "Hospital <La Unión> & CÍA"),
    "mes": ("abril de 2025", "abril de 2025"),
    "vence": ("2025-05-12", "12 de mayo de 2025"),
    "aviso": ("Faltan 5 días", "Faltan 5 días"),
    "declaracion": ("4321", "4321, versión 2"),
    "version": ("2", "versión 2"),
    "declarado": ("18000", "$18.000"),
    "motivo": ("Falta la orden <45> & su soporte", "Falta la orden <45> & su soporte"),
    "consignacion": ("6543", "6543"),
    "hasta": (EN.isoformat(), "21 de noviembre de 2026, 2:05 p. m."),
    "sello": ("abc", "ficha-de-abc"),
    "suceso": ("se cambió la contraseña", "se cambió la contraseña"),
    "evento": ("deshacer", QUE_SIGUE[EventoConsignacion.DESHACER]),
}


def direccion(vista: str, **valores: str) -> str:
    return f"https://estampillas.ejemplo.gov.co/{vista}/{valores.get('codigo', '') or valores.get('ficha', '')}"


def aprobado() -> Pago:
    pago = fabricas.pago(fabricas.contrato())
    with transaccion():
        resultados.aplicar_resultado(
            pago.id, fabricas.respuesta(pago), causa=Causa.SONDA, espera=fabricas.ESPERA, ahora=fabricas.AHORA
        )
        db.session.get_one(Pago, pago.id).nombre = "Ana María Pagadora"
    return db.session.get_one(Pago, pago.id)


def correo_de(nombre: str, pago: Pago, **cambios: str) -> Correo:
    plantilla = PLANTILLAS[nombre]
    propios = {"pago": str(pago.id)}
    if "devolucion" in plantilla.datos:
        facturas = tuple(r.factura.numero for r in pago.renglones)
        propios["devolucion"] = str(pedir(pago, CausalDevolucion.NO_DEBIDO, facturas).numero)
    datos = {clave: propios.get(clave) or MUESTRAS[clave][0] for clave in plantilla.datos} | cambios
    return Correo(
        clave=f"prueba:{nombre}",
        destinatario=pago.correo,
        asunto=escribir_asunto(plantilla, datos),
        plantilla=nombre,
        datos=datos,
        estado=EstadoCorreo.PENDIENTE,
    )


def escribir(correo: Correo) -> EmailMessage:
    """The message as it is read from its bytes at the other end."""
    mensaje = componer(
        correo,
        departamento=departamento_actual(),
        de="portal@ejemplo.gov.co",
        direccion=direccion,
        abrir=lambda sello: f"ficha-de-{sello}",
        ahora=EN,
    )
    leido = message_from_bytes(mensaje.as_bytes(policy=SMTP), policy=default)
    assert not [parte.defects for parte in leido.walk() if parte.defects]
    return cast(EmailMessage, leido)


def partes(mensaje: EmailMessage) -> tuple[str, str]:
    """Plain text, and the text of the HTML."""
    llano, html = mensaje.get_body(("plain",)), mensaje.get_body(("html",))
    assert llano is not None
    assert html is not None
    arbol = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html.get_content())
    return llano.get_content(), " ".join(arbol.find("body").itertext())


def sin_espacios(texto: str) -> str:
    return " ".join(texto.split())


@pytest.mark.parametrize("nombre", PLANTILLAS)
def test_cada_aviso_dice_sus_datos_en_los_dos_formatos(app: Flask, nombre: str) -> None:
    pago = aprobado()
    textos = [sin_espacios(t) for t in partes(escribir(correo_de(nombre, pago)))]
    for clave in PLANTILLAS[nombre].datos:
        if clave in ("pago", "devolucion"):
            continue
        for texto in textos:
            assert MUESTRAS[clave][1].lower() in texto.lower(), f"{nombre} does not say {clave}"
    for texto in textos:
        if "pago" in PLANTILLAS[nombre].datos:
            assert direccion("pago.ver", codigo=pago.codigo) in texto
        assert departamento_actual().gobernacion in texto
        assert "DEMOSTRACIÓN" in texto
        assert not re.search(r"None|undefined|\{[{%]|[}%]\}", texto)


@pytest.mark.parametrize("nombre", PLANTILLAS)
def test_el_texto_llano_va_primero_en_utf8_y_se_lee_bien(app: Flask, nombre: str) -> None:
    mensaje = escribir(correo_de(nombre, aprobado()))
    alternativas = next(p for p in mensaje.walk() if p.get_content_type() == "multipart/alternative")
    tipos = [p.get_content_type() for p in cast("list[EmailMessage]", alternativas.get_payload())]
    assert tipos == ["text/plain", "text/html"]
    for parte in cast("list[EmailMessage]", alternativas.get_payload()):
        assert parte.get_content_charset() == "utf-8"
        assert parte["Content-Transfer-Encoding"] == "quoted-printable"
    llano = partes(mensaje)[0]
    assert "\n\n\n" not in llano.replace("\r\n", "\n")
    assert "<" not in re.sub("<UNIÓN>|<La Unión>|<45>", "", llano)
    assert "&amp;" not in llano


@pytest.mark.parametrize("nombre", PLANTILLAS)
def test_las_cabeceras_son_las_justas_y_no_dicen_de_quien_se_trata(app: Flask, nombre: str) -> None:
    pago = aprobado()
    correo = correo_de(nombre, pago)
    mensaje = escribir(correo)
    assert str(mensaje["To"]) == pago.correo
    assert mensaje["From"].addresses[0].addr_spec == "portal@ejemplo.gov.co"
    assert mensaje["From"].addresses[0].display_name == "Gobernación del Putumayo"
    assert mensaje["Reply-To"].addresses[0].addr_spec == "rentas@putumayo.gov.co"
    assert mensaje["Subject"] == correo.asunto
    assert mensaje["Date"].datetime == EN
    assert str(mensaje["Date"]).endswith("+0000")
    assert mensaje["Message-ID"] == f"<{nombre_de(correo)}@ejemplo.gov.co>"
    assert mensaje["Auto-Submitted"] == "auto-generated"
    cabeceras = "\n".join(f"{c}: {v}" for p in mensaje.walk() for c, v in p.items())
    for dato in (pago.documento, pago.liquidacion.documento, pago.nombre, pago.liquidacion.nombre, pago.telefono):
        assert dato not in cabeceras
    enteros = partes(mensaje)
    assert not [t for t in enteros if pago.documento in t or pago.liquidacion.documento in t or pago.nombre in t]


def test_el_mismo_aviso_es_siempre_el_mismo_mensaje(app: Flask) -> None:
    pago = aprobado()
    uno, otro = (escribir(correo_de("pago_no_iniciado", pago)) for _ in range(2))
    assert uno["Message-ID"] == otro["Message-ID"]
    assert escribir(correo_de("pago_sin_debito", pago))["Message-ID"] != uno["Message-ID"]


def test_el_comprobante_va_adjunto_y_es_el_de_la_pagina(app: Flask) -> None:
    pago = aprobado()
    mensaje = escribir(correo_de("pago_aprobado", pago, excedente="0"))
    (adjunto,) = mensaje.iter_attachments()
    assert adjunto.get_content_type() == "application/pdf"
    assert adjunto.get_filename() == f"comprobante-{pago.referencia}.pdf"
    leido = texto_del_pdf(adjunto.get_content())
    assert "Transacción aprobada" in leido
    assert pago.referencia in leido
    for texto in partes(mensaje):
        assert "Legalizado" in texto
        assert "legalizaron" not in texto


def test_lo_que_sobra_se_dice_y_no_se_promete_que_legalizo(app: Flask) -> None:
    for texto in partes(escribir(correo_de("pago_aprobado", aprobado()))):
        assert "No pague de nuevo" in texto
        assert "Legalizado" not in texto


@pytest.mark.parametrize("nombre", [n for n in PLANTILLAS if n != "pago_aprobado"])
def test_los_demas_avisos_no_llevan_adjuntos(app: Flask, nombre: str) -> None:
    assert list(escribir(correo_de(nombre, aprobado())).iter_attachments()) == []


def test_un_recordatorio_lleva_al_portal_y_al_calendario(app: Flask) -> None:
    for texto in partes(escribir(correo_de("recordatorio_declaracion", aprobado()))):
        assert direccion("agentes_tablero.tablero") in texto
        assert direccion("calendario.ver") in texto
        assert "aunque en el mes no haya habido operaciones" in sin_espacios(texto)


@pytest.mark.parametrize("nombre", ["declaracion_aceptada", "declaracion_devuelta"])
def test_lo_decidido_de_una_declaracion_lleva_a_los_meses(app: Flask, nombre: str) -> None:
    for texto in partes(escribir(correo_de(nombre, aprobado()))):
        assert direccion("agentes.meses") in texto


def test_cada_hecho_de_una_consignacion_se_dice_y_sin_motivo_no_hay_renglon(app: Flask) -> None:
    pago = aprobado()
    for evento in EventoConsignacion:
        for texto in partes(escribir(correo_de("consignacion_resuelta", pago, evento=evento.value, motivo=""))):
            assert QUE_SIGUE[evento] in sin_espacios(texto)
            assert "Motivo" not in texto
            assert direccion("consignaciones.propias") in texto


def test_el_motivo_es_el_del_resultado(app: Flask) -> None:
    pago = aprobado()
    for resultado, motivo in (("rechazada", "no autorizó"), ("vencida", "venció"), ("fallida", "no se pudo completar")):
        for texto in partes(escribir(correo_de("pago_sin_debito", pago, resultado=resultado))):
            assert motivo in texto
            assert "No se hizo ningún débito." in sin_espacios(texto)


@pytest.mark.parametrize("campo", ["destinatario", "asunto"])
def test_una_fila_cambiada_a_mano_tampoco_inyecta_cabeceras(app: Flask, campo: str) -> None:
    """Second line: even what should never have been stored does not become a header."""
    correo = correo_de("pago_no_iniciado", aprobado())
    setattr(correo, campo, f"{getattr(correo, campo)}\r\nBcc: otra@correo.test")
    with pytest.raises(ValueError):
        escribir(correo)


def test_cada_plantilla_esta_en_las_tres_partes(app: Flask) -> None:
    anexos: Mapping[str, object] = documento._ANEXOS
    assert set(anexos) == set(PLANTILLAS)
    archivos = {n.removeprefix("correos/") for n in app.jinja_env.list_templates() if n.startswith("correos/")}
    for forma in ("txt", "html"):
        enteras = {a.removesuffix(f".{forma}") for a in archivos if a.endswith(forma) and not a.startswith("_")}
        assert enteras == set(PLANTILLAS)
