"""Dates and hours as official papers write them: in words, with the figure beside, in the time of Colombia."""

from datetime import datetime

from portal.dominio.calendario import BOGOTA, MESES

_HASTA_VEINTINUEVE = (
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
    "veintiséis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
)
_DECENAS = ("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_CIENTOS = (
    "ciento",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "seiscientos",
    "setecientos",
    "ochocientos",
    "novecientos",
)


def escribir_numero(numero: int) -> str:
    """A number from 0 to 9999 in words. Raises `ValueError` beyond.

    >>> escribir_numero(26), escribir_numero(31), escribir_numero(2026), escribir_numero(1990)
    ('veintiséis', 'treinta y uno', 'dos mil veintiséis', 'mil novecientos noventa')
    """
    if not 0 <= numero <= 9999:
        raise ValueError("only numbers of up to four digits")
    miles, resto = divmod(numero, 1000)
    if not miles:
        return _hasta_novecientos(resto)
    cabeza = "mil" if miles == 1 else f"{_hasta_novecientos(miles)} mil"
    return f"{cabeza} {_hasta_novecientos(resto)}" if resto else cabeza


def _hasta_novecientos(numero: int) -> str:
    if numero == 100:
        return "cien"
    cientos, resto = divmod(numero, 100)
    palabras = [_CIENTOS[cientos - 1]] if cientos else []
    if resto or not cientos:
        palabras.append(_hasta_noventa(resto))
    return " ".join(palabras)


def _hasta_noventa(numero: int) -> str:
    if numero < 30:
        return _HASTA_VEINTINUEVE[numero]
    decena, unidad = divmod(numero, 10)
    return f"{_DECENAS[decena - 3]} y {_HASTA_VEINTINUEVE[unidad]}" if unidad else _DECENAS[decena - 3]


def fecha_en_letras(instante: datetime) -> str:
    """The Colombian day of an aware instant, as a certificate says it.

    >>> from datetime import UTC
    >>> fecha_en_letras(datetime(2026, 11, 26, 3, 0, tzinfo=UTC))
    'a los veinticinco (25) días del mes de noviembre de dos mil veintiséis (2026)'
    >>> fecha_en_letras(datetime(2026, 12, 1, 15, 0, tzinfo=UTC))
    'el primer (1.º) día del mes de diciembre de dos mil veintiséis (2026)'
    """
    dia = instante.astimezone(BOGOTA)
    cuando = f"a los {_apocopar(escribir_numero(dia.day))} ({dia.day}) días" if dia.day > 1 else "el primer (1.º) día"
    return f"{cuando} del mes de {MESES[dia.month - 1]} de {escribir_numero(dia.year)} ({dia.year})"


def hora_en_letras(instante: datetime) -> str:
    """The Colombian hour of an aware instant.

    >>> from datetime import UTC
    >>> hora_en_letras(datetime(2026, 11, 25, 18, 21, 9, tzinfo=UTC))
    'a la una y veintiún minutos de la tarde (1:21:09 p. m.)'
    >>> hora_en_letras(datetime(2026, 11, 25, 5, 0, tzinfo=UTC))
    'a las doce en punto de la noche (12:00:00 a. m.)'
    """
    local = instante.astimezone(BOGOTA)
    hora = local.hour % 12 or 12
    articulo, nombre = ("la", "una") if hora == 1 else ("las", escribir_numero(hora))
    minutos = f"y {_apocopar(escribir_numero(local.minute))} {'minuto' if local.minute == 1 else 'minutos'}"
    return (
        f"a {articulo} {nombre} {minutos if local.minute else 'en punto'} {_parte_del_dia(local.hour)} "
        f"({hora}:{local.minute:02d}:{local.second:02d} {'a.' if local.hour < 12 else 'p.'} m.)"
    )


def _apocopar(numero: str) -> str:
    """Before a noun: `uno` → `un`, `veintiuno` → `veintiún`."""
    if numero.endswith("veintiuno"):
        return numero.removesuffix("veintiuno") + "veintiún"
    return numero.removesuffix("o") if numero.endswith("uno") else numero


def _parte_del_dia(hora: int) -> str:
    if hora == 0 or hora >= 19:
        return "de la noche"
    if hora == 12:
        return "del día"
    return "de la mañana" if hora < 12 else "de la tarde"
