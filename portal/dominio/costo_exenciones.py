"""What a stamp of $0 would have charged without the rule that made it $0: the engine asked again with that rule off."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal

from portal.dominio.errores import ErrorDominio
from portal.dominio.exenciones import REDUCE_BASE
from portal.dominio.liquidador import Solicitud, liquidar
from portal.dominio.normativa import Normativa

# How `Regla.motivo` ends.
_REGLA = re.compile(r"regla ([A-Z0-9][A-Z0-9_-]*)\)$")
_Clave = tuple[str, str]


def regla_de(exencion: str) -> str:
    """The code of the rule that a printed exemption names; empty when it names none.

    >>> regla_de("Exención: Entidad pública (Ordenanza 028 de 2010, art. 246; regla N-EXE-246-01)")
    'N-EXE-246-01'
    """
    hallada = _REGLA.search(exencion)
    return hallada[1] if hallada else ""


def sin_exencion(
    normativa: Normativa, solicitud: Solicitud, reglas: Collection[str]
) -> Mapping[_Clave, Decimal] | None:
    """Pesos of each `(acto, estampilla)` of a request without the rules that leave a stamp at $0, rounded as always.

    `reglas` are those that the assessment says were applied to its stamps of $0. Off are they and every other whose effect is
    the whole stamp: with one of these in its place nothing would have been charged either. Rules that only take a part of the
    base stay, because they would have taken it anyway. None when the engine cannot answer now.
    """
    quedan = tuple(r for r in normativa.reglas if r.efecto.tipo == REDUCE_BASE and r.codigo not in reglas)
    try:
        resultado = liquidar(replace(normativa, reglas=quedan), solicitud)
    except ErrorDominio:
        return None
    return {(linea.acto, linea.estampilla): linea.valor for linea in resultado.lineas}
