"""The screens of recognitions and the support asked at the last step: roles, bad input, what is shown to whom."""

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.db import db
from portal.models import Liquidacion, Usuario
from portal.operaciones import reconocimientos
from portal.operaciones.reconocimientos import Alcance
from tests.conftest import AHORA, ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.reconocimientos import reconocer, revocar, todos
from tests.web.pantallas_de_liquidar import CONTRATO, HX, NUEVA, TRAMITE, instalar, ocultos, paso, texto_de

LISTA = "/gestion/liquidaciones/reconocimientos"
NUEVO = f"{LISTA}/nuevo"
DE_EPS = CONTRATO | {
    "documento": "860069804-2",
    "nombre": "EPS DE PRUEBA",
    "clase": "juridica",
    "hechos.entidad.clase": "eps",
    "hechos.acto.finalidad": "salud",
}
DE_TRANSPORTE = CONTRATO | {
    "documento": "860069804-2",
    "hechos.contrato.objeto": "infraestructura_transporte",
    "hechos.proyecto.estrategico": "si",
    "hechos.reconocimiento.otorgado": "si",
    "hechos.reconocimiento.fecha": "2024-02-29",
}
SOPORTE = {
    "soporte_clase": "certificacion",
    "soporte_numero": "45-2025",
    "soporte_fecha": "2025-01-20",
    "soporte_emisor": "Superintendencia Nacional de Salud",
    "hasta": "2025-12-31",
}
REGISTRO = SOPORTE | {
    "regla": "C-EX-04",
    "tipo_documento": "NIT",
    "documento": "860.069.804-2",
    "nombre": "EPS DE PRUEBA",
    "numero_contrato": "",
    "vigencia_contrato": "",
    "desde": "2025-01-01",
}
RECONOCIDA = (
    "Reconocida por Dirección de Rentas y Gestión Tributaria, Certificación 45-2025 del 20 de enero de 2025 "
    "(Superintendencia Nacional de Salud), hasta el 31 de diciembre de 2025."
)


@pytest.fixture(autouse=True)
def _reloj() -> Iterator[None]:
    """A day of a year whose values are published."""
    with time_machine.travel(AHORA, tick=True):
        yield


@pytest.fixture
def rentas(client: ClienteEstricto, app: Flask) -> ClienteEstricto:
    instalar(app, "cundinamarca")
    ingresar(client, "rentas")
    return client


def quien() -> Usuario:
    return db.session.scalars(select(Usuario).where(Usuario.rol == "rentas")).one()


def guardada() -> Liquidacion:
    db.session.rollback()
    return db.session.scalars(select(Liquidacion)).one()


def cuantas() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Liquidacion.id)).all())


def del_paso(regla: str = "C-EX-04", **cambios: str) -> dict[str, str]:
    """The fields of a support at the last step."""
    return {f"soporte.{regla}.{campo}": valor for campo, valor in (SOPORTE | {"solo_contrato": "si"} | cambios).items()}


def emitir(client: ClienteEstricto, datos: dict[str, Any], soporte: dict[str, str], acto: str = "CC-2") -> TestResponse:
    """Walk the check and press *Emitir* with a support."""
    revision = paso(client, acto, "revisar", datos)
    assert revision.status_code == 200, revision.text
    return client.post(f"{NUEVA}/{acto}/emitir", data=ocultos(revision.text) | soporte)


def visible(respuesta: TestResponse) -> str:
    return texto_de(respuesta.text)


def test_el_paso_pide_el_soporte_lo_registra_y_lo_muestra(rentas: ClienteEstricto) -> None:
    revision = paso(rentas, "CC-2", "revisar", DE_EPS)
    texto = visible(revision)
    assert "Soporte de la regla C-EX-04" in texto
    assert "Los actos, contratos o documentos que expidan o celebren las Empresas Promotoras de Salud" in texto
    assert "Un funcionario debe confirmar" not in texto
    respuesta = emitir(rentas, DE_EPS, del_paso())
    assert respuesta.status_code == 303, respuesta.text
    una = guardada()
    (uno,) = todos()
    assert (una.total, uno.numero_contrato, uno.usuario_nombre) == (0, "647", "Cuenta de rentas")
    pagina = visible(rentas.get(respuesta.location))
    assert pagina.count(f"Regla C-EX-04. {RECONOCIDA}") == 1
    assert "Exclusión: EPS, con destino a la salud (Ordenanza 039 de 2020" in pagina
    publica = visible(rentas.get(f"/liquidacion/{una.codigo}"))
    assert publica.count(f"Regla C-EX-04. {RECONOCIDA}") == 1
    assert publica.count("Exclusión: EPS, con destino a la salud (Ordenanza 039 de 2020") == 6
    assert "Cuenta de rentas" not in publica, "the public reads the office, not the person"


def test_la_previa_avisa_que_hara_falta_el_soporte(rentas: ClienteEstricto) -> None:
    assert "Un funcionario debe confirmar la regla C-EX-04" in visible(paso(rentas, "CC-2", "calculo", DE_EPS))


def test_con_uno_vigente_no_se_pregunta_y_se_dice_cual(rentas: ClienteEstricto) -> None:
    uno = reconocer(quien())
    revision = paso(rentas, "CC-2", "revisar", DE_EPS)
    assert RECONOCIDA in visible(revision)
    assert 'name="soporte.' not in revision.text
    assert f"{LISTA}/{uno.id}" in revision.text
    assert rentas.post(f"{NUEVA}/CC-2/emitir", data=ocultos(revision.text)).status_code == 303
    assert {r.id for f in guardada().facturas for r in f.reconocimientos} == {uno.id}


def test_sin_escribir_el_soporte_no_se_emite(rentas: ClienteEstricto) -> None:
    vacio = dict.fromkeys(del_paso(), "") | {"soporte.C-EX-04.solo_contrato": "si"}
    respuesta = emitir(rentas, DE_EPS, vacio)
    assert respuesta.status_code == 422
    texto = visible(respuesta)
    assert "<title>Error: Revise antes de emitir" in respuesta.text
    assert 'href="#soporte.C-EX-04.soporte_fecha"' in respuesta.text
    for frase in ("Elija la clase de documento.", "Escriba este dato: Fecha del documento.", "Hay un problema"):
        assert frase in texto
    assert (cuantas(), todos()) == (0, [])


@pytest.mark.parametrize(
    ("campo", "malo", "frase"),
    [
        ("soporte_clase", "marciano", "opción"),
        ("soporte_numero", "x" * 61, "máximo 60"),
        ("soporte_fecha", "2025-02-31", "fecha que exista"),
        ("soporte_fecha", "2025-06-25", "no puede ser futura"),
        ("soporte_emisor", "x" * 161, "máximo 160"),
        ("soporte_emisor", "pru\u202eeba", "caracteres que no se pueden usar"),
        ("hasta", "mañana", "fecha que exista"),
        ("hasta", "2025-02-02", "no puede ser anterior al 03/02/2025"),
        ("solo_contrato", "tal vez", "opción"),
    ],
)
def test_un_soporte_malo_es_422_junto_a_su_campo_y_se_conserva(
    rentas: ClienteEstricto, campo: str, malo: str, frase: str
) -> None:
    respuesta = emitir(rentas, DE_EPS, del_paso(**{campo: malo}))
    assert respuesta.status_code == 422
    assert frase in html.unescape(respuesta.text)
    assert 'value="45-2025"' in respuesta.text or campo == "soporte_numero"
    assert f'href="#soporte.C-EX-04.{campo}"' in respuesta.text
    assert (cuantas(), todos()) == (0, [])
    bueno = ocultos(respuesta.text) | del_paso()
    assert rentas.post(f"{NUEVA}/CC-2/emitir", data=bueno).status_code == 303


def test_un_tramite_no_pregunta_por_contratos(rentas: ClienteEstricto) -> None:
    datos = TRAMITE | {"hechos.entidad.clase": "eps", "hechos.acto.finalidad": "salud"}
    assert "solo_contrato" not in paso(rentas, "SC-04", "revisar", datos).text
    respuesta = emitir(rentas, datos, del_paso(hasta=""), acto="SC-04")
    assert respuesta.status_code == 303
    assert (todos()[0].numero_contrato, todos()[0].hasta) == (None, None)
    assert "Superintendencia Nacional de Salud), sin fecha final." in visible(rentas.get(respuesta.location))


def test_para_todos_los_actos_no_se_vuelve_a_preguntar(rentas: ClienteEstricto) -> None:
    assert emitir(rentas, DE_EPS, del_paso(solo_contrato="no")).status_code == 303
    otro = paso(rentas, "CC-2", "revisar", DE_EPS | {"numero_contrato": "648"})
    assert RECONOCIDA in visible(otro)


def test_el_plazo_de_la_regla_se_dice_y_se_exige(rentas: ClienteEstricto) -> None:
    revision = paso(rentas, "CC-2", "revisar", DE_TRANSPORTE)
    assert "a más tardar el 28 de febrero de 2034" in visible(revision)
    assert 'name="soporte.C-EXE-100.soporte_fecha" type="date" value="2024-02-29"' in revision.text
    for cambios, frase in (
        ({"hasta": ""}, "a más tardar el 28/02/2034"),
        ({"hasta": "2034-03-01"}, "termina el 28/02/2034"),
        ({"soporte_fecha": "2024-03-01"}, "se respondió otra fecha"),
    ):
        datos = {"soporte_fecha": "2024-02-29", "hasta": "2034-02-28"} | cambios
        respuesta = emitir(rentas, DE_TRANSPORTE, del_paso("C-EXE-100", **datos))
        assert respuesta.status_code == 422
        assert frase in visible(respuesta)
    bueno = del_paso("C-EXE-100", soporte_fecha="2024-02-29", hasta="2034-02-28")
    assert emitir(rentas, DE_TRANSPORTE, bueno).status_code == 303


def test_la_fecha_respondida_debe_ser_la_del_reconocimiento_vigente(rentas: ClienteEstricto) -> None:
    reconocer(quien(), "C-EXE-100")
    assert "Reconocida por" in visible(paso(rentas, "CC-2", "revisar", DE_TRANSPORTE))
    otra = paso(rentas, "CC-2", "revisar", DE_TRANSPORTE | {"hechos.reconocimiento.fecha": "2024-03-01"})
    assert otra.status_code == 422
    assert 'href="#hechos.reconocimiento.fecha"' in otra.text
    assert "es del 29/02/2024" in visible(otra)


def test_si_otro_lo_reconocio_mientras_tanto_se_muestra_antes_de_emitir(rentas: ClienteEstricto) -> None:
    formulario = ocultos(paso(rentas, "CC-2", "revisar", DE_EPS).text)
    reconocer(quien())
    respuesta = rentas.post(f"{NUEVA}/CC-2/emitir", data=formulario | del_paso())
    assert respuesta.status_code == 409
    assert "ya cubre esa regla y ese beneficiario" in visible(respuesta)
    assert RECONOCIDA in visible(respuesta)
    assert cuantas() == 0
    assert rentas.post(f"{NUEVA}/CC-2/emitir", data=ocultos(respuesta.text)).status_code == 303


def test_si_lo_revocaron_mientras_tanto_se_pide_el_soporte(rentas: ClienteEstricto) -> None:
    uno = reconocer(quien())
    formulario = ocultos(paso(rentas, "CC-2", "revisar", DE_EPS).text)
    revocar(uno.id, quien())
    respuesta = rentas.post(f"{NUEVA}/CC-2/emitir", data=formulario)
    assert respuesta.status_code == 409
    assert "ya no está vigente" in visible(respuesta)
    assert "Escriba este dato" not in visible(respuesta), "nothing was asked yet"
    assert cuantas() == 0
    assert rentas.post(f"{NUEVA}/CC-2/emitir", data=ocultos(respuesta.text) | del_paso()).status_code == 303


def test_si_lo_revocan_en_el_ultimo_instante_no_se_emite_ni_se_rompe(
    rentas: ClienteEstricto, monkeypatch: pytest.MonkeyPatch
) -> None:
    reconocer(quien())
    formulario = ocultos(paso(rentas, "CC-2", "revisar", DE_EPS).text)
    monkeypatch.setattr(reconocimientos, "sujetar", lambda _: False)
    respuesta = rentas.post(f"{NUEVA}/CC-2/emitir", data=formulario)
    assert respuesta.status_code == 409
    assert "Falta el reconocimiento de la regla C-EX-04" in visible(respuesta)
    assert cuantas() == 0


def test_el_doble_clic_emite_y_reconoce_una_vez(rentas: ClienteEstricto) -> None:
    formulario = ocultos(paso(rentas, "CC-2", "revisar", DE_EPS).text) | del_paso(solo_contrato="no")
    destinos = {rentas.post(f"{NUEVA}/CC-2/emitir", data=formulario).location for _ in range(2)}
    assert len(destinos) == 1
    assert (cuantas(), len(todos())) == (1, 1)


def test_un_soporte_de_mas_no_hace_nada(rentas: ClienteEstricto) -> None:
    assert emitir(rentas, CONTRATO, del_paso()).status_code == 303
    assert guardada().total > 0
    assert todos() == []


def test_la_revocacion_se_avisa_en_lo_que_se_emitio_y_no_al_publico(rentas: ClienteEstricto) -> None:
    direccion = emitir(rentas, DE_EPS, del_paso()).location
    revocar(todos()[0].id, quien(), "Certificado falso")
    assert "fue revocado el 24 de junio de 2025" in visible(rentas.get(direccion))
    publica = visible(rentas.get(f"/liquidacion/{guardada().codigo}"))
    assert "revocado" not in publica
    assert "Certificado falso" not in publica


def registrar(client: ClienteEstricto, **cambios: str) -> TestResponse:
    return client.enviar(NUEVO, REGISTRO | cambios)


def test_se_registra_y_se_ve_con_lo_que_se_emitio(rentas: ClienteEstricto) -> None:
    respuesta = registrar(rentas)
    assert respuesta.status_code == 303
    pagina = rentas.get(respuesta.location)
    for esperado in (
        "quedó registrado",
        "✓ Vigente",
        "EPS DE PRUEBA, NIT 860.069.804-2",
        "Todos sus actos",
        "Certificación 45-2025 del 20 de enero de 2025 (Superintendencia Nacional de Salud)",
        "Desde el 1 de enero de 2025, hasta el 31 de diciembre de 2025",
        "Dirección de Rentas y Gestión Tributaria. Lo registró Cuenta de rentas",
        "Todavía no se ha emitido ninguna liquidación",
    ):
        assert esperado in visible(pagina), esperado
    revision = paso(rentas, "CC-2", "revisar", DE_EPS)
    rentas.post(f"{NUEVA}/CC-2/emitir", data=ocultos(revision.text))
    assert "Contrato 647 de 2025" in visible(rentas.get(respuesta.location))


def test_el_registro_ofrece_las_reglas_que_lo_piden_y_sus_palabras(rentas: ClienteEstricto) -> None:
    pagina = rentas.get(NUEVO)
    assert set(re.findall(r'<option value="(C-EX[^"]*)"', pagina.text)) == {"C-EX-04", "C-EX-11", "C-EXE-100"}
    assert "Vale hasta por 10 años desde la fecha del documento" in visible(pagina)


@pytest.mark.parametrize("departamento", ["putumayo", "narino"])
def test_donde_ninguna_regla_lo_pide_se_dice(rentas: ClienteEstricto, app: Flask, departamento: str) -> None:
    instalar(app, departamento)
    for direccion in (LISTA, NUEVO):
        assert "Ninguna regla vigente de este departamento pide un reconocimiento." in visible(rentas.get(direccion))
    respuesta = registrar(rentas)
    assert respuesta.status_code == 422
    assert todos() == []


@pytest.mark.parametrize(
    ("campo", "malo", "frase"),
    [
        ("regla", "", "Elija una regla"),
        ("regla", "C-EX-05", "opción"),
        ("tipo_documento", "XX", "opción"),
        ("documento", "860069804-9", "dígito de verificación no corresponde"),
        ("documento", "", "Escriba este dato"),
        ("nombre", "x" * 161, "máximo 160"),
        ("nombre", "<script>" * 30, "máximo 160"),
        ("numero_contrato", "647", "su número y su vigencia"),
        ("numero_contrato", "6%", "Escriba el número del contrato"),
        ("vigencia_contrato", "2025", "su número y su vigencia"),
        ("vigencia_contrato", "25", "cuatro números"),
        ("desde", "2025-02-31", "fecha que exista"),
        ("desde", "2020-12-31", "no está vigente el 31/12/2020"),
        ("hasta", "2024-12-31", "no puede ser anterior"),
        ("soporte_clase", "", "Elija la clase"),
        ("soporte_fecha", "2025-06-25", "no puede ser futura"),
        ("soporte_fecha", "", "Escriba este dato"),
        ("soporte_emisor", "   ", "Escriba este dato"),
    ],
)
def test_un_dato_malo_es_422_junto_a_su_campo_y_se_conserva(
    rentas: ClienteEstricto, campo: str, malo: str, frase: str
) -> None:
    respuesta = registrar(rentas, **{campo: malo})
    assert respuesta.status_code == 422
    assert frase in html.unescape(respuesta.text)
    assert "campo-error" in respuesta.text
    assert 'value="45-2025"' in respuesta.text
    assert todos() == []


def test_el_resumen_de_errores_sigue_la_pagina(rentas: ClienteEstricto) -> None:
    respuesta = registrar(rentas, regla="", nombre="", soporte_fecha="", desde="")
    resumen = re.findall(r'<li><a href="#(\w+)">', respuesta.text)
    assert resumen == ["regla", "nombre", "desde", "soporte_fecha"]
    assert resumen == [c for c in re.findall(r'<(?:input|select) id="(\w+)"', respuesta.text) if c in resumen]


def test_lo_que_se_escribe_se_muestra_tal_cual(rentas: ClienteEstricto) -> None:
    malicioso = "<script>alert(1)</script> {{7*7}} ' OR 1=1--"
    pagina = rentas.get(registrar(rentas, nombre=malicioso).location)
    assert malicioso in visible(pagina) or html.unescape(pagina.text).count(malicioso)
    assert "<script>alert" not in pagina.text


def test_cruzarse_con_otro_es_409_y_lleva_a_el(rentas: ClienteEstricto) -> None:
    uno = reconocer(quien())
    respuesta = registrar(rentas, desde="2025-12-31", hasta="")
    assert respuesta.status_code == 409
    assert f"El reconocimiento {uno.id} ya cubre esa regla" in visible(respuesta)
    assert f'href="{LISTA}/{uno.id}"' in respuesta.text
    assert 'value="EPS DE PRUEBA"' in respuesta.text
    assert registrar(rentas, desde="2026-01-01", hasta="").status_code == 303


def test_para_un_contrato(rentas: ClienteEstricto) -> None:
    respuesta = registrar(rentas, numero_contrato="0647", vigencia_contrato="2025")
    assert "Solo el contrato 647 de 2025" in visible(rentas.get(respuesta.location))


def test_la_lista_se_busca_por_documento_en_el_cuerpo_con_htmx_y_sin_el(rentas: ClienteEstricto) -> None:
    reconocer(quien())
    reconocer(quien(), alcance=Alcance("CC", "1212312323", "prueba"), hasta=None)
    todas = visible(rentas.get(LISTA))
    assert "EPS DE PRUEBA" in todas
    assert "CC 1.212.312.323" in todas
    for escrito in ("860.069.804-2", "860069804"):
        fragmento = rentas.enviar(LISTA, {"buscar": escrito}, headers=HX)
        assert fragmento.text.lstrip().startswith('<section id="lista"')
        assert "EPS DE PRUEBA" in visible(fragmento)
        assert "1.212.312.323" not in visible(fragmento)
        assert visible(fragmento) in visible(rentas.enviar(LISTA, {"buscar": escrito}))
    assert "No hay reconocimientos de ese documento." in visible(rentas.enviar(LISTA, {"buscar": "860069"}))
    malo = rentas.enviar(LISTA, {"buscar": "8600%"})
    assert malo.status_code == 422
    assert "sin comodines" in visible(malo)


def test_la_lista_va_por_paginas(rentas: ClienteEstricto) -> None:
    ids = [reconocer(quien(), alcance=Alcance("CC", str(1000 + i), f"persona {i}")).id for i in range(22)]
    primera = rentas.get(LISTA)
    assert "persona 2 " in visible(primera)
    assert "persona 1 " not in visible(primera)
    antes = re.search(r'name="antes" value="(\d+)"', primera.text)
    assert antes
    assert int(antes[1]) == ids[2]
    segunda = visible(rentas.enviar(LISTA, {"buscar": "", "antes": antes[1]}))
    assert "persona 1 " in segunda
    assert "persona 2 " not in segunda


@pytest.mark.parametrize(
    ("cambios", "estado"),
    [
        ({}, "Vigente"),
        ({"desde": date(2025, 6, 25)}, "Aún no rige"),
        ({"hasta": date(2025, 6, 23)}, "Vencido"),
        ({"hasta": date(2025, 6, 24)}, "Vigente"),
    ],
    ids=str,
)
def test_cada_estado_se_dice_con_su_palabra(rentas: ClienteEstricto, cambios: dict[str, date], estado: str) -> None:
    reconocer(quien(), **cambios)
    assert estado in visible(rentas.get(LISTA))


def test_se_revoca_con_motivo_una_sola_vez(rentas: ClienteEstricto) -> None:
    direccion = f"{LISTA}/{reconocer(quien()).id}"
    assert "no eximirá nada" in visible(rentas.get(f"{direccion}/revocar"))
    vacio = rentas.enviar(f"{direccion}/revocar", {"motivo": " "})
    assert vacio.status_code == 422
    assert not todos()[0].revocado
    assert rentas.enviar(f"{direccion}/revocar", {"motivo": "Certificado falso"}).status_code == 303
    pagina = visible(rentas.get(direccion))
    assert "× Revocado" in pagina
    assert "Motivo: Certificado falso" in pagina
    assert f"{direccion}/revocar" not in rentas.get(direccion).text
    assert rentas.enviar(f"{direccion}/revocar", {"motivo": "Otra vez"}).status_code == 303
    assert todos()[0].revocado_motivo == "Certificado falso"


@pytest.mark.parametrize("rol", ["auditor", "administrador"])
def test_auditor_y_administrador_leen_y_no_escriben(client: ClienteEstricto, app: Flask, rol: str) -> None:
    instalar(app, "cundinamarca")
    ingresar(client, "rentas")
    uno = reconocer(quien())
    client.post("/salir", data={"csrf_token": client.csrf()})
    ingresar(client, rol)
    assert "Nuevo reconocimiento" not in client.get(LISTA).text
    pagina = client.get(f"{LISTA}/{uno.id}")
    assert pagina.status_code == 200
    assert "/revocar" not in pagina.text
    for direccion in (NUEVO, f"{LISTA}/{uno.id}/revocar"):
        assert client.get(direccion).status_code == 403
        assert client.enviar(direccion, REGISTRO | {"motivo": "x"}).status_code == 403
    assert LISTA in client.get("/gestion").text


def test_uno_que_no_existe_o_de_otro_departamento_es_404(rentas: ClienteEstricto, app: Flask) -> None:
    uno = reconocer(quien())
    instalar(app, "narino")
    for numero in (str(uno.id), "0", "999999", "9" * 30):
        assert rentas.get(f"{LISTA}/{numero}").status_code == 404
        assert rentas.get(f"{LISTA}/{numero}/revocar").status_code == 404


def test_ningun_documento_va_en_una_direccion(rentas: ClienteEstricto) -> None:
    respuesta = registrar(rentas)
    paginas = [rentas.get(d).text for d in (LISTA, respuesta.location, f"{respuesta.location}/revocar", NUEVO)]
    assert not any("860069804" in enlace for p in paginas for enlace in re.findall(r'(?:href|action)="([^"]+)"', p))


def test_el_dia_es_el_de_colombia(client: ClienteEstricto, app: Flask) -> None:
    """At 8 p. m. in Bogotá it is tomorrow in UTC: a document of tomorrow does not exist yet."""
    instalar(app, "cundinamarca")
    with time_machine.travel(AHORA.replace(day=25, hour=1)):
        ingresar(client, "rentas")
        assert registrar(client, soporte_fecha="2025-06-25").status_code == 422
        assert registrar(client, soporte_fecha="2025-06-24").status_code == 303
