"""kill -9 of every process of the portal at random moments under load, with a gateway that insists: 0 lost, 0 doubled.

Six deaths in the suite; `make caidas` brings two hundred on each engine.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from queue import Empty, Queue

import httpx2
import pytest
from flask import Flask
from sqlalchemy import select

from portal.cli.pagos import una_ronda
from portal.config import Ajustes
from portal.db import db
from portal.dominio.estados import EstadoPago
from portal.models import Pago, Recaudo
from portal.operaciones import notificaciones
from portal.pasarelas.registro import crear
from tests import fabricas
from tests.caidas.test_tres_puertas import abrir_pago, aviso_firmado
from tests.portal_en_marcha import PortalEnMarcha, _esperar, _puerto_libre
from tests.servidores import simulador_placetopay

RAIZ = Path(__file__).resolve().parents[2]
MUERTES = int(os.environ.get("CAIDAS_MUERTES", "6"))
PAGADORES = 3


class Portal:
    """gunicorn with two workers in a group of their own, which dies whole and is started again."""

    def __init__(self, marcha: PortalEnMarcha) -> None:
        self.marcha = marcha
        self.proceso: subprocess.Popen[bytes] | None = None

    def arrancar(self) -> None:
        binario = str(Path(sys.executable).parent / "gunicorn")
        direccion = self.marcha.url.removeprefix("http://")
        orden = [binario, "--no-control-socket", "-k", "gthread", "-w", "2", "--threads", "4", "-b", direccion]
        proceso = self.proceso = subprocess.Popen(
            [*orden, "--log-level", "critical", "wsgi:app"],
            cwd=RAIZ,
            env=self.marcha.entorno,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _esperar(self.marcha.url, lambda: proceso.poll() is None)

    def matar(self) -> None:
        assert self.proceso is not None
        os.killpg(self.proceso.pid, signal.SIGKILL)
        self.proceso.wait()


class Carga:
    """People who pay, and a gateway that notifies again until it is answered 200."""

    def __init__(self, app: Flask, marcha: PortalEnMarcha, facturas: list[str]) -> None:
        self.app, self.marcha = app, marcha
        self.por_pagar: Queue[str] = Queue()
        for factura in facturas:
            self.por_pagar.put(factura)
        self.alto = threading.Event()
        self.hilos = [threading.Thread(target=self._pagar) for _ in range(PAGADORES)]

    def _pagar(self) -> None:
        while not self.alto.is_set():
            try:
                factura = self.por_pagar.get_nowait()
            except Empty:
                return
            # Whoever was cut off gives up: its attempt is the probe's.
            with suppress(httpx2.HTTPError, AssertionError, KeyError, IndexError):
                self._esperar_al_portal()
                with self.app.app_context():
                    codigo, banco = abrir_pago(self.marcha, factura)
                self.marcha.simulador.decidir(banco, "aprobar")
                self._insistir(codigo)

    def _esperar_al_portal(self) -> None:
        while not self.alto.is_set():
            with suppress(httpx2.HTTPError):
                httpx2.get(f"{self.marcha.url}/salud", trust_env=False, timeout=5)
                return
            time.sleep(0.05)

    def _insistir(self, codigo: str) -> None:
        with self.app.app_context():
            pago = db.session.scalars(select(Pago).where(Pago.codigo == codigo)).one()
            aviso = aviso_firmado(self.marcha, pago)
            db.session.remove()
        while not self.alto.is_set():
            with suppress(httpx2.HTTPError):
                httpx2.get(f"{self.marcha.url}/pago/{codigo}", trust_env=False, timeout=5)
                ruta = f"{self.marcha.url}/pago/notificaciones/placetopay"
                cabeceras = {"Content-Type": "application/json"}
                dicho = httpx2.post(ruta, content=aviso, headers=cabeceras, trust_env=False, timeout=5)
                if dicho.status_code == 200:
                    return
            time.sleep(0.05)


@contextmanager
def _marcha(app: Flask, ajustes: Ajustes, carpeta: Path) -> Iterator[PortalEnMarcha]:
    url = f"http://127.0.0.1:{_puerto_libre()}"
    with simulador_placetopay(carpeta, notificar_url=f"{url}/pago/notificaciones/placetopay") as simulador:
        entorno = {
            **os.environ,
            "DATABASE_URL": ajustes.base_datos,
            "PORTAL_URL": url,
            "PORTAL_CLAVE_SECRETA": "x" * 40,
            "PORTAL_SONDA_ESPERA": "0",
            "PORTAL_CONSULTAS_LIMITE": "100000",
            **simulador.ajustes,
        }
        app.extensions["pasarela"] = crear("placetopay", simulador.ajustes)
        yield PortalEnMarcha(url, simulador, entorno)


def _morir_muchas_veces(portal: Portal, azar: random.Random, marcha: PortalEnMarcha) -> None:
    muertes = 0
    # On a slow machine six short lives may let nobody pay: it lives longer and longer, until somebody does.
    while muertes < MUERTES or (muertes < MUERTES + 8 and not _aprobadas(marcha)):
        portal.arrancar()
        time.sleep(azar.uniform(0.05, 2.5) + 2 * max(0, muertes - MUERTES + 1))
        portal.matar()
        muertes += 1


def _aprobadas(marcha: PortalEnMarcha) -> set[str]:
    return {s["referencia"] for s in marcha.simulador.sesiones() if s["estado"] == "APPROVED"}


def test_muertes_al_azar_bajo_carga_no_pierden_ni_duplican(
    app: Flask, ajustes: Ajustes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    semilla = int(os.environ.get("CAIDAS_SEMILLA", "0")) or random.randrange(1, 10**9)
    print(f"CAIDAS_SEMILLA={semilla}")
    facturas = [str(fabricas.liquidacion().facturas[0].numero) for _ in range(12 * MUERTES)]
    db.session.rollback()
    with _marcha(app, ajustes, tmp_path) as marcha:
        carga, portal = Carga(app, marcha, facturas), Portal(marcha)
        for hilo in carga.hilos:
            hilo.start()
        try:
            _morir_muchas_veces(portal, random.Random(semilla), marcha)
        finally:
            carga.alto.set()
            for hilo in carga.hilos:
                hilo.join(60)
        aprobadas = _aprobadas(marcha)
        # What nobody came back for is asked at once: the portal's own patience has its tests.
        monkeypatch.setattr(notificaciones, "RETRASO_DE_LA_SONDA", timedelta(0))
        for _ in range(3):
            una_ronda()
    db.session.rollback()
    estados = dict(db.session.execute(select(Pago.referencia, Pago.estado)).all())
    assert {r for r, estado in estados.items() if estado is EstadoPago.APROBADO} == aprobadas
    recaudos = db.session.scalars(select(Recaudo)).all()
    assert sorted(str(r.pago.referencia) for r in recaudos) == sorted(aprobadas)
    assert all(r.aplicado == r.pago.total == Decimal(9000) for r in recaudos)
    assert aprobadas, "nobody managed to pay: the test proves nothing"
    print(f"{MUERTES} muertes, {len(estados)} intentos, {len(aprobadas)} pagos aprobados")
