"""Two entities with the same number of contract, at the screens: each is told by who contracts, and nothing is taken for it."""

import pytest
from flask import Flask

from portal.models import Agente, Liquidacion
from tests import fabricas
from tests.conftest import ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.reconocimientos import todos
from tests.web.pantallas_de_agentes import entidad
from tests.web.pantallas_de_liquidar import instalar, texto_de
from tests.web.test_certificados import BUSCAR, DATOS
from tests.web.test_consulta import filas
from tests.web.test_reconocimientos import NUEVO, REGISTRO
from tests.web.test_validacion_lista import LISTA, TITULOS

NOMBRES = ("HOSPITAL SAN RAFAEL", "UNIVERSIDAD DEL SUR")
DE_CONTRATO = {"tipo_pago": "contrato", "vigencia": "2025", "nit": "901805364", "numero_contrato": "647"}


@pytest.fixture
def unas(app: Flask) -> list[Liquidacion]:
    """The same contract, by its number, of two entities."""
    return [fabricas.contrato(agente_id=entidad(nombre=n).id, contratante=n) for n in NOMBRES]


def test_la_consulta_muestra_los_dos_con_su_contratante(client: ClienteEstricto, unas: list[Liquidacion]) -> None:
    mostradas = filas(client.enviar("/consulta", DE_CONTRATO).text)
    assert [f[2] for f in mostradas] == [nombre for nombre in NOMBRES for _ in range(2)]


def test_al_pagar_cada_uno_dice_con_quien_es(client: ClienteEstricto, unas: list[Liquidacion]) -> None:
    pagina = texto_de(client.enviar("/pago", DE_CONTRATO).text)
    for una in unas:
        assert f"Liquidación {una.numero}, con {una.contratante}." in pagina


def test_no_se_certifica_por_el_numero_que_es_de_los_dos(client: ClienteEstricto, unas: list[Liquidacion]) -> None:
    ingresar(client, "funcionario")
    pagina = client.enviar(BUSCAR, DATOS)
    assert f"{BUSCAR}/emitir" not in pagina.text
    assert f"uno de cada entidad ({'; '.join(NOMBRES)})" in texto_de(pagina.text)
    assert client.enviar(f"{BUSCAR}/emitir", DATOS | {"clave": "k" * 32}).status_code == 422
    por_factura = client.enviar(BUSCAR, {"buscar_por": "factura", "consecutivo": str(unas[0].facturas[0].numero)})
    assert f"{BUSCAR}/emitir" in por_factura.text


def test_en_una_lista_la_fila_es_ambigua_y_nombra_las_dos(client: ClienteEstricto, unas: list[Liquidacion]) -> None:
    ingresar(client, "funcionario")
    factura = unas[1].facturas[0].numero
    pagina = texto_de(client.enviar(LISTA, {"lista": TITULOS + "647;2025;901805364\n"}).text)
    assert "Ambiguo" in pagina
    assert "; ".join(NOMBRES) in pagina
    con_factura = client.enviar(LISTA, {"lista": f"Factura;{TITULOS}{factura};647;2025;901805364\n"})
    assert "1 con pendientes" in texto_de(con_factura.text)


@pytest.fixture
def hospital(app: Flask) -> Agente:
    instalar(app, "cundinamarca")
    return entidad("cundinamarca", nombre=NOMBRES[0])


@pytest.mark.usefixtures("dia_con_valores")
def test_se_reconoce_para_el_contrato_de_una_entidad(client: ClienteEstricto, hospital: Agente) -> None:
    ingresar(client, "rentas")
    assert f'<option value="{hospital.codigo}">{NOMBRES[0]}</option>' in client.get(NUEVO).text
    suyo = REGISTRO | {"numero_contrato": "647", "vigencia_contrato": "2025", "entidad": hospital.codigo}
    pagina = client.enviar(NUEVO, suyo, follow_redirects=True)
    assert "Solo el contrato 647 de 2025 con HOSPITAL SAN RAFAEL" in texto_de(pagina.text)
    assert client.enviar(NUEVO, suyo).status_code == 409
    assert client.enviar(NUEVO, suyo | {"entidad": ""}).status_code == 303
    assert [uno.agente_id for uno in todos()] == [hospital.id, None]


@pytest.mark.usefixtures("dia_con_valores")
@pytest.mark.parametrize("malo", [{"numero_contrato": "", "vigencia_contrato": ""}, {"entidad": "inventada"}])
def test_una_entidad_sin_contrato_o_que_no_existe_se_rechaza(
    client: ClienteEstricto, hospital: Agente, malo: dict[str, str]
) -> None:
    ingresar(client, "rentas")
    suyo = REGISTRO | {"numero_contrato": "647", "vigencia_contrato": "2025", "entidad": hospital.codigo}
    assert client.enviar(NUEVO, suyo | malo).status_code == 422
    assert todos() == []
