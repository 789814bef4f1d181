"""Bank files for the tests: whole ones at random, and one function for each way in which they arrive damaged.

Each damage takes a sound file in its nominal form and returns its bytes with that damage and no other. `DANOS` says what
the reader must call it: what must be among the findings, and what else may follow from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from portal.dominio.asobancaria import (
    MEDIOS_DE_PAGO,
    PROCEDENCIAS,
    TIPOS_DE_CUENTA,
    ArchivoRecaudo,
    DetalleRecaudo,
    EncabezadoRecaudo,
    Formato,
    LoteRecaudo,
)
from portal.dominio.asobancaria_escritura import escribir
from portal.dominio.asobancaria_hallazgos import Anomalia
from portal.dominio.identificacion import digito_gs1

F2001, F1998 = Formato.ASOBANCARIA_2001, Formato.ASOBANCARIA_1998
CRLF = b"\r\n"

# One payment of $1.000 at a bank's counter; NIT, account and GLN are illustrative.
MUESTRA = b"""\
0180009416442025061004000849514000      202506110630A01
0577099984612390001
0600000000000000000000000000000000000000000023807600000000100000010100000000000000000100000002
080000000010000000000001000000001
09000000001000000000000100000
"""
DE_1998 = (
    b"01000800094164420250610040000000849514000\n"
    b"020000000000000000000238076" + b"0000000100050" + b"03" + b"0000001\n"
    b"09000000001" + b"000000000000100050\n"
)


def archivo_al_azar(azar: Random, formato: Formato = F2001, minimo: int = 0) -> ArchivoRecaudo:
    """A sound file; of 2001 it has one to three batches with at least `minimo` payments each."""
    if formato is F1998:
        detalles = _detalles(azar, formato, minimo)
        lotes: tuple[LoteRecaudo, ...] = (LoteRecaudo("", 0, detalles, len(detalles)),)
    else:
        numeros = azar.sample(range(10_000), azar.randint(1, 3))
        lotes = tuple(_lote(azar, numero, minimo) for numero in numeros)
    return ArchivoRecaudo(formato, _encabezado(azar, formato), lotes, sum(len(lote.detalles) for lote in lotes))


def un_pago(azar: Random, formato: Formato, secuencia: int) -> DetalleRecaudo:
    """A payment at random, with anything that its layout can say."""
    if formato is F1998:
        return DetalleRecaudo(_referencia(azar, 25), _pesos(azar, 13), azar.choice([*PROCEDENCIAS]), secuencia)
    return DetalleRecaudo(
        _referencia(azar, 48),
        _pesos(azar, 14),
        azar.choice([*PROCEDENCIAS]),
        secuencia,
        azar.choice([*MEDIOS_DE_PAGO]),
        _cifras(azar, 6),
        _cifras(azar, 6),
        _cifras(azar, 3),
        _cifras(azar, 4),
        azar.choice(["", "", "", "R01", "017"]),
    )


def _encabezado(azar: Random, formato: Formato) -> EncabezadoRecaudo:
    dia = date(2020, 1, 1) + timedelta(azar.randrange(4000))
    nit = str(azar.randrange(10**8, 10**9))
    cuenta = str(azar.randrange(1, 10 ** azar.randint(1, 15)))
    if formato is F1998:
        return EncabezadoRecaudo(nit, dia, _cifras(azar, 3), cuenta)
    hora = time(azar.randrange(24), azar.randrange(60))
    tipo = azar.choice([*TIPOS_DE_CUENTA])
    letra = chr(65 + azar.randrange(26))
    return EncabezadoRecaudo(nit, dia, _cifras(azar, 3), cuenta, dia + timedelta(azar.randrange(4)), hora, letra, tipo)


def _lote(azar: Random, numero: int, minimo: int) -> LoteRecaudo:
    cuerpo = "7709998" + _cifras(azar, 5)
    detalles = _detalles(azar, F2001, minimo)
    return LoteRecaudo(cuerpo + digito_gs1(cuerpo), numero, detalles, len(detalles))


def _detalles(azar: Random, formato: Formato, minimo: int) -> tuple[DetalleRecaudo, ...]:
    return tuple(un_pago(azar, formato, n) for n in range(2, azar.randint(minimo, minimo + 4) + 2))


def _cifras(azar: Random, largo: int) -> str:
    return f"{azar.randrange(10**largo):0{largo}d}"


def _pesos(azar: Random, ancho: int) -> Decimal:
    return Decimal(azar.randrange(1, 10 ** azar.randint(1, ancho - 1))).scaleb(-2)


def _referencia(azar: Random, maximo: int) -> str:
    if azar.random() < 0.2:
        return "E-" + str(azar.randrange(10**10))
    return str(azar.randrange(1, 10 ** azar.randint(1, maximo)))


@dataclass(frozen=True)
class Dano:
    """A way of damaging a file. Its finding is `clase`; `secuelas` may come with it, nothing else may."""

    danar: Callable[[list[bytes], Random], bytes]
    clase: Anomalia
    secuelas: frozenset[Anomalia] = frozenset()


def lineas_sanas(azar: Random, formato: Formato) -> list[bytes]:
    """The lines of a sound file with at least three payments in each batch."""
    return escribir(archivo_al_azar(azar, formato, minimo=3)).split(CRLF)[:-1]


def unir(lineas: list[bytes]) -> bytes:
    return CRLF.join(lineas) + CRLF


def indices(lineas: list[bytes], *tipos: bytes) -> list[int]:
    return [i for i, linea in enumerate(lineas) if linea[:2] in tipos]


def poner(linea: bytes, desde: int, texto: bytes) -> bytes:
    """The line with `texto` from the position `desde`, which counts from 1."""
    return linea[: desde - 1] + texto + linea[desde - 1 + len(texto) :]


def _detalle(lineas: list[bytes], azar: Random) -> int:
    return azar.choice(indices(lineas, b"06", b"02"))


def _con(lineas: list[bytes], i: int, linea: bytes) -> bytes:
    return unir([*lineas[:i], linea, *lineas[i + 1 :]])


def _sin(lineas: list[bytes], i: int) -> bytes:
    return unir(lineas[:i] + lineas[i + 1 :])


def _mas(lineas: list[bytes], i: int, *nuevas: bytes) -> bytes:
    return unir([*lineas[:i], *nuevas, *lineas[i:]])


def _sumar(linea: bytes, desde: int, largo: int, cuanto: int) -> bytes:
    """The line with a number moved up, or round to zero."""
    numero = (int(linea[desde - 1 : desde - 1 + largo]) + cuanto) % 10**largo
    return poner(linea, desde, b"%0*d" % (largo, numero))


def _en_el_valor(texto: bytes) -> Callable[[list[bytes], Random], bytes]:
    """The same text at the end of the amount of some payment, with zeros before."""

    def danar(lineas: list[bytes], azar: Random) -> bytes:
        i = _detalle(lineas, azar)
        desde, largo = (51, 14) if lineas[i][:2] == b"06" else (28, 13)
        return _con(lineas, i, poner(lineas[i], desde, texto.rjust(largo, b"0")))

    return danar


def _total_de(tipo: bytes) -> Callable[[list[bytes], Random], bytes]:
    def danar(lineas: list[bytes], azar: Random) -> bytes:
        i = azar.choice(indices(lineas, tipo))
        return _con(lineas, i, _sumar(lineas[i], 12, 18, azar.choice([-1, 1, 100, 99_900])))

    return danar


def _conteo_de(tipo: bytes) -> Callable[[list[bytes], Random], bytes]:
    def danar(lineas: list[bytes], azar: Random) -> bytes:
        i = azar.choice(indices(lineas, tipo))
        # One more, or one more for each batch, is a variant that is read.
        return _con(lineas, i, _sumar(lineas[i], 3, 9, azar.choice([-1, -2, 5, 1000])))

    return danar


def _quitar(tipo: bytes) -> Callable[[list[bytes], Random], bytes]:
    return lambda lineas, azar: _sin(lineas, azar.choice(indices(lineas, tipo)))


def _sin_primer_pago(lineas: list[bytes], _azar: Random) -> bytes:
    return _sin(lineas, indices(lineas, b"06", b"02")[0])


def _lote_anidado(lineas: list[bytes], azar: Random) -> bytes:
    apertura, i = lineas[1], _detalle(lineas, azar)
    return _mas(lineas, i, apertura)


def _cierre_de_mas(lineas: list[bytes], azar: Random) -> bytes:
    i = azar.choice(indices(lineas, b"08"))
    return _mas(lineas, i, lineas[i])


def _linea_corta(lineas: list[bytes], azar: Random) -> bytes:
    i = azar.randrange(len(lineas))
    minimo = 19 if lineas[i][:2] == b"05" else 29
    return _con(lineas, i, lineas[i][: azar.randrange(2, minimo)])


def _linea_larga(lineas: list[bytes], azar: Random) -> bytes:
    i = azar.randrange(len(lineas))
    return _con(lineas, i, lineas[i] + azar.choice([b" ", b"0", b"x" * 40]))


def _linea_en_blanco(lineas: list[bytes], azar: Random) -> bytes:
    return _mas(lineas, azar.randrange(1, len(lineas)), azar.choice([b"", b" " * 20]))


def _tipo_cambiado(lineas: list[bytes], azar: Random) -> bytes:
    i = _detalle(lineas, azar)
    return _con(lineas, i, azar.choice([b"07", b"  ", b"6 "]) + lineas[i][2:])


def _pago_repetido(lineas: list[bytes], azar: Random) -> bytes:
    i = _detalle(lineas, azar)
    return _mas(lineas, i, lineas[i])


def _secuencia_repetida(lineas: list[bytes], azar: Random) -> bytes:
    i = azar.choice([i for i in indices(lineas, b"06", b"02") if lineas[i - 1][:2] == lineas[i][:2]])
    desde = 88 if lineas[i][:2] == b"06" else 43
    return _con(lineas, i, poner(lineas[i], desde, lineas[i - 1][desde - 1 : desde + 6]))


def _pagos_cambiados_de_puesto(lineas: list[bytes], azar: Random) -> bytes:
    i = azar.choice([i for i in indices(lineas, b"06", b"02") if lineas[i - 1][:2] == lineas[i][:2]])
    return unir([*lineas[: i - 1], lineas[i], lineas[i - 1], *lineas[i + 1 :]])


def _lote_equivocado(lineas: list[bytes], azar: Random) -> bytes:
    i = azar.choice(indices(lineas, b"08"))
    return _con(lineas, i, _sumar(lineas[i], 30, 4, azar.randrange(1, 10**4)))


def _lote_dos_veces(lineas: list[bytes], _azar: Random) -> bytes:
    """The first batch twice, with the totals of the file made to agree: the bank's own mistake."""
    hasta = indices(lineas, b"08")[0] + 1
    cierre = lineas[-1]
    for desde, largo in ((3, 9), (12, 18)):
        cierre = _sumar(cierre, desde, largo, int(lineas[hasta - 1][desde - 1 : desde - 1 + largo]))
    return unir([*lineas[:hasta], *lineas[1:hasta], *lineas[hasta:-1], cierre])


def _en_el_encabezado(en_2001: int, en_1998: int, *textos: bytes) -> Callable[[list[bytes], Random], bytes]:
    def danar(lineas: list[bytes], azar: Random) -> bytes:
        desde = en_1998 if indices(lineas, b"02") else en_2001
        return _con(lineas, 0, poner(lineas[0], desde, azar.choice(textos)))

    return danar


def _gln_malo(lineas: list[bytes], azar: Random) -> bytes:
    i = azar.choice(indices(lineas, b"05"))
    digito = int(lineas[i][14:15])
    return _con(lineas, i, poner(lineas[i], 15, b"%d" % ((digito + azar.randint(1, 9)) % 10)))


def _nit_malo(lineas: list[bytes], azar: Random) -> bytes:
    desde = 15 if indices(lineas, b"02") else 12
    digito = int(lineas[0][desde - 1 : desde])
    return _con(lineas, 0, poner(lineas[0], desde, b"%d" % ((digito + azar.randint(1, 9)) % 10)))


def _sin_cuenta(lineas: list[bytes], azar: Random) -> bytes:
    desde, largo = (27, 15) if indices(lineas, b"02") else (24, 17)
    return _con(lineas, 0, poner(lineas[0], desde, azar.choice([b"0", b" "]) * largo))


def _sin_referencia(lineas: list[bytes], azar: Random) -> bytes:
    i = _detalle(lineas, azar)
    return _con(lineas, i, poner(lineas[i], 3, azar.choice([b"0", b" "]) * (48 if lineas[i][:2] == b"06" else 25)))


def _columnas_cambiadas(lineas: list[bytes], _azar: Random) -> bytes:
    """Every payment with its amount before its reference."""
    largo = 48 if indices(lineas, b"06") else 25
    ancho = 14 if indices(lineas, b"06") else 13
    fin = 2 + largo + ancho
    return unir(
        [
            li[:2] + li[2 + largo : fin] + li[2 : 2 + largo] + li[fin:] if li[:2] in (b"06", b"02") else li
            for li in lineas
        ]
    )


def _nulo(lineas: list[bytes], azar: Random) -> bytes:
    i = azar.randrange(len(lineas))
    return _con(lineas, i, poner(lineas[i], azar.randrange(4, 100), b"\x00"))


def _truncado(lineas: list[bytes], azar: Random) -> bytes:
    """Cut anywhere but in the spaces that end the last line."""
    todo = unir(lineas)
    return todo[: azar.randrange(2, len(todo.rstrip()))]


DANOS: dict[str, Dano] = {
    "total del archivo": Dano(_total_de(b"09"), Anomalia.TOTAL),
    "conteo del archivo": Dano(_conteo_de(b"09"), Anomalia.CONTEO),
    "sin cierre": Dano(_quitar(b"09"), Anomalia.INCOMPLETO),
    "sin encabezado": Dano(_quitar(b"01"), Anomalia.ORDEN),
    "sin primer pago": Dano(_sin_primer_pago, Anomalia.TOTAL, frozenset({Anomalia.SECUENCIA, Anomalia.CONTEO})),
    "línea corta": Dano(_linea_corta, Anomalia.LINEA_CORTA),
    "línea larga": Dano(_linea_larga, Anomalia.LINEA_LARGA),
    "línea en blanco": Dano(_linea_en_blanco, Anomalia.LINEA_VACIA),
    "tipo desconocido": Dano(
        lambda lineas, azar: _mas(lineas, azar.randrange(1, len(lineas)), b"07" + b" " * 100), Anomalia.TIPO
    ),
    "tipo cambiado": Dano(_tipo_cambiado, Anomalia.TIPO),
    "letra en el valor": Dano(_en_el_valor(b"1O0000"), Anomalia.DATO),
    "cifra que no es ASCII": Dano(_en_el_valor("²000".encode("latin-1")), Anomalia.DATO),
    "valor negativo": Dano(_en_el_valor(b"-100000"), Anomalia.VALOR),
    "puntos de miles": Dano(_en_el_valor(b"1.000.000"), Anomalia.VALOR),
    "coma decimal": Dano(_en_el_valor(b"1000,00"), Anomalia.VALOR),
    "valor en cero": Dano(_en_el_valor(b"0"), Anomalia.VALOR),
    "pago repetido": Dano(_pago_repetido, Anomalia.SECUENCIA, frozenset({Anomalia.CONTEO, Anomalia.TOTAL})),
    "secuencia repetida": Dano(_secuencia_repetida, Anomalia.SECUENCIA),
    "pagos cambiados de puesto": Dano(_pagos_cambiados_de_puesto, Anomalia.SECUENCIA),
    "fecha que no existe": Dano(_en_el_encabezado(13, 16, b"20250230", b"20251301", b"00000000"), Anomalia.FECHA),
    "cuenta vacía": Dano(_sin_cuenta, Anomalia.DATO),
    "NIT malo": Dano(_nit_malo, Anomalia.NIT),
    "sin referencia": Dano(_sin_referencia, Anomalia.REFERENCIA),
    "carácter nulo": Dano(_nulo, Anomalia.CARACTER),
    "UTF-16": Dano(
        lambda lineas, azar: unir(lineas).decode().encode(azar.choice(["utf-16", "utf-16-le", "utf-16-be"])),
        Anomalia.CODIFICACION,
    ),
    "dos archivos pegados": Dano(lambda lineas, _azar: unir(lineas) * 2, Anomalia.SOBRANTE),
    "líneas después del cierre": Dano(lambda lineas, azar: unir([*lineas, azar.choice(lineas[1:])]), Anomalia.SOBRANTE),
}
_SOLO_2001: dict[str, Dano] = {
    "total de un lote": Dano(_total_de(b"08"), Anomalia.TOTAL),
    "conteo de un lote": Dano(_conteo_de(b"08"), Anomalia.CONTEO),
    "sin cierre de lote": Dano(_quitar(b"08"), Anomalia.ORDEN),
    "sin apertura de lote": Dano(_quitar(b"05"), Anomalia.ORDEN),
    "lote anidado": Dano(_lote_anidado, Anomalia.ORDEN),
    "cierre de lote de más": Dano(_cierre_de_mas, Anomalia.ORDEN),
    "número de lote equivocado": Dano(_lote_equivocado, Anomalia.LOTE),
    "lote dos veces": Dano(_lote_dos_veces, Anomalia.LOTE),
    "sin lotes": Dano(lambda lineas, _azar: unir([lineas[0], b"09" + b"0" * 27]), Anomalia.ORDEN),
    "GLN malo": Dano(_gln_malo, Anomalia.SERVICIO),
    "hora que no existe": Dano(_en_el_encabezado(49, 0, b"2400", b"0960"), Anomalia.FECHA),
    "modificador en minúscula": Dano(_en_el_encabezado(53, 0, b"a", b"1", b" "), Anomalia.DATO),
    "encabezado en medio": Dano(lambda lineas, azar: _mas(lineas, _detalle(lineas, azar), lineas[0]), Anomalia.ORDEN),
}
POR_FORMATO: dict[Formato, dict[str, Dano]] = {F2001: DANOS | _SOLO_2001, F1998: DANOS}

# Damages that show in more than one way, or in a different one each time.
TRUNCADO = Dano(_truncado, Anomalia.INCOMPLETO, frozenset(Anomalia))
COLUMNAS_CAMBIADAS = Dano(_columnas_cambiadas, Anomalia.TOTAL, frozenset(Anomalia))
