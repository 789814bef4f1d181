"""The life that every draft has, whatever it says: who may act, the version that decides between two, its end, its trace."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from portal.db import db, ejecutar
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.identificacion import leer_texto
from portal.models import EstadoPropuesta, Propuesta, PropuestaIndicador, PropuestaTarifa, Usuario
from portal.models.usuario import Rol
from portal.operaciones.archivos_normativa import NACIONAL
from portal.operaciones.bitacora import anotar
from portal.operaciones.borradores import Borrador
from portal.operaciones.firmas import exigir_rol

_CAMBIO = "Otra persona cambió esta propuesta mientras usted la tenía abierta. Revísela como quedó."


class PropuestaCambio(TransicionNoPermitida):
    """The draft is no longer the one that this person was looking at."""


def propuestas_de(departamento: str) -> list[Borrador]:
    """Every proposal over a department's tariffs and over its and the nation's indicators, newest first."""
    propias = Propuesta.departamento.in_((departamento, NACIONAL))
    consulta = select(Propuesta).where(propias).order_by(Propuesta.id.desc())
    return [_concreta(p) for p in db.session.scalars(consulta)]


def de_otra_persona(departamento: str, usuario_id: int) -> tuple[int, datetime | None, int | None]:
    """How many drafts of another person that account may publish, when the oldest was written, and the number of one."""
    suyos = (
        Propuesta.estado == EstadoPropuesta.BORRADOR,
        Propuesta.departamento.in_((departamento, NACIONAL)),
        Propuesta.autor_id != usuario_id,
    )
    cuantos, desde, numero = db.session.execute(
        select(func.count(), func.min(Propuesta.escrita_en), func.min(Propuesta.id)).where(*suyos)
    ).one()
    return cuantos, desde, numero


def por_id(departamento: str, propuesta_id: int) -> Borrador:
    """One proposal. Raises `NoExiste`."""
    hallada = db.session.get(Propuesta, propuesta_id) if propuesta_id < 2**31 else None
    if hallada is None or hallada.departamento not in (departamento, NACIONAL):
        raise NoExiste("No encontramos esa propuesta.")
    return _concreta(hallada)


def retirar(
    una: Propuesta, *, version: int, motivo: str, usuario: Usuario, ahora: datetime, peticion: str = ""
) -> None:
    """End a draft without publishing it: its author withdraws it, or another administrator rejects it, with a reason.

    Raises `DatoInvalido` without a reason, `PropuestaCambio` when it is not the `version` that was read.
    """
    exigir_rol(usuario, Rol.ADMINISTRADOR)
    texto = leer_texto(motivo, maximo=500, campo="motivo")
    pasar(una, version, estado=EstadoPropuesta.RETIRADA, motivo=texto, **firma_de(usuario, ahora))
    anotar_propuesta("propuesta_retirada", una, usuario, ahora, peticion)


def firma_de(usuario: Usuario, ahora: datetime) -> dict[str, Any]:
    """Who ends a draft, and when."""
    return {"resuelta_por": usuario.id, "resuelta_por_nombre": usuario.nombre, "resuelta_en": ahora}


def autoria_de(usuario: Usuario, ahora: datetime) -> dict[str, Any]:
    """Who answers for a draft from now on."""
    return {"autor_id": usuario.id, "autor_nombre": usuario.nombre, "escrita_en": ahora}


def pasar(una: Propuesta, version: int, **cambios: Any) -> None:
    """Change a draft that still is the `version` that this person read. Raises `PropuestaCambio` when it is not."""
    orden = (
        update(Propuesta)
        .where(
            Propuesta.id == una.id,
            Propuesta.version == version,
            Propuesta.estado == EstadoPropuesta.BORRADOR,
        )
        .values(version=version + 1, **cambios)
        .execution_options(synchronize_session=False)
    )
    if ejecutar(orden) != 1:
        raise PropuestaCambio(_CAMBIO)
    db.session.refresh(una)


def exigir_version(una: Propuesta, version: int) -> None:
    """Say that somebody else was first before saying anything of what was typed; `pasar` is what decides.

    Raises `PropuestaCambio`.
    """
    db.session.refresh(una)
    if not una.es_borrador or una.version != version:
        raise PropuestaCambio(_CAMBIO)


def borrador_en(departamento: str, codigo: str, desde: Any) -> Borrador | None:
    """The draft over a code from a day, of which there is one at most."""
    hallada = db.session.scalar(
        select(Propuesta).where(
            Propuesta.departamento == departamento,
            Propuesta.codigo == codigo,
            Propuesta.desde == desde,
            Propuesta.estado == EstadoPropuesta.BORRADOR,
        )
    )
    return None if hallada is None else _concreta(hallada)


def limpiar_acto(acto: str, evidencia: str) -> dict[str, str]:
    """Act and link, canonical. Raises `DatoInvalido` for text or an address that cannot be kept."""
    enlace = leer_texto(evidencia, maximo=500, campo="evidencia", obligatorio=False)
    # Only what a browser opens as a page: any other scheme could run in it.
    if enlace and (not enlace.startswith(("https://", "http://")) or " " in enlace):
        raise DatoInvalido("Escriba un enlace completo, por ejemplo https://www.dian.gov.co/normatividad.", "evidencia")
    return {"acto": leer_texto(acto, maximo=160, campo="acto", obligatorio=False), "evidencia": enlace}


def anotar_propuesta(accion: str, una: Propuesta, usuario: Usuario, ahora: datetime, peticion: str) -> None:
    """Leave what a draft says now in the log."""
    propios: dict[str, Any] = {}
    if isinstance(una, PropuestaTarifa):
        propios = {"tarifa": una.codigo, "cambio": una.cambio.value, "tipo": una.tipo, "valor": una.valor}
    elif isinstance(una, PropuestaIndicador):
        propios = {"indicador": una.codigo, "valor": str(una.valor)}
    if una.corrige is not None:
        propios["corrige"] = una.corrige.isoformat()
    anotar(
        accion,
        f"propuesta:{una.id}",
        ahora=ahora,
        usuario_id=usuario.id,
        peticion=peticion,
        desde=una.desde.isoformat(),
        hasta=una.hasta.isoformat() if una.hasta else None,
        version=una.version,
        **propios,
    )


def _concreta(una: Propuesta) -> Borrador:
    assert isinstance(una, PropuestaIndicador | PropuestaTarifa), "every proposal is of one of the two kinds"
    return una
