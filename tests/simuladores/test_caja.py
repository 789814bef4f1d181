"""The pages of the simulator as a person meets them, the one notification, and the panel that plays the bank."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from portal.pasarelas.base import EstadoPasarela, PagoIniciado, Pasarela
from portal.pasarelas.registro import crear
from tests.navegador_de_pruebas import revisar_html
from tests.pasarelas.pedidos import solicitud
from tests.servidores import Buzon, SimuladorEnMarcha, buzon_de_avisos, esperar, simulador_placetopay


@pytest.fixture
def buzon() -> Iterator[Buzon]:
    with buzon_de_avisos() as propio:
        yield propio


@contextmanager
def _en_marcha(carpeta: Path, **ajustes: str) -> Iterator[tuple[SimuladorEnMarcha, Pasarela, PagoIniciado]]:
    with simulador_placetopay(carpeta, **ajustes) as simulador:
        pasarela = crear("placetopay", simulador.ajustes)
        yield simulador, pasarela, pasarela.iniciar(solicitud())


@pytest.mark.parametrize("firma", ["sha256", "sha1"])
def test_avisa_una_sola_vez_con_una_firma_que_el_portal_reconoce(tmp_path: Path, buzon: Buzon, firma: str) -> None:
    with _en_marcha(tmp_path, notificar_url=buzon.url, firma=firma) as (simulador, pasarela, iniciado):
        simulador.decidir(iniciado.url, "rechazar")
        assert simulador.sesiones()[0]["notificacion"] is None
        simulador.decidir(iniciado.url, "aprobar")
        assert simulador.sesiones()[0]["respuesta"] == "200"
    (cuerpo,) = buzon.recibidos
    assert json.loads(cuerpo)["signature"].startswith("sha256:") is (firma == "sha256")
    aviso = pasarela.interpretar_notificacion({}, cuerpo)
    assert (aviso.id_pasarela, aviso.referencia, aviso.estado) == (
        iniciado.id_pasarela,
        "L238076-ABCDEFGHIJ",
        "APPROVED",
    )


def test_no_repite_el_aviso_aunque_el_comercio_falle(tmp_path: Path, buzon: Buzon) -> None:
    buzon.estado = 500
    with _en_marcha(tmp_path, notificar_url=buzon.url) as (simulador, pasarela, iniciado):
        simulador.decidir(iniciado.url, "aprobar")
        assert simulador.sesiones()[0]["respuesta"] == "500"
        pasarela.consultar(iniciado.id_pasarela)
    assert len(buzon.recibidos) == 1


def test_avisa_lo_que_termina_por_vencimiento_y_por_cancelacion(tmp_path: Path, buzon: Buzon) -> None:
    with _en_marcha(tmp_path, notificar_url=buzon.url) as (simulador, pasarela, iniciado):
        simulador.control("caducar", sesion=int(iniciado.id_pasarela))
        simulador.decidir(pasarela.iniciar(solicitud(referencia="L2-B")).url, "cancelar")
        simulador.sesiones()
    assert sorted(json.loads(c)["status"]["reason"] for c in buzon.recibidos) == ["?C", "EX"]


def test_con_las_notificaciones_apagadas_solo_se_sabe_preguntando(tmp_path: Path, buzon: Buzon) -> None:
    with _en_marcha(tmp_path, notificar_url=buzon.url) as (simulador, pasarela, iniciado):
        simulador.control("notificaciones", silencio=True)
        simulador.decidir(iniciado.url, "aprobar")
        assert simulador.sesiones()[0]["notificacion"] is None
        assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.APROBADO
    assert buzon.recibidos == []


@pytest.mark.parametrize(("luego", "estado"), [("aprobar", "APPROVED"), ("rechazar", "REJECTED")])
def test_un_pendiente_se_resuelve_solo_y_avisa(tmp_path: Path, buzon: Buzon, luego: str, estado: str) -> None:
    with _en_marcha(tmp_path, notificar_url=buzon.url, intentos="1", aceleracion="10") as (simulador, _, iniciado):
        assert simulador.decidir(iniciado.url, f"pendiente_{luego}", segundos=5) == "http://localhost/pago/abc"
        assert simulador.sesiones()[0]["estado"] == "PENDING"
        esperar(lambda: simulador.sesiones()[0]["respuesta"] is not None)
    assert [json.loads(c)["status"]["status"] for c in buzon.recibidos] == [estado]


def test_el_panel_decide_lo_pendiente_y_apaga_los_avisos(tmp_path: Path) -> None:
    with _en_marcha(tmp_path) as (simulador, pasarela, iniciado):
        simulador.decidir(iniciado.url, "pendiente")
        with httpx2.Client(base_url=simulador.url, trust_env=False, follow_redirects=True) as navegador:
            panel = navegador.get("/panel").text
            accion = re.search(r'action="(/panel/transacciones/\d+)"', panel)
            assert accion
            panel = navegador.post("/panel/notificaciones", data={"silencio": "si"}).text
            assert "se pierden" in panel
            panel = navegador.post(accion[1], data={"decision": "aprobar"}).text
            assert "La petición ha sido aprobada exitosamente" in panel
            assert navegador.post(accion[1], data={"decision": "rechazar"}).status_code == 200
        assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.APROBADO


def test_todas_las_paginas_son_html_correcto_y_dicen_que_nada_es_real(tmp_path: Path) -> None:
    with _en_marcha(tmp_path) as (simulador, _, iniciado), httpx2.Client(trust_env=False) as navegador:
        paginas = [navegador.get(iniciado.url), navegador.get(f"{iniciado.url}/banco/1007")]
        paginas += [navegador.post(iniciado.url, data={"banco": "0"}), navegador.get(f"{simulador.url}/panel")]
        paginas += [navegador.post(f"{iniciado.url}/banco/1007", data={"decision": "robar"})]
        simulador.decidir(iniciado.url, "pendiente")
        paginas += [navegador.get(iniciado.url), navegador.get(f"{simulador.url}/panel")]
        simulador.control("resolver", sesion=int(iniciado.id_pasarela), decision="aprobar")
        paginas += [navegador.get(iniciado.url), navegador.get(f"{simulador.url}/session/1/{'0' * 32}")]
    assert [p.status_code for p in paginas] == [200, 200, 422, 200, 422, 200, 200, 200, 404]
    for pagina in paginas:
        revisar_html(pagina.text)
        assert "Simulador: ningún pago es real" in pagina.text
    assert "$235.000,50 COP" in paginas[0].text
    assert "Seleccione su banco" in paginas[2].text


def test_no_se_paga_dos_veces_la_misma_sesion(tmp_path: Path) -> None:
    with _en_marcha(tmp_path) as (simulador, pasarela, iniciado):
        simulador.decidir(iniciado.url, "pendiente")
        with httpx2.Client(trust_env=False) as navegador:
            segunda = navegador.post(f"{iniciado.url}/banco/1007", data={"decision": "aprobar"})
        assert segunda.headers["location"] == iniciado.url.removeprefix(simulador.url)
        assert len(pasarela.consultar(iniciado.id_pasarela).transacciones) == 1


def test_sin_el_secreto_de_la_direccion_no_se_toca_la_sesion(tmp_path: Path) -> None:
    with _en_marcha(tmp_path) as (_, pasarela, iniciado), httpx2.Client(trust_env=False) as navegador:
        ajena = iniciado.url[:-4] + "0000"
        for ruta in ("", "/banco/1007", "/cancelar"):
            assert navegador.post(ajena + ruta, data={"banco": "1007", "decision": "aprobar"}).status_code == 303
        assert pasarela.consultar(iniciado.id_pasarela).estado is EstadoPasarela.PENDIENTE


def test_la_puerta_de_pruebas_esta_cerrada_por_omision(tmp_path: Path) -> None:
    with simulador_placetopay(tmp_path, control="0") as simulador, httpx2.Client(trust_env=False) as navegador:
        assert navegador.post(f"{simulador.url}/_control/caducar", json={"sesion": 1}).status_code == 404
        assert navegador.get(f"{simulador.url}/salud").text == "ok"
