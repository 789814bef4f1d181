"""Pago en línea, step by step, with a gateway that follows a script; the protocol itself is tested against the simulator."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.dominio.estados import EstadoPago
from portal.models import Pago, Recaudo
from portal.pasarelas.base import EstadoPasarela, PasarelaNoDisponible, PasarelaRechazo
from tests import fabricas
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion

pytestmark = pytest.mark.dos_motores

PAGADOR = {
    "tipo_persona": "natural",
    "tipo_documento": "CC",
    "documento": "1.212.312.323",
    "nombre": "Prueba Pagadora",
    "correo": "prueba@correo.test",
    "telefono": "300 123 4567",
}


@pytest.fixture(autouse=True)
def pasarela(app: Flask) -> Iterator[PasarelaGuion]:
    guion = PasarelaGuion()
    app.extensions["pasarela"] = guion
    yield guion
    assert not [p for p in guion.preguntas if p is None]


def oculto(texto: str, nombre: str) -> str:
    hallado = re.search(rf'name="{nombre}" value="([^"]*)"', texto)
    assert hallado, f"{nombre} is not in the page"
    return hallado[1]


def elegir(client: ClienteEstricto, documento: str = "1212312323") -> str:
    return client.enviar("/pago", {"tipo_pago": "tramite", "documento": documento}).text


def hasta_revisar(client: ClienteEstricto, facturas: list[int], **cambios: str) -> Any:
    sello = oculto(elegir(client, str(facturas[0])), "sello")
    return client.enviar("/pago/revisar", PAGADOR | {"sello": sello, "factura": [str(f) for f in facturas]} | cambios)


def pagar(client: ClienteEstricto, facturas: list[int], **cambios: str) -> Any:
    revision = hasta_revisar(client, facturas).text
    datos = PAGADOR | {"sello": oculto(revision, "sello"), "clave": oculto(revision, "clave")} | cambios
    return client.enviar("/pago/pagar", datos)


def numeros(una: Any) -> list[int]:
    return [f.numero for f in una.facturas]


def unico_pago() -> Pago:
    db.session.expire_all()
    return db.session.scalars(select(Pago)).one()


def responder(pasarela: PasarelaGuion, estado: EstadoPasarela, **otros: Any) -> Pago:
    pago = unico_pago()
    pasarela.sesiones[str(pago.id_pasarela)] = fabricas.respuesta(pago, estado, **otros)
    return pago


def test_todo_el_camino_hasta_aprobado(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    una = fabricas.liquidacion()
    revision = hasta_revisar(client, numeros(una)).text
    assert "Pagar $9.000 con Débito Bancario PSE" in revision
    assert "Antes de salir del portal" in revision
    assert "PSE puede pedirle que registre su correo" in revision
    salida = pagar(client, numeros(una))
    assert (salida.status_code, salida.location) == (303, "http://banco.test/sesion")
    banco = client.get(f"/pago/{unico_pago().codigo}/banco").text
    assert "Va a salir del portal" in banco
    assert 'href="http://banco.test/sesion"' in banco
    pago = responder(pasarela, EstadoPasarela.APROBADO)
    vuelta = client.get(f"/pago/{pago.codigo}?status=DECLINED&total=1").text
    assert "Transacción aprobada" in vuelta
    assert "El dinero salió de su cuenta" in vuelta
    for dato in (pago.referencia, "1234567", "Banco de prueba", "$9.000", "127.0.0.1"):
        assert dato in vuelta
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]
    assert "data-hx-get" not in vuelta, "a final state stops asking"
    (solicitud,) = pasarela.solicitudes
    assert (solicitud.total, solicitud.comprador.documento) == (9000, "1212312323")
    assert solicitud.url_retorno == f"http://localhost/pago/{pago.codigo}"


@pytest.mark.parametrize(
    ("estado", "titulo", "dinero"),
    [
        (EstadoPasarela.RECHAZADO, "Transacción rechazada", "No se hizo ningún débito:"),
        (EstadoPasarela.FALLIDO, "Transacción fallida", "No se hizo ningún débito:"),
        (EstadoPasarela.VENCIDO, "Transacción vencida", "No se hizo ningún débito:"),
        (EstadoPasarela.PENDIENTE, "Transacción pendiente", "no pague de nuevo"),
    ],
)
def test_cada_desenlace_dice_si_el_dinero_salio(
    client: ClienteEstricto, pasarela: PasarelaGuion, estado: EstadoPasarela, titulo: str, dinero: str
) -> None:
    pagar(client, numeros(fabricas.liquidacion()))
    pago = responder(pasarela, estado)
    texto = client.get(f"/pago/{pago.codigo}").text
    assert titulo in texto
    assert dinero in texto
    assert ("data-hx-get" in texto) is (estado is EstadoPasarela.PENDIENTE)
    assert client.get(f"/pago/{pago.codigo}/comprobante.pdf").status_code == 404


def test_el_fragmento_del_estado_dice_lo_mismo_que_la_pagina(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    pagar(client, numeros(fabricas.liquidacion()))
    pago = responder(pasarela, EstadoPasarela.PENDIENTE)
    pagina = client.get(f"/pago/{pago.codigo}").text
    fragmento = client.get(f"/pago/{pago.codigo}", headers={"HX-Request": "true"}).text
    assert "<html" not in fragmento
    assert fragmento.strip() in pagina


def test_no_pregunta_a_la_pasarela_en_cada_recarga(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    pagar(client, numeros(fabricas.liquidacion()))
    pago = responder(pasarela, EstadoPasarela.PENDIENTE)
    for _ in range(5):
        client.get(f"/pago/{pago.codigo}")
    assert len(pasarela.preguntas) == 1


def test_un_segundo_pago_sobre_lo_mismo_recibe_el_texto_obligatorio(client: ClienteEstricto, app: Flask) -> None:
    una = fabricas.liquidacion()
    revision = hasta_revisar(client, numeros(una)).text
    datos = PAGADOR | {"sello": oculto(revision, "sello")}
    assert client.enviar("/pago/pagar", datos | {"clave": "a" * 24}).status_code == 303
    otra_persona = app.test_client()
    assert isinstance(otra_persona, ClienteEstricto)
    segunda = otra_persona.enviar("/pago/pagar", datos | {"clave": "b" * 24})
    assert segunda.status_code == 409
    assert "se encuentra PENDIENTE de recibir confirmación por parte de su entidad financiera" in segunda.text
    codigo = unico_pago().codigo
    assert codigo not in segunda.text, "a stranger is not led to somebody else's payment"
    propia = client.enviar("/pago/pagar", datos | {"clave": "c" * 24})
    assert codigo in propia.text


def test_doble_clic_en_pagar_crea_un_solo_pago(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    revision = hasta_revisar(client, numeros(fabricas.liquidacion())).text
    datos = PAGADOR | {"sello": oculto(revision, "sello"), "clave": oculto(revision, "clave")}
    primera, segunda = client.enviar("/pago/pagar", datos), client.enviar("/pago/pagar", datos)
    assert primera.location == segunda.location
    assert len(pasarela.solicitudes) == 1
    assert unico_pago().estado is EstadoPago.ENVIADO


@pytest.mark.parametrize("falla", [PasarelaNoDisponible(), PasarelaRechazo("X", "no")])
def test_si_la_pasarela_falla_las_estampillas_quedan_libres(
    client: ClienteEstricto, pasarela: PasarelaGuion, falla: Exception
) -> None:
    pasarela.al_iniciar = falla
    una = fabricas.liquidacion()
    salida = pagar(client, numeros(una))
    texto = client.get(salida.location).text
    assert "No se pudo crear la transacción, por favor intente más tarde" in texto
    assert fabricas.estados_de(una) == ["liquidada", "liquidada"]
    pasarela.al_iniciar = None
    assert pagar(client, numeros(una)).location == "http://banco.test/sesion"


def test_una_respuesta_perdida_de_la_pasarela_no_cambia_nada(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    una = fabricas.liquidacion()
    pagar(client, numeros(una))
    pago = unico_pago()
    pasarela.sesiones[str(pago.id_pasarela)] = PasarelaNoDisponible()
    assert client.get(f"/pago/{pago.codigo}").status_code == 200
    assert fabricas.estados_de(una) == ["en_verificacion", "en_verificacion"]


def test_dinero_que_no_pago_nada_se_dice_primero(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    pagar(client, numeros(fabricas.liquidacion()))
    pago = responder(pasarela, EstadoPasarela.APROBADO, valor=unico_pago().total - 1)
    texto = client.get(f"/pago/{pago.codigo}").text
    assert "Recibimos un pago que debemos revisar" in texto
    assert "Transacción aprobada" not in texto
    assert db.session.scalars(select(Recaudo.aplicado)).all() == [0]


@pytest.mark.parametrize(
    ("campo", "valor"),
    [
        ("tipo_persona", "extraterrestre"),
        ("tipo_documento", "XX"),
        ("tipo_documento", "NIT"),
        ("documento", ""),
        ("documento", "12ab"),
        ("documento", "0123456"),
        ("documento", "1" * 41),
        ("documento", "١٢٣٤٥٦"),
        ("nombre", ""),
        ("nombre", "x" * 101),
        ("nombre", "mal\u202eo"),
        ("nombre", "a" + "\u0301" * 50),
        ("correo", "sin arroba"),
        ("correo", "a@b"),
        ("correo", "x" * 90 + "@y.co"),
        ("correo", "a@b.co\r\nBcc: otro@b.co"),
        ("telefono", "abc"),
        ("telefono", "1_000_000"),
    ],
)
def test_un_pagador_mal_escrito_se_corrige_sin_perder_lo_demas(client: ClienteEstricto, campo: str, valor: str) -> None:
    respuesta = hasta_revisar(client, numeros(fabricas.liquidacion()), **{campo: valor})
    assert respuesta.status_code == 422
    assert "Hay un problema" in respuesta.text
    if campo != "nombre":
        assert "Prueba Pagadora" in respuesta.text
    assert db.session.scalars(select(Pago)).all() == []


def test_el_texto_hostil_se_muestra_escapado(client: ClienteEstricto) -> None:
    nombre = "<script>alert(1)</script> {{7*7}} ' OR 1=1--"
    texto = hasta_revisar(client, numeros(fabricas.liquidacion()), nombre=nombre).text
    assert "<script>alert" not in texto
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in texto


@pytest.mark.parametrize("sello", ["", "x", "eyJhIjoxfQ.abc.def", "a" * 5000])
def test_un_sello_alterado_no_abre_nada(client: ClienteEstricto, sello: str) -> None:
    for paso in ("/pago/elegir", "/pago/revisar", "/pago/pagar"):
        respuesta = client.enviar(paso, PAGADOR | {"sello": sello, "clave": "a" * 24})
        assert respuesta.status_code == 409
        assert "Busque de nuevo su liquidación" in respuesta.text


def test_los_valores_del_formulario_no_valen_nada(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    una = fabricas.liquidacion()
    pagar(client, numeros(una), total="1", valor="1", estado="aprobado", id="7")
    assert unico_pago().total == 9000
    assert pasarela.solicitudes[0].total == 9000
    assert unico_pago().estado is EstadoPago.ENVIADO


@pytest.mark.parametrize("factura", ["abc", "-1", "999999", "1e3", "9" * 30])
def test_una_factura_que_no_es_del_acto_no_se_elige(client: ClienteEstricto, factura: str) -> None:
    una = fabricas.liquidacion()
    sello = oculto(elegir(client, str(una.facturas[0].numero)), "sello")
    respuesta = client.enviar("/pago/revisar", PAGADOR | {"sello": sello, "factura": factura})
    assert respuesta.status_code == 422
    assert "Elija al menos una estampilla" in respuesta.text


def test_un_paso_abierto_por_su_direccion_vuelve_al_comienzo(client: ClienteEstricto) -> None:
    for paso in ("/pago/elegir", "/pago/revisar", "/pago/pagar"):
        assert client.get(paso).location == "/pago"


@pytest.mark.parametrize("codigo", ["no-existe", "1", "%00", "A" * 500, "../../etc/passwd"])
def test_un_codigo_inventado_no_existe(client: ClienteEstricto, codigo: str) -> None:
    for cola in ("", "/banco", "/comprobante.pdf"):
        assert client.get(f"/pago/{codigo}{cola}").status_code == 404


def test_una_liquidacion_vencida_no_se_paga_y_lo_dice(client: ClienteEstricto) -> None:
    fabricas.liquidacion(fecha_limite=fabricas.HOY.replace(year=fabricas.HOY.year - 1))
    texto = elegir(client)
    assert "Vencida" in texto
    assert 'name="factura"' not in texto


def test_metodos_que_no_son_de_una_ruta_se_rechazan(client: ClienteEstricto) -> None:
    for metodo in ("PUT", "DELETE", "PATCH", "TRACE"):
        assert client.open("/pago", method=metodo).status_code == 405
    assert client.head("/pago").status_code == 200
