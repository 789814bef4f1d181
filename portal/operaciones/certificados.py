"""Certifying what an official found: prepared from what the database says now, printed, and kept for ever as it was.

The paper is laid out between reading and writing, so that no transaction waits for it: `preparar`, the PDF, `expedir`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from portal.db import db
from portal.dominio.codigo_corto import leer_codigo, nuevo_codigo
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.dominio.estados import EstadoPublico
from portal.models import CertificadoValidacion, Usuario
from portal.models.usuario import Rol
from portal.operaciones.bitacora import anotar
from portal.operaciones.validaciones import (
    MAXIMO_ESTAMPILLAS,
    ClasePregunta,
    EstampillaHallada,
    Hallazgo,
    Pregunta,
    Respuesta,
    responder,
)

# Laying out a longer list takes longer than somebody waits for a page.
MAXIMO_FILAS = 100
MAXIMO_DE_LISTA = 400
_RECIENTES = 20


@dataclass(frozen=True)
class Consulta:
    """What was asked and found; `fila` is its row, when a list was certified."""

    respuesta: Respuesta
    fila: int | None = None


@dataclass(frozen=True)
class Certificado:
    """All that a certificate says. `quien`, `rol` and `dependencia` are of the official on that day.

    `en` is the instant of the look-up.
    """

    codigo: str
    en: datetime
    quien: str
    rol: Rol
    dependencia: str
    consultas: Sequence[Consulta]

    @property
    def es_lista(self) -> bool:
        return self.consultas[0].fila is not None

    @property
    def estampillas(self) -> list[EstampillaHallada]:
        """Every stamp that was found, once."""
        return list({e.factura: e for c in self.consultas for e in c.respuesta.estampillas}.values())

    @property
    def titulo(self) -> str:
        """What it is about, without anybody's identity."""
        if self.es_lista:
            return f"Lista de {len(self.consultas)} {'fila' if len(self.consultas) == 1 else 'filas'}"
        return en_palabras(self.consultas[0].respuesta.pregunta)


def en_palabras(pregunta: Pregunta) -> str:
    """What was looked up, without the identity number."""
    match pregunta.clase:
        case ClasePregunta.CONTRATO:
            return f"Contrato {pregunta.numero} de {pregunta.vigencia}"
        case ClasePregunta.FACTURA:
            return f"Factura {pregunta.numero}"
        case ClasePregunta.LIQUIDACION:
            return f"Liquidación {pregunta.numero}"
        case ClasePregunta.DOCUMENTO:
            return "Trámites de un documento"


def mirar(
    departamento: str, pregunta: Pregunta, *, hoy: date, usuario: Usuario, ahora: datetime, peticion: str = ""
) -> Respuesta:
    """What is found of one act, and note who looked at what. Raises `DatoInvalido` when it is too much for a page."""
    (respuesta,) = responder(departamento, [pregunta], hoy=hoy)
    if len(respuesta.estampillas) > MAXIMO_ESTAMPILLAS:
        raise DatoInvalido(f"Hay más de {MAXIMO_ESTAMPILLAS} estampillas. Busque por factura o por liquidación.")
    anotar(
        "validacion.consultar",
        "validacion",
        ahora=ahora,
        usuario_id=usuario.id,
        peticion=peticion,
        por=pregunta.clase.value,
        liquidaciones=sorted({e.liquidacion_id for e in respuesta.estampillas}),
    )
    return respuesta


def preparar(consultas: Sequence[Consulta], *, usuario: Usuario, ahora: datetime, dependencia: str = "") -> Certificado:
    """What will be certified, under a code of its own. `consultas` were read at `ahora`.

    Raises `DatoInvalido` for what cannot be certified: an ambiguous act, or more than fits in one paper.
    """
    certificado = Certificado(
        nuevo_codigo(),
        ahora,
        usuario.nombre,
        usuario.rol,
        dependencia,
        [_sin_dudas(consulta) for consulta in consultas],
    )
    if not certificado.es_lista and consultas[0].respuesta.hallazgo is Hallazgo.AMBIGUO:
        raise DatoInvalido(consultas[0].respuesta.nota)
    if len(consultas) > MAXIMO_FILAS or len(certificado.estampillas) > MAXIMO_DE_LISTA:
        raise DatoInvalido(
            f"Un certificado lleva máximo {MAXIMO_FILAS} filas y {MAXIMO_DE_LISTA} estampillas. Divida la lista."
        )
    return certificado


def _sin_dudas(consulta: Consulta) -> Consulta:
    """Where nobody has said which of two contracts it is, neither is certified."""
    if consulta.respuesta.encontrada:
        return consulta
    return replace(consulta, respuesta=replace(consulta.respuesta, estampillas=()))


def expedir(
    certificado: Certificado,
    pdf: bytes,
    *,
    departamento: str,
    clave: str,
    usuario: Usuario,
    peticion: str = "",
) -> CertificadoValidacion:
    """Keep a certificate with its paper. The same form again (`clave`) gives the one that it gave before. Flushes."""
    if previo := por_clave(clave, usuario):
        return previo
    nuevo = _fila(certificado, pdf)
    nuevo.departamento, nuevo.clave_formulario, nuevo.usuario_id = departamento, clave, usuario.id
    try:
        with db.session.begin_nested():
            db.session.add(nuevo)
    except IntegrityError:
        # The same form, sent twice at once: the other one certified.
        if previo := por_clave(clave, usuario):
            return previo
        raise
    anotar(
        "certificado.expedir",
        f"certificado:{nuevo.id}",
        ahora=certificado.en,
        usuario_id=usuario.id,
        peticion=peticion,
        consultas=nuevo.consultas,
        facturas=[e.factura for e in certificado.estampillas],
    )
    return nuevo


def _fila(certificado: Certificado, pdf: bytes) -> CertificadoValidacion:
    contenido = [_consulta_en_json(consulta) for consulta in certificado.consultas]
    return CertificadoValidacion(
        codigo=certificado.codigo,
        en=certificado.en,
        usuario_nombre=certificado.quien,
        rol=certificado.rol.value,
        dependencia=certificado.dependencia,
        titulo=certificado.titulo,
        contenido=contenido,
        consultas=len(contenido),
        estampillas=len(certificado.estampillas),
        sha256=sha256(pdf).hexdigest(),
        pdf=pdf,
    )


def por_clave(clave: str, usuario: Usuario) -> CertificadoValidacion | None:
    """The certificate that a form of this official already gave."""
    consulta = select(CertificadoValidacion).filter_by(clave_formulario=clave, usuario_id=usuario.id)
    return db.session.scalars(consulta).one_or_none()


def por_codigo(texto: str) -> CertificadoValidacion | None:
    """The certificate whose code was typed, however it was written; None for any that is not of one."""
    codigo = leer_codigo(texto)
    if codigo is None:
        return None
    return db.session.scalars(select(CertificadoValidacion).filter_by(codigo=codigo)).one_or_none()


def ver(texto: str, *, usuario: Usuario, ahora: datetime, peticion: str = "", con_pdf: bool = False) -> int:
    """Note that an official reads a certificate, which says whose the act is; returns its id. Raises `NoExiste`."""
    fila = por_codigo(texto)
    if fila is None:
        raise NoExiste("No encontramos ese certificado.")
    accion = "certificado.descargar" if con_pdf else "certificado.ver"
    anotar(accion, f"certificado:{fila.id}", ahora=ahora, usuario_id=usuario.id, peticion=peticion)
    return fila.id


def entero(certificado_id: int) -> CertificadoValidacion:
    """A certificate with what it says and its paper."""
    todo = (undefer(CertificadoValidacion.contenido), undefer(CertificadoValidacion.pdf))
    return db.session.scalars(select(CertificadoValidacion).filter_by(id=certificado_id).options(*todo)).one()


def recientes(departamento: str, usuario: Usuario, limite: int = _RECIENTES) -> Sequence[CertificadoValidacion]:
    """The latest ones of an official, newest first; an auditor reads everybody's."""
    consulta = select(CertificadoValidacion).filter_by(departamento=departamento)
    if usuario.rol is not Rol.AUDITOR:
        consulta = consulta.filter_by(usuario_id=usuario.id)
    return db.session.scalars(consulta.order_by(CertificadoValidacion.id.desc()).limit(limite)).all()


def leer(fila: CertificadoValidacion) -> Certificado:
    """What a certificate said when it was issued."""
    return Certificado(
        codigo=fila.codigo,
        en=fila.en,
        quien=fila.usuario_nombre,
        rol=Rol(fila.rol),
        dependencia=fila.dependencia,
        consultas=[_consulta_de_json(datos) for datos in fila.contenido],
    )


def de_hoy(fila: CertificadoValidacion, certificado: Certificado, *, hoy: date) -> Mapping[int, EstadoPublico]:
    """The state on the Colombian day `hoy` of each factura that a certificate names."""
    preguntas = [Pregunta(ClasePregunta.FACTURA, str(e.factura)) for e in certificado.estampillas]
    respuestas = responder(fila.departamento, preguntas, hoy=hoy) if preguntas else []
    return {e.factura: e.estado for respuesta in respuestas for e in respuesta.estampillas}


def _consulta_en_json(consulta: Consulta) -> dict[str, Any]:
    respuesta = consulta.respuesta
    return {
        "fila": consulta.fila,
        "pregunta": asdict(respuesta.pregunta),
        "hallazgo": respuesta.hallazgo.value,
        "nota": respuesta.nota,
        "estampillas": [_estampilla_en_json(e) for e in respuesta.estampillas],
    }


def _estampilla_en_json(una: EstampillaHallada) -> dict[str, Any]:
    return asdict(una) | {
        "valor": str(una.valor),
        "pagada_en": una.pagada_en.isoformat() if una.pagada_en else None,
        "utilizada_en": una.utilizada_en.isoformat() if una.utilizada_en else None,
    }


def _consulta_de_json(datos: Mapping[str, Any]) -> Consulta:
    pregunta = Pregunta(**(datos["pregunta"] | {"clase": ClasePregunta(datos["pregunta"]["clase"])}))
    estampillas = [_estampilla_de_json(e) for e in datos["estampillas"]]
    return Consulta(Respuesta(pregunta, Hallazgo(datos["hallazgo"]), estampillas, datos["nota"]), datos["fila"])


def _estampilla_de_json(datos: Mapping[str, Any]) -> EstampillaHallada:
    propios = {
        "valor": Decimal(datos["valor"]),
        "estado": EstadoPublico(datos["estado"]),
        "pagada_en": _instante(datos["pagada_en"]),
        "utilizada_en": _instante(datos["utilizada_en"]),
    }
    return EstampillaHallada(**{**datos, **propios})


def _instante(texto: str | None) -> datetime | None:
    return datetime.fromisoformat(texto) if texto else None
