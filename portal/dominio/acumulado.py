"""The account of a simulation: exact sums that are the same whatever the order, so that its parts can be added up.

Amounts are pesos. As JSON they are text, because a JSON number may lose cents.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Any

from portal.dominio.redondeo import EXACTO

MAYORES = 10
EJEMPLOS = 50
# (act, stamp) → pesos
Lineas = Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True)
class Comparacion:
    """One assessment with both sets of rules; None and `razon` on the side that refuses it."""

    numero: int
    actos: tuple[str, ...]
    antes: Lineas | None
    despues: Lineas | None
    razon: str = ""


@dataclass
class Cuenta:
    """Lines of a stamp, of an act or of all: how many there are, how many rise and fall, and what they add up to."""

    lineas: int = 0
    suben: int = 0
    bajan: int = 0
    antes: Decimal = Decimal(0)
    despues: Decimal = Decimal(0)

    @property
    def cambian(self) -> int:
        """Lines with another value, those that begin or end included."""
        return self.suben + self.bajan

    @property
    def diferencia(self) -> Decimal:
        """Pesos that would be charged beyond today's; negative when less."""
        return self.despues - self.antes

    def agregar(self, antes: Decimal, despues: Decimal) -> None:
        """Count one line, $0 on the side where it does not exist."""
        self.lineas += 1
        self.suben += despues > antes
        self.bajan += despues < antes
        self.antes += antes
        self.despues += despues

    def sumar(self, otra: "Cuenta") -> None:
        """Add the lines of another one."""
        self.lineas += otra.lineas
        self.suben += otra.suben
        self.bajan += otra.bajan
        self.antes += otra.antes
        self.despues += otra.despues


@dataclass(frozen=True)
class Movimiento:
    """An assessment whose total changes, known by its number only."""

    numero: int
    actos: tuple[str, ...]
    antes: Decimal
    despues: Decimal

    @property
    def diferencia(self) -> Decimal:
        """Pesos beyond today's; negative when less."""
        return self.despues - self.antes


@dataclass(frozen=True)
class Ejemplo:
    """An assessment that one side refuses, why, and its total on the other."""

    numero: int
    actos: tuple[str, ...]
    total: Decimal
    razon: str


@dataclass
class Rehusadas:
    """Assessments that one side refuses: how many, their total on the other side, and the first ones by number."""

    cuantas: int = 0
    total: Decimal = Decimal(0)
    ejemplos: list[Ejemplo] = field(default_factory=list)

    def agregar(self, ejemplo: Ejemplo) -> None:
        """Count one more."""
        self.sumar(Rehusadas(1, ejemplo.total, [ejemplo]))

    def sumar(self, otra: "Rehusadas") -> None:
        """Add those of another part."""
        self.cuantas += otra.cuantas
        self.total += otra.total
        self.ejemplos = sorted([*self.ejemplos, *otra.ejemplos], key=lambda e: e.numero)[:EJEMPLOS]


@dataclass
class Resultado:
    """What a run found. `dejan`: assessable today and not with the draft; `empiezan`: the reverse; `ninguna`: neither.

    Totals are of the assessments that both sides assess. `agregar` one by one or `sumar` parts: the account is the same.
    """

    liquidaciones: int = 0
    cambian: int = 0
    total: Cuenta = field(default_factory=Cuenta)
    estampillas: dict[str, Cuenta] = field(default_factory=dict)
    actos: dict[str, Cuenta] = field(default_factory=dict)
    alzas: list[Movimiento] = field(default_factory=list)
    bajas: list[Movimiento] = field(default_factory=list)
    dejan: Rehusadas = field(default_factory=Rehusadas)
    empiezan: Rehusadas = field(default_factory=Rehusadas)
    ninguna: Rehusadas = field(default_factory=Rehusadas)

    def agregar(self, una: Comparacion) -> None:
        """Count one assessment."""
        if una.antes is None or una.despues is None:
            self._rehusar(una)
            return
        with localcontext(EXACTO):
            antes, despues = sum(una.antes.values(), Decimal(0)), sum(una.despues.values(), Decimal(0))
            self.liquidaciones += 1
            for clave in una.antes.keys() | una.despues.keys():
                acto, estampilla = clave
                valores = una.antes.get(clave, Decimal(0)), una.despues.get(clave, Decimal(0))
                self.total.agregar(*valores)
                self.actos.setdefault(acto, Cuenta()).agregar(*valores)
                self.estampillas.setdefault(estampilla, Cuenta()).agregar(*valores)
            if antes != despues:
                self._mover(Movimiento(una.numero, una.actos, antes, despues))
            self.cambian += una.antes != una.despues

    def sumar(self, otro: "Resultado") -> None:
        """Add what another part of the same run found."""
        with localcontext(EXACTO):
            self.liquidaciones += otro.liquidaciones
            self.cambian += otro.cambian
            self.total.sumar(otro.total)
            for mias, suyas in ((self.estampillas, otro.estampillas), (self.actos, otro.actos)):
                for codigo, cuenta in suyas.items():
                    mias.setdefault(codigo, Cuenta()).sumar(cuenta)
            self.alzas = _mayores([*self.alzas, *otro.alzas])
            self.bajas = _mayores([*self.bajas, *otro.bajas])
            self.dejan.sumar(otro.dejan)
            self.empiezan.sumar(otro.empiezan)
            self.ninguna.sumar(otro.ninguna)

    def _mover(self, uno: Movimiento) -> None:
        if uno.diferencia > 0:
            self.alzas = _mayores([*self.alzas, uno])
        else:
            self.bajas = _mayores([*self.bajas, uno])

    def _rehusar(self, una: Comparacion) -> None:
        lineas = una.despues if una.antes is None else una.antes
        with localcontext(EXACTO):
            ejemplo = Ejemplo(una.numero, una.actos, sum((lineas or {}).values(), Decimal(0)), una.razon)
            if lineas is None:
                self.ninguna.agregar(ejemplo)
            elif una.antes is None:
                self.empiezan.agregar(ejemplo)
            else:
                self.dejan.agregar(ejemplo)


def _mayores(movimientos: Iterable[Movimiento]) -> list[Movimiento]:
    """The largest changes first; of equal ones, the lowest number, so that parts in any order give the same list."""
    return sorted(movimientos, key=lambda m: (-abs(m.diferencia), m.numero))[:MAYORES]


def a_json(resultado: Resultado) -> dict[str, Any]:
    """The account as plain JSON data."""
    return {
        "liquidaciones": resultado.liquidaciones,
        "cambian": resultado.cambian,
        "total": _plano(resultado.total),
        "estampillas": {codigo: _plano(cuenta) for codigo, cuenta in resultado.estampillas.items()},
        "actos": {codigo: _plano(cuenta) for codigo, cuenta in resultado.actos.items()},
        "alzas": [_plano(uno) for uno in resultado.alzas],
        "bajas": [_plano(uno) for uno in resultado.bajas],
        **{lado: _rehusadas_planas(getattr(resultado, lado)) for lado in ("dejan", "empiezan", "ninguna")},
    }


def de_json(crudo: Mapping[str, Any]) -> Resultado:
    """The account that `a_json` wrote; empty data are an empty account."""
    if not crudo:
        return Resultado()
    return Resultado(
        liquidaciones=crudo["liquidaciones"],
        cambian=crudo["cambian"],
        total=_cuenta(crudo["total"]),
        estampillas={codigo: _cuenta(uno) for codigo, uno in crudo["estampillas"].items()},
        actos={codigo: _cuenta(uno) for codigo, uno in crudo["actos"].items()},
        alzas=[_movimiento(uno) for uno in crudo["alzas"]],
        bajas=[_movimiento(uno) for uno in crudo["bajas"]],
        **{lado: _rehusadas(crudo[lado]) for lado in ("dejan", "empiezan", "ninguna")},
    )


def _plano(uno: Any) -> dict[str, Any]:
    return {clave: f"{valor:f}" if isinstance(valor, Decimal) else valor for clave, valor in vars(uno).items()}


def _rehusadas_planas(unas: Rehusadas) -> dict[str, Any]:
    return {**_plano(unas), "ejemplos": [_plano(ejemplo) for ejemplo in unas.ejemplos]}


def _cuenta(crudo: Mapping[str, Any]) -> Cuenta:
    return Cuenta(**_con_pesos(crudo, "antes", "despues"))


def _movimiento(crudo: Mapping[str, Any]) -> Movimiento:
    return Movimiento(**_con_pesos(crudo, "antes", "despues"))


def _rehusadas(crudo: Mapping[str, Any]) -> Rehusadas:
    ejemplos = [Ejemplo(**_con_pesos(uno, "total")) for uno in crudo["ejemplos"]]
    return Rehusadas(crudo["cuantas"], Decimal(crudo["total"]), ejemplos)


def _con_pesos(crudo: Mapping[str, Any], *claves: str) -> dict[str, Any]:
    listo = {**crudo, **{clave: Decimal(crudo[clave]) for clave in claves}}
    return {**listo, "actos": tuple(listo["actos"])} if "actos" in listo else listo
