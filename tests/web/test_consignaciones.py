"""An agent sends its deposits and sees only its own; treasury compares them with the bank and decides."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.db import db, transaccion
from portal.dominio.declaraciones import EstadoConsignacion, mes_de
from portal.models import Agente, Bitacora, Caso, Consignacion, Usuario
from portal.operaciones.agentes.colas_consignaciones import Cuales, cuantas
from tests.agentes import agente, retenida, suya
from tests.archivos import pdf, png
from tests.conftest import ingresar
from tests.consignaciones import aceptada, con_deuda, del_banco, enviada, rechazada
from tests.fabricas import HOY

MES = f"{HOY:%Y-%m}"
NUEVA = f"/gestion/agentes/meses/{MES}/consignaciones/nueva"
DEL_MES = f"/gestion/agentes/meses/{MES}/consignaciones"
TESORERIA = "/gestion/tesoreria/consignaciones"
_E = EstadoConsignacion


def ingresa_agente(client: FlaskClient, entidad: Agente | None = None) -> tuple[Agente, Usuario]:
    """Sign in as the person of an agent that withheld 9.000 pesos this month."""
    entidad = entidad or agente()
    quien = ingresar(client, "agente")
    with transaccion():
        db.session.get_one(Usuario, quien.id).agente_id = entidad.id
    retenida(suya(entidad), quien)
    return entidad, quien


def enviar(client: FlaskClient, contenido: bytes | None = None, **otros: str) -> TestResponse:
    """Send the form as a person does: open it, write, choose the file."""
    pagina = client.get(NUEVA)
    clave = pagina.text.split('name="clave" value="')[1].split('"')[0]
    datos: dict[str, Any] = {
        "csrf_token": client.csrf(),  # type: ignore[attr-defined]
        "clave": clave,
        "valor": "9.000",
        "banco": "Banco de prueba",
        "fecha": HOY.isoformat(),
        "referencia": "00-778899",
    } | otros
    if contenido is not None:
        datos["archivo"] = (BytesIO(contenido), "slip.pdf")
    return client.post(NUEVA, data=datos, content_type="multipart/form-data")


def publicar(client: FlaskClient, numero: int, accion: str, **datos: object) -> TestResponse:
    token = client.csrf()  # type: ignore[attr-defined]
    return client.post(f"{TESORERIA}/{numero}/{accion}", data={"csrf_token": token, **datos})


def estado(una: Consignacion) -> EstadoConsignacion:
    db.session.rollback()
    return db.session.get_one(Consignacion, una.id).estado


def test_la_entidad_envia_su_consignacion_y_la_ve_en_el_mes(client: FlaskClient) -> None:
    ingresa_agente(client)
    assert 'value="9.000"' in client.get(NUEVA).text
    respuesta = enviar(client, pdf())
    assert (respuesta.status_code, respuesta.headers["Location"]) == (303, DEL_MES)
    una = db.session.scalars(select(Consignacion)).one()
    assert (una.referencia, una.valor, una.mes, una.estado) == ("778899", 9000, mes_de(HOY), _E.RECIBIDA)
    pagina = client.get(DEL_MES).text
    assert "En revisión" in pagina
    assert "778899" in pagina
    assert "Por consignar" in pagina
    # What was sent needs not be sent again.
    assert 'name="valor" type="text" value=""' in client.get(NUEVA).text
    assert "778899" in client.get("/gestion/agentes/consignaciones").text


def test_lo_escrito_se_conserva_y_se_dice_que_el_archivo_no(client: FlaskClient) -> None:
    ingresa_agente(client)
    for contenido, otros, dice in (
        (None, {}, "Elija el comprobante del banco, en PDF."),
        (png(), {}, "debe ser un PDF"),
        (pdf(), {"fecha": "2999-01-01"}, "no puede ser futura"),
        (pdf(), {"valor": "0"}, "mayor que cero"),
        (pdf(), {"referencia": "¡!"}, "número del comprobante"),
    ):
        respuesta = enviar(client, contenido, **otros)
        assert respuesta.status_code == 422
        assert dice in respuesta.text
        assert "Hay un problema" in respuesta.text
        assert "Banco de prueba" in respuesta.text
        assert "Elíjalo de nuevo" in respuesta.text
    assert db.session.scalars(select(Consignacion)).all() == []


def test_enviar_dos_veces_el_mismo_formulario_es_una_consignacion(client: FlaskClient) -> None:
    ingresa_agente(client)
    clave = "a" * 22
    assert [enviar(client, pdf(), clave=clave).status_code for _ in range(2)] == [303, 303]
    assert len(db.session.scalars(select(Consignacion)).all()) == 1
    assert enviar(client, pdf(), clave=clave, valor="8.000").status_code == 409
    assert enviar(client, pdf(), clave="corta").status_code == 422


def test_un_comprobante_usado_por_otra_entidad_no_dice_por_quien(client: FlaskClient) -> None:
    ajena, quien = con_deuda()
    enviada(quien)
    nombre = ajena.nombre
    ingresa_agente(client)
    respuesta = enviar(client, pdf())
    assert respuesta.status_code == 422
    assert "Ese comprobante ya se usó en otra consignación." in respuesta.text
    assert nombre not in respuesta.text


@pytest.mark.parametrize("mes", ["2019-01", "2999-01", "2025-13", "hoy"])
def test_un_mes_que_no_es_suyo_no_existe(client: FlaskClient, mes: str) -> None:
    ingresa_agente(client)
    assert client.get(f"/gestion/agentes/meses/{mes}/consignaciones").status_code == 404
    assert client.get(f"/gestion/agentes/meses/{mes}/consignaciones/nueva").status_code == 404


def test_su_comprobante_se_descarga_y_el_de_otra_entidad_no_existe_y_queda_anotado(client: FlaskClient) -> None:
    _, ajeno = con_deuda()
    ajena = enviada(ajeno).codigo
    _, yo = ingresa_agente(client)
    yo_id = yo.id
    enviar(client, pdf(), referencia="31415")
    propia = db.session.scalars(select(Consignacion.codigo).where(Consignacion.referencia == "31415")).one()
    respuesta = client.get(f"/gestion/agentes/consignaciones/{propia}/comprobante")
    assert (respuesta.status_code, respuesta.data) == (200, pdf())
    assert respuesta.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in respuesta.headers["Content-Security-Policy"]
    assert client.get(f"/gestion/agentes/consignaciones/{ajena}/comprobante").status_code == 404
    assert client.get("/gestion/agentes/consignaciones/nada/comprobante").status_code == 404
    anotado = db.session.scalars(select(Bitacora).where(Bitacora.accion == "acceso_ajeno")).one()
    assert (anotado.usuario_id, anotado.detalle["ruta"]) == (yo_id, "consignaciones.soporte")
    assert ajena not in client.get(DEL_MES).text


def test_el_rechazo_se_lee_con_su_motivo(client: FlaskClient) -> None:
    _, yo = ingresa_agente(client)
    rechazada(enviada(db.session.get_one(Usuario, yo.id)), "El valor no se lee")
    for pagina in (DEL_MES, "/gestion/agentes/consignaciones"):
        assert "El valor no se lee" in client.get(pagina).text


def test_una_cuenta_sin_entidad_lo_lee_con_sus_palabras(client: FlaskClient) -> None:
    ingresar(client, "agente")
    for direccion, codigo in (("/gestion/agentes/consignaciones", 200), (DEL_MES, 409), (NUEVA, 409)):
        respuesta = client.get(direccion)
        assert respuesta.status_code == codigo
        assert "vinculada" in respuesta.text


def test_tesoreria_acepta_con_la_linea_que_coincide(client: FlaskClient) -> None:
    _, quien = con_deuda()
    linea = del_banco()
    una = enviada(quien)
    linea_id = linea.id
    ingresar(client, "tesoreria")
    assert "una consignación" in client.get("/gestion/tesoreria").text
    assert "Coincide" in client.get(TESORERIA).text
    detalle = client.get(f"{TESORERIA}/{una.numero}").text
    assert "Aceptar con esta línea" in detalle
    assert "Mismo comprobante, mismo valor" in detalle
    respuesta = publicar(client, una.numero, "aceptar", linea=linea_id)
    assert respuesta.status_code == 303
    assert estado(una) is _E.ACEPTADA
    assert f"recaudo {linea.recaudo_id}" in client.get(f"{TESORERIA}/{una.numero}").text
    assert "una consignación" not in client.get("/gestion/tesoreria").text
    assert publicar(client, una.numero, "aceptar").status_code == 409
    assert publicar(client, una.numero, "rechazar", motivo="no").status_code == 409


def test_lo_aceptado_sin_linea_espera_en_su_lista_hasta_casarlo(client: FlaskClient) -> None:
    _, quien = con_deuda()
    una = enviada(quien)
    ingresar(client, "tesoreria")
    assert publicar(client, una.numero, "aceptar").status_code == 303
    assert (cuantas(Cuales.RECIBIDAS), cuantas(Cuales.SIN_LINEA), cuantas(Cuales.RESUELTAS)) == (0, 1, 0)
    lista = client.get(f"{TESORERIA}?filtro=sin-linea").text
    assert "No ha llegado" in lista
    assert "$9.000" in lista
    linea = del_banco(referencia="555")
    linea_id = linea.id
    assert "Otro número" in client.get(f"{TESORERIA}?filtro=sin-linea").text
    assert publicar(client, una.numero, "casar").status_code == 409
    assert publicar(client, una.numero, "casar", linea="999999").status_code == 409
    assert publicar(client, una.numero, "casar", linea=linea_id).status_code == 303
    assert (cuantas(Cuales.SIN_LINEA), cuantas(Cuales.RESUELTAS)) == (0, 1)
    assert str(una.numero) in client.get(f"{TESORERIA}?filtro=resueltas").text


def test_rechazar_y_deshacer_piden_su_motivo(client: FlaskClient) -> None:
    _, quien = con_deuda()
    una, otra = enviada(quien), enviada(quien, referencia="31415")
    aceptada(otra)
    ingresar(client, "tesoreria")
    for cual, accion in ((una, "rechazar"), (otra, "deshacer")):
        assert publicar(client, cual.numero, accion, motivo=" ").status_code == 422
        assert publicar(client, cual.numero, accion, motivo="El banco no la muestra").status_code == 303
        assert estado(cual) is _E.RECHAZADA
        assert "El banco no la muestra" in client.get(f"{TESORERIA}/{cual.numero}").text


@pytest.mark.parametrize("rol", ["auditor", "administrador"])
def test_quien_solo_lee_no_ve_botones_ni_puede_decidir(client: FlaskClient, rol: str) -> None:
    _, quien = con_deuda()
    del_banco()
    una = enviada(quien)
    ingresar(client, rol)
    detalle = client.get(f"{TESORERIA}/{una.numero}").text
    assert "Coincide" in detalle
    assert "<button" not in detalle.split("<main")[1].split("</main>")[0]
    assert client.get(f"{TESORERIA}/{una.numero}/comprobante").data == pdf()
    for accion in ("aceptar", "casar", "rechazar", "deshacer"):
        assert publicar(client, una.numero, accion, motivo="x").status_code == 403
    assert client.get(NUEVA).status_code == 403


def test_ni_la_entidad_ni_rentas_entran_a_lo_de_tesoreria(client: FlaskClient) -> None:
    _, quien = con_deuda()
    una = enviada(quien)
    ingresar(client, "rentas")
    for direccion in (TESORERIA, f"{TESORERIA}/{una.numero}", f"{TESORERIA}/{una.numero}/comprobante"):
        assert client.get(direccion).status_code == 403


def test_lo_que_no_existe_no_existe(client: FlaskClient) -> None:
    ingresar(client, "tesoreria")
    for numero in (99, 10**30):
        assert client.get(f"{TESORERIA}/{numero}").status_code == 404
    assert "No hay consignaciones" in client.get(f"{TESORERIA}?filtro=otra&pagina=9").text


def test_el_caso_del_dinero_sin_dueno_lleva_a_las_consignaciones(client: FlaskClient) -> None:
    _, quien = con_deuda()
    linea = del_banco(referencia="555")
    numero = db.session.scalars(select(Caso.numero)).one()
    una = enviada(quien)
    ingresar(client, "tesoreria")
    enlace = "Consignaciones de agentes por revisar"
    assert enlace in client.get(f"/gestion/tesoreria/casos/{numero}").text
    aceptada(una, linea)
    assert enlace not in client.get(f"/gestion/tesoreria/casos/{numero}").text
