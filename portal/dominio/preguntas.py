"""Which facts to ask a person for when some acts are assessed, and why each is asked."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.dominio.condiciones import evaluar, por_preguntar, valores_comparados
from portal.dominio.hechos import ASIGNACION_ANTERIOR, MOVIMIENTO, Hecho, TipoHecho, Valor, leer_hechos
from portal.dominio.normativa import Acto, Normativa, Regla

_SIN_HECHO = re.compile(r"(falta|suponiendo que no se da) el hecho ([a-z_., ]+)$")


@dataclass(frozen=True)
class Pregunta:
    """A fact to ask for. `reglas` use it; `motivos` say why a base or a scale does.

    `propia`: the law asks it of this kind of act. `obligatoria`: the engine computes nothing without it.
    """

    hecho: Hecho
    reglas: tuple[Regla, ...] = ()
    motivos: tuple[str, ...] = ()
    propia: bool = False
    obligatoria: bool = False

    @property
    def sugerencias(self) -> tuple[str, ...]:
        """Names that the rules know, for a fact that is typed."""
        if self.hecho.tipo is not TipoHecho.TEXTO:
            return ()
        nombres = (v for regla in self.reglas for v in valores_comparados(regla.cuando, self.hecho.clave))
        return tuple(dict.fromkeys(str(nombre) for nombre in nombres))


def preguntar(
    normativa: Normativa, actos: Iterable[Acto], fecha: date, hechos: Mapping[str, Valor]
) -> tuple[Pregunta, ...]:
    """The questions of rules and bases that can touch the acts and their stamps on a date, given the facts known so far.

    First what a base needs, then what rules made for this kind of act ask, those of more rules first, then the rest.
    """
    actos = tuple(actos)
    usos: dict[str, list[Regla]] = {}
    propias: set[str] = set()
    for regla in normativa.reglas:
        alcanza = regla.activa and any(_alcanza(normativa, regla, acto, fecha) for acto in actos)
        for clave in _pide(regla, hechos) if alcanza else ():
            usos.setdefault(clave, []).append(regla)
            if regla.actos or regla.grupos:
                propias.add(clave)
    bases = _de_la_base(actos, hechos)
    for clave, motivos in _de_las_escalas(normativa, actos, fecha).items():
        bases.setdefault(clave, []).extend(motivos)
    obligatorias = {ASIGNACION_ANTERIOR, *(acto.descuento.hecho for acto in actos if acto.descuento)}
    todas = [
        Pregunta(
            hecho,
            tuple(usos.get(hecho.clave, ())),
            tuple(bases.get(hecho.clave, ())),
            propia=hecho.clave in propias or hecho.clave in bases,
            obligatoria=hecho.clave in obligatorias and hecho.clave in bases,
        )
        for hecho in normativa.hechos
        if hecho.clave in usos or hecho.clave in bases
    ]
    return tuple(sorted(todas, key=lambda p: (not p.motivos, not p.propia, -len(p.reglas))))


def abrir_preguntas(
    normativa: Normativa,
    actos: Iterable[Acto],
    fecha: date,
    propios: Mapping[str, str],
    responder: Callable[[Pregunta], object],
) -> tuple[Pregunta, ...]:
    """Every question that the acts ask and those that the answers themselves open, in the order of the last round.

    `propios`: the facts that are asked elsewhere, empty while they have no answer. `responder` gets each question once and
    gives its answer as JSON holds it, or None while there is none that can be used.
    """
    actos = tuple(actos)
    catalogo = {hecho.clave: hecho for hecho in normativa.hechos}
    conocidos: dict[str, object] = {
        clave: valor for clave, valor in propios.items() if clave in catalogo and valor in catalogo[clave].valores
    }
    abiertas: dict[str, Pregunta] = {}
    while True:
        pedidas = preguntar(normativa, actos, fecha, leer_hechos(normativa.hechos, conocidos))
        nuevas = [p for p in pedidas if p.hecho.clave not in abiertas and p.hecho.clave not in propios]
        if not nuevas:
            break
        for pregunta in nuevas:
            abiertas[pregunta.hecho.clave] = pregunta
            respuesta = responder(pregunta)
            if respuesta is not None:
                conocidos[pregunta.hecho.clave] = respuesta
    en_orden = [p.hecho.clave for p in pedidas if p.hecho.clave in abiertas]
    return tuple(abiertas[clave] for clave in dict.fromkeys([*en_orden, *abiertas]))


def avisos_en_palabras(normativa: Normativa, avisos: Iterable[str]) -> tuple[str, ...]:
    """Warnings for people: the question that was not answered instead of the fact's key."""
    preguntas = {hecho.clave: hecho.descripcion for hecho in normativa.hechos}

    def decir(hallado: re.Match[str]) -> str:
        citas = ", ".join(f"«{preguntas.get(clave, clave)}»" for clave in hallado[2].split(", "))
        return f"falta responder {citas}" if hallado[1] == "falta" else f"suponiendo que la respuesta es «No» a {citas}"

    return tuple(_SIN_HECHO.sub(decir, aviso) for aviso in avisos)


def _alcanza(normativa: Normativa, regla: Regla, acto: Acto, fecha: date) -> bool:
    return any(regla.alcanza(acto, estampilla.codigo, fecha) for estampilla, _ in normativa.tarifas_de(acto, fecha))


def _pide(regla: Regla, hechos: Mapping[str, Valor]) -> tuple[str, ...]:
    juicio = evaluar(regla.cuando, hechos)
    despues: tuple[str, ...] = ()
    if juicio.cumple is not False and juicio.afirma:
        despues = (regla.plazo.hecho if regla.plazo else "", regla.efecto.fecha, regla.efecto.consumido)
    claves = (*por_preguntar(regla.cuando, hechos), *despues)
    return tuple(dict.fromkeys(clave for clave in claves if clave))


def _de_la_base(actos: tuple[Acto, ...], hechos: Mapping[str, Valor]) -> dict[str, list[str]]:
    """Appointments that pay on the increase only need to know the movement, and then the pay before it; some bases, the VAT."""
    bases: dict[str, list[str]] = {}
    for acto in actos:
        if acto.movimientos:
            motivo = f"Hay movimientos que pagan solo sobre el aumento de la asignación ({acto.codigo}: {acto.cita})."
            bases.setdefault(MOVIMIENTO, []).append(motivo)
            if hechos.get(MOVIMIENTO) in acto.movimientos:
                bases.setdefault(ASIGNACION_ANTERIOR, []).append(motivo)
        if acto.descuento:
            motivo = f"Se liquida sobre {acto.base_nombre} ({acto.codigo}: {acto.cita})."
            bases.setdefault(acto.descuento.hecho, []).append(motivo)
    return bases


def _de_las_escalas(normativa: Normativa, actos: tuple[Acto, ...], fecha: date) -> dict[str, list[str]]:
    """A tariff by brackets needs to know what the contract was worth before an addition."""
    pedidos: dict[str, list[str]] = {}
    tarifas = [t for acto in actos for _, tarifas in normativa.tarifas_de(acto, fecha) for t in tarifas]
    for escala in (tarifa.escala for tarifa in tarifas if tarifa.escala):
        for clave in filter(None, (escala.anterior, escala.fecha)):
            pedidos.setdefault(clave, []).append(f"La tarifa depende de cuánto suma el contrato ({escala.cita}).")
    return {clave: list(dict.fromkeys(motivos)) for clave, motivos in pedidos.items()}
