"""Keeping the files that people hand in: whole, with their digest, once for each account; and handing them back by code."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.dominio.archivos import TipoArchivo, limpiar_nombre, reconocer
from portal.dominio.calendario import instante_en_palabras
from portal.dominio.errores import CupoAgotado, TransicionNoPermitida
from portal.models import Archivo, Usuario
from portal.operaciones.bitacora import anotar
from portal.operaciones.firmas import Firma
from portal.operaciones.limites import Limite, contar

_DIA = 24 * 3600
# What the busiest desk hands in in a day several times over; a whole month of daily slips fits in one.
ARCHIVOS_POR_DIA = Limite("archivos", 100, _DIA)
BYTES_POR_DIA = Limite("archivos-bytes", 100 * 1024**2, _DIA)


@dataclass(frozen=True)
class Espacio:
    """The room that the files of several accounts share: `clave` as `agente:7`, and how many `bytes` fit in it."""

    clave: str
    bytes: int


def guardar(
    nombre: str,
    contenido: bytes,
    *,
    ahora: datetime,
    usuario: Usuario | None,
    reconoce: Callable[[bytes], TipoArchivo] = reconocer,
    espacio: Espacio | None = None,
) -> Archivo:
    """Keep a file of a kind that `reconoce` admits; `usuario` is None when a citizen hands it in. Flushes.

    The same bytes sent again by the same account (or by any citizen) are the same file, under the name that they came
    with first, and take no room again; nobody learns that another account has them. Raises `DatoInvalido` (campo
    `archivo`) as `reconoce` does, `CupoAgotado` beyond what an account may hand in in a day, `TransicionNoPermitida` when
    its `espacio` is full.
    """
    tipo = reconoce(contenido)
    huella = hashlib.sha256(contenido).hexdigest()
    if (previo := _el_mismo(huella, usuario)) is not None:
        return previo
    nuevo = Archivo(
        codigo=secrets.token_urlsafe(24),
        nombre=limpiar_nombre(nombre, tipo),
        tipo=tipo.tipo,
        tamano=len(contenido),
        sha256=huella,
        contenido=contenido,
        subido_por=usuario.id if usuario else None,
        subido_en=ahora,
        espacio=espacio.clave if espacio else None,
    )
    return _insertar(nuevo, usuario, espacio)


def _insertar(nuevo: Archivo, usuario: Usuario | None, espacio: Espacio | None) -> Archivo:
    """Of two requests with the same bytes at once, the unique index lets one in; both have its file and it counts once."""
    try:
        with db.session.begin_nested():
            if usuario is not None:
                _exigir_cupo(nuevo.tamano, usuario, espacio, nuevo.subido_en)
            db.session.add(nuevo)
            db.session.flush()
    except IntegrityError:
        previo = _el_mismo(nuevo.sha256, usuario)
        if previo is None:
            raise
        return previo
    return nuevo


def _el_mismo(huella: str, usuario: Usuario | None) -> Archivo | None:
    return db.session.scalar(select(Archivo).where(Archivo.sha256 == huella, _de(usuario)))


def _de(usuario: Usuario | None) -> ColumnElement[bool]:
    return Archivo.subido_por.is_(None) if usuario is None else Archivo.subido_por == usuario.id


def _exigir_cupo(tamano: int, usuario: Usuario, espacio: Espacio | None, ahora: datetime) -> None:
    """Count the file within its day and its room. The counter's row, locked until the commit, makes two at once wait."""
    clave = espacio.clave if espacio else f"usuario:{usuario.id}"
    cabe = contar(BYTES_POR_DIA, clave, ahora, cuanto=tamano)
    if not (contar(ARCHIVOS_POR_DIA, f"usuario:{usuario.id}", ahora) and cabe):
        espera = BYTES_POR_DIA.espera(ahora)
        cuando = instante_en_palabras(ahora + timedelta(seconds=espera))
        raise CupoAgotado(f"Ya subió los archivos que se admiten en un día. Podrá subir más desde el {cuando}", espera)
    if espacio is not None and ocupado(espacio.clave) + tamano > espacio.bytes:
        raise TransicionNoPermitida(
            f"No queda espacio para más archivos: el máximo es {espacio.bytes // 1024**2} MB. Escriba a Rentas."
        )


def ocupado(espacio: str) -> int:
    """Bytes of every file that takes the room of an `Espacio`, by its `clave`."""
    return int(db.session.scalar(select(func.sum(Archivo.tamano)).where(Archivo.espacio == espacio)) or 0)


def abrir(codigo: str, permitido: Callable[[Archivo], bool], firma: Firma) -> Archivo | None:
    """The file behind its code, for somebody whom `permitido` lets have it; who has it, or tried to, is written down.

    None for a code of nothing and for a file of others alike. It does not raise, so that what it wrote is committed.
    """
    archivo = db.session.scalar(select(Archivo).where(Archivo.codigo == codigo[:64]))
    if archivo is None:
        return None
    suyo = permitido(archivo)
    anotar(
        "archivo.descargar" if suyo else "acceso_ajeno",
        f"archivo:{archivo.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        sha256=archivo.sha256,
    )
    return archivo if suyo else None
