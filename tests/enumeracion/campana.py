"""`make enumeracion`: 10,000 look-ups of what is there and what is not, and a bulk attempt against two workers.

Prints, for each kind of look-up, whether the bytes are the same and how well the time tells both apart (0.5: not at all), by
the clock on the wall and by the processor's, which other work on the machine does not blur. Exit 1 outside of the targets.
"""

import re
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import httpx2
from flask import Flask
from sqlalchemy import delete

from portal.app import create_app
from portal.db import db, transaccion
from portal.models import Cuota
from tests.conftest import ajustes_de_prueba
from tests.enumeracion.pares import Par, auc, pares, pedir, poblar, sin_lo_propio, token_de
from tests.servidores import esperar

RAIZ = Path(__file__).resolve().parents[2]
SIN_LIMITE = 100_000
# On either side of a coin.
MINIMO_AUC, MAXIMO_AUC = 0.45, 0.55
FRENADOS = 0.99


@dataclass
class Tiempos:
    """Seconds of each answer, by the clock and by the processor."""

    pared: list[float] = field(default_factory=list)
    procesador: list[float] = field(default_factory=list)


@dataclass
class Resultado:
    """Of a kind of look-up: the times of both sides, and in how many pairs the bytes differed."""

    protegido: Tiempos = field(default_factory=Tiempos)
    ausente: Tiempos = field(default_factory=Tiempos)
    distintos: int = 0

    @property
    def auc_pared(self) -> float:
        return auc(self.protegido.pared, self.ausente.pared)

    @property
    def auc_procesador(self) -> float:
        return auc(self.protegido.procesador, self.ausente.procesador)


def consultar(app: Flask, cuantas: int, semilla: int) -> dict[str, Resultado]:
    """Look up in interleaved pairs, the first of each drawn by lot."""
    azar = Random(semilla)
    que_hay, csrf = poblar(200), token_de(app)
    resultados: dict[str, Resultado] = defaultdict(Resultado)
    for par in pares(que_hay, azar) * 3:
        _preguntar(app, par, csrf, Resultado(), azar)
    hechas = 0
    while hechas < cuantas:
        for par in pares(que_hay, azar):
            _preguntar(app, par, csrf, resultados[par.nombre], azar)
            hechas += 2
    return resultados


def _preguntar(app: Flask, par: Par, csrf: dict[str, str], en: Resultado, azar: Random) -> None:
    lados = [(par.protegido, en.protegido), (par.ausente, en.ausente)]
    azar.shuffle(lados)
    dichas = []
    for pedido, tiempos in lados:
        pared, procesador = time.perf_counter(), time.thread_time()
        respuesta = pedir(app, pedido, csrf)
        tiempos.procesador.append(time.thread_time() - procesador)
        tiempos.pared.append(time.perf_counter() - pared)
        dichas.append(sin_lo_propio(pedido, respuesta))
    en.distintos += dichas[0] != dichas[1]


@contextmanager
def dos_trabajadores(base_datos: str, carpeta: Path) -> Iterator[str]:
    """The portal with two processes on that database; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as libre:
        puerto = libre.getsockname()[1]
    url = f"http://127.0.0.1:{puerto}"
    entorno = {"DATABASE_URL": base_datos, "PORTAL_URL": url, "PORTAL_CLAVE_SECRETA": "x" * 40, "PATH": "/usr/bin:/bin"}
    orden = [
        sys.executable,
        "-m",
        "gunicorn",
        "--no-control-socket",
        "-w",
        "2",
        "-b",
        f"127.0.0.1:{puerto}",
        "wsgi:app",
    ]
    with (carpeta / "gunicorn.txt").open("wb") as salida:
        proceso = subprocess.Popen(orden, cwd=RAIZ, env=entorno, stdout=salida, stderr=salida)
        try:
            esperar(lambda: _responde(url))
            yield url
        finally:
            proceso.terminate()
            proceso.wait()


def _responde(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/salud", trust_env=False, timeout=2).status_code == 200
    except httpx2.HTTPError:
        return False


def en_masa(url: str, cuantas: int) -> Counter[int]:
    """As many look-ups from one address, each about somebody else, by four at once and without keeping any cookie."""

    def una(n: int) -> int:
        consulta = {"tipo_pago": "contrato", "vigencia": "2025", "nit": str(900_100_000 + n), "numero_contrato": "1"}
        cliente.cookies.clear()
        return cliente.get(f"{url}/consulta", params=consulta).status_code

    with httpx2.Client(trust_env=False, timeout=30) as cliente, ThreadPoolExecutor(4) as varios:
        return Counter(varios.map(una, range(cuantas)))


def nueva_base(carpeta: Path) -> str:
    """A migrated SQLite with the rules."""
    from tests.conftest import _preparar

    base_datos = f"sqlite:///{carpeta / 'enumeracion.sqlite'}"
    _preparar(carpeta, base_datos)
    return base_datos


def contar(resultados: dict[str, Resultado]) -> bool:
    """Print what was found; whether all of it is within the targets."""
    bien = True
    print(f"{'pares':>6} {'distintos':>9} {'AUC pared':>9} {'AUC CPU':>8}  consulta")
    for nombre, uno in resultados.items():
        print(
            f"{len(uno.ausente.pared):>6} {uno.distintos:>9} {uno.auc_pared:>9.3f} {uno.auc_procesador:>8.3f}  {nombre}"
        )
        bien = bien and not uno.distintos and MINIMO_AUC <= uno.auc_pared <= MAXIMO_AUC
    return bien


def principal(cuantas: int, semilla: int, carpeta: Path) -> bool:
    """The whole campaign; whether it is within the targets."""
    base_datos = nueva_base(carpeta)
    app = create_app(replace(ajustes_de_prueba(carpeta, base_datos), consultas_limite=SIN_LIMITE))
    with app.app_context():
        bien = contar(consultar(app, cuantas, semilla))
        with transaccion():
            # The bulk begins as if nobody had asked anything.
            db.session.execute(delete(Cuota))
        db.session.remove()
    with dos_trabajadores(base_datos, carpeta) as url:
        estados = en_masa(url, cuantas // 2)
    frenados = estados[429] / estados.total()
    print(f"en masa, dos procesos: {dict(estados)}, frenados {frenados:.2%}")
    return bien and frenados >= FRENADOS and not re.search(r"5\d\d", " ".join(map(str, estados)))
