"""Certificates for tests, made as the edge makes them. Each commits."""

from datetime import datetime
from uuid import uuid4

from flask import current_app

from portal.db import transaccion
from portal.documentos.certificado import pdf_certificado
from portal.models import CertificadoValidacion, Usuario
from portal.operaciones import certificados
from portal.operaciones.certificados import Certificado, Consulta
from portal.operaciones.validaciones import ClasePregunta, Pregunta
from portal.web.departamento import departamento_actual
from tests.fabricas import AHORA, HOY

CONTRATO = Pregunta(ClasePregunta.CONTRATO, "647", "901805364", 2025)


def url_de(codigo: str) -> str:
    return f"http://localhost/certificado/{codigo}"


def preparar(quien: Usuario, *preguntas: Pregunta, lista: bool = False, en: datetime = AHORA) -> Certificado:
    """What is found now of each act, ready to be printed."""
    with transaccion():
        respuestas = [
            certificados.mirar("putumayo", pregunta, hoy=HOY, usuario=quien, ahora=en)
            for pregunta in preguntas or (CONTRATO,)
        ]
        consultas = [Consulta(r, fila + 2 if lista else None) for fila, r in enumerate(respuestas)]
        return certificados.preparar(consultas, usuario=quien, ahora=en)


def imprimir(certificado: Certificado) -> bytes:
    return pdf_certificado(certificado, departamento=departamento_actual(), url=url_de(certificado.codigo))


def guardar(certificado: Certificado, quien: Usuario, clave: str = "") -> CertificadoValidacion:
    with current_app.test_request_context():
        papel = imprimir(certificado)
    with transaccion():
        return certificados.expedir(
            certificado, papel, departamento="putumayo", clave=clave or uuid4().hex, usuario=quien
        )


def expedir(quien: Usuario, *preguntas: Pregunta, lista: bool = False) -> CertificadoValidacion:
    """A certificate of what is found now."""
    return guardar(preparar(quien, *preguntas, lista=lista), quien)
