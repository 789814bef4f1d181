"""From a case to what it is about, and back: the claim, the line of the bank's file, the liquidación with its stamps."""

import re

from flask import Flask
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.casos import ClaseCaso
from portal.models import Caso, Liquidacion
from portal.operaciones.reclamos import Contacto, Hallazgo, reclamar
from tests.banco import Pagado, archivo, importar, por_pse
from tests.conftest import ingresar
from tests.devoluciones import doble
from tests.fabricas import AHORA, liquidacion
from tests.navegador_de_pruebas import ClienteEstricto

CASOS = "/gestion/tesoreria/casos"
ARCHIVOS = "/gestion/tesoreria/archivos-del-banco"


def caso_de(clase: ClaseCaso) -> Caso:
    db.session.expire_all()
    return db.session.scalars(select(Caso).where(Caso.clase == clase)).one()


def test_del_caso_al_reclamo_y_de_vuelta_solo_para_tesoreria(client: ClienteEstricto) -> None:
    with transaccion():
        numero = reclamar("123456", Hallazgo(None, None), Contacto("ana@correo.test", ""), ahora=AHORA).numero
    ingresar(client, "tesoreria")
    reclamo = f"/gestion/tesoreria/reclamos/{numero}"
    assert f'href="{reclamo}"' in client.get(f"{CASOS}/{numero}").text
    assert f'href="{CASOS}/{numero}"' in client.get(reclamo).text
    ingresar(client, "auditor")
    pagina = client.get(f"{CASOS}/{numero}")
    assert pagina.status_code == 200
    assert reclamo not in pagina.text, "how to answer is for treasury alone"


def test_del_caso_a_la_linea_del_archivo_y_de_vuelta(app: Flask, client: ClienteEstricto) -> None:
    una = liquidacion((4000, 5000))
    paga, otra = una.facturas[0].numero, una.facturas[1].numero
    importar(archivo([Pagado(paga, 4000, numero=1), Pagado(paga, 4000, numero=2), por_pse(otra, 5000, numero=3)]))
    ingresar(client, "tesoreria")
    pagina = client.get(f"{ARCHIVOS}/1").text
    for clase, linea in ((ClaseCaso.PAGO_DOBLE, 4), (ClaseCaso.DIFERENCIA, 5)):
        caso = caso_de(clase)
        assert f'href="{CASOS}/{caso.numero}">Caso {caso.numero}' in pagina
        suya = client.get(f"{CASOS}/{caso.numero}").text
        enlace = re.search(r'href="([^"]*archivos-del-banco/1[^"]*)">Archivo del banco 1, línea (\d)', suya)
        assert enlace, suya
        assert enlace[2] == str(linea)
        assert f'id="linea-{linea}"' in client.get(enlace[1].partition("#")[0]).text
    assert len(re.findall(rf'href="{CASOS}/\d+"', pagina)) == 2, "a line without a case has no link"


def test_el_enlace_lleva_a_la_pagina_de_una_linea_lejana(app: Flask, client: ClienteEstricto) -> None:
    importar(archivo([Pagado(900000 + n, 1000, numero=n + 1) for n in range(60)]))
    ultimo = db.session.scalars(select(Caso).order_by(Caso.id.desc()).limit(1)).one()
    ingresar(client, "tesoreria")
    enlace = re.search(r'href="([^"]*linea=\d+)#(linea-\d+)"', client.get(f"{CASOS}/{ultimo.numero}").text)
    assert enlace
    pagina = client.get(enlace[1].replace("&amp;", "&")).text
    assert "página 3 de 3" in pagina
    assert f'id="{enlace[2]}"' in pagina


def test_del_caso_a_la_liquidacion(app: Flask, client: ClienteEstricto) -> None:
    uno = doble()
    codigo, numero = db.session.get_one(Liquidacion, uno.liquidacion_id).codigo, uno.liquidacion.numero
    ingresar(client, "tesoreria")
    pagina = client.get(f"{CASOS}/{caso_de(ClaseCaso.PAGO_DOBLE).numero}").text
    assert f'href="/liquidacion/{codigo}">Liquidación {numero}' in pagina
    assert client.get(f"/liquidacion/{codigo}").status_code == 200
