"""Which exclusions and exemptions touch a stamp on an act, and what the person must be told about each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from portal.dominio.condiciones import Juicio, evaluar
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido
from portal.dominio.hechos import Valor
from portal.dominio.normativa import Acto, Normativa, Regla
from portal.dominio.redondeo import EXACTO


@dataclass(frozen=True)
class Examen:
    """The rules that apply to one stamp on one act, and the warnings of those that might."""

    total: Regla | None
    reducciones: tuple[Regla, ...]
    avisos: tuple[str, ...]


@dataclass(frozen=True)
class Reduccion:
    """A base after a rule took its part: pesos left, pesos taken, how it was reckoned."""

    base: Decimal
    detalle: str


def juzgar(normativa: Normativa, fecha: date, hechos: Mapping[str, Valor]) -> tuple[tuple[Regla, Juicio], ...]:
    """Every rule with its judgement over checked facts; once per request, because it depends on no stamp."""
    return tuple((regla, _con_plazo(regla, evaluar(regla.cuando, hechos), fecha, hechos)) for regla in normativa.reglas)


def examinar(juicios: Iterable[tuple[Regla, Juicio]], acto: Acto, estampilla: str, fecha: date) -> Examen:
    """Of the judged rules, those that speak of the stamp and the act on the date."""
    total: Regla | None = None
    reducciones: list[Regla] = []
    avisos: list[str] = []
    for regla, juicio in juicios:
        if juicio.cumple is False or not regla.alcanza(acto, estampilla, fecha):
            continue
        aviso = _aviso(regla, juicio)
        if aviso:
            avisos.append(aviso)
        if not juicio.cumple or not regla.activa:
            continue
        if regla.efecto.tipo == "reduce_base":
            reducciones.append(regla)
        elif total is None or (total.confirma_funcionario and not regla.confirma_funcionario):
            # What the facts alone prove is not made to wait for a recognition.
            total = regla
    return Examen(total, tuple(reducciones), tuple(avisos))


def _con_plazo(regla: Regla, juicio: Juicio, fecha: date, hechos: Mapping[str, Valor]) -> Juicio:
    if regla.plazo is None or not juicio.cumple:
        return juicio
    inicio = hechos.get(regla.plazo.hecho)
    if not isinstance(inicio, date):
        return Juicio(None, afirma=True, faltan=(regla.plazo.hecho,))
    return juicio if inicio <= fecha <= regla.plazo.fin(inicio) else Juicio(False)


def _aviso(regla: Regla, juicio: Juicio) -> str:
    nombre = f"{regla.codigo} ({regla.nombre})"
    if juicio.cumple and not regla.activa:
        return f"La regla {nombre} está inactiva y no se aplicó"
    if juicio.cumple is None and juicio.afirma and regla.activa:
        return f"La regla {nombre} podría aplicarse y no se aplicó: falta el hecho {', '.join(juicio.faltan)}"
    if juicio.cumple and juicio.supuestos:
        return f"La regla {nombre} se aplicó suponiendo que no se da el hecho {', '.join(juicio.supuestos)}"
    return ""


def pedir_reconocimiento(regla: Regla) -> str:
    """The warning of a rule that applied and needs a recognition."""
    return f"Un funcionario debe confirmar la regla {regla.codigo} ({regla.nombre}) con su soporte"


def reducir(normativa: Normativa, regla: Regla, base: Decimal, fecha: date, hechos: Mapping[str, Valor]) -> Reduccion:
    """Take from a base, in pesos, the part that a rule excludes (Cundinamarca, manual 4.7 n.º 8: the first 1.200 UVT).

    The unit is the one in force when the contract was signed, and the exclusion is used up once across its additions (C-A07).
    Raises `NormaNoVigente` when that year has no value, `DatoInvalido` when the signature is later than the act.
    """
    efecto = regla.efecto
    firma = hechos.get(efecto.fecha, fecha)
    if not isinstance(firma, date) or firma > fecha:
        raise DatoInvalido("La fecha de suscripción no puede ser posterior a la del acto", f"hechos.{efecto.fecha}")
    unidad = normativa.valor_indicador(efecto.indicador, firma)
    anterior = hechos.get(efecto.consumido)
    with localcontext(EXACTO):
        tope = efecto.cantidad * unidad.valor
        restante = max(tope - (anterior if isinstance(anterior, Decimal) else Decimal(0)), Decimal(0))
        quitado = min(base, restante)
        cantidad = escribir_pesos(efecto.cantidad).removeprefix("$")
        cuanto = f"{cantidad} {efecto.indicador} de {firma.year}: {escribir_pesos(tope)}"
        saldo = f", de las que quedaban {escribir_pesos(restante)}" if restante < tope else ""
        return Reduccion(base - quitado, f"{escribir_pesos(base)} menos {escribir_pesos(quitado)} ({cuanto}{saldo})")
