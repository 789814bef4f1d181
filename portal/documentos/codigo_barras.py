"""Barcodes: the GS1-128 with which a bank's counter collects one factura (415 + 8020 + 3900 + 96), and its bare number.

Application identifiers: GS1 General Specifications. Their order and the lengths below are what Colombian collection
agreements use; each agreement fixes its own, so they are confirmed with the collecting bank before going live.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from portal.documentos.prensa import ESQUEMA
from portal.dominio.identificacion import digito_gs1

# The factura's number, zero-padded: 10 digits is this portal's decision (GS1 allows up to 25 characters in 8020).
LARGO_REFERENCIA = 10
# Whole pesos, zero-padded: 10 digits is the usual Colombian practice (GS1 allows up to 15 in 390n).
LARGO_VALOR = 10
# How python-barcode spells Function Code 1, which ends a field of variable length.
FNC1 = "\xf1"
# 15.24 mm: shorter bars are missed by a hand that scans askew.
ALTO_MODULOS = 60
# 10 mm: nobody collects with it.
ALTO_MODULOS_NUMERO = 40
ZONA_MUDA = 10


@dataclass(frozen=True)
class CodigoRecaudo:
    """What the barcode of one factura says.

    `gln` has 13 digits and names the collection agreement; `referencia` is the number of the factura; `valor` is whole
    pesos; `fecha_limite` is the last day on which the bank may take the payment. Raises `ValueError` for anything that
    the symbol cannot say: a wrong check digit, cents, zero, or more digits than agreed.
    """

    gln: str
    referencia: int
    valor: Decimal
    fecha_limite: date

    def __post_init__(self) -> None:
        if not (len(self.gln) == 13 and self.gln.isascii() and self.gln.isdigit()):
            raise ValueError("a GLN has 13 digits")
        if digito_gs1(self.gln[:12]) != self.gln[12]:
            raise ValueError("the check digit of the GLN is wrong")
        if not 0 < self.referencia < 10**LARGO_REFERENCIA:
            raise ValueError(f"the reference needs 1 to {LARGO_REFERENCIA} digits")
        if not cabe_en_codigo(self.valor):
            raise ValueError(f"the value must be whole pesos of 1 to {LARGO_VALOR} digits")

    @property
    def campos(self) -> tuple[tuple[str, str], ...]:
        """Pairs of application identifier and data, in the order of the symbol."""
        return (
            ("415", self.gln),
            ("8020", f"{self.referencia:0{LARGO_REFERENCIA}d}"),
            ("3900", f"{int(self.valor):0{LARGO_VALOR}d}"),
            ("96", f"{self.fecha_limite:%Y%m%d}"),
        )

    @property
    def carga(self) -> str:
        """What is encoded after the leading FNC1: 415 has a fixed length, so only 8020 and 3900 need a separator."""
        (a, gln), (b, referencia), (c, valor), (d, fecha) = self.campos
        return f"{a}{gln}{b}{referencia}{FNC1}{c}{valor}{FNC1}{d}{fecha}"

    @property
    def legible(self) -> str:
        """The line for people, with the identifiers in parentheses, which are not encoded."""
        return "".join(f"({identificador}){dato}" for identificador, dato in self.campos)


def cabe_en_codigo(valor: Decimal) -> bool:
    """Whether a bank's counter can collect these pesos with a barcode: positive, whole and not too long."""
    return valor.is_finite() and valor == valor.to_integral_value() and 0 < valor < 10**LARGO_VALOR


def barras_codigo(codigo: CodigoRecaudo) -> Markup:
    """The symbol in its printing size, quiet zones included, as the press draws it."""
    from barcode.codex import Gs1_128

    return _barras(Gs1_128(codigo.carga).build()[0], ALTO_MODULOS, f"Código de barras {codigo.legible}")


def barras_numero(numero: int) -> Markup:
    """The number of a factura as a plain Code 128, for readers of an office: no counter of a bank takes it for a collection."""
    from barcode.codex import Code128

    modulos: str = Code128(f"{numero:0{LARGO_REFERENCIA}d}").build()[0]
    return _barras(modulos, ALTO_MODULOS_NUMERO, f"Código de barras de la factura {numero}")


def _barras(modulos: str, alto: int, titulo: str) -> Markup:
    zona = "0" * ZONA_MUDA
    bits = zona + modulos + zona
    return Markup('<img class="codigo-barras" alt="{}" src="{}{}x{}:{:0{}x}">').format(
        titulo, ESQUEMA, len(bits), alto, int(bits, 2), -(-len(bits) // 4)
    )
