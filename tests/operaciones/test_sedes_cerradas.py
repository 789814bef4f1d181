"""An office that was closed withholds no more."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido
from portal.models import Agente, Factura, Retencion, Sede
from portal.models.usuario import Rol
from portal.operaciones.agentes import registro
from portal.operaciones.firmas import Firma
from tests.agentes import agente, persona, retenida, suya
from tests.fabricas import AHORA

pytestmark = pytest.mark.usefixtures("app")


def sede(de: Agente, *, cerrada: bool) -> Sede:
    firma = Firma(persona(Rol.ADMINISTRADOR), AHORA)
    with transaccion():
        una = registro.agregar_sede(de, "Sede Norte", firma=firma)
        if cerrada:
            registro.cerrar_sede(una, firma=firma)
    return una


def test_una_sede_cerrada_o_ajena_no_retiene_y_nada_se_mueve(app: Flask) -> None:
    entidad = agente()
    quien, una = persona(Rol.AGENTE, entidad), suya(entidad)
    for otra in (sede(entidad, cerrada=True), sede(agente(), cerrada=False)):
        with pytest.raises(DatoInvalido, match="sede abierta") as error:
            retenida(una, quien, sede_id=otra.id)
        assert error.value.campo == "sede"
    assert db.session.scalars(select(Retencion)).all() == []
    assert set(db.session.scalars(select(Factura.estado))) == {"liquidada"}


def test_la_misma_retencion_se_reconoce_aunque_su_sede_se_haya_cerrado(app: Flask) -> None:
    entidad = agente()
    quien, una, norte = persona(Rol.AGENTE, entidad), suya(entidad), sede(entidad, cerrada=False)
    hecha = retenida(una, quien, sede_id=norte.id, clave="la-misma")
    firma = Firma(persona(Rol.ADMINISTRADOR), AHORA)
    with transaccion():
        registro.cerrar_sede(norte, firma=firma)
    assert retenida(una, quien, sede_id=norte.id, clave="la-misma").id == hecha.id
