"""Collecting agents at the screens, for tests: their accounts, what they took part in, and what was kept of their questions."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Agente, Bitacora, Usuario
from portal.operaciones import usuarios
from portal.operaciones.normativa import normativa_de
from tests.agentes import agente
from tests.conftest import AHORA, CLAVE
from tests.navegador_de_pruebas import ClienteEstricto


def entidad(departamento: str = "putumayo", **otros: Any) -> Agente:
    """An agent that collects every stamp of its department."""
    propias = tuple(e.codigo for e in normativa_de(departamento).estampillas)
    return agente(departamento, (*propias, "E0", "E1", "E2"), estampillas=(*propias, "E0", "E1", "E2"), **otros)


def entrar(app: Flask, de: Agente | None, correo: str = "persona@entidad.test") -> ClienteEstricto:
    """A browser in which somebody of an agent signed in; of none, with an account that nobody linked."""
    cuenta_de(de, correo)
    client = app.test_client()
    assert isinstance(client, ClienteEstricto)
    respuesta = client.post("/ingresar", data={"correo": correo, "clave": CLAVE, "csrf_token": client.csrf()})
    assert respuesta.status_code == 303, respuesta.text
    return client


def cuenta_de(de: Agente | None, correo: str) -> Usuario:
    with transaccion():
        quien = usuarios.crear_usuario(
            correo=correo, nombre="Persona de la entidad", rol="agente", clave=CLAVE, ahora=AHORA
        )
        quien.agente_id = de.id if de else None
    return quien


def accesos_ajenos() -> list[Bitacora]:
    """What was kept of those who asked for what is another entity's, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(Bitacora).where(Bitacora.accion == "acceso_ajeno").order_by(Bitacora.id)))
