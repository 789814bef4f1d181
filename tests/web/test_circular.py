"""The circular at its screen: every signed-in role reads it, from what was published and nothing else."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from portal.config import Ajustes
from portal.models.usuario import Rol
from tests.conftest import ajustes_de_prueba, ingresar
from tests.documentos.lectura import texto
from tests.navegador_de_pruebas import ClienteEstricto
from tests.propuestas import AHORA, cuenta, proponer, publicar
from tests.web.pantallas_de_liquidar import texto_de

RAIZ = "/gestion/normativa/circular"
CULTURA_2026 = {
    "desde": date(2026, 1, 1),
    "hasta": date(2026, 12, 31),
    "valor": Decimal(4400),
    "acto": "Decreto de prueba",
}


@pytest.fixture
def ajustes(base_datos: str, tmp_path: Path) -> Ajustes:
    return ajustes_de_prueba(tmp_path, base_datos, departamento="narino")


@pytest.fixture
def admin(client: ClienteEstricto) -> Any:
    """Signed in as an administrator, on a day of December of 2026."""
    with time_machine.travel(AHORA, tick=False):
        ingresar(client, "administrador")
        yield client


@pytest.mark.parametrize("rol", list(Rol))
def test_la_lee_todo_el_que_trabaja_aqui(client: ClienteEstricto, rol: Rol) -> None:
    ingresar(client, rol.value)
    pagina = client.get(f"{RAIZ}/2025")
    assert pagina.status_code == 200
    assert "Circular de tarifas 2025" in pagina.text
    assert RAIZ in client.get("/gestion").text


def test_sin_ano_muestra_el_de_hoy_y_enlaza_los_demas(admin: ClienteEstricto) -> None:
    pagina = admin.get(RAIZ).text
    assert "<h1>Circular de tarifas 2026</h1>" in pagina
    assert f'href="{RAIZ}/2026" aria-current="page"' in pagina
    assert [f'href="{RAIZ}/{ano}"' in pagina for ano in (2010, 2011, 2025, 2027)] == [False, True, True, False]
    assert RAIZ in admin.get("/gestion/normativa").text


def test_en_enero_sin_valores_muestra_el_ultimo_ano(client: ClienteEstricto) -> None:
    with time_machine.travel(date(2028, 1, 2), tick=False):
        ingresar(client, "rentas")
        assert "Circular de tarifas 2026" in client.get(RAIZ).text


def test_muestra_las_cifras_con_su_acto(client: ClienteEstricto) -> None:
    ingresar(client, "funcionario")
    pagina = texto_de(client.get(f"{RAIZ}/2025").text)
    assert (
        "N-SC-03 Inscripción de establecimientos docentes de carácter particular (por cada diligencia) 22 % de un SMMLV"
        in pagina
    )
    assert "$313.170 $313.200" in pagina
    assert "incompleta" not in pagina


def test_un_borrador_no_sale_y_lo_publicado_completa_la_circular(admin: ClienteEstricto) -> None:
    numero = proponer(cuenta(), "PRO_CULTURA_SIN_CUANTIA", **CULTURA_2026)
    antes = texto_de(admin.get(f"{RAIZ}/2026").text)
    assert "Esta circular está incompleta" in antes
    assert "Sin decreto publicado" in antes
    assert "$4.400" not in antes.split("Estampilla Pro Cultura de Nariño Ordenanza")[1].split("Exenciones")[0]
    publicar(numero, cuenta())
    despues = texto_de(admin.get(f"{RAIZ}/2026").text)
    assert "incompleta" not in despues
    assert "art. 249 y parágrafo; Decreto de prueba" in despues


def test_el_pdf_y_el_excel_se_descargan(client: ClienteEstricto) -> None:
    ingresar(client, "rentas")
    documento = client.get(f"{RAIZ}/2025.pdf")
    assert documento.mimetype == "application/pdf"
    assert documento.headers["Content-Disposition"] == 'inline; filename="circular-narino-2025.pdf"'
    assert "DEMOSTRACIÓN" in texto(documento.data)
    libro = client.get(f"{RAIZ}/2025.xlsx")
    assert libro.headers["Content-Disposition"] == 'attachment; filename="circular-narino-2025.xlsx"'
    assert CalamineWorkbook.from_filelike(io.BytesIO(libro.data)).sheet_names[0] == "Tarifas"


@pytest.mark.parametrize("fin", ["", ".pdf", ".xlsx"])
@pytest.mark.parametrize("ano", ["0", "2010", "2027", "9999", "99999999999999999999999", "-1", "dos-mil"])
def test_un_ano_sin_circular_es_404(client: ClienteEstricto, ano: str, fin: str) -> None:
    ingresar(client, "rentas")
    respuesta = client.get(f"{RAIZ}/{ano}{fin}")
    assert respuesta.status_code == 404
    if ano == "2027":
        assert "No hay circular de 2027" in respuesta.text
