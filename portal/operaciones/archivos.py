"""Keeping the files that people hand in as evidence, whole and with their digest."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.dominio.archivos import limpiar_nombre, reconocer
from portal.models import Archivo, Usuario


def guardar(nombre: str, contenido: bytes, *, usuario: Usuario, ahora: datetime) -> Archivo:
    """Keep a file; the same bytes sent again are the same file, under the name that they came with first.

    Flushes. Raises `DatoInvalido` (campo `archivo`) as `reconocer` does.
    """
    tipo = reconocer(contenido)
    huella = hashlib.sha256(contenido).hexdigest()
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
    return archivo
