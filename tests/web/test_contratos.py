"""The screens of a contract's life: what they show, what they refuse, and what they keep."""

import html
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db
from portal.models import Liquidacion, MovimientoContrato
from tests import contratos
from tests.conftest import ingresar
from tests.encargos import oficial
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_liquidar import CONTRATO, HX, emitir, instalar, ocultos, paso, texto_de

pytestmark = pytest.mark.usefixtures("dia_con_valores")

BASE = "/gestion/liquidaciones"
ADICION = {"documento": "Otrosí 1", "fecha": "2025-05-05", "valor": "20.000.000"}
CUENTA = {"documento": "1", "fecha": "2025-05-05", "valor": "33.333.333"}
SERVICIOS = CONTRATO | {
    "tipo_documento": "CC",
    "documento": "1212312323",
    "clase": "natural",
    "valor": "100.000.000",
    "tipo_contrato": "prestacion_servicios_profesionales",
    "fecha_contrato": "2025-03-03",
}


@pytest.fixture
def rentas(rentas: ClienteEstricto, app: Flask) -> ClienteEstricto:
    instalar(app, "cundinamarca")
    return rentas


def liquidar(rentas: ClienteEstricto, **otros: Any) -> str:
    """Assess the contract at the screens; returns the address of its page."""
    return f"{emitir(rentas, 'CC-2', SERVICIOS | otros)}/contrato"


def registrar(rentas: ClienteEstricto, contrato: str, cambio: str, datos: dict[str, str]) -> str:
    """Walk the check and register; returns the page that follows."""
    revision = rentas.enviar(f"{contrato}/{cambio}", datos)
    assert revision.status_code == 200, revision.text
    assert "Revise antes de registrar" in revision.text
    respuesta = rentas.post(f"{contrato}/{cambio}", data=confirmacion(revision.text))
    assert respuesta.status_code == 303, respuesta.text
    assert respuesta.location == contrato
    return rentas.get(contrato).text


def confirmacion(pagina: str) -> dict[str, Any]:
    return ocultos('action="/emitir"' + pagina[pagina.rindex("<form") :]) | {"paso": "confirmar"}


def movimientos() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(MovimientoContrato.id))) or 0


def test_la_pagina_del_contrato_cuenta_su_vida(rentas: ClienteEstricto) -> None:
    contrato = liquidar(rentas, valor="50.000.000")
    pagina = texto_de(rentas.get(contrato).text)
    assert "Quedan $9.758.800 de los $59.758.800 excluidos" in pagina
    assert "UVT de 2025, cuando se firmó: $49.799" in pagina
    pagina = texto_de(registrar(rentas, contrato, "adicion", ADICION))
    for frase in ("Valor del contrato hoy $70.000.000", "Adición 1: OTROSÍ 1", "Quedan $0 de los", "+$20.000.000"):
        assert frase in pagina
    pagina = texto_de(registrar(rentas, contrato, "reduccion", ADICION | {"documento": "acta 2", "valor": "5000000"}))
    for frase in ("Valor del contrato hoy $65.000.000", "Reducción de la adición 1: ACTA 2", "-$5.000.000"):
        assert frase in pagina


def test_la_revision_de_una_adicion_dice_que_queda_del_saldo(rentas: ClienteEstricto) -> None:
    contrato = liquidar(rentas, valor="50.000.000")
    pagina = texto_de(rentas.enviar(f"{contrato}/adicion", ADICION).text)
    assert "de los $59.758.800 excluidos quedaban $9.758.800. Después de esta adición quedarán $0." in pagina


def test_por_retencion_de_punta_a_punta(rentas: ClienteEstricto) -> None:
    contrato = liquidar(rentas, recaudo="retencion_por_pago")
    ver = texto_de(rentas.get(contrato.removesuffix("/contrato")).text)
    assert "Por retención" in ver
    assert "Pague hasta el" not in ver
    pagina = texto_de(registrar(rentas, contrato, "cuenta", CUENTA))
    assert "La cuenta 1 quedó registrada" in pagina
    assert "Por pagar al contratista $66.666.667" in pagina
    db.session.rollback()
    total, parte = db.session.scalars(select(Liquidacion).order_by(Liquidacion.numero)).all()
    publica = texto_de(rentas.get(f"/liquidacion/{total.codigo}").text)
    assert "no se paga completa" in publica
    assert "Pagar en línea" not in publica
    assert "Pagar en línea" in texto_de(rentas.get(f"/liquidacion/{parte.codigo}").text)
    assert "Valor de la cuenta $33.333.333" in texto_de(rentas.get(f"{BASE}/{parte.codigo}").text)
    assert "No hay estampillas por pagar" in rentas.get(f"/pago/de/{total.codigo}").text
    for una in (total, parte):
        assert rentas.get(f"/liquidacion/{una.codigo}.pdf").data.startswith(b"%PDF")


@pytest.mark.parametrize("cambio", ["adicion", "reduccion", "cuenta"])
def test_el_calculo_y_las_preguntas_se_piden_aparte(rentas: ClienteEstricto, cambio: str) -> None:
    contrato = liquidar(rentas, recaudo="retencion_por_pago")
    vacio = rentas.enviar(f"{contrato}/{cambio}/calculo", {}, headers=HX)
    assert vacio.status_code == 200
    assert "Falta: " in vacio.text
    lleno = rentas.enviar(f"{contrato}/{cambio}/calculo", CUENTA, headers=HX)
    assert lleno.text.startswith('<section id="calculo"')
    assert "Estampilla" in lleno.text
    malo = rentas.enviar(f"{contrato}/{cambio}/calculo", CUENTA | {"valor": "mil"}, headers=HX)
    assert (malo.status_code, "Escriba el valor en pesos" in malo.text) == (422, True)
    assert "hechos" in rentas.enviar(f"{contrato}/{cambio}/hechos", CUENTA, headers=HX).text
    assert movimientos() == 1


def test_sin_javascript_calcular_y_volver_conservan_lo_escrito(rentas: ClienteEstricto) -> None:
    contrato = liquidar(rentas)
    pagina = rentas.enviar(f"{contrato}/adicion", ADICION | {"paso": "calcular"}).text
    assert "Total de la adición" in pagina
    assert 'value="20.000.000"' in pagina
    vuelta = rentas.enviar(f"{contrato}/adicion", ADICION | {"paso": "llenar"}).text
    assert 'value="Otrosí 1"' in vuelta


def test_la_adicion_empieza_con_las_respuestas_del_contrato_y_no_pregunta_lo_que_sabe(rentas: ClienteEstricto) -> None:
    contrato = liquidar(rentas, **{"hechos.contrato.recursos.varios": "propios", "hechos.contrato.regimen": ""})
    pagina = rentas.get(f"{contrato}/adicion").text
    assert "contrato.valor_anterior" not in pagina
    assert "contrato.fecha_suscripcion" not in pagina
    guardados = db.session.scalars(select(Liquidacion.solicitud)).one()["hechos"]
    recursos = guardados.get("contrato.recursos")
    assert recursos
    elegido = recursos if isinstance(recursos, str) else recursos[0]
    assert f'value="{elegido}" checked' in pagina


MALOS = [
    ("valor", "NaN", "Escriba el valor en pesos"),
    ("valor", "1,423,500", "Escriba el valor en pesos"),
    ("valor", "0", "mayor que cero"),
    ("valor", "", "Escriba este dato"),
    ("valor", "9" * 5000, "Escriba el valor en pesos"),
    ("fecha", "2025-02-31", "Escriba una fecha que exista"),
    ("fecha", "9999-12-31", "futura"),
    ("fecha", "2025-03-02", "anterior"),
    ("fecha", "", "Escriba este dato"),
    ("documento", "", "Escriba este dato"),
    ("documento", "x" * 41, "Use máximo 40 caracteres"),
    ("documento", "pru\u202eeba", "caracteres que no se pueden usar"),
]


@pytest.mark.parametrize("cambio", ["adicion", "reduccion", "cuenta"])
def test_cada_dato_malo_se_rechaza_junto_a_su_campo_y_se_conserva(rentas: ClienteEstricto, cambio: str) -> None:
    contrato = liquidar(rentas, recaudo="retencion_por_pago")
    for campo, malo, frase in MALOS:
        respuesta = rentas.enviar(f"{contrato}/{cambio}", CUENTA | {campo: malo})
        caso = f"{campo}={malo[:40]!r}"
        assert respuesta.status_code == 422, caso
        pagina = html.unescape(respuesta.text)
        assert frase in pagina, caso
        assert f'href="#{campo}"' in pagina, caso
        assert malo in pagina, f"{caso} was typed and must stay"
    assert movimientos() == 1


def test_una_cuenta_mayor_que_lo_que_falta_y_una_reduccion_total_se_rechazan_junto_al_valor(
    rentas: ClienteEstricto,
) -> None:
    contrato = liquidar(rentas, recaudo="retencion_por_pago")
    for cambio, frase in (("cuenta", "quedan $100.000.000"), ("reduccion", "debe ser menor")):
        respuesta = rentas.enviar(f"{contrato}/{cambio}", CUENTA | {"valor": "100.000.001"})
        assert respuesta.status_code == 422
        assert frase in html.unescape(respuesta.text)
        assert 'href="#valor"' in respuesta.text


def test_lo_ya_registrado_se_dice_junto_al_documento_y_enviarlo_dos_veces_no_lo_repite(rentas: ClienteEstricto) -> None:
    contrato = liquidar(rentas)
    revision = rentas.enviar(f"{contrato}/adicion", ADICION)
    datos = confirmacion(revision.text)
    assert [rentas.post(f"{contrato}/adicion", data=datos).status_code for _ in range(2)] == [303, 303]
    assert movimientos() == 2
    otra = rentas.enviar(f"{contrato}/adicion", ADICION | {"documento": "OTROSÍ 1"})
    assert otra.status_code == 422
    assert "ya está registrado en este contrato" in otra.text
    assert 'href="#documento"' in otra.text


def test_si_el_contrato_cambia_mientras_se_revisa_se_vuelve_a_mostrar(rentas: ClienteEstricto) -> None:
    contrato = liquidar(rentas, valor="50.000.000")
    datos = confirmacion(rentas.enviar(f"{contrato}/adicion", ADICION).text)
    registrar(
        rentas, contrato, "adicion", ADICION | {"documento": "Otrosí 0", "fecha": "2025-04-04", "valor": "9000000"}
    )
    respuesta = rentas.post(f"{contrato}/adicion", data=datos)
    assert respuesta.status_code == 409
    assert "Las cifras cambiaron" in respuesta.text
    assert movimientos() == 2
    assert rentas.post(f"{contrato}/adicion", data=confirmacion(respuesta.text)).status_code == 303


def test_una_reduccion_de_lo_que_se_esta_pagando_se_rechaza_y_no_pierde_lo_escrito(rentas: ClienteEstricto) -> None:
    contrato = liquidar(rentas)
    datos = confirmacion(rentas.enviar(f"{contrato}/reduccion", ADICION | {"documento": "Acta 2"}).text)
    contratos.enviar(db.session.scalars(select(Liquidacion)).one())
    respuesta = rentas.post(f"{contrato}/reduccion", data=datos)
    assert respuesta.status_code == 422
    assert "pago en proceso en el banco" in respuesta.text
    assert 'value="Acta 2"' in respuesta.text


def test_lo_que_el_contrato_no_admite_no_se_ofrece_y_por_su_direccion_se_explica(rentas: ClienteEstricto) -> None:
    contrato = liquidar(rentas)
    assert "Registrar cuenta" not in rentas.get(contrato).text
    respuesta = rentas.get(f"{contrato}/cuenta")
    assert (respuesta.status_code, "un solo pago" in respuesta.text) == (409, True)
    assert rentas.get(f"{contrato}/otra-cosa").status_code == 404
    assert rentas.get(f"{BASE}/no-existe/contrato").status_code == 404
    sin_clave = confirmacion(rentas.enviar(f"{contrato}/adicion", ADICION).text) | {"clave": "corta"}
    assert rentas.post(f"{contrato}/adicion", data=sin_clave).status_code == 422


def test_un_auditor_mira_el_contrato_y_no_lo_cambia(app: Flask, client: ClienteEstricto) -> None:
    instalar(app, "cundinamarca")
    una = contratos.contratar(oficial())
    ingresar(client, "auditor")
    pagina = client.get(f"{BASE}/{una.codigo}/contrato")
    assert pagina.status_code == 200
    assert "Registrar adición" not in pagina.text
    assert client.get(f"{BASE}/{una.codigo}/contrato/adicion").status_code == 403


MIEMBROS = {
    "integrante.1.tipo_documento": "NIT",
    "integrante.1.documento": "900.123.456",
    "integrante.1.nombre": "SOCIEDAD UNO S.A.S.",
    "integrante.1.porcentaje": "66,67",
    "integrante.2.tipo_documento": "CC",
    "integrante.2.documento": "51.234.567",
    "integrante.2.nombre": "Persona De Prueba",
    "integrante.2.porcentaje": "33,33 %",
}


def test_los_integrantes_se_imprimen_con_su_parte_y_los_encuentra_su_documento(rentas: ClienteEstricto) -> None:
    ver = emitir(rentas, "CC-2", CONTRATO | MIEMBROS)
    pagina = texto_de(rentas.get(ver).text)
    una = db.session.scalars(select(Liquidacion)).one()
    for p in una.participaciones():
        assert p.integrante.nombre in pagina
    assert [sum(p.partes[i] for p in una.participaciones()) for i in range(len(una.facturas))] == [
        f.valor for f in una.facturas
    ]
    assert sum(p.total for p in una.participaciones()) == una.total
    assert rentas.get(f"/liquidacion/{una.codigo}.pdf").data.startswith(b"%PDF")
    consulta = {"tipo_pago": "contrato", "vigencia": "2025", "numero_contrato": "647"}
    publico = rentas.application.test_client()
    for nit in ("901805364", "900123456", "51234567"):
        hallado = publico.post("/consulta", data=consulta | {"nit": nit, "csrf_token": publico.csrf()}).text
        assert "UNION TEMPORAL PUTUMAYO SEGURO" in hallado, nit
        assert "Persona De Prueba" not in hallado, "a person's name is nobody's business"
        pago = publico.post("/pago", data=consulta | {"nit": nit, "csrf_token": publico.csrf()}).text
        assert "Liquidación 1" in pago, nit
    assert (
        "No se encontraron"
        in publico.post("/consulta", data=consulta | {"nit": "51234568", "csrf_token": publico.csrf()}).text
    )
    assert "647" in rentas.enviar(BASE, {"buscar": "51.234.567"}).text


@pytest.mark.parametrize(
    ("campo", "malo", "frase", "junto_a"),
    [
        ("integrante.2.porcentaje", "33,32", "suman 99,99 % y deben sumar 100 %", "integrante.1.porcentaje"),
        ("integrante.2.porcentaje", "0", "mayor que 0 %", "integrante.1.porcentaje"),
        ("integrante.2.porcentaje", "101", "porcentaje de 0 a 100", "integrante.2.porcentaje"),
        ("integrante.2.porcentaje", "", "Participación del integrante 2", "integrante.2.porcentaje"),
        ("integrante.2.documento", "900123456", "repetido", "integrante.1.porcentaje"),
        ("integrante.2.documento", "901805364", "repetido", "integrante.1.porcentaje"),
        ("integrante.2.documento", "abc", "solo con números", "integrante.2.documento"),
        ("integrante.2.nombre", "", "Nombre del integrante 2", "integrante.2.nombre"),
        ("integrante.2.tipo_documento", "XX", "opción", "integrante.2.tipo_documento"),
    ],
)
def test_los_integrantes_mal_escritos_se_dicen_junto_a_su_campo(
    rentas: ClienteEstricto, campo: str, malo: str, frase: str, junto_a: str
) -> None:
    respuesta = paso(rentas, "CC-2", "revisar", CONTRATO | MIEMBROS | {campo: malo})
    assert respuesta.status_code == 422
    pagina = html.unescape(respuesta.text)
    assert frase in pagina
    assert f'href="#{junto_a}"' in pagina


def test_un_solo_integrante_no_es_consorcio_y_sin_consorcio_no_cuentan(rentas: ClienteEstricto) -> None:
    solo = {c: v for c, v in MIEMBROS.items() if c.startswith("integrante.1")} | {"integrante.1.porcentaje": "100"}
    assert "al menos dos integrantes" in paso(rentas, "CC-2", "revisar", CONTRATO | solo).text
    revision = paso(rentas, "CC-2", "revisar", CONTRATO | MIEMBROS | {"clase": "juridica"})
    assert revision.status_code == 200
    assert "Integrante 1" not in texto_de(revision.text)


def test_se_agrega_una_fila_con_y_sin_javascript(rentas: ClienteEstricto) -> None:
    pedido = CONTRATO | MIEMBROS | {"agregar_integrante": "si"}
    fragmento = paso(rentas, "CC-2", "integrantes", pedido, headers=HX)
    assert fragmento.text.lstrip().startswith("<fieldset")
    pagina = paso(rentas, "CC-2", "", pedido)
    for respuesta in (fragmento, pagina):
        assert 'name="integrante.3.documento"' in respuesta.text
        assert 'value="900.123.456"' in respuesta.text
    assert paso(rentas, "SC-04", "integrantes", {}).status_code == 404
