"""The rows of a look-up are written by hand: nothing that somebody wrote becomes a part of the page, nor another's cell."""

import pytest

from portal.blueprints.consulta.renglones import a_salvo
from portal.models.liquidacion import ClaseContribuyente
from tests import fabricas
from tests.navegador_de_pruebas import ClienteEstricto

MALO = "<script>alert(1)</script> \"x\" & 'y'"
SALVO = "&lt;script&gt;alert(1)&lt;/script&gt; &#34;x&#34; &amp; &#39;y&#39;"


@pytest.mark.parametrize("textos", [[], ["a"], [MALO, "b"], ["", MALO, ""], ["con\x00nulo", MALO], ["\x00"]])
def test_cada_texto_sale_a_salvo_y_en_su_lugar(textos: list[str]) -> None:
    assert a_salvo(textos) == [texto.replace(MALO, SALVO) for texto in textos]


@pytest.mark.parametrize("base_datos", ["sqlite"], indirect=True)
def test_lo_que_alguien_escribio_es_texto_en_cada_celda(client: ClienteEstricto) -> None:
    fabricas.liquidacion(nombre=MALO, acto_nombre=MALO, clase=ClaseContribuyente.JURIDICA, documento="901805364")
    dicho = client.enviar("/consulta", {"tipo_pago": "tramite", "documento": "901805364"}).text
    assert "<script>alert" not in dicho
    assert dicho.count(f"<span>{SALVO}</span></td>") == 4, "the name and the act of each of two facturas"
