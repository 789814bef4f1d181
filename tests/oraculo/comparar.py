"""Ask the portal and the oracle the same, and say where they differ."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import ModuleType
from typing import Any

from portal.dominio.normativa import Normativa, ValorIndicador
from portal.operaciones.archivos_normativa import normativa_de_archivos
from portal.operaciones.cotizaciones import responder
from tests.oraculo import casos, cundinamarca, narino, putumayo
from tests.oraculo.lectura import Rehusa, Renglon, Vocabulario, leer
from tests.oraculo.tablas import PUBLICAS, Tablas, inventadas

ORACULOS: dict[str, ModuleType] = {"cundinamarca": cundinamarca, "narino": narino, "putumayo": putumayo}


@dataclass
class Cuenta:
    """What a run tried and what it found. `tocado` counts tariffs, rules and refusals, to see that nothing was left untried."""

    casos: int = 0
    renglones: int = 0
    exentos: int = 0
    rehusados: int = 0
    tocado: Counter[str] = field(default_factory=Counter)
    diferencias: list[str] = field(default_factory=list)

    def sumar(self, otra: "Cuenta") -> None:
        self.casos += otra.casos
        self.renglones += otra.renglones
        self.exentos += otra.exentos
        self.rehusados += otra.rehusados
        self.tocado += otra.tocado
        self.diferencias += otra.diferencias


@cache
def normativa(departamento: str) -> Normativa:
    return normativa_de_archivos(departamento)


@cache
def con_tablas(departamento: str, juego: int) -> tuple[Normativa, Tablas]:
    """The portal's rules and the oracle's figures under the same yearly tables; the public ones are each one's own."""
    if juego == 0:
        return normativa(departamento), PUBLICAS
    tablas = inventadas(juego)
    valores = (
        *_valores("UVT", tablas.uvt),
        *_valores("SMMLV", tablas.smmlv),
        *_valores("PRO_CULTURA_SIN_CUANTIA", tablas.pro_cultura),
    )
    return replace(normativa(departamento), valores=valores), tablas


def _valores(codigo: str, tabla: Mapping[date, int]) -> Iterator[ValorIndicador]:
    dias = sorted(tabla)
    for dia, siguiente in zip(dias, [*dias[1:], date.max], strict=True):
        hasta = min(siguiente - timedelta(days=1), date(dia.year, 12, 31))
        yield ValorIndicador(codigo, Decimal(tabla[dia]), dia, hasta, "Acto inventado")


@cache
def vocabulario(departamento: str) -> Vocabulario:
    return {hecho.clave: (str(hecho.tipo), hecho.valores) for hecho in normativa(departamento).hechos}


def comparar(departamento: str, semilla: int, numeros: Iterable[int]) -> Cuenta:
    """Try the requests of those numbers. Differences are reported, never raised."""
    cuenta = Cuenta()
    for numero in numeros:
        pedido = casos.pedido(departamento, semilla, numero, vocabulario(departamento))
        _comparar_uno(departamento, pedido, casos.tablas(semilla, numero), cuenta)
    return cuenta


def _comparar_uno(departamento: str, pedido: dict[str, Any], juego: int, cuenta: Cuenta) -> None:
    reglas, tablas = con_tablas(departamento, juego)
    respuesta = json.loads(responder(reglas, json.dumps(pedido).encode()))
    cuenta.casos += 1
    try:
        renglones: list[Renglon] = ORACULOS[departamento].liquidar(leer(pedido, vocabulario(departamento), tablas))
    except Rehusa as razon:
        cuenta.rehusados += 1
        cuenta.tocado[f"{departamento}: {razon}"] += 1
        distinto = "" if "error" in respuesta else f"el oráculo rehúsa: {razon}"
    else:
        _contar(departamento, pedido, renglones, cuenta)
        distinto = diferencia(renglones, respuesta)
    if distinto:
        pedido_escrito = json.dumps(pedido, ensure_ascii=False)
        cuenta.diferencias.append(f"{pedido_escrito} (tablas {juego})\n    {distinto}\n    {_breve(respuesta)}")


def diferencia(renglones: list[Renglon], respuesta: dict[str, Any]) -> str:
    """What differs between the oracle's lines and the portal's answer; empty when they agree."""
    if "error" in respuesta:
        return f"el oráculo liquida {sum(renglon.cobrado for renglon in renglones)}"
    nuestros = [_del_portal(linea) for linea in respuesta["lineas"]]
    suyos = [_del_oraculo(renglon) for renglon in renglones]
    if nuestros != suyos:
        return f"el oráculo da {[s for s in suyos if s not in nuestros] or suyos}"
    total = sum(renglon.cobrado for renglon in renglones)
    return "" if respuesta["total"] == total else f"el oráculo suma {total}"


def _del_portal(linea: dict[str, Any]) -> tuple[Any, ...]:
    razon = linea["exencion"] or ""
    # An exempt line prints the amount that was asked for; its base is nobody's figure.
    base = None if razon or linea["base"] is None else Fraction(linea["base"])
    regla = razon.rpartition("regla ")[2].removesuffix(")")
    return linea["estampilla"], linea["valor"], Fraction(linea["exacto"]), base, regla


def _del_oraculo(renglon: Renglon) -> tuple[Any, ...]:
    regla = renglon.reglas[0] if renglon.reglas else ""
    base = None if regla else renglon.base
    return renglon.estampilla, renglon.cobrado, renglon.exacto, base, regla


def _contar(departamento: str, pedido: dict[str, Any], renglones: list[Renglon], cuenta: Cuenta) -> None:
    cuenta.renglones += len(renglones)
    cuenta.tocado.update(f"{departamento}: {acto}" for acto in pedido["actos"])
    for renglon in renglones:
        cuenta.exentos += bool(renglon.reglas)
        cuenta.tocado.update(renglon.reglas)


def _breve(respuesta: dict[str, Any]) -> str:
    if "error" in respuesta:
        return f"el portal rehúsa: {respuesta['error']}"
    return f"el portal da {[(li['estampilla'], li['valor'], li['exencion']) for li in respuesta['lineas']]}"


def sin_tocar(departamento: str, cuenta: Cuenta) -> list[str]:
    """Active acts and rules of the portal that no request of a run reached: the oracle said nothing of them."""
    reglas = normativa(departamento)
    actos = [f"{departamento}: {acto.codigo}" for acto in reglas.actos if acto.activo]
    activas = [regla.codigo for regla in reglas.reglas if regla.activa]
    return [nombre for nombre in (*actos, *activas) if not cuenta.tocado[nombre]]
