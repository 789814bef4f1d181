"""The questions of the form: built from the law, asked only where they matter, kept with the liquidación."""

import html
import re
from typing import Any

import pytest
from flask import Flask

from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_liquidar import (
    CONTRATO,
    HX,
    NUEVA,
    TRAMITE,
    emitir,
    guardada,
    instalar,
    ocultos,
    paso,
    texto_de,
)

pytestmark = pytest.mark.usefixtures("dia_con_valores")

PUBLICA = CONTRATO | {"clase": "publica", "tipo_contrato": "suministro", "hechos.contrato.intervienen_privados": "no"}
POSESION = TRAMITE | {"valor": "5.000.000"}


def preguntas(pagina: str) -> set[str]:
    """The facts that a page has fields for."""
    return {n.removesuffix(".varios") for n in re.findall(r'name="hechos\.([\w.]+)"', pagina)}


def calculo(client: ClienteEstricto, acto: str, datos: dict[str, Any]) -> str:
    respuesta = paso(client, acto, "calculo", datos, headers=HX)
    assert respuesta.status_code == 200, respuesta.text
    return texto_de(respuesta.text)


def test_en_cundinamarca_un_contrato_entre_entidades_publicas_nace_legalizado(cundinamarca: ClienteEstricto) -> None:
    previa = calculo(cundinamarca, "CC-2", PUBLICA)
    assert previa.count("Exclusión: Contrato entre entidades públicas") == 6
    assert "4.7, n.º 2" in previa
    direccion = emitir(cundinamarca, "CC-2", PUBLICA)
    una = guardada()
    assert (una.total, len(una.facturas)) == (0, 6)
    assert {f.estado.value for f in una.facturas} == {"legalizada"}
    assert una.solicitud["hechos"] == {
        "contrato.intervienen_privados": False,
        "contrato.tipo": "suministro",
        "contratista.clase": "publica",
    }
    pagina = texto_de(cundinamarca.get(direccion).text)
    assert "¿Intervienen entidades o sujetos de derecho privado? No" in pagina
    assert "Por $0 no se debe nada." in pagina


def test_sin_la_respuesta_se_avisa_lo_que_se_supuso_con_la_pregunta(cundinamarca: ClienteEstricto) -> None:
    sin_responder = PUBLICA | {"hechos.contrato.intervienen_privados": ""}
    assert "suponiendo que la respuesta es «No» a «¿Intervienen" in calculo(cundinamarca, "CC-2", sin_responder)
    assert "suponiendo" not in calculo(cundinamarca, "CC-2", PUBLICA)


def test_si_intervienen_privados_se_cobra(cundinamarca: ClienteEstricto) -> None:
    con_privados = PUBLICA | {"hechos.contrato.intervienen_privados": "si"}
    assert "Exclusión" not in calculo(cundinamarca, "CC-2", con_privados)


@pytest.mark.parametrize(("capital", "excluido"), [("69,9", False), ("70", True), ("70 %", True), ("", False)])
def test_la_economia_mixta_con_el_70_de_capital_publico_se_excluye(
    cundinamarca: ClienteEstricto, capital: str, excluido: bool
) -> None:
    datos = PUBLICA | {"clase": "economia_mixta", "hechos.contratista.capital_publico": capital}
    previa = calculo(cundinamarca, "CC-2", datos)
    assert ("Total: $0" in previa) is excluido
    assert ("falta responder «¿Qué porcentaje del capital" in previa) is (capital == "")


def test_las_primeras_1200_uvt_reducen_la_base_y_la_adicion_consume(cundinamarca: ClienteEstricto) -> None:
    datos = CONTRATO | {
        "tipo_documento": "CC",
        "documento": "1212312323",
        "clase": "natural",
        "tipo_contrato": "prestacion_servicios_profesionales",
        "valor": "100.000.000",
    }
    assert "$100.000.000 menos $59.758.800 (1.200 UVT de 2025" in calculo(cundinamarca, "CC-2", datos)
    adicion = datos | {
        "hechos.contrato.valor_anterior": "50.000.000",
        "hechos.contrato.fecha_suscripcion": "2025-01-15",
    }
    assert "de las que quedaban $9.758.800" in calculo(cundinamarca, "CC-2", adicion)
    emitir(cundinamarca, "CC-2", adicion)
    hechos = guardada().solicitud["hechos"]
    assert (hechos["contrato.valor_anterior"], hechos["contrato.fecha_suscripcion"]) == ("50000000", "2025-01-15")


def test_varios_recursos_se_marcan_llegan_al_motor_y_se_guardan(cundinamarca: ClienteEstricto) -> None:
    datos = CONTRATO | {"hechos.contrato.recursos.varios": ["propios", "PAE"]}
    assert "Programa de Alimentación Escolar" in calculo(cundinamarca, "CC-2", datos)
    revision = paso(cundinamarca, "CC-2", "revisar", datos).text
    assert "Recursos propios, Programa de Alimentación Escolar (PAE)" in texto_de(revision)
    assert ocultos(revision)["hechos.contrato.recursos.varios"] == ["propios", "PAE"]
    emitir(cundinamarca, "CC-2", datos)
    assert sorted(guardada().solicitud["hechos"]["contrato.recursos"]) == ["PAE", "propios"]


def test_en_narino_una_esal_para_cooperacion_no_paga_y_para_servicios_paga_una(narino: ClienteEstricto) -> None:
    esal = CONTRATO | {"clase": "esal", "tipo_contrato": "convenio", "acto": "N-U-01"}
    cooperacion = esal | {"hechos.contrato.finalidad": "cooperacion"}
    assert "Total: $0" in calculo(narino, "N-CC-D", cooperacion)
    servicios = calculo(narino, "N-CC-D", esal | {"hechos.contrato.finalidad": "servicios"})
    assert "Total: $0" not in servicios
    assert "Exención: Contrato con entidad pública o sin ánimo de lucro" in servicios
    direccion = emitir(narino, "N-CC-D", cooperacion)
    assert "¿Para qué se celebra el contrato o convenio? Cooperación" in texto_de(narino.get(direccion).text)


@pytest.mark.parametrize(("departamento", "acto"), [("narino", "N-CC-A"), ("cundinamarca", "CC-1")])
def test_un_ascenso_paga_sobre_el_aumento(rentas: ClienteEstricto, app: Flask, departamento: str, acto: str) -> None:
    instalar(app, departamento)
    ascenso = POSESION | {"hechos.posesion.movimiento": "ascenso", "hechos.posesion.asignacion_anterior": "4.000.000"}
    assert "$1.000.000 (el aumento de $4.000.000 a $5.000.000)" in calculo(rentas, acto, ascenso)
    assert "$5.000.000 (" in calculo(rentas, acto, POSESION)
    direccion = emitir(rentas, acto, ascenso)
    pagina = texto_de(rentas.get(direccion).text)
    assert "¿Qué origina la posesión? Ascenso" in pagina
    assert "¿Cuál era la asignación mensual anterior? $4.000.000" in pagina


def test_el_ascenso_sin_la_asignacion_anterior_se_pide_con_amabilidad(narino: ClienteEstricto) -> None:
    ascenso = POSESION | {"hechos.posesion.movimiento": "ascenso"}
    assert "Falta: ¿Cuál era la asignación mensual anterior?." in calculo(narino, "N-CC-A", ascenso).replace(
        "? .", "?."
    )
    revision = paso(narino, "N-CC-A", "revisar", ascenso)
    assert revision.status_code == 422
    assert "Escriba este dato: ¿Cuál era la asignación mensual anterior?" in html.unescape(revision.text)


def test_una_posesion_ad_honorem_no_necesita_asignacion(narino: ClienteEstricto) -> None:
    ad_honorem = TRAMITE | {"hechos.posesion.ad_honorem": "si"}
    assert "Total: $0" in calculo(narino, "N-CC-A", ad_honorem)
    emitir(narino, "N-CC-A", ad_honorem)
    assert guardada().valor_acto is None
    assert "Falta: Sueldo mensual" in calculo(narino, "N-CC-A", TRAMITE)
    assert paso(narino, "N-CC-A", "revisar", TRAMITE).status_code == 422


def test_putumayo_no_pregunta_nada(rentas: ClienteEstricto) -> None:
    pagina = rentas.get(f"{NUEVA}/P-C-02").text
    assert preguntas(pagina) == set()
    assert re.search(r'id="hechos" hidden', pagina)


def test_los_datos_del_contrato_abren_sus_preguntas_con_htmx_y_sin_el(cundinamarca: ClienteEstricto) -> None:
    assert "contratista.capital_publico" not in preguntas(cundinamarca.get(f"{NUEVA}/CC-2").text)
    mixta = CONTRATO | {"clase": "economia_mixta"}
    fragmento = paso(cundinamarca, "CC-2", "hechos", mixta, headers=HX)
    assert fragmento.text.lstrip().startswith("<fieldset")
    assert "contratista.capital_publico" in preguntas(fragmento.text)
    pagina = paso(cundinamarca, "CC-2", "", mixta).text
    assert texto_de(fragmento.text) in texto_de(pagina)
    assert preguntas(fragmento.text) == preguntas(pagina)


def test_marcar_otro_acto_trae_sus_preguntas(narino: ClienteEstricto) -> None:
    solo = preguntas(paso(narino, "N-CC-D", "hechos", CONTRATO, headers=HX).text)
    con_otro = preguntas(paso(narino, "N-CC-D", "hechos", CONTRATO | {"acto": "N-U-01"}, headers=HX).text)
    assert solo <= con_otro
    assert "documento.uso" in con_otro


def test_cada_pregunta_trae_las_palabras_de_su_norma(cundinamarca: ClienteEstricto) -> None:
    texto = texto_de(cundinamarca.get(f"{NUEVA}/CC-2").text)
    assert "Los convenios o contratos a través de los cuales se ejecuten los recursos destinados" in texto
    assert "Manual A-GI-MA-010, 4.7, n.º 5" in texto


@pytest.mark.parametrize(
    ("acto", "abre", "campo", "malo", "frase"),
    [
        ("CC-2", {"clase": "economia_mixta"}, "contratista.capital_publico", "101", "porcentaje de 0 a 100"),
        ("CC-2", {"clase": "economia_mixta"}, "contratista.capital_publico", "69.9", "porcentaje de 0 a 100"),
        ("CC-2", {"clase": "economia_mixta"}, "contratista.capital_publico", "NaN", "porcentaje de 0 a 100"),
        ("CC-2", {}, "contrato.objeto", "marciano", "una de las respuestas"),
        ("CC-2", {}, "contrato.recursos.varios", "marciano", "una de las respuestas"),
        ("CC-2", {"clase": "publica"}, "contrato.intervienen_privados", "true", "una de las respuestas"),
        (
            "CC-1",
            {"hechos.posesion.movimiento": "ascenso"},
            "posesion.asignacion_anterior",
            "1,423,500",
            "valor en pesos",
        ),
        (
            "CC-2",
            {"hechos.contrato.objeto": "infraestructura_transporte"},
            "reconocimiento.fecha",
            "2025-02-31",
            "fecha que exista",
        ),
        ("SC-04", {}, "emisor", "x" * 161, "máximo 160"),
    ],
)
def test_una_respuesta_mala_es_422_junto_a_su_pregunta_y_se_conserva(
    cundinamarca: ClienteEstricto, acto: str, abre: dict[str, str], campo: str, malo: str, frase: str
) -> None:
    datos = (CONTRATO if acto == "CC-2" else POSESION) | abre | {f"hechos.{campo}": malo}
    for nombre in ("revisar", "hechos", "calculo", ""):
        respuesta = paso(cundinamarca, acto, nombre, datos)
        assert respuesta.status_code == 422, nombre
        assert frase in html.unescape(respuesta.text), nombre
        if nombre in ("revisar", "hechos") and malo not in ("marciano", "true"):
            assert f'value="{malo}"' in respuesta.text, nombre


def test_la_suscripcion_posterior_al_acto_se_dice_junto_a_su_campo(cundinamarca: ClienteEstricto) -> None:
    datos = CONTRATO | {
        "tipo_documento": "CC",
        "documento": "1212312323",
        "clase": "natural",
        "tipo_contrato": "prestacion_servicios_tecnicos",
        "hechos.contrato.fecha_suscripcion": "2025-05-01",
    }
    respuesta = paso(cundinamarca, "CC-2", "revisar", datos)
    assert respuesta.status_code == 422
    assert 'href="#hechos.contrato.fecha_suscripcion"' in respuesta.text


def test_una_respuesta_que_nadie_pregunto_no_llega_al_motor(cundinamarca: ClienteEstricto) -> None:
    datos = CONTRATO | {"hechos.pagador.entidad": "empresa_licores_cundinamarca", "hechos.inventado": "1"}
    emitir(cundinamarca, "CC-2", datos)
    assert set(guardada().solicitud["hechos"]) == {"contrato.tipo", "contratista.clase"}


def test_una_respuesta_unica_repetida_se_rechaza(cundinamarca: ClienteEstricto) -> None:
    assert (
        paso(cundinamarca, "CC-2", "calculo", CONTRATO | {"hechos.contrato.objeto": ["soat", "otro"]}).status_code
        == 422
    )


def test_cambiar_los_datos_conserva_las_respuestas(cundinamarca: ClienteEstricto) -> None:
    datos = CONTRATO | {"hechos.contrato.recursos.varios": ["PAE", "propios"], "hechos.contrato.objeto": "soat"}
    vuelta = ocultos(paso(cundinamarca, "CC-2", "revisar", datos).text)
    pagina = cundinamarca.post(f"{NUEVA}/CC-2", data=vuelta).text
    assert '<option value="soat" selected>' in pagina
    assert len(re.findall(r'name="hechos.contrato.recursos.varios" value="(?:PAE|propios)" checked', pagina)) == 2
