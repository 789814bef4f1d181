"""When what agents owe for a month falls due, and why that day: the manual's rule, the calendar, the portal's outages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.dominio.calendario import dia_en_palabras
from portal.dominio.festivos import UN_DIA, Calendario, Contingencia, por_que_no_es_habil, siguiente_habil

# What a row may say today; another way of counting is another rule, and is refused instead of being guessed.
_DE, _CONTEO, _TRASLADO = "mes_siguiente", "calendario", "siguiente_habil"
# Every month has it.
_ULTIMO_DIA_SEGURO = 28


@dataclass(frozen=True)
class Plazo:
    """A term of the law: day `dia` of the month after the period, in calendar days. `que` says what is owed by then.

    `traslada`: when that day is not a working one, it is the next one that is.
    """

    id: str
    dia: int
    traslada: bool
    que: str
    norma: str


@dataclass(frozen=True)
class Vencimiento:
    """The last day to fulfil a term and why it is that one. `se_extiende`: an outage still goes on, so it will move again."""

    dia: date
    frases: tuple[str, ...]
    se_extiende: bool = False


def leer_plazo(cruda: Mapping[str, Any]) -> Plazo:
    """A `[[plazo]]` of the department's data. Raises `KeyError` for a missing key, `ValueError` for a rule that is unknown."""
    if cruda["de"] != _DE or cruda["conteo"] != _CONTEO or cruda.get("si_no_habil", _TRASLADO) != _TRASLADO:
        raise ValueError(f"El plazo {cruda['id']} cuenta de una forma que el portal no conoce.")
    if not 1 <= cruda["dia"] <= _ULTIMO_DIA_SEGURO:
        raise ValueError(f"El plazo {cruda['id']} cae en un día que no todos los meses tienen.")
    return Plazo(
        id=cruda["id"],
        dia=cruda["dia"],
        traslada="si_no_habil" in cruda,
        que=cruda["que"],
        norma=cruda["norma"],
    )


def vence(periodo: date, plazo: Plazo, calendario: Calendario) -> date:
    """The last day to fulfil a term for the month of `periodo`. Raises `NormaNoVigente` for a year without holidays."""
    return vencimiento(periodo, plazo, calendario).dia


def explicar_plazo(periodo: date, plazo: Plazo, calendario: Calendario) -> tuple[str, ...]:
    """Why it is that day: one Spanish sentence per step, from the norm's day to the last outage. Raises as `vence`."""
    return vencimiento(periodo, plazo, calendario).frases


def vencimiento(periodo: date, plazo: Plazo, calendario: Calendario) -> Vencimiento:
    """The due date of the month of `periodo` with its reasons. Raises as `vence`.

    A day that an outage touches becomes the first working day after the outage's last day. One that has not ended has lasted,
    so far, until `calendario.hoy`: the term ends on the working day after today, and tomorrow it will be another. As days pass
    and outages are declared it only moves forward.
    """
    dia = _del_mes_siguiente(periodo, plazo.dia)
    frases = [f"El plazo es el {dia_en_palabras(dia)} ({plazo.norma})."]
    if plazo.traslada and por_que_no_es_habil(dia, calendario):
        traslado = siguiente_habil(dia, calendario)
        frases.append(_frase_de_traslado(dia, traslado, calendario))
        dia = traslado
    se_extiende = False
    for falla in _que_lo_tocan(dia, calendario):
        dia = siguiente_habil(_ultimo_dia(falla, calendario), calendario)
        frases.append(_frase_de_falla(falla, dia))
        se_extiende = falla.fin is None
    return Vencimiento(dia, tuple(frases), se_extiende)


def _del_mes_siguiente(periodo: date, dia: int) -> date:
    ano, mes = divmod(periodo.year * 12 + periodo.month, 12)
    return date(ano, mes + 1, dia)


def _que_lo_tocan(dia: date, calendario: Calendario) -> Iterator[Contingencia]:
    """The outages that move a due date one after another: each touches the day to which the one before moved it."""
    while True:
        tocan = [c for c in calendario.contingencias if c.inicio <= dia <= _ultimo_dia(c, calendario)]
        if not tocan:
            return
        larga = max(tocan, key=lambda c: _ultimo_dia(c, calendario))
        yield larga
        dia = siguiente_habil(_ultimo_dia(larga, calendario), calendario)


def _ultimo_dia(falla: Contingencia, calendario: Calendario) -> date:
    """The last day that an outage touches; so far, when it has not ended."""
    return falla.fin if falla.fin is not None else max(falla.inicio, calendario.hoy)


def _frase_de_traslado(dia: date, traslado: date, calendario: Calendario) -> str:
    dias = [dia]
    while dias[-1] + UN_DIA < traslado:
        dias.append(dias[-1] + UN_DIA)
    motivos = "; ".join(f"el {dia_en_palabras(d)} ({por_que_no_es_habil(d, calendario)})" for d in dias)
    no_son = "No es hábil" if len(dias) == 1 else "No son hábiles"
    return f"{no_son} {motivos}. Pasa al siguiente día hábil: {dia_en_palabras(traslado)}."


def _frase_de_falla(falla: Contingencia, dia: date) -> str:
    desde = dia_en_palabras(falla.inicio)
    if falla.fin is None:
        return (
            f"El portal presenta fallas desde el {desde} ({falla.motivo}): el plazo se extiende mientras dure la falla. "
            f"Por ahora, hasta el {dia_en_palabras(dia)}."
        )
    cuando = f"el {desde}" if falla.inicio == falla.fin else f"del {desde} al {dia_en_palabras(falla.fin)}"
    return (
        f"El portal presentó fallas {cuando} ({falla.motivo}). "
        f"Pasa al primer día hábil después de la falla: {dia_en_palabras(dia)}."
    )
