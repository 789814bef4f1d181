"""The daily close: the ledger, the gateway and the bank laid side by side, every line of each classified once (I-20).

Only names settle that two lines are the same money: the credit that a line was recorded as, the CUS, the transaction, our
reference. Never an amount. docs/cierre.md explains the order and the classes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")


class Canal(StrEnum):
    """How money of the ledger came; the same words as a recaudo's."""

    PSE = "pse"
    VENTANILLA = "ventanilla"
    MANUAL = "manual"


class ClaseRenglon(StrEnum):
    """What the three sides say of the same money."""

    CUADRADO = "cuadrado"
    # Ours and the gateway's, and the bank still has days to show it.
    EN_TRANSITO = "en_transito"
    VALOR_DISTINTO = "valor_distinto"
    SOLO_NUESTRO = "solo_nuestro"
    SOLO_PASARELA = "solo_pasarela"
    SOLO_BANCO = "solo_banco"
    # Two sides say it and the third does not.
    SIN_BANCO = "sin_banco"
    SIN_PASARELA = "sin_pasarela"
    SIN_LIBRO = "sin_libro"


@dataclass(frozen=True)
class Significado:
    """What people read of a class."""

    nombre: str
    explica: str


_C = ClaseRenglon
SIGNIFICADOS: Mapping[ClaseRenglon, Significado] = MappingProxyType(
    {
        _C.CUADRADO: Significado("Cuadrado", "Todos dicen lo mismo."),
        _C.EN_TRANSITO: Significado("En tránsito", "Está confirmado y el banco aún está a tiempo de mostrarlo."),
        _C.VALOR_DISTINTO: Significado("Valor distinto", "Es el mismo pago y no dicen el mismo valor."),
        _C.SOLO_NUESTRO: Significado("Solo en el libro", "El libro lo tiene y nadie más lo dice."),
        _C.SOLO_PASARELA: Significado("Solo en la pasarela", "La pasarela lo aprobó y no está en el libro."),
        _C.SOLO_BANCO: Significado("Solo en el banco", "El banco lo muestra y no es de ningún pago del libro."),
        _C.SIN_BANCO: Significado("Sin llegar al banco", "Se venció el plazo y el banco no lo muestra."),
        _C.SIN_PASARELA: Significado("Sin la pasarela", "Está en el libro y en el banco; la pasarela no lo confirma."),
        _C.SIN_LIBRO: Significado("Sin el libro", "La pasarela y el banco lo muestran, y no está en el libro."),
    }
)
# Nobody has to look at these.
SIN_NOVEDAD = (ClaseRenglon.CUADRADO, ClaseRenglon.EN_TRANSITO)


class EstadoCierre(StrEnum):
    """Of one account's day; it follows from the rows, it is not stored."""

    ABIERTO = "abierto"
    FIRMADO = "firmado"
    REABIERTO = "reabierto"


@dataclass(frozen=True)
class LineaLibro:
    """A credit of the ledger, or its taking back (`valor` below zero). `llave` names it among its side's lines."""

    llave: str
    cuenta: str
    dia: date
    valor: Decimal
    canal: Canal
    pasarela: str = ""
    transaccion: str = ""
    cus: str = ""
    referencia: str = ""
    recaudo_id: int | None = None


@dataclass(frozen=True)
class LineaPasarela:
    """A transaction that the gateway, asked again, says was approved (even if taken back afterwards)."""

    llave: str
    cuenta: str
    dia: date
    valor: Decimal
    pasarela: str
    transaccion: str
    cus: str = ""
    referencia: str = ""


@dataclass(frozen=True)
class LineaBanco:
    """A line of a bank's file; `valor` is below zero when the bank took it back (`devuelta`).

    `llave` is the line's own for ever. `recaudo_id` is the credit that the import recorded it as, or undid by it.
    """

    llave: str
    cuenta: str
    dia: date
    valor: Decimal
    referencia: str
    es_pse: bool
    recaudo_id: int | None = None

    @property
    def devuelta(self) -> bool:
        return self.valor < 0


@dataclass(frozen=True)
class Lineas:
    """Everything that the three sides say."""

    libro: tuple[LineaLibro, ...] = ()
    pasarela: tuple[LineaPasarela, ...] = ()
    banco: tuple[LineaBanco, ...] = ()

    def de_cuenta(self, cuenta: str) -> "Lineas":
        """Only what concerns one account."""
        return Lineas(
            tuple(x for x in self.libro if x.cuenta == cuenta),
            tuple(x for x in self.pasarela if x.cuenta == cuenta),
            tuple(x for x in self.banco if x.cuenta == cuenta),
        )


@dataclass(frozen=True)
class Renglon:
    """The same money as each side has it; None where a side does not."""

    clase: ClaseRenglon
    libro: LineaLibro | None = None
    pasarela: LineaPasarela | None = None
    banco: LineaBanco | None = None

    @property
    def lineas(self) -> tuple[LineaLibro | LineaPasarela | LineaBanco, ...]:
        return tuple(x for x in (self.libro, self.pasarela, self.banco) if x is not None)

    @property
    def llaves(self) -> tuple[str, ...]:
        """The names of its lines, the one that names the whole first."""
        return tuple(x.llave for x in self.lineas)

    @property
    def dias(self) -> tuple[date, ...]:
        return tuple(sorted({x.dia for x in self.lineas}))

    @property
    def valor(self) -> Decimal:
        """Pesos, as its first side says."""
        return self.lineas[0].valor


def dia_contable(fecha_banco: datetime | None, registrado_en: datetime) -> date:
    """The Colombian day that money counts in: the bank's instant when it gave one, else when it was recorded."""
    return (fecha_banco or registrado_en).astimezone(BOGOTA).date()


def limites(desde: date, hasta: date) -> tuple[datetime, datetime]:
    """The UTC instants at which the Colombian days `desde`…`hasta` begin and have ended."""
    inicio = datetime.combine(desde, time.min, BOGOTA)
    return inicio.astimezone(UTC), datetime.combine(hasta + timedelta(days=1), time.min, BOGOTA).astimezone(UTC)


def cotejar(lineas: Lineas, *, hoy: date, dias_en_transito: int) -> list[Renglon]:
    """Lay the lines of one account side by side: each is in exactly one `Renglon`, whatever its day."""
    renglones = _con_la_pasarela(lineas)
    sueltas = _con_el_banco(renglones, lineas.banco, dias_en_transito)
    renglones += [Renglon(_C.SOLO_BANCO, banco=linea) for linea in sueltas]
    return [replace(r, clase=_clase(r, hoy, dias_en_transito)) for r in renglones]


def _con_la_pasarela(lineas: Lineas) -> list[Renglon]:
    """Credits beside the transaction they were recorded from: both names are unique, so nothing is guessed."""
    dichas = {(x.pasarela, x.transaccion): x for x in lineas.pasarela}
    renglones = []
    for linea in sorted(lineas.libro, key=lambda x: (x.dia, x.llave)):
        # The gateway is not asked about a taking back: it speaks of the transaction, which was approved.
        clave = (linea.pasarela, linea.transaccion) if linea.valor > 0 and linea.canal is Canal.PSE else None
        renglones.append(Renglon(_C.SOLO_NUESTRO, linea, dichas.pop(clave, None) if clave else None))
    solas = sorted(dichas.values(), key=lambda x: (x.dia, x.llave))
    return renglones + [Renglon(_C.SOLO_PASARELA, pasarela=linea) for linea in solas]


def _con_el_banco(renglones: list[Renglon], banco: Sequence[LineaBanco], dias_en_transito: int) -> Iterable[LineaBanco]:
    """Put each bank line on the money it names, strongest name first; returns those that name none."""
    libres = {x.llave: x for x in sorted(banco, key=lambda x: (x.dia, x.llave))}
    for nombre in range(len(_nombres(renglones[0])) if renglones else 0):
        indice: defaultdict[str, list[int]] = defaultdict(list)
        for lugar, renglon in enumerate(renglones):
            if suyo := _nombres(renglon)[nombre]:
                indice[suyo].append(lugar)
        # Among lines of one name, those of equal amount belong together; only the rest can be a difference.
        for igual in (True, False):
            for linea in list(libres.values()):
                candidatos = indice.get(_nombre_de(linea, nombre), ())
                hallado = next(
                    (i for i in candidatos if _cabe(renglones[i], linea, igual, nombre, dias_en_transito)), None
                )
                if hallado is not None:
                    renglones[hallado] = replace(renglones[hallado], banco=libres.pop(linea.llave))
    return libres.values()


def _nombres(renglon: Renglon) -> tuple[str, ...]:
    """What money is called, from the strongest name to the weakest."""
    uno = renglon.libro or renglon.pasarela
    if uno is None:
        return ("", "", "", "")
    recaudo = str(renglon.libro.recaudo_id or "") if renglon.libro else ""
    return (recaudo, _plano(uno.cus), _plano(uno.transaccion), _plano(uno.referencia))


def _nombre_de(linea: LineaBanco, nombre: int) -> str:
    return str(linea.recaudo_id or "") if nombre == 0 else _plano(linea.referencia)


def _plano(nombre: str) -> str:
    """Banks fill a reference with zeros and spaces, and write it in capitals."""
    return nombre.strip().lstrip("0").upper()


def _cabe(renglon: Renglon, linea: LineaBanco, igual: bool, nombre: int, dias_en_transito: int) -> bool:
    if (
        renglon.banco is not None
        or (renglon.valor > 0) is linea.devuelta
        or (renglon.valor == linea.valor) is not igual
    ):
        return False
    if nombre == 0:
        return True
    canal = renglon.libro.canal if renglon.libro else Canal.PSE
    otro_canal = canal is not Canal.MANUAL and (canal is Canal.PSE) is not linea.es_pse
    return not otro_canal and abs((linea.dia - renglon.dias[0]).days) <= dias_en_transito


def _clase(renglon: Renglon, hoy: date, dias_en_transito: int) -> ClaseRenglon:
    if len({x.valor for x in renglon.lineas}) > 1:
        return _C.VALOR_DISTINTO
    libro, pasarela, banco = renglon.libro, renglon.pasarela is not None, renglon.banco is not None
    if libro is None:
        return _C.SIN_LIBRO if pasarela and banco else _C.SOLO_PASARELA if pasarela else _C.SOLO_BANCO
    if libro.canal is Canal.PSE and libro.valor > 0 and not pasarela:
        return _C.SIN_PASARELA if banco else _C.SOLO_NUESTRO
    if banco:
        return _C.CUADRADO
    # A window's credit comes from the bank's own file; a taking back may be known before the bank shows it.
    camina = libro.canal is not Canal.VENTANILLA or libro.valor < 0
    if camina and hoy <= libro.dia + timedelta(days=dias_en_transito):
        return _C.EN_TRANSITO
    return _C.SIN_BANCO if pasarela else _C.SOLO_NUESTRO


def por_dia(renglones: Iterable[Renglon]) -> Iterator[tuple[date, list[Renglon]]]:
    """The lines of each day that has any. Money that reached the bank another day is shown in both; it counts by its lines."""
    dias: defaultdict[date, list[Renglon]] = defaultdict(list)
    for renglon in renglones:
        for dia in renglon.dias:
            dias[dia].append(renglon)
    yield from sorted(dias.items())
