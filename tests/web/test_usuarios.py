"""`/gestion/usuarios`: administrators invite, change and close accounts of others, and never know a password."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, update

from portal.db import db, transaccion
from portal.models import Bitacora, Correo, Usuario
from tests.agentes import agente
from tests.conftest import CLAVE, crear_cuenta, ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.personas import NUEVA, adentro, avisos, enlace_enviado, enrolar, entrar

U = "/gestion/usuarios"
INVITADA = {"correo": "ana.diaz@entidad.test", "nombre": "Ana Díaz", "rol": "rentas", "dependencia": "Rentas"}


def elegir(client: ClienteEstricto, contrasena: str = NUEVA) -> int:
    datos = {"contrasena": contrasena, "repetida": contrasena}
    return client.enviar(enlace_enviado(), datos).status_code


def test_se_invita_la_persona_elige_su_contrasena_e_ingresa(client: ClienteEstricto, app: Flask) -> None:
    ingresar(client, "administrador")
    assert client.enviar(f"{U}/invitar", {}).status_code == 422
    hecha = client.enviar(f"{U}/invitar", INVITADA)
    assert hecha.status_code == 303, hecha.text
    repetida = client.enviar(f"{U}/invitar", INVITADA)
    assert (repetida.status_code, "Ya existe una cuenta" in repetida.text) == (422, True)
    assert "Invitada" in client.get(hecha.location).text
    assert "Ana Díaz" in client.get(f"{U}?estado=invitada").text
    assert "Ana Díaz" not in client.get(f"{U}?estado=activa").text
    ana = app.test_client()
    datos = {"correo": INVITADA["correo"], "clave": ""}
    assert ana.enviar("/ingresar", datos).status_code == 422
    assert elegir(ana) == 303
    assert elegir(ana) == 404, "the link was used"
    assert ana.enviar("/ingresar", {"correo": INVITADA["correo"], "clave": NUEVA}).status_code == 303
    assert adentro(ana)
    assert "Activa" in client.get(hecha.location).text
    guardado = str([(b.accion, b.detalle) for b in db.session.scalars(select(Bitacora))])
    assert "Ana" not in guardado
    assert INVITADA["correo"] not in guardado
    assert NUEVA not in guardado


def test_el_enlace_no_esta_en_claro_en_la_base(client: ClienteEstricto) -> None:
    ingresar(client, "administrador")
    client.enviar(f"{U}/invitar", INVITADA)
    ficha = enlace_enviado().rpartition("/")[2]
    assert ficha not in str([c.datos for c in db.session.scalars(select(Correo))])


@pytest.mark.parametrize("cambio", [{"rol": "auditor"}, {"rol": "agente"}, {"rol": "agente", "agente": "del-hospital"}])
def test_un_cambio_de_rol_vale_desde_la_siguiente_peticion(
    client: ClienteEstricto, app: Flask, cambio: dict[str, str]
) -> None:
    if "agente" in cambio:
        cambio = cambio | {"agente": agente().codigo}
    otra = app.test_client()
    usuario = ingresar(otra, "rentas")
    vieja = otra.get_cookie("portal")
    assert vieja is not None
    ingresar(client, "administrador")
    datos = {"nombre": "Otra persona", "dependencia": "", **cambio}
    assert client.enviar(f"{U}/{usuario.id}/cambiar", datos).status_code == 303
    assert otra.get("/gestion").status_code == 303
    assert entrar(otra, "rentas") == 303
    nueva = otra.get_cookie("portal")
    assert nueva is not None
    assert nueva.value != vieja.value
    assert otra.get("/gestion/liquidaciones/reconocimientos/nuevo").status_code == 403
    otra.set_cookie("portal", vieja.value)
    assert otra.get("/gestion").status_code == 303, "an old cookie stays dead"
    db.session.expire_all()
    assert bool(db.session.get_one(Usuario, usuario.id).agente_id) == ("agente" in cambio)


def test_desactivar_cerrar_sesiones_y_restablecer_valen_enseguida(client: ClienteEstricto, app: Flask) -> None:
    otra = app.test_client()
    usuario = ingresar(otra, "tesoreria")
    suya = f"{U}/{usuario.id}"
    ingresar(client, "administrador")
    assert client.enviar(f"{suya}/cerrar-sesiones", {}).status_code == 303
    assert not adentro(otra)
    assert entrar(otra, "tesoreria") == 303
    assert client.enviar(f"{suya}/restablecer", {}).status_code == 303
    assert adentro(otra), "the present password serves until another is chosen"
    assert elegir(app.test_client()) == 303
    assert not adentro(otra)
    assert entrar(otra, "tesoreria") == 422
    assert entrar(otra, "tesoreria", NUEVA) == 303
    assert client.enviar(f"{suya}/desactivar", {}).status_code == 303
    assert not adentro(otra)
    assert entrar(otra, "tesoreria", NUEVA) == 422
    assert client.enviar(f"{suya}/restablecer", {}).status_code == 409
    assert client.enviar(f"{suya}/activar", {}).status_code == 303
    assert entrar(otra, "tesoreria", NUEVA) == 303


def test_se_quita_el_segundo_factor_con_motivo_y_se_le_avisa(client: ClienteEstricto, app: Flask) -> None:
    usuario = crear_cuenta("tesoreria")
    enrolar(usuario)
    ingresar(client, "administrador")
    quitar = f"{U}/{usuario.id}/quitar-segundo-factor"
    assert client.enviar(quitar, {}).status_code == 422
    assert client.enviar(quitar, {"motivo": "Vino en persona con su documento."}).status_code == 303
    assert client.enviar(quitar, {"motivo": "Otra vez."}).status_code == 409
    assert avisos()[-1] == "se quitó el segundo factor"
    (fila,) = db.session.scalars(select(Bitacora).where(Bitacora.accion == "cuenta.quitar_segundo_factor"))
    assert fila.detalle["motivo"].startswith("Vino en persona")
    otra = app.test_client()
    assert entrar(otra, "tesoreria") == 303
    assert adentro(otra)


def test_sobre_la_cuenta_propia_nadie_hace_lo_que_lo_dejaria_fuera(client: ClienteEstricto) -> None:
    yo = ingresar(client, "administrador")
    mia = f"{U}/{yo.id}"
    assert "Es su propia cuenta" in client.get(mia).text
    for acto in ("desactivar", "activar", "cerrar-sesiones", "restablecer"):
        assert client.enviar(f"{mia}/{acto}", {}).status_code == 409, acto
    assert client.enviar(f"{mia}/quitar-segundo-factor", {"motivo": "x"}).status_code == 409
    datos = {"nombre": "Yo", "rol": "auditor", "dependencia": ""}
    assert client.enviar(f"{mia}/cambiar", datos).status_code == 422
    assert client.enviar(f"{mia}/cambiar", datos | {"rol": "administrador"}).status_code == 303
    assert adentro(client)
    assert client.enviar(f"{U}/999999/desactivar", {}).status_code == 404


def test_el_rol_se_lee_de_la_fila_y_no_de_la_sesion(client: ClienteEstricto) -> None:
    usuario = ingresar(client, "administrador")
    with transaccion():
        db.session.execute(update(Usuario).where(Usuario.id == usuario.id).values(rol="auditor"))
    assert client.get(U).status_code == 403
    assert CLAVE not in client.get("/gestion/cuenta").text


def test_las_ordenes_del_servidor_sacan_de_apuros_al_unico_administrador(
    client: ClienteEstricto, runner: FlaskCliRunner
) -> None:
    crear = ["usuarios", "crear", "jefe@entidad.test", "--nombre", "Jefe", "--rol", "administrador"]
    floja = runner.invoke(args=[*crear, "--clave", "Putumayo2026"])
    assert (floja.exit_code, "se adivina" in floja.output) == (1, True)
    assert runner.invoke(args=[*crear, "--invitar"]).exit_code == 0
    assert runner.invoke(args=[*crear, "--invitar"]).exit_code == 1
    assert "jefe@entidad.test\tadministrador\tinvitada" in runner.invoke(args=["usuarios", "listar"]).output
    assert elegir(client) == 303
    enrolar(db.session.scalars(select(Usuario)).one())
    quitar = ["usuarios", "quitar-segundo-factor", "jefe@entidad.test", "--motivo", "Acta 3"]
    assert "Se quitó" in runner.invoke(args=quitar).output
    assert "no tiene" in runner.invoke(args=quitar).output
    assert runner.invoke(args=["usuarios", "restablecer", "nadie@entidad.test"]).exit_code == 1
    assert runner.invoke(args=["usuarios", "restablecer", "jefe@entidad.test"]).exit_code == 0
    assert elegir(client, "otros loros leen despacio") == 303
    datos = {"correo": "jefe@entidad.test", "clave": "otros loros leen despacio"}
    assert client.enviar("/ingresar", datos).status_code == 303
    assert adentro(client)
