"""A department's day on two cores: 50 look-ups and one payment a second, with several people downloading their PDF at once.

Arrivals follow a schedule, whatever the portal does with the ones before: how long something took counts from the instant at
which it was due, so that a stall is seen by everybody who came during it. `CARGA_MINUTOS` minutes, two unless it says others.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles

from sqlalchemy import func, select

from bench import datos, pasarela, pendientes
from bench.citas import Banco, Visitante
from bench.ciudadanos import ENTORNO
from bench.procesos import pss
from bench.rondas import Medida, Meta, Parte
from bench.servidor import PROCESOS, RondaInvalida, Servidor, gunicorn
from portal.db import db
from portal.models import Pago
from portal.operaciones.verificacion import verificar

CONSULTAS_POR_SEGUNDO = 50
PDF_POR_RAFAGA = 10
_A_LA_VEZ = 96
# Of a citizen's address in ten minutes and in an hour: what B-31 lets anybody ask is far from what these do.
_CONSULTAS_DE_CADA_UNO = 20
# Fewer payments than these met with PDFs say nothing of the others: the short version's one burst.
_PAGOS_CON_PDF = 10
_MUESTRA_SEGUNDOS = 2.0
_MOMENTOS = {"beginning": 0.0, "middle": 0.5, "end": 1.0}


@dataclass
class Corrida:
    """What came of everything that was due: seconds from when it was due, by kind, and what went wrong."""

    consultas: list[float] = field(default_factory=list)
    # When each payment was due, and what it took.
    pagos: list[tuple[float, float]] = field(default_factory=list)
    rafagas: list[tuple[float, float]] = field(default_factory=list)
    pdf: list[float] = field(default_factory=list)
    errores: list[str] = field(default_factory=list)

    def pagos_con_pdf(self, con: bool) -> list[float]:
        """Payments that were under way while PDFs were, or all the others."""
        return [
            tardo
            for cuando, tardo in self.pagos
            if any(desde < cuando + tardo and cuando < hasta for desde, hasta in self.rafagas) is con
        ]


def medir(rapido: bool) -> Parte:
    """On the engine of docs/despliegue, or that of `CARGA_MOTOR`. Raises `RondaInvalida` at any error or odd peso."""
    motor = os.environ.get("CARGA_MOTOR", "postgresql")
    segundos = 6.0 if rapido else 60 * float(os.environ.get("CARGA_MINUTOS", "2"))
    quietos = 3.0 if rapido else 15.0
    url = datos.vacia(motor, "carga")
    ciudadanos = max(200, int(segundos * CONSULTAS_POR_SEGUNDO / _CONSULTAS_DE_CADA_UNO))
    por_pagar = int(segundos + quietos) + 30
    codigos = pendientes.liquidaciones(url, ciudadanos + por_pagar)
    with ExitStack() as abiertos:
        banco = abiertos.enter_context(pasarela.en_marcha(datos.carpeta()))
        entorno = datos.entorno(url, **ENTORNO, **pasarela.ajustes(banco.puerto))
        portal = abiertos.enter_context(gunicorn("wsgi:app", entorno))
        gente = [Visitante(portal.puerto, i, datos.documento(i)) for i in range(ciudadanos + por_pagar)]
        carga = _Carga(Banco(banco.puerto), gente, ciudadanos, codigos)
        with ThreadPoolExecutor(PDF_POR_RAFAGA) as hilos:
            # Each worker starts its press with its first document.
            list(hilos.map(Visitante.descargar, gente[:PDF_POR_RAFAGA], codigos[:PDF_POR_RAFAGA]))
        for uno in gente[ciudadanos : ciudadanos + 5]:
            uno.pagar(carga.banco)
        tranquila = carga.correr(quietos, con_todo=False, desde=ciudadanos + 5)
        memoria = _Memoria(portal)
        antes, comienzo = portal.cpu(), time.monotonic()
        with memoria:
            corrida = carga.correr(segundos, con_todo=True, desde=ciudadanos + 5 + int(quietos))
        cpu = (portal.cpu() - antes) / (time.monotonic() - comienzo)
        _exigir_que_cuadre(url, 5 + len(tranquila.pagos) + len(corrida.pagos))
    parte = _parte(tranquila, corrida, memoria, segundos)
    parte.hechos["engine"] = motor
    parte.hechos["processor"] = (
        f"{100 * cpu / (os.cpu_count() or 1):.0f} % of the machine's, without presses or database"
    )
    return parte


class _Carga:
    """The people, and what each does when its time comes."""

    def __init__(self, banco: Banco, gente: Sequence[Visitante], consultan: int, codigos: Sequence[str]) -> None:
        self.banco = banco
        self._gente, self._consultan, self._codigos = gente, consultan, codigos

    def correr(self, segundos: float, *, con_todo: bool, desde: int) -> Corrida:
        """Follow the schedule to its end; without `con_todo`, the payments alone. Payers begin at `desde`."""
        corrida, hilos = Corrida(), ThreadPoolExecutor(_A_LA_VEZ)
        comienzo = time.monotonic() + 0.5
        for cuando, que in self._agenda(segundos, con_todo, desde, corrida):
            time.sleep(max(0.0, comienzo + cuando - time.monotonic()))
            hilos.submit(_anotando, corrida, que, comienzo + cuando)
        hilos.shutdown(wait=True)
        if corrida.errores:
            raise RondaInvalida(f"{len(corrida.errores)} errors: {'; '.join(corrida.errores[:3])}")
        return corrida

    def _agenda(
        self, segundos: float, con_todo: bool, desde: int, corrida: Corrida
    ) -> Iterator[tuple[float, Callable[[float], None]]]:
        """What is due and when, in order."""
        entre = 30 if segundos > 300 else 10
        for segundo in range(int(segundos)):
            yield segundo, self._pago(desde + segundo, corrida)
            if not con_todo:
                continue
            if segundo % entre == entre // 2:
                rafaga = _Rafaga(corrida)
                for i in range(PDF_POR_RAFAGA):
                    yield segundo, self._pdf(segundo * PDF_POR_RAFAGA + i, rafaga)
            for i in range(CONSULTAS_POR_SEGUNDO):
                n = segundo * CONSULTAS_POR_SEGUNDO + i
                yield segundo + i / CONSULTAS_POR_SEGUNDO, self._consulta(n, corrida)

    def _consulta(self, n: int, corrida: Corrida) -> Callable[[float], None]:
        def consultar(debida: float) -> None:
            self._gente[n % self._consultan].consultar()
            corrida.consultas.append(time.monotonic() - debida)

        return consultar

    def _pago(self, n: int, corrida: Corrida) -> Callable[[float], None]:
        def pagar(debido: float) -> None:
            self._gente[n].pagar(self.banco)
            corrida.pagos.append((debido, time.monotonic() - debido))

        return pagar

    def _pdf(self, n: int, rafaga: "_Rafaga") -> Callable[[float], None]:
        def descargar(debido: float) -> None:
            cual = n % self._consultan
            self._gente[cual].descargar(self._codigos[cual])
            rafaga.acabo(debido, time.monotonic())

        return descargar


class _Rafaga:
    """Some PDFs asked for at once."""

    def __init__(self, corrida: Corrida) -> None:
        self._corrida, self._turno, self._faltan = corrida, threading.Lock(), PDF_POR_RAFAGA

    def acabo(self, debido: float, ahora: float) -> None:
        with self._turno:
            self._faltan -= 1
            self._corrida.pdf.append(ahora - debido)
            if not self._faltan:
                self._corrida.rafagas.append((debido, ahora))


def _anotando(corrida: Corrida, que: Callable[[float], None], debido: float) -> None:
    try:
        que(debido)
    except (OSError, RondaInvalida) as error:
        corrida.errores.append(f"{type(error).__name__}: {error}"[:300])


class _Memoria:
    """Proportional memory of the processes of a server, read from time to time."""

    def __init__(self, portal: Servidor) -> None:
        self._portal, self._alto = portal, threading.Event()
        self.muestras: list[tuple[float, float]] = []
        self._hilo = threading.Thread(target=self._mirar, daemon=True)

    def __enter__(self) -> None:
        self._hilo.start()

    def __exit__(self, *_: object) -> None:
        self._alto.set()
        self._hilo.join()

    def _mirar(self) -> None:
        comienzo = time.monotonic()
        while not self._alto.wait(_MUESTRA_SEGUNDOS):
            megas = sum(pss(pid) for pid in self._portal.procesos()) / 1024
            self.muestras.append((time.monotonic() - comienzo, megas))

    def en(self, parte: float) -> float:
        """MiB of all its processes at that part (0 to 1) of the run: the median of the samples around it."""
        cerca = sorted(self.muestras, key=lambda m: abs(m[0] - parte * self.muestras[-1][0]))
        return median(megas for _, megas in cerca[:5])

    def por_minuto(self) -> float:
        """MiB that each minute of the second half added: the line that fits its samples best."""
        mitad = self.muestras[len(self.muestras) // 2 :]
        t = sum(x for x, _ in mitad) / len(mitad)
        m = sum(y for _, y in mitad) / len(mitad)
        abajo = sum((x - t) ** 2 for x, _ in mitad)
        return 60 * sum((x - t) * (y - m) for x, y in mitad) / abajo if abajo else 0.0


def _exigir_que_cuadre(url: str, enviados: int) -> None:
    with pendientes.portal(url):
        aprobados = db.session.scalar(select(func.count()).where(Pago.estado == "aprobado"))
        todos = db.session.scalar(select(func.count(Pago.id)))
        quiebres = [fila for _, filas in verificar() for fila in filas]
    if quiebres or not aprobados == todos == enviados:
        raise RondaInvalida(f"{enviados} payments sent, {todos} opened, {aprobados} approved; {quiebres[:3]}")


def _parte(tranquila: Corrida, corrida: Corrida, memoria: _Memoria, segundos: float) -> Parte:
    con, sin = corrida.pagos_con_pdf(True), corrida.pagos_con_pdf(False)
    solos = [tardo for _, tardo in tranquila.pagos]
    medidas = {"a payment alone": solos, "a payment, no PDF under way": sin, "a payment while PDFs are": con}
    parte = Parte(
        f"Under load: {segundos / 60:g} minutes",
        f"{CONSULTAS_POR_SEGUNDO} look-ups and one payment a second by an open schedule, {PDF_POR_RAFAGA} PDFs at once every "
        "now and then, limits on. Everything counts from the instant when it was due. A payment is its whole way: "
        "found, chosen, reviewed, sent, paid at the gateway, notified, and seen approved on its page.",
        medidas=[
            *(Medida(nombre, "ms (median)", (1000 * median(tardos),)) for nombre, tardos in medidas.items()),
            *(Medida(f"memory at the {cual}", "MiB", (memoria.en(parte),)) for cual, parte in _MOMENTOS.items()),
        ],
        metas=[
            Meta("memory at the end, against the middle", "memory at the end", "memory at the middle", maximo=1.05),
        ],
    )
    if len(con) >= _PAGOS_CON_PDF:
        mientras = "a payment while PDFs are made, against one when none is"
        parte.metas.append(Meta(mientras, "a payment while PDFs are", "a payment, no PDF under way", maximo=1.5))
    p50, p95, p99 = (1000 * p for p in _percentiles(corrida.consultas))
    parte.hechos = {
        "errors": f"0 of {len(corrida.consultas)} look-ups, {len(corrida.pagos)} payments and {len(corrida.pdf)} PDFs",
        "look-ups": f"p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f} ms",
        "payments": f"p95 alone {1000 * _percentiles(solos)[1]:.0f}, no PDF {1000 * _percentiles(sin)[1]:.0f}, "
        f"with PDFs {1000 * _percentiles(con)[1]:.0f} ms; with PDFs to alone {median(con) / median(solos):.2f} ×",
        "PDFs of a burst": f"p50 {1000 * median(corrida.pdf):.0f}, the last {1000 * max(corrida.pdf):.0f} ms",
        "memory": f"proportional, of the {PROCESOS} workers and their arbiter; {memoria.por_minuto():+.2f} MiB a minute in the "
        "second half",
        "money": f"{len(corrida.pagos)} payments sent and as many approved; every invariant holds",
    }
    return parte


def _percentiles(valores: Sequence[float]) -> tuple[float, float, float]:
    if len(valores) < 2:
        return (valores[0],) * 3
    cortes = quantiles(valores, n=100, method="inclusive")
    return cortes[49], cortes[94], cortes[98]
