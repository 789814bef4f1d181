"""I-19 over months of many agents: declared is withheld, and withheld is deposited or still owed; idle months are there.

`make agentes` runs 60 agents for 24 months (AGENTES=…, MESES=…, SEMILLA=…).
"""

import os
from decimal import Decimal

import pytest
from flask import Flask

from portal.dominio.tablero import EstadoMes
from portal.models.usuario import Rol
from portal.operaciones.agentes import retener, tablero
from portal.operaciones.verificacion import verificar
from tests.agentes import persona, retenida, suya
from tests.agentes_simulacion import descuadres, simular
from tests.fabricas import HOY

pytestmark = pytest.mark.usefixtures("app")
AGENTES, MESES = int(os.environ.get("AGENTES", "6")), int(os.environ.get("MESES", "6"))
SEMILLA = int(os.environ.get("SEMILLA", "0"))


def _rotas() -> dict[str, list[str]]:
    return {invariante.dice: filas for invariante, filas in verificar() if filas}


def test_cada_mes_de_cada_agente_cuadra(app: Flask) -> None:
    entidades, meses, cuenta = simular(AGENTES, MESES, SEMILLA)
    assert cuenta.ociosos > 0
    assert cuenta.deshechas > 0
    assert cuenta.corregidos > 0
    assert _rotas() == {}
    assert list(descuadres(entidades, meses, cuenta)) == []
    renglones = {r.agente.id: r.meses for r in tablero.matriz("putumayo", meses[0], meses[-1], hoy=HOY)}
    for una in entidades:
        for mes in renglones[una.id]:
            assert mes is not None
            clave = (una.id, mes.mes)
            assert mes.estado in (EstadoMes.PRESENTADO, EstadoMes.ACEPTADO), clave
            assert mes.declarado == mes.cifras.retenido == cuenta.aceptado[clave] + mes.diferencia, clave
            assert mes.cifras.aceptado == cuenta.aceptado[clave], clave
        debe = sum((cuenta.retenido[una.id, m] - cuenta.aceptado[una.id, m] for m in meses), Decimal(0))
        assert tablero.saldo_de(una) == debe


@pytest.mark.descuadra
def test_control_retener_en_un_mes_presentado_se_nota(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    (una,), (mes,), cuenta = simular(1, 1, SEMILLA)
    monkeypatch.setattr(retener, "exigir_mes_abierto", lambda *_: None)
    retenida(suya(una, (1234,), fecha_causacion=mes), persona(Rol.AGENTE, una), fecha=mes)
    cuenta.retenido[una.id, mes] += 1234
    assert len(list(descuadres([una], [mes], cuenta))) == 1
    assert list(_rotas()) == ["Cada agente declara lo que retuvo en el mes."]
