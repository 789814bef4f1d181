"""The bank's collection file reads to what it says, however the bank writes it, and a payment counts once."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.asobancaria import (
    MEDIOS_DE_PAGO,
    PROCEDENCIAS,
    ArchivoRecaudo,
    DetalleRecaudo,
    EncabezadoRecaudo,
    Formato,
    LoteRecaudo,
    es_de_pse,
)
from portal.dominio.asobancaria_escritura import escribir
from portal.dominio.asobancaria_hallazgos import Anomalia, ArchivoRecaudoInvalido, Variante
from portal.dominio.asobancaria_lectura import leer
from portal.dominio.asobancaria_texto import MAXIMO_BYTES, MAXIMO_LINEAS
from portal.dominio.asobancaria_trazado import TRAZADOS
from tests.archivos_banco import CRLF, DE_1998, F1998, F2001, MUESTRA, archivo_al_azar, poner, unir


def archivos(formato: Formato) -> st.SearchStrategy[ArchivoRecaudo]:
    return st.integers(0, 10**9).map(lambda semilla: archivo_al_azar(Random(semilla), formato))


def variantes(archivo: ArchivoRecaudo) -> set[object]:
    return {aviso.clase for aviso in archivo.avisos}


def clases(contenido: bytes) -> set[object]:
    with pytest.raises(ArchivoRecaudoInvalido) as rechazo:
        leer(contenido)
    return {p.clase for p in rechazo.value.problemas}


def linea_de(contenido: bytes, tipo: bytes) -> int:
    return next(i for i, linea in enumerate(contenido.split(b"\n")) if linea.startswith(tipo))


def con(tipo: bytes, desde: int, texto: bytes, contenido: bytes = MUESTRA) -> bytes:
    """The sample with `texto` in its first line of that type."""
    lineas = contenido.split(b"\n")
    i = linea_de(contenido, tipo)
    lineas[i] = poner(lineas[i].ljust(desde - 1 + len(texto)), desde, texto)
    return b"\n".join(lineas)


def test_la_muestra_dice_lo_que_dice() -> None:
    archivo = leer(MUESTRA)
    assert archivo == ArchivoRecaudo(
        F2001,
        EncabezadoRecaudo(
            nit="800094164",
            fecha_recaudo=date(2025, 6, 10),
            banco="040",
            cuenta="849514000",
            fecha_archivo=date(2025, 6, 11),
            hora=time(6, 30),
            modificador="A",
            tipo_cuenta="01",
        ),
        (
            LoteRecaudo(
                "7709998461239",
                1,
                (
                    DetalleRecaudo(
                        referencia="238076",
                        valor=Decimal(1000),
                        procedencia="01",
                        secuencia=2,
                        medio="01",
                        operacion="000000",
                        autorizacion="000000",
                        entidad_debitada="000",
                        sucursal="0010",
                    ),
                ),
                1,
            ),
        ),
        1,
    )
    assert archivo.detalles[0].linea == 3
    assert archivo.huella == "8c95570b534ac7126d59761537239f6b02a329a80c3e6368b91557ff89a5e2e6", (
        "it is stored: the same text must always give it"
    )
    assert archivo.total == Decimal(1000)
    assert variantes(archivo) == {Variante.ANCHO}


def test_la_muestra_de_1998_dice_lo_que_dice() -> None:
    archivo = leer(DE_1998)
    assert archivo == ArchivoRecaudo(
        F1998,
        EncabezadoRecaudo("800094164", date(2025, 6, 10), "040", "849514000"),
        (LoteRecaudo("", 0, (DetalleRecaudo("238076", Decimal("1000.50"), "03", 1),), 1),),
        1,
    )


def test_una_linea_corrida_unos_puestos_no_se_carga() -> None:
    corrida = MUESTRA.replace(b"\n06", b"\n06000")
    assert clases(corrida) == {Anomalia.SECUENCIA, Anomalia.TOTAL}


@given(st.sampled_from(list(Formato)).flatmap(archivos))
def test_lo_escrito_se_lee_igual(archivo: ArchivoRecaudo) -> None:
    escrito = escribir(archivo)
    leido = leer(escrito)
    assert leido == archivo
    assert escribir(leido) == escrito
    ancho = 162 if archivo.formato is F2001 else 128
    lineas = escrito.split(CRLF)
    assert lineas.pop() == b""
    assert {len(linea) for linea in lineas} == {ancho}
    assert [lineas[d.linea - 1][:2] for d in leido.detalles] == [b"06" if ancho == 162 else b"02"] * len(leido.detalles)


def test_los_totales_escritos_son_los_de_los_pagos() -> None:
    lineas = escribir(leer(MUESTRA)).split(CRLF)
    sin_espacios = [linea.rstrip() for linea in lineas]
    assert sin_espacios[0] == b"0180009416442025061004000000000849514000202506110630A01"
    assert sin_espacios[1:5] == MUESTRA.splitlines()[1:5]


FORMAS = {
    "LF": lambda b: b.replace(CRLF, b"\n"),
    "mezcla": lambda b: b.replace(CRLF, b"\n", 2),
    "doble CR": lambda b: b.replace(CRLF, b"\r\r\n"),
    "con marca": lambda b: b"\xef\xbb\xbf" + b,
    "sin último salto": lambda b: b.removesuffix(CRLF),
    "líneas vacías al final": lambda b: b + CRLF + b"   " + CRLF,
    "Ctrl-Z": lambda b: b + b"\x1a",
    "Ctrl-Z en la última": lambda b: b.removesuffix(CRLF) + b"\x1a",
}
RECORTES = {
    "recortado": lambda b: CRLF.join(linea.rstrip() for linea in b.split(CRLF)),
    "de 161": lambda b: b.replace(b" " + CRLF, CRLF),
}


@pytest.mark.parametrize("forma", [*FORMAS, *RECORTES])
@pytest.mark.parametrize("formato", list(Formato))
def test_cada_forma_de_escribirlo_es_el_mismo_archivo(formato: Formato, forma: str) -> None:
    nominal = escribir(archivo_al_azar(Random(forma), formato))
    otro = leer((FORMAS | RECORTES)[forma](nominal))
    assert otro == leer(nominal)
    assert otro.huella == leer(nominal).huella
    assert (Variante.ANCHO in variantes(otro)) == (forma in RECORTES)
    assert Variante.ANCHO not in variantes(leer(nominal))


def test_latin_1_y_utf_8_son_el_mismo_archivo() -> None:
    texto = MUESTRA.decode().replace("A01\n", "A01 BANCO DE NARIÑO\n")
    unos, otros = leer(texto.encode("latin-1")), leer(texto.encode())
    assert unos == otros == leer(MUESTRA)
    assert unos.huella == otros.huella != leer(MUESTRA).huella
    assert Variante.RESERVADO in variantes(unos)


def test_el_ancho_se_cuenta_en_caracteres() -> None:
    texto = con(b"01", 150, "ÑÑÑÑÑÑÑÑÑÑÑÑÑ".encode("latin-1")).decode("latin-1")
    assert leer(texto.encode()) == leer(MUESTRA)


@pytest.mark.parametrize(
    ("contenido", "variante"),
    [
        (con(b"01", 3, b"0800094164"), Variante.NIT_SIN_DIGITO),
        (con(b"05", 3, b"0000239192129"), Variante.SERVICIO_PROPIO),
        (con(b"06", 65, b"99"), Variante.CODIGO_DESCONOCIDO),
        (con(b"06", 67, b"99"), Variante.CODIGO_DESCONOCIDO),
        (con(b"01", 54, b"09"), Variante.CODIGO_DESCONOCIDO),
        (con(b"06", 69, b" " * 6), Variante.CAMPO_EN_BLANCO),
        (con(b"06", 88, b"0000001"), Variante.PRIMERA_SECUENCIA),
        (con(b"08", 3, b"000000002"), Variante.CONTEO_CON_CONTROL),
        (con(b"09", 3, b"000000002"), Variante.CONTEO_CON_CONTROL),
        (con(b"01", 41, b"20250609"), Variante.ARCHIVO_ANTERIOR),
        (con(b"06", 98, b"X"), Variante.RESERVADO),
    ],
)
def test_cada_variante_se_lee_y_se_dice(contenido: bytes, variante: Variante) -> None:
    archivo = leer(contenido)
    assert variantes(archivo) == {Variante.ANCHO, variante}
    assert archivo.total == Decimal(1000)
    assert archivo.encabezado.nit == "800094164"


def test_una_variante_se_dice_una_vez_con_su_primera_linea() -> None:
    lineas = escribir(archivo_al_azar(Random(1), F2001, minimo=5)).split(CRLF)[:-1]
    recortado = leer(unir([lineas[0], lineas[1], *[linea.rstrip() for linea in lineas[2:]]]))
    assert [(a.clase, a.linea) for a in recortado.avisos] == [(Variante.ANCHO, 3)]


@pytest.mark.parametrize(("suma", "vale"), [(0, True), (1, True), (3, True), (2, False), (4, False), (-1, False)])
def test_el_conteo_puede_incluir_los_controles(suma: int, vale: bool) -> None:
    """One more in all, or one more for each of the three batches."""
    archivo = next(a for n in range(99) if len((a := archivo_al_azar(Random(n), F2001, 1)).lotes) == 3)
    escrito = escribir(replace(archivo, registros=archivo.registros + suma))
    if vale:
        assert leer(escrito).registros == len(archivo.detalles) + suma
    else:
        assert clases(escrito) == {Anomalia.CONTEO}


def test_el_conteo_de_un_lote_puede_incluir_uno_mas_y_no_dos() -> None:
    assert leer(con(b"08", 3, b"000000002")).lotes[0].registros == 2
    assert clases(con(b"08", 3, b"000000003")) == {Anomalia.CONTEO}


def test_un_lote_sin_pagos_se_lee() -> None:
    vacio = replace(leer(MUESTRA), lotes=(LoteRecaudo("7709998461239", 1, (), 0),), registros=0)
    assert leer(escribir(vacio)) == vacio


def test_dos_servicios_pueden_numerar_sus_lotes_igual() -> None:
    uno = leer(MUESTRA)
    otro = replace(uno.lotes[0], servicio="7709998000001")
    ambos = replace(uno, lotes=(*uno.lotes, otro), registros=2)
    assert leer(escribir(ambos)) == ambos
    assert clases(escribir(replace(uno, lotes=uno.lotes * 2, registros=2))) == {Anomalia.LOTE}


def test_la_secuencia_de_cada_lote_comienza_de_nuevo_en_dos() -> None:
    assert clases(con(b"06", 88, b"0000003")) == {Anomalia.SECUENCIA}
    assert clases(con(b"06", 88, b"0000000")) == {Anomalia.SECUENCIA}
    assert variantes(leer(DE_1998)) == {Variante.ANCHO}, "1998 begins in 1"


@pytest.mark.parametrize(("causal", "dice"), [(b"   ", ""), (b"000", ""), (b"R01", "R01"), (b"017", "017")])
def test_la_causal_dice_si_el_banco_devolvio_el_pago(causal: bytes, dice: str) -> None:
    (pago,) = leer(con(b"06", 95, causal)).detalles
    assert (pago.causal, pago.devuelto) == (dice, bool(dice))


@pytest.mark.parametrize("causal", [b"R", b"R0", b" R1", b"R1 ", b"R.1"])
def test_una_causal_a_medias_se_rechaza(causal: bytes) -> None:
    assert clases(con(b"06", 95, causal)) == {Anomalia.DATO}


@pytest.mark.parametrize("nit", [b"0000012345", b"8000941645", b"0000000000", b"80009416 4"])
def test_un_nit_incompleto_o_con_otro_digito_se_rechaza(nit: bytes) -> None:
    assert clases(con(b"01", 3, nit)) <= {Anomalia.NIT, Anomalia.DATO}


def test_el_servicio_en_ceros_se_rechaza() -> None:
    assert clases(con(b"05", 3, b"0" * 13)) == {Anomalia.SERVICIO}


@pytest.mark.parametrize("referencia", [b"0" * 40 + b"E-4 1234", b"0" * 40 + "E-4ñ1234".encode("latin-1")])
def test_una_referencia_con_espacios_o_letras_raras_se_rechaza(referencia: bytes) -> None:
    assert clases(con(b"06", 3, referencia)) == {Anomalia.REFERENCIA}


@pytest.mark.parametrize("cifras", ["٠١٢٣٤٥", "²²²²²²"])
def test_solo_cuentan_las_cifras_ascii(cifras: str) -> None:
    assert clases(con(b"06", 69, b"######").decode().replace("######", cifras).encode()) == {Anomalia.DATO}


def test_la_linea_puede_medir_162_y_no_163() -> None:
    assert leer(con(b"01", 162, b" ")) == leer(MUESTRA)
    assert clases(con(b"01", 163, b" ")) == {Anomalia.LINEA_LARGA}


def test_el_tamano_y_las_lineas_tienen_tope() -> None:
    assert (MAXIMO_BYTES, MAXIMO_LINEAS) == (5 * 1024 * 1024, 50_000)
    assert clases(b"0" * (MAXIMO_BYTES + 1)) == {Anomalia.TAMANO}
    assert Anomalia.TAMANO not in clases(b"0" * MAXIMO_BYTES)
    assert clases(b"01\n" * (MAXIMO_LINEAS + 1)) == {Anomalia.TAMANO}
    assert Anomalia.TAMANO not in clases(b"01\n" * MAXIMO_LINEAS)
    assert clases(b"") == clases(b"\xef\xbb\xbf\r\n \x1a") == {Anomalia.TAMANO}


def test_un_archivo_de_2001_no_se_toma_por_uno_de_1998() -> None:
    """1 January 2022 at the bank 012 has a date where 1998 has its own."""
    cabeza = replace(leer(MUESTRA).encabezado, fecha_recaudo=date(2022, 1, 1), banco="012")
    archivo = replace(leer(MUESTRA), encabezado=cabeza)
    assert escribir(archivo)[15:23] == b"20101012"
    assert leer(escribir(archivo)) == archivo
    assert clases(escribir(replace(archivo, lotes=(), registros=0))) == {Anomalia.ORDEN}


def test_las_posiciones_son_las_de_la_referencia() -> None:
    for trazado in TRAZADOS.values():
        for registro in trazado.registros.values():
            campos = list(registro.campos.values())
            assert campos[0].desde == 3
            assert all(b.desde == a.hasta + 1 for a, b in pairwise(campos))
    de_2001, de_1998 = TRAZADOS[F2001].registros, TRAZADOS[F1998].registros
    assert {t: max(c.hasta for c in r.campos.values()) for t, r in de_2001.items()} == {
        "01": 55,
        "05": 19,
        "06": 97,
        "08": 33,
        "09": 29,
    }
    assert {t: r.minimo for t, r in de_2001.items()} == {"01": 55, "05": 19, "06": 94, "08": 33, "09": 29}
    assert {t: r.minimo for t, r in de_1998.items()} == {"01": 41, "02": 49, "09": 29}


@pytest.mark.parametrize(
    "malo",
    [
        {"valor": Decimal("0.001")},
        {"valor": Decimal(0)},
        {"valor": Decimal(-1)},
        {"valor": Decimal(10) ** 12},
        {"referencia": "1" * 49},
        {"referencia": "0238076"},
        {"referencia": ""},
        {"operacion": "1"},
        {"causal": "R1"},
        {"secuencia": 10**7},
    ],
)
def test_no_se_escribe_lo_que_no_se_leeria_igual(malo: dict[str, object]) -> None:
    archivo = leer(MUESTRA)
    lote = archivo.lotes[0]
    danado = replace(lote, detalles=(replace(lote.detalles[0], **malo),))
    with pytest.raises(ValueError):
        escribir(replace(archivo, lotes=(danado,)))


def test_el_mayor_valor_cabe_exacto() -> None:
    archivo = leer(MUESTRA)
    lote = archivo.lotes[0]
    maximo = replace(lote.detalles[0], valor=Decimal("999999999999.99"))
    mayor = replace(archivo, lotes=(replace(lote, detalles=(maximo,)),))
    assert leer(escribir(mayor)).total == Decimal("999999999999.99")


def test_pse_es_ach_con_debito_por_internet() -> None:
    (pago,) = leer(MUESTRA).detalles
    de_pse = {(p, m) for p in PROCEDENCIAS for m in MEDIOS_DE_PAGO if es_de_pse(replace(pago, procedencia=p, medio=m))}
    assert de_pse == {("03", "15")}
    assert (PROCEDENCIAS["03"], MEDIOS_DE_PAGO["15"]) == ("ACH Colombia", "Débito por internet")
    assert (len(PROCEDENCIAS), len(MEDIOS_DE_PAGO)) == (8, 13)


def test_en_1998_lo_que_viene_de_ach_se_toma_por_pse() -> None:
    assert es_de_pse(leer(DE_1998).detalles[0])
    assert not es_de_pse(leer(DE_1998.replace(b"03" + b"0000001", b"01" + b"0000001")).detalles[0])


def test_un_campo_en_blanco_cuenta_como_ceros() -> None:
    (pago,) = leer(con(b"06", 69, b" " * 19)).detalles
    assert (pago.operacion, pago.autorizacion, pago.entidad_debitada, pago.sucursal) == (
        "000000",
        "000000",
        "000",
        "0000",
    )
    assert clases(con(b"06", 65, b"  ")) == clases(con(b"06", 88, b" " * 7)) == {Anomalia.DATO}
