"""`/gestion/auditoria`: who did what, with a link to it, filters in the address, and the export."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from portal.blueprints.auditoria.views import PAGINAS
from portal.db import db
from portal.dominio.calendario import BOGOTA
from portal.models import Agente, Bitacora, Declaracion, DiaNoHabil, Retencion
from portal.operaciones import auditoria
from tests import fabricas
from tests.auditoria import PERIODO, agentes_movidos, anotado, faltas, periodo_movido
from tests.conftest import ingresar
from tests.devoluciones import doble, pedir
from tests.fabricas import AHORA, HOY
from tests.navegador_de_pruebas import ClienteEstricto

RUTA = "/gestion/auditoria"


@pytest.fixture
def auditor(client: ClienteEstricto) -> ClienteEstricto:
    ingresar(client, "auditor")
    return client


def cuantas(accion: str) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Bitacora.id)).where(Bitacora.accion == accion)) or 0


def filas(html: str) -> list[str]:
    return re.findall(r"<tr>\s*<td.*?</tr>", html, re.DOTALL)


@pytest.mark.parametrize("rol", ["auditor", "administrador"])
def test_se_lee_quien_hizo_que_con_enlace(client: ClienteEstricto, rol: str) -> None:
    periodo_movido()
    quien = ingresar(client, rol)
    pago = fabricas.pago(fabricas.liquidacion())
    anotado(objeto=f"pago:{pago.id}", usuario_id=quien.id, peticion="abc123", nota="algo")
    fila = next(f for f in filas(client.get(RUTA).text) if "abc123" in f)
    for texto in (quien.nombre, "Vio un pago", "nota: algo", f'href="/gestion/tesoreria/pagos/{pago.referencia}"'):
        assert texto in fila
    assert "Por sellar" in fila


def test_cada_enlace_lleva_a_una_pagina_que_se_abre(auditor: ClienteEstricto) -> None:
    una = fabricas.contrato()
    pago = fabricas.pago(una)
    devolucion = pedir(doble())
    for accion, objeto in (
        ("liquidacion.emitir", f"liquidacion:{una.numero}"),
        ("validacion.ver", f"liquidacion:{una.id}"),
        ("factura.ver", f"factura:{una.facturas[0].numero}"),
        ("pago.ver", f"pago:{pago.id}"),
        ("devolucion.mirar", f"devolucion:{devolucion.id}"),
    ):
        anotado(accion, objeto)
    enlaces = set(re.findall(r'<td data-titulo="Sobre qué"><span><a href="([^"]+)"', auditor.get(RUTA).text))
    assert f"/gestion/liquidaciones/{una.codigo}" in enlaces
    assert len(enlaces) >= 3
    for enlace in enlaces:
        assert auditor.get(enlace).status_code == 200, enlace


@pytest.mark.parametrize("rol", ["auditor", "administrador"])
def test_lo_de_los_agentes_y_el_calendario_tiene_enlace(client: ClienteEstricto, rol: str) -> None:
    agentes_movidos()
    agente, retencion = db.session.get_one(Agente, 1), db.session.get_one(Retencion, 1)
    corregida = db.session.get_one(Declaracion, 3)
    paginas = {
        "agente:1": f"/gestion/agentes/registro/{agente.codigo}",
        "retencion:1": f"/gestion/liquidaciones/{retencion.liquidacion.codigo}",
        "consignacion:2": "/gestion/tesoreria/consignaciones/2",
        "declaracion:3": f"/gestion/agentes/{agente.codigo}/{corregida.mes:%Y-%m}?version=2",
        "dia_no_habil:1": f"/gestion/calendario?ano={db.session.get_one(DiaNoHabil, 1).dia.year}",
        "contingencia:1": f"/gestion/calendario?ano={AHORA.astimezone(BOGOTA).year}",
    }
    ingresar(client, rol)
    for objeto, direccion in paginas.items():
        pagina = client.get(RUTA, query_string=_mes() | {"objeto": objeto}).text
        assert f'<a href="{direccion}">' in pagina, objeto
        assert client.get(direccion).status_code == 200, objeto


def test_lo_que_un_rol_no_abre_no_tiene_enlace(client: ClienteEstricto) -> None:
    devolucion = pedir(doble())
    ingresar(client, "administrador")
    pagina = client.get(RUTA, query_string={"objeto": f"devolucion:{devolucion.id}"} | _mes()).text
    assert f"devolucion:{devolucion.id}" in pagina
    assert "/gestion/tesoreria/devoluciones/" not in pagina


def test_cada_clase_con_pagina_la_tiene(app: Flask) -> None:
    assert set(PAGINAS) == set(auditoria._PAGINAS)
    assert set(PAGINAS.values()) <= set(app.view_functions)


def _mes() -> dict[str, str]:
    return {"desde": str(PERIODO.desde), "hasta": str(HOY + timedelta(days=1))}


def test_los_filtros_van_en_la_direccion(auditor: ClienteEstricto) -> None:
    for i in range(30):
        anotado(objeto=f"pago:{i}")
    anotado("caso.tomar", "caso:1", ahora=AHORA - timedelta(days=40))
    todos = auditor.get(RUTA, query_string=_mes() | {"accion": "pago.ver"}).text
    assert "30 anotaciones" in todos
    assert len(filas(todos)) == 25
    assert len(filas(auditor.get(RUTA, query_string=_mes() | {"accion": "pago.ver", "pagina": "2"}).text)) == 5
    assert "accion=pago.ver" in todos
    assert len(filas(auditor.get(RUTA, query_string=_mes() | {"objeto": "pago:7"}).text)) == 1
    assert "caso:1" not in auditor.get(RUTA, query_string=_mes()).text
    cuenta = db.session.scalar(select(Bitacora.usuario_id).where(Bitacora.accion == "ingreso"))
    propias = auditor.get(RUTA, query_string=_mes() | {"cuenta": str(cuenta)}).text
    assert "Ingresó al portal" in propias
    assert "Vio un pago" not in "".join(filas(propias))


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [
        ({"desde": "ayer"}, "fecha"),
        ({"desde": "2026-02-02", "hasta": "2026-02-01"}, "igual o posterior"),
        ({"objeto": "pago 7; DROP"}, "por ejemplo pago:17"),
        ({"accion": "nada"}, "Hay un problema"),
        ({"cuenta": "persona@correo.test"}, "Hay un problema"),
    ],
)
def test_un_filtro_malo_se_dice_y_no_muestra_nada(auditor: ClienteEstricto, cambio: dict[str, str], dice: str) -> None:
    respuesta = auditor.get(RUTA, query_string=_mes() | cambio)
    assert respuesta.status_code == 422
    assert dice in respuesta.text
    assert filas(respuesta.text) == []


def test_mirar_se_anota_una_vez_al_dia(auditor: ClienteEstricto) -> None:
    for _ in range(3):
        auditor.get(RUTA)
    assert cuantas("auditoria.mirar") == 1


def test_el_estado_de_las_cadenas_se_ve(auditor: ClienteEstricto, runner: FlaskCliRunner) -> None:
    periodo_movido()
    assert auditor.get(RUTA).text.count("Nunca se ha comprobado.") == 2
    assert runner.invoke(args=["auditoria", "verificar"]).exit_code == 0
    pagina = auditor.get(RUTA).text
    assert pagina.count("Comprobada entera el") == 2
    assert re.search(r"Sello \d", pagina)


def test_exportar_da_un_archivo_que_verifica_y_queda_anotado(auditor: ClienteEstricto) -> None:
    periodo_movido()
    respuesta = auditor.enviar(f"{RUTA}/exportar", {"desde": str(PERIODO.desde), "hasta": str(PERIODO.hasta)})
    assert (respuesta.status_code, respuesta.mimetype) == (200, "application/zip")
    assert f"auditoria-{PERIODO.desde}-{PERIODO.hasta}.zip" in respuesta.headers["Content-Disposition"]
    assert faltas(respuesta.data) == []
    with zipfile.ZipFile(io.BytesIO(respuesta.data)) as paquete:
        assert b"Cuenta de auditor" in paquete.read("manifiesto.json")
    assert cuantas("auditoria.exportar") == 1
    respuesta.close()


@pytest.mark.parametrize(("desde", "hasta"), [("", ""), ("2026-02-02", "2026-02-01"), ("2024-01-01", "2026-01-01")])
def test_un_periodo_malo_no_exporta(auditor: ClienteEstricto, desde: str, hasta: str) -> None:
    respuesta = auditor.enviar(f"{RUTA}/exportar", {"desde": desde, "hasta": hasta})
    assert respuesta.status_code == 422
    assert "Hay un problema" in respuesta.text
    assert cuantas("auditoria.exportar") == 0


@pytest.mark.parametrize("rol", ["rentas", "tesoreria", "funcionario", "agente"])
def test_los_demas_no_entran(client: ClienteEstricto, rol: str) -> None:
    ingresar(client, rol)
    assert client.get(RUTA).status_code == 403
    assert client.enviar(f"{RUTA}/exportar", {}).status_code == 403


def test_el_auditor_lee_una_devolucion_sin_la_cuenta_ni_nada_que_hacer(auditor: ClienteEstricto) -> None:
    una = pedir(doble())
    pagina = auditor.get(f"/gestion/tesoreria/devoluciones/{una.numero}").text.split("<main")[1].split("</main>")[0]
    assert una.explicacion in pagina
    for oculto in ("123456789", "1.212.312.323", "Prueba Pagadora", "prueba@correo.test", "Guardar", "<form"):
        assert oculto not in pagina
    assert auditor.get(f"/gestion/tesoreria/devoluciones/{una.numero}/certificacion").status_code == 403
    assert cuantas("devolucion.mirar") == 1


def test_el_auditor_lee_un_reclamo_sin_a_quien_responder(client: ClienteEstricto) -> None:
    client.enviar("/pago/no-aparece", {"dato": "998877", "correo": "ana@correo.test", "telefono": "3009998877"})
    ingresar(client, "auditor")
    numero = re.findall(r"/gestion/tesoreria/reclamos/(\d+)", client.get("/gestion/tesoreria/reclamos").text)[0]
    pagina = client.get(f"/gestion/tesoreria/reclamos/{numero}").text.split("<main")[1].split("</main>")[0]
    assert "998877" in pagina
    assert "ana@correo.test" not in pagina
    assert "3009998877" not in pagina
