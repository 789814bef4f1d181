"""`/gestion/agentes/registro`: an administrator keeps the register, others read it."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Agente, Usuario
from portal.models.usuario import Rol
from portal.operaciones.agentes import registro
from portal.operaciones.firmas import Firma
from tests.agentes import agente, persona
from tests.conftest import AHORA, crear_cuenta, ingresar

LISTA = "/gestion/agentes/registro"


def _datos(**otros: Any) -> dict[str, Any]:
    return {
        "nit": "901805364-1",
        "nombre": "Hospital de prueba",
        "clase": "descentralizado",
        "estampillas": ["CULTURA", "ITP"],
        "cuenta": "recaudo-estampillas",
        "desde": "2026-01",
    } | otros


def _unico() -> Agente:
    db.session.expire_all()
    return db.session.scalars(select(Agente)).one()


def test_un_administrador_registra_y_cambia_una_entidad(client: FlaskClient) -> None:
    ingresar(client, "administrador")
    respuesta = client.enviar(f"{LISTA}/nuevo", _datos())
    uno = _unico()
    assert (respuesta.status_code, respuesta.location) == (303, f"{LISTA}/{uno.codigo}")
    assert (uno.nit, uno.estampillas, uno.hasta) == ("901805364", ["ITP", "CULTURA"], None)
    pagina = client.get(f"{LISTA}/{uno.codigo}/cambiar").text
    assert 'value="901805364-1"' in pagina
    assert len(re.findall(r'name="estampillas"[^>]* checked', pagina)) == 2
    cambio = client.enviar(f"{LISTA}/{uno.codigo}/cambiar", _datos(nombre="Hospital nuevo", hasta="2026-12"))
    assert cambio.status_code == 303
    assert (_unico().nombre, f"{_unico().hasta:%Y-%m}") == ("Hospital nuevo", "2026-12")
    assert "Hospital nuevo" in client.get(LISTA).text


@pytest.mark.parametrize(
    ("malo", "dice"),
    [
        ({"nit": "901805364-2"}, "dígito de verificación no corresponde"),
        ({"estampillas": []}, "al menos una estampilla"),
        ({"estampillas": ["NO_EXISTE"]}, "al menos una estampilla"),
        ({"clase": ""}, "clase de la entidad"),
        ({"cuenta": "otra"}, "Elija la cuenta"),
        ({"desde": "2026-13"}, "año y mes"),
        ({"hasta": "2025-12"}, "igual o posterior"),
        ({"nombre": ""}, "Nombre de la entidad"),
    ],
)
def test_un_dato_malo_vuelve_con_lo_escrito(client: FlaskClient, malo: dict[str, Any], dice: str) -> None:
    ingresar(client, "administrador")
    respuesta = client.enviar(f"{LISTA}/nuevo", _datos(direccion="Calle 1") | malo)
    assert respuesta.status_code == 422
    assert dice in respuesta.text
    assert "Hay un problema" in respuesta.text
    assert 'value="Calle 1"' in respuesta.text
    assert db.session.scalars(select(Agente)).all() == []


def test_dos_entidades_no_tienen_el_mismo_nit(client: FlaskClient) -> None:
    ingresar(client, "administrador")
    client.enviar(f"{LISTA}/nuevo", _datos())
    respuesta = client.enviar(f"{LISTA}/nuevo", _datos(nombre="Otra"))
    assert (respuesta.status_code, "Ya hay un agente recaudador con ese NIT" in respuesta.text) == (422, True)


def test_se_agregan_cierran_y_reabren_sedes(client: FlaskClient) -> None:
    ingresar(client, "administrador")
    pagina = f"{LISTA}/{agente().codigo}"
    assert client.enviar(f"{pagina}/sedes", {"sede": "Norte"}).status_code == 303
    repetida = client.enviar(f"{pagina}/sedes", {"sede": "Norte"})
    assert (repetida.status_code, "ya tiene una sede" in repetida.text) == (422, True)
    (sede,) = _unico().sedes
    assert client.enviar(f"{pagina}/sedes/{sede.id}/cerrar", {}).status_code == 303
    assert "Cerrada" in client.get(pagina).text
    assert client.enviar(f"{pagina}/sedes/{sede.id}/reabrir", {}).status_code == 303
    assert "Abierta" in client.get(pagina).text
    assert client.enviar(f"{pagina}/sedes/99999/cerrar", {}).status_code == 404


def test_la_cuenta_vinculada_sigue_en_su_otra_sesion(app: Flask, client: FlaskClient) -> None:
    uno = agente()
    codigo = uno.codigo
    suyo = app.test_client()
    ingresar(suyo, "agente")
    ingresar(client, "administrador")
    assert suyo.get("/gestion/agentes/diario").status_code == 409
    assert client.enviar(f"{LISTA}/{codigo}/cuentas", {"correo": "agente@demo.portal.test"}).status_code == 303
    assert suyo.get("/gestion/agentes/diario").location == f"/gestion/agentes/{codigo}/diario"
    cuenta = db.session.scalars(select(Usuario).where(Usuario.rol == Rol.AGENTE)).one()
    assert client.enviar(f"{LISTA}/{codigo}/cuentas/{cuenta.id}/desvincular", {}).status_code == 303
    assert suyo.get("/gestion/agentes/diario").status_code == 409
    assert suyo.get(f"/gestion/agentes/{codigo}/diario").status_code == 404


@pytest.mark.parametrize(
    ("correo", "dice"),
    [
        ("nadie@demo.portal.test", "No hay una cuenta activa"),
        ("rentas@demo.portal.test", "no tiene el rol"),
        ("agente@demo.portal.test", "ya trabaja para otra"),
        ("no es un correo", "Escriba un correo"),
    ],
)
def test_solo_se_vincula_una_cuenta_de_agente_libre(client: FlaskClient, correo: str, dice: str) -> None:
    ingresar(client, "administrador")
    crear_cuenta("rentas")
    ocupada, otra, quien = crear_cuenta("agente"), agente(), persona(Rol.ADMINISTRADOR)
    with transaccion():
        registro.vincular(otra, ocupada, firma=Firma(quien, AHORA))
    respuesta = client.enviar(f"{LISTA}/{agente().codigo}/cuentas", {"correo": correo})
    assert (respuesta.status_code, dice in respuesta.text) == (422, True)


@pytest.mark.parametrize("rol", ["rentas", "tesoreria", "auditor"])
def test_los_demas_leen_y_no_cambian(client: FlaskClient, rol: str) -> None:
    uno = agente()
    ingresar(client, rol)
    assert "Registrar una entidad" not in client.get(LISTA).text
    pagina = client.get(f"{LISTA}/{uno.codigo}").text
    assert uno.nombre in pagina
    for no_esta in ("Cambiar los datos", "Agregar la sede", "Vincular una cuenta"):
        assert no_esta not in pagina
    assert client.enviar(f"{LISTA}/{uno.codigo}/sedes", {"sede": "Norte"}).status_code == 403


def test_la_orden_registra_una_entidad_una_sola_vez(runner: FlaskCliRunner) -> None:
    crear_cuenta("administrador")
    datos = {
        "nombre": "Hospital",
        "clase": "descentralizado",
        "cuenta": "recaudo-estampillas",
        "desde": "2026-01",
        "administrador": "administrador@demo.portal.test",
    }
    orden = ["agentes", "crear", "901805364-1", *(parte for k, v in datos.items() for parte in (f"--{k}", v))]
    primera, segunda = runner.invoke(args=orden), runner.invoke(args=orden)
    assert (primera.exit_code, segunda.exit_code) == (0, 1), primera.output
    assert "Ya hay un agente" in segunda.output
    lista = runner.invoke(args=["agentes", "listar"]).output
    assert re.fullmatch(r"\S+\t901805364-1\tHospital\tdescentralizado\t2026-01\t\t0\n", lista)
