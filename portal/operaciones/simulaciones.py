"""A draft run over last year's assessments: begin it, know what it found, whether that still is what publishing would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, ejecutar
from portal.dominio.acumulado import Resultado, a_json, de_json
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.simulacion import Borrador, TarifaFija, periodo, poner_al_lado, tarifas_fijas
from portal.dominio.tarifas import TODOS
from portal.models import EstadoSimulacion, Liquidacion, PropuestaTarifa, Simulacion, Usuario
from portal.operaciones import ciclo_propuestas, propuestas, tarifas
from portal.operaciones.bitacora import anotar as anotar_en_bitacora
from portal.operaciones.borradores import Borrador as Propuesto
from portal.operaciones.borradores import gravamen_de, normativa_con
from portal.operaciones.normativa import edicion_actual, normativa_de


class SinSimular(DatoInvalido):
    """Somebody would publish a draft without knowing what it does to last year's assessments."""


@dataclass(frozen=True)
class Nombres:
    """How people read the codes of stamps and acts, in the order of the catalogue."""

    estampillas: Mapping[str, str]
    actos: Mapping[str, str]

    def estampilla(self, codigo: str) -> str:
        """The name of a stamp."""
        return self.estampillas.get(codigo, codigo)

    def acto(self, codigo: str, clase: str = "") -> str:
        """Code and name of an act, or what a tariff over many acts reaches."""
        if codigo == TODOS:
            return f"Todos los actos {'con' if clase == 'con_cuantia' else 'sin'} cuantía"
        if codigo.startswith(TODOS):
            return f"Los actos que grava {self.estampilla(codigo.removeprefix(TODOS))}"
        return f"{codigo}: {self.actos[codigo]}" if codigo in self.actos else codigo


def iniciar(
    departamento: str, una: Propuesto, *, usuario: Usuario | None, ahora: datetime, peticion: str = ""
) -> Simulacion:
    """Begin to run a draft, or go on with the run of this very draft and rules that is not finished.

    Without past assessments it is finished at once: the fixed tariffs are all there is. `usuario` None: the server's command.
    Flushes. Raises `TransicionNoPermitida` for what is no draft, `DatoInvalido` when the draft no longer fits.
    """
    if not una.es_borrador:
        raise TransicionNoPermitida("Solo se simula una propuesta que está por publicar.")
    en_curso = _en_curso(departamento, una.id)
    if en_curso is not None:
        if not motivo_de_vieja(en_curso, una):
            return en_curso
        _cerrar(en_curso)
    nueva = _nueva(departamento, una, usuario, ahora)
    try:
        with db.session.begin_nested():
            db.session.add(nueva)
            db.session.flush()
    except IntegrityError:
        # Somebody else began it at the same time.
        otra = _en_curso(departamento, una.id)
        if otra is None:
            raise
        return otra
    anotar("simulacion_iniciada", nueva, ahora, peticion)
    return nueva


def _nueva(departamento: str, una: Propuesto, usuario: Usuario | None, ahora: datetime) -> Simulacion:
    desde, hasta = periodo(una.desde, una.hasta)
    borrador = borrador_de(departamento, una)
    total, id_final = db.session.execute(
        select(func.count(), func.coalesce(func.max(Liquidacion.id), 0)).where(pasadas(departamento, desde, hasta))
    ).one()
    return Simulacion(
        departamento=departamento,
        propuesta_id=una.id,
        version=una.version,
        edicion=edicion_actual(),
        desde=desde,
        hasta=hasta,
        sin_valor=list(borrador.sin_valor),
        tarifas=[fila.a_json() for fila in tarifas_fijas(borrador)],
        estado=EstadoSimulacion.EN_CURSO if total else EstadoSimulacion.TERMINADA,
        total=total,
        id_final=id_final,
        resultado=a_json(Resultado()),
        creada_en=ahora,
        creada_por=usuario.id if usuario else None,
        creada_por_nombre=usuario.nombre if usuario else "Orden del servidor",
        terminada_en=None if total else ahora,
    )


def ultima_de(departamento: str, propuesta_id: int) -> Simulacion | None:
    """The latest run of a draft, finished or not."""
    return db.session.scalar(
        select(Simulacion)
        .where(
            Simulacion.propuesta_id == propuesta_id,
            Simulacion.departamento == departamento,
            Simulacion.estado != EstadoSimulacion.ABANDONADA,
        )
        .order_by(Simulacion.id.desc())
        .limit(1)
    )


def motivo_de_vieja(simulacion: Simulacion, una: Propuesto) -> str:
    """Why a run no longer says what publishing the draft would do; empty while it does, and for what was published since."""
    if not una.es_borrador:
        return ""
    if simulacion.version != una.version:
        return "La propuesta cambió después de esta simulación."
    if simulacion.edicion != edicion_actual():
        return "Después de esta simulación se publicaron o se cargaron otras normas."
    return ""


def resultado_de(simulacion: Simulacion) -> Resultado:
    """The account so far."""
    return de_json(simulacion.resultado)


def tarifas_de(simulacion: Simulacion) -> list[TarifaFija]:
    """The fixed tariffs before and after, as they were when the run began."""
    return [TarifaFija.de_json(fila) for fila in simulacion.tarifas]


@dataclass(frozen=True)
class Efecto:
    """What is known of a draft before somebody signs it: its finished run, or that it lacks one, or the fixed tariffs alone."""

    simulacion: Simulacion | None
    falta_simular: bool
    tarifas: list[TarifaFija]


def efecto_de(departamento: str, una: Propuesto) -> Efecto:
    """What the publisher must see. A draft that no longer fits has no tariffs to show: publishing says why."""
    simulacion, falta = vigente_de(departamento, una), hay_que_simular(departamento, una)
    if simulacion or falta or not una.es_borrador:
        return Efecto(simulacion, falta and una.es_borrador, [])
    try:
        return Efecto(None, False, tarifas_con(departamento, una))
    except DatoInvalido:
        return Efecto(None, False, [])


def tarifas_con(departamento: str, una: Propuesto) -> list[TarifaFija]:
    """The fixed tariffs before and after, without running anything. Raises `DatoInvalido` when the draft no longer fits."""
    return tarifas_fijas(borrador_de(departamento, una))


def vigente_de(departamento: str, una: Propuesto) -> Simulacion | None:
    """The finished run of this very draft and rules, if there is one."""
    ultima = ultima_de(departamento, una.id)
    return ultima if ultima and ultima.termino and not motivo_de_vieja(ultima, una) else None


def nombres_de(departamento: str) -> Nombres:
    """The names of today's catalogue; codes are never used again for something else."""
    normas = normativa_de(departamento)
    return Nombres({e.codigo: e.nombre for e in normas.estampillas}, {a.codigo: a.nombre for a in normas.actos})


def propuesta_de(departamento: str, propuesta_id: int) -> Propuesto:
    """The proposal behind a number. Raises `NoExiste`."""
    return ciclo_propuestas.por_id(departamento, propuesta_id)


def titulo_de(departamento: str, una: Propuesto) -> str:
    """What a proposal says, in a few words: `UVT: $55.000`."""
    if isinstance(una, PropuestaTarifa):
        sujeto = tarifas.sujeto_de(una.departamento, gravamen_de(una).codigo)
        return f"{sujeto.estampilla.nombre}: {sujeto.acto_nombre}"
    return f"{propuestas.indicador_de(departamento, una.codigo).nombre}: {escribir_pesos(una.valor)}"


def hay_que_simular(departamento: str, una: Propuesto) -> bool:
    """Whether there are past assessments to run a draft over, and nobody has done it as it is now."""
    alguna = select(Liquidacion.id).where(pasadas(departamento, *periodo(una.desde, una.hasta))).limit(1)
    return vigente_de(departamento, una) is None and db.session.scalar(alguna) is not None


def exigir_simulacion(departamento: str, una: Propuesto, *, version: int, sin_simular: bool) -> None:
    """Before publishing the `version` that was read: `sin_simular` is the explicit confirmation of who did not look.

    Raises `SinSimular`. A version that is no longer the draft's is left to the publication to refuse.
    """
    if version == una.version and una.es_borrador and not sin_simular and hay_que_simular(departamento, una):
        raise SinSimular(
            "Nadie ha simulado esta propuesta como está ahora. Simúlela, o confirme que la publica sin simularla.",
            "sin_simular",
        )


def borrador_de(departamento: str, una: Propuesto) -> Borrador:
    """Today's rules and those of a draft, side by side. Raises `DatoInvalido` when the draft no longer fits."""
    return poner_al_lado(normativa_de(departamento), normativa_con(departamento, una), una.desde)


def pasadas(departamento: str, desde: date, hasta: date) -> ColumnElement[bool]:
    """The assessments in force of some days that these rules made: those of the earlier system say nothing of them."""
    return and_(
        Liquidacion.departamento == departamento,
        Liquidacion.vigente,
        Liquidacion.migracion_id.is_(None),
        Liquidacion.fecha_causacion.between(desde, hasta),
    )


def _en_curso(departamento: str, propuesta_id: int) -> Simulacion | None:
    return db.session.scalar(
        select(Simulacion).where(
            Simulacion.propuesta_id == propuesta_id,
            Simulacion.departamento == departamento,
            Simulacion.estado == EstadoSimulacion.EN_CURSO,
        )
    )


def _cerrar(vieja: Simulacion) -> None:
    orden = update(Simulacion).where(Simulacion.id == vieja.id, Simulacion.estado == EstadoSimulacion.EN_CURSO)
    ejecutar(orden.values(estado=EstadoSimulacion.ABANDONADA))


def anotar(accion: str, una: Simulacion, ahora: datetime, peticion: str) -> None:
    """Append an act on a run to the audit log, under its proposal."""
    anotar_en_bitacora(
        accion,
        f"propuesta:{una.propuesta_id}",
        ahora=ahora,
        usuario_id=una.creada_por,
        peticion=peticion,
        simulacion=una.id,
        version=una.version,
        liquidaciones=una.total,
    )
