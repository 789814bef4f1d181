"""The brakes: B-31 with its figures, the same whether the database counts or a Redis does, and what happens when that goes."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from portal.db import db
from portal.operaciones.limites import Cuenta, Limite
from portal.web.contadores import ContadorArchivo, ContadorRedis, contar_hasta_agotar
from portal.web.frenos import limites_de_consultas, maximo_de_identidades
from tests import fabricas
from tests.conftest import AHORA
from tests.navegador_de_pruebas import ClienteEstricto
from tests.servidor_redis import ServidorRedis, servidor_redis

pytestmark = pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
# As many as `test_los_numeros` says for 30, in small: 3 of an address, 19 of its network, 9 in an hour and 36 in a day.
POCAS = 3


@pytest.fixture
def reloj() -> Iterator[time_machine.Traveller]:
    """At the beginning of a day, so that every window begins now."""
    with time_machine.travel(AHORA.replace(hour=0, minute=0), tick=False) as viajero:
        yield viajero


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[ServidorRedis]:
    with servidor_redis(tmp_path) as servidor:
        yield servidor


@pytest.fixture
def pocas(app: Flask) -> Flask:
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], consultas_limite=POCAS)
    return app


def desde(app: Flask, direccion: str = "203.0.113.9") -> ClienteEstricto:
    """Another browser, at an address."""
    cliente = app.test_client()
    assert isinstance(cliente, ClienteEstricto)
    cliente.environ_base["REMOTE_ADDR"] = direccion
    return cliente


def consultar(cliente: ClienteEstricto, documento: str = "1") -> Any:
    return cliente.enviar("/consulta", {"tipo_pago": "tramite", "documento": documento})


def estados(cliente: ClienteEstricto, cuantas: int) -> list[int]:
    return [consultar(cliente).status_code for _ in range(cuantas)]


def test_los_numeros(app: Flask) -> None:
    """The 31st of an address, the 200th of its network and the 11th person of a browser are refused (B-31)."""
    limites = limites_de_consultas("consulta", app.extensions["ajustes"].consultas_limite)
    assert [(x.maximo, x.segundos) for x in limites] == [(30, 600), (199, 600), (90, 3600), (360, 86_400)]
    assert maximo_de_identidades(30) == 10


@pytest.mark.usefixtures("reloj")
def test_quien_es_detenido_lee_hasta_cuando_y_a_quien_pedir_ayuda(pocas: Flask) -> None:
    cliente = desde(pocas)
    assert estados(cliente, POCAS) == [200] * POCAS
    detenida = consultar(cliente)
    assert detenida.status_code == 429
    assert detenida.headers["Retry-After"] == "600"
    for dicho in ("Podrá seguir en 10 minutos.", "rentas@putumayo.gov.co", "Oficina de Rentas"):
        assert dicho in detenida.text
    assert consultar(desde(pocas, "203.0.113.10")).status_code == 200, "its neighbour goes on"


def test_quien_insiste_espera_mas_y_nadie_queda_por_fuera(pocas: Flask, reloj: time_machine.Traveller) -> None:
    cliente, esperas = desde(pocas), []
    for ventana in range(6 * 24):
        reloj.move_to(AHORA.replace(hour=0, minute=0) + timedelta(minutes=10 * ventana))
        while (respuesta := consultar(cliente)).status_code == 200:
            pass
        esperas.append(int(respuesta.headers["Retry-After"]))
        if ventana > 30:
            break
    # Three windows used up: until the hour ends. Four hours used up: until the day does.
    assert esperas[:6] == [600, 600, 600, 1800, 1200, 600]
    assert esperas[24] == 20 * 3600
    reloj.move_to(AHORA.replace(hour=0, minute=0) + timedelta(days=1))
    assert consultar(cliente).status_code == 200


@pytest.mark.usefixtures("reloj")
@pytest.mark.parametrize("direccion", ["203.0.113.{}", "2001:db8:1:{}::1"])
def test_una_red_entera_tiene_su_limite(pocas: Flask, direccion: str) -> None:
    vistos = [consultar(desde(pocas, direccion.format(n))).status_code for n in range(1, 21)]
    assert vistos == [200] * 19 + [429]
    assert consultar(desde(pocas, "198.51.100.7")).status_code == 200


@pytest.mark.usefixtures("reloj")
def test_una_red_no_cuenta_lo_que_ya_se_le_nego_a_uno_solo(pocas: Flask) -> None:
    assert estados(desde(pocas), 30)[-1] == 429
    assert consultar(desde(pocas, "203.0.113.10")).status_code == 200


def test_un_navegador_pregunta_por_pocas_personas(app: Flask, reloj: time_machine.Traveller) -> None:
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], consultas_limite=12)
    cliente = desde(app)
    assert [consultar(cliente, str(n)).status_code for n in range(5)] == [200] * 4 + [429]
    assert consultar(cliente, "3").status_code == 200, "whom it asked for already"
    nit = {"tipo_pago": "contrato", "vigencia": "2025", "nit": "9", "numero_contrato": "1"}
    assert cliente.enviar("/pago", nit).status_code == 429, "by every door"
    assert consultar(cliente, "4").status_code == 429, "and whoever insists"
    reloj.shift(3600)
    assert consultar(cliente, "4").status_code == 200


@pytest.mark.usefixtures("reloj")
def test_lo_que_un_navegador_pregunto_no_viaja_en_su_galleta(app: Flask) -> None:
    """Who sends again the cookie of its first page is counted all the same; and no look-up writes it anew."""
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], consultas_limite=12)
    cliente = desde(app)
    cliente.get("/consulta")
    primera = cliente.get_cookie("portal")
    assert primera
    vistos = []
    for n in range(5):
        cliente.set_cookie("portal", primera.value)
        respuesta = consultar(cliente, str(n))
        assert "Set-Cookie" not in respuesta.headers
        vistos.append(respuesta.status_code)
    assert vistos == [200] * 4 + [429]


@pytest.mark.usefixtures("reloj")
def test_ser_detenido_no_dice_que_existe(pocas: Flask) -> None:
    fabricas.liquidacion(documento="52000111")
    cliente = desde(pocas)
    estados(cliente, POCAS)
    existe, no_existe = consultar(cliente, "52000111"), consultar(cliente, "52000112")
    assert (existe.status_code, no_existe.status_code) == (429, 429)
    assert len(existe.data) == len(no_existe.data)


@pytest.mark.parametrize("malo", ["%", "_", "*", "", "   ", "12%", "1_2", "12*", "1' OR '1'='1", "?", "１２３%"])
def test_no_hay_comodines(client: ClienteEstricto, malo: str) -> None:
    """B-33: refused, and never every row."""
    fabricas.liquidacion(documento="12")
    for direccion in ("/consulta", "/pago"):
        assert client.enviar(direccion, {"tipo_pago": "tramite", "documento": malo}).status_code == 422


@pytest.mark.usefixtures("reloj")
def test_dos_maquinas_cuentan_en_un_mismo_redis(pocas: Flask, redis: ServidorRedis) -> None:
    """The same answers as the database gives, from either of two processes, and not a row in the database."""
    maquinas = [ContadorRedis(redis.url), ContadorRedis(redis.url)]
    vistos = []
    for n in range(POCAS + 2):
        pocas.extensions["contador"] = maquinas[n % 2]
        vistos.append(consultar(desde(pocas)).status_code)
    pocas.extensions.pop("contador")
    assert vistos == [200] * POCAS + [429] * 2
    assert estados(desde(pocas), 1) == [200], "the database had counted nothing"
    for una in maquinas:
        una.cerrar()


@pytest.mark.usefixtures("reloj")
def test_el_mismo_orden_da_el_mismo_limite_en_los_tres(app: Flask, redis: ServidorRedis, tmp_path: Path) -> None:
    cuentas = [Cuenta(Limite("a", 2, 600), "x"), Cuenta(Limite("b", 4, 600), "y"), Cuenta(Limite("c", 3, 3600), "x")]
    momentos = [AHORA + timedelta(minutes=m) for m in (0, 0, 0, 10, 10, 10, 20, 20, 60, 60)]
    # Three different ones at most: the fourth is refused each time, and so is nobody whom it knew.
    distintos = [Cuenta(Limite("d", 3, 3600), "x", cual) for cual in "abcacddbde"]

    def dichos() -> list[Limite | None]:
        return [
            *(contar_hasta_agotar(cuentas, m) for m in momentos),
            *(contar_hasta_agotar([uno], AHORA) for uno in distintos),
        ]

    app.extensions.pop("contador")
    en_base = dichos()
    assert {limite.nombre for limite in en_base[:10] if limite} == {"a", "c"}
    assert [limite and limite.nombre for limite in en_base[10:]] == [None] * 5 + ["d", "d", None, "d", "d"]
    for contador in (ContadorRedis(redis.url), ContadorArchivo(tmp_path / "limites")):
        app.extensions["contador"] = contador
        assert dichos() == en_base
        contador.cerrar()


@pytest.mark.usefixtures("reloj")
def test_en_sqlite_se_cuenta_aparte_entre_todos_los_procesos(pocas: Flask, tmp_path: Path) -> None:
    """A look-up never waits for who writes money; and the money's file is not written to."""
    procesos = [ContadorArchivo(tmp_path / "limites") for _ in range(2)]
    vistos = []
    with db.engine.begin() as conexion:
        conexion.execute(text("UPDATE consecutivo SET siguiente = siguiente"))
        for n in range(POCAS + 2):
            pocas.extensions["contador"] = procesos[n % 2]
            vistos.append(consultar(desde(pocas)).status_code)
    assert vistos == [200] * POCAS + [429] * 2
    assert db.session.scalar(text("SELECT count(*) FROM cuota")) == 0
    for uno in procesos:
        uno.cerrar()


@pytest.mark.usefixtures("reloj")
@pytest.mark.parametrize("danar", [Path.unlink, lambda archivo: archivo.write_bytes(b"x" * 9000)])
def test_el_archivo_que_se_quita_o_se_dana_se_comienza_de_nuevo(
    pocas: Flask, tmp_path: Path, danar: Callable[[Path], object]
) -> None:
    archivo = tmp_path / "limites"
    contador = pocas.extensions["contador"] = ContadorArchivo(archivo)
    assert estados(desde(pocas), POCAS + 1) == [200] * POCAS + [429]
    contador.cerrar()
    for resto in tmp_path.glob("limites-*"):
        resto.unlink()
    danar(archivo)
    # Meanwhile the door is as narrow as before: at most a window more, in the database and in the new file.
    assert estados(desde(pocas), 2 * POCAS + 1)[-1] == 429
    contador.descanso.terminar()
    assert estados(desde(pocas), 2 * POCAS + 1)[-1] == 429
    assert archivo.read_bytes().startswith(b"SQLite format 3")
    contador.cerrar()


def test_sin_redis_cuenta_la_base_y_se_dice_una_vez(
    pocas: Flask, redis: ServidorRedis, reloj: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    contador = ContadorRedis(redis.url)
    pocas.extensions["contador"] = contador
    cliente = desde(pocas)
    assert estados(cliente, POCAS + 1) == [200] * POCAS + [429]
    redis.terminar()
    with caplog.at_level(logging.WARNING, "portal.web.contadores"):
        assert estados(cliente, POCAS + 2) == [200] * POCAS + [429] * 2, "the door is as narrow as before"
        redis.arrancar()
        reloj.shift(600)
        contador.descanso.terminar()
        assert estados(cliente, POCAS + 1) == [200] * POCAS + [429]
    assert [r.levelname for r in caplog.records] == ["ERROR", "WARNING"]
    assert redis.url not in caplog.text
    contador.cerrar()
