"""One's own account: the password, the sessions, and proving again who one is before what cannot be taken back."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from portal.db import db, transaccion
from portal.models import Bitacora, Sesion, Usuario
from portal.operaciones import enlaces
from portal.operaciones.contrasenas import hash_de
from portal.web.confirmacion import pide_confirmar
from portal.web.reloj import ahora
from tests.conftest import CLAVE, crear_cuenta, ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.personas import NUEVA, adentro, avisos, codigo, enrolar, entrar

C = "/gestion/cuenta"
# What asks to prove again who one is: a new act of this kind is added on purpose.
CONFIRMADAS = {
    "normativa.publicar",
    "devoluciones.decidir",
    "devoluciones.decidir_cuenta",
    "devoluciones.pagar",
    "tesoreria.aprobar",
    "tesoreria.legalizar",
    "tesoreria.revertir",
    "tesoreria.aplicar",
    "usuarios.invitar",
    "usuarios.cambiar",
    "usuarios.desactivar",
    "usuarios.activar",
    "usuarios.cerrar_sesiones",
    "usuarios.restablecer",
    "usuarios.quitar_segundo_factor",
    "cuenta.segundo_factor_nuevo",
    "cuenta.codigos",
    "cuenta.quitar_factor",
    "cuenta.mis_llaves",
    "cuenta.quitar_llave",
}


def campos(texto: str) -> dict[str, str]:
    hallados = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', texto)
    return {nombre: html.unescape(valor) for nombre, valor in hallados}


def cambiar(client: ClienteEstricto, actual: str, nueva: str, repetida: str = "") -> int:
    datos = {"contrasena_actual": actual, "contrasena": nueva, "repetida": repetida or nueva}
    return client.enviar(f"{C}/contrasena", datos).status_code


def test_lo_que_pide_confirmar_es_lo_que_decidimos(app: Flask) -> None:
    assert {e for e in app.view_functions if pide_confirmar(app, e)} == CONFIRMADAS


def test_cambiar_la_contrasena_pide_la_actual_y_cierra_las_otras_sesiones(client: ClienteEstricto, app: Flask) -> None:
    ingresar(client, "rentas")
    otra = app.test_client()
    assert entrar(otra, "rentas") == 303
    copia = otra.get_cookie("portal")
    assert copia is not None
    assert cambiar(client, "no es esta clave", NUEVA) == 422
    assert cambiar(client, CLAVE, NUEVA, "otra cosa distinta") == 422
    assert cambiar(client, CLAVE, "Putumayo2026") == 422
    assert cambiar(client, CLAVE, "a" * 129) == 422
    assert adentro(otra)
    assert cambiar(client, CLAVE, NUEVA) == 303
    assert adentro(client)
    otra.set_cookie("portal", copia.value)
    assert not adentro(otra)
    assert avisos() == ["se cambió la contraseña"]
    assert entrar(otra, "rentas") == 422
    assert entrar(otra, "rentas", NUEVA) == 303


def test_se_ven_y_se_cierran_las_sesiones_propias_y_solo_ellas(client: ClienteEstricto, app: Flask) -> None:
    ingresar(client, "rentas")
    otra, ajena = app.test_client(), app.test_client()
    ingresar(ajena, "tesoreria")
    firefox = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    datos = {"csrf_token": otra.csrf(), "correo": "rentas@demo.portal.test", "clave": CLAVE}
    assert otra.post("/ingresar", data=datos, headers=firefox).status_code == 303
    pagina = client.get(C).text
    assert "Firefox en Windows" in pagina
    assert "140.0" not in pagina
    assert pagina.count("Esta sesión") == 1
    de_otra = db.session.scalar(
        select(Sesion.huella).where(Sesion.usuario_id != 1).join(Usuario).where(Usuario.rol == "tesoreria")
    )
    assert de_otra is not None
    client.enviar(f"{C}/sesiones/cerrar", {"sesion": de_otra[:16]})
    client.enviar(f"{C}/sesiones/cerrar", {"sesion": "%"})
    assert adentro(ajena)
    assert adentro(otra)
    marca = re.search(r'name="sesion" value="([0-9a-f]{16})"', pagina)
    assert marca
    client.enviar(f"{C}/sesiones/cerrar", {"sesion": marca[1]})
    assert not adentro(otra)
    assert entrar(otra, "rentas") == 303
    client.enviar(f"{C}/sesiones/cerrar", {})
    assert not adentro(otra)
    assert adentro(client)
    assert adentro(ajena)


def test_una_cookie_plantada_antes_de_ingresar_no_sirve_despues(client: ClienteEstricto, app: Flask) -> None:
    """B-38: the token is new at each sign-in, whatever cookie the browser brought."""
    crear_cuenta("rentas")
    plantada = client.get("/ingresar") and client.get_cookie("portal")
    assert entrar(client, "rentas") == 303
    despues = client.get_cookie("portal")
    assert despues is not None
    assert plantada is None or plantada.value != despues.value
    if plantada is not None:
        otro = app.test_client()
        otro.set_cookie("portal", plantada.value)
        assert not adentro(otro)


def test_pasados_diez_minutos_se_confirma_y_lo_enviado_vuelve(client: ClienteEstricto) -> None:
    usuario = ingresar(client, "administrador")
    otra = crear_cuenta("rentas")
    datos = {"csrf_token": client.csrf(), "nombre": 'Nombre "nuevo" <b>', "rol": "rentas", "dependencia": ""}
    direccion = f"/gestion/usuarios/{otra.id}/cambiar"
    with time_machine.travel(ahora() + timedelta(minutes=11), tick=False):
        assert client.get(direccion).status_code == 200, "looking asks for nothing"
        vieja = client.get_cookie("portal")
        pide = client.post(direccion, data=datos)
        assert pide.status_code == 401
        assert "Confirme que es usted" in pide.text
        guardado = {"guardado": campos(pide.text)["guardado"]}
        mala = client.enviar(f"{C}/confirmar", {"contrasena": "no es esta clave", **guardado})
        assert mala.status_code == 422
        vuelve = client.enviar(f"{C}/confirmar", {"contrasena": CLAVE, **campos(mala.text)} | guardado)
        assert vuelve.status_code == 200, vuelve.text
        assert f'action="{direccion}"' in vuelve.text
        assert client.get_cookie("portal") != vieja, "a new token"
        assert client.post(direccion, data=campos(vuelve.text)).status_code == 303
        de_otra_pagina = campos(client.get(f"{C}/segundo-factor").text)["sello"]
        ajeno = client.enviar(f"{C}/confirmar", {"contrasena": CLAVE, "guardado": de_otra_pagina})
        assert (ajeno.status_code, ajeno.location) == (303, C)
    db.session.expire_all()
    assert db.session.get_one(Usuario, otra.id).nombre == 'Nombre "nuevo" <b>'
    assert db.session.scalar(select(Bitacora.id).where(Bitacora.accion == "cuenta.confirmar")) is not None
    creadas = db.session.scalars(select(Sesion.creada_en).where(Sesion.usuario_id == usuario.id)).all()
    assert len(creadas) == 3
    assert len(set(creadas)) == 1, "the eight hours go on"


def test_quien_tiene_segundo_factor_confirma_tambien_con_el_y_nadie_con_lo_de_otro(
    client: ClienteEstricto, app: Flask
) -> None:
    yo, otra = ingresar(client, "administrador"), crear_cuenta("rentas")
    direccion = f"/gestion/usuarios/{otra.id}/desactivar"
    momento = ahora() + timedelta(minutes=11)
    with transaccion():
        db.session.execute(update(Sesion).values(confirmada_en=ahora() - timedelta(hours=1)))
    enrolar(yo, momento)
    # Enrolling ends the sessions: this one is opened again, long ago.
    with transaccion():
        db.session.execute(update(Sesion).values(terminada_en=None))
    with time_machine.travel(momento, tick=False):
        pide = client.enviar(direccion, {})
        assert (pide.status_code, "Código de verificación" in pide.text) == (401, True)
        guardado = campos(pide.text)["guardado"]
        assert client.enviar(f"{C}/confirmar", {"contrasena": CLAVE, "guardado": guardado}).status_code == 422
        datos = {"contrasena": CLAVE, "codigo_acceso": codigo(), "guardado": guardado}
        assert f'action="{direccion}"' in client.enviar(f"{C}/confirmar", datos).text
        ajena = app.test_client()
        ingresar(ajena, "auditor")
        respuesta = ajena.enviar(f"{C}/confirmar", {"contrasena": CLAVE, "guardado": guardado})
        assert (respuesta.status_code, respuesta.location) == (303, C)


@pytest.mark.parametrize("suceso", ["salir", "contrasena", "rol", "desactivar"])
def test_ninguna_cookie_vieja_vuelve_a_servir(client: ClienteEstricto, suceso: str) -> None:
    usuario = ingresar(client, "rentas")
    vieja = client.get_cookie("portal")
    assert vieja is not None
    if suceso == "salir":
        client.enviar("/salir", {})
    elif suceso == "contrasena":
        with transaccion():
            una = db.session.get_one(Usuario, usuario.id)
            enlaces.fijar_contrasena(una, hash_de(NUEVA), ahora=ahora())
    else:
        administra = client.application.test_client()
        ingresar(administra, "administrador")
        cambio = {"nombre": "Rentas", "rol": "auditor", "dependencia": ""}
        acto, datos = ("cambiar", cambio) if suceso == "rol" else ("desactivar", {})
        assert administra.enviar(f"/gestion/usuarios/{usuario.id}/{acto}", datos).status_code == 303
    client.set_cookie("portal", vieja.value)
    assert not adentro(client)
