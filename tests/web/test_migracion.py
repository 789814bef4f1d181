"""What came from the earlier system, on the screens that people know: looked up, printed, certified, used and paid."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.models import CertificadoValidacion, Factura, Liquidacion
from portal.operaciones.adhesiones import AdhesionRechazada
from portal.operaciones.validaciones import ClasePregunta, Pregunta
from tests.adhesiones import adherir, funcionario
from tests.certificados import expedir as certificar
from tests.conftest import ingresar
from tests.documentos.lectura import texto
from tests.estampillas import expedir, pagar
from tests.fabricas import HOY, estados_de
from tests.migracion import administrador, escrita, leida, traer
from tests.navegador_de_pruebas import ClienteEstricto


@pytest.fixture
def traida(app: Flask) -> None:
    """The example, with time to pay what it left unpaid, whatever today is."""
    filas = leida()
    for una in filas["liquidaciones.csv"]:
        una["fecha_limite"] = una["fecha_limite"].replace("2026", str(HOY.year + 1))
    traer(escrita(filas), administrador("otro@demo.portal.test").id)


def buscar(client: ClienteEstricto, **datos: str) -> str:
    texto: str = client.enviar("/consulta", {"registros": "25", **datos}).text
    return " ".join(re.sub(r"<[^>]+>", " ", texto).split())


def test_la_consulta_publica_encuentra_los_documentos_viejos(client: ClienteEstricto, traida: None) -> None:
    por_persona = buscar(client, tipo_pago="tramite", documento="1000000001")
    assert all(x in por_persona for x in ("238076", "Legalizado", "238077", "Liquidado", "238082", "Sin efecto"))
    por_factura = buscar(client, tipo_pago="tramite", documento="238083")
    assert "Vencida" in por_factura
    assert "500001" not in por_factura, "a number that is easy to guess tells nobody's document"
    contrato = {"vigencia": "2025", "nit": "900000001", "numero_contrato": "647"}
    por_contrato = buscar(client, tipo_pago="contrato", **contrato)
    assert all(x in por_contrato for x in ("ENTIDAD DE EJEMPLO", "238078", "Utilizada", "$235.000", "$46.911.499,50"))


def vieja(numero: int) -> Liquidacion:
    return db.session.scalars(select(Liquidacion).where(Liquidacion.numero == numero)).one()


def test_lo_pagado_antes_se_imprime_se_certifica_y_se_usa_una_vez(client: ClienteEstricto, traida: None) -> None:
    una = vieja(61001)
    papel = texto(client.get(f"/liquidacion/{una.codigo}.pdf").data)
    assert all(x in papel for x in ("238076", "238077", "CONTRIBUYENTE DE EJEMPLO UNO"))
    (estampilla,) = expedir(una)
    assert "Legalizado" in client.get(f"/v/{estampilla.codigo}").text
    quien = funcionario()
    adherir(una, quien, [238076])
    assert estados_de(una) == ["utilizada", "liquidada"]
    with pytest.raises(AdhesionRechazada, match="Ya se usó"):
        adherir(una, quien, [238076])
    with pytest.raises(AdhesionRechazada, match="Funcionario de ejemplo la adhirió y anuló el 10 de febrero de 2025"):
        adherir(vieja(61002), quien, [238078])
    certificado: CertificadoValidacion = certificar(quien, Pregunta(ClasePregunta.CONTRATO, "647", "900000001", 2025))
    dice = texto(certificado.pdf)
    assert all(x in dice for x in ("238078", "238080", "3 de 3 estampillas pagadas")), dice


def test_lo_que_quedo_por_pagar_se_paga_aqui(client: ClienteEstricto, traida: None) -> None:
    una = vieja(61001)
    pagar(una, facturas=(238077,))
    assert estados_de(una) == ["legalizada", "legalizada"]


def test_tesoreria_y_rentas_ven_lo_traido(client: ClienteEstricto, traida: None) -> None:
    ingresar(client, "rentas")
    pagina = client.get(f"/gestion/liquidaciones/{vieja(61002).codigo}").text
    assert "238078" in pagina
    assert "este portal no lo recalculó" in pagina
    (factura,) = db.session.scalars(select(Factura).where(Factura.numero == 238083))
    assert "238083" in client.get(f"/liquidacion/{factura.liquidacion.codigo}").text
