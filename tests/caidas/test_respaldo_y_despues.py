"""The days after a backup, lost with the database and rebuilt from the gateway and the bank's file: to the peso.

A few payments in the suite; `make simulacro-respaldo` lives many with each gateway on each engine.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from portal.config import Ajustes
from portal.db import db, transaccion
from portal.dominio.estados import EstadoPago
from portal.models import Caso, Factura, Pago
from portal.operaciones import pagos
from portal.operaciones.libro import saldos
from portal.operaciones.pagos import Puerta
from portal.operaciones.resultados import Causa
from portal.pasarelas.registro import crear
from portal.web import pasarela as borde
from tests import banco, fabricas
from tests.respaldos import orden, programas_de_postgresql, vaciar
from tests.servidores import SIMULADORES, SimuladorEnMarcha

CASOS = int(os.environ.get("SIMULACRO_CASOS", "2"))
# Each gateway on one engine in the suite; every pair in the drill.
PAREJAS = [("sqlite", "placetopay"), ("postgresql", "wompi")]
if "SIMULACRO_CASOS" in os.environ:
    PAREJAS += [("sqlite", "wompi"), ("postgresql", "placetopay")]
SEMILLA = int(os.environ.get("SIMULACRO_SEMILLA", "0")) or 8


@pytest.fixture(autouse=True)
def _programas() -> Iterator[None]:
    with programas_de_postgresql():
        yield


@dataclass
class Dias:
    """What happens before and after the backup, and what the bank and the gateway will be able to tell of it."""

    simulador: SimuladorEnMarcha
    azar: random.Random
    lineas: list[banco.Pagado] = field(default_factory=list)

    def liquidar(self) -> tuple[int, list[int]]:
        """An assessment of some stamps of different values: its id and the numbers of its facturas."""
        valores = tuple(self.azar.sample(range(1000, 90_000, 100), self.azar.randint(1, 4)))
        una = fabricas.liquidacion(valores)
        return una.id, [f.numero for f in una.facturas]

    def abrir(self, liquidacion: tuple[int, list[int]]) -> int:
        """Somebody goes to the bank to pay part of it."""
        liquidacion_id, numeros = liquidacion
        with transaccion():
            nuevo = pagos.abrir_pago(
                liquidacion_id,
                self.azar.sample(numeros, self.azar.randint(1, len(numeros))),
                fabricas.PAGADOR,
                clave=uuid4().hex,
                puerta=Puerta("203.0.113.9", "prueba", self.simulador.pasarela, "1007"),
                espera=timedelta(0),
                ahora=fabricas.AHORA,
                hoy=fabricas.HOY,
            )
            pago_id = nuevo.id
        pago = db.session.get_one(Pago, pago_id)
        con_banco = borde.pasarela_actual().pide_banco
        solicitud = borde.solicitud_de(
            pago,
            descripcion="Estampillas",
            url_retorno="http://localhost/pago/x",
            banco="1007" if con_banco else None,
            aceptaciones=borde.pasarela_actual().condiciones() if con_banco else (),
        )
        assert borde.enviar_a_pasarela(pago_id, solicitud)
        return pago_id

    def en_el_banco(self, pago_id: int, decision: str) -> None:
        pago = db.session.get_one(Pago, pago_id)
        self.simulador.decidir(pago.url_pasarela, decision)
        db.session.rollback()

    def preguntar(self, pago_id: int) -> EstadoPago | None:
        return borde.preguntar_a_pasarela(pago_id, Causa.RETORNO)

    def llega_al_banco(self, pago_id: int) -> None:
        """Its money is in a line of the bank's file, named as each gateway's agreement could."""
        pago = db.session.get_one(Pago, pago_id)
        nombre = pago.id_pasarela if self.simulador.pasarela == "placetopay" else pago.referencia
        self.lineas.append(banco.por_pse(nombre, pago.total, len(self.lineas) + 1))
        db.session.rollback()

    def pagar_en_ventanilla(self, numero: int) -> None:
        valor = db.session.scalars(select(Factura.valor).where(Factura.numero == numero)).one()
        self.lineas.append(banco.Pagado(numero, valor, numero=len(self.lineas) + 1))
        db.session.rollback()


def _foto() -> tuple[dict[str, object], dict[int, str], list[str]]:
    """Pesos of each account of the ledger, the state of each factura, and the references that are paid."""
    cuentas: dict[str, object] = {cuenta: saldo for cuenta, saldo in saldos().items() if saldo}
    estados = dict(db.session.execute(select(Factura.numero, Factura.estado)).all())
    pagadas = select(Pago.referencia).where(Pago.estado == EstadoPago.APROBADO).order_by(Pago.referencia)
    vista = cuentas, {n: e.value for n, e in estados.items()}, list(db.session.scalars(pagadas))
    db.session.remove()
    return vista


def _diferencias_abiertas() -> int:
    abiertos = len(banco.casos_abiertos())
    db.session.remove()
    return abiertos


@pytest.mark.parametrize(("base_datos", "pasarela"), PAREJAS, indirect=["base_datos"])
def test_lo_que_paso_despues_del_respaldo_se_rehace_al_peso(
    app: Flask, runner: FlaskCliRunner, ajustes: Ajustes, tmp_path: Path, pasarela: str
) -> None:
    with SIMULADORES[pasarela](tmp_path) as simulador:
        app.extensions["pasarela"] = crear(pasarela, simulador.ajustes)
        dias = Dias(simulador, random.Random(SEMILLA))
        banco.tesorera()
        por_pagar = [dias.liquidar() for _ in range(6 * CASOS)]
        confirmados = [dias.abrir(por_pagar.pop()) for _ in range(CASOS)]
        for pago_id in confirmados:
            dias.en_el_banco(pago_id, "aprobar")
            dias.preguntar(pago_id)
        en_camino = [dias.abrir(por_pagar.pop()) for _ in range(CASOS)]
        db.session.remove()
        orden(runner, "respaldo", "crear", str(tmp_path / "copia"))

        despues = [dias.abrir(por_pagar.pop()) for _ in range(2 * CASOS)]
        for pago_id in (*en_camino, *despues):
            dias.en_el_banco(pago_id, "aprobar")
            assert dias.preguntar(pago_id) is EstadoPago.APROBADO
        rechazado = dias.abrir(por_pagar[-1])
        dias.en_el_banco(rechazado, "cancelar" if pasarela == "placetopay" else "rechazar")
        dias.preguntar(rechazado)
        for _, numeros in por_pagar:
            dias.pagar_en_ventanilla(numeros[0])
        for pago_id in (*confirmados, *en_camino, *despues[:CASOS]):
            dias.llega_al_banco(pago_id)
        archivo = banco.archivo(dias.lineas)
        banco.importar(archivo)
        # What the bank has not sent yet, the gateway's own panel lists.
        panel = [str(db.session.get_one(Pago, p).id_pasarela) for p in (*despues, rechazado)]
        antes = _foto()
        assert _diferencias_abiertas() == 0

        vaciar(ajustes)
        orden(runner, "respaldo", "restaurar", str(tmp_path / "copia"))
        assert _foto() != antes, "nothing was lost: the drill proves nothing"
        orden(runner, "pagos", "sondear")
        banco.importar(archivo)
        orden(runner, "pagos", "recuperar")
        (tmp_path / "panel.txt").write_text("\n".join(panel))
        dicho = orden(runner, "pagos", "recuperar", "--archivo", str(tmp_path / "panel.txt"), sale=1)
        assert dicho.count("aprobado") == CASOS
        assert dicho.count("El portal ya lo tiene.") == CASOS
        assert "dice que no se pagó" in dicho
        orden(runner, "pagos", "sondear")
        orden(runner, "pagos", "conciliar", "--dia", f"{banco.DIA}")
        assert _foto() == antes
        assert _diferencias_abiertas() == 0
        assert "Todo cuadra." in orden(runner, "verificar")
        sin_dueno = select(Caso.id).where(Caso.cerrado_en.is_(None))
        assert db.session.scalars(sin_dueno).all() == []
