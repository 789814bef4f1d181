"""What the page shows of a run: figures in order of importance, charts whose titles say what was found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.documentos.simulacion import frase_de, hallazgo_de
from portal.dominio.acumulado import Cuenta
from portal.dominio.dinero import escribir_cambio, escribir_diferencia
from portal.operaciones import simulaciones
from portal.operaciones.borradores import Borrador as Propuesto
from portal.web.graficas import Fila, Grafica, barras

# More bars than these are no picture any more; the table has them all.
_BARRAS = 8


@dataclass(frozen=True)
class Renglon:
    """A stamp or an act with its account."""

    nombre: str
    cuenta: Cuenta


@dataclass(frozen=True)
class Tabla:
    """Stamps or acts, the one that changes most first, with their chart (none without rows)."""

    renglones: list[Renglon]
    grafica: Grafica | None


def contexto_de(departamento: str, una: Propuesto) -> dict[str, Any]:
    """Everything that the page or its fragment needs; without a run, only the draft."""
    simulacion = simulaciones.ultima_de(departamento, una.id)
    comun = {
        "propuesta": una,
        "titulo": simulaciones.titulo_de(departamento, una),
        "simulacion": simulacion,
        "vieja": simulaciones.motivo_de_vieja(simulacion, una) if simulacion else "",
    }
    if simulacion is None or not simulacion.termino:
        return comun
    nombres, resultado = simulaciones.nombres_de(departamento), simulaciones.resultado_de(simulacion)
    return {
        **comun,
        "frase": frase_de(simulacion),
        "resultado": resultado,
        "nombres": nombres,
        "por_estampilla": _tabla("estampillas", resultado.estampillas, nombres.estampilla),
        "por_acto": _tabla("actos", resultado.actos, nombres.acto),
        "tarifas": simulaciones.tarifas_de(simulacion),
        "hallazgo": hallazgo_de(simulacion),
    }


def _tabla(id_: str, cuentas: Mapping[str, Cuenta], nombre: Callable[[str], str]) -> Tabla:
    orden = sorted(cuentas.items(), key=lambda par: (-abs(par[1].diferencia), -par[1].antes, par[0]))
    renglones = [Renglon(nombre(codigo), cuenta) for codigo, cuenta in orden]
    if not renglones:
        return Tabla([], None)
    filas = [Fila(_corto(r.nombre), r.cuenta.antes, r.cuenta.despues) for r in renglones[:_BARRAS]]
    return Tabla(renglones, barras(f"grafica-{id_}", _titulo(id_, renglones), filas))


def _titulo(que: str, renglones: list[Renglon]) -> str:
    """`3 de 4 estampillas cambian: la mayor diferencia es la de Pro Desarrollo, +$2.600.000 (+5,2 %)`."""
    cambian = sum(1 for r in renglones if r.cuenta.cambian)
    if not cambian:
        return f"Ninguna de las {que} cambia" if que == "estampillas" else "Ninguno de los actos cambia"
    nombre, cuenta = _corto(renglones[0].nombre), renglones[0].cuenta
    if len(renglones) == 1:
        que = que.removesuffix("s")
    corto = nombre if len(nombre) <= 60 else nombre[:59].rstrip() + "…"
    return (
        f"{cambian} de {len(renglones)} {que} {'cambia' if cambian == 1 else 'cambian'}; la mayor diferencia es la de {corto}: "
        f"{escribir_diferencia(cuenta.diferencia)} ({escribir_cambio(cuenta.antes, cuenta.despues)})"
    )


def _corto(nombre: str) -> str:
    """A stamp's name without the word that all of them begin with: a chart has little room."""
    return nombre.removeprefix("Estampilla ")
