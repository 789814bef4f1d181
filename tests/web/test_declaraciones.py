"""The agent's months at the screens: filed in one tap, corrected, accepted or given back, and nobody else's."""

import re
from base64 import b64decode
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.declaraciones import EstadoDeclaracion
from portal.models import Agente, Bitacora, Declaracion, Usuario
from portal.operaciones import claves
from portal.operaciones.agentes import versiones
from portal.web.departamento import ajustes_actuales
from tests.agentes import agente, retenida
from tests.conftest import ingresar
from tests.declaraciones import ANTES, MES, abiertas, borrador, corregida, del_mes, presentada
from tests.documentos.lectura import codigos_qr, texto
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_liquidar import texto_de

MESES = "/gestion/agentes/meses"
DEL_ANO = f"{MESES}?ano={MES.year}"


@pytest.fixture
def entidad(app: Flask) -> Agente:
    return agente(desde=ANTES)


@pytest.fixture
def persona(client: ClienteEstricto, entidad: Agente) -> Usuario:
    """Who works for the entity, signed in."""
    quien = ingresar(client, "agente")
    with transaccion():
        db.session.get_one(Usuario, quien.id).agente_id = entidad.id
    return quien


def direccion(de: Agente, cola: str = "", mes: str = f"{MES:%Y-%m}") -> str:
    return f"/gestion/agentes/{de.codigo}/{mes}{cola}"


def visto(pagina: str) -> str:
    hallado = re.search(r'name="visto" value="([0-9a-f]{64})"', pagina)
    assert hallado, pagina
    return hallado[1]


def presentar(client: ClienteEstricto, de: Agente) -> Declaracion:
    pagina = client.get(direccion(de)).text
    respuesta = client.enviar(direccion(de, "/presentar"), {"visto": visto(pagina)})
    assert respuesta.status_code == 303, respuesta.text
    return versiones.de_mes(de, MES)


def test_la_entidad_ve_sus_meses_sin_que_nadie_los_haya_abierto(
    client: ClienteEstricto, persona: Usuario, entidad: Agente
) -> None:
    assert client.get("/gestion/agentes").headers["Location"] == MESES
    pagina = texto_de(client.get(MESES).text) + texto_de(client.get(DEL_ANO).text)
    assert entidad.nombre in pagina
    assert "Mes en curso" in pagina
    assert "Presentar en cero" in pagina
    assert "Sin fecha límite" in pagina


def test_una_cuenta_sin_entidad_sabe_que_pedir(client: ClienteEstricto) -> None:
    ingresar(client, "agente")
    assert "aún no está vinculada a una entidad" in texto_de(client.get(MESES).text)


def test_un_mes_sin_operaciones_se_presenta_en_cero_de_un_toque(
    client: ClienteEstricto, persona: Usuario, entidad: Agente
) -> None:
    pagina = client.get(DEL_ANO).text
    formulario = pagina[pagina.index(direccion(entidad, "/presentar")) :]
    datos = {"visto": visto(formulario), "version": "1"}
    for _ in range(2):
        respuesta = client.enviar(direccion(entidad, "/presentar"), datos)
        assert respuesta.status_code == 303
    una = versiones.de_mes(entidad, MES)
    assert (una.estado, una.declarado, una.numero) == (EstadoDeclaracion.PRESENTADO, 0, 1)
    assert "Se declaró en cero" in texto_de(client.get(respuesta.location).text)


def test_un_mes_con_movimientos_no_se_presenta_en_cero(
    client: ClienteEstricto, persona: Usuario, entidad: Agente
) -> None:
    retenida(del_mes(entidad), persona, fecha=MES.replace(day=20))
    del_mes(entidad, (100,), mes=ANTES)
    pagina = client.get(DEL_ANO).text
    assert "Presentar en cero" not in pagina
    assert "Revisar y presentar" in pagina


def test_la_pagina_del_mes_es_la_revision_y_presenta_lo_que_muestra(
    client: ClienteEstricto, persona: Usuario, entidad: Agente
) -> None:
    una = del_mes(entidad)
    retenida(una, persona, fecha=MES.replace(day=20), numeros=(una.facturas[0].numero,))
    abiertas(entidad)
    pagina = client.get(direccion(entidad))
    leido = texto_de(pagina.text)
    assert "$5.000 liquidados en el mes no se han retenido ni pagado todavía." in leido
    assert "$4.000 retenidos no tienen todavía una consignación aceptada." in leido
    assert f"/liquidacion/{una.codigo}" in pagina.text
    assert "Presentar: $4.000" in leido
    hecha = presentar(client, entidad)
    assert hecha.declarado == 4000
    assert hecha.huella in client.get(direccion(entidad)).text


def test_lo_que_cambio_mientras_se_revisaba_no_se_presenta(
    client: ClienteEstricto, persona: Usuario, entidad: Agente
) -> None:
    abiertas(entidad)
    antes = visto(client.get(direccion(entidad)).text)
    retenida(del_mes(entidad), persona, fecha=MES.replace(day=20))
    respuesta = client.enviar(direccion(entidad, "/presentar"), {"visto": antes})
    assert respuesta.status_code == 409
    assert "cambiaron mientras usted las revisaba" in texto_de(respuesta.text)
    assert "Presentar: $9.000" in texto_de(respuesta.text)
    assert versiones.de_mes(entidad, MES).estado is EstadoDeclaracion.BORRADOR


def test_el_mes_en_curso_no_ofrece_presentarse(client: ClienteEstricto, persona: Usuario, entidad: Agente) -> None:
    abiertas(entidad)
    ultimo = versiones.de_mes(entidad, max(d.mes for d in db.session.scalars(select(Declaracion))))
    pagina = client.get(direccion(entidad, mes=f"{ultimo.mes:%Y-%m}")).text
    assert "todavía puede cambiar" in texto_de(pagina)
    assert 'name="visto"' not in pagina


def test_de_la_devolucion_a_la_version_corregida(client: ClienteEstricto, persona: Usuario, entidad: Agente) -> None:
    abiertas(entidad)
    presentar(client, entidad)
    client.get("/salir")
    rentas = client.application.test_client()
    ingresar(rentas, "rentas")
    pagina = texto_de(rentas.get(direccion(entidad)).text)
    assert "Aceptar" in pagina
    assert rentas.enviar(direccion(entidad, "/aceptar"), {"version": "1"}).status_code == 303
    assert "Pedir corrección" in texto_de(rentas.get(direccion(entidad)).text)
    assert rentas.enviar(direccion(entidad, "/devolver?version=1"), {"motivo": " "}).status_code == 422
    assert rentas.enviar(direccion(entidad, "/devolver?version=1"), {"motivo": "Falta la OP 45"}).status_code == 303
    assert "Motivo: Falta la OP 45" in texto_de(client.get(direccion(entidad)).text)
    assert client.get(direccion(entidad, "/corregir")).status_code == 200
    respuesta = client.enviar(direccion(entidad, "/corregir"), {"motivo": "Faltó la OP 45"})
    assert respuesta.location.endswith("version=2")
    retenida(del_mes(entidad), persona, fecha=MES.replace(day=20))
    assert "Corrección en borrador" in texto_de(client.get(DEL_ANO).text)
    assert "tiene abierta una corrección" in texto_de(rentas.get(direccion(entidad)).text)
    assert presentar(client, entidad).version == 2
    primera = texto_de(client.get(direccion(entidad, "?version=1")).text)
    assert "Otra versión la reemplazó" in primera
    assert rentas.enviar(direccion(entidad, "/aceptar"), {"version": "1"}).status_code == 409


def test_lo_de_otra_entidad_no_existe_y_queda_anotado(
    client: ClienteEstricto, persona: Usuario, entidad: Agente
) -> None:
    otra = agente(desde=ANTES)
    una = borrador(otra)
    rutas = ["", "/1.pdf", "?version=1", "/corregir"]
    for cola in rutas:
        assert client.get(direccion(otra, cola)).status_code == 404
    for cola in ("/presentar", "/corregir"):
        assert client.enviar(direccion(otra, cola), {"motivo": "x", "visto": "0" * 64}).status_code == 404
    db.session.rollback()
    assert versiones.de_mes(otra, MES).id == una.id
    notas = db.session.scalars(select(Bitacora).where(Bitacora.accion == "acceso_ajeno")).all()
    assert len(notas) == len(rutas) + 2
    assert {(n.usuario_id, n.objeto) for n in notas} == {(persona.id, f"agente:{otra.id}")}


@pytest.mark.parametrize("cola", ["?version=9", "?version=99999999999999999999", "/99999999999999999999.pdf", "/9.pdf"])
def test_lo_que_no_hay_no_se_encuentra(client: ClienteEstricto, persona: Usuario, entidad: Agente, cola: str) -> None:
    abiertas(entidad)
    assert client.get(direccion(entidad, cola)).status_code == 404
    for mes in ("2026-13", "0000-01", "mes", "1999-01"):
        assert client.get(direccion(entidad, mes=mes)).status_code == 404
    assert client.get("/gestion/agentes/no-existe/2026-10").status_code == 404


@pytest.mark.parametrize("rol", ["rentas", "tesoreria", "auditor", "administrador"])
def test_el_departamento_lee_los_meses_de_todas_las_entidades(
    client: ClienteEstricto, entidad: Agente, rol: str
) -> None:
    abiertas(entidad)
    ingresar(client, rol)
    assert f"/gestion/agentes/{entidad.codigo}" in client.get("/gestion/agentes").text
    assert direccion(entidad) in client.get(f"/gestion/agentes/{entidad.codigo}").text
    pagina = client.get(direccion(entidad)).text
    assert 'name="visto"' not in pagina
    assert "Abrir corrección" not in pagina


def test_el_papel_y_su_pagina_publica_dicen_lo_mismo(
    client: ClienteEstricto, persona: Usuario, entidad: Agente
) -> None:
    retenida(del_mes(entidad), persona, fecha=MES.replace(day=20))
    una = presentada(borrador(entidad), persona)
    papel = client.get(direccion(entidad, "/1.pdf"))
    assert papel.mimetype == "application/pdf"
    assert papel.data == client.get(direccion(entidad, "/1.pdf")).data
    (leida,) = codigos_qr(papel.data, 150)
    assert leida == f"http://localhost/declaracion/{una.codigo}"
    publica = texto_de(client.application.test_client().get(leida.removeprefix("http://localhost")).text)
    assert una.huella
    for dato in (entidad.nombre, "$9.000", "Presentado", una.huella):
        assert dato in publica
    assert persona.nombre not in publica
    assert una.huella in texto(papel.data).replace(" ", "")
    corregida(entidad, persona)
    presentada(versiones.de_mes(entidad, MES), persona)
    publica = texto_de(client.get(leida.removeprefix("http://localhost")).text)
    assert "La entidad la corrigió" in publica


def test_un_borrador_no_tiene_pagina_publica_ni_qr(client: ClienteEstricto, persona: Usuario, entidad: Agente) -> None:
    una = borrador(entidad)
    assert client.get(f"/declaracion/{una.codigo}").status_code == 404
    assert client.get("/declaracion/nada").status_code == 404
    papel = client.get(direccion(entidad, "/1.pdf")).data
    assert codigos_qr(papel, 100) == []
    assert "BORRADOR" in texto(papel)
    with pikepdf.open(BytesIO(papel)) as documento:
        assert documento.Root.MarkInfo.Marked


def test_adivinar_codigos_se_frena(client: ClienteEstricto) -> None:
    limite = ajustes_actuales().consultas_limite
    estados = [client.get("/declaracion/AAAA-BBBB-CCCC").status_code for _ in range(limite + 1)]
    assert estados == [404] * limite + [429]


def test_la_orden_abre_los_meses_y_repetida_no_cambia_nada(app: Flask, entidad: Agente) -> None:
    runner = app.test_cli_runner()
    assert "Declaraciones abiertas: 3." in runner.invoke(args=["agentes", "abrir"]).output
    assert "Declaraciones abiertas: 0." in runner.invoke(args=["agentes", "abrir"]).output
    otra = agente(desde=ANTES)
    assert "Declaraciones abiertas: 1." in runner.invoke(args=["agentes", "abrir", "--hasta", f"{ANTES:%Y-%m}"]).output
    db.session.expire_all()
    assert db.session.get_one(Agente, otra.id).abierto_hasta == ANTES
    assert "Abre la declaración" in runner.invoke(args=["agentes", "--help"]).output


def test_la_huella_va_firmada_y_cualquiera_la_comprueba(
    client: ClienteEstricto, persona: Usuario, entidad: Agente
) -> None:
    abiertas(entidad)
    hecha = presentar(client, entidad)
    assert hecha.firma_huella is not None
    pem = client.get("/claves/estampillas.pem").text
    firma = b64decode(hecha.firma_huella)
    assert claves.firmo(pem, f"DECLARACION-MENSUAL-1\n{hecha.huella}".encode(), firma)
    assert not claves.firmo(pem, (hecha.huella or "").encode(), firma)
    publica = client.get(f"/declaracion/{hecha.codigo}").text
    assert "Vale, con la clave" in texto_de(publica)
    assert hecha.firma_huella in publica
    papel = client.get(direccion(entidad, "/1.pdf")).data
    assert hecha.firma_huella[:20] in "".join(texto(papel).split())
