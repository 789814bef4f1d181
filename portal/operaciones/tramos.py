"""The steps of a run: whoever drives them may stop, repeat or race, and the account is the same.

A step reads and compares outside of any transaction, then one conditional UPDATE adds its account and moves the mark that it
started from. Of two equal steps the second one finds the mark moved and adds nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic

from sqlalchemy import Text, cast, select, type_coerce, update

from portal.db import Entero, db, ejecutar, fuera_de_transaccion
from portal.dominio.acumulado import Resultado, a_json, de_json
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.simulacion import Borrador
from portal.models import EstadoSimulacion, Liquidacion, Simulacion
from portal.operaciones.borradores import Borrador as Propuesto
from portal.operaciones.comparaciones import Comparador, Fila
from portal.operaciones.procesos import en_procesos
from portal.operaciones.simulaciones import anotar, borrador_de, motivo_de_vieja, pasadas, propuesta_de

# Assessments read at a time: some hundredths of a second of work or, at worst, with none alike, about half a second.
PAGINA = 2_000


class SimulacionVieja(TransicionNoPermitida):
    """The draft or the rules are no longer those that the run began with."""


@dataclass(frozen=True)
class Tramo:
    """One step: the ids it went from and to, how many assessments it read, whether they were the last, and their account."""

    simulacion_id: int
    desde_id: int
    ultimo_id: int
    leidas: int
    fin: bool
    resultado: Resultado


@dataclass(frozen=True)
class _Alcance:
    """What a run looks at, copied from its row: reading the row again would open a transaction while comparing."""

    simulacion_id: int
    departamento: str
    desde: date
    hasta: date
    id_final: int
    ultimo_id: int


def calcular(simulacion: Simulacion, *, segundos: float, pagina: int = PAGINA) -> Tramo:
    """The next step of a run: whole pages of assessments until `segundos` have passed. Writes nothing.

    Raises `SimulacionVieja`.
    """
    borrador, alcance = _preparar(simulacion)
    comparador, plazo = Comparador(borrador), monotonic() + segundos
    resultado, leidas, ultimo_id = Resultado(), 0, alcance.ultimo_id
    while True:
        filas, ultimo_id = _leer(alcance, ultimo_id, pagina)
        resultado.sumar(comparador.comparar(filas))
        leidas += len(filas)
        fin = len(filas) < pagina
        if fin or monotonic() >= plazo:
            return Tramo(alcance.simulacion_id, alcance.ultimo_id, ultimo_id, leidas, fin, resultado)


def calcular_en_procesos(simulacion: Simulacion, procesos: int, *, pagina: int = PAGINA) -> Iterator[Tramo]:
    """Every step that is left, in order, compared by several processes. Save each one before asking for the next.

    Raises `SimulacionVieja`.
    """
    borrador, alcance = _preparar(simulacion)
    marcas: list[tuple[int, int, int]] = []

    def lotes() -> Iterator[Sequence[Fila]]:
        ultimo_id, leidas = alcance.ultimo_id, pagina
        while leidas == pagina:
            inicio = ultimo_id
            filas, ultimo_id = _leer(alcance, inicio, pagina)
            leidas = len(filas)
            marcas.append((inicio, ultimo_id, leidas))
            yield filas

    for i, resultado in enumerate(en_procesos(borrador, lotes(), procesos)):
        inicio, ultimo_id, leidas = marcas[i]
        yield Tramo(alcance.simulacion_id, inicio, ultimo_id, leidas, leidas < pagina, resultado)


def guardar(tramo: Tramo, *, ahora: datetime, peticion: str = "") -> bool:
    """Add a step to the run that it started from; false when another process did it before, and then nothing changes.

    Raises `SimulacionVieja`.
    """
    una = db.session.get_one(Simulacion, tramo.simulacion_id)
    if not una.en_curso or una.ultimo_id != tramo.desde_id:
        return False
    _exigir_actual(una)
    resultado = de_json(una.resultado)
    resultado.sumar(tramo.resultado)
    estado = EstadoSimulacion.TERMINADA if tramo.fin else EstadoSimulacion.EN_CURSO
    orden = (
        update(Simulacion)
        .where(
            Simulacion.id == una.id,
            Simulacion.ultimo_id == tramo.desde_id,
            Simulacion.estado == EstadoSimulacion.EN_CURSO,
        )
        .values(
            ultimo_id=tramo.ultimo_id,
            procesadas=una.procesadas + tramo.leidas,
            resultado=a_json(resultado),
            estado=estado,
            terminada_en=ahora if tramo.fin else None,
        )
        .execution_options(synchronize_session=False)
    )
    if ejecutar(orden) != 1:
        return False
    db.session.refresh(una)
    if tramo.fin:
        anotar("simulacion_terminada", una, ahora, peticion)
    return True


def _preparar(simulacion: Simulacion) -> tuple[Borrador, _Alcance]:
    borrador = borrador_de(simulacion.departamento, _exigir_actual(simulacion))
    alcance = _Alcance(
        simulacion.id,
        simulacion.departamento,
        simulacion.desde,
        simulacion.hasta,
        simulacion.id_final,
        simulacion.ultimo_id,
    )
    fuera_de_transaccion()
    return borrador, alcance


def _leer(alcance: _Alcance, desde_id: int, cuantas: int) -> tuple[list[Fila], int]:
    """The next page of assessments and its last id; the reading ends here, so that no writer waits while comparing."""
    filas = db.session.execute(
        select(
            Liquidacion.id,
            Liquidacion.numero,
            Liquidacion.fecha_causacion,
            # As they are kept: most pages repeat a few requests, and their amounts are computed as whole centavos.
            type_coerce(Liquidacion.valor_acto, Entero),
            cast(Liquidacion.solicitud, Text),
        )
        .where(pasadas(alcance.departamento, alcance.desde, alcance.hasta))
        .where(Liquidacion.id > desde_id, Liquidacion.id <= alcance.id_final)
        .order_by(Liquidacion.id)
        .limit(cuantas)
    ).all()
    fuera_de_transaccion()
    return [Fila(*fila[1:]) for fila in filas], filas[-1].id if filas else desde_id


def _exigir_actual(simulacion: Simulacion) -> Propuesto:
    una = propuesta_de(simulacion.departamento, simulacion.propuesta_id)
    motivo = motivo_de_vieja(simulacion, una) if una.es_borrador else "La propuesta ya terminó."
    if motivo:
        raise SimulacionVieja(f"{motivo} Hay que simularla de nuevo.")
    return una
