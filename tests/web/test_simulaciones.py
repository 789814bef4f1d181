"""A draft's effect at the screens: run it with and without htmx, read it, take it away, and be warned before publishing."""

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from python_calamine import CalamineWorkbook

from portal.blueprints.simulaciones import views
from portal.config import Ajustes
from portal.db import db
from portal.models import Simulacion, Usuario
from portal.operaciones import tramos
from tests.conftest import ajustes_de_prueba, ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.propuestas import AHORA, cuenta, editar, proponer, publicar
from tests.simulaciones import iniciar, pasada, terminar
from tests.web.pantallas_de_liquidar import texto_de

# Its past assessments are made by hand, without their history.
pytestmark = pytest.mark.descuadra

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ajustes(base_datos: str, tmp_path: Path) -> Ajustes:
    return ajustes_de_prueba(tmp_path, base_datos, departamento="cundinamarca")


@pytest.fixture
def admin(client: ClienteEstricto) -> Iterator[ClienteEstricto]:
    with time_machine.travel(AHORA, tick=False):
        ingresar(client, "administrador")
        yield client


@pytest.fixture
def propuesta(app: Flask) -> int:
    return proponer(cuenta())


def ruta(numero: int, resto: str = "") -> str:
    return f"/gestion/normativa/propuestas/{numero}/simulacion{resto}"


def enviar(client: ClienteEstricto, direccion: str, **kwargs: Any) -> Any:
    return client.enviar(direccion, kwargs.pop("datos", {}), pagina="/consulta", **kwargs)


def guardada() -> Simulacion:
    db.session.rollback()
    return db.session.query(Simulacion).order_by(Simulacion.id.desc()).first() or pytest.fail("no run")


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_sin_javascript_se_simula_pulsando_continuar(
    admin: ClienteEstricto, propuesta: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        pasada("SC-01")
    monkeypatch.setattr(views, "SEGUNDOS_SIN_JS", 0.0)
    monkeypatch.setattr(tramos.calcular, "__kwdefaults__", {"pagina": 2})
    assert "Ninguna liquidación se modifica" in admin.get(ruta(propuesta)).text
    hecha = enviar(admin, ruta(propuesta))
    assert (hecha.status_code, hecha.location) == (303, ruta(propuesta))
    pagina = admin.get(ruta(propuesta)).text
    assert "0 %: 0 de 3 liquidaciones" in texto_de(pagina)
    assert 'data-hx-trigger="load, submit"' in pagina
    for avance in ("66 %: 2 de 3 liquidaciones", "Qué cambia"):
        assert enviar(admin, ruta(propuesta, "/avanzar")).status_code == 303
        assert avance in texto_de(admin.get(ruta(propuesta)).text)
    assert guardada().termino


def test_con_htmx_cada_paso_trae_el_fragmento_que_pide_el_siguiente(admin: ClienteEstricto, propuesta: int) -> None:
    pasada("SC-01", numero_contrato=None)
    enviar(admin, ruta(propuesta))
    fragmento = enviar(admin, ruta(propuesta, "/avanzar"), headers=HTMX)
    assert fragmento.status_code == 200
    assert fragmento.text.lstrip().startswith('<section id="simulacion">')
    assert "data-hx-trigger" not in fragmento.text, "a finished run asks for nothing more"
    texto = texto_de(fragmento.text)
    # PRO_DESARROLLO, UDEC and PRO_CULTURA rise; 0,20 UVT of PRO_ELECTRIFICACION goes from 10.000 to 11.000.
    assert "4 de 4 facturas comparadas cambian; el total sube de" in texto
    assert texto_de(admin.get(ruta(propuesta)).text).count("Qué cambia") == 1
    otra = enviar(admin, ruta(propuesta, "/avanzar"), headers=HTMX)
    assert "Qué cambia" in otra.text, "a late tab is shown the result"


def test_el_resultado_explica_que_se_comparo_y_no_nombra_a_nadie(admin: ClienteEstricto, propuesta: int) -> None:
    mala = pasada("SC-99", documento="79456123", nombre="Persona de Prueba")
    buena = pasada("SC-01", documento="79456123", nombre="Persona de Prueba")
    terminar(iniciar(propuesta))
    pagina = admin.get(ruta(propuesta)).text
    texto = texto_de(pagina)
    assert "Cada liquidación vigente del 1 de enero de 2026 al 31 de diciembre de 2026 se liquidó otra vez" in texto
    assert "El acto SC-99 no existe" in texto or "El acto «SC-99» no existe" in texto
    assert str(buena.numero) in texto
    assert str(mala.numero) in texto
    assert "79456123" not in pagina
    assert "Persona de Prueba" not in pagina
    graficas = re.findall(r"<svg role=\"img\" aria-labelledby=\"(\S+) (\S+)\"", pagina)
    assert len(graficas) == 2
    for titulo, descripcion in graficas:
        assert re.search(rf'<title id="{titulo}">[^<]+cambian?\b', pagina)
        assert re.search(rf'<desc id="{descripcion}">[^<]+de \$[0-9.]+ a \$', pagina)


def test_una_simulacion_vieja_lo_dice_y_ofrece_otra(admin: ClienteEstricto, propuesta: int) -> None:
    pasada("SC-01")
    numero = iniciar(propuesta)
    editar(propuesta, cuenta(), valor=Decimal(56000))
    avance = enviar(admin, ruta(propuesta, "/avanzar"), headers=HTMX)
    assert (avance.status_code, "La propuesta cambió después" in avance.text) == (200, True)
    assert "data-hx-trigger" not in avance.text
    enviar(admin, ruta(propuesta))
    assert guardada().id != numero


def test_el_auditor_la_lee_y_no_la_mueve(client: ClienteEstricto, propuesta: int) -> None:
    pasada("SC-01")
    iniciar(propuesta)
    with time_machine.travel(AHORA, tick=False):
        ingresar(client, "auditor")
        pagina = client.get(ruta(propuesta))
        assert (pagina.status_code, "Un administrador debe continuarla" in pagina.text) == (200, True)
        assert "data-hx-trigger" not in pagina.text
        for direccion in (ruta(propuesta), ruta(propuesta, "/avanzar")):
            assert enviar(client, direccion).status_code == 403


def test_sin_simulacion_no_hay_nada_que_avanzar_ni_descargar(admin: ClienteEstricto, propuesta: int) -> None:
    assert admin.get(ruta(propuesta, ".xlsx")).status_code == 404
    assert enviar(admin, ruta(propuesta, "/avanzar")).status_code == 303
    assert enviar(admin, ruta(99)).status_code == 404
    assert enviar(admin, ruta(99, "/avanzar")).status_code == 404
    assert admin.get(ruta(10**18)).status_code == 404


def test_una_propuesta_terminada_no_se_simula_y_se_dice(admin: ClienteEstricto, propuesta: int) -> None:
    publicar(propuesta, cuenta())
    respuesta = enviar(admin, ruta(propuesta))
    assert respuesta.status_code == 303
    assert "Solo se simula una propuesta que está por publicar" in admin.get(respuesta.location).text


def test_el_libro_se_abre_y_trae_las_mismas_cifras(admin: ClienteEstricto, propuesta: int) -> None:
    pasada("SC-01")
    pasada("SC-99")
    terminar(iniciar(propuesta))
    respuesta = admin.get(ruta(propuesta, ".xlsx"))
    assert respuesta.headers["Content-Disposition"] == f'attachment; filename="simulacion-propuesta-{propuesta}.xlsx"'
    libro = CalamineWorkbook.from_filelike(io.BytesIO(respuesta.data))
    hojas = ["Resumen", "Estampillas", "Actos", "Mayores cambios", "Sin comparar", "Tarifas fijas"]
    assert libro.sheet_names == hojas
    filas = {hoja: libro.get_sheet_by_name(hoja).to_python() for hoja in hojas}
    for hoja in hojas:
        assert f"propuesta {propuesta}, versión 1. UVT: $55.000" in str(filas[hoja][0][0])
    resumen = {fila[0]: fila[1] for fila in filas["Resumen"] if len(fila) > 1}
    assert resumen["Liquidaciones comparadas"] == 1
    assert resumen["Total con la propuesta"] > resumen["Total antes"] > 0
    estampillas = {fila[0]: fila for fila in filas["Estampillas"]}
    assert estampillas["PRO_DESARROLLO"][5:9] == [52000, 55000, 3000, "+5,8 %"]
    assert sum(1 for fila in filas["Tarifas fijas"] if fila[3]) == 71, "70 tariffs and the headings"
    assert filas["Mayores cambios"][-1][0] == "Alza"
    assert filas["Sin comparar"][-1][0] == "En ningún caso"


def publicar_en_pantalla(client: ClienteEstricto, numero: int, **datos: str) -> Any:
    return enviar(client, f"/gestion/normativa/propuestas/{numero}/publicar", datos={"version": "1", **datos})


def test_publicar_sin_simular_pide_la_casilla_junto_a_ella(admin: ClienteEstricto, propuesta: int) -> None:
    pasada("SC-01")
    revision = admin.get(f"/gestion/normativa/propuestas/{propuesta}/publicar").text
    assert "Nadie ha simulado esta propuesta como está ahora" in revision
    assert 'name="sin_simular"' in revision
    negada = publicar_en_pantalla(admin, propuesta)
    assert negada.status_code == 422
    assert 'aria-describedby="sin_simular-error"' in negada.text
    assert publicar_en_pantalla(admin, propuesta, sin_simular="y").status_code == 303


def test_lo_simulado_se_resume_al_publicar_y_no_pide_casilla(admin: ClienteEstricto, propuesta: int) -> None:
    pasada("SC-01")
    terminar(iniciar(propuesta))
    revision = admin.get(f"/gestion/normativa/propuestas/{propuesta}/publicar").text
    assert "facturas comparadas cambian; el total sube" in revision
    assert "sin_simular" not in revision
    assert publicar_en_pantalla(admin, propuesta).status_code == 303
    assert "Qué cambia" in admin.get(ruta(propuesta)).text, "the record stays"


def test_sin_liquidaciones_bastan_las_tarifas_fijas(admin: ClienteEstricto, propuesta: int) -> None:
    revision = admin.get(f"/gestion/normativa/propuestas/{propuesta}/publicar").text
    assert "No hay liquidaciones del año anterior" in revision
    assert "Todos los actos sin cuantía" in revision
    assert publicar_en_pantalla(admin, propuesta).status_code == 303


@time_machine.travel(AHORA, tick=False)
def test_la_orden_simula_entera_y_repetirla_no_cambia_nada(
    app: Flask, runner: FlaskCliRunner, propuesta: int, tmp_path: Path
) -> None:
    for _ in range(3):
        pasada("SC-01")
    salida = tmp_path / "simulacion.xlsx"
    orden = ["normativa", "simular", "--propuesta", str(propuesta)]
    primera = runner.invoke(args=[*orden, "--procesos", "2", "--salida", str(salida)])
    assert primera.exit_code == 0, primera.output
    assert "12 de 12 facturas comparadas cambian" in primera.stdout
    assert CalamineWorkbook.from_path(salida).sheet_names[0] == "Resumen"
    hecha = guardada().id
    segunda = runner.invoke(args=orden)
    assert (segunda.exit_code, segunda.stdout, guardada().id) == (0, primera.stdout, hecha)


@time_machine.travel(AHORA, tick=False)
def test_la_orden_dice_en_una_frase_lo_que_no_puede(app: Flask, runner: FlaskCliRunner, propuesta: int) -> None:
    ninguna = runner.invoke(args=["normativa", "simular", "--propuesta", "99"])
    assert (ninguna.exit_code, ninguna.stderr) == (1, "No encontramos esa propuesta.\n")
    pasada("SC-01")
    correo = db.session.get_one(Usuario, cuenta()).correo
    publicador = ["indicadores", "publicar", str(propuesta), "--publicador", correo]
    negada = runner.invoke(args=publicador)
    assert (negada.exit_code, "Nadie ha simulado" in negada.stderr) == (1, True)
    assert runner.invoke(args=[*publicador, "--sin-simular"]).exit_code == 0
