"""The support asked at the last step of an assessment, and how what it exempted is shown to whom."""

import html
from datetime import date
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.operaciones import reconocimientos
from tests.navegador_de_pruebas import ClienteEstricto
from tests.reconocimientos import reconocer, revocar, todos
from tests.web.pantallas_de_liquidar import (
    CONTRATO,
    NUEVA,
    TRAMITE,
    cuantas,
    guardada,
    instalar,
    ocultos,
    paso,
)
from tests.web.pantallas_de_reconocer import DE_EPS, LISTA, RECONOCIDA, SOPORTE, quien, visible

pytestmark = pytest.mark.usefixtures("dia_con_valores")

DE_TRANSPORTE = CONTRATO | {
    "documento": "860069804-2",
    "hechos.contrato.objeto": "infraestructura_transporte",
    "hechos.proyecto.estrategico": "si",
    "hechos.reconocimiento.otorgado": "si",
    "hechos.reconocimiento.fecha": "2024-02-29",
}


@pytest.fixture
def rentas(rentas: ClienteEstricto, app: Flask) -> ClienteEstricto:
    instalar(app, "cundinamarca")
    return rentas


def del_paso(regla: str = "C-EX-04", **cambios: str) -> dict[str, str]:
    """The fields of a support at the last step."""
    return {f"soporte.{regla}.{campo}": valor for campo, valor in (SOPORTE | {"solo_contrato": "si"} | cambios).items()}


def emitir(client: ClienteEstricto, datos: dict[str, Any], soporte: dict[str, str], acto: str = "CC-2") -> TestResponse:
    """Walk the check and press *Emitir* with a support."""
    revision = paso(client, acto, "revisar", datos)
    assert revision.status_code == 200, revision.text
    return client.post(f"{NUEVA}/{acto}/emitir", data=ocultos(revision.text) | soporte)


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
        ("hasta", "2025-02-02", "no puede ser anterior al 3 de febrero de 2025"),
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
        ({"hasta": ""}, "a más tardar el 28 de febrero de 2034"),
        ({"hasta": "2034-03-01"}, "termina el 28 de febrero de 2034"),
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
    assert "es del 29 de febrero de 2024" in visible(otra)


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


def test_la_adicion_pide_registrarlo_antes_y_no_al_confirmar(rentas: ClienteEstricto) -> None:
    contrato = f"{emitir(rentas, DE_EPS, del_paso(hasta='2025-04-30')).location}/contrato"
    otrosi = {"documento": "Otrosí 1", "fecha": "2025-05-05", "valor": "20.000.000"}
    otrosi |= {"hechos.entidad.clase": "eps", "hechos.acto.finalidad": "salud"}
    rehusada = rentas.enviar(f"{contrato}/adicion", otrosi)
    assert rehusada.status_code == 422
    assert "este contratista no tiene uno vigente el 5 de mayo de 2025. Regístrelo en Reconocimientos" in visible(
        rehusada
    )
    reconocer(quien(), desde=date(2025, 5, 1))
    revision = rentas.enviar(f"{contrato}/adicion", otrosi)
    assert revision.status_code == 200
    assert "Un funcionario debe confirmar" not in visible(revision)
    datos = ocultos('action="/emitir"' + revision.text[revision.text.rindex("<form") :]) | {"paso": "confirmar"}
    assert rentas.post(f"{contrato}/adicion", data=datos).status_code == 303
    assert cuantas() == 2
