"""B-37, B-39: nobody learns which accounts exist, and a link serves once, for half an hour, at the configured origin."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, update

from portal.blueprints.login import views
from portal.config import Ajustes
from portal.db import db, transaccion
from portal.models import Correo, EnlaceCuenta, Usuario
from portal.web.reloj import ahora
from tests.bases import contando
from tests.conftest import CLAVE, crear_cuenta
from tests.navegador_de_pruebas import ClienteEstricto
from tests.personas import NUEVA, adentro, dar_codigo, enlace_enviado, enrolar, entrar

OLVIDO = "/ingresar/olvido"


def pedir(client: ClienteEstricto, correo: str = "rentas@demo.portal.test", **otros: object) -> int:
    return client.enviar(OLVIDO, {"correo": correo}, **otros).status_code


def elegir(client: ClienteEstricto, enlace: str, contrasena: str = NUEVA) -> int:
    return client.enviar(enlace, {"contrasena": contrasena, "repetida": contrasena}).status_code


def sin_valores(ordenes: list[str]) -> list[str]:
    """What was asked of the database, as far as the table."""
    return [" ".join(orden.split()[:4]) for orden in ordenes]


def test_la_misma_respuesta_y_el_mismo_trabajo_exista_o_no_la_cuenta(client: ClienteEstricto, app: Flask) -> None:
    inactiva = crear_cuenta("tesoreria")
    crear_cuenta("rentas")
    with transaccion():
        db.session.execute(update(Usuario).where(Usuario.id == inactiva.id).values(activo=False))
    vistas = []
    for correo in ("rentas@demo.portal.test", "nadie@demo.portal.test", "tesoreria@demo.portal.test"):
        ficha = client.csrf()
        with contando() as dichas:
            respuesta = client.post(OLVIDO, data={"csrf_token": ficha, "correo": correo})
        vistas.append((respuesta.status_code, respuesta.location, respuesta.data, sin_valores(dichas)))
    assert vistas[0] == vistas[1] == vistas[2]
    assert "INSERT INTO correo" in " ".join(vistas[1][3]), "the work is done over nothing"
    assert [c.destinatario for c in db.session.scalars(select(Correo))] == ["rentas@demo.portal.test"]
    assert "en unos minutos le llega" in client.get(f"{OLVIDO}/enviado").text


def test_el_enlace_sirve_una_vez_y_mirarlo_no_lo_gasta(client: ClienteEstricto, app: Flask) -> None:
    crear_cuenta("rentas")
    dentro = app.test_client()
    entrar(dentro, "rentas")
    pedir(client)
    enlace = enlace_enviado()
    for _ in range(2):
        pagina = client.get(enlace)
        assert pagina.status_code == 200
        assert pagina.headers["Referrer-Policy"] == "no-referrer"
    assert client.post(enlace, data={"contrasena": NUEVA, "repetida": NUEVA}).status_code == 400, "without its token"
    assert elegir(client, enlace, "Putumayo2026") == 422
    assert elegir(client, enlace, "a" * 129) == 422
    assert adentro(dentro)
    assert elegir(client, enlace) == 303
    assert not adentro(client), "choosing a password signs nobody in"
    assert not adentro(dentro)
    assert elegir(client, enlace, "otros cuatro loros leen") == 404
    assert client.get(enlace).status_code == 404
    assert entrar(client, "rentas", NUEVA) == 303


def test_por_https_el_formulario_de_una_pagina_sin_referencia_se_recibe(client: ClienteEstricto) -> None:
    crear_cuenta("rentas")
    pedir(client)
    datos = {"csrf_token": client.csrf(), "contrasena": NUEVA, "repetida": NUEVA}
    assert client.post(enlace_enviado(), data=datos, base_url="https://localhost").status_code == 303


def test_no_sirve_pasada_media_hora_ni_despues_de_otro_ni_de_cambiar_la_contrasena_ni_alterado(
    client: ClienteEstricto,
) -> None:
    usuario = crear_cuenta("rentas")
    pedir(client)
    primero = enlace_enviado()
    pedir(client)
    segundo = enlace_enviado()
    assert elegir(client, primero) == 404
    assert elegir(client, segundo[:-1] + ("A" if segundo[-1] != "A" else "B")) == 404
    with time_machine.travel(ahora() + timedelta(minutes=31), tick=False):
        assert client.get(segundo).status_code == 404
        assert elegir(client, segundo) == 404
    assert client.get(segundo).status_code == 200
    with transaccion():
        db.session.execute(update(Usuario).where(Usuario.id == usuario.id).values(activo=False))
    assert elegir(client, segundo) == 404
    with transaccion():
        db.session.execute(update(Usuario).where(Usuario.id == usuario.id).values(activo=True))
    entrar(client, "rentas")
    cambio = {"contrasena_actual": CLAVE, "contrasena": NUEVA, "repetida": NUEVA}
    assert client.enviar("/gestion/cuenta/contrasena", cambio).status_code == 303
    assert elegir(client, segundo, "otros cuatro loros leen") == 404


def test_el_enlace_no_se_salta_el_segundo_factor(client: ClienteEstricto) -> None:
    enrolar(crear_cuenta("rentas"))
    pedir(client)
    assert elegir(client, enlace_enviado()) == 303
    assert entrar(client, "rentas", NUEVA) == 303
    assert not adentro(client)
    assert dar_codigo(client, "000000") == 422


def test_la_direccion_del_correo_es_la_configurada_y_la_cuarta_peticion_no_se_envia(
    client: ClienteEstricto, runner: FlaskCliRunner, ajustes: Ajustes
) -> None:
    crear_cuenta("rentas")
    ficha = client.csrf()
    malas = {"X-Forwarded-Host": "malo.test", "Forwarded": "host=malo.test"}
    client.post(OLVIDO, data={"csrf_token": ficha, "correo": "rentas@demo.portal.test"}, headers=malas)
    assert client.post(OLVIDO, data={"correo": "x"}, headers={"Host": "malo.test"}).status_code == 400
    enlace = enlace_enviado()
    assert runner.invoke(args=["correo", "enviar"]).exit_code == 0
    (archivo,) = Path(ajustes.correo.carpeta).glob("*.eml")
    cuerpo = message_from_bytes(archivo.read_bytes(), policy=default).get_body(("plain",))
    assert cuerpo is not None
    assert f"{ajustes.url}{enlace}" in cuerpo.get_content()
    assert "malo.test" not in archivo.read_text()
    assert [pedir(client) for _ in range(4)] == [303] * 4
    assert len(db.session.scalars(select(EnlaceCuenta)).all()) == 3


def test_todo_rechazo_del_ingreso_dice_lo_mismo_y_compara_una_contrasena(
    client: ClienteEstricto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B-37: unknown, wrong, disabled and without password yet: one text, one comparison of a hash of the same cost."""
    for rol in ("rentas", "tesoreria", "auditor"):
        crear_cuenta(rol)
    with transaccion():
        db.session.execute(update(Usuario).where(Usuario.rol == "tesoreria").values(activo=False))
        db.session.execute(update(Usuario).where(Usuario.rol == "auditor").values(clave_hash=""))
    comparadas: list[str] = []
    verdadera = views.clave_correcta
    monkeypatch.setattr(views, "clave_correcta", lambda h, c: comparadas.append(h.rsplit("$", 2)[0]) or verdadera(h, c))
    textos = set()
    for rol, clave in (("nadie", CLAVE), ("rentas", "otra clave larga"), ("tesoreria", CLAVE), ("auditor", CLAVE)):
        respuesta = client.enviar("/ingresar", {"correo": f"{rol}@demo.portal.test", "clave": clave})
        assert respuesta.status_code == 422
        textos.add(respuesta.text[respuesta.text.index("resumen-errores") :].partition("</div>")[0])
    assert len(textos) == 1
    assert len(comparadas) == 4
    assert len(set(comparadas)) == 1
