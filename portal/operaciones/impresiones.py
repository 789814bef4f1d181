"""Writing down the digest of each document that was made, and noticing when equal content stops giving equal bytes."""

import logging
from datetime import datetime

from sqlalchemy import select, text

from portal.db import db
from portal.models import Impresion

registro = logging.getLogger(__name__)
_ANOTAR = text(
    "INSERT INTO impresion (documento, contenido, huella, hecha_en) VALUES (:documento, :contenido, :huella, :en) "
    "ON CONFLICT (documento, huella) DO NOTHING"
)


def esta_anotada(documento: str, huella: str) -> bool:
    """Whether a document with those bytes was written down."""
    suya = select(Impresion.id).where(Impresion.documento == documento, Impresion.huella == huella)
    return db.session.scalar(suya) is not None


def anotar_impresion(documento: str, contenido: str, huella: str, *, ahora: datetime) -> None:
    """Write it down once, however many print it at the same time."""
    otras = select(Impresion.huella).where(Impresion.documento == documento, Impresion.contenido == contenido)
    if set(db.session.scalars(otras)) - {huella}:
        # Another release of a library that lays out or draws; whoever holds the older file still has one of ours.
        # nosemgrep: persona-en-el-registro  the name of a paper
        registro.warning("%s: el mismo contenido dio otros bytes", documento)
    db.session.execute(_ANOTAR, {"documento": documento, "contenido": contenido, "huella": huella, "en": ahora})
