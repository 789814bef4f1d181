"""`/gestion/agentes/…/diario`: what each office took and deposited, and the monthly report."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Agente, Bitacora
from portal.models.usuario import Rol
from portal.operaciones.agentes import registro
from portal.operaciones.firmas import Firma
from tests.agentes import agente, persona, retenida, suya
from tests.conftest import ingresar
from tests.documentos.lectura import texto
from tests.fabricas import AHORA, HOY
from tests.tableros import deposito

ESTE = f"{HOY:%Y-%m}"


@pytest.fixture
def entidad(app: object) -> Agente:
    """An entity with two offices, one of which withheld and deposited."""
    una, administra = agente(nombre="Secretaría de Movilidad"), Firma(persona(Rol.ADMINISTRADOR), AHORA)
    with transaccion():
        norte = registro.agregar_sede(una, "Sede Norte", firma=administra)
        registro.agregar_sede(una, "Sede Sur", firma=administra)
    retenida(suya(una), persona(Rol.AGENTE, una), sede_id=norte.id)
    deposito(una, HOY.replace(day=1), 4000, fecha=HOY, sede_id=norte.id)
    return una


def _pagina(de: Agente, cola: str = "", mes: str = ESTE) -> str:
    return f"/gestion/agentes/{de.codigo}/diario{cola}?mes={mes}"


@pytest.mark.parametrize("rol", ["rentas", "tesoreria", "administrador", "auditor"])
def test_el_departamento_ve_cada_dia_de_cada_sede(client: FlaskClient, entidad: Agente, rol: str) -> None:
    ingresar(client, rol)
    pagina = client.get(_pagina(entidad)).text
    assert pagina.index("Sede Norte</h2>") < pagina.index("Sede Sur</h2>")
    for dicho in ("$9.000", "$4.000", "+$5.000"):
        assert dicho in pagina
    if HOY.day > 1:
        assert "Sin operaciones" in pagina


def test_la_entidad_ve_lo_suyo_y_lo_ajeno_no_existe_y_queda_escrito(client: FlaskClient, entidad: Agente) -> None:
    quien = ingresar(client, "agente")
    assert "Recaudo diario" not in client.get("/gestion").text
    otra, administra = agente(), Firma(persona(Rol.ADMINISTRADOR), AHORA)
    with transaccion():
        registro.vincular(otra, quien, firma=administra)
    assert "Recaudo diario" in client.get("/gestion").text
    propia = client.get("/gestion/agentes/diario", follow_redirects=True)
    assert (propia.status_code, otra.nombre in propia.text) == (200, True)
    for cola in ("", ".xlsx", ".pdf"):
        ajena = client.get(_pagina(entidad, cola))
        assert (ajena.status_code, entidad.nombre in ajena.text) == (404, False)
    suyas = select(Bitacora.usuario_id).where(Bitacora.accion == "acceso_ajeno")
    assert db.session.scalars(suyas.where(Bitacora.objeto == f"agente:{entidad.id}")).all() == [quien.id] * 3


def test_el_libro_trae_el_reporte_las_sedes_y_los_dias(client: FlaskClient, entidad: Agente) -> None:
    ingresar(client, "rentas")
    libro = CalamineWorkbook.from_filelike(BytesIO(client.get(_pagina(entidad, ".xlsx")).data))
    assert libro.sheet_names == ["Liquidación y recaudo", "Sedes", "Días"]
    assert libro.get_sheet_by_index(0).to_python()[-1] == ["Total", "", "", 2, 9000, 2, 9000]
    assert libro.get_sheet_by_index(1).to_python()[-1][:5] == ["Total", 9000, 4000, 4000, 5000]
    dias = libro.get_sheet_by_index(2).to_python()
    assert [f[2:] for f in dias if f[0] == "Sede Norte"][HOY.day - 1 :] == [[9000, 4000, 5000, 5000]]


def test_el_pdf_dice_lo_mismo_y_es_el_mismo(client: FlaskClient, entidad: Agente) -> None:
    ingresar(client, "rentas")
    primero, segundo = client.get(_pagina(entidad, ".pdf")), client.get(_pagina(entidad, ".pdf"))
    assert primero.data == segundo.data
    assert "sedes-" in primero.headers["Content-Disposition"]
    escrito = " ".join(texto(primero.data).split())
    for dicho in ("Secretaría de Movilidad", "Sede Norte: liquidación y recaudo", "$9.000", "$5.000"):
        assert dicho in escrito


@pytest.mark.parametrize("mes", ["2026-13", "2024-12", "2900-01"])
def test_un_mes_en_que_no_era_agente_no_existe(client: FlaskClient, entidad: Agente, mes: str) -> None:
    ingresar(client, "rentas")
    assert client.get(_pagina(entidad, mes=mes)).status_code == 404
