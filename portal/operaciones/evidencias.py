"""The file that proves a draft: kept whole with its digest, handed back as it came."""

from datetime import datetime

from portal.dominio.errores import NoExiste
from portal.models import Archivo, Propuesta, Usuario
from portal.models.usuario import Rol
from portal.operaciones.archivos import guardar
from portal.operaciones.bitacora import anotar
from portal.operaciones.ciclo_propuestas import autoria_de, pasar
from portal.operaciones.firmas import exigir_rol


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
    exigir_rol(usuario, Rol.ADMINISTRADOR)
    archivo = guardar(nombre, contenido, usuario=usuario, ahora=ahora)
    pasar(una, version, archivo_id=archivo.id, **autoria_de(usuario, ahora))
    anotar(
        "evidencia_adjuntada",
        f"propuesta:{una.id}",
        ahora=ahora,
        usuario_id=usuario.id,
        peticion=peticion,
        sha256=archivo.sha256,
        tamano=archivo.tamano,
        version=una.version,
    )
    return archivo


def quitar(una: Propuesta, *, version: int, usuario: Usuario, ahora: datetime, peticion: str = "") -> None:
    """Leave a draft without its file; the bytes stay. Raises `PropuestaCambio` when it is not the `version` that was read."""
    exigir_rol(usuario, Rol.ADMINISTRADOR)
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
