"""The list, the search and the voiding at the screens."""

from typing import Any

import pytest

from tests import fabricas
from tests.conftest import ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.web.pantallas_de_liquidar import HX, texto_de

pytestmark = pytest.mark.dos_motores

LISTA = "/gestion/liquidaciones"


def buscar(client: ClienteEstricto, texto: str, headers: Any = None, **otros: str) -> Any:
    return client.enviar(LISTA, {"buscar": texto, **otros}, headers=headers)


def direccion(una: fabricas.Liquidacion) -> str:
    return f"{LISTA}/{una.codigo}"


def test_la_lista_sin_nada_lo_dice(rentas: ClienteEstricto) -> None:
    assert "Todavía no hay liquidaciones." in rentas.get(LISTA).text


@pytest.mark.parametrize("texto", ["901805364", "901.805.364-1", "0647", " 647 "])
def test_se_busca_por_documento_o_contrato_en_el_cuerpo(rentas: ClienteEstricto, texto: str) -> None:
    otra, una = direccion(fabricas.liquidacion()), direccion(fabricas.contrato())
    pagina = buscar(rentas, texto).text
    assert una in pagina
    assert otra not in pagina
    assert 'method="post"' in pagina


def test_lo_que_se_busca_no_se_lee_de_la_direccion(rentas: ClienteEstricto) -> None:
    una = direccion(fabricas.liquidacion())
    assert una in rentas.get(f"{LISTA}?buscar=901805364").text


def test_htmx_recibe_solo_la_lista(rentas: ClienteEstricto) -> None:
    fabricas.contrato()
    fragmento = buscar(rentas, "647", headers=HX)
    assert fragmento.text.startswith('<section id="lista"')
    assert texto_de(fragmento.text) in texto_de(buscar(rentas, "647").text)


def test_buscar_lo_que_no_hay_o_lo_que_no_se_puede_leer(rentas: ClienteEstricto) -> None:
    fabricas.contrato()
    assert "No hay liquidaciones con ese dato." in buscar(rentas, "64").text
    for comodin in ("%", "_", "*"):
        assert "No hay liquidaciones con ese dato." in buscar(rentas, comodin).text
    malo = buscar(rentas, "x" * 61)
    assert malo.status_code == 422
    assert "Use máximo 60 caracteres" in malo.text
    assert buscar(rentas, "9" * 60).status_code == 200


def test_las_mas_antiguas_siguen_en_otra_pagina(rentas: ClienteEstricto) -> None:
    todas = [direccion(fabricas.liquidacion((1000,))) for _ in range(26)]
    primera = rentas.get(LISTA).text
    assert todas[0] not in primera
    assert all(d in primera for d in todas[1:])
    segunda = buscar(rentas, "", antes="2").text
    assert todas[0] in segunda
    assert "Ver más antiguas" not in segunda
    assert buscar(rentas, "", antes="x").status_code == 200


@pytest.mark.parametrize("rol", ["administrador", "auditor"])
def test_quien_solo_lee_no_ve_con_que_cambiar(client: ClienteEstricto, rol: str) -> None:
    ingresar(client, rol)
    una = direccion(fabricas.liquidacion())
    pagina = client.get(una).text
    assert "Descargar en PDF" in pagina
    assert "sin-efecto" not in pagina
    assert "/nueva" not in pagina + client.get(LISTA).text
    assert client.get(f"{una}/sin-efecto").status_code == 403
    assert client.enviar(f"{una}/sin-efecto", {"motivo": "x"}).status_code == 403


def test_dejar_sin_efecto_pide_el_motivo_y_lo_muestra(rentas: ClienteEstricto) -> None:
    una = fabricas.contrato()
    ruta, publica = direccion(una), f"/liquidacion/{una.codigo}"
    assert f"{ruta}/sin-efecto" in rentas.get(ruta).text
    vacio = rentas.enviar(f"{ruta}/sin-efecto", {"motivo": "  "})
    assert vacio.status_code == 422
    assert "Escriba este dato: Motivo." in vacio.text
    hecho = rentas.enviar(f"{ruta}/sin-efecto", {"motivo": "Se digitó mal el valor"}, follow_redirects=True)
    texto = texto_de(hecho.text)
    assert "quedó sin efecto" in texto
    assert "por Cuenta de rentas" in texto
    assert "Motivo: Se digitó mal el valor" in texto
    assert "× Sin efecto" in texto
    assert f"{ruta}/sin-efecto" not in hecho.text
    assert "Se digitó mal el valor" in rentas.get(publica).text
    assert "Pagar en línea" not in texto_de(rentas.get(publica).text.split("<main")[1])


def test_dejar_sin_efecto_otra_vez_se_rechaza_con_una_frase(rentas: ClienteEstricto) -> None:
    ruta = direccion(fabricas.liquidacion()) + "/sin-efecto"
    rentas.enviar(ruta, {"motivo": "Primera vez"})
    otra = rentas.enviar(ruta, {"motivo": "Segunda vez"})
    assert otra.status_code == 409
    assert "Esta liquidación ya fue dejada sin efecto." in otra.text


def test_con_un_pago_en_el_banco_no_se_ofrece_ni_se_puede(rentas: ClienteEstricto) -> None:
    una = fabricas.liquidacion()
    fabricas.pago(una)
    ruta = direccion(una)
    assert "sin-efecto" not in rentas.get(ruta).text
    respuesta = rentas.enviar(f"{ruta}/sin-efecto", {"motivo": "Quiero anular"})
    assert respuesta.status_code == 409
    assert "tiene un pago en proceso en el banco" in respuesta.text
    assert fabricas.estados_de(una) == ["en_verificacion", "en_verificacion"]
    assert "Envío a pago en el banco" in rentas.get(ruta).text


@pytest.mark.parametrize("codigo", ["1", "no-existe", "%00", "..%2f..", "x" * 500])
def test_una_liquidacion_que_no_existe_es_404(rentas: ClienteEstricto, codigo: str) -> None:
    fabricas.liquidacion()
    assert rentas.get(f"{LISTA}/{codigo}").status_code == 404
    assert rentas.get(f"{LISTA}/{codigo}/sin-efecto").status_code == 404
