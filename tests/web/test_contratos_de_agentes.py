"""A collecting agent keeps the life of its contract at the screens: a payment and its withholding are one act."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.models import Agente, Liquidacion, Retencion
from tests.navegador_de_pruebas import ClienteEstricto
from tests.reconocimientos import reconocer
from tests.web.pantallas_de_agentes import entidad, entrar
from tests.web.pantallas_de_liquidar import NUEVA, cuantas, emitir, instalar, ocultos, paso, texto_de
from tests.web.pantallas_de_reconocer import DE_EPS, quien
from tests.web.test_contratos import ADICION, CUENTA, SERVICIOS, confirmacion, registrar

pytestmark = pytest.mark.usefixtures("dia_con_valores")
DE_SERVICIOS = {campo: valor for campo, valor in SERVICIOS.items() if not campo.startswith("contratante")}
EXENTO = {campo: valor for campo, valor in DE_EPS.items() if not campo.startswith("contratante")}


@pytest.fixture
def hospital(app: Flask) -> Agente:
    instalar(app, "cundinamarca")
    return entidad("cundinamarca", nombre="Hospital San Rafael")


@pytest.fixture
def agente(app: Flask, hospital: Agente) -> ClienteEstricto:
    return entrar(app, hospital)


def liquidar(client: ClienteEstricto, **otros: Any) -> str:
    """Assess its contract by withholding; returns the address of its page."""
    return f"{emitir(client, 'CC-2', DE_SERVICIOS | {'recaudo': 'retencion_por_pago'} | otros)}/contrato"


def la_cuenta() -> Liquidacion:
    db.session.rollback()
    return db.session.scalars(select(Liquidacion).where(Liquidacion.cuenta != "")).one()


def retenciones() -> list[Retencion]:
    db.session.rollback()
    return list(db.session.scalars(select(Retencion)))


def test_registra_una_cuenta_y_retiene_en_el_mismo_acto(agente: ClienteEstricto) -> None:
    contrato = liquidar(agente)
    formulario = agente.get(f"{contrato}/cuenta").text
    assert re.search(r'name="retener" value="y" checked', formulario)
    revision = agente.enviar(f"{contrato}/cuenta", CUENTA | {"retener": "y"})
    assert "Sus estampillas se retienen ahora, con el documento 1" in texto_de(revision.text)
    respuesta = agente.post(f"{contrato}/cuenta", data=confirmacion(revision.text))
    assert respuesta.status_code == 303, respuesta.text
    texto = texto_de(agente.get(contrato).text)
    assert "La cuenta 1 quedó registrada" in texto
    assert "y sus estampillas retenidas, por $" in texto
    (hecha,) = retenciones()
    assert (hecha.documento, hecha.liquidacion_id, hecha.recaudo.valor) == ("1", la_cuenta().id, la_cuenta().total)
    assert {f.estado.value for f in la_cuenta().facturas} == {"legalizada"}
    # The same confirmation sent twice.
    assert agente.post(f"{contrato}/cuenta", data=confirmacion(revision.text)).status_code == 303
    assert len(retenciones()) == 1


def test_la_orden_de_pago_es_el_documento_si_se_escribe(agente: ClienteEstricto) -> None:
    registrar(agente, liquidar(agente), "cuenta", CUENTA | {"retener": "y", "orden_pago": "OP 2025-77"})
    assert [r.documento for r in retenciones()] == ["OP 2025-77"]


def test_sin_marcarlo_la_cuenta_queda_por_pagar(agente: ClienteEstricto) -> None:
    registrar(agente, liquidar(agente), "cuenta", CUENTA)
    assert retenciones() == []
    assert {f.estado.value for f in la_cuenta().facturas} == {"liquidada"}


def test_a_rentas_no_se_le_ofrece_retener(agente: ClienteEstricto, rentas: ClienteEstricto) -> None:
    contrato = liquidar(agente)
    pagina = rentas.get(f"{contrato}/cuenta").text
    assert 'name="retener"' not in pagina
    registrar(rentas, contrato, "cuenta", CUENTA | {"retener": "y", "orden_pago": "OP 1"})
    assert retenciones() == []


def test_si_el_mes_no_se_puede_retener_no_queda_nada_y_conserva_lo_escrito(
    agente: ClienteEstricto, hospital: Agente
) -> None:
    contrato = liquidar(agente)
    revision = agente.enviar(f"{contrato}/cuenta", CUENTA | {"retener": "y", "orden_pago": "OP 5"})
    hospital_id = hospital.id
    db.session.execute(db.text("UPDATE agente SET desde = '2025-06-01' WHERE id = :id"), {"id": hospital_id})
    db.session.commit()
    respuesta = agente.post(f"{contrato}/cuenta", data=confirmacion(revision.text))
    assert respuesta.status_code == 409
    assert "no era agente recaudador" in respuesta.text
    assert 'value="OP 5"' in respuesta.text
    assert cuantas() == 1


def test_adiciona_su_contrato(agente: ClienteEstricto) -> None:
    assert "Adición 1" in registrar(agente, liquidar(agente), "adicion", ADICION)


def test_una_regla_que_necesita_reconocimiento_se_le_dice_a_donde_pedirlo(
    agente: ClienteEstricto, rentas: ClienteEstricto
) -> None:
    revision = paso(agente, "CC-2", "revisar", EXENTO)
    assert revision.status_code == 422
    assert "Pídalo a Rentas" in revision.text
    assert "Soporte de la regla" not in revision.text
    reconocer(quien())
    revision = paso(agente, "CC-2", "revisar", EXENTO)
    assert revision.status_code == 200
    assert "/gestion/liquidaciones/reconocimientos" not in revision.text
    respuesta = agente.post(f"{NUEVA}/CC-2/emitir", data=ocultos(revision.text))
    assert respuesta.status_code == 303
    assert "/gestion/liquidaciones/reconocimientos" not in agente.get(respuesta.location).text
