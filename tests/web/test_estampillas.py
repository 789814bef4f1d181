"""Checking a stamp on line: the live state, one answer for whatever is not a stamp, and who reads whose it is."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db, transaccion
from portal.dominio.codigo_corto import escribir_codigo, nuevo_codigo
from portal.dominio.devoluciones import CausalDevolucion
from portal.dominio.estados import EstadoFactura
from portal.dominio.sello import Sello, leer_mensaje, separar, unir
from portal.models import EstampillaElectronica, Factura
from portal.models import EventoFactura as FilaEvento
from portal.operaciones import claves, estampillas
from tests import devoluciones, fabricas
from tests import estampillas as de_prueba
from tests.conftest import ingresar
from tests.documentos.lectura import texto
from tests.fabricas import AHORA

NOMBRE = "ANDREA JIMENA ORTIZ"


def sello_de(estampilla: EstampillaElectronica) -> Sello:
    return leer_mensaje(separar(estampilla.sello)[0])


def firmar(sello: Sello, con: claves.Firmante) -> str:
    return unir(sello.mensaje(), con.firmar(sello.mensaje()))


@pytest.mark.parametrize("por", ["sello", "codigo"])
def test_una_pagada_dice_que_sirve_y_de_quien_es_enmascarado(client: FlaskClient, por: str) -> None:
    estampilla = de_prueba.pagada((4000,), nombre=NOMBRE)[0]
    respuesta = client.get(f"/v/{getattr(estampilla, por)}")
    assert respuesta.status_code == 200
    assert "Pagada y sin usar" in respuesta.text
    assert "Legalizado" in respuesta.text
    assert "$4.000" in respuesta.text
    assert "A*** J*** O***, CC *******323" in respuesta.text
    assert NOMBRE not in respuesta.text
    assert "1212312323" not in respuesta.text.replace(".", "")
    assert ("La firma del código QR es del departamento" in respuesta.text) == (por == "sello")


def test_el_codigo_se_escribe_como_sea(client: FlaskClient) -> None:
    codigo = de_prueba.pagada()[0].codigo
    for escrito in (escribir_codigo(codigo).lower(), f" {codigo} ", f"http://localhost/v/{codigo}"):
        respuesta = client.enviar("/verificar", {"codigo": escrito})
        assert respuesta.status_code == 303
        assert respuesta.location == f"/v/{codigo}"
    assert client.get(f"/v/{escribir_codigo(codigo).lower()}").status_code == 200


def test_pegar_el_sello_tambien_sirve(client: FlaskClient) -> None:
    sello = de_prueba.pagada()[0].sello
    partido = f"{sello[:80]}\n{sello[80:]}"
    assert client.enviar("/verificar", {"codigo": partido}).location == f"/v/{sello}"


@pytest.mark.parametrize("malo", ["", "K7M2-9QWX-3RTF", "hola", "K" * 300, "<script>", "K7M2-9QWX"])
def test_un_codigo_mal_copiado_se_explica_y_se_conserva(client: FlaskClient, malo: str) -> None:
    respuesta = client.enviar("/verificar", {"codigo": malo})
    assert respuesta.status_code == 422
    assert "Escriba este dato" in respuesta.text or "revise cada letra" in respuesta.text
    assert "<script>" not in respuesta.text.split("<main", 1)[1]


def alteraciones(bueno: str) -> list[str]:
    """One octet changed in each place of the message and of the signature, and other ways of writing the same."""
    mensaje, firma = separar(bueno)
    cambiadas = [unir(mensaje[:i] + bytes([mensaje[i] ^ 1]) + mensaje[i + 1 :], firma) for i in range(len(mensaje))]
    cambiadas += [unir(mensaje, firma[:i] + bytes([firma[i] ^ 1]) + firma[i + 1 :]) for i in range(len(firma))]
    return [*cambiadas, bueno + "=", bueno + ".", "." + bueno, bueno.replace(".", "..", 1), bueno[:-1], bueno + "A"]


def test_lo_alterado_recibe_siempre_la_misma_respuesta(app: Flask, client: FlaskClient) -> None:
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], consultas_limite=10_000)
    estampilla = de_prueba.pagada()[0]
    ajena = claves.Firmante("0" * 8, "", de_prueba.firmante().privada)
    sello = sello_de(estampilla)
    falsos = alteraciones(estampilla.sello)[::7]
    falsos += [
        firmar(replace(sello, departamento="narino"), de_prueba.firmante()),
        firmar(replace(sello, clave="00000000"), ajena),
        firmar(replace(sello, codigo=nuevo_codigo()), de_prueba.firmante()),
        firmar(replace(sello, valor=sello.valor + 1), de_prueba.firmante()),
        unir(b"\xff" * 90, bytes(64)),
        unir(b"EE1\n" * 30, bytes(64)),
        nuevo_codigo(),
        "K7M29QWX3RTF",
        "x" * 3000,
        "%F0%9F%92%A9",
        "a.b",
    ]
    respuestas = {_sin_lo_propio(client.get(f"/v/{falso}")) for falso in falsos}
    assert len(respuestas) == 1
    estado, pagina = respuestas.pop()
    assert estado == 404
    assert "No válida" in pagina


def _sin_lo_propio(respuesta) -> tuple[int, str]:  # noqa: ANN001
    """Without what every page has of its own."""
    return respuesta.status_code, re.sub(r'name="(csrf_token|volver)" value="[^"]*"', "", respuesta.text)


def test_cada_falso_cuesta_una_comprobacion_y_una_busqueda(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the answer nor the work tells which of its parts is wrong."""
    estampilla = de_prueba.pagada()[0]
    sello, firmante = sello_de(estampilla), de_prueba.firmante()
    falsos = [
        unir(b"\xff" * 90, bytes(64)),
        estampilla.sello[:-1] + "!",
        alteraciones(estampilla.sello)[40],
        firmar(replace(sello, clave="00000000"), firmante),
        firmar(replace(sello, departamento="narino"), firmante),
        firmar(replace(sello, codigo=nuevo_codigo()), firmante),
    ]
    hechas: list[str] = []
    vale, buscar = claves.vale, estampillas._de_codigo
    monkeypatch.setattr(claves, "vale", lambda *datos: hechas.append("firma") or vale(*datos))
    monkeypatch.setattr(estampillas, "_de_codigo", lambda codigo: hechas.append("búsqueda") or buscar(codigo))
    for falso in falsos:
        hechas.clear()
        assert estampillas.por_sello(falso, departamento="putumayo") is None
        assert hechas == ["firma", "búsqueda"], falso


def test_cada_octeto_alterado_se_nota(client: FlaskClient) -> None:
    """The whole of it, at the operation: the page above takes one in seven."""
    estampilla = de_prueba.pagada()[0]
    assert [x for x in alteraciones(estampilla.sello) if estampillas.por_sello(x, departamento="putumayo")] == []


def test_adivinar_codigos_se_frena_y_leer_sellos_no(app: Flask, client: FlaskClient) -> None:
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], consultas_limite=3)
    sello = de_prueba.pagada()[0].sello
    assert [client.get(f"/v/{nuevo_codigo()}").status_code for _ in range(4)] == [404, 404, 404, 429]
    assert client.get(f"/v/{alteraciones(sello)[0]}").status_code == 429
    assert client.get(f"/v/{sello}").status_code == 200


def test_lo_que_el_banco_devuelve_cambia_la_pagina_y_el_papel_en_el_acto(client: FlaskClient) -> None:
    una = fabricas.liquidacion((4000,))
    pago = de_prueba.pagar(una)
    (estampilla,) = de_prueba.expedir(una)
    sello, codigo, privado, publico = estampilla.sello, estampilla.codigo, una.codigo, pago.codigo
    papeles = (f"/liquidacion/{privado}/estampillas.pdf", f"/pago/{publico}/estampillas.pdf")
    assert [client.get(papel).status_code for papel in papeles] == [200, 200]
    de_prueba.devolver_el_banco(pago)
    for direccion in (sello, codigo):
        pagina = client.get(f"/v/{direccion}").text
        assert "El banco devolvió el pago" in pagina
        assert "Pago revertido" in pagina
        assert "Pagada y sin usar" not in pagina
    assert [client.get(papel).status_code for papel in papeles] == [404, 404]
    consulta = client.enviar("/consulta", {"tipo_pago": "tramite", "documento": "1212312323"}).text
    assert "Pago revertido" in consulta


def test_la_que_se_pago_de_nuevo_manda_a_pedir_la_nueva(client: FlaskClient) -> None:
    una = fabricas.liquidacion((4000,))
    pago = de_prueba.pagar(una)
    primera = de_prueba.expedir(una)[0].codigo
    de_prueba.devolver_el_banco(pago)
    de_prueba.pagar(una)
    assert "Reemplazada por otra" in client.get(f"/v/{primera}").text
    leido = texto(client.get(f"/liquidacion/{una.codigo}/estampillas.pdf").data)
    assert escribir_codigo(primera) not in leido


def test_la_que_se_devolvio_porque_no_se_debia_queda_sin_efecto_en_el_acto(client: FlaskClient) -> None:
    una, pago = devoluciones.pagado((4000, 5000))
    devuelta, otra = de_prueba.expedir(una)
    codigos, numero, privado = (devuelta.codigo, otra.codigo), devuelta.factura.numero, una.codigo
    devoluciones.aprobada(devoluciones.pedir(pago, CausalDevolucion.NO_DEBIDO, (numero,)))
    paginas = [client.get(f"/v/{codigo}").text for codigo in codigos]
    assert "Esta estampilla ya no vale" in paginas[0]
    assert "Pagada y sin usar" in paginas[1]
    leido = texto(client.get(f"/liquidacion/{privado}/estampillas.pdf").data)
    assert [escribir_codigo(codigo) in leido for codigo in codigos] == [False, True]
    assert client.get(f"/liquidacion/{privado}/estampillas/{numero}.pdf").status_code == 404


@pytest.mark.descuadra
def test_la_usada_dice_que_se_uso_y_desde_cuando_tambien_en_papel(client: FlaskClient) -> None:
    estampilla = de_prueba.pagada((4000,))[0]
    codigo, privado = estampilla.codigo, estampilla.factura.liquidacion.codigo
    _mover(estampilla, EstadoFactura.UTILIZADA, "adherida")
    pagina = client.get(f"/v/{codigo}").text
    assert "Ya se usó" in pagina
    assert "Utilizada" in pagina
    assert "desde el" in pagina
    leido = texto(client.get(f"/liquidacion/{privado}/estampillas.pdf").data)
    assert "UTILIZADA: adherida y anulada el" in leido


def _mover(estampilla: EstampillaElectronica, estado: EstadoFactura, evento: str) -> None:
    """Put it in a state without the act that leads to it, which is somebody else's."""
    factura_id = estampilla.factura_id
    with transaccion():
        db.session.get_one(Factura, factura_id).estado = estado
        db.session.add(
            FilaEvento(factura_id=factura_id, en=AHORA, desde="legalizada", hasta=estado.value, evento=str(evento))
        )


def test_el_papel_de_la_liquidacion_es_completo_y_el_del_pago_enmascarado(client: FlaskClient) -> None:
    una = fabricas.liquidacion((4000, 5000), nombre=NOMBRE)
    pago = de_prueba.pagar(una, facturas=(una.facturas[0].numero,))
    de_liquidacion = client.get(f"/liquidacion/{una.codigo}/estampillas.pdf")
    de_pago = client.get(f"/pago/{pago.codigo}/estampillas.pdf")
    assert de_liquidacion.mimetype == de_pago.mimetype == "application/pdf"
    completo, enmascarado = texto(de_liquidacion.data), texto(de_pago.data)
    assert NOMBRE in completo
    assert "CC 1.212.312.323" in completo
    assert NOMBRE not in enmascarado
    assert "1.212.312.323" not in enmascarado
    assert "A*** J*** O***" in enmascarado
    assert completo.count("Valor:") == enmascarado.count("Valor:") == 1, "the unpaid one has no stamp"


def test_una_sola_factura_se_puede_imprimir_y_la_que_no_esta_pagada_no(client: FlaskClient) -> None:
    una = fabricas.liquidacion((4000, 5000))
    pagada, debida = (f.numero for f in una.facturas)
    de_prueba.pagar(una, facturas=(pagada,))
    assert client.get(f"/liquidacion/{una.codigo}/estampillas/{pagada}.pdf").status_code == 200
    assert client.get(f"/liquidacion/{una.codigo}/estampillas/{debida}.pdf").status_code == 404
    assert client.get("/liquidacion/noexiste/estampillas.pdf").status_code == 404
    assert client.get("/pago/noexiste/estampillas.pdf").status_code == 404


def test_las_paginas_llevan_a_las_estampillas_solo_cuando_hay(client: FlaskClient) -> None:
    una = fabricas.liquidacion((4000,))
    codigo = una.codigo
    assert "estampillas.pdf" not in client.get(f"/liquidacion/{codigo}").text
    pago = de_prueba.pagar(una)
    for pagina in (f"/liquidacion/{codigo}", f"/pago/{pago.codigo}"):
        assert "estampillas.pdf" in client.get(pagina).text
    ingresar(client, "rentas")
    assert f"/liquidacion/{codigo}/estampillas.pdf" in client.get(f"/gestion/liquidaciones/{codigo}").text
