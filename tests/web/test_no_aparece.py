"""*Pagué y no aparece*: the gateway is asked at once, and what nobody knows becomes one numbered case."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.estados import EstadoPago
from portal.models import Bitacora, Caso, EventoPago, Reclamo
from portal.models.pago import CanalRecaudo
from portal.operaciones import casos
from portal.operaciones.recaudos import Credito, recaudar
from portal.pasarelas.base import EstadoPasarela, PasarelaNoDisponible
from tests.conftest import ingresar
from tests.devoluciones import aprobada, decir, doble, girar, pagado, pedir
from tests.fabricas import AHORA, estado_de, estados_de, liquidacion, pago, respuesta
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pasarela_guion import PasarelaGuion

RUTA = "/pago/no-aparece"
QUIEN = {"correo": "ana@correo.test", "telefono": "300 123 4567"}


@pytest.fixture(autouse=True)
def pasarela(app: Flask) -> PasarelaGuion:
    guion = PasarelaGuion()
    app.extensions["pasarela"] = guion
    return guion


def preguntar(client: ClienteEstricto, dato: str, **otros: str) -> str:
    pagina = client.enviar(RUTA, {"dato": dato} | QUIEN | otros)
    assert pagina.status_code == 200, pagina.text
    return pagina.text


def casos_abiertos() -> list[Caso]:
    db.session.expire_all()
    return list(db.session.scalars(select(Caso).where(Caso.clase == ClaseCaso.NO_APARECE).order_by(Caso.id)))


def test_se_llega_desde_la_consulta_y_desde_el_pago(client: ClienteEstricto) -> None:
    for pagina in ("/consulta", "/pago", "/ayuda"):
        assert f'href="{RUTA}"' in client.get(pagina).text
    assert "No pague de nuevo" in client.get(RUTA).text


def test_un_pago_conocido_se_pregunta_en_el_momento_y_se_legaliza(
    client: ClienteEstricto, pasarela: PasarelaGuion
) -> None:
    una = liquidacion()
    uno = pago(una)
    pasarela.sesiones[str(uno.id_pasarela)] = respuesta(uno)
    texto = preguntar(client, f" {uno.referencia.lower()} ")
    assert "El pago está aprobado" in texto
    assert estados_de(una) == ["legalizada", "legalizada"]
    assert db.session.scalars(select(EventoPago.causa).where(EventoPago.hasta == "aprobado")).all() == ["reclamo"]
    for dato in ("1212312323", "prueba@correo.test", "Prueba", "$9.000", "Banco de prueba", uno.codigo):
        assert dato not in texto
    assert casos_abiertos() == []


@pytest.mark.parametrize(
    ("estado", "titulo"),
    [
        (EstadoPasarela.RECHAZADO, "El pago no se hizo"),
        (EstadoPasarela.FALLIDO, "El pago no se hizo"),
        (EstadoPasarela.VENCIDO, "El pago no se hizo"),
        (EstadoPasarela.PENDIENTE, "El pago está en proceso"),
    ],
)
def test_cada_estado_se_dice_en_una_frase(
    client: ClienteEstricto, pasarela: PasarelaGuion, estado: EstadoPasarela, titulo: str
) -> None:
    uno = pago(liquidacion())
    pasarela.sesiones[str(uno.id_pasarela)] = respuesta(uno, estado)
    assert titulo in preguntar(client, uno.referencia)
    assert casos_abiertos() == []


def test_un_rechazo_se_vuelve_a_preguntar_porque_un_si_tardio_cuenta(
    client: ClienteEstricto, pasarela: PasarelaGuion
) -> None:
    uno = pago(liquidacion())
    decir(uno, respuesta(uno, EstadoPasarela.RECHAZADO))
    pasarela.sesiones[str(uno.id_pasarela)] = respuesta(uno, transaccion="t2")
    assert "El pago está aprobado" in preguntar(client, "1234567")
    assert estado_de(uno) is EstadoPago.APROBADO


def test_aprobado_no_se_pregunta_mas(client: ClienteEstricto, pasarela: PasarelaGuion) -> None:
    _, uno = pagado()
    assert "El pago está aprobado" in preguntar(client, uno.referencia)
    assert pasarela.preguntas == []


def test_dinero_que_sobra_o_que_volvio_se_dice(client: ClienteEstricto) -> None:
    uno = doble()
    assert "hay dinero por devolver" in preguntar(client, uno.referencia)
    girar(aprobada(pedir(uno)))
    assert "se devolvió" in preguntar(client, uno.referencia)


@pytest.mark.parametrize("falla", ["calla", "pendiente"])
def test_lo_que_tarda_demasiado_se_vuelve_un_caso(client: ClienteEstricto, pasarela: PasarelaGuion, falla: str) -> None:
    uno = pago(liquidacion())
    pendiente = respuesta(uno, EstadoPasarela.PENDIENTE)
    pasarela.sesiones[str(uno.id_pasarela)] = PasarelaNoDisponible() if falla == "calla" else pendiente
    assert "está en proceso" in preguntar(client, uno.referencia)
    with time_machine.travel(AHORA + timedelta(minutes=40), tick=False):
        texto = preguntar(client, uno.referencia)
    (caso,) = casos_abiertos()
    assert f"Su caso es el {caso.numero}" in texto
    assert caso.pago_id == uno.id


def test_lo_desconocido_y_lo_que_no_se_sabe_reciben_la_misma_respuesta(
    client: ClienteEstricto, pasarela: PasarelaGuion
) -> None:
    uno = pago(liquidacion())
    pasarela.sesiones[str(uno.id_pasarela)] = PasarelaNoDisponible()
    with time_machine.travel(AHORA + timedelta(minutes=40), tick=False):
        conocido, desconocido = preguntar(client, uno.referencia), preguntar(client, "99887766")
    dichos = {
        re.sub(r"(caso(?: es el)?) [0-9]+", r"\1 N", t.split("<main")[1].split("</main>")[0])
        for t in (conocido, desconocido)
    }
    assert len(dichos) == 1
    assert len(casos_abiertos()) == 2
    for texto in (conocido, desconocido):
        assert "Tesorería recibió su caso" in texto


def test_un_cus_es_un_solo_caso_aunque_lo_digan_varias_personas(client: ClienteEstricto) -> None:
    for correo in ("ana@correo.test", "ana@correo.test", "beto@correo.test"):
        preguntar(client, "998877", correo=correo)
    (caso,) = casos_abiertos()
    assert caso.veces == 3
    assert db.session.scalars(select(Reclamo.correo).order_by(Reclamo.id)).all() == [
        "ana@correo.test",
        "beto@correo.test",
    ]
    assert "998877" not in f"{caso.clave} {caso.detalle}"
    assert "ana" not in f"{caso.clave} {caso.detalle} {caso.nota}"


def test_quien_reclama_despues_de_cerrado_el_caso_abre_otro(client: ClienteEstricto) -> None:
    preguntar(client, "998877")
    (caso,) = casos_abiertos()
    with transaccion():
        casos.cerrar(caso.id, SalidaCaso.REVISADO, ahora=AHORA)
    preguntar(client, "998877")
    primero, segundo = casos_abiertos()
    assert (primero.abierto, segundo.abierto) == (False, True)


def test_quien_insiste_recibe_un_numero_aunque_la_pasarela_diga_que_no(
    client: ClienteEstricto, pasarela: PasarelaGuion
) -> None:
    uno = pago(liquidacion())
    pasarela.sesiones[str(uno.id_pasarela)] = respuesta(uno, EstadoPasarela.RECHAZADO)
    assert "¿Su banco dice otra cosa?" in preguntar(client, uno.referencia)
    assert "Su caso es el" in preguntar(client, uno.referencia, insistir="si")
    assert casos_abiertos()[0].pago_id == uno.id


def test_un_credito_del_banco_sin_dueno_queda_en_el_caso(client: ClienteEstricto) -> None:
    with transaccion():
        credito = Credito(CanalRecaudo.VENTANILLA, "banco", "l1", "banco:0849514000", Decimal(7000), cus="554433")
        recaudo_id = recaudar(credito, [], ahora=AHORA).id
    preguntar(client, "554433")
    assert casos_abiertos()[0].recaudo_id == recaudo_id


@pytest.mark.parametrize(
    ("campo", "valor"),
    [
        ("dato", ""),
        ("dato", "x"),
        ("dato", "'; DROP TABLE pago"),
        ("dato", "9" * 61),
        ("correo", "no"),
        ("telefono", "abc"),
    ],
)
def test_un_dato_malo_se_corrige_sin_perder_los_demas(client: ClienteEstricto, campo: str, valor: str) -> None:
    pagina = client.enviar(RUTA, {"dato": "998877"} | QUIEN | {campo: valor})
    assert pagina.status_code == 422
    assert "Hay un problema" in pagina.text
    if campo != "telefono":
        assert QUIEN["telefono"] in pagina.text
    assert db.session.scalar(select(func.count(Caso.id))) == 0


def test_el_telefono_es_opcional(client: ClienteEstricto) -> None:
    assert "Su caso es el" in preguntar(client, "998877", telefono="")


def test_solo_el_navegador_que_empezo_el_pago_llega_a_su_pagina(client: ClienteEstricto) -> None:
    _, uno = pagado()
    assert uno.codigo not in preguntar(client, uno.referencia)
    with client.session_transaction() as sesion:
        sesion["pagos"] = [uno.codigo]
    assert f'href="/pago/{uno.codigo}"' in preguntar(client, uno.referencia)


def test_quien_prueba_cus_o_llena_de_casos_se_frena(client: ClienteEstricto) -> None:
    estados = [client.enviar(RUTA, {"dato": f"99887{n}"} | QUIEN).status_code for n in range(11)]
    assert estados == [200] * 10 + [429]


def test_tesoreria_ve_a_quien_responder_y_queda_anotado(client: ClienteEstricto) -> None:
    preguntar(client, "998877")
    numero = casos_abiertos()[0].numero
    for rol, estado in (("rentas", 403), ("tesoreria", 200)):
        ingresar(client, rol)
        assert client.get("/gestion/tesoreria/reclamos").status_code == estado
        assert client.get(f"/gestion/tesoreria/reclamos/{numero}").status_code == estado
        client.enviar("/salir", {})
    ingresado = db.session.scalars(select(Bitacora).where(Bitacora.accion == "reclamo.mirar")).all()
    assert len(ingresado) == 1


def test_la_lista_no_trae_contactos_y_la_ficha_si(client: ClienteEstricto) -> None:
    preguntar(client, "998877")
    numero = casos_abiertos()[0].numero
    ingresar(client, "tesoreria")
    lista = client.get("/gestion/tesoreria/reclamos").text
    assert "ana@correo.test" not in lista
    ficha = client.get(f"/gestion/tesoreria/reclamos/{numero}").text
    for dato in ("ana@correo.test", "3001234567", "998877"):
        assert dato in ficha
    pedir(doble())
    otro = db.session.scalars(select(Caso.numero).where(Caso.clase == ClaseCaso.PAGO_DOBLE)).first()
    assert client.get(f"/gestion/tesoreria/reclamos/{otro}").status_code == 404
