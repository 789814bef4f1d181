"""Which payment that the gateway confirmed is a PSE line of the bank's file.

What the bank writes as reference depends on the gateway and the agreement: ours, the gateway's, the CUS. Whatever of them is
known is compared, always with the exact value; nothing is matched by its value alone, and between two nothing is chosen.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from portal.dominio.movimientos import ResultadoMovimiento

# The money of a debit reaches the account some days later, more over holidays; the gateway may tell of it after the bank.
ANTES, DESPUES = timedelta(days=10), timedelta(days=3)
# A return may come long after its payment.
ANTES_DE_DEVOLVER = timedelta(days=120)


@dataclass
class CreditoPse:
    """A credit that a gateway confirmed: `claves` name the payment, `numeros` are shorter and may repeat.

    `llegado` says that a line of the bank already brought its money; `revertido`, that it was taken back.
    """

    recaudo_id: int
    pago_id: int | None
    pasarela: str
    valor: Decimal
    dia: date
    claves: frozenset[str]
    numeros: frozenset[str]
    cus: str | None = None
    llegado: bool = False
    revertido: bool = False


@dataclass(frozen=True)
class LineaPse:
    """What a line says of its payment."""

    referencia: str
    valor: Decimal
    dia: date
    autorizacion: str = ""
    operacion: str = ""

    @property
    def numeros(self) -> frozenset[str]:
        return claves_de(self.autorizacion, self.operacion)

    def cus_de(self, credito: CreditoPse) -> str | None:
        """The CUS of a credit, when the line says it."""
        return credito.cus if claves_de(credito.cus) & (claves_de(self.referencia) | self.numeros) else None


@dataclass(frozen=True)
class Hallado:
    """What a line turned out to be, and the credit that it is or speaks of."""

    resultado: ResultadoMovimiento
    credito: CreditoPse | None = None


@dataclass
class CreditosPse:
    """The credits among which lines are looked up, indexed by everything that may name them."""

    creditos: Sequence[CreditoPse]
    _por_clave: dict[str, list[CreditoPse]] = field(default_factory=lambda: defaultdict(list), init=False)
    _por_numero: dict[str, list[CreditoPse]] = field(default_factory=lambda: defaultdict(list), init=False)

    def __post_init__(self) -> None:
        for credito in self.creditos:
            for clave in credito.claves:
                self._por_clave[clave].append(credito)
            for numero in credito.numeros:
                self._por_numero[numero].append(credito)

    def llegada(self, linea: LineaPse) -> Hallado:
        """The credit whose money this line brought, if it is one and only one, and no other line brought it."""
        nombrados = self._nombrados(linea, ANTES)
        posibles = self._de_su_valor(linea, nombrados, ANTES)
        libres = [c for c in posibles if not c.llegado]
        if len(libres) == 1:
            return Hallado(ResultadoMovimiento.PSE_TRASLADADO, libres[0])
        if libres:
            return Hallado(ResultadoMovimiento.PSE_AMBIGUO)
        if posibles:
            return Hallado(ResultadoMovimiento.PSE_REPETIDO, posibles[0] if len(posibles) == 1 else None)
        if nombrados:
            return Hallado(ResultadoMovimiento.PSE_VALOR_DISTINTO, nombrados[0] if len(nombrados) == 1 else None)
        return Hallado(ResultadoMovimiento.PSE_SIN_PASARELA)

    def devolucion(self, linea: LineaPse) -> Hallado:
        """The credit that this line takes back."""
        posibles = self._de_su_valor(linea, self._nombrados(linea, ANTES_DE_DEVOLVER), ANTES_DE_DEVOLVER)
        vivos = [c for c in posibles if not c.revertido]
        if len(vivos) == 1:
            return Hallado(ResultadoMovimiento.REVERTIDO, vivos[0])
        if len(posibles) == 1:
            return Hallado(ResultadoMovimiento.REVERTIDO_ANTES, posibles[0])
        return Hallado(ResultadoMovimiento.DEVUELTO_SIN_ORIGEN)

    def _nombrados(self, linea: LineaPse, antes: timedelta) -> list[CreditoPse]:
        """Those that the line's reference names, whatever their value."""
        return [c for clave in claves_de(linea.referencia) for c in self._por_clave[clave] if _en(linea, c, antes)]

    def _de_su_valor(self, linea: LineaPse, nombrados: list[CreditoPse], antes: timedelta) -> list[CreditoPse]:
        """Those of exactly its value that it names; when its numbers tell some of them apart, only those."""
        numerados = {
            c.recaudo_id: c
            for numero in linea.numeros
            for c in self._por_numero[numero]
            if c.valor == linea.valor and _en(linea, c, antes)
        }
        exactos = [c for c in nombrados if c.valor == linea.valor]
        if not nombrados:
            return list(numerados.values())
        return [c for c in exactos if c.recaudo_id in numerados] or exactos


def claves_de(*textos: str | None) -> frozenset[str]:
    """Names as they are compared: without capitals, spaces or zeros on the left; empty ones name nothing."""
    return frozenset(limpia for t in textos if (limpia := (t or "").strip().upper().lstrip("0")))


def _en(linea: LineaPse, credito: CreditoPse, antes: timedelta) -> bool:
    return linea.dia - antes <= credito.dia <= linea.dia + DESPUES
