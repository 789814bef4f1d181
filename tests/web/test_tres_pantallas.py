"""From the search to the bank in three screens: what is kept between them, and whom each of them leads on."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.models import Pago
from portal.pasarelas.base import EstadoPasarela
from tests import fabricas
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion
from tests.web.test_pago import PAGADOR, elegir, numeros, oculto, responder, unico_pago

POLITICA = "Content-Security-Policy"


@pytest.fixture(autouse=True)
def pasarela(app: Flask) -> PasarelaGuion:
    app.extensions["pasarela"] = guion = PasarelaGuion()
    return guion


def revisar(client: ClienteEstricto, pagina: str, **cambios: Any) -> Any:
    return client.enviar("/pago/revisar", PAGADOR | {"sello": oculto(pagina, "sello")} | cambios)


def pagar(client: ClienteEstricto, pagina: str) -> Any:
    datos = PAGADOR | {n: oculto(pagina, n) for n in ("sello", "clave")}
    return client.enviar("/pago/pagar", datos)


def marcadas(pagina: str) -> list[int]:
    return [int(n) for n in re.findall(r'name="factura" value="(\d+)" checked', pagina)]


def test_de_la_busqueda_al_banco_hay_tres_pantallas(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    una = fabricas.liquidacion()
    segunda = elegir(client)
    assert "¿Quién paga?" in segunda
    assert marcadas(segunda) == numeros(una)
    tercera = revisar(client, segunda, factura=[str(n) for n in numeros(una)])
    salida = pagar(client, tercera.text)
    assert (salida.status_code, salida.location) == (303, "http://banco.test/sesion")
    assert unico_pago().url_pasarela == "http://banco.test/sesion", "the address is on record before anybody goes there"


def test_solo_la_revision_deja_ir_a_la_pasarela(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    una = fabricas.liquidacion()
    segunda = client.get(f"/pago/de/{una.codigo}")
    tercera = revisar(client, segunda.text, factura=[str(n) for n in numeros(una)])
    assert "form-action 'self' http://banco.test;" in tercera.headers[POLITICA]
    mal_escrita = revisar(client, segunda.text, factura=[str(n) for n in numeros(una)], correo="")
    for otra in (client.get("/pago"), segunda, mal_escrita):
        assert "form-action 'self';" in otra.headers[POLITICA]
    pasarela.destinos = ()
    sin_destino = revisar(client, segunda.text, factura=[str(n) for n in numeros(una)])
    assert "form-action 'self';" in sin_destino.headers[POLITICA]
    assert pagar(client, sin_destino.text).location.endswith("/banco"), "a plain link leads there instead"


def test_con_varios_actos_se_paga_el_que_se_elige_y_nada_mas(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    una, otra = fabricas.liquidacion(), fabricas.liquidacion((7000,))
    pagina = elegir(client)
    todas = [str(n) for n in numeros(una) + numeros(otra)]
    sin_elegir = revisar(client, pagina, factura=todas)
    assert sin_elegir.status_code == 422
    assert "Elija cuál trámite o contrato va a pagar" in sin_elegir.text
    assert "Prueba Pagadora" in sin_elegir.text
    revision = revisar(client, sin_elegir.text, factura=todas, liquidacion=str(otra.numero))
    assert "Pagar $7.000 con Débito Bancario PSE" in revision.text
    pagar(client, revision.text)
    (solicitud,) = pasarela.solicitudes
    assert solicitud.total == 7000
    assert fabricas.estados_de(una) == ["liquidada", "liquidada"]


def test_un_acto_que_no_se_hallo_no_se_puede_elegir(client: ClienteEstricto) -> None:
    fabricas.liquidacion()
    fabricas.liquidacion()
    ajena = fabricas.liquidacion(documento="52000111")
    datos = {"factura": str(ajena.facturas[0].numero), "liquidacion": str(ajena.numero)}
    assert revisar(client, elegir(client), **datos).status_code == 422


def test_volver_de_la_revision_conserva_lo_elegido_y_lo_escrito(client: ClienteEstricto) -> None:
    una = fabricas.liquidacion()
    primera, segunda = numeros(una)
    revision = revisar(client, elegir(client), factura=str(segunda)).text
    vuelta = client.enviar("/pago/elegir", PAGADOR | {"sello": oculto(revision, "sello")}).text
    assert marcadas(vuelta) == [segunda]
    assert "Prueba Pagadora" in vuelta
    otra = revisar(client, vuelta, factura=[str(primera), str(segunda)]).text
    assert "Pagar $9.000" in otra


def test_sin_ninguna_estampilla_se_dice_y_no_se_pierde_lo_escrito(client: ClienteEstricto) -> None:
    fabricas.liquidacion()
    respuesta = revisar(client, elegir(client))
    assert respuesta.status_code == 422
    assert "Elija al menos una estampilla" in respuesta.text
    assert "Prueba Pagadora" in respuesta.text


def test_lo_que_ya_tiene_un_pago_se_dice_al_revisar(client: ClienteEstricto) -> None:
    una = fabricas.liquidacion()
    pagina = elegir(client)
    pagar(client, revisar(client, pagina, factura=[str(n) for n in numeros(una)]).text)
    segunda = revisar(client, pagina, factura=[str(n) for n in numeros(una)])
    assert segunda.status_code == 409
    assert "se encuentra PENDIENTE de recibir confirmación" in segunda.text


def test_quien_dejo_un_pago_a_medias_lo_halla_buscando_y_un_extrano_no(client: ClienteEstricto, app: Flask) -> None:
    una = fabricas.liquidacion()
    pagar(client, revisar(client, elegir(client), factura=[str(n) for n in numeros(una)]).text)
    codigo = unico_pago().codigo
    assert f'href="/pago/{codigo}"' in elegir(client)
    extrano = app.test_client()
    assert isinstance(extrano, ClienteEstricto)
    assert codigo not in elegir(extrano)


def test_un_rechazado_se_intenta_otra_vez_con_lo_mismo(
    client: ClienteEstricto, app: Flask, pasarela: PasarelaGuion
) -> None:
    una = fabricas.liquidacion()
    segunda = numeros(una)[1]
    pagar(client, revisar(client, elegir(client), factura=str(segunda)).text)
    pago = responder(pasarela, EstadoPasarela.RECHAZADO)
    estado = client.get(f"/pago/{pago.codigo}").text
    assert f'href="/pago/{pago.codigo}/otra-vez"' in estado
    otra_vez = client.get(f"/pago/{pago.codigo}/otra-vez").text
    assert marcadas(otra_vez) == [segunda]
    assert 'value="prueba@correo.test"' in otra_vez
    extrano = app.test_client()
    assert isinstance(extrano, ClienteEstricto)
    ajena = extrano.get(f"/pago/{pago.codigo}/otra-vez").text
    assert marcadas(ajena) == [segunda]
    assert "prueba@correo.test" not in ajena, "the address may have been shared; who paid is kept for who did"
    pagar(client, revisar(client, otra_vez, factura=str(segunda)).text)
    assert len(db.session.scalars(select(Pago)).all()) == 2


def test_lo_que_no_se_encuentra_ofrece_la_otra_busqueda(client: ClienteEstricto) -> None:
    texto = elegir(client, "999999999")
    assert "No encontramos liquidaciones con esos datos" in texto
    assert 'href="/pago?tipo_pago=contrato"' in texto
    assert re.search(r'<option value="contrato" selected>', client.get("/pago?tipo_pago=contrato").text)
    contrato = {"tipo_pago": "contrato", "vigencia": "2025", "nit": "901805364", "numero_contrato": "1"}
    assert "Busque como trámite" in client.enviar("/pago", contrato).text
