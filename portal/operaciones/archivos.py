"""Keeping the files that people hand in: whole, with their digest, once each."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.dominio.archivos import TipoArchivo, limpiar_nombre, reconocer
from portal.models import Archivo, Usuario


def guardar(
    nombre: str,
    contenido: bytes,
    *,
    ahora: datetime,
    usuario: Usuario | None,
    reconoce: Callable[[bytes], TipoArchivo] = reconocer,
) -> Archivo:
    """Keep a file of a kind that `reconoce` admits; `usuario` is None when a citizen hands it in. Flushes.

    The same bytes sent again are the same file, under the name that they came with first; what officials hand in and what
    citizens do are kept apart. Raises `DatoInvalido` (campo `archivo`) as `reconoce` does.
    """
    tipo = reconoce(contenido)
    huella = hashlib.sha256(contenido).hexdigest()
    de_afuera = Archivo.subido_por.is_(None) if usuario is None else Archivo.subido_por.is_not(None)
    archivo = db.session.scalars(
        select(Archivo).where(Archivo.sha256 == huella, de_afuera).order_by(Archivo.id)
    ).first()
    if archivo is None:
        archivo = Archivo(
            nombre=limpiar_nombre(nombre, tipo),
            tipo=tipo.tipo,
            tamano=len(contenido),
            sha256=huella,
            contenido=contenido,
            subido_por=usuario.id if usuario else None,
            subido_en=ahora,
        )
        db.session.add(archivo)
        db.session.flush()
    return archivo
