"""An attempt that is written by its table: what the session holds of it is not believed any longer."""

import pytest

from portal.db import db, transaccion
from portal.models import Pago
from portal.operaciones import intentos
from tests.fabricas import AHORA, liquidacion, pago


@pytest.mark.dos_motores
@pytest.mark.usefixtures("app")
def test_quien_tenia_el_intento_a_la_vista_lo_ve_como_quedo() -> None:
    uno = pago(liquidacion())
    with transaccion():
        visto = db.session.get_one(Pago, uno.id)
        assert (visto.cus, visto.consultado_en) == (None, None)
        intento = intentos.bloquear(uno.id)
        assert intento.numero_liquidacion == visto.numero_liquidacion
        intento.cus, intento.consultado_en = "c1", AHORA
        intentos.guardar(intento)
        assert (visto.cus, visto.consultado_en) == ("c1", AHORA)


@pytest.mark.usefixtures("app")
def test_de_un_intento_solo_se_escribe_lo_que_una_respuesta_puede_cambiar() -> None:
    uno = pago(liquidacion())
    total, referencia = uno.total, uno.referencia
    with transaccion():
        intento = intentos.bloquear(uno.id)
        intento.total, intento.referencia = total + 1, "OTRA"
        intentos.guardar(intento)
    assert (uno.total, uno.referencia) == (total, referencia)
