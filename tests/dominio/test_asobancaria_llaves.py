"""A payment counts once, whatever file brings it; two payments count twice, however alike."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.asobancaria import ArchivoRecaudo, DetalleRecaudo, Formato, LoteRecaudo
from portal.dominio.asobancaria_escritura import escribir
from portal.dominio.asobancaria_lectura import leer
from portal.dominio.asobancaria_llaves import es_reenvio, lineas
from tests.archivos_banco import F1998, F2001, archivo_al_azar

GLN = "7709998461239"
EN_VENTANILLA = DetalleRecaudo(
    "238076",
    Decimal(1000),
    "01",
    2,
    "01",
    operacion="004512",
    autorizacion="000731",
    entidad_debitada="040",
    sucursal="0010",
)
SIN_NUMEROS = replace(EN_VENTANILLA, operacion="000000", autorizacion="000000")


def archivo(*detalles: DetalleRecaudo, lote: int = 1, servicio: str = GLN, **encabezado: Any) -> ArchivoRecaudo:
    """A file with these payments in one batch, in sequence, written and read."""
    en_orden = tuple(replace(d, secuencia=n) for n, d in enumerate(detalles, 2))
    base = archivo_al_azar(Random(3), F2001)
    cabeza = replace(base.encabezado, cuenta="849514000", **encabezado)
    lotes = (LoteRecaudo(servicio, lote, en_orden, len(en_orden)),)
    return leer(escribir(replace(base, encabezado=cabeza, lotes=lotes, registros=len(en_orden))))


def llaves(de: ArchivoRecaudo) -> list[str]:
    return [linea.llave for linea in lineas(de)]


OTRO = replace(EN_VENTANILLA, referencia="238077")


def test_reenviar_el_dia_con_otro_modificador_no_cuenta_de_nuevo() -> None:
    primero = archivo(EN_VENTANILLA, OTRO, modificador="A")
    segundo = archivo(
        EN_VENTANILLA,
        OTRO,
        lote=9,
        modificador="B",
        fecha_archivo=date(2031, 1, 9),
        hora=time(23, 59),
        tipo_cuenta="02",
    )
    assert primero.huella != segundo.huella
    assert llaves(primero) == llaves(segundo)


def test_una_linea_que_cambia_de_puesto_es_la_misma() -> None:
    nueva = replace(EN_VENTANILLA, referencia="1")
    assert set(llaves(archivo(EN_VENTANILLA, OTRO))) <= set(llaves(archivo(nueva, OTRO, EN_VENTANILLA)))


@pytest.mark.parametrize(
    "cambio",
    [
        {"referencia": "238077"},
        {"valor": Decimal("1000.01")},
        {"procedencia": "03"},
        {"medio": "15"},
        {"operacion": "004513"},
        {"autorizacion": "000732"},
        {"entidad_debitada": "007"},
        {"sucursal": "0011"},
        {"causal": "R01"},
    ],
)
def test_lo_que_distingue_dos_pagos_distingue_sus_llaves(cambio: dict[str, Any]) -> None:
    assert len(set(llaves(archivo(EN_VENTANILLA, replace(EN_VENTANILLA, **cambio))))) == 2


def test_otro_dia_otra_cuenta_otro_banco_u_otro_servicio_son_otro_pago() -> None:
    base = archivo(EN_VENTANILLA)
    otros = [
        archivo(EN_VENTANILLA, fecha_recaudo=date(2020, 5, 5)),
        leer(escribir(replace(base, encabezado=replace(base.encabezado, cuenta="849514001")))),
        leer(escribir(replace(base, encabezado=replace(base.encabezado, nit="800094164")))),
        archivo(EN_VENTANILLA, banco="999"),
        archivo(EN_VENTANILLA, servicio="7709998000001"),
    ]
    assert len({llaves(a)[0] for a in [base, *otros]}) == 6


def test_dos_pagos_iguales_del_mismo_dia_cuentan_dos_veces_en_cada_copia() -> None:
    primero = archivo(SIN_NUMEROS, OTRO, SIN_NUMEROS, modificador="A")
    copia = archivo(OTRO, SIN_NUMEROS, SIN_NUMEROS, modificador="B")
    assert len(set(llaves(primero))) == 3
    assert set(llaves(primero)) == set(llaves(copia))
    assert [linea.repeticion for linea in lineas(primero)] == [1, 1, 2]


def test_dos_pagos_iguales_en_lotes_distintos_son_dos() -> None:
    uno = archivo(SIN_NUMEROS)
    dos = replace(uno, lotes=(*uno.lotes, replace(uno.lotes[0], numero=2)), registros=2)
    assert len(set(llaves(leer(escribir(dos))))) == 2


@pytest.mark.parametrize(
    ("cambio", "distinguible"),
    [({}, False), ({"operacion": "000001"}, True), ({"autorizacion": "000001"}, True), ({"sucursal": "0099"}, False)],
)
def test_sin_operacion_ni_autorizacion_una_linea_no_se_distingue_de_otra_igual(
    cambio: dict[str, Any], distinguible: bool
) -> None:
    (linea,) = lineas(archivo(replace(SIN_NUMEROS, **cambio)))
    assert linea.distinguible is distinguible
    assert (linea.servicio, linea.detalle.referencia) == (GLN, "238076")


def test_la_llave_no_depende_de_como_se_escriba() -> None:
    nominal = escribir(archivo(EN_VENTANILLA, OTRO))
    recortado = b"\n".join(linea.rstrip() for linea in nominal.splitlines())
    con_espacios = recortado.replace(b"00000000849514000", b"        849514000")
    assert con_espacios != recortado
    assert llaves(leer(nominal)) == llaves(leer(recortado)) == llaves(leer(con_espacios))


def test_la_llave_es_la_misma_en_cada_version_del_portal() -> None:
    """It is stored: whoever changes how it is made must migrate what is stored."""
    assert llaves(archivo(EN_VENTANILLA)) == ["05f8ef601fea44a8d8593aefc3fb905895f358f017d0edc1d680d974e2bd44b3"]


@given(st.integers(0, 10**6), st.sampled_from(list(Formato)))
def test_cada_linea_tiene_su_llave(semilla: int, formato: Formato) -> None:
    uno = archivo_al_azar(Random(semilla), formato)
    assert len(set(llaves(uno))) == len(uno.detalles)
    assert [linea.detalle for linea in lineas(uno)] == list(uno.detalles)


def test_una_linea_de_1998_no_se_distingue() -> None:
    uno = archivo_al_azar(Random(1), F1998, minimo=1)
    assert not any(linea.distinguible for linea in lineas(uno))


def test_un_reenvio_contiene_al_otro_entero() -> None:
    assert es_reenvio(["a", "b"], ["b", "a"])
    assert es_reenvio(["a"], ["a", "b"])
    assert es_reenvio(["a", "b"], ["a"])
    assert not es_reenvio(["a", "b"], ["b", "c"])
    assert not es_reenvio(["a"], ["b"])
    assert not es_reenvio([], ["a"])
    assert not es_reenvio(["a"], [])
