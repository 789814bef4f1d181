"""Which trámites people assess by themselves: the administrator opens an act for each entity that asks for it."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, ejecutar
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.normativa import Acto, Normativa
from portal.dominio.preguntas import preguntar
from portal.models import TramiteAbierto
from portal.models.liquidacion import TipoLiquidacion
from portal.operaciones.bitacora import anotar
from portal.operaciones.datos_encargo import acto_liquidable, otros_actos
from portal.operaciones.firmas import Firma


def impedimento(normativa: Normativa, acto: Acto, hoy: date) -> str:
    """Why an act cannot be assessed without an officer, as the end of a sentence; empty when it can."""
    if acto.documento != TipoLiquidacion.TRAMITE.value:
        return "no es un trámite"
    if acto.tiene_cuantia:
        return f"necesita {acto.valor_nombre or 'un valor'}, que comprueba un funcionario"
    if normativa.variantes_de(acto, hoy):
        return "tiene varias tarifas, y un funcionario confirma cuál aplica"
    if acto.con_valor_usar:
        return "cuando hay un valor se liquida como otro acto, y eso lo decide un funcionario"
    for otro in otros_actos(normativa, acto):
        if otro.tiene_cuantia:
            return f"el mismo documento suele ser también {otro.codigo}, que necesita {otro.valor_nombre or 'un valor'}"
    if any(pregunta.obligatoria or pregunta.motivos for pregunta in preguntar(normativa, [acto], hoy, {})):
        return "depende de un dato que comprueba un funcionario"
    return ""


def se_pueden_abrir(normativa: Normativa, hoy: date) -> list[tuple[Acto, ...]]:
    """The trámites of the department whose amount needs nothing from an officer, in the order of the law.

    An act alone and, when the same document usually is others too, with all of those.
    """
    solos = [acto for acto in normativa.actos_vigentes(hoy) if not impedimento(normativa, acto, hoy)]
    juntos = [(acto, *(o for o in otros_actos(normativa, acto) if o in solos)) for acto in solos]
    return [opcion for acto, varios in zip(solos, juntos, strict=True) for opcion in dict.fromkeys(((acto,), varios))]


def abiertos(departamento: str) -> Sequence[TramiteAbierto]:
    """What is open, by entity."""
    vigentes = select(TramiteAbierto).where(
        TramiteAbierto.departamento == departamento, TramiteAbierto.cerrado_en.is_(None)
    )
    return db.session.scalars(vigentes.order_by(TramiteAbierto.entidad, TramiteAbierto.actos)).all()


def por_entidad(normativa: Normativa, hoy: date) -> Mapping[str, list[TramiteAbierto]]:
    """What anybody may assess today, under each entity that asks for it."""
    grupos: dict[str, list[TramiteAbierto]] = {}
    for uno in abiertos(normativa.departamento):
        if _es_liquidable(normativa, uno.codigos, hoy):
            grupos.setdefault(uno.entidad, []).append(uno)
    return grupos


def exigir_abierto(normativa: Normativa, numero: int, hoy: date) -> TramiteAbierto:
    """The trámite that anybody may assess today. Raises `NoExiste` when it is not open."""
    hallado = next((uno for uno in abiertos(normativa.departamento) if uno.id == numero), None)
    if hallado is None or not _es_liquidable(normativa, hallado.codigos, hoy):
        raise NoExiste("Ese trámite no se liquida por internet. Elija uno de la lista o pídalo en la oficina.")
    return hallado


def nombre_de(normativa: Normativa, uno: TramiteAbierto) -> str:
    """What people call it: its principal act."""
    return normativa.acto(uno.codigos[0]).nombre


def _es_liquidable(normativa: Normativa, codigos: tuple[str, ...], hoy: date) -> bool:
    """The law may have changed since it was opened."""
    return codigos in {tuple(acto.codigo for acto in opcion) for opcion in se_pueden_abrir(normativa, hoy)}


def abrir(normativa: Normativa, actos: str, entidad: str, *, firma: Firma, hoy: date) -> TramiteAbierto:
    """Open a trámite, as its codes joined by `+`, to whoever `entidad` asks for it. `entidad` is clean and not empty.

    Raises `NoExiste` for an act that is not assessed here, and `DatoInvalido` for one that needs an officer or is open already.
    """
    codigos = tuple(actos.split("+"))
    for codigo in codigos:
        if razon := impedimento(normativa, acto_liquidable(normativa, codigo, hoy), hoy):
            raise DatoInvalido(f"{codigo} no se puede abrir: {razon}.", "actos")
    if not _es_liquidable(normativa, codigos, hoy):
        raise DatoInvalido("Esos actos no van juntos en un mismo documento.", "actos")
    nuevo = TramiteAbierto(
        departamento=normativa.departamento,
        actos=actos,
        entidad=entidad,
        abierto_en=firma.ahora,
        abierto_por=firma.usuario.id,
        abierto_por_nombre=firma.usuario.nombre,
    )
    try:
        with db.session.begin_nested():
            db.session.add(nuevo)
            db.session.flush()
    except IntegrityError:
        raise DatoInvalido("Ese trámite ya está abierto para esa entidad.", "entidad") from None
    _anotar("tramite.abrir", nuevo, firma)
    return nuevo


def cerrar(departamento: str, numero: int, *, firma: Firma) -> TramiteAbierto:
    """Close what was open; what was assessed stays. Raises `NoExiste`, or `TransicionNoPermitida` when it is closed already."""
    uno = db.session.get(TramiteAbierto, numero)
    if uno is None or uno.departamento != departamento:
        raise NoExiste("No encontramos ese trámite abierto.")
    orden = (
        update(TramiteAbierto)
        .where(TramiteAbierto.id == numero, TramiteAbierto.cerrado_en.is_(None))
        .values(cerrado_en=firma.ahora, cerrado_por=firma.usuario.id, cerrado_por_nombre=firma.usuario.nombre)
    )
    if ejecutar(orden) != 1:
        raise TransicionNoPermitida("Ese trámite ya estaba cerrado.")
    _anotar("tramite.cerrar", uno, firma)
    return uno


def _anotar(accion: str, uno: TramiteAbierto, firma: Firma) -> None:
    anotar(
        accion,
        f"tramite_abierto:{uno.id}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        actos=uno.actos,
        entidad=uno.entidad,
    )
