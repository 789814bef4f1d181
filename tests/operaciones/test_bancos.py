"""The list of banks: once a day, one day of grace, and one process at a time."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.db import transaccion
from portal.operaciones import bancos
from portal.pasarelas.base import Banco
from tests.conftest import AHORA

pytestmark = pytest.mark.usefixtures("app")
LISTA = (Banco("1007", "BANCOLOMBIA"), Banco("1040", "banco agrario"))


def _leer(lista: tuple[Banco, ...] = LISTA, hace: timedelta = timedelta(0)) -> None:
    momento = AHORA - hace
    with transaccion():
        assert bancos.apartar("wompi", ahora=momento)
        bancos.guardar("wompi", lista, ahora=momento)


def test_sin_haberla_leido_no_hay_bancos_y_toca_leerla() -> None:
    assert bancos.vigentes("wompi", AHORA) == ()
    assert bancos.toca("wompi", AHORA)


def test_leida_vale_un_dia_y_sale_de_la_a_a_la_z() -> None:
    _leer()
    assert [b.nombre for b in bancos.vigentes("wompi", AHORA)] == ["banco agrario", "BANCOLOMBIA"]
    assert not bancos.toca("wompi", AHORA + bancos.VIDA - timedelta(seconds=1))
    assert bancos.toca("wompi", AHORA + bancos.VIDA)
    assert bancos.vigentes("placetopay", AHORA) == ()


def test_la_vieja_sirve_un_dia_mas_y_no_mas() -> None:
    _leer()
    assert bancos.vigentes("wompi", AHORA + bancos.VIDA + bancos.RESERVA)
    assert bancos.vigentes("wompi", AHORA + bancos.VIDA + bancos.RESERVA + timedelta(seconds=1)) == ()


def test_uno_solo_la_pide_y_tras_un_fallo_se_espera() -> None:
    with transaccion():
        assert bancos.apartar("wompi", ahora=AHORA)
        assert not bancos.apartar("wompi", ahora=AHORA)
    antes = AHORA + bancos.PAUSA - timedelta(seconds=1)
    assert not bancos.toca("wompi", antes)
    with transaccion():
        assert not bancos.apartar("wompi", ahora=antes)
        assert bancos.apartar("wompi", ahora=AHORA + bancos.PAUSA)


def test_la_nueva_reemplaza_a_la_anterior(app: Flask) -> None:
    _leer(hace=timedelta(days=1))
    _leer((Banco("1013", "BBVA"),))
    assert bancos.vigentes("wompi", AHORA) == (Banco("1013", "BBVA"),)
