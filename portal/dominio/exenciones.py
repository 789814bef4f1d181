"""Which exclusions and exemptions touch a stamp on an act, and what the person must be told about each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from functools import cached_property
from typing import TypeVar

from portal.dominio.condiciones import Juicio, evaluar
from portal.dominio.dinero import escribir_pesos
from portal.dominio.hechos import Valor, dia_de, importe_de
from portal.dominio.normativa import Acto, Normativa, Regla, ValorIndicador
from portal.dominio.razones import ReglaExaminada, dar_razones
from portal.dominio.redondeo import EXACTO

REDUCE_BASE = "reduce_base"
_T = TypeVar("_T")


@dataclass(frozen=True)
class Examen:
    """The rules that speak of one stamp on one act, judged; those that apply, and the warnings of those that might.

    `por_otra`: why the stamp is $0 when that is another stamp's doing; its own rules have nothing left to do.
    """

    examinador: "Examinador"
    juicios: tuple[tuple[Regla, Juicio], ...]
    total: Regla | None
    reducciones: tuple[Regla, ...]
    avisos: tuple[str, ...]
    por_otra: str = ""

    @cached_property
    def razones(self) -> tuple[ReglaExaminada, ...]:
        """Why each rule applied or not, in the norm's order."""
        return dar_razones(self)

    def sin_cobro(self, por_otra: str) -> "Examen":
        """The same for a stamp that is not charged because another one is not."""
        return replace(self, reducciones=(), avisos=(), por_otra=por_otra)

    def unidad_de(self, regla: Regla) -> ValorIndicador:
        """The unit by which one of its rules reduces the base."""
        de = self.examinador
        return unidad_de(de.normativa, regla, de.fecha, de.hechos)


@dataclass(frozen=True)
class Reduccion:
    """A base after a rule took its part: pesos left, pesos taken, how it was reckoned."""

    base: Decimal
    detalle: str


class Examinador:
    """Judges the rules over the facts of one request; each rule once, because its judgement depends on no stamp."""

    def __init__(self, normativa: Normativa, fecha: date, hechos: Mapping[str, Valor]) -> None:
        self.normativa = normativa
        self.fecha = fecha
        self.hechos = hechos
        self._juicios: dict[str, Juicio] = {}
        self._examenes: dict[tuple[bool, int], Examen] = {}
        # Why each rule holds or not, in words, for whoever asks for them.
        self.motivos: dict[str, str] = {}

    def examinar(self, acto: Acto, estampilla: str, *, con_base: bool) -> Examen:
        """The rules of a stamp on an act. Those that reduce the base do nothing where there is no base (`con_base`).

        Most stamps of an act have the same rules, and then the examination is the same one.
        """
        reglas = self.normativa.reglas_de(acto, estampilla, self.fecha)
        clave = (con_base, id(reglas))
        examen = self._examenes.get(clave)
        if examen is None:
            examen = self._examenes[clave] = self._examinar(reglas, con_base)
        return examen

    def _examinar(self, reglas: tuple[Regla, ...], con_base: bool) -> Examen:
        total: Regla | None = None
        juicios: list[tuple[Regla, Juicio]] = []
        reducciones: list[Regla] = []
        avisos: list[str] = []
        for regla in reglas:
            juicio = self.juzgar(regla)
            juicios.append((regla, juicio))
            if juicio.cumple is False:
                continue
            aviso = _aviso(regla, juicio)
            if aviso:
                avisos.append(aviso)
            if not juicio.cumple or not regla.activa:
                continue
            if regla.efecto.tipo == REDUCE_BASE:
                reducciones += [regla] if con_base else []
            elif total is None or (total.confirma_funcionario and not regla.confirma_funcionario):
                # What the facts alone prove is not made to wait for a recognition.
                total = regla
        return Examen(self, tuple(juicios), total, tuple(reducciones), tuple(avisos))

    def juzgar(self, regla: Regla) -> Juicio:
        """Whether the rule's condition and term hold over the facts."""
        juicio = self._juicios.get(regla.codigo)
        if juicio is None:
            juicio = self.recordar_callada(regla, "juicio", lambda: self._juzgar(regla))
            self._juicios[regla.codigo] = juicio
        return juicio

    def recordar_callada(self, regla: Regla, que: str, buscar: Callable[[], _T]) -> _T:
        """What `buscar` finds of a rule: once for all the requests that give none of its facts, which are most of them."""
        if not self.hechos.keys().isdisjoint(regla.hechos):
            return buscar()
        return self.normativa.recordar(self.fecha, (que, regla.codigo), buscar)

    def _juzgar(self, regla: Regla) -> Juicio:
        return _con_plazo(regla, evaluar(regla.cuando, self.hechos), self.fecha, self.hechos)


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


def unidad_de(normativa: Normativa, regla: Regla, fecha: date, hechos: Mapping[str, Valor]) -> ValorIndicador:
    """The unit that a rule reduces the base by: the one in force when the contract was signed.

    Raises `NormaNoVigente` when that year has no value, `DatoInvalido` when the signature is later than the act.
    """
    return normativa.valor_indicador(regla.efecto.indicador, dia_de(hechos, regla.efecto.fecha, fecha))


def reducir(
    normativa: Normativa,
    regla: Regla,
    base: Decimal,
    fecha: date,
    hechos: Mapping[str, Valor],
    consumido: Decimal | None = None,
) -> Reduccion:
    """Take from a base, in pesos, the part that a rule excludes (Cundinamarca, manual 4.7 n.º 8: the first 1.200 UVT).

    The exclusion is used up once across the additions of a contract (C-A07): `consumido` pesos of it are gone already, by
    default those of the fact that the rule names. Raises as `unidad_de`.
    """
    efecto = regla.efecto
    unidad = unidad_de(normativa, regla, fecha, hechos)
    anterior = importe_de(hechos, efecto.consumido) if consumido is None else consumido
    with localcontext(EXACTO):
        tope = efecto.cantidad * unidad.valor
        restante = max(tope - anterior, Decimal(0))
        quitado = min(base, restante)
        cantidad = escribir_pesos(efecto.cantidad).removeprefix("$")
        cuanto = f"{cantidad} {efecto.indicador} de {dia_de(hechos, efecto.fecha, fecha).year}: {escribir_pesos(tope)}"
        saldo = f", de las que quedaban {escribir_pesos(restante)}" if restante < tope else ""
        return Reduccion(base - quitado, f"{escribir_pesos(base)} menos {escribir_pesos(quitado)} ({cuanto}{saldo})")
