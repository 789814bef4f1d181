"""The token of a form: the one that was proved serves the forms of its answer while it is young."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from tests import fabricas

HORA = datetime(2025, 6, 24, 15, tzinfo=UTC)


@pytest.mark.parametrize(("minutos", "sigue"), [(1, True), (29, True), (31, False), (200, False)])
def test_la_ficha_probada_vale_para_la_respuesta_mientras_es_joven(
    client: FlaskClient, minutos: int, sigue: bool
) -> None:
    documento = fabricas.liquidacion().documento
    with time_machine.travel(HORA, tick=False):
        ficha = client.csrf()
    with time_machine.travel(HORA + timedelta(minutes=minutos), tick=False):
        datos = {"csrf_token": ficha, "tipo_pago": "tramite", "documento": documento}
        pagina = client.post("/consulta", data=datos)
        dichas = set(re.findall(r'name="csrf_token" value="([^"]+)"', pagina.text))
        assert (dichas == {ficha}) is sigue
        assert len(dichas) == 1
        assert client.post("/consulta", data=datos | {"csrf_token": dichas.pop()}).status_code == 200


def test_una_ficha_que_no_se_probo_no_se_repite(client: FlaskClient) -> None:
    client.get("/consulta")
    falsa = f"{client.csrf()[:-4]}AAAA"
    pagina = client.post("/consulta", data={"csrf_token": falsa, "tipo_pago": "tramite", "documento": "1"})
    assert pagina.status_code == 400
    assert falsa not in pagina.text
