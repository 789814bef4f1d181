"""The public look-up against its floor and its peers: same table of a million facturas, same server, same number of workers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count, islice
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench import ciudadanos, datos, pares, perfil
from bench.ciudadanos import ENTORNO, peticion
from bench.rondas import Medida, Meta, Parte, medir_por_turnos
from bench.servidor import PROCESOS, Servidor, cpu_por_peticion, escuchando, gunicorn, servidor

FACTURAS, FACTURAS_RAPIDO = 1_000_000, 100_000
HALLADO = b"de un total de 10 registros"
_EXPLICACION = (
    "Milliseconds of processor of all the server's processes for each request, over HTTP, 16 connections. The portal answers "
    "what htmx asks for: the whole result of a first look-up, and the table alone when somebody orders it or turns its page. "
    "Its guards are on: CSRF, session, four limits shared by all workers and the persons that a browser asks for, headers, "
    "masked names. Each citizen has an address and a browser, and asks no more than the limits allow. *Hello* is one word of "
    "Flask; the *bare look-up* is one question by the raw driver and the same markup by Jinja, without any guard: the least "
    "that it can cost in Flask. The *guarded look-up* is that one with the portal's guards, by hand in one file and in the "
    "fewest orders: Flask-WTF's token in Flask's session, the same counts, the proxy's word, the headers. "
    "Django's view shows the same rows with the same markup and its usual guards, without limits, session or account. "
    "Flask-Admin's list and Datasette's page (with its default facets and counts) show the same person's rows, and more of "
    "their own. gunicorn serves all of them with 2 workers of 4 threads, but Datasette, which has 2 workers of uvicorn. "
    "PostgreSQL's own processes are not counted for anybody."
)


def medir(rapido: bool) -> Parte:
    """On both engines; Datasette knows SQLite alone."""
    parte = Parte("Public look-up", _EXPLICACION)
    parte.notas.append(f"Peers: {pares.versiones('django', 'flask-admin', 'datasette', 'uvicorn')}.")
    facturas = FACTURAS_RAPIDO if rapido else FACTURAS
    for motor in datos.MOTORES:
        parte.medidas += _en(motor, datos.base(motor, facturas), facturas // 16, rapido)
        parte.metas += _metas(motor, parte, rapido)
        if not rapido:
            parte.hechos[f"{motor}, where a first look-up goes"] = perfil.de(
                datos.entorno(datos.base(motor, facturas), **ENTORNO), "consulta", str(facturas // 16)
            )
    return parte


def _metas(motor: str, parte: Parte, rapido: bool) -> list[Meta]:
    primera, tabla, hola = f"{motor}: first look-up", f"{motor}: table alone", f"{motor}: Flask hello"
    desnuda, guardada = f"{motor}: bare look-up", f"{motor}: guarded look-up"

    def veces(una: str, otra: str) -> str:
        return f"{median(parte.razones(Meta('', una, otra))):.1f} ×"

    limite = (
        f"{veces(desnuda, hola)} hello for the bare look-up, and {veces(guardada, hola)} with the same guards by hand; the "
        f"portal's is {veces(primera, guardada)} that one ({motor})"
    )
    metas = [
        Meta(f"{motor}: table fragment against Flask hello", tabla, hola, maximo=2.5, limite=limite),
        Meta(f"{motor}: first look-up against Flask hello", primera, hola, maximo=2.5, limite=limite),
        Meta(f"{motor}: Django view against the first look-up", f"{motor}: Django view", primera, minimo=1.4),
    ]
    if not rapido:
        admin = f"{motor}: Flask-Admin list"
        lejos = f"Flask-Admin's list is {veces(admin, guardada)} the guarded look-up, by hand ({motor})"
        metas.append(Meta(f"{admin} against the first look-up", admin, primera, minimo=3, limite=lejos))
    if not rapido and motor == "sqlite":
        datasette = "sqlite: Datasette page"
        metas.append(Meta(f"{datasette} against the first look-up", datasette, primera, minimo=10))
    return metas


def _en(motor: str, url: str, personas: int, rapido: bool) -> list[Medida]:
    veces = 3 if rapido else 20
    # Persons far from each other, so that what one leaves in memory serves none of the next.
    quien = (datos.documento(n * 7919 % personas) for n in count())
    with ExitStack() as abiertos:
        entorno = datos.entorno(url, BENCH_BASE=url)
        hola = abiertos.enter_context(gunicorn("bench.pares.hola:app", hilos=4))
        desnuda = abiertos.enter_context(gunicorn("bench.pares.consulta_desnuda:app", entorno, hilos=4))
        guardada = abiertos.enter_context(gunicorn("bench.pares.consulta_guardada:app", entorno, hilos=4))
        portal = abiertos.enter_context(gunicorn("wsgi:app", datos.entorno(url, **ENTORNO), hilos=4))
        django = abiertos.enter_context(
            gunicorn("bench.pares.django_vista:app", entorno, python=pares.python(), hilos=4)
        )
        # Different networks in each round: nobody is stopped, and every browser is new.
        lotes = count(step=50)
        que: dict[str, Callable[[], float]] = {
            "Flask hello": lambda: cpu_por_peticion(hola, [peticion("GET", "/")] * 100 * veces, b"hola"),
            "bare look-up": lambda: cpu_por_peticion(desnuda, _desnudas(quien, 20 * veces), HALLADO),
            "guarded look-up": lambda: _primeras(guardada, next(lotes), quien, 20 * veces),
            "first look-up": lambda: _primeras(portal, next(lotes), quien, 20 * veces),
            "table alone": lambda: _tablas(portal, next(lotes), quien, 20 * veces),
            "Django view": lambda: _de_django(django, quien, 20 * veces),
        }
        if not rapido:
            admin = abiertos.enter_context(
                gunicorn("bench.pares.flask_admin_lista:app", entorno, python=pares.python(), hilos=4)
            )
            que["Flask-Admin list"] = lambda: cpu_por_peticion(admin, _de_admin(quien, 10 * veces), b"Certificado")
        if not rapido and motor == "sqlite":
            datasette = abiertos.enter_context(_datasette(entorno))
            que["Datasette page"] = lambda: cpu_por_peticion(
                datasette, _de_datasette(url, quien, 3 * veces), b"Certificado"
            )
        medidas = medir_por_turnos(que, "ms", 3 if rapido else 11)
    return [Medida(f"{motor}: {m.nombre}", m.unidad, m.rondas) for m in medidas]


def _primeras(portal: Servidor, lote: int, quien: Iterator[str], cuantas: int) -> float:
    llegados = ciudadanos.llegar(portal.puerto, -(-cuantas // ciudadanos.CONSULTAS_DE_CADA_UNO), lote)
    pedidas = [c.consultar(next(quien)) for c in islice(ciudadanos.turnos(llegados), cuantas)]
    return cpu_por_peticion(portal, pedidas, HALLADO)


def _tablas(portal: Servidor, lote: int, quien: Iterator[str], cuantas: int) -> float:
    llegados = ciudadanos.llegar(portal.puerto, -(-cuantas // ciudadanos.CONSULTAS_DE_CADA_UNO), lote)
    pedidas = [
        c.enviar(
            "/consulta",
            {"csrf_token": c.ficha, "tipo_pago": "tramite", "documento": next(quien)},
            htmx=True,
            destino="tabla",
        )
        for c in islice(ciudadanos.turnos(llegados), cuantas)
    ]
    return cpu_por_peticion(portal, pedidas, HALLADO)


def _desnudas(quien: Iterator[str], cuantas: int) -> list[bytes]:
    nadie = ciudadanos.Ciudadano("10.0.0.9", "", "")
    return [nadie.enviar("/consulta", {"documento": next(quien)}) for _ in range(cuantas)]


def _de_django(django: Servidor, quien: Iterator[str], cuantas: int) -> float:
    (uno,) = ciudadanos.llegar(django.puerto, 1)
    pedidas = [
        uno.enviar("/consulta", {"csrfmiddlewaretoken": uno.ficha, "documento": next(quien)}) for _ in range(cuantas)
    ]
    return cpu_por_peticion(django, pedidas, HALLADO)


def _de_admin(quien: Iterator[str], cuantas: int) -> list[bytes]:
    return [peticion("GET", f"/admin/facturas/?{urlencode({'flt1_0': next(quien)})}") for _ in range(cuantas)]


@contextmanager
def _datasette(entorno: dict[str, str]) -> Iterator[Servidor]:
    opciones = ["--workers", str(PROCESOS), "--log-level", "critical"]
    with escuchando() as escucha:
        orden = [
            pares.python(),
            "-m",
            "uvicorn",
            *opciones,
            "--fd",
            str(escucha.fileno()),
            "bench.pares.datasette_pagina:app",
        ]
        with servidor(orden, escucha, entorno) as este:
            yield este


def _de_datasette(url: str, quien: Iterator[str], cuantas: int) -> list[bytes]:
    pagina = f"/{Path(url).stem}/liquidacion?documento__exact="
    return [peticion("GET", f"{pagina}{next(quien)}") for _ in range(cuantas)]
