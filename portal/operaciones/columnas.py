"""Many amounts at once: the lines of a trace as columns of whole pesos, exact because every product fits in a machine word.

Only who runs a batch imports this module, and with it numpy: no page, command or worker needs it to begin.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from portal.dominio.acumulado import MAYORES, Cuenta, Movimiento, Resultado
from portal.dominio.trazado import PALABRA, Clave, Trazado, Trazo

Columna = NDArray[np.int64]


def columna(numeros: Sequence[int]) -> Columna:
    """Whole numbers of a machine word, one after another."""
    return np.array(numeros, dtype=np.int64)


def valores(trazado: Trazado, centavos: Columna) -> Mapping[Clave, Columna]:
    """The whole pesos of each line for each amount, none above what the trace holds (`cabe_hasta`).

    Lines with the same arithmetic share one column: do not write in it.
    """
    hechas: dict[tuple[Trazo, ...], Columna] = {}
    for trazos in trazado.lineas.values():
        if trazos not in hechas:
            hechas[trazos] = _pesos(trazos, centavos)
    return {clave: hechas[trazos] for clave, trazos in trazado.lineas.items()}


def _pesos(trazos: tuple[Trazo, ...], centavos: Columna) -> Columna:
    *anteriores, ultimo = trazos
    pesos = _de_un_trazo(ultimo, centavos)
    # From the last stretch to the first: each one writes over all the amounts up to its own end.
    for trazo in reversed(anteriores):
        np.copyto(pesos, _de_un_trazo(trazo, centavos), where=centavos <= trazo.hasta)
    return pesos


def _de_un_trazo(trazo: Trazo, centavos: Columna) -> Columna:
    if not trazo.por:
        return np.full_like(centavos, trazo.pesos(0))
    pesos = centavos * trazo.por if trazo.por != 1 else centavos.copy()
    pesos += trazo.mas
    pesos //= trazo.entre
    pesos *= trazo.multiplo
    return pesos


def contar(antes: Trazado, despues: Trazado, actos: tuple[str, ...], numeros: Columna, centavos: Columna) -> Resultado:
    """The account of assessments that asked alike, by number and amount, with both sets of rules."""
    previos, nuevos = valores(antes, centavos), valores(despues, centavos)
    nada = np.zeros_like(centavos)
    resultado = Resultado(liquidaciones=len(numeros))
    distintas = np.full(len(numeros), previos.keys() != nuevos.keys())
    diferencias = nada.copy()
    for clave in previos.keys() | nuevos.keys():
        acto, estampilla = clave
        previo, nuevo = previos.get(clave, nada), nuevos.get(clave, nada)
        cuenta = _cuenta(previo, nuevo)
        for de in (
            resultado.total,
            resultado.actos.setdefault(acto, Cuenta()),
            resultado.estampillas.setdefault(estampilla, Cuenta()),
        ):
            de.sumar(cuenta)
        if cuenta.cambian:
            distintas |= previo != nuevo
            diferencias += nuevo - previo
    resultado.cambian = int(np.count_nonzero(distintas))
    resultado.alzas = _mayores(actos, numeros, previos, diferencias, alza=True)
    resultado.bajas = _mayores(actos, numeros, previos, diferencias, alza=False)
    return resultado


def _cuenta(previo: Columna, nuevo: Columna) -> Cuenta:
    return Cuenta(
        lineas=len(previo),
        suben=int(np.count_nonzero(nuevo > previo)),
        bajan=int(np.count_nonzero(nuevo < previo)),
        antes=_suma(previo),
        despues=_suma(nuevo),
    )


def _suma(pesos: Columna) -> Decimal:
    """The sum of a column, whatever its length."""
    if int(pesos.max(initial=0)) > PALABRA // max(len(pesos), 1):
        return Decimal(sum(pesos.tolist()))
    return Decimal(int(pesos.sum()))


def _mayores(
    actos: tuple[str, ...],
    numeros: Columna,
    previos: Mapping[Clave, Columna],
    diferencias: Columna,
    *,
    alza: bool,
) -> list[Movimiento]:
    """The assessments whose totals rise (or fall) most, in the order of `Resultado`."""
    medidas = diferencias if alza else -diferencias
    lugares = np.flatnonzero(medidas > 0)
    orden = np.lexsort((numeros[lugares], -medidas[lugares]))[:MAYORES]
    movimientos = []
    for lugar in lugares[orden].tolist():
        antes = sum(int(pesos[lugar]) for pesos in previos.values())
        despues = antes + int(diferencias[lugar])
        movimientos.append(Movimiento(int(numeros[lugar]), actos, Decimal(antes), Decimal(despues)))
    return movimientos
