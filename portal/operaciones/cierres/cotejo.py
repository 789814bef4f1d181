"""The close of some days, reckoned now: nothing of it is stored until somebody signs it."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy import select

from portal.db import db
from portal.dominio.cierre import EstadoCierre, Lineas, cotejar, por_dia
from portal.dominio.cierre_dia import CierreDia, leer, llego_despues, resumen_de_entradas
from portal.dominio.dispersion import PlanDeCuentas
from portal.dominio.errores import NoExiste
from portal.models import Cierre
from portal.operaciones.cierres.lineas import leer_lineas

Cierres = dict[tuple[str, date], CierreDia]


@dataclass(frozen=True)
class Dia:
    """One account's day as people see it: what it holds now, and its last signature if it has any."""

    actual: CierreDia
    firma: Cierre | None

    @property
    def estado(self) -> EstadoCierre:
        if self.firma is None:
            return EstadoCierre.ABIERTO
        return EstadoCierre.REABIERTO if self.firma.reapertura else EstadoCierre.FIRMADO

    @cached_property
    def mostrado(self) -> CierreDia:
        """What was signed while the signature counts; else what there is now."""
        return leer(self.firma.contenido) if self.firma and self.estado is EstadoCierre.FIRMADO else self.actual

    @property
    def pide_reabrir(self) -> bool:
        """Whether something came after it was signed: never changed in silence, it is for people to reopen it."""
        firmado = self.firma is not None and self.estado is EstadoCierre.FIRMADO
        return firmado and self.firma.entradas != resumen_de_entradas(self.actual)  # type: ignore[union-attr]

    @property
    def despues(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names of the lines that came, and that went, after it was signed."""
        if not self.pide_reabrir:
            return (), ()
        llegaron, faltan = llego_despues(self.mostrado, self.actual)
        return tuple(llegaron), tuple(faltan)


def cotejar_dias(plan: PlanDeCuentas, desde: date, hasta: date, *, hoy: date, cuenta: str | None = None) -> Cierres:
    """The close of every account and day of a period that has any line, one reading for all of them.

    Lines of the days around are read too, because money may reach the bank on another day.
    """
    # Twice the term: whoever competes for a line of the edge is inside.
    margen = timedelta(days=2 * plan.dias_en_transito)
    lineas = leer_lineas(plan, desde - margen, hasta + margen)
    return {
        (una, dia): CierreDia(una, dia, tuple(renglones))
        for una in _cuentas(lineas)
        if cuenta in (None, una)
        for dia, renglones in por_dia(cotejar(lineas.de_cuenta(una), hoy=hoy, dias_en_transito=plan.dias_en_transito))
        if desde <= dia <= hasta
    }


def dia_de(plan: PlanDeCuentas, cuenta: str, dia: date, *, hoy: date) -> Dia:
    """One account's day. Raises `NoExiste` when there is neither such an account nor any line of it."""
    hallado = cotejar_dias(plan, dia, dia, hoy=hoy, cuenta=cuenta).get((cuenta, dia))
    firma = ultima_firma(cuenta, dia)
    if hallado is None and firma is None and plan.por_codigo(cuenta) is None:
        raise NoExiste("No hay una cuenta recaudadora con ese código.")
    return Dia(hallado or CierreDia(cuenta, dia, ()), firma)


def dias_entre(plan: PlanDeCuentas, desde: date, hasta: date, *, hoy: date) -> list[Dia]:
    """Every account's day of a period with something to show, newest first."""
    cierres = cotejar_dias(plan, desde, hasta, hoy=hoy)
    firmas = {(f.cuenta, f.dia): f for f in _firmas(desde, hasta)}
    claves = sorted({*cierres, *firmas}, key=lambda clave: (-clave[1].toordinal(), clave[0]))
    return [Dia(cierres.get(c, CierreDia(*c, ())), firmas.get(c)) for c in claves]


def ultima_firma(cuenta: str, dia: date) -> Cierre | None:
    """The last version that was signed of a day."""
    orden = select(Cierre).where(Cierre.cuenta == cuenta, Cierre.dia == dia).order_by(Cierre.version.desc()).limit(1)
    return db.session.scalar(orden.execution_options(populate_existing=True))


def versiones(cuenta: str, dia: date) -> list[Cierre]:
    """Every signature of a day, newest first."""
    orden = select(Cierre).where(Cierre.cuenta == cuenta, Cierre.dia == dia)
    return list(db.session.scalars(orden.order_by(Cierre.version.desc())))


def _firmas(desde: date, hasta: date) -> list[Cierre]:
    """In order of version, so that the last one of each day stays in a dictionary."""
    orden = select(Cierre).where(Cierre.dia >= desde, Cierre.dia <= hasta).order_by(Cierre.version)
    return list(db.session.scalars(orden))


def _cuentas(lineas: Lineas) -> list[str]:
    return sorted({x.cuenta for lado in (lineas.libro, lineas.pasarela, lineas.banco) for x in lado})
