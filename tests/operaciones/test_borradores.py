"""A draft seen as if it were published: the rules that would come of it, and that nothing is written."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import db
from portal.dominio.errores import DatoInvalido
from portal.models import PropuestaIndicador
from portal.operaciones.borradores import normativa_con
from portal.operaciones.normativa import normativa_de
from tests.propuestas import UVT_2027, cuenta, proponer, publicar

SMMLV_JULIO = {"codigo": "SMMLV", "desde": date(2026, 7, 1), "hasta": date(2026, 12, 31), "valor": Decimal(1800000)}


def borrador(numero: int) -> PropuestaIndicador:
    return db.session.get_one(PropuestaIndicador, numero)


def test_un_borrador_se_ve_como_quedaria_y_no_escribe_nada(app: Flask) -> None:
    numero = proponer(cuenta())
    antes = normativa_de("cundinamarca")
    con = normativa_con("cundinamarca", borrador(numero))
    assert con.valor_indicador("UVT", date(2027, 6, 1)).valor == UVT_2027.valor
    assert len(con.valores) == len(antes.valores) + 1
    assert normativa_de("cundinamarca") == antes


@pytest.mark.parametrize("cambios", [{}, SMMLV_JULIO], ids=["UVT", "SMMLV a mitad de año"])
def test_lo_que_se_ve_es_lo_que_se_publica(app: Flask, cambios: dict[str, object]) -> None:
    numero = proponer(cuenta(), **cambios)
    con = normativa_con("narino", borrador(numero))
    publicar(numero, cuenta())
    assert sorted(con.valores, key=repr) == sorted(normativa_de("narino").valores, key=repr)


def test_lo_que_ya_no_cabe_se_dice(app: Flask) -> None:
    numero = proponer(cuenta())
    publicar(numero, cuenta())
    with pytest.raises(DatoInvalido, match="Ya hay un valor publicado"):
        normativa_con("narino", borrador(numero))
