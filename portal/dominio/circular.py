"""The yearly circular as data: what each stamp charges on each act during one fiscal year, and what does not pay it.

In the manner of the circulars that departments write every December (Nariño, SH-22-2024): stamps, their acts in groups, tariff,
pesos of the year, article, exemptions and duties. `circular_composicion` makes it from the published rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.dominio.palabras import GRUPOS_ACTOS, nombre_de
from portal.dominio.tarifas import TEXTO_DECRETADO


@dataclass(frozen=True)
class Dias:
    """Days of the year, both ends included."""

    desde: date
    hasta: date

    @property
    def completos(self) -> bool:
        """Whether they are the whole year."""
        return (self.desde.month, self.desde.day, self.hasta.month, self.hasta.day) == (1, 1, 12, 31)


@dataclass(frozen=True)
class ValorDelAno:
    """An indicator on some days: its pesos and the act that fixed them, or `falta`, which says that there are none."""

    codigo: str
    nombre: str
    dias: Dias
    valor: Decimal | None
    acto: str
    falta: str


@dataclass(frozen=True)
class Renglon:
    """What one stamp charges on one act, or on several under one name, on some days of the year.

    `valor` (whole pesos) and `exacto` (pesos before rounding) belong to fixed tariffs: both are None for a rate over `base`,
    and when `falta` says that the value of those days was not published. `indicadores` are the acts that fixed the indicator;
    `avisos`, what a reader must know about the row.
    """

    actos: tuple[str, ...]
    nombre: str
    clase: str
    grupo: str
    orden: int
    base: str
    tarifa: str
    indicador: str
    valor_indicador: Decimal | None
    indicadores: tuple[str, ...]
    exacto: Decimal | None
    valor: Decimal | None
    falta: str
    redondeo: str
    norma: str
    articulo: str
    variante: str
    provisional: bool
    avisos: tuple[str, ...]
    dias: Dias

    @property
    def decretos(self) -> tuple[str, ...]:
        """The acts that fixed the very value, where the norm leaves it to a decree."""
        return self.indicadores if self.tarifa == TEXTO_DECRETADO else ()


@dataclass(frozen=True)
class Cuadro:
    """One table: rows of one kind and one group of acts."""

    clase: str
    grupo: str
    renglones: tuple[Renglon, ...]

    @property
    def titulo(self) -> str:
        """`Actos sin cuantía: tránsito`."""
        con_o_sin = "con" if self.clase == "con_cuantia" else "sin"
        grupo = nombre_de(GRUPOS_ACTOS, self.grupo).lower() if self.grupo else ""
        return f"Actos y documentos {con_o_sin} cuantía{': ' if grupo else ''}{grupo}"

    @property
    def fijo(self) -> bool:
        """Whether any row has pesos of its own, or should have."""
        return any(r.valor is not None or r.falta for r in self.renglones)

    @property
    def redondeos(self) -> tuple[str, ...]:
        """How the figures are rounded: one sentence, or one per rule that names its acts."""
        frases: dict[str, list[str]] = {}
        for renglon in self.renglones:
            frases.setdefault(renglon.redondeo, []).extend(renglon.actos)
        if len(frases) == 1:
            return tuple(f"Redondeo: {frase}." for frase in frases if frase)
        return tuple(f"Redondeo de {', '.join(dict.fromkeys(a))}: {frase}." for frase, a in frases.items() if frase)


@dataclass(frozen=True)
class Excepcion:
    """An exclusion, an exemption or an act that is not taxed, in the norm's words.

    `notas`: what its units are worth in the year, that an official confirms it, that it does not apply, its days.
    """

    codigo: str
    clase: str
    nombre: str
    texto: str
    norma: str
    articulo: str
    notas: tuple[str, ...]


@dataclass(frozen=True)
class Deber:
    """Who must do what, by which norm, since when."""

    quien: str
    texto: str
    norma: str
    desde: date
    hasta: date | None = None


@dataclass(frozen=True)
class Duda:
    """What the documents contradict or do not say; `toca` names the acts, tariffs and rules that it touches."""

    codigo: str
    asunto: str
    toca: tuple[str, ...]


@dataclass(frozen=True)
class Capitulo:
    """One stamp. `sigue_a` names the stamp whose exemptions reach this one."""

    codigo: str
    nombre: str
    norma: str
    sigue_a: str
    cuadros: tuple[Cuadro, ...]
    excepciones: tuple[Excepcion, ...]

    @property
    def renglones(self) -> Iterator[Renglon]:
        """Every row, table after table."""
        return (renglon for cuadro in self.cuadros for renglon in cuadro.renglones)


@dataclass(frozen=True)
class Circular:
    """The whole year of a department. `excepciones` are those of every stamp; `notas` what is still to be decided."""

    departamento: str
    vigencia: int
    valores: tuple[ValorDelAno, ...]
    capitulos: tuple[Capitulo, ...]
    excepciones: tuple[Excepcion, ...]
    deberes: tuple[Deber, ...]
    notas: tuple[str, ...]

    @property
    def faltan(self) -> tuple[ValorDelAno, ...]:
        """The values of the year that were not published."""
        return tuple(valor for valor in self.valores if valor.falta)

    @property
    def provisional(self) -> bool:
        """Whether any tariff has no published norm."""
        return any(renglon.provisional for capitulo in self.capitulos for renglon in capitulo.renglones)
