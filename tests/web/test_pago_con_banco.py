"""Paying through a gateway that wants the bank chosen and its conditions accepted in the portal, and whose answers get lost."""

import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.estados import EstadoPago
from portal.models import ListaBancosPse, Pago, Recaudo
from portal.operaciones import bancos
from portal.pasarelas.base import (
    LIMITE_EXCEDIDO,
    Banco,
    Condicion,
    EstadoPasarela,
    NadaCreado,
    PasarelaNoDisponible,
    PasarelaRechazo,
    TransaccionDesconocida,
)
from portal.web import pasarela as borde
from portal.web.seguimiento import HILO
from tests import fabricas
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion
from tests.web.test_pago import PAGADOR, numeros, oculto, unico_pago

CONDICIONES = (
    Condicion("reglamento", "el reglamento de la pasarela", "https://wompi.com/a.pdf", "aaa.bbb.ccc"),
    Condicion("datos_personales", "la autorización de datos", "https://wompi.com/b.pdf", "ddd.eee.fff"),
)
ACEPTADO = {"banco": "1007", "acepta_reglamento": "y", "acepta_datos_personales": "y"}
TEXTO_R2 = "No se pudo obtener la lista de Entidades Financieras, por favor intente más tarde"


@pytest.fixture(autouse=True)
def pasarela(app: Flask) -> PasarelaGuion:
    guion = PasarelaGuion()
    guion.pide_banco = guion.busca_por_referencia = True
    guion.documentos = frozenset({"CC", "NIT", "CE"})
    guion.lista_bancos = (Banco("1007", "BANCOLOMBIA"), Banco("1040", "BANCO AGRARIO"))
    guion.lista_condiciones = CONDICIONES
    guion.destinos = ()
    app.extensions["pasarela"] = guion
    return guion


def pagador(client: ClienteEstricto, facturas: list[int]) -> Any:
    return client.enviar("/pago", {"tipo_pago": "tramite", "documento": str(facturas[0])})


def revisar(client: ClienteEstricto, facturas: list[int], **cambios: str) -> Any:
    pagina = pagador(client, facturas).text
    sellos = {"sello": oculto(pagina, "sello"), "condiciones": oculto(pagina, "condiciones")}
    elegidas = {"factura": [str(f) for f in facturas]}
    return client.enviar("/pago/revisar", PAGADOR | ACEPTADO | sellos | elegidas | cambios)


def pagar(client: ClienteEstricto, facturas: list[int], **cambios: str) -> Any:
    pagina = revisar(client, facturas).text
    sellos = {n: oculto(pagina, n) for n in ("sello", "condiciones", "clave")}
    return client.enviar("/pago/pagar", PAGADOR | ACEPTADO | sellos | cambios)


def dicho(pago: Pago, estado: EstadoPasarela = EstadoPasarela.PENDIENTE, **cambios: Any) -> Any:
    """What the gateway says of the transaction `t1`, with its bank's address."""
    return replace(fabricas.respuesta(pago, estado), id_pasarela="t1", url="http://banco.test/t1", **cambios)


def test_pide_banco_y_aceptaciones_sin_marcar_y_con_sus_documentos(client: ClienteEstricto) -> None:
    pagina = pagador(client, numeros(fabricas.liquidacion())).text
    assert "BANCO AGRARIO" in pagina
    assert re.search(r'<option value="" selected>Elija su banco', pagina)
    for condicion in CONDICIONES:
        assert f'href="{condicion.enlace}"' in pagina
        assert f"He leído y acepto {condicion.titulo}." in pagina
        casilla = re.search(rf'<input type="checkbox" id="acepta_{condicion.codigo}"[^>]*>', pagina)
        assert casilla
        assert "checked" not in casilla[0]
    assert "aaa.bbb.ccc" not in pagina, "the proofs travel sealed"
    assert "Permiso por Protección Temporal" not in pagina, "a document with which nobody can pay is not offered"


def test_todo_el_camino_manda_el_banco_y_lo_que_se_mostro(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    una = fabricas.liquidacion()
    assert "BANCOLOMBIA" in revisar(client, numeros(una)).text
    salida = pagar(client, numeros(una))
    (solicitud,) = pasarela.solicitudes
    assert (solicitud.banco, solicitud.aceptaciones) == ("1007", CONDICIONES)
    assert unico_pago().banco == "BANCOLOMBIA"
    banco = client.get(salida.location).text
    assert "BANCOLOMBIA" in banco
    assert "Elija su banco" not in banco
    assert 'href="http://banco.test/sesion"' in banco


def test_las_condiciones_se_piden_una_vez_por_pago_y_los_bancos_una_al_dia(
    client: ClienteEstricto, pasarela: PasarelaGuion
) -> None:
    una, otra = fabricas.liquidacion(), fabricas.liquidacion(documento="1212312324")
    pagar(client, numeros(una))
    assert (pasarela.veces_condiciones, pasarela.veces_bancos) == (1, 1)
    pagar(client, numeros(otra))
    assert (pasarela.veces_condiciones, pasarela.veces_bancos) == (2, 1)


@pytest.mark.parametrize("paso", ["/pago/revisar", "/pago/pagar"])
@pytest.mark.parametrize(
    ("campo", "valor", "queja"),
    [
        ("banco", "", "Elija su banco de la lista"),
        ("banco", "0", "Elija su banco de la lista"),
        ("banco", "9999", "Elija su banco de la lista"),
        ("acepta_reglamento", "", "Para pagar debe leer y aceptar el reglamento de la pasarela"),
        ("acepta_datos_personales", "", "Para pagar debe leer y aceptar la autorización de datos"),
        ("tipo_documento", "PPT", "Hay un problema"),
    ],
)
def test_sin_banco_o_sin_aceptar_no_se_paga(
    client: ClienteEstricto, pasarela: PasarelaGuion, paso: str, campo: str, valor: str, queja: str
) -> None:
    facturas = numeros(fabricas.liquidacion())
    pagina = pagador(client, facturas).text
    datos = PAGADOR | ACEPTADO | {n: oculto(pagina, n) for n in ("sello", "condiciones")} | {"clave": "a" * 24}
    sin_el_campo = {k: v for k, v in (datos | {campo: valor}).items() if v} | {"factura": [str(f) for f in facturas]}
    respuesta = client.enviar(paso, sin_el_campo)
    assert respuesta.status_code == 422
    assert queja in respuesta.text
    assert "Prueba Pagadora" in respuesta.text
    assert pasarela.solicitudes == []
    assert db.session.scalars(select(Pago)).all() == []


@pytest.mark.parametrize("condiciones", ["", "x", "W1tdXQ.abc.def", "a" * 9000])
def test_unas_condiciones_que_no_se_mostraron_no_se_aceptan(
    client: ClienteEstricto, pasarela: PasarelaGuion, condiciones: str
) -> None:
    respuesta = pagar(client, numeros(fabricas.liquidacion()), condiciones=condiciones)
    assert respuesta.status_code == 422
    assert "debe leer y aceptar" in respuesta.text
    assert not re.search(r'id="acepta_reglamento"[^>]*checked', respuesta.text)
    assert pasarela.solicitudes == []


@pytest.mark.parametrize("que", ["bancos", "condiciones"])
def test_si_la_pasarela_no_dice_bancos_o_condiciones_se_lee_el_texto_obligatorio(
    client: ClienteEstricto, pasarela: PasarelaGuion, que: str
) -> None:
    setattr(pasarela, f"lista_{que}", PasarelaNoDisponible())
    una = fabricas.liquidacion()
    respuesta = pagador(client, numeros(una))
    assert respuesta.status_code == 503
    assert TEXTO_R2 in respuesta.text
    assert fabricas.estados_de(una) == ["liquidada", "liquidada"]


def test_con_la_lista_de_ayer_se_sigue_pagando(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    ayer = datetime.now(UTC) - timedelta(hours=30)
    with transaccion():
        bancos.apartar("placetopay", ahora=ayer)
        bancos.guardar("placetopay", (Banco("1007", "BANCOLOMBIA"),), ahora=ayer)
    pasarela.lista_bancos = PasarelaNoDisponible()
    facturas = numeros(fabricas.liquidacion())
    assert "BANCOLOMBIA" in pagador(client, facturas).text
    assert "BANCOLOMBIA" in pagador(client, facturas).text
    assert pasarela.veces_bancos == 1, "after a failure it is left in peace"
    with transaccion():
        db.session.get_one(ListaBancosPse, "placetopay").leida_en = datetime.now(UTC) - timedelta(hours=49)
    assert TEXTO_R2 in pagador(client, facturas).text


def test_la_direccion_del_banco_puede_llegar_despues(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    pasarela.direccion = None
    salida = pagar(client, numeros(fabricas.liquidacion()))
    pago = unico_pago()
    assert (pago.estado, pago.id_pasarela, pago.url_pasarela) == (EstadoPago.ENVIADO, "s1", None)
    pasarela.sesiones["s1"] = PasarelaNoDisponible()
    espera = client.get(salida.location).text
    assert "Estamos abriendo la página de su banco" in espera
    assert "Todavía no se ha hecho ningún débito" in espera
    fragmento = client.get(salida.location, headers={"HX-Request": "true"}).text
    assert "<html" not in fragmento
    assert f'data-hx-get="/pago/{pago.codigo}/banco"' in fragmento
    pasarela.sesiones["s1"] = replace(dicho(pago), id_pasarela="s1")
    llegada = client.get(salida.location).text
    assert 'href="http://banco.test/t1"' in llegada
    assert "data-hx-get" not in llegada
    assert unico_pago().estado is EstadoPago.PENDIENTE
    vuelta = client.get(f"/pago/{pago.codigo}").text
    assert "Transacción pendiente" in vuelta
    assert f'href="/pago/{pago.codigo}/banco"' in vuelta, "who left the bank too early may go back to the same debit"


def test_la_respuesta_sobre_otra_referencia_no_da_direccion(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    pasarela.direccion = None
    salida = pagar(client, numeros(fabricas.liquidacion()))
    pasarela.sesiones["s1"] = dicho(unico_pago(), referencia="OTRA")
    assert "Estamos abriendo" in client.get(salida.location).text
    assert unico_pago().url_pasarela is None


def test_una_respuesta_perdida_se_recupera_por_la_referencia(
    client: ClienteEstricto, app: Flask, pasarela: PasarelaGuion, monkeypatch: pytest.MonkeyPatch
) -> None:
    una = fabricas.liquidacion()
    pasarela.al_iniciar = PasarelaNoDisponible("timeout after the gateway created it")
    monkeypatch.setattr(pasarela, "buscar", lambda _referencia: dicho(unico_pago()))
    salida = pagar(client, numeros(una))
    assert salida.location.endswith("/banco")
    assert 'href="http://banco.test/t1"' in client.get(salida.location).text
    pago = unico_pago()
    assert (pago.id_pasarela, pago.url_pasarela) == ("t1", "http://banco.test/t1")
    pasarela.sesiones["t1"] = dicho(pago, EstadoPasarela.APROBADO)
    with transaccion():
        db.session.get_one(Pago, pago.id).consultado_en = None
    assert "Transacción aprobada" in client.get(f"/pago/{pago.codigo}").text
    assert db.session.scalars(select(Recaudo.aplicado)).all() == [pago.total]
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]


@pytest.mark.parametrize("busqueda", [None, PasarelaNoDisponible()], ids=["aun no aparece", "no contesta"])
def test_mientras_no_se_sepa_si_existe_el_intento_sigue_vivo(
    client: ClienteEstricto, runner: Any, pasarela: PasarelaGuion, busqueda: Exception | None
) -> None:
    una = fabricas.liquidacion()
    pasarela.al_iniciar = PasarelaNoDisponible("timeout")
    if busqueda is not None:
        pasarela.buscar = _levanta(busqueda)  # type: ignore[method-assign]
    salida = pagar(client, numeros(una))
    assert "Estamos preparando su pago" in client.get(salida.location).text
    _vencer_la_espera()
    runner.invoke(args=["pagos", "sondear"])
    assert unico_pago().estado is EstadoPago.CREADO
    assert fabricas.estados_de(una) == ["en_verificacion", "en_verificacion"]


def test_lo_que_la_pasarela_sigue_sin_conocer_se_cierra_y_si_aparece_pagado_cuenta(
    client: ClienteEstricto, runner: Any, pasarela: PasarelaGuion, monkeypatch: pytest.MonkeyPatch
) -> None:
    una = fabricas.liquidacion()
    pasarela.al_iniciar = PasarelaNoDisponible("timeout")
    pagar(client, numeros(una))
    _vencer_la_espera()
    monkeypatch.setattr(borde, "GRACIA_DE_CREACION", timedelta(0))
    runner.invoke(args=["pagos", "sondear"])
    pago = unico_pago()
    assert pago.estado is EstadoPago.FALLIDO
    assert fabricas.estados_de(una) == ["liquidada", "liquidada"]
    pasarela.sesiones["t1"] = dicho(pago, EstadoPasarela.APROBADO)
    cuerpo, ruta = f"t1|{pago.referencia}".encode(), f"/pago/notificaciones/{pasarela.codigo}"
    assert client.post(ruta, data=cuerpo, headers={"X-Firma": "buena"}, buffered=True).status_code == 200
    _esperar_avisos()
    assert unico_pago().estado is EstadoPago.APROBADO
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]


@pytest.mark.parametrize("falla", [NadaCreado("connection refused"), PasarelaRechazo("X", "no")])
def test_si_es_seguro_que_no_se_creo_las_estampillas_quedan_libres(
    client: ClienteEstricto, pasarela: PasarelaGuion, falla: Exception
) -> None:
    una = fabricas.liquidacion()
    pasarela.al_iniciar = falla
    salida = pagar(client, numeros(una))
    assert "No se pudo crear la transacción" in client.get(salida.location).text
    assert fabricas.estados_de(una) == ["liquidada", "liquidada"]


def test_lo_que_excede_el_limite_tiene_sus_palabras(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    pasarela.al_iniciar = PasarelaRechazo(LIMITE_EXCEDIDO, "x")
    salida = pagar(client, numeros(fabricas.liquidacion()))
    texto = client.get(salida.location).text
    assert "El monto de la transacción excede los límites establecidos en PSE para la empresa" in texto
    assert "rentas@putumayo.gov.co" in texto


def test_nadie_hace_preguntar_a_la_pasarela_sin_medida(
    client: ClienteEstricto, app: Flask, pasarela: PasarelaGuion
) -> None:
    app.extensions["ajustes"] = replace(app.extensions["ajustes"], consultas_limite=3)
    una = fabricas.liquidacion()
    assert [client.get(f"/pago/de/{una.codigo}").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert pasarela.veces_condiciones == 3


def test_quien_pulsa_dos_veces_no_gasta_dos_veces_las_condiciones(
    client: ClienteEstricto, pasarela: PasarelaGuion
) -> None:
    """The second press finds the attempt still being created, and must not ask for another debit with the same proofs."""
    pasarela.al_iniciar = PasarelaNoDisponible("still thinking")
    pagina = revisar(client, numeros(fabricas.liquidacion())).text
    datos = PAGADOR | ACEPTADO | {n: oculto(pagina, n) for n in ("sello", "condiciones", "clave")}
    primera, segunda = client.enviar("/pago/pagar", datos), client.enviar("/pago/pagar", datos)
    assert len(pasarela.solicitudes) == 1
    assert (primera.status_code, segunda.status_code) == (303, 303)
    assert unico_pago().estado is EstadoPago.CREADO


def test_un_pago_de_otra_pasarela_no_se_da_por_desconocido(
    client: ClienteEstricto, runner: Any, pasarela: PasarelaGuion
) -> None:
    """After the installation changes its gateway, the new one not knowing an attempt says nothing of it."""
    una = fabricas.liquidacion()
    pagar(client, numeros(una))
    pasarela.sesiones["s1"] = TransaccionDesconocida()
    with transaccion():
        pago = unico_pago()
        pago.pasarela, pago.vence_en = "otra", datetime(2020, 1, 1, tzinfo=UTC)
    _vencer_la_espera()
    runner.invoke(args=["pagos", "sondear"])
    assert pasarela.preguntas == []
    assert unico_pago().estado is EstadoPago.ENVIADO
    assert fabricas.estados_de(una) == ["en_verificacion", "en_verificacion"]


def test_la_sonda_refresca_la_lista_de_bancos(runner: Any, pasarela: PasarelaGuion) -> None:
    runner.invoke(args=["pagos", "sondear"])
    runner.invoke(args=["pagos", "sondear"])
    assert pasarela.veces_bancos == 1
    assert len(bancos.vigentes("placetopay", datetime.now(UTC))) == 2


def _levanta(error: Exception) -> Any:
    def buscar(_referencia: str) -> None:
        raise error

    return buscar


def _vencer_la_espera() -> None:
    with transaccion():
        for pago in db.session.scalars(select(Pago)):
            pago.consultar_desde = datetime(2020, 1, 1, tzinfo=UTC)


def _esperar_avisos() -> None:
    for hilo in threading.enumerate():
        if hilo.name.startswith(HILO):
            hilo.join(30)
