"""`make simulacro-dos-maquinas`: two machines behind nginx on one PostgreSQL and one Redis, and one dies while people pay."""

import json
import os
import ssl
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx2
import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url, select

from portal.config import Ajustes
from portal.db import db
from portal.dominio.estados import EstadoPago
from portal.models import Pago, Recaudo
from tests import fabricas
from tests.caidas.test_tres_puertas import PAGADOR, recorrer
from tests.conftest import CLAVE, crear_cuenta
from tests.portal_en_marcha import _puerto_libre
from tests.servidores import SimuladorEnMarcha, simulador_placetopay
from tests.simulacros.maquinas import (
    DESPLIEGUE,
    RAIZ,
    Maquina,
    configuracion_de_nginx,
    esperar,
    oculto,
    proceso,
    programa,
)

PAGOS = int(os.environ.get("SIMULACRO_PAGOS", "18"))
LIMITE = 150
CLAVE_METRICAS = "m" * 40


def con_roles(base_datos: str) -> str:
    """Give the database to the owner's role, and return the address with which the application enters."""
    directa = base_datos.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(directa, autocommit=True) as conexion:
        for archivo in ("roles.sql", "permisos.sql"):
            conexion.execute((DESPLIEGUE / "postgresql" / archivo).read_text())
    return make_url(base_datos).set(username="portal_app").render_as_string(hide_password=False)


def _entorno(ajustes: Ajustes, simulador: SimuladorEnMarcha, https: int, redis: int) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": con_roles(ajustes.base_datos),
        "PORTAL_URL": f"https://localhost:{https}",
        "PORTAL_PROXIES": "1",
        "PORTAL_CLAVE_SECRETA": "x" * 40,
        "PORTAL_CLAVE_ESTAMPILLAS": str(ajustes.clave_estampillas),
        "PORTAL_LIMITES": f"redis://127.0.0.1:{redis}/0",
        "PORTAL_CONSULTAS_LIMITE": str(LIMITE),
        "PORTAL_SONDA_ESPERA": "0",
        "PORTAL_BITACORA_FORMATO": "json",
        "PORTAL_METRICAS_CLAVE": CLAVE_METRICAS,
        "PORTAL_METRICAS_SEGUNDOS": "1",
        "PORTAL_PROCESOS": "2",
        **simulador.ajustes,
    }


class Gente:
    """Three people at a time pay through nginx; whoever is cut off leaves its attempt to the probe."""

    def __init__(self, url: str, confianza: ssl.SSLContext, simulador: SimuladorEnMarcha, facturas: list[int]) -> None:
        self.url, self.confianza, self.simulador, self.facturas = url, confianza, simulador, facturas
        self.enviados, self.cortados = 0, 0
        self._turno = threading.Lock()

    def navegador(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, verify=self.confianza, trust_env=False, timeout=40)

    def pagar(self) -> None:
        while True:
            with self._turno:
                if not self.facturas:
                    return
                factura = self.facturas.pop()
            try:
                with self.navegador() as uno:
                    banco = recorrer(uno, str(factura))
                    vuelta = self.simulador.decidir(banco, "aprobar")
                    with self._turno:
                        self.enviados += 1
                    uno.get(str(vuelta).replace(self.url, ""))
            except (httpx2.HTTPError, AssertionError, KeyError):
                with self._turno:
                    self.cortados += 1


def _orden(entorno: dict[str, str], *palabras: str) -> "subprocess.Popen[str]":
    binario = str(Path(sys.executable).parent / "flask")
    return subprocess.Popen([binario, *palabras], cwd=RAIZ, env=entorno, text=True, stdout=-1, stderr=subprocess.STDOUT)


def _hacer(*ordenes: "subprocess.Popen[str]") -> list[str]:
    dichos = [orden.communicate(timeout=120)[0] for orden in ordenes]
    assert [o.returncode for o in ordenes] == [0] * len(ordenes), dichos
    return dichos


def _ingresar(gente: Gente, maquinas: list[Maquina]) -> None:
    """A session opened through nginx is one and the same in both machines, and so is its end."""
    with gente.navegador() as uno:
        ficha = oculto(uno.get("/ingresar").text, "csrf_token")
        datos = {"correo": "tesoreria@demo.portal.test", "clave": CLAVE, "csrf_token": ficha}
        origen = {"Referer": f"{gente.url}/ingresar"}
        assert uno.post("/ingresar", data=datos, headers=origen).status_code == 303
        galletas = "; ".join(f"{g.name}={g.value}" for g in uno.cookies.jar)
        host = gente.url.removeprefix("https://")
        for maquina in maquinas:
            assert maquina.pedir("/gestion", Cookie=galletas, Host=host).status_code == 200, maquina.nombre
        ficha = oculto(uno.get("/gestion").text, "csrf_token")
        assert uno.post("/salir", data={"csrf_token": ficha}, headers=origen).status_code == 303
        for maquina in maquinas:
            assert maquina.pedir("/gestion", Cookie=galletas, Host=host).status_code == 303, maquina.nombre


def _agotar_el_limite(gente: Gente) -> int:
    """How many look-ups both machines together let one address make."""
    with gente.navegador() as uno:
        ficha, admitidas = oculto(uno.get("/consulta").text, "csrf_token"), 0
        origen = {"Referer": f"{gente.url}/consulta"}
        for n in range(LIMITE + 20):
            datos = {"tipo": "tramite", "documento": str(9_000_000 + n), "csrf_token": ficha}
            estado = uno.post("/consulta", data=datos, headers=origen).status_code
            if estado == 429:
                return admitidas
            assert estado in (200, 303), estado
            admitidas += 1
    return admitidas


@pytest.mark.parametrize("base_datos", ["postgresql"], indirect=True)
def test_una_maquina_muere_mientras_se_paga_y_el_dinero_queda_entero(
    app: Flask, ajustes: Ajustes, tmp_path: Path
) -> None:
    facturas = [fabricas.liquidacion().facturas[0].numero for _ in range(PAGOS)]
    crear_cuenta("tesoreria")
    app.extensions["pasarela"] = None
    db.session.remove()
    puertos, http, https, redis = (_puerto_libre(), _puerto_libre()), _puerto_libre(), _puerto_libre(), _puerto_libre()
    with ExitStack() as pila:
        avisos = f"http://127.0.0.1:{puertos[1]}/pago/notificaciones/placetopay"
        simulador = pila.enter_context(simulador_placetopay(tmp_path, notificar_url=avisos))
        entorno = _entorno(ajustes, simulador, https, redis)
        pila.enter_context(
            proceso(
                [
                    programa("redis-server"),
                    "--port",
                    str(redis),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--dir",
                    str(tmp_path),
                ]
            )
        )
        principal = configuracion_de_nginx(tmp_path, puertos, http, https)
        orden = [programa("nginx"), "-c", str(principal), "-p", str(tmp_path)]
        revisada = subprocess.run([*orden, "-t"], capture_output=True, text=True, check=False)
        assert revisada.returncode == 0, revisada.stderr
        maquinas = [Maquina(f"máquina {n}", p, entorno, tmp_path / f"maquina-{n}.log") for n, p in enumerate(puertos)]
        for maquina in maquinas:
            pila.callback(maquina.parar)
            maquina.arrancar()
        pila.enter_context(proceso(orden))
        confianza = ssl.create_default_context(cafile=str(tmp_path / "fullchain.pem"))
        gente = Gente(f"https://localhost:{https}", confianza, simulador, facturas)
        with gente.navegador() as uno:
            esperar(lambda: uno.get("/salud").status_code == 200, "nginx never answered")
            assert uno.get("/metrics").status_code == 404
        claro = httpx2.get(f"http://localhost:{http}/consulta", trust_env=False, follow_redirects=False)
        assert (claro.status_code, claro.headers["location"].partition(":")[0]) == (301, "https")
        _ingresar(gente, maquinas)

        hilos = [threading.Thread(target=gente.pagar) for _ in range(3)]
        for hilo in hilos:
            hilo.start()
        esperar(lambda: gente.enviados >= PAGOS // 3, "nobody pays")
        maquinas[0].matar()
        time.sleep(2)
        maquinas[0].arrancar()
        for hilo in hilos:
            hilo.join(120)
        print(f"{PAGOS} pagos: {gente.enviados} llegaron al banco, {gente.cortados} se cortaron")
        assert gente.enviados > PAGOS // 2, "the other machine did not carry on"
        for _ in range(2):
            _hacer(_orden(entorno, "pagos", "sondear"), _orden(entorno, "pagos", "sondear"))
        assert "Todo cuadra." in _hacer(_orden(entorno, "verificar"))[0]
        _sin_perdidas(simulador)
        assert _agotar_el_limite(gente) <= LIMITE, "each machine counted by itself"
        esperar(lambda: _se_conto_el_limite(gente, maquinas[1]), "a limit that was hit was never counted")
    _bitacoras(tmp_path, maquinas)


def _se_conto_el_limite(gente: Gente, maquina: Maquina) -> bool:
    """Each process adds what it counted when it serves again."""
    with gente.navegador() as uno:
        for _ in range(8):
            uno.get("/salud")
    dicho = maquina.pedir("/metrics", Authorization=f"Bearer {CLAVE_METRICAS}").text
    return 'portal_limites_alcanzados_total{ruta="consulta' in dicho


def _sin_perdidas(simulador: SimuladorEnMarcha) -> None:
    aprobadas = sorted(s["referencia"] for s in simulador.sesiones() if s["estado"] == "APPROVED")
    db.session.rollback()
    assert aprobadas
    assert sorted(db.session.scalars(select(Pago.referencia).where(Pago.estado == EstadoPago.APROBADO))) == aprobadas
    recaudos = db.session.scalars(select(Recaudo)).all()
    assert sorted(str(r.pago and r.pago.referencia) for r in recaudos) == aprobadas
    assert all(r.aplicado == r.valor for r in recaudos)
    db.session.remove()


def _bitacoras(carpeta: Path, maquinas: list[Maquina]) -> None:
    """Both machines served, each line is JSON, and nobody is in any of them."""
    codigos = list(db.session.scalars(select(Pago.codigo)))
    db.session.remove()
    canarios = [PAGADOR["documento"], PAGADOR["correo"], PAGADOR["telefono"], CLAVE, "9000001", *codigos]
    for maquina in maquinas:
        lineas = [json.loads(x) for x in maquina.bitacora.read_text().splitlines()]
        servidas = {x["ruta"] for x in lineas if x["suceso"] == "petición"}
        assert {"pago.pagar", "consulta.consultar"} <= servidas, f"{maquina.nombre} served {servidas}"
    for archivo in (*(m.bitacora for m in maquinas), *carpeta.glob("portal*.json"), *carpeta.glob("*.log")):
        with suppress(UnicodeDecodeError):
            texto = archivo.read_text()
            assert [c for c in canarios if c in texto] == [], archivo.name
