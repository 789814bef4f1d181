"""Some agents and months at random, with every act of their people, against a count kept apart by whoever did it."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import db
from portal.dominio.declaraciones import EN_PIE, EstadoConsignacion, EstadoDeclaracion, mes_de, mes_siguiente
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Agente, Liquidacion, Retencion, Usuario
from portal.models.usuario import Rol
from portal.operaciones.agentes import versiones
from tests.agentes import agente, deshecha, persona, retenida
from tests.declaraciones import (
    ANTES,
    MES,
    abiertas,
    aceptada,
    anulada,
    consignada,
    corregida,
    del_mes,
    devuelta,
    presentada,
)
from tests.fabricas import estados_de

ACTOS = 45
MESES = (ANTES, MES)


class Mundo:
    """One agent, its person, and what its months must say."""

    def __init__(self, azar: random.Random) -> None:
        self.azar = azar
        self.entidad: Agente = agente(desde=ANTES)
        self.quien: Usuario = persona(Rol.AGENTE, self.entidad)
        self.liquidadas: list[tuple[Liquidacion, date]] = []
        self.vivas: list[Retencion] = []
        self.retenido: defaultdict[date, Decimal] = defaultdict(Decimal)
        self.consignado: defaultdict[date, Decimal] = defaultdict(Decimal)
        abiertas(self.entidad)

    def liquidar(self) -> None:
        mes = self.azar.choice(MESES)
        valores = tuple(self.azar.randrange(1, 10**6) for _ in range(self.azar.randrange(1, 4)))
        self.liquidadas.append((del_mes(self.entidad, valores, mes, self.azar.randrange(1, 28)), mes))

    def retener(self) -> None:
        debidas = [(una, mes) for una, mes in self.liquidadas if "liquidada" in estados_de(una)]
        if debidas:
            una, mes = self.azar.choice(debidas)
            numeros = tuple(f.numero for f in una.facturas if f.estado.value == "liquidada")
            fecha = self.azar.choice([m for m in MESES if m >= mes]).replace(day=28)
            hecha = retenida(una, self.quien, numeros=numeros[: self.azar.randrange(1, 4)], fecha=fecha)
            self.vivas.append(hecha)
            self.retenido[mes_de(fecha)] += hecha.recaudo.valor

    def deshacer(self) -> None:
        if self.vivas:
            una = self.azar.choice(self.vivas)
            deshecha(una, self.quien)
            self.vivas.remove(una)
            self.retenido[una.mes] -= una.recaudo.valor

    def anular(self) -> None:
        limpias = [una for una, _ in self.liquidadas if set(estados_de(una)) == {"liquidada"}]
        if limpias:
            anulada(self.azar.choice(limpias))

    def consignar(self) -> None:
        mes, valor = self.azar.choice(MESES), self.azar.randrange(1, 10**6)
        consignada(self.entidad, valor, EstadoConsignacion.ACEPTADA, mes)
        self.consignado[mes] += valor

    def presentar(self) -> None:
        una = versiones.de_mes(self.entidad, self.azar.choice(MESES))
        presentada(una, self.quien, hoy=mes_siguiente(MES))

    def corregir(self) -> None:
        corregida(self.entidad, self.quien, mes=self.azar.choice(MESES))

    def resolver(self) -> None:
        una = versiones.en_pie(self.entidad, self.azar.choice(MESES))
        if una is not None:
            self.azar.choice([aceptada, devuelta])(una)

    def comprobar(self) -> None:
        for mes in MESES:
            cuadro = versiones.cuadro_de(self.entidad, mes)
            assert cuadro.sumas.retenido == self.retenido[mes]
            assert cuadro.por_consignar == self.retenido[mes] - self.consignado[mes]
            assert all(d.valor > 0 for d in cuadro.diferencias)
            vivas = [una for una, suyo in self.liquidadas if suyo == mes and una.vigente]
            assert cuadro.sumas.liquidado == sum((f.valor for una in vivas for f in una.facturas), Decimal(0))
            todas = versiones.versiones_de(self.entidad, mes)
            assert sum(v.estado in EN_PIE for v in todas) <= 1
            if todas[0].estado is not EstadoDeclaracion.BORRADOR:
                assert todas[0].declarado == self.retenido[mes]


@pytest.mark.parametrize("semilla", range(3))
def test_lo_declarado_es_lo_retenido_pase_lo_que_pase(app: Flask, semilla: int) -> None:
    azar = random.Random(semilla)
    mundos = [Mundo(azar), Mundo(azar)]
    actos: list[Callable[[Mundo], None]] = [
        Mundo.liquidar, Mundo.liquidar, Mundo.retener, Mundo.retener, Mundo.deshacer, Mundo.anular, Mundo.consignar,
        Mundo.presentar, Mundo.corregir, Mundo.resolver,
    ]  # fmt: skip
    rechazos = 0
    for _ in range(ACTOS):
        mundo = azar.choice(mundos)
        try:
            azar.choice(actos)(mundo)
        except TransicionNoPermitida:
            rechazos += 1
        db.session.rollback()
        for uno in mundos:
            uno.comprobar()
    assert 0 < rechazos < ACTOS
