"""The work of an office, its spreadsheet, undoing from the page, and what everybody else sees of a used stamp."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Bitacora, Caso, Usuario
from tests.adhesiones import DEPENDENCIA, acto, adherir, funcionario, proponer
from tests.conftest import ingresar
from tests.devoluciones import pagado
from tests.estampillas import pagar
from tests.fabricas import AHORA, contrato, estados_de
from tests.navegador_de_pruebas import ClienteEstricto
from tests.operaciones.test_adhesiones import pagar_de_nuevo, revertir

RAIZ = "/gestion/validacion"


@pytest.fixture
def oficial(app: Flask, client: ClienteEstricto) -> ClienteEstricto:
    usuario = ingresar(client, "funcionario")
    with transaccion():
        db.session.get_one(Usuario, usuario.id).dependencia = DEPENDENCIA
    return client


def hoja(datos: bytes) -> list[list[object]]:
    libro = CalamineWorkbook.from_filelike(BytesIO(datos))
    return libro.get_sheet_by_index(0).to_python()


def test_esperan_los_actos_cuyo_contratante_es_la_dependencia(oficial: ClienteEstricto) -> None:
    for numero, contratante in (("1", DEPENDENCIA), ("2", DEPENDENCIA.upper()), ("3", "Otra oficina")):
        pagar(contrato(numero, contratante=contratante))
    contrato("4", contratante=DEPENDENCIA)
    pagina = oficial.get(RAIZ).text
    assert "Por adherir: 2" in pagina
    assert "Contrato 1 de" in pagina
    assert "Contrato 3 de" not in pagina
    assert "Contrato 4 de" not in pagina, "it is not paid"


def test_esperan_los_tramites_que_la_dependencia_miro_hace_poco(oficial: ClienteEstricto) -> None:
    una, _ = pagado((4000,))
    otra, _ = pagado((5000,))
    companera, ajena = funcionario(), funcionario(dependencia="Otra oficina")
    with transaccion():
        for quien, liquidacion, hace in ((companera, una, 1), (companera, otra, 31), (ajena, otra, 1)):
            db.session.add(
                Bitacora(
                    en=AHORA - timedelta(days=hace),
                    usuario_id=quien.id,
                    accion="validacion.ver",
                    objeto=f"liquidacion:{liquidacion.id}",
                )
            )
    pagina = oficial.get(RAIZ).text
    assert "Por adherir: 1" in pagina
    assert f"/actos/{una.numero}" in pagina
    adherir(una, companera)
    pagina = oficial.get(RAIZ).text
    assert "Por adherir: 0" in pagina
    assert "Usadas hoy: 1" in pagina


def test_lo_usado_hoy_y_su_hoja_de_calculo_sin_formulas(oficial: ClienteEstricto) -> None:
    una, _ = pagado()
    adherir(una, funcionario(), que=acto("=HYPERLINK(1)"))
    adherir(pagado((4000,))[0], funcionario(dependencia="Otra oficina"))
    pagina = oficial.get(f"{RAIZ}?lista=usadas-hoy", headers={"HX-Request": "true"}).text
    assert "Usadas hoy: 2" in pagina, "two stamps of this office"
    assert "<html" not in pagina
    respuesta = oficial.get(f"{RAIZ}?exportar=xlsx&lista=usadas-hoy")
    filas = [f for f in hoja(respuesta.data) if "=HYPERLINK(1)" in f]
    assert [f[2] for f in filas] == [x.numero for x in una.facturas]
    assert b"<f>" not in respuesta.data
    db.session.rollback()
    assert db.session.scalars(select(Bitacora).where(Bitacora.accion == "lista.exportar")).one().detalle == {
        "formato": "xlsx",
        "filas": 2,
    }
    for lista in ("por-usar", "revertidas", "no-existe"):
        assert oficial.get(f"{RAIZ}?exportar=xlsx&lista={lista}").status_code == 200


def test_las_listas_tienen_paginas(oficial: ClienteEstricto) -> None:
    for numero in range(26):
        pagar(contrato(f"9{numero}", contratante=DEPENDENCIA))
    primera, segunda = oficial.get(RAIZ).text, oficial.get(f"{RAIZ}?pagina=2").text
    assert "Por adherir: 26" in primera
    assert (primera.count(">Abrir<"), segunda.count(">Abrir<")) == (25, 1)
    assert "1 de 2" in primera


def test_lo_usado_que_quedo_sin_pago_se_grita_aqui_y_en_tesoreria(
    oficial: ClienteEstricto, app: Flask, runner: object
) -> None:
    una, uno = pagado((4000,))
    adherir(una, funcionario("Ana Funcionaria"), que=acto("Resolución 12"))
    revertir(uno)
    pagina = oficial.get(f"{RAIZ}?lista=revertidas").text
    assert "quedó sin pago" in pagina
    assert "Resolución 12" in pagina
    tesoreria = app.test_client()
    ingresar(tesoreria, "tesoreria")
    db.session.rollback()
    caso = db.session.scalars(select(Caso)).one()
    lista = tesoreria.get("/gestion/tesoreria/casos").text
    assert "Ya se usó" in lista
    texto = tesoreria.get(f"/gestion/tesoreria/casos/{caso.numero}").text
    for parte in ("Ana Funcionaria", "Resolución 12", DEPENDENCIA, "/gestion/validacion/adhesiones/1"):
        assert parte in texto
    pagar_de_nuevo(una)
    assert "se pagó de nuevo" in tesoreria.get(f"/gestion/tesoreria/casos/{caso.numero}").text


def test_se_deshace_desde_la_pagina(oficial: ClienteEstricto) -> None:
    una, _ = pagado((4000,))
    with transaccion():
        quien = db.session.scalars(select(Usuario).where(Usuario.correo == "funcionario@demo.portal.test")).one()
    hecha = adherir(una, quien).numero
    direccion = f"{RAIZ}/adhesiones/{hecha}"
    assert "Deshacer la adhesión</button>" in oficial.get(direccion).text
    assert oficial.enviar(f"{direccion}/deshacer", {"motivo": ""}).status_code == 422
    respuesta = oficial.enviar(f"{direccion}/deshacer", {"motivo": "Era otro papel."})
    assert respuesta.status_code == 303
    assert estados_de(una) == ["legalizada"]
    pagina = oficial.get(direccion).text
    assert "Era otro papel." in pagina
    assert oficial.enviar(f"{direccion}/deshacer", {"motivo": "Otra vez"}).status_code == 409


def test_lo_de_otra_persona_se_pide_y_lo_aprueba_una_tercera(oficial: ClienteEstricto) -> None:
    una, _ = pagado((4000,))
    ana = funcionario("Ana Funcionaria")
    hecha = adherir(una, ana)
    direccion = f"{RAIZ}/adhesiones/{hecha.numero}"
    assert "Pedir que se deshaga" in oficial.get(direccion).text
    assert oficial.enviar(f"{direccion}/deshacer", {"motivo": "Era otro papel."}).status_code == 303
    assert estados_de(una) == ["utilizada"]
    assert "debe aprobarlo otra persona" in oficial.get(direccion).text
    assert oficial.enviar(f"{direccion}/aprobar", {}).status_code == 409
    assert oficial.enviar(f"{direccion}/rechazar", {"motivo": "Me equivoqué."}).status_code == 303
    proponer(hecha, ana)
    assert f"Adhesión {hecha.numero}" in oficial.get(RAIZ).text
    assert oficial.enviar(f"{direccion}/aprobar", {}).status_code == 303
    assert estados_de(una) == ["legalizada"]
    pagina = oficial.get(direccion).text
    assert "Me equivoqué." in pagina


def test_el_publico_ve_utilizada_con_su_dia_y_su_dependencia_y_no_quien(app: Flask, client: ClienteEstricto) -> None:
    una, _ = pagado()
    hecha = adherir(una, funcionario("Ana Funcionaria"), [una.facturas[0].numero])
    respuesta = client.enviar("/consulta", {"tipo_pago": "tramite", "documento": "1212312323"})
    privada = client.get(f"/liquidacion/{una.codigo}")
    for pagina in (respuesta.text, privada.text):
        assert "Utilizada" in pagina
        assert DEPENDENCIA in pagina
        assert "Ana Funcionaria" not in pagina
        assert pagina.count(DEPENDENCIA) == 1
    db.session.rollback()
    assert hecha.acto_numero not in respuesta.text


def test_la_cuenta_se_crea_con_su_dependencia(app: Flask, runner: object) -> None:
    resultado = app.test_cli_runner().invoke(
        args=[
            "usuarios", "crear", "ana@demo.portal.test", "--nombre", "Ana", "--rol", "funcionario",
            "--dependencia", "  Secretaría   de Gobierno ", "--clave", "una clave de prueba larga",
        ]
    )  # fmt: skip
    assert resultado.exit_code == 0, resultado.output
    db.session.rollback()
    assert db.session.scalars(select(Usuario.dependencia)).one() == DEPENDENCIA
    assert DEPENDENCIA in app.test_cli_runner().invoke(args=["usuarios", "listar"]).output
