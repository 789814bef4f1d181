"""One account's day as it is signed: its lines and figures, its canonical text, and the digest that a signature stands on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from portal.dominio.cierre import (
    SIN_NOVEDAD,
    Canal,
    ClaseRenglon,
    LineaBanco,
    LineaLibro,
    LineaPasarela,
    Renglon,
)

_LADOS = {"libro": LineaLibro, "pasarela": LineaPasarela, "banco": LineaBanco}


@dataclass(frozen=True)
class Cifra:
    """How many lines, and the pesos that they sum to."""

    cuantas: int = 0
    valor: Decimal = Decimal(0)

    def mas(self, valor: Decimal) -> "Cifra":
        return Cifra(self.cuantas + 1, self.valor + valor)


@dataclass(frozen=True)
class Cifras:
    """What each side brings to a class."""

    libro: Cifra = Cifra()
    pasarela: Cifra = Cifra()
    banco: Cifra = Cifra()


@dataclass(frozen=True)
class CierreDia:
    """Everything that one account has on one day. A line of another day stands beside its money and counts in its own day."""

    cuenta: str
    dia: date
    renglones: tuple[Renglon, ...]

    @property
    def novedades(self) -> tuple[Renglon, ...]:
        """What somebody must look at."""
        return tuple(r for r in self.renglones if r.clase not in SIN_NOVEDAD)

    def de_clase(self, clase: ClaseRenglon) -> tuple[Renglon, ...]:
        return tuple(r for r in self.renglones if r.clase is clase)

    def cifras(self) -> dict[ClaseRenglon, Cifras]:
        """Lines and pesos of each class and side, of the lines of this day only: they sum to what the sides brought."""
        return {clase: self._sumar(self.de_clase(clase)) for clase in ClaseRenglon if self.de_clase(clase)}

    def total(self) -> Cifras:
        """What each side brought."""
        return self._sumar(self.renglones)

    def entradas(self) -> frozenset[tuple[str, str, int]]:
        """Side, name and centavos of every line of this day: what makes it the same day or another one."""
        return frozenset(
            (lado, linea.llave, int(linea.valor * 100))
            for renglon in self.renglones
            for lado in _LADOS
            if (linea := getattr(renglon, lado)) is not None and linea.dia == self.dia
        )

    def _sumar(self, renglones: Iterable[Renglon]) -> Cifras:
        sumas = dict.fromkeys(_LADOS, Cifra())
        for renglon in renglones:
            for lado in _LADOS:
                linea = getattr(renglon, lado)
                if linea is not None and linea.dia == self.dia:
                    sumas[lado] = sumas[lado].mas(linea.valor)
        return Cifras(**sumas)


def escribir(cierre: CierreDia) -> str:
    """Its canonical text: the same lines give the same bytes, in whatever order they came."""
    renglones = sorted(
        ({"clase": r.clase.value} | {lado: _plano(getattr(r, lado)) for lado in _LADOS} for r in cierre.renglones),
        key=lambda r: json.dumps(r, sort_keys=True),
    )
    return _json({"cuenta": cierre.cuenta, "dia": cierre.dia.isoformat(), "renglones": renglones})


def leer(contenido: str) -> CierreDia:
    """The day that a canonical text tells."""
    datos = json.loads(contenido)
    renglones = tuple(
        Renglon(ClaseRenglon(r["clase"]), **{lado: _linea(clase, r[lado]) for lado, clase in _LADOS.items()})
        for r in datos["renglones"]
    )
    return CierreDia(datos["cuenta"], date.fromisoformat(datos["dia"]), renglones)


def resumen_de(texto: str) -> str:
    """SHA-256 of a canonical text."""
    return sha256(texto.encode()).hexdigest()


def resumen_de_entradas(cierre: CierreDia) -> str:
    """SHA-256 of the lines of the day: a signed one whose lines are others now has had something come later."""
    return resumen_de(_json(sorted(cierre.entradas())))


def huella_de_firma(contenido: str, *, version: int, hasta_asiento: int, usuario_id: int, en: datetime) -> str:
    """What a signature stands on: the content, which version it is, how far the ledger was read, who signed and when."""
    firmado = {
        "contenido": resumen_de(contenido),
        "version": version,
        "hasta_asiento": hasta_asiento,
        "firmado_por": usuario_id,
        "firmado_en": en.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return resumen_de(_json(firmado))


def llego_despues(firmado: CierreDia, ahora: CierreDia) -> tuple[Sequence[str], Sequence[str]]:
    """Names of the lines that a signed day did not have, and of those that it had and are not there now."""
    antes, despues = firmado.entradas(), ahora.entradas()
    return sorted(x[1] for x in despues - antes), sorted(x[1] for x in antes - despues)


def _plano(linea: LineaLibro | LineaPasarela | LineaBanco | None) -> Mapping[str, Any] | None:
    return None if linea is None else {campo: _escalar(valor) for campo, valor in vars(linea).items()}


def _escalar(valor: Any) -> Any:
    if isinstance(valor, Decimal):
        return int(valor * 100)
    if isinstance(valor, StrEnum):
        return valor.value
    return valor.isoformat() if isinstance(valor, date) else valor


def _linea(clase: Any, crudo: Mapping[str, Any] | None) -> Any:
    if crudo is None:
        return None
    campos = dict(crudo) | {"dia": date.fromisoformat(crudo["dia"]), "valor": Decimal(crudo["valor"]) / 100}
    if "canal" in campos:
        campos["canal"] = Canal(campos["canal"])
    return clase(**campos)


def _json(datos: Any) -> str:
    return json.dumps(datos, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
