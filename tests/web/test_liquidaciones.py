"""The officer's screens: choose, fill in, see the figures, check, issue; each step with and without JavaScript."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.blueprints.liquidaciones import views as vistas
from portal.db import db
from portal.models import Liquidacion
from portal.models.normativa import ValorIndicador
from portal.models.usuario import Rol
from portal.operaciones.normativa import nueva_edicion
from tests.conftest import ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_liquidar import (
    CONTRATO,
    HX,
    NUEVA,
    TRAMITE,
    cuantas,
    emitir,
    instalar,
    ocultos,
    paso,
    texto_de,
)

pytestmark = pytest.mark.usefixtures("dia_con_valores")


ENERO = date(2025, 1, 1)


def test_el_contrato_de_la_pantalla_se_liquida_y_se_ve(rentas: ClienteEstricto) -> None:
    pagina = rentas.get(emitir(rentas, "P-C-02", CONTRATO)).text
    texto = texto_de(pagina)
    for esperado in (
        "La liquidación 1 quedó emitida.",
        "Tarifas provisionales.",
        "NIT 901.805.364-1",
        "Desarrollo Fronterizo",
        "Total: $470.000",
        "○ Liquidado",
        "Fecha de contrato 3 de febrero de 2025",
        "Liquidó Cuenta de rentas",
        "Emisión. Facturas 1, 2.",
    ):
        assert esperado in texto, esperado
    assert re.search(r'href="/liquidacion/[\w-]{22}\.pdf"', pagina)
    assert re.search(r'href="http://localhost/liquidacion/[\w-]{22}"', pagina)


def test_el_tramite_se_liquida(rentas: ClienteEstricto) -> None:
    texto = texto_de(rentas.get(emitir(rentas, "P-T-01", TRAMITE | {"objeto": "Para trámite laboral"})).text)
    assert "Certificados de la administración central" in texto
    assert "Total: $9.000" in texto
    assert "Observación Para trámite laboral" in texto


def test_la_revision_muestra_todo_antes_de_emitir_y_no_emite(rentas: ClienteEstricto) -> None:
    texto = texto_de(paso(rentas, "P-C-02", "revisar", CONTRATO).text)
    for esperado in (
        "Revise antes de emitir",
        "UNION TEMPORAL PUTUMAYO SEGURO 20/24",
        "Consorcio o unión temporal",
        "647, vigencia 2025",
        "$46.911.499 (el valor del contrato) × 0,5 % = $234.557,495",
        "sin norma publicada",
        "Provisional",
        "Emitir liquidación por $470.000",
    ):
        assert esperado in texto, esperado
    assert cuantas() == 0


def test_htmx_recibe_solo_el_calculo_y_es_el_mismo_de_la_pagina(rentas: ClienteEstricto) -> None:
    fragmento = paso(rentas, "P-C-02", "calculo", CONTRATO, headers=HX)
    pagina = paso(rentas, "P-C-02", "", CONTRATO)
    assert fragmento.text.startswith('<section id="calculo"')
    assert "<html" not in fragmento.text
    assert texto_de(fragmento.text) in texto_de(pagina.text)
    assert "Total $470.000" in texto_de(fragmento.text)
    assert "Pague hasta el" in fragmento.text


def test_el_boton_calcular_conserva_lo_escrito(rentas: ClienteEstricto) -> None:
    pagina = paso(rentas, "P-C-02", "", CONTRATO | {"documento": "a medio escr", "objeto": "Seguros"}).text
    assert 'value="a medio escr"' in pagina
    assert 'value="46.911.499"' in pagina
    assert ">Seguros</textarea>" in pagina
    assert '<option value="consorcio" selected>' in pagina


def test_a_medio_escribir_el_calculo_dice_que_falta(rentas: ClienteEstricto) -> None:
    vacio = paso(rentas, "P-C-02", "calculo", {"valor": "46.911.499", "clase": "natural"}, headers=HX)
    assert vacio.status_code == 200
    assert "Falta: Fecha de contrato, Tipo de contrato." in texto_de(vacio.text)


@pytest.mark.parametrize(
    ("campo", "malo"), [("valor", "1,423,500"), ("fecha_contrato", "2025-02-31"), ("tipo_contrato", "x")]
)
def test_un_dato_malo_se_dice_en_el_calculo_sin_romper_nada(rentas: ClienteEstricto, campo: str, malo: str) -> None:
    respuesta = paso(rentas, "P-C-02", "calculo", CONTRATO | {campo: malo}, headers=HX)
    assert respuesta.status_code == 422
    assert "Todavía no se puede calcular" in respuesta.text
    assert "$235.000" not in respuesta.text


def test_cambiar_los_datos_vuelve_al_formulario_lleno(rentas: ClienteEstricto) -> None:
    datos = ocultos(paso(rentas, "P-C-02", "revisar", CONTRATO).text)
    pagina = rentas.post(f"{NUEVA}/P-C-02", data=datos).text
    for valor in ("901805364-1", "46.911.499", "647", "2025-02-03", "carrera 5"):
        assert f'value="{valor}"' in pagina


def test_enviar_dos_veces_la_misma_revision_emite_una(rentas: ClienteEstricto) -> None:
    datos = ocultos(paso(rentas, "P-T-01", "revisar", TRAMITE).text)
    primera = rentas.post(f"{NUEVA}/P-T-01/emitir", data=datos)
    segunda = rentas.post(f"{NUEVA}/P-T-01/emitir", data=datos)
    assert primera.location == segunda.location
    assert cuantas() == 1


def test_el_mismo_contrato_se_rechaza_al_revisar_y_lleva_al_que_existe(rentas: ClienteEstricto) -> None:
    direccion = emitir(rentas, "P-C-02", CONTRATO)
    respuesta = paso(rentas, "P-C-02", "revisar", CONTRATO | {"valor": "1.000.000", "numero_contrato": " 0647 "})
    assert respuesta.status_code == 409
    assert f'href="{direccion}"' in respuesta.text
    assert cuantas() == 1


def test_el_mismo_contrato_se_rechaza_al_emitir_si_otro_se_adelanto(rentas: ClienteEstricto) -> None:
    pendiente = ocultos(paso(rentas, "P-C-02", "revisar", CONTRATO).text)
    direccion = emitir(rentas, "P-C-02", CONTRATO)
    respuesta = rentas.post(f"{NUEVA}/P-C-02/emitir", data=pendiente)
    assert respuesta.status_code == 409
    assert f'href="{direccion}"' in respuesta.text
    assert cuantas() == 1


def test_si_el_total_ya_no_es_el_que_se_vio_se_revisa_de_nuevo(rentas: ClienteEstricto) -> None:
    datos = ocultos(paso(rentas, "P-C-02", "revisar", CONTRATO).text) | {"valor": "99.000.000"}
    respuesta = rentas.post(f"{NUEVA}/P-C-02/emitir", data=datos)
    assert respuesta.status_code == 409
    assert "El cálculo cambió" in respuesta.text
    assert "Emitir liquidación por $990.000" in respuesta.text
    assert cuantas() == 0


def test_los_importes_y_estados_enviados_no_se_creen(rentas: ClienteEstricto) -> None:
    """B-17: the server alone computes."""
    datos = ocultos(paso(rentas, "P-T-01", "revisar", TRAMITE).text)
    ajenos = {
        "total": "1",
        "estado": "legalizada",
        "id": "7",
        "numero": "9",
        "fecha_limite": "2099-01-01",
        "vigente": "0",
    }
    assert rentas.post(f"{NUEVA}/P-T-01/emitir", data=datos | ajenos).status_code == 303
    una = db.session.scalars(select(Liquidacion)).one()
    assert (una.total, una.numero, una.vigente) == (9000, 1, True)
    assert una.fecha_limite.year < 2099
    assert [f.estado.value for f in una.facturas] == ["liquidada", "liquidada"]


def test_sin_la_clave_de_la_revision_no_se_emite(rentas: ClienteEstricto) -> None:
    datos = ocultos(paso(rentas, "P-T-01", "revisar", TRAMITE).text)
    assert rentas.post(f"{NUEVA}/P-T-01/emitir", data=datos | {"clave": "corta"}).status_code == 422
    assert cuantas() == 0


def test_lo_emitido_no_tiene_ruta_que_lo_cambie(rentas: ClienteEstricto, app: Flask) -> None:
    direccion = emitir(rentas, "P-T-01", TRAMITE)
    for metodo in ("POST", "PUT", "PATCH", "DELETE"):
        app.config["WTF_CSRF_ENABLED"] = False
        assert rentas.open(direccion, method=metodo).status_code == 405
    rutas = {
        r.rule for r in app.url_map.iter_rules() if r.endpoint.startswith("liquidaciones.") and "POST" in r.methods
    }
    assert {r for r in rutas if "<codigo>" in r} == {
        "/gestion/liquidaciones/<codigo>/sin-efecto",
        # These act on the contract: what was issued of it stays, or is voided and replaced.
        "/gestion/liquidaciones/<codigo>/contrato/<cambio>",
        "/gestion/liquidaciones/<codigo>/contrato/<cambio>/calculo",
        "/gestion/liquidaciones/<codigo>/contrato/<cambio>/hechos",
        # These say that it was paid to an agent, or that it was not.
        "/gestion/liquidaciones/<codigo>/retener",
        "/gestion/liquidaciones/<codigo>/retenciones/<int:numero>/deshacer",
    }


def test_un_paso_abierto_por_su_direccion_vuelve_a_empezar(rentas: ClienteEstricto) -> None:
    for nombre in ("revisar", "emitir"):
        respuesta = rentas.get(f"{NUEVA}/P-C-02/{nombre}")
        assert (respuesta.status_code, respuesta.location) == (303, f"{NUEVA}/P-C-02")


@pytest.mark.parametrize("acto", ["N-CC-D", "P-T-02", "no-existe", "..%2f"])
def test_un_acto_que_no_se_liquida_aqui_no_existe(rentas: ClienteEstricto, acto: str) -> None:
    assert rentas.get(f"{NUEVA}/{acto}").status_code == 404


def test_los_actos_se_buscan_sin_tildes_por_nombre_codigo_o_estampilla(rentas: ClienteEstricto, app: Flask) -> None:
    assert "P-C-01" in rentas.get(NUEVA).text
    assert "P-T-02" not in rentas.get(NUEVA).text, "an act without tariff is not offered"
    instalar(app, "narino")
    fragmento = rentas.get(f"{NUEVA}?buscar=tradicion", headers=HX)
    assert fragmento.text.startswith('<section id="actos"')
    assert "N-SC-08" in fragmento.text
    assert "N-CC-D" not in fragmento.text
    assert "Ningún acto coincide" in rentas.get(f"{NUEVA}?buscar=zzz").text


def test_en_narino_el_contrato_trae_marcado_el_otro_acto_y_suma_las_tres(rentas: ClienteEstricto, app: Flask) -> None:
    instalar(app, "narino")
    assert re.search(r'name="acto" value="N-U-01" checked', rentas.get(f"{NUEVA}/N-CC-D").text)
    calculo = paso(rentas, "N-CC-D", "calculo", CONTRATO | {"acto": "N-U-01"}, headers=HX)
    assert "Total $2.111.200" in texto_de(calculo.text)
    sin_el_otro = paso(rentas, "N-CC-D", "calculo", CONTRATO, headers=HX)
    assert "Total $1.876.600" in texto_de(sin_el_otro.text)
    revision = paso(rentas, "N-CC-D", "revisar", CONTRATO | {"acto": "N-U-01"}).text
    assert '<input type="hidden" name="acto" value="N-U-01">' in revision


def test_en_cundinamarca_la_matricula_pide_confirmar_la_tarifa(rentas: ClienteEstricto, app: Flask) -> None:
    instalar(app, "cundinamarca")
    sin_elegir = paso(rentas, "SC-15", "revisar", TRAMITE)
    assert sin_elegir.status_code == 422
    assert "Elija cuál de las tarifas aplica." in sin_elegir.text
    elegida = paso(rentas, "SC-15", "revisar", TRAMITE | {"variante": "segundo_renglon"})
    assert elegida.status_code == 200
    assert "0,6 UVT" in elegida.text


def test_una_concesion_sin_cuantia_no_pide_valor_y_se_emite(rentas: ClienteEstricto, app: Flask) -> None:
    instalar(app, "cundinamarca")
    assert 'name="valor"' not in rentas.get(f"{NUEVA}/SC-49").text
    direccion = emitir(rentas, "SC-49", CONTRATO | {"tipo_contrato": "concesion"})
    assert "Valor del contrato Sin cuantía" in texto_de(rentas.get(direccion).text)
    codigo = direccion.rsplit("/", 1)[1]
    assert rentas.get(f"/liquidacion/{codigo}").status_code == 200


def test_produccion_no_liquida_con_tarifas_provisionales_y_lo_explica(rentas: ClienteEstricto, app: Flask) -> None:
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], ambiente="produccion")
    respuesta = paso(rentas, "P-T-01", "revisar", TRAMITE)
    assert respuesta.status_code == 422
    assert "El administrador debe publicar las tarifas con su norma." in respuesta.text
    assert cuantas() == 0


RUTAS_DE_LECTURA = ("/gestion/liquidaciones",)
RUTAS_DE_RENTAS = (NUEVA, f"{NUEVA}/P-C-02", f"{NUEVA}/P-C-02/revisar")


@pytest.mark.parametrize("rol", list(Rol))
def test_quien_entra_a_cada_pantalla(client: ClienteEstricto, rol: Rol) -> None:
    ingresar(client, rol.value)
    leen = rol in (Rol.RENTAS, Rol.ADMINISTRADOR, Rol.AUDITOR)
    for ruta in RUTAS_DE_LECTURA:
        assert (client.get(ruta).status_code == 200) is leen, ruta
    for ruta in RUTAS_DE_RENTAS:
        assert (client.get(ruta).status_code in (200, 303)) is (rol is Rol.RENTAS), ruta
    emision = client.enviar(f"{NUEVA}/P-T-01/emitir", TRAMITE)
    # The account of an agent enters, and learns that nobody linked it to its entity.
    assert (emision.status_code == 403) is (rol not in (Rol.RENTAS, Rol.AGENTE))
    assert cuantas() == 0


def test_si_publican_al_emitir_se_muestran_las_cifras_nuevas(
    rentas: ClienteEstricto, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the check of the request and its transaction, an administrator publishes another UVT."""
    instalar(app, "cundinamarca")
    revision = paso(rentas, "SC-04", "revisar", TRAMITE).text
    de_verdad = vistas.transaccion

    def despues_de_publicar() -> Any:
        with de_verdad():
            cambio = update(ValorIndicador).where(ValorIndicador.codigo == "UVT", ValorIndicador.desde == ENERO)
            db.session.execute(cambio.values(valor=Decimal(90000)))
            nueva_edicion()
        return de_verdad()

    monkeypatch.setattr(vistas, "transaccion", despues_de_publicar)
    respuesta = rentas.post(f"{NUEVA}/SC-04/emitir", data=ocultos(revision))
    assert respuesta.status_code == 409
    assert "$90.000" in respuesta.text
    assert cuantas() == 0
    monkeypatch.undo()
    assert rentas.post(f"{NUEVA}/SC-04/emitir", data=ocultos(respuesta.text)).status_code == 303
