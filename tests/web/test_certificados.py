"""Certifying from the screens, and verifying in public: who enters, what is said, what is hidden."""

import html
import logging
import re
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.db import db
from portal.dominio.codigo_corto import escribir_codigo
from portal.models import Bitacora, CertificadoValidacion
from portal.models.liquidacion import ClaseContribuyente
from portal.operaciones.validaciones import ClasePregunta, Pregunta
from portal.web.departamento import ajustes_actuales
from tests.certificados import expedir
from tests.conftest import ingresar
from tests.documentos.lectura import codigos_qr, texto
from tests.estampillas import devolver_el_banco, pagar
from tests.estampillas import expedir as estampar
from tests.fabricas import contrato, liquidacion
from tests.navegador_de_pruebas import ClienteEstricto
from tests.ordenes import tesorero
from tests.web.pantallas_de_liquidar import HX, texto_de

BUSCAR = "/gestion/certificados"
LISTA = "/gestion/validacion/lista"
DATOS = {"buscar_por": "contrato", "numero_contrato": "0647", "vigencia": "2025", "nit": "901.805.364-1"}


@pytest.fixture
def funcionario(client: ClienteEstricto) -> ClienteEstricto:
    ingresar(client, "funcionario")
    return client


def certificar(client: ClienteEstricto, datos: dict[str, str]) -> TestResponse:
    """Look up and certify, as the page's own form does."""
    pagina = client.enviar(BUSCAR, datos)
    assert pagina.status_code == 200, pagina.text
    _, formulario = pagina.text.split(f'action="{BUSCAR}/emitir"')
    escondidos = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', formulario.split("</form>")[0])
    return client.post(f"{BUSCAR}/emitir", data={n: html.unescape(v) for n, v in escondidos})


def guardados() -> list[CertificadoValidacion]:
    db.session.rollback()
    return list(db.session.scalars(select(CertificadoValidacion).order_by(CertificadoValidacion.id)))


def ultimo() -> CertificadoValidacion:
    return guardados()[-1]


def test_del_contrato_al_papel(funcionario: ClienteEstricto) -> None:
    pagar(contrato())
    respuesta = certificar(funcionario, DATOS)
    fila = ultimo()
    assert (respuesta.status_code, respuesta.location) == (303, f"{BUSCAR}/{fila.codigo}")
    pagina = texto_de(funcionario.get(respuesta.location).text)
    assert escribir_codigo(fila.codigo) in pagina
    assert "Contrato 647 de 2025, NIT o documento 901805364" in pagina
    assert fila.sha256 in pagina
    papel = funcionario.get(f"{BUSCAR}/{fila.codigo}.pdf")
    assert papel.mimetype == "application/pdf"
    assert "Cuenta de funcionario consultó el portal de estampillas" in texto(papel.data)
    assert "2 de 2 estampillas pagadas" in texto(papel.data)
    assert codigos_qr(papel.data, 150) == [f"{ajustes_actuales().url}/certificado/{fila.codigo}"]
    with pikepdf.open(BytesIO(papel.data)) as documento:
        assert documento.Root.MarkInfo.Marked
    assert escribir_codigo(fila.codigo) in funcionario.get(BUSCAR).text


def test_la_dependencia_que_se_escribe_sale_en_el_papel(funcionario: ClienteEstricto) -> None:
    contrato()
    funcionario.enviar(f"{BUSCAR}/emitir", {**DATOS, "clave": "k" * 32, "dependencia": "  Oficina de Contratación "})
    assert ultimo().dependencia == "Oficina de Contratación"
    assert "Dependencia Oficina de Contratación" in texto(funcionario.get(f"{BUSCAR}/{ultimo().codigo}.pdf").data)


def test_que_no_hay_nada_se_certifica(funcionario: ClienteEstricto) -> None:
    respuesta = certificar(funcionario, DATOS)
    assert respuesta.status_code == 303
    assert "No se encontró ninguna liquidación con esos datos." in funcionario.get(respuesta.location).text


def test_el_mismo_formulario_dos_veces_da_un_certificado(funcionario: ClienteEstricto) -> None:
    contrato()
    datos = {**DATOS, "clave": "k" * 32}
    una, otra = (funcionario.enviar(f"{BUSCAR}/emitir", datos) for _ in range(2))
    assert una.location == otra.location
    assert len(guardados()) == 1


def test_lo_mal_escrito_se_dice_y_no_se_pierde(funcionario: ClienteEstricto) -> None:
    for datos, dice in (
        ({**DATOS, "nit": "901805364-9"}, "dígito de verificación"),
        ({**DATOS, "vigencia": "25"}, "cuatro números"),
        ({"buscar_por": "factura", "consecutivo": "12a"}, "solo con números"),
        ({"buscar_por": "documento", "documento": "%"}, "sin comodines"),
        ({"buscar_por": "otra", "documento": "1"}, "Hay un problema"),
    ):
        respuesta = funcionario.enviar(BUSCAR, datos)
        assert respuesta.status_code == 422
        assert dice in respuesta.text
        assert funcionario.enviar(f"{BUSCAR}/emitir", {**datos, "clave": "k" * 32}).status_code == 422
    assert 'value="901805364-9"' in funcionario.enviar(BUSCAR, {**DATOS, "nit": "901805364-9"}).text
    assert funcionario.enviar(f"{BUSCAR}/emitir", DATOS).status_code == 422


def test_un_fragmento_trae_solo_lo_hallado(funcionario: ClienteEstricto) -> None:
    contrato()
    fragmento = funcionario.enviar(BUSCAR, DATOS, headers=HX)
    assert fragmento.text.lstrip().startswith('<section id="hallado"')


def test_ningun_documento_va_en_una_direccion_ni_en_la_bitacora(funcionario: ClienteEstricto) -> None:
    liquidacion((4000,))
    certificar(funcionario, {"buscar_por": "documento", "documento": "1212312323"})
    fila = ultimo()
    pagina = funcionario.get(f"{BUSCAR}/{fila.codigo}")
    direcciones = re.findall(r'(?:href|action|data-hx-post)="([^"]*)"', pagina.text + funcionario.get(BUSCAR).text)
    assert not [d for d in direcciones if "1212312323" in d]
    assert "1212312323" not in fila.titulo
    escritas = db.session.scalars(select(Bitacora)).all()
    assert {"validacion.consultar", "certificado.expedir", "certificado.ver"} <= {b.accion for b in escritas}
    assert "1212312323" not in "".join(f"{b.objeto}{b.detalle}" for b in escritas)


def test_cualquiera_verifica_lo_que_se_hallo_y_lo_de_hoy(app: Flask, client: ClienteEstricto) -> None:
    pago = pagar(contrato())
    fila = expedir(tesorero("funcionario"))
    codigo, huella = fila.codigo, fila.sha256
    antes = texto_de(client.get(f"/certificado/{codigo}").text)
    assert "Este certificado lo emitió el portal." in antes
    assert huella in antes
    assert antes.count("Pago revertido") == 0
    devolver_el_banco(pago)
    despues = texto_de(client.get(f"/certificado/{codigo}").text)
    # Then paid, today not: both are said.
    assert despues.count("Pago revertido") == 2
    assert despues.count("✓ Legalizado") == antes.count("✓ Legalizado") - 2
    assert "UNION TEMPORAL PUTUMAYO SEGURO 20/24" in despues


def test_al_publico_no_se_le_dice_de_quien_es(app: Flask, client: ClienteEstricto) -> None:
    una = liquidacion((4000,), nombre="ANDREA JIMENA ROJAS", clase=ClaseContribuyente.NATURAL)
    pregunta = Pregunta(ClasePregunta.DOCUMENTO, documento=una.documento)
    secreta, codigo = una.codigo, expedir(tesorero("funcionario"), pregunta).codigo
    pagina = client.get(f"/certificado/{codigo}").text
    for secreto in ("ANDREA", "JIMENA", "1212312323", "1.212.312.323", "Persona de Tesorería", secreta):
        assert secreto not in pagina
    assert "A*** J*** R***" in pagina
    assert "*******323" in pagina


def test_un_codigo_alterado_o_desconocido_tiene_una_misma_respuesta(client: ClienteEstricto) -> None:
    contrato()
    codigo = expedir(tesorero("funcionario")).codigo
    otra = "7" if codigo[3] != "7" else "8"
    malos = (codigo[:3] + otra + codigo[4:], "K7M29QWX3RTE", "x", "1" * 80)
    malas = [client.get(f"{raiz}/{c}", follow_redirects=True) for c in malos for raiz in ("/certificado", "/v")]
    assert {r.status_code for r in malas} == {404}
    assert len({re.sub(r'name="(csrf_token|volver)"[^>]*', "", r.text) for r in malas}) == 1
    assert "No válida" in malas[0].text


def test_un_mismo_formulario_verifica_estampillas_y_certificados(client: ClienteEstricto) -> None:
    una = contrato()
    pagar(una)
    (estampilla, *_), certificado = estampar(una), expedir(tesorero("funcionario"))
    de_estampilla, de_certificado = estampilla.codigo, certificado.codigo
    for codigo, dice in (
        (de_estampilla, "Pagada y sin usar"),
        (de_certificado, "Este certificado lo emitió el portal."),
    ):
        escrito = escribir_codigo(codigo).lower()
        respuesta = client.enviar("/verificar", {"codigo": escrito}, follow_redirects=True)
        assert respuesta.status_code == 200
        assert dice in respuesta.text


def test_las_verificaciones_tienen_limite(client: ClienteEstricto) -> None:
    limite = ajustes_actuales().consultas_limite
    respuestas = [client.get(f"/certificado/K7M29QWX3R{n:02d}").status_code for n in range(limite + 1)]
    assert respuestas == [404] * limite + [429]


def test_desde_la_lista_se_certifica_una_fila_o_toda(funcionario: ClienteEstricto) -> None:
    pagar(contrato("647"))
    contrato("648")
    pagina = funcionario.enviar(LISTA, {"lista": "647;2025;901805364\n648;2025;901805364\n649;2025;901805364"})
    asuntos = re.findall(r'name="asunto" value="([^"]+)"', pagina.text)
    assert asuntos == [f"contrato|{n}|2025|901805364" for n in (647, 648, 649)]
    hallada = funcionario.enviar(BUSCAR, {"asunto": asuntos[0]})
    assert "2 de 2 estampillas pagadas" in texto_de(hallada.text)
    assert 'name="numero_contrato" value="647"' in hallada.text
    lista = html.unescape(re.findall(r'name="lista" value="([^"]*)"', pagina.text)[0])
    clave = re.findall(r'name="clave" value="([^"]*)"', pagina.text)[0]
    respuesta = funcionario.enviar(f"{BUSCAR}/lista", {"lista": lista, "clave": clave})
    assert respuesta.status_code == 303, respuesta.text
    fila = ultimo()
    assert (fila.consultas, fila.estampillas, fila.titulo) == (3, 4, "Lista de 3 filas")
    papel = texto(funcionario.get(f"{BUSCAR}/{fila.codigo}.pdf").data)
    assert "1 Contrato 647 de 2025" in papel
    assert "$235.000: Legalizado; pagada el" in papel
    assert "No encontrado" in papel
    assert "Lista de 3 filas" in funcionario.get(respuesta.location).text


def test_una_lista_con_errores_no_se_certifica(funcionario: ClienteEstricto) -> None:
    respuesta = funcionario.enviar(f"{BUSCAR}/lista", {"lista": "Factura\n12x", "clave": "k" * 32})
    assert (respuesta.status_code, respuesta.location) == (303, LISTA)
    assert "Corrija las filas con errores" in funcionario.get(LISTA).text
    assert guardados() == []


@pytest.mark.parametrize("rol", ["agente", "administrador"])
def test_quien_no_certifica_no_entra(client: ClienteEstricto, rol: str) -> None:
    ingresar(client, rol)
    assert client.get(BUSCAR).status_code == 403
    assert client.enviar(f"{BUSCAR}/emitir", DATOS).status_code == 403


def test_un_certificado_que_no_existe_es_un_404(funcionario: ClienteEstricto) -> None:
    for ruta in (f"{BUSCAR}/K7M29QWX3RTE", f"{BUSCAR}/K7M29QWX3RTE.pdf", f"{BUSCAR}/nada"):
        assert funcionario.get(ruta).status_code == 404


def test_quien_pide_demasiados_espera(funcionario: ClienteEstricto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.web.frenos._CERTIFICADOS_POR_HORA", 1)
    contrato()
    assert certificar(funcionario, DATOS).status_code == 303
    assert certificar(funcionario, DATOS).status_code == 429


def test_un_documento_con_demasiadas_estampillas_se_busca_de_otro_modo(
    funcionario: ClienteEstricto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.operaciones.certificados.MAXIMO_ESTAMPILLAS", 1)
    liquidacion((4000, 5000))
    respuesta = funcionario.enviar(BUSCAR, {"buscar_por": "documento", "documento": "1212312323"})
    assert respuesta.status_code == 422
    assert "Busque por factura o por liquidación." in respuesta.text


@pytest.mark.parametrize(
    "asunto", ["contrato", "contrato|647", "contrato|647|2025|x|y|z", "factura|0", "nada|1", "|||"]
)
def test_un_asunto_alterado_es_un_error_de_sus_campos(funcionario: ClienteEstricto, asunto: str) -> None:
    assert funcionario.enviar(BUSCAR, {"asunto": asunto}).status_code in (200, 422)
    assert guardados() == []


def test_ningun_registro_dice_el_documento(funcionario: ClienteEstricto, caplog: pytest.LogCaptureFixture) -> None:
    contrato()
    with caplog.at_level(logging.DEBUG):
        certificar(funcionario, DATOS)
        funcionario.enviar(LISTA, {"lista": "647;2025;901805364"})
    assert "901805364" not in caplog.text
