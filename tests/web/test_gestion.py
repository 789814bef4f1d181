"""The first page of every account offers what its role can do, and nothing that it cannot."""

import re

import pytest

from portal.models.usuario import Rol
from tests import fabricas
from tests.conftest import ingresar
from tests.navegador_de_pruebas import ClienteEstricto


@pytest.mark.parametrize("rol", list(Rol))
def test_cada_tarjeta_lleva_a_una_pagina_que_el_rol_puede_abrir(client: ClienteEstricto, rol: Rol) -> None:
    ingresar(client, rol.value)
    respuesta = client.get("/gestion")
    assert respuesta.status_code == 200
    tarjetas = re.findall(r'<h3><a href="([^"]+)"', respuesta.text)
    assert "/consulta" in tarjetas
    assert ("/gestion/liquidaciones/nueva" in tarjetas) is (rol is Rol.RENTAS)
    for direccion in tarjetas:
        assert client.get(direccion).status_code == 200, direccion


@pytest.mark.parametrize("rol", list(Rol))
def test_las_ultimas_liquidaciones_las_ve_quien_las_puede_abrir(client: ClienteEstricto, rol: Rol) -> None:
    una = fabricas.contrato()
    codigo = una.codigo
    ingresar(client, rol.value)
    ve = codigo in client.get("/gestion").text
    assert ve is (client.get(f"/gestion/liquidaciones/{codigo}").status_code == 200)
    assert ve is (rol in (Rol.RENTAS, Rol.ADMINISTRADOR, Rol.AUDITOR))


def test_solo_salen_las_cinco_mas_recientes(client: ClienteEstricto) -> None:
    codigos = [fabricas.liquidacion((1000,)).codigo for _ in range(6)]
    ingresar(client, "rentas")
    pagina = client.get("/gestion").text
    assert [c in pagina for c in codigos] == [False, True, True, True, True, True]


def test_las_tarifas_provisionales_se_avisan(client: ClienteEstricto) -> None:
    ingresar(client, "rentas")
    assert "Tarifas provisionales." in client.get("/gestion").text
