"""The file that proves a draft: kept whole with its digest, handed back as it came."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.dominio.archivos import limpiar_nombre, reconocer
from portal.dominio.errores import NoExiste
from portal.models import Archivo, Propuesta, Usuario
from portal.operaciones.bitacora import anotar
from portal.operaciones.ciclo_propuestas import autoria_de, exigir_administrador, pasar


def adjuntar(
    una: Propuesta,
    nombre: str,
    contenido: bytes,
    *,
    version: int,
    usuario: Usuario,
    ahora: datetime,
    peticion: str = "",
) -> Archivo:
    """Keep a file as the evidence of a draft, in place of the one it had. Who attaches it is the draft's author from then on.

    Flushes. Raises `DatoInvalido` (campo `archivo`) as `reconocer` does, `PropuestaCambio` when it is not the `version` read.
    """
    exigir_administrador(usuario)
    tipo = reconocer(contenido)
    huella = hashlib.sha256(contenido).hexdigest()
    # The same bytes sent again are the same file, under the name that they came with first.
    archivo = db.session.scalars(select(Archivo).where(Archivo.sha256 == huella).order_by(Archivo.id)).first()
    if archivo is None:
        archivo = Archivo(
            nombre=limpiar_nombre(nombre, tipo),
            tipo=tipo.tipo,
            tamano=len(contenido),
            sha256=huella,
            contenido=contenido,
            subido_por=usuario.id,
            subido_en=ahora,
        )
        db.session.add(archivo)
        db.session.flush()
    pasar(una, version, archivo_id=archivo.id, **autoria_de(usuario, ahora))
    anotar(
        "evidencia_adjuntada",
        f"propuesta:{una.id}",
        ahora=ahora,
        usuario_id=usuario.id,
        peticion=peticion,
        sha256=huella,
        tamano=len(contenido),
        version=una.version,
    )
    return archivo


def quitar(una: Propuesta, *, version: int, usuario: Usuario, ahora: datetime, peticion: str = "") -> None:
    """Leave a draft without its file; the bytes stay. Raises `PropuestaCambio` when it is not the `version` that was read."""
    exigir_administrador(usuario)
    pasar(una, version, archivo_id=None, **autoria_de(usuario, ahora))
    anotar(
        "evidencia_quitada",
        f"propuesta:{una.id}",
        ahora=ahora,
        usuario_id=usuario.id,
        peticion=peticion,
        version=una.version,
    )


def archivo_de(una: Propuesta) -> Archivo:
    """The file of a draft. Raises `NoExiste` when it has none."""
    if una.archivo is None:
        raise NoExiste("Esa propuesta no tiene un archivo.")
    return una.archivo
