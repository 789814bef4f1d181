"""Sending the mail that waits: whatever dies or is away, each notice arrives, and one that comes twice can be recognised."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from portal.cli.correo import una_ronda
from portal.config import Ajustes
from portal.db import db, transaccion
from portal.models import Correo, EstadoCorreo
from portal.operaciones import correos
from tests import criadero, fabricas
from tests.caidas.victima_correo import enviar_y_morir
from tests.servidor_smtp import ServidorSMTP, servidor_smtp

RAIZ = Path(__file__).resolve().parents[2]
AHORA = fabricas.AHORA


@pytest.fixture
def servidor(app: Flask) -> Iterator[ServidorSMTP]:
    with servidor_smtp() as guion:
        usar(app, guion)
        yield guion


def usar(app: Flask, guion: ServidorSMTP) -> None:
    ajustes: Ajustes = app.extensions["ajustes"]
    correo = replace(
        ajustes.correo, clase="smtp", de="portal@ejemplo.gov.co", host="127.0.0.1", puerto=guion.puerto, tls="no"
    )
    app.extensions["ajustes"] = replace(ajustes, correo=correo)


def avisos(cuantos: int = 1, *, pago_id: str = "") -> None:
    """As many notices as payments that never reached the gateway, each to its own address."""
    for i in range(cuantos):
        pago = fabricas.pago(fabricas.liquidacion(), enviado=False)
        datos = {
            "pago": pago_id or str(pago.id),
            "referencia": pago.referencia,
            "liquidacion": "7",
            "total": "9000",
            "en": AHORA.isoformat(),
        }
        with transaccion():
            correos.encolar(f"prueba:{i}", f"p{i}@correo.test", "pago_no_iniciado", datos, ahora=AHORA)


def ronda(minutos: float = 0) -> int:
    db.session.rollback()
    with time_machine.travel(AHORA + timedelta(minutes=minutos), tick=False):
        return una_ronda()


def filas() -> list[Correo]:
    db.session.expire_all()
    return list(db.session.scalars(select(Correo).order_by(Correo.id)))


def destinatarios(servidor: ServidorSMTP) -> list[str]:
    return sorted(str(m["To"]) for m in servidor.mensajes)


@pytest.mark.parametrize(
    ("cual", "cuando", "veces"),
    [(2, "before", 0), (2, "after", 0), (3, "before", 1), (3, "after", 1)],
)
def test_muerto_en_cualquier_momento_el_aviso_llega_y_el_repetido_es_el_mismo(
    app: Flask, base_datos: str, servidor: ServidorSMTP, tmp_path: Path, cual: int, cuando: str, veces: int
) -> None:
    """Commit 2 takes the notice and 3 notes that it left; between them the server accepts it."""
    avisos()
    db.session.rollback()
    hecho = criadero.terminar(enviar_y_morir, base_datos, tmp_path, servidor.puerto, cual, cuando, entorno=os.environ)
    assert hecho.codigo == -9, hecho.se_quejo
    assert len(servidor.crudos) == veces
    anotado = (cual, cuando) == (3, "after")
    assert (filas()[0].estado is EstadoCorreo.ENVIADO) is anotado
    ronda(30)
    assert [f.estado for f in filas()] == [EstadoCorreo.ENVIADO]
    assert len(servidor.crudos) == veces + (not anotado)
    assert len({m["Message-ID"] for m in servidor.mensajes}) == 1
    assert ronda(60) == 0


def test_mientras_uno_lo_envia_otro_no_lo_toca(app: Flask, servidor: ServidorSMTP) -> None:
    avisos()
    with transaccion():
        correos.apartar(filas()[0].id, ahora=AHORA)
    assert (ronda(), ronda(9)) == (0, 0)
    assert (ronda(10), len(servidor.crudos)) == (1, 1)


def test_con_el_servidor_caido_no_se_insiste_y_despues_llega_todo(app: Flask) -> None:
    avisos(3)
    with servidor_smtp() as guion:
        pass
    usar(app, guion)
    assert ronda() == 0
    assert [f.intentos for f in filas()] == [1, 0, 0], "the round ends at the first: no other would leave"
    assert filas()[0].ultimo_error == "No hubo servidor de correo: ConnectionRefusedError."
    with servidor_smtp(guion, puerto=guion.puerto):
        assert ronda(5) == 3
    assert destinatarios(guion) == [f"p{i}@correo.test" for i in range(3)]
    assert [f.ultimo_error for f in filas()] == ["", "", ""]


def test_quien_no_existe_se_abandona_y_no_detiene_a_los_demas(app: Flask) -> None:
    avisos(2)
    with servidor_smtp(ServidorSMTP(respuestas={"RCPT": "550 5.1.1 no existe p0@correo.test"})) as guion:
        usar(app, guion)
        assert ronda() == 0
    assert {f.estado for f in filas()} == {EstadoCorreo.ABANDONADO}
    assert {f.ultimo_error for f in filas()} == {"El servidor no aceptó al destinatario (550)."}
    assert ronda(10_000) == 0


def test_quien_esta_ocupado_se_intenta_otra_vez(app: Flask, servidor: ServidorSMTP) -> None:
    avisos(2)
    servidor.respuestas["RCPT"] = "450 4.2.1 ocupado"
    assert ronda() == 0
    assert [(f.intentos, f.estado) for f in filas()] == [(1, EstadoCorreo.PENDIENTE)] * 2
    del servidor.respuestas["RCPT"]
    assert ronda(0.5) == 0, "its turn has not come"
    assert ronda(5) == 2


def test_un_aviso_que_no_se_puede_componer_no_detiene_a_los_demas(app: Flask, servidor: ServidorSMTP) -> None:
    avisos(pago_id="999999")
    pago = fabricas.pago(fabricas.liquidacion(), enviado=False)
    datos = filas()[0].datos | {"pago": str(pago.id)}
    with transaccion():
        correos.encolar("bueno", "bueno@correo.test", "pago_no_iniciado", datos, ahora=AHORA)
    assert ronda() == 1
    assert destinatarios(servidor) == ["bueno@correo.test"]
    malo = filas()[0]
    assert (malo.estado, malo.ultimo_error) == (EstadoCorreo.PENDIENTE, "No se pudo componer: NoExiste.")


def test_por_omision_se_escriben_archivos_completos(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    avisos(2)
    salida = runner.invoke(args=["correo", "enviar"])
    assert salida.output == "Avisos enviados: 2. Siguen pendientes: 0. Abandonados: 0.\n"
    archivos = sorted((tmp_path / "correo").iterdir())
    leidos = [message_from_bytes(a.read_bytes(), policy=default) for a in archivos]
    assert sorted(str(m["To"]) for m in leidos) == ["p0@correo.test", "p1@correo.test"]
    for archivo, mensaje in zip(archivos, leidos, strict=True):
        assert archivo.name == f"{mensaje['Message-ID'].partition('@')[0].removeprefix('<')}.eml"
        cuerpo = mensaje.get_body(("plain",)).get_content()
        assert "http://localhost/pago/" in cuerpo, "the links come from PORTAL_URL"
    antes = [a.read_bytes() for a in archivos]
    assert "Avisos enviados: 0." in runner.invoke(args=["correo", "enviar"]).output
    assert [a.read_bytes() for a in sorted((tmp_path / "correo").iterdir())] == antes


def test_lo_que_no_sale_se_ve_y_se_puede_reanudar(app: Flask, runner: FlaskCliRunner, servidor: ServidorSMTP) -> None:
    avisos()
    with transaccion():
        correos.encolar("imposible", "sin arroba", "pago_no_iniciado", filas()[0].datos, ahora=AHORA)
    servidor.respuestas["RCPT"] = "550 5.1.1 no existe p0@correo.test"
    assert ronda() == 0
    assert runner.invoke(args=["correo", "listar"]).output.splitlines() == [
        "prueba:0\tabandonado\t1 intentos\tEl servidor no aceptó al destinatario (550).",
        "imposible\tabandonado\t0 intentos\tLa dirección de correo no es válida.",
    ]
    servidor.respuestas.clear()
    assert "Avisos enviados: 0." in runner.invoke(args=["correo", "enviar"]).output
    salida = runner.invoke(args=["correo", "enviar", "--abandonados"]).output
    assert salida == "Avisos enviados: 1. Siguen pendientes: 0. Abandonados: 1.\n"
    assert destinatarios(servidor) == ["p0@correo.test"]
    assert "prueba:0" not in runner.invoke(args=["correo", "listar"]).output


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_los_registros_no_dicen_a_quien_se_escribe(
    app: Flask, servidor: ServidorSMTP, caplog: pytest.LogCaptureFixture
) -> None:
    """Every way to fail, with addresses in the server's words and in the row itself."""
    avisos(3)
    with transaccion():
        mala, entregada, _ = filas()
        mala.destinatario = "p0@correo.test\r\nBcc: otra@correo.test"
        correos.registrar_envio(entregada.id, ahora=AHORA)
    for i, respuestas in enumerate(
        ({"RCPT": "450 p2@correo.test"}, {"MAIL": "550 p2@correo.test"}, {"FIN": "554 p2@"})
    ):
        servidor.respuestas = dict(respuestas)
        ronda(i * 60)
    assert len([r for r in caplog.records if r.name == "portal.cli.correo"]) >= 6
    assert "@" not in caplog.text
    assert not [f for f in filas() if "@" in f.ultimo_error]


@pytest.mark.parametrize("senal", [signal.SIGTERM, signal.SIGINT])
def test_continuo_sobrevive_sin_base_y_termina_cuando_se_le_pide(tmp_path: Path, senal: signal.Signals) -> None:
    base = f"sqlite:///{tmp_path / 'vacia.sqlite'}"
    entorno = {**os.environ, "DATABASE_URL": base, "PORTAL_SONDA_SEGUNDOS": "1", "PORTAL_CLAVE_SECRETA": "x" * 40}
    orden = [str(Path(sys.executable).parent / "flask"), "correo", "enviar", "--continuo"]
    with subprocess.Popen(orden, cwd=RAIZ, env=entorno, stderr=subprocess.PIPE, text=True) as proceso:
        assert proceso.stderr is not None
        fallos = 0
        while fallos < 2:
            linea = proceso.stderr.readline()
            assert linea, "the sender died"
            fallos += "el correo no pudo usar la base de datos" in linea
        assert proceso.poll() is None
        proceso.send_signal(senal)
        assert proceso.wait(timeout=30) == 0
