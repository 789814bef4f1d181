"""Finding money, noted without the number that was typed; and the page of a payment, which asks the gateway."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Bitacora, EventoPago, Liquidacion, Pago
from portal.operaciones import notificaciones
from portal.operaciones.resultados import Causa, aplicar_resultado
from portal.pasarelas.base import AvisoPasarela, EstadoPasarela
from tests.conftest import ingresar
from tests.fabricas import AHORA, ESPERA, contrato, estados_de, liquidacion, pago, respuesta
from tests.navegador_de_pruebas import ClienteEstricto
from tests.ordenes import aprobar, legalizacion, tesorero
from tests.pasarela_guion import PasarelaGuion, PasarelaNoDisponible

RAIZ = "/gestion/tesoreria"


@pytest.fixture
def pasarela(app: Flask) -> PasarelaGuion:
    guion = PasarelaGuion()
    app.extensions["pasarela"] = guion
    return guion


def aprobado(de: Liquidacion | None = None) -> Pago:
    uno = pago(de or liquidacion())
    with transaccion():
        aplicar_resultado(uno.id, respuesta(uno), causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)
    db.session.refresh(uno)
    return uno


def buscar(client: ClienteEstricto, texto: str, **otros: str) -> str:
    respuesta = client.enviar(f"{RAIZ}/buscar", {"buscar": texto, **otros})
    assert respuesta.status_code == 200
    return respuesta.text


def test_se_halla_por_todo_lo_que_la_gente_tiene_en_la_mano(app: Flask, client: ClienteEstricto) -> None:
    una = liquidacion(documento="27359001")
    uno = aprobado(una)
    ajeno = pago(liquidacion(documento="98765432")).referencia
    datos = [
        "1234567",
        uno.referencia,
        uno.referencia.lower(),
        "27.359.001",
        str(una.numero),
        str(una.facturas[0].numero),
        "s1",
    ]
    referencia = uno.referencia
    ingresar(client, "auditor")
    for dato in datos:
        pagina = buscar(client, dato)
        assert f"{RAIZ}/pagos/{referencia}" in pagina, dato
        assert ajeno not in pagina, dato
    assert "No hay nada con ese dato" in buscar(client, "999999999")


def test_se_halla_el_pago_del_documento_del_pagador_y_el_contrato(app: Flask, client: ClienteEstricto) -> None:
    suyo = contrato()
    referencia, facturas = pago(suyo).referencia, [str(f.numero) for f in suyo.facturas]
    ingresar(client, "tesoreria")
    for dato in ("1212312323", "901805364-1", "901805364", "647"):
        pagina = buscar(client, dato)
        assert referencia in pagina, dato
        assert all(numero in pagina for numero in facturas), dato


def test_un_comprobante_legalizado_a_mano_se_halla_por_su_numero(app: Flask, client: ClienteEstricto) -> None:
    una = liquidacion((4000,))
    aprobar(legalizacion(una, tesorero(), referencia="Z998877"), tesorero())
    numero = una.facturas[0].numero
    ingresar(client, "tesoreria")
    pagina = buscar(client, "z998877")
    assert "Legalización manual" in pagina
    assert "Legalización manual" in buscar(client, str(numero))


def test_quien_busca_queda_anotado_sin_lo_que_escribio(app: Flask, client: ClienteEstricto) -> None:
    uno = aprobado(liquidacion(documento="27359001"))
    yo = ingresar(client, "tesoreria")
    buscar(client, "27359001")
    suceso = db.session.scalars(select(Bitacora).where(Bitacora.accion == "tesoreria.buscar")).one()
    assert suceso.usuario_id == yo.id
    assert suceso.detalle["pagos"] == [uno.id]
    assert "27359001" not in str(suceso.detalle)


def test_buscar_sin_nada_lo_dice_y_en_un_fragmento_tambien(app: Flask, client: ClienteEstricto) -> None:
    ingresar(client, "tesoreria")
    assert client.get(f"{RAIZ}/buscar").status_code == 200
    for cabeceras in ({}, {"HX-Request": "true"}):
        respuesta = client.enviar(f"{RAIZ}/buscar", {"buscar": " "}, headers=cabeceras)
        assert respuesta.status_code == 422
        assert "Hay un problema" in respuesta.text
        assert respuesta.text.lstrip().startswith("<section") is bool(cabeceras)
    largo = client.enviar(f"{RAIZ}/buscar", {"buscar": "9" * 61})
    assert (largo.status_code, "9" * 61 in largo.text) == (422, True)


def test_lo_hallado_se_descarga(app: Flask, client: ClienteEstricto) -> None:
    uno = aprobado()
    ingresar(client, "tesoreria")
    respuesta = client.enviar(f"{RAIZ}/buscar", {"buscar": "1234567", "exportar": "xlsx"})
    hojas = CalamineWorkbook.from_filelike(BytesIO(respuesta.data))
    assert hojas.get_sheet_by_name("Pagos").to_python()[1][0] == uno.referencia
    assert len(hojas.get_sheet_by_name("Facturas").to_python()) == 3 + 4


def test_la_pagina_de_un_pago_tiene_todo_lo_que_se_sabe(app: Flask, client: ClienteEstricto) -> None:
    uno = aprobado()
    referencia, ruta = uno.referencia, f"{RAIZ}/pagos/{uno.referencia}"
    with transaccion():
        aviso = AvisoPasarela(uno.id_pasarela or "", referencia, "APPROVED", "2025-01-01T00:00:00-05:00")
        notificaciones.guardar("placetopay", b"cuerpo", aviso, AHORA)
    ingresar(client, "auditor")
    pagina = client.get(ruta).text
    for dicho in (
        "Aprobado, por la sonda",
        "Creado, por el pagador",
        "Recaudo de la estampilla",
        "«APPROVED»",
        "1.212.312.323",
    ):
        assert dicho in pagina
    assert "Consultar a la pasarela" not in pagina, "an auditor only reads"
    vistos = db.session.scalars(select(Bitacora.objeto).where(Bitacora.accion == "pago.ver")).all()
    assert vistos == [f"pago:{uno.id}"]
    hojas = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{ruta}.xlsx").data)).sheet_names
    assert hojas == ["Pago", "Recaudos", "Libro", "Casos"]


def test_tesoreria_pregunta_a_la_pasarela_y_la_respuesta_cuenta(
    app: Flask, client: ClienteEstricto, pasarela: PasarelaGuion
) -> None:
    una = liquidacion()
    uno = pago(una)
    pasarela.sesiones[uno.id_pasarela or ""] = respuesta(uno)
    ruta = f"{RAIZ}/pagos/{uno.referencia}"
    ingresar(client, "tesoreria")
    assert client.enviar(f"{ruta}/consultar", {}).status_code == 303
    assert estados_de(una) == ["legalizada", "legalizada"]
    assert "una consulta de Tesorería" in client.get(ruta).text
    assert db.session.scalars(select(EventoPago.causa).where(EventoPago.hasta == "aprobado")).all() == ["tesoreria"]
    assert pasarela.preguntas == [uno.id_pasarela]


def test_si_la_pasarela_no_responde_no_cambia_nada(
    app: Flask, client: ClienteEstricto, pasarela: PasarelaGuion
) -> None:
    una = liquidacion()
    uno = pago(una)
    pasarela.sesiones[uno.id_pasarela or ""] = PasarelaNoDisponible()
    ingresar(client, "tesoreria")
    respuesta = client.enviar(f"{RAIZ}/pagos/{uno.referencia}/consultar", {}, follow_redirects=True)
    assert "La pasarela no respondió" in respuesta.text
    assert estados_de(una) == ["en_verificacion", "en_verificacion"]


def test_un_rechazo_se_lee_en_espanol(app: Flask, client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    uno = pago(liquidacion())
    pasarela.sesiones[uno.id_pasarela or ""] = respuesta(uno, EstadoPasarela.RECHAZADO)
    ingresar(client, "tesoreria")
    pagina = client.enviar(f"{RAIZ}/pagos/{uno.referencia}/consultar", {}, follow_redirects=True).text
    assert "El pago está en estado «Rechazado»" in pagina


def test_un_aviso_de_una_referencia_ajena_se_halla_por_ella(app: Flask, client: ClienteEstricto) -> None:
    with transaccion():
        aviso = AvisoPasarela("999", "AJENA-1", "APPROVED", "2025-01-01T00:00:00-05:00")
        notificaciones.guardar("placetopay", b"otro", aviso, AHORA)
        notificaciones.abandonar_antiguas(AHORA + timedelta(days=2))
    ingresar(client, "tesoreria")
    assert f"{RAIZ}/casos/1" in buscar(client, "AJENA-1")
    assert "AJENA-1" in client.get(f"{RAIZ}/casos/1").text
