"""Any history of deposits, bank files, decisions and returns leaves the ledger whole: seeded, with its control."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import count
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.dominio.declaraciones import EstadoConsignacion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.libro import CONSIGNACIONES, POR_IDENTIFICAR
from portal.models import Consignacion, Liquidacion, MovimientoBanco, Usuario
from portal.models.usuario import Rol
from portal.operaciones import libro
from portal.operaciones.agentes import consignaciones
from portal.operaciones.agentes.lineas_del_banco import posibles
from portal.operaciones.verificacion import INVARIANTES
from tests.agentes import deshecha, persona, retenida, suya
from tests.consignaciones import (
    aceptada,
    casada,
    con_deuda,
    del_banco,
    desaceptada,
    devuelta_por_el_banco,
    enviada,
    rechazada,
)
from tests.fabricas import HOY, liquidacion
from tests.ordenes import aplicacion, aprobar, tesorero

# The bank gives one number to several deposits, and several deposits have one value: what a match must not be fooled by.
VALORES = (4000, 5000)
REFERENCIAS = tuple(str(n) for n in range(555_000, 555_020))
PASOS = 60


class Historia:
    """What happens in a department with two agents, chosen by chance; what is refused changes nothing."""

    def __init__(self, azar: Random) -> None:
        self.azar = azar
        self.agentes = [con_deuda(VALORES) for _ in range(2)]
        self.retenciones = [retenida(suya(de, VALORES), quien) for de, quien in self.agentes]
        self.tesoreras = [persona(Rol.TESORERIA) for _ in range(2)]
        self.dueno = (tesorero(), tesorero())
        self.dias = count(1)
        self.hechos: Counter[str] = Counter()

    def paso(self) -> None:
        accion: Callable[[], None] = self.azar.choice(
            [self.enviar] * 4
            + [self.llegar, self.aceptar] * 3
            + [self.casar, self.rechazar, self.desaceptar, self.devolver, self.aplicar, self.deshacer_retencion]
        )
        try:
            accion()
        except (TransicionNoPermitida, DatoInvalido, IndexError):
            db.session.rollback()
            return
        self.hechos[accion.__name__] += 1

    def enviar(self) -> None:
        _, quien = self.azar.choice(self.agentes)
        enviada(db.session.get_one(Usuario, quien.id), self.azar.choice(VALORES), self.azar.choice(REFERENCIAS))

    def llegar(self) -> None:
        """A line of the bank: that of a deposit as often as not, and perhaps late."""
        dia = HOY + timedelta(days=self.azar.choice((0, 1, 9)))
        vistas = [(c.valor, c.referencia) for c in self._todas()]
        valor, referencia = self.azar.choice([*vistas, *((Decimal(v), "90") for v in VALORES)])
        del_banco(int(valor), referencia, dia)

    def aceptar(self) -> None:
        una = self._una(EstadoConsignacion.RECIBIDA)
        aceptada(una, self._linea_de(una, None), self.azar.choice(self.tesoreras))

    def casar(self) -> None:
        una = self._una(EstadoConsignacion.ACEPTADA)
        linea = self._linea_de(una)
        if linea is not None:
            casada(una, linea, self.azar.choice(self.tesoreras))

    def rechazar(self) -> None:
        rechazada(self._una(EstadoConsignacion.RECIBIDA), quien=self.azar.choice(self.tesoreras))

    def desaceptar(self) -> None:
        desaceptada(self._una(EstadoConsignacion.ACEPTADA), quien=self.azar.choice(self.tesoreras))

    def devolver(self) -> None:
        casadas = [c.movimiento for c in self._todas() if c.movimiento is not None]
        devuelta_por_el_banco(self.azar.choice(casadas or self._lineas()), dias=9 + next(self.dias))

    def aplicar(self) -> None:
        linea = self.azar.choice(self._lineas())
        assert linea.recaudo is not None
        una: Liquidacion = liquidacion((self.azar.choice((1000, 4000)),))
        aprobar(aplicacion(linea.recaudo, una.facturas[0], self.dueno[0]), self.dueno[1])

    def deshacer_retencion(self) -> None:
        cual = self.azar.randrange(2)
        deshecha(self.retenciones[cual], self.agentes[cual][1])

    def _una(self, estado: EstadoConsignacion) -> Consignacion:
        """One in that state, or now and then any."""
        todas = self._todas()
        return self.azar.choice([c for c in todas if c.estado is estado or self.azar.random() < 0.1])

    def _linea_de(self, una: Consignacion, *otras: None) -> MovimientoBanco | None:
        """A line that may be the deposit, or now and then any."""
        suyas = [x.movimiento for x in posibles(una) if x.sirve]
        return self.azar.choice([*otras, *suyas, *(linea for linea in self._lineas() if self.azar.random() < 0.1)])

    def _todas(self) -> list[Consignacion]:
        return list(db.session.scalars(select(Consignacion).order_by(Consignacion.id)))

    def _lineas(self) -> list[MovimientoBanco]:
        entraron = select(MovimientoBanco).where(MovimientoBanco.devuelta.is_(False))
        return list(db.session.scalars(entraron.order_by(MovimientoBanco.id)))


def quiebres() -> list[str]:
    db.session.rollback()
    suyas = [i for i in INVARIANTES if i.codigo in ("I-03", "I-10", "I-12", "I-19", "I-20")]
    return [fila for i in suyas for fila in i.quiebres()]


@pytest.mark.parametrize("semilla", range(4))
def test_ninguna_historia_descuadra(app: Flask, semilla: int) -> None:
    historia = Historia(Random(semilla))
    for paso in range(PASOS):
        historia.paso()
        assert paso % 5 or quiebres() == [], historia.hechos
    saldos = libro.saldos()
    assert sum(saldos.values()) == 0
    assert saldos.get(CONSIGNACIONES, Decimal(0)) >= 0 >= saldos.get(POR_IDENTIFICAR, Decimal(0))
    assert set(historia.hechos) >= {"enviar", "llegar", "aceptar", "devolver"}


@pytest.mark.descuadra
def test_control_si_la_reversion_no_toca_la_consignacion_la_historia_descuadra(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consignaciones, "revertir", lambda *_, **__: [])
    historia = Historia(Random(0))
    for _ in range(PASOS):
        historia.paso()
    assert quiebres(), "the control must break it, else the histories prove nothing"
