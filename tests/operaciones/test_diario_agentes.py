"""The daily collection of an agent's offices adds up to its month."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import transaccion
from portal.dominio.declaraciones import EstadoConsignacion, mes_de
from portal.dominio.recaudo_diario import sumar_renglones
from portal.models.usuario import Rol
from portal.operaciones.agentes import diario, registro, tablero
from portal.operaciones.firmas import Firma
from tests.agentes import agente, deshecha, persona, retenida, suya
from tests.fabricas import AHORA, HOY
from tests.tableros import deposito

pytestmark = pytest.mark.usefixtures("app")
MES = mes_de(HOY)


def test_lo_de_cada_sede_suma_el_mes_de_la_entidad(app: Flask) -> None:
    entidad, administra = agente(), Firma(persona(Rol.ADMINISTRADOR), AHORA)
    with transaccion():
        norte = registro.agregar_sede(entidad, "Norte", firma=administra)
        sur = registro.agregar_sede(entidad, "Sur", firma=administra)
    quien = persona(Rol.AGENTE, entidad)
    retenida(suya(entidad), quien, sede_id=norte.id)
    retenida(suya(entidad, (1000,)), quien, sede_id=sur.id)
    retenida(suya(entidad, (500,)), quien)
    deshecha(retenida(suya(entidad, (7777,)), quien, sede_id=sur.id), quien)
    deposito(entidad, MES, 9000, fecha=HOY, sede_id=norte.id)
    deposito(entidad, MES, 400, EstadoConsignacion.RECIBIDA, fecha=HOY, sede_id=sur.id)
    deposito(entidad, MES, 600, EstadoConsignacion.RECHAZADA, fecha=HOY, sede_id=sur.id)
    recaudo = diario.del_mes(entidad, MES, hoy=HOY)
    assert [(s.nombre, s.retenido, s.consignado, s.aceptado) for s in recaudo.sedes] == [
        ("Norte", 9000, 9000, 9000),
        ("Sur", 1000, 400, 0),
        ("Sin sede", 500, 0, 0),
    ]
    (fila,) = tablero.del_mes("putumayo", MES, hoy=HOY)
    cifras = fila.mes.cifras
    assert recaudo.retenido == cifras.retenido == Decimal(10500)
    assert (recaudo.aceptado, recaudo.consignado) == (cifras.aceptado, cifras.aceptado + cifras.por_revisar)


def test_el_reporte_del_mes_separa_sede_estampilla_y_acto(app: Flask) -> None:
    entidad, administra = agente(), Firma(persona(Rol.ADMINISTRADOR), AHORA)
    with transaccion():
        norte = registro.agregar_sede(entidad, "Norte", firma=administra)
    quien = persona(Rol.AGENTE, entidad)
    for _ in range(2):
        retenida(suya(entidad), quien, sede_id=norte.id)
    suya(entidad, (700,))
    suya(entidad, (800,), emitida_en=AHORA - timedelta(days=62))
    reporte = diario.reporte_de(entidad, MES, {"P-T-01": "Certificado"})
    assert [(r.sede, r.estampilla, r.acto, r.liquidadas, r.liquidado, r.retenidas, r.retenido) for r in reporte] == [
        ("Norte", "Desarrollo Fronterizo", "Certificado", 2, 8000, 2, 8000),
        ("Norte", "Electrificación Rural", "Certificado", 2, 10000, 2, 10000),
        ("Sin sede", "Desarrollo Fronterizo", "Certificado", 1, 700, 0, 0),
    ]
    assert sumar_renglones(reporte)[3] == diario.del_mes(entidad, MES, hoy=HOY).retenido
