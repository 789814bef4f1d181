"""The same file again, the day sent again, and lines that nothing tells apart: each payment counts once."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.movimientos import Dudosas, Novedad, ResultadoMovimiento
from portal.models import ArchivoBanco
from portal.operaciones.archivos_banco.importacion import ArchivoRepetido
from tests.banco import Pagado, archivo, importar, resultados, revisar
from tests.fabricas import liquidacion


def test_el_mismo_archivo_otra_vez_no_cambia_nada(app: Flask) -> None:
    una = liquidacion((4000,))
    contenido = archivo([Pagado(una.facturas[0].numero, 4000)])
    primero = importar(contenido)
    for otra_vez in (contenido, contenido.replace(b"\r\n", b"\n"), contenido.replace(b" ", b"")):
        assert revisar(otra_vez).sin_novedad
        with pytest.raises(ArchivoRepetido, match=f"número {primero.numero}"):
            importar(otra_vez)
    assert resultados() == ["legalizado"]
    assert db.session.scalar(select(func.count(ArchivoBanco.id))) == 1


def test_el_dia_reenviado_con_otro_modificador_solo_suma_lo_nuevo(app: Flask) -> None:
    una = liquidacion((4000, 5000, 6000))
    a, b, c = (f.numero for f in una.facturas)
    importar(archivo([Pagado(a, 4000), Pagado(b, 5000)]))
    with pytest.raises(ArchivoRepetido, match="ya se importó"):
        importar(archivo([Pagado(b, 5000), Pagado(a, 4000)], modificador="B"))
    completo = archivo([Pagado(b, 5000), Pagado(c, 6000), Pagado(a, 4000)], modificador="C")
    revision = revisar(completo)
    assert [r.novedad.value for r in revision.renglones] == ["repetida", "nueva", "repetida"]
    guardado = importar(completo)
    assert (guardado.lineas, guardado.repetidas, guardado.valor_repetido) == (3, 2, 9000)
    assert resultados() == ["legalizado"] * 3


def test_la_segunda_parte_del_dia_con_un_pago_igual_la_decide_una_persona(app: Flask) -> None:
    una, otra, tercera = liquidacion((4000,)), liquidacion((5000,)), liquidacion((6000,))
    igual = Pagado(una.facturas[0].numero, 4000)
    importar(archivo([igual, Pagado(otra.facturas[0].numero, 5000)]))
    segunda = archivo([igual, Pagado(tercera.facturas[0].numero, 6000)], modificador="B")
    revision = revisar(segunda)
    assert revision.sin_decidir
    assert revision.con_novedad(Novedad.DUDOSA).valor == 4000
    with pytest.raises(TransicionNoPermitida, match="dudosas"):
        importar(segunda)
    assert len(resultados()) == 2
    como_nuevas = revisar(segunda, dudosas=Dudosas.NUEVAS)
    assert [r.resultado for r in como_nuevas.renglones] == [
        ResultadoMovimiento.YA_PAGADA,
        ResultadoMovimiento.LEGALIZADO,
    ]
    importar(segunda, dudosas=Dudosas.NUEVAS, visto=como_nuevas.huella)
    assert resultados() == ["legalizado", "legalizado", "ya_pagada", "legalizado"]
    # The whole day in one file brings both, and nothing new.
    todo = archivo([igual, igual, *(Pagado(x.facturas[0].numero, x.facturas[0].valor) for x in (otra, tercera))])
    with pytest.raises(ArchivoRepetido):
        importar(todo)


def test_las_dudosas_que_son_las_mismas_no_se_suman(app: Flask) -> None:
    igual, numero = Pagado(55, 4000), liquidacion((6000,)).facturas[0].numero
    importar(archivo([igual, Pagado(56, 5000)]))
    guardado = importar(archivo([igual, Pagado(numero, 6000)], modificador="B"), dudosas=Dudosas.REPETIDAS)
    assert (guardado.repetidas, guardado.valor_repetido) == (1, 4000)
    assert resultados() == ["referencia_desconocida"] * 2 + ["legalizado"]


def test_las_lineas_que_el_banco_numera_son_las_mismas_en_cualquier_archivo(app: Flask) -> None:
    igual = Pagado(55, 4000, numero=12)
    importar(archivo([igual, Pagado(56, 5000, numero=13)]))
    revision = revisar(archivo([igual, Pagado(57, 6000, numero=14)], modificador="B"))
    assert [r.novedad for r in revision.renglones] == [Novedad.REPETIDA, Novedad.NUEVA]
