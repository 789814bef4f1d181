"""What a look-up costs as the table grows, and what a page deep inside one person's rows costs against the first."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import count, islice

from bench import ciudadanos, datos
from bench.ciudadanos import ENTORNO
from bench.procesos import cpu_de
from bench.rondas import Medida, Meta, Parte, medir_por_turnos
from bench.servidor import RAIZ, RondaInvalida, Servidor, enviar, gunicorn

TAMANOS, TAMANOS_RAPIDO = (100_000, 1_000_000, 5_000_000), (20_000, 100_000)
_ENTERAS = tuple(f"{como} {tabla}" for como in ("SCAN", "Seq Scan of") for tabla in ("liquidacion", "factura"))
_ULTIMA = datos.FILAS_PESADO // 10
_EXPLICACION = (
    "Milliseconds of processor for each look-up over HTTP: of all the server's processes and, on PostgreSQL, of its own too. "
    "Every person has ten facturas far apart in the table, and each is asked for once in a round. The first and the last page "
    "are of one person with 5,000 facturas, in the largest table. The plans are asked of the database: one that reads a table "
    "whole ends the bench."
)


def medir(rapido: bool) -> Parte:
    """Both engines."""
    tamanos = TAMANOS_RAPIDO if rapido else TAMANOS
    parte = Parte("Growth", _EXPLICACION)
    for motor in datos.MOTORES:
        urls = {n: datos.base(motor, n) for n in tamanos}
        parte.medidas += _en(motor, urls, rapido)
        menor, mayor = (f"{motor}: {n:,} facturas" for n in (tamanos[0], tamanos[-1]))
        primera, ultima = f"{motor}: first page of 5,000 rows", f"{motor}: last page of 5,000 rows"
        parte.metas += [
            Meta(f"{mayor} against {tamanos[0]:,}", mayor, menor, maximo=1.15),
            Meta(f"{ultima} against the first", ultima, primera, maximo=1.5),
        ]
        if not rapido:
            # In a small table, the person with 5,000 rows is a good part of it: to read it whole is the better plan.
            parte.hechos[f"{motor}, plans in {tamanos[-1]:,} facturas"] = _planes(urls[tamanos[-1]])
    return parte


def _en(motor: str, urls: dict[int, str], rapido: bool) -> list[Medida]:
    veces, lotes = (48 if rapido else 320), count(step=60)
    with ExitStack() as abiertos:
        portales = {
            n: abiertos.enter_context(gunicorn("wsgi:app", datos.entorno(url, **ENTORNO), hilos=4))
            for n, url in urls.items()
        }
        que: dict[str, Callable[[], float]] = {
            f"{n:,} facturas": partial(_de_muchos, portal, motor, n, lotes, veces) for n, portal in portales.items()
        }
        mayor = portales[max(urls)]
        que["first page of 5,000 rows"] = partial(_del_pesado, mayor, motor, 1, lotes, veces // 4)
        que["last page of 5,000 rows"] = partial(_del_pesado, mayor, motor, _ULTIMA, lotes, veces // 4)
        medidas = medir_por_turnos(que, "ms", 3 if rapido else 7)
    return [Medida(f"{motor}: {m.nombre}", m.unidad, m.rondas) for m in medidas]


def _de_muchos(portal: Servidor, motor: str, facturas: int, lotes: "count[int]", cuantas: int) -> float:
    lote = next(lotes)
    quienes = (datos.documento((lote * 101 + n) * 7919 % (facturas // 16)) for n in count())
    pedidas = [c.consultar(next(quienes)) for c in _turnos(portal, lote, cuantas)]
    return _cpu(portal, motor, pedidas, b"de un total de 10 registros")


def _del_pesado(portal: Servidor, motor: str, pagina: int, lotes: "count[int]", cuantas: int) -> float:
    pedidas = [c.consultar(datos.PESADO, pagina=str(pagina)) for c in _turnos(portal, next(lotes), cuantas)]
    return _cpu(portal, motor, pedidas, f"del {pagina * 10 - 9} al {pagina * 10} de un total de 5000".encode())


def _turnos(portal: Servidor, lote: int, cuantas: int) -> list[ciudadanos.Ciudadano]:
    llegados = ciudadanos.llegar(portal.puerto, -(-cuantas // ciudadanos.CONSULTAS_DE_CADA_UNO), lote)
    return list(islice(ciudadanos.turnos(llegados), cuantas))


def _cpu(portal: Servidor, motor: str, pedidas: list[bytes], espera: bytes) -> float:
    """Milliseconds for each, of the portal and of the database's server."""

    def gastado() -> float:
        return portal.cpu() + (cpu_de(datos.procesos_de_postgresql()) if motor == "postgresql" else 0)

    antes = gastado()
    enviar(portal.puerto, pedidas, espera)
    return 1000 * (gastado() - antes) / len(pedidas)


def _planes(url: str) -> str:
    """What each statement of the look-up does, as the database says it. Raises `RondaInvalida` when one reads a table whole."""
    orden = [sys.executable, "-m", "bench.planes"]
    hecho = subprocess.run(orden, cwd=RAIZ, env=datos.entorno(url), check=True, capture_output=True, text=True)
    planes: dict[str, list[str]] = json.loads(hecho.stdout)
    # The tables that are full; to read an empty one whole is the best plan for it.
    enteras = [p for pasos in planes.values() for p in pasos if p.startswith(_ENTERAS)]
    if enteras or not planes:
        raise RondaInvalida(f"a look-up reads a table whole: {enteras}")
    return "; ".join(f"{nombre}: {', '.join(dict.fromkeys(pasos))}" for nombre, pasos in planes.items())
