"""Notifications of payments against a POST that touches no database: stored, asked to the gateway and applied, and durable."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median

from sqlalchemy import func, select, text

from bench import datos, pasarela, pendientes, perfil
from bench.pasarela import Sesion
from bench.rondas import RONDAS, Medida, Meta, Parte, medir_por_turnos
from bench.servidor import RondaInvalida, Servidor, enviar, gunicorn
from portal.db import db, transaccion
from portal.models import Notificacion, Pago, Recaudo
from portal.operaciones.verificacion import verificar

CONEXIONES = 16
_HOLA = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
_VACIO, _MINIMO, _NOTIFICACION = "empty POST", "two bare commits and a question", "notification"
_PLAZO_SEGUNDOS = 60
# Payments of the profile, beyond those that are measured.
DE_PERFIL = 300
# Of `bench.pares.minimo`.
_TABLA = "CREATE TABLE minimo (cuerpo TEXT PRIMARY KEY, dicho TEXT)"


@dataclass
class Caudal:
    """What each round of something said: requests a second, and milliseconds of the server's processor for each."""

    por_segundo: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def anotar(self, peticiones: int, segundos: float, cpu: float) -> float:
        self.por_segundo.append(peticiones / segundos)
        self.cpu.append(1000 * cpu / peticiones)
        return self.por_segundo[-1]


def medir(rapido: bool) -> Parte:
    """Both engines. Raises `RondaInvalida` when anything is lost, doubled or refused."""
    rondas, cuantas = (3, 40) if rapido else (RONDAS, 600)
    parte = Parte(
        "Notifications of payments",
        "A signed notification is stored before it is answered; then the gateway is asked and its answer applied: the payment "
        "approved, its stamps legalised, the ledger written. Requests a second count until the last one is applied. "
        f"{CONEXIONES} connections; one notification in ten comes twice. The gateway answers at once, in its own process.",
    )
    for motor in datos.MOTORES:
        _medir_motor(parte, motor, rondas, cuantas, 0 if rapido else DE_PERFIL)
    return parte


def _medir_motor(parte: Parte, motor: str, rondas: int, cuantas: int, de_perfil: int) -> None:
    url = datos.vacia(motor, "pagos")
    sesiones = pendientes.pagos_en_el_banco(url, (rondas + 1) * cuantas + de_perfil)
    vacio, minimo, notificacion = nombres = [f"{que} ({motor})" for que in (_VACIO, _MINIMO, _NOTIFICACION)]
    caudales = {nombre: Caudal() for nombre in nombres}
    with pendientes.portal(url), _servidores(url, sesiones) as (banco, hola, minima, portal):
        tandas = (sesiones[i : i + cuantas] for i in range(0, len(sesiones), cuantas))
        que: dict[str, Callable[[], float]] = {
            vacio: lambda: _saludar(hola, 4 * cuantas, caudales[vacio]),
            minimo: lambda: _anotar_y_preguntar(minima, sesiones[:cuantas], caudales[minimo]),
            notificacion: lambda: _notificar(portal, next(tandas), caudales[notificacion]),
        }
        medir_por_turnos(que, "requests/s", rondas)
        if de_perfil:
            dicho = perfil.de(datos.entorno(url, **pasarela.ajustes(banco.puerto)), "notificacion")
            parte.hechos[f"{motor}, where one alone goes, by the clock"] = dicho
        _exigir_que_cuadre()
        parte.hechos[f"{motor}: how durable"] = _durabilidad(motor)
    for nombre, caudal in caudales.items():
        # The first time of each only warms up.
        parte.medidas.append(Medida(nombre, "requests/s", tuple(caudal.por_segundo[1:])))
        parte.medidas.append(Medida(f"{nombre}, server", "ms of CPU per request", tuple(caudal.cpu[1:])))
    limite = _razon(parte.medida(minimo), parte.medida(vacio))
    cpu = 1 / _razon(parte.medida(f"{notificacion}, server"), parte.medida(f"{vacio}, server"))
    dicho = (
        f"{limite:.3f} × the empty POST, which is what two durable commits and a question to the gateway reach with the raw "
        f"driver and nothing else; by the server's processor a notification is {cpu:.3f} × of an empty POST"
    )
    parte.metas.append(
        Meta(f"a notification on {motor}, applied and durable", notificacion, vacio, minimo=0.25, limite=dicho)
    )


@contextmanager
def _servidores(url: str, sesiones: Sequence[Sesion]) -> Iterator[tuple[Servidor, ...]]:
    with transaccion():
        db.session.execute(text(_TABLA))
    with ExitStack() as abiertos:
        hola = abiertos.enter_context(gunicorn("bench.pares.hola:app"))
        banco = abiertos.enter_context(pasarela.en_marcha(datos.carpeta(), sesiones))
        entorno = datos.entorno(url, **pasarela.ajustes(banco.puerto))
        minima = abiertos.enter_context(gunicorn("bench.pares.minimo:app", {**entorno, "MINIMO_BASE": url}))
        yield banco, hola, minima, abiertos.enter_context(gunicorn("wsgi:app", entorno))


def _saludar(hola: Servidor, cuantas: int, caudal: Caudal) -> float:
    antes = hola.cpu()
    ronda = enviar(hola.puerto, [_HOLA] * cuantas, b"hola", CONEXIONES)
    return caudal.anotar(cuantas, ronda.segundos, hola.cpu() - antes)


def _anotar_y_preguntar(minima: Servidor, sesiones: Sequence[Sesion], caudal: Caudal) -> float:
    peticiones = [_peticion(una, "/") for una in sesiones]
    with transaccion():
        db.session.execute(text("DELETE FROM minimo"))
    antes = minima.cpu()
    ronda = enviar(minima.puerto, peticiones, b"recibida", CONEXIONES)
    return caudal.anotar(len(peticiones), ronda.segundos, minima.cpu() - antes)


def _notificar(portal: Servidor, sesiones: Sequence[Sesion], caudal: Caudal) -> float:
    """Send each session's notification, one in ten twice, and wait until all are applied; then look at what is stored."""
    azar = random.Random(sesiones[0].id)
    todas = [*sesiones, *azar.sample(list(sesiones), len(sesiones) // 10)]
    azar.shuffle(todas)
    peticiones = [_peticion(una) for una in todas]
    antes, enviadas, comienzo = portal.cpu(), _recibidas(), time.perf_counter()
    enviar(portal.puerto, peticiones, b"recibida", CONEXIONES)
    _esperar_a_que_se_apliquen()
    dicho = caudal.anotar(len(peticiones), time.perf_counter() - comienzo, portal.cpu() - antes)
    _exigir_aplicadas(sesiones, _recibidas() - enviadas, len(peticiones))
    return dicho


def _peticion(sesion: Sesion, ruta: str = "/pago/notificaciones/placetopay") -> bytes:
    cuerpo = pasarela.aviso(sesion)
    cabeza = f"POST {ruta} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{cabeza}Content-Length: {len(cuerpo)}\r\n\r\n".encode() + cuerpo


def _esperar_a_que_se_apliquen() -> None:
    plazo = time.monotonic() + _PLAZO_SEGUNDOS
    faltan = select(func.count()).where(Notificacion.atendida_en.is_(None))
    while cuantas := db.session.scalar(faltan):
        db.session.rollback()
        if time.monotonic() > plazo:
            raise RondaInvalida(f"{cuantas} notifications were never followed up")
        time.sleep(0.02)
    db.session.rollback()


def _recibidas() -> int:
    cuantas = db.session.scalar(select(func.coalesce(func.sum(Notificacion.veces), 0)))
    db.session.rollback()
    return int(cuantas or 0)


def _exigir_aplicadas(sesiones: Sequence[Sesion], recibidas: int, enviadas: int) -> None:
    """Every notification was counted, every payment approved, and each has one credit."""
    suyas = Pago.id_pasarela.in_([str(s.id) for s in sesiones])
    aprobados = db.session.scalar(select(func.count()).where(suyas, Pago.estado == "aprobado"))
    recaudos = db.session.scalar(select(func.count(Recaudo.id)).join(Pago).where(suyas, Recaudo.aplicado == Pago.total))
    db.session.rollback()
    if (recibidas, aprobados, recaudos) != (enviadas, len(sesiones), len(sesiones)):
        raise RondaInvalida(
            f"{enviadas} sent of {len(sesiones)} payments: {recibidas} stored, {aprobados} approved, {recaudos} credits"
        )


def _exigir_que_cuadre() -> None:
    """What `flask verificar` asks of the whole database."""
    quiebres = [fila for _, filas in verificar() for fila in filas]
    db.session.rollback()
    if quiebres:
        raise RondaInvalida("; ".join(quiebres[:3]))


def _razon(una: Medida, otra: Medida) -> float:
    return median(a / b for a, b in zip(una.rondas, otra.rondas, strict=True))


def _durabilidad(motor: str) -> str:
    """As the portal's own connections are."""
    orden = "SHOW synchronous_commit" if motor == "postgresql" else "PRAGMA synchronous"
    dicho = db.session.scalar(text(orden))
    db.session.rollback()
    return f"{orden} = {dicho}"
