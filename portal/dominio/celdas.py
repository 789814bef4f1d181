"""What the cells of a spreadsheet say. Numbers are never guessed: a column shows by itself how its numbers are written.

A cell arrives as the file keeps it: text, a real number (`Decimal`), a real date, a yes or no, or nothing.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from portal.dominio.errores import DatoInvalido
from portal.dominio.lectura import leer_fecha

Celda = str | Decimal | bool | date | None

_ESPACIOS = str.maketrans("", "", " \u00a0\u202f")
_CIFRAS_EXACTAS = 15
_ERROR_DE_HOJA = re.compile(
    r"#(N/A|REF!|VALUE!|VALOR!|¡VALOR!|DIV/0!|¡DIV/0!|NAME\?|¿NOMBRE\?|NULL!|NUM!)", re.IGNORECASE
)
# Day 1 of a spreadsheet is 1 January 1900; the base makes up for the 29 February 1900 that it counts and nobody lived.
_BASE_SERIAL = date(1899, 12, 30)
_SERIAL = re.compile(r"[34567][0-9]{4}")
_DIA_MES_ANO = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_EJEMPLO = "Escriba el valor en pesos, por ejemplo 46911499,50 o 46.911.499,50."


class SignoDecimal(StrEnum):
    """What parts pesos from cents in a column; the other sign groups thousands."""

    COMA = ","
    PUNTO = "."


_FORMAS = {
    SignoDecimal.COMA: re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]{1,6})?|[0-9]+(?:,[0-9]{1,6})?"),
    SignoDecimal.PUNTO: re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]{1,6})?|[0-9]+(?:\.[0-9]{1,6})?"),
}


def esta_vacia(celda: Celda) -> bool:
    """Whether a cell holds nothing but spaces."""
    return celda is None or (isinstance(celda, str) and not celda.strip())


def letra_de(columna: int) -> str:
    """The name of a column, counted from 0, as spreadsheets show it: 0 → `A`, 26 → `AA`."""
    letras = ""
    columna += 1
    while columna:
        columna, resto = divmod(columna - 1, 26)
        letras = chr(65 + resto) + letras
    return letras


def signo_de(celdas: Iterable[Celda]) -> SignoDecimal | None:
    """How the texts of a column write decimals: as most of those that can be read in one way only.

    None when no cell tells: then only what reads the same in both ways is taken. A tie is Colombian.
    """
    unicas = [formas for celda in celdas if isinstance(celda, str) and len(formas := _lecturas(celda)) == 1]
    coma = sum(SignoDecimal.COMA in formas for formas in unicas)
    if not unicas:
        return None
    return SignoDecimal.COMA if coma >= len(unicas) - coma else SignoDecimal.PUNTO


def importe_escrito(celda: Celda, signo: SignoDecimal | None) -> str:
    """An amount as Colombians type it (`46911499,50`), for the parsers of amounts. Raises `DatoInvalido`."""
    if isinstance(celda, Decimal):
        return _colombiano(celda)
    if not isinstance(celda, str):
        raise DatoInvalido(_EJEMPLO)
    lecturas = _lecturas(celda)
    if not lecturas:
        raise DatoInvalido(_EJEMPLO)
    if signo is not None and signo not in lecturas:
        nombre = "la coma" if signo is SignoDecimal.COMA else "el punto"
        raise DatoInvalido(f"Los demás valores de esta columna separan los centavos con {nombre}. Escriba este igual.")
    if signo is None and len(set(lecturas.values())) > 1:
        raise DatoInvalido(
            "Este valor se puede leer de dos maneras y ningún otro de la columna aclara cuál. "
            "Escríbalo sin separador de miles."
        )
    return _colombiano(lecturas[signo or SignoDecimal.COMA])


def porcentaje_escrito(celda: Celda) -> str:
    """A percentage as Colombians type it; nobody groups its thousands, so point and comma say the same.

    A real number up to 1 is refused: a spreadsheet keeps `69,9 %` as 0.699. Raises `DatoInvalido`.
    """
    if isinstance(celda, Decimal):
        if 0 < celda <= 1:
            raise DatoInvalido(
                "La hoja de cálculo guarda 69,9 % como 0,699. Dé formato de texto a la celda y escriba 69,9."
            )
        return f"{celda.normalize():f}".replace(".", ",")
    return escrito_en(celda).replace(".", ",")


def dia_en(celda: Celda) -> date:
    """A date: real, `2025-02-03`, `3/02/2025` (day first), or the serial number of a spreadsheet. Raises `DatoInvalido`."""
    if isinstance(celda, date):
        return leer_fecha(celda.isoformat())
    escrito = escrito_en(celda)
    if _SERIAL.fullmatch(escrito):
        return leer_fecha((_BASE_SERIAL + timedelta(days=int(escrito))).isoformat())
    if partes := _DIA_MES_ANO.fullmatch(escrito):
        dia, mes, ano = partes.groups()
        escrito = f"{dia:0>2}/{mes:0>2}/{ano}"
    return leer_fecha(escrito)


def escrito_en(celda: Celda) -> str:
    """A cell as the text that a person meant. Raises `DatoInvalido` when the spreadsheet changed it on its own."""
    if isinstance(celda, date):
        raise DatoInvalido(
            "La hoja de cálculo tomó este dato por una fecha. Dé formato de texto a la celda y escríbalo de nuevo."
        )
    if isinstance(celda, bool):
        return "Sí" if celda else "No"
    if isinstance(celda, Decimal):
        if len(celda.as_tuple().digits) >= _CIFRAS_EXACTAS or celda.adjusted() >= _CIFRAS_EXACTAS:
            raise DatoInvalido(
                "La hoja de cálculo pierde cifras de un número tan largo. Dé formato de texto a la celda."
            )
        return f"{celda:f}"
    texto = (celda or "").strip()
    if _ERROR_DE_HOJA.fullmatch(texto):
        raise DatoInvalido("La fórmula de esta celda dio error. Escriba el dato.")
    return texto


def _lecturas(texto: str) -> dict[SignoDecimal, Decimal]:
    """The amount under each sign that the text admits. Up to six decimals: three of them may look like thousands."""
    limpio = texto.strip().removeprefix("$").translate(_ESPACIOS)
    if len(limpio) > 24:
        return {}
    return {
        signo: Decimal(limpio.replace("." if signo is SignoDecimal.COMA else ",", "").replace(",", "."))
        for signo, forma in _FORMAS.items()
        if forma.fullmatch(limpio)
    }


def _colombiano(valor: Decimal) -> str:
    if not valor.is_finite() or valor.adjusted() > 20:
        raise DatoInvalido(_EJEMPLO)
    if valor != valor.quantize(Decimal("0.01")):
        raise DatoInvalido("El valor no puede tener fracciones de centavo. Escriba máximo dos decimales.")
    entero, _, centavos = f"{valor:.2f}".partition(".")
    return entero if centavos == "00" else f"{entero},{centavos}"
