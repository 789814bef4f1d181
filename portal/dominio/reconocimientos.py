"""A recognition (*reconocimiento*): an office accepted, on a document, that a rule covers somebody for some days."""

from datetime import date
from enum import StrEnum

from portal.dominio.calendario import dia_en_palabras
from portal.dominio.errores import DatoInvalido
from portal.dominio.normativa import Regla
from portal.dominio.vigencia import rige


class EstadoReconocimiento(StrEnum):
    """The word for people; it follows from the days and the revocation, and is not stored."""

    VIGENTE = "Vigente"
    AUN_NO_RIGE = "Aún no rige"
    VENCIDO = "Vencido"
    REVOCADO = "Revocado"


def estado_en(desde: date, hasta: date | None, revocado: bool, dia: date) -> EstadoReconocimiento:
    """What a recognition from `desde` to `hasta` (both included) is on a day."""
    if revocado:
        return EstadoReconocimiento.REVOCADO
    if dia < desde:
        return EstadoReconocimiento.AUN_NO_RIGE
    return EstadoReconocimiento.VIGENTE if rige(desde, hasta, dia) else EstadoReconocimiento.VENCIDO


def se_cruzan(uno: tuple[date, date | None], otro: tuple[date, date | None]) -> bool:
    """Whether two ranges of days, both ends included, share any."""
    return uno[0] <= (otro[1] or date.max) and otro[0] <= (uno[1] or date.max)


def ultimo_dia(regla: Regla, fecha_soporte: date) -> date | None:
    """The last day that a recognition of the rule may reach; None when the rule has no term.

    A term of years runs from the act that recognises (Cundinamarca, manual 4.8; C-A13), whose date is `fecha_soporte`.
    """
    topes = [regla.hasta, regla.plazo.fin(fecha_soporte) if regla.plazo else None]
    return min((tope for tope in topes if tope is not None), default=None)


def revisar(regla: Regla, fecha_soporte: date, desde: date, hasta: date | None, hoy: date) -> None:
    """Check the days of a recognition, signed on `hoy`, against its rule.

    Raises `DatoInvalido` naming `soporte_fecha`, `desde` or `hasta`.
    """
    if fecha_soporte > hoy:
        raise DatoInvalido("La fecha del documento no puede ser futura.", "soporte_fecha")
    if not rige(regla.desde, regla.hasta, desde):
        raise DatoInvalido(f"La regla {regla.codigo} no está vigente el {dia_en_palabras(desde)}.", "desde")
    if regla.plazo is not None and desde < fecha_soporte:
        raise DatoInvalido("Esta exención corre desde la fecha del documento que la reconoce, no antes.", "desde")
    tope = ultimo_dia(regla, fecha_soporte)
    if hasta is None and tope is not None:
        raise DatoInvalido(
            f"Esta regla tiene plazo: escriba hasta cuándo, a más tardar el {dia_en_palabras(tope)}.", "hasta"
        )
    if hasta is not None and hasta < desde:
        raise DatoInvalido(f"La fecha final no puede ser anterior al {dia_en_palabras(desde)}.", "hasta")
    if hasta is not None and tope is not None and hasta > tope:
        raise DatoInvalido(
            f"El plazo de la regla termina el {dia_en_palabras(tope)}: el reconocimiento no lo puede pasar.", "hasta"
        )
