"""Kills the portal with -9 before and after each COMMIT of a route, and tells what was left once the world went on.

`matar_en_cada_confirmacion` says one JSON line for each death: the commit, the side, and what is wrong.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.app import create_app
from portal.cli.pagos import una_ronda
from portal.config import leer_ajustes
from portal.db import db
from portal.models import Factura, MovimientoBanco, Pago, Recaudo
from portal.operaciones import libro
from tests import cuadre, fabricas
from tests.bases import guardar_copia, restaurar
from tests.caidas.rutas import RUTAS, BancoEnDisco, Ruta

LADOS = ("antes", "después")
# No route commits more often; one that did would go on for ever.
MAXIMO = 20


def matar_en_cada_confirmacion(base_datos: str, carpeta: Path, cual: str) -> None:
    """Walk the route `cual` on that database, in a process that nobody else is in."""
    entorno = {"DATABASE_URL": base_datos, "PORTAL_CLAVE_SECRETA": "x" * 40, "PORTAL_SONDA_ESPERA": "420"}
    app = create_app(replace(leer_ajustes(entorno, instancia=carpeta), base_datos=base_datos))
    ruta = RUTAS[cual]
    with app.app_context():
        app.extensions["pasarela"] = banco = BancoEnDisco(carpeta / "banco.txt")
        cuadre.aprender()
        ruta.preparar(app)
        soltar()
        copia, inicial = guardar_copia(base_datos, f"antes_{uuid4().hex}", carpeta), banco.palabras
        for lado in LADOS:
            for n in range(1, MAXIMO):
                restaurar(base_datos, copia)
                banco.archivo.write_text("".join(f"{p}\n" for p in inicial))
                murio = matar(app, ruta, n, lado)
                print(json.dumps({"lado": lado, "n": n, "murio": murio, "mal": lo_que_esta_mal(app, ruta)}), flush=True)
                if not murio:
                    break


def soltar() -> None:
    """Leave no connection open: children and copies of the database begin without any."""
    db.session.remove()
    db.engine.dispose()


def matar(app: Flask, ruta: Ruta, n: int, lado: str) -> bool:
    """Walk the route in a child that kills itself at its n-th commit; whether it died there."""
    hijo = os.fork()
    if hijo == 0:
        morir_en(n, lado)
        try:
            en_su_hora(lambda: ruta.andar(app))
        finally:
            os._exit(0 if sys.exc_info()[0] is None else 3)
    _, estado = os.waitpid(hijo, 0)
    assert os.WIFSIGNALED(estado) or os.WEXITSTATUS(estado) == 0, "the route broke instead of dying"
    return os.WIFSIGNALED(estado)


def morir_en(n: int, lado: str) -> None:
    confirmar: Callable[[Any], None] = db.engine.dialect.do_commit
    hechos = 0

    def contar(conexion: Any) -> None:
        nonlocal hechos
        hechos += 1
        if hechos == n and lado == "antes":
            os.kill(os.getpid(), signal.SIGKILL)
        confirmar(conexion)
        if hechos == n:
            os.kill(os.getpid(), signal.SIGKILL)

    db.engine.dialect.do_commit = contar


def lo_que_esta_mal(app: Flask, ruta: Ruta) -> list[str]:
    """The world insists and the probe comes by; then every peso must be where the bank's word puts it."""
    en_su_hora(lambda: ruta.insistir(app))
    for espera in (timedelta(minutes=20), timedelta(hours=1)):
        with time_machine.travel(fabricas.AHORA + espera, tick=False):
            una_ronda()
    db.session.rollback()
    mal = cuadre.descuadres()
    palabras = app.extensions["pasarela"].palabras
    entro, devuelto = ruta.entra or "aprobada" in palabras, ruta.sale or "revertida" in palabras
    recaudos = list(db.session.scalars(select(Recaudo)))
    dinero = (sum(r.valor for r in recaudos), sum(r.valor for r in recaudos if r.reversion))
    cobrado = -sum(saldo for cuenta, saldo in libro.saldos().items() if cuenta.startswith("estampilla:"))
    if (dinero, cobrado) != ((9000 * entro, 9000 * devuelto), 9000 * (entro and not devuelto)):
        mal.append(f"el banco dice {palabras}, entraron y salieron {dinero} y de las estampillas hay {cobrado}")
    if (movimientos := db.session.scalar(select(func.count(MovimientoBanco.id)))) != ruta.movimientos:
        mal.append(f"del archivo del banco hay {movimientos} líneas")
    estado = "revertida" if devuelto else "legalizada" if entro else "liquidada"
    estados = {f.estado.value for f in db.session.scalars(select(Factura))}
    if estados != {estado}:
        mal.append(f"debían quedar {estado} y están {estados}")
    vivos = [p.referencia for p in db.session.scalars(select(Pago)) if not p.estado.es_final]
    soltar()
    return mal + [f"el pago {v} sigue vivo" for v in vivos]


def en_su_hora(hacer: Callable[[], None]) -> None:
    """When the probe's turn has come."""
    with time_machine.travel(fabricas.AHORA + timedelta(minutes=8), tick=False):
        hacer()
