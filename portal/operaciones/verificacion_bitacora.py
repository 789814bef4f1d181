"""The invariants of the bitácora's chain, and the comparison of both chains with what was found of them before."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, or_, select

from portal.db import db
from portal.dominio.bitacora import Anotacion, Cadena, eslabon
from portal.dominio.cadena import GENESIS
from portal.models import Asiento, Bitacora, ComprobacionCadena, Consecutivo, SelloBitacora
from portal.operaciones.sellos import SERIE

# Sealing runs every minute: what a seal of a day later left behind was left out.
PLAZO_DE_SELLO = timedelta(days=1)


def cadena_de_bitacora() -> Iterator[str]:
    """The sealed rows that were changed, do not follow the one before, or are missing."""
    anterior, esperado = GENESIS, 1
    sello, fila = SelloBitacora, Bitacora
    consulta = (
        select(sello.numero, sello.en, sello.huella, sello.bitacora_id)
        .add_columns(fila.id, fila.en, fila.usuario_id, fila.accion, fila.objeto, fila.detalle, fila.peticion)
        .outerjoin(fila, fila.id == sello.bitacora_id)
        .order_by(sello.numero)
        .execution_options(yield_per=1000)
    )
    for numero, en, huella, sellada, *campos in db.session.execute(consulta):
        if numero != esperado:
            yield f"Entre los sellos {esperado - 1} y {numero} de la bitácora faltan sellos"
        if campos[0] is None:
            yield f"Falta la anotación {sellada} de la bitácora, que el sello {numero} tenía"
        elif huella != eslabon(anterior, numero, en, Anotacion(*campos)):
            yield f"La anotación {sellada} de la bitácora no es la que se selló, o su sello no sigue al anterior"
        anterior, esperado = huella, numero + 1
    siguiente = db.session.scalar(select(Consecutivo.siguiente).where(Consecutivo.serie == SERIE)) or 1
    if siguiente != esperado:
        yield f"El último sello de la bitácora es el {esperado - 1} y se pusieron {siguiente - 1}"


def anotaciones_sin_sello() -> Iterator[str]:
    """Rows that a seal of more than a day later left behind."""
    ultimo, en = db.session.execute(select(func.max(SelloBitacora.bitacora_id), func.max(SelloBitacora.en))).one()
    if ultimo is None:
        return
    olvidadas = (
        select(Bitacora.id)
        .outerjoin(SelloBitacora, SelloBitacora.bitacora_id == Bitacora.id)
        .where(SelloBitacora.numero.is_(None), Bitacora.id < ultimo, Bitacora.en < en - PLAZO_DE_SELLO)
        .order_by(Bitacora.id)
    )
    for anotacion in db.session.scalars(olvidadas):
        yield f"La anotación {anotacion} de la bitácora no tiene sello y otras posteriores sí"


def cadenas_de_otras_veces() -> Iterator[str]:
    """Links that a sound check found and that are others now: somebody wrote a whole chain again."""
    for cadena, tabla in ((Cadena.LIBRO, Asiento), (Cadena.BITACORA, SelloBitacora)):
        distintas = (
            select(ComprobacionCadena.en, ComprobacionCadena.filas)
            .outerjoin(tabla, tabla.numero == ComprobacionCadena.filas)
            .where(
                ComprobacionCadena.cadena == cadena,
                ComprobacionCadena.quiebres == 0,
                ComprobacionCadena.filas > 0,
                or_(tabla.huella.is_(None), tabla.huella != ComprobacionCadena.huella),
            )
            .order_by(ComprobacionCadena.id)
        )
        for en, filas in db.session.execute(distintas):
            yield f"La cadena «{cadena.value}» no es la que se comprobó el {en:%Y-%m-%d %H:%M} UTC con {filas} filas"
