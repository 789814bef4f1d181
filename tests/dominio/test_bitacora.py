"""The link of a row of the bitácora commits to all that the row says, in the one text that docs/auditoria.md gives."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from portal.dominio.bitacora import Anotacion, eslabon
from portal.dominio.cadena import GENESIS

EN = datetime(2025, 6, 24, 10, 0, 0, 5, tzinfo=timezone(timedelta(hours=-5)))
SELLADA = EN + timedelta(minutes=1)
UNA = Anotacion(7, EN, 3, "pago.ver", "pago:17", {"nota": "ñ", "b": [1, None]}, "abc")
CANONICO = (
    '{"accion":"pago.ver","detalle":{"b":[1,null],"nota":"\\u00f1"},"en":"2025-06-24T15:00:00.000005+00:00","id":7,'
    '"numero":2,"objeto":"pago:17","peticion":"abc","sellada_en":"2025-06-24T15:01:00.000005+00:00","usuario":3}'
)
OTROS = {
    "id": 8,
    "en": EN + timedelta(microseconds=1),
    "usuario_id": None,
    "accion": "pago.mirar",
    "objeto": "pago:18",
    "detalle": {},
    "peticion": "",
}


def test_el_eslabon_es_la_huella_del_anterior_y_del_texto_canonico() -> None:
    assert eslabon(GENESIS, 2, SELLADA, UNA) == sha256(("0" * 64 + CANONICO).encode()).hexdigest()
    assert eslabon(GENESIS, 2, SELLADA.astimezone(UTC), UNA) == eslabon(GENESIS, 2, SELLADA, UNA)


@pytest.mark.parametrize("campo", [campo.name for campo in fields(Anotacion)])
def test_cada_campo_cuenta(campo: str) -> None:
    assert eslabon(GENESIS, 2, SELLADA, replace(UNA, **{campo: OTROS[campo]})) != eslabon(GENESIS, 2, SELLADA, UNA)


def test_el_numero_el_sello_y_el_anterior_cuentan() -> None:
    suyo = eslabon(GENESIS, 2, SELLADA, UNA)
    assert suyo not in (
        eslabon(GENESIS, 3, SELLADA, UNA),
        eslabon(GENESIS, 2, EN, UNA),
        eslabon("1" * 64, 2, SELLADA, UNA),
    )
