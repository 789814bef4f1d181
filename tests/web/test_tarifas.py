"""Tariffs at the screens: the list and its filters, every kind of draft, corrections, and what each person is told."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine

from portal.config import Ajustes
from portal.db import db
from portal.models import CambioTarifa, Propuesta, PropuestaTarifa
from tests.conftest import ajustes_de_prueba, ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.propuestas import AHORA, cuenta, editar, proponer, proponer_tarifa, publicar, usar
from tests.web.pantallas_de_liquidar import texto_de

LISTA = "/gestion/normativa/tarifas"
FIJAR = "proponer/fijar/UDEC/SC-01"
BUENA = {
    "medida": "unidades:UVT",
    "valor": "1,2",
    "desde": "2027-01-01",
    "redondeo": "sin_cuantia_tramos",
    "norma": "Ordenanza 12 de 2026",
    "articulo": "art. 4",
    "acto_fecha": "01/12/2026",
    "evidencia": "https://normas.test/ordenanza-12",
}


@pytest.fixture
def ajustes(base_datos: str, tmp_path: Path) -> Ajustes:
    return ajustes_de_prueba(tmp_path, base_datos, departamento="cundinamarca")


@pytest.fixture
def admin(client: ClienteEstricto) -> Any:
    with time_machine.travel(AHORA, tick=False):
        ingresar(client, "administrador")
        yield client


def enviar(client: ClienteEstricto, ruta: str, **datos: str) -> Any:
    return client.enviar(f"{LISTA}/{ruta}", datos)


def guardada() -> PropuestaTarifa:
    db.session.rollback()
    return db.session.query(PropuestaTarifa).order_by(PropuestaTarifa.id.desc()).first()


def test_la_lista_se_filtra_por_estampilla_acto_y_fecha(admin: ClienteEstricto) -> None:
    todas = texto_de(admin.get(LISTA).text)
    assert "Pro-Desarrollo de la Universidad" in todas
    assert "tarifas vigentes el 10 de diciembre de 2026" in todas
    udec = texto_de(admin.get(f"{LISTA}?estampilla=UDEC").text)
    assert "Universidad de Cundinamarca" in udec
    pagina = admin.get(f"{LISTA}?buscar=matricula").text
    assert "0,5 UVT" in pagina
    assert "Por confirmar" in pagina
    assert "Ninguna tarifa vigente el 31 de diciembre de 2020" in texto_de(admin.get(f"{LISTA}?fecha=2020-12-31").text)
    assert "coincide" in admin.get(f"{LISTA}?buscar=nada+de+esto").text


@pytest.mark.parametrize("fecha", ["mañana", "2026-02-30", "9999999999"])
def test_una_fecha_que_no_existe_se_dice(admin: ClienteEstricto, fecha: str) -> None:
    respuesta = admin.get(f"{LISTA}?fecha={fecha}")
    assert (respuesta.status_code, "Escriba una fecha que exista" in respuesta.text) == (422, True)


def test_htmx_recibe_solo_la_lista(admin: ClienteEstricto) -> None:
    fragmento = admin.get(f"{LISTA}?buscar=pasaporte", headers={"HX-Request": "true"}).text
    assert fragmento.lstrip().startswith("<section")
    assert "<h1" not in fragmento
    assert fragmento.strip() in admin.get(f"{LISTA}?buscar=pasaporte").text


def test_se_propone_y_otro_publica(admin: ClienteEstricto) -> None:
    formulario = admin.get(f"{LISTA}/{FIJAR}").text
    assert 'value="1"' in formulario
    assert "Hoy está publicado" in formulario
    respuesta = enviar(admin, FIJAR, **BUENA)
    assert respuesta.status_code == 303
    una = guardada()
    assert (una.desde, una.valor, una.acto) == (date(2027, 1, 1), "1.2", "Ordenanza 12 de 2026")
    pagina = texto_de(admin.get(respuesta.location).text)
    assert "1,2 UVT regirá desde el 1 de enero de 2027 sin fecha final." in pagina
    assert "Lo publicado, 1 UVT (Ordenanza 039 de 2020), regirá solo hasta el 31 de diciembre de 2026." in pagina
    negada = admin.enviar(f"/gestion/normativa/propuestas/{una.id}/publicar", {"version": "1"})
    assert (negada.status_code, "otro administrador" in negada.text) == (409, True)


def test_el_segundo_revisa_publica_y_la_historia_lo_cuenta(admin: ClienteEstricto) -> None:
    numero = proponer_tarifa(cuenta())
    ruta = f"/gestion/normativa/propuestas/{numero}/publicar"
    assert "Publicar 1,2 UVT" in admin.get(ruta).text
    hecha = admin.enviar(ruta, {"version": "1"})
    assert hecha.status_code == 303
    assert "Publicada" in admin.get(hecha.location).text
    pagina = texto_de(admin.get(f"{LISTA}/de/UDEC/SC-01").text)
    assert "Desde el 1 de enero de 2027 Todavía no empieza" in pagina
    assert "Cuenta de administrador" in pagina
    assert "cambió su último día".casefold() in pagina.casefold()
    assert "1,2 UVT" in admin.get(f"{LISTA}?estampilla=UDEC&fecha=2027-01-01").text
    assert "1,2 UVT" not in admin.get(f"{LISTA}?estampilla=UDEC&fecha=2026-12-31").text.split('id="tarifas"')[1]


@pytest.mark.parametrize(
    ("cambios", "frase"),
    [
        ({"valor": ""}, "Escriba este dato"),
        ({"valor": "0.5"}, "coma para los decimales"),
        ({"valor": "-1"}, "coma para los decimales"),
        ({"valor": "0"}, "mayor que cero"),
        ({"valor": "9" * 40}, "coma para los decimales"),
        ({"valor": "2"}, "se aparta más del 40 %"),
        ({"medida": "porcentaje"}, "Elija cómo se mide"),
        ({"medida": "pesos", "valor": "5000"}, "se mide de otra manera"),
        ({"medida": "unidades:EURO"}, "Elija cómo se mide"),
        ({"redondeo": "x"}, "Elija una regla de redondeo"),
        ({"desde": "31/02/2027"}, "Escriba una fecha que exista"),
        ({"desde": "2029-01-01"}, "Todavía no se puede"),
        ({"norma": ""}, "Escriba este dato"),
        ({"articulo": "x" * 161}, "Use máximo 160"),
        ({"evidencia": "javascript:alert(1)"}, "Escriba un enlace completo"),
        ({"acto_fecha": "11/12/2026"}, "en el futuro"),
    ],
)
def test_lo_malo_se_dice_junto_al_campo_y_no_se_guarda(
    admin: ClienteEstricto, cambios: dict[str, str], frase: str
) -> None:
    respuesta = enviar(admin, FIJAR, **(BUENA | cambios))
    assert respuesta.status_code == 422
    assert frase in respuesta.text
    assert "<title>Error:" in respuesta.text
    assert 'value="art. 4"' in respuesta.text or "articulo" in cambios, "what was typed is not lost"
    assert db.session.query(Propuesta).count() == 0


def test_el_salto_se_confirma_con_la_casilla(admin: ClienteEstricto) -> None:
    salto = BUENA | {"valor": "3"}
    assert 'name="salto_confirmado"' in enviar(admin, FIJAR, **salto).text
    assert enviar(admin, FIJAR, **salto, salto_confirmado="y").status_code == 303
    assert guardada().salto_confirmado


def test_confirmar_la_variante(admin: ClienteEstricto) -> None:
    ruta = "proponer/variante/PRO_DESARROLLO/SC-15"
    pagina = admin.get(f"{LISTA}/de/PRO_DESARROLLO/SC-15").text
    assert "Confirmar cuál aplica" in pagina
    assert "0,6 UVT" in admin.get(f"{LISTA}/{ruta}").text
    datos = {"desde": "2026-12-15", "acto": "Acta 1", "acto_fecha": "2026-12-01", "evidencia": "https://a.test"}
    assert enviar(admin, ruta, **datos).status_code == 422
    assert enviar(admin, ruta, **datos, variante="otro").status_code == 422
    assert enviar(admin, ruta, **datos, variante="segundo_renglon").status_code == 303
    una = guardada()
    assert (una.cambio, una.valor, una.articulo) == (CambioTarifa.VARIANTE, "0.6", "art. 303")
    editado = admin.enviar(
        f"/gestion/normativa/propuestas/{una.id}/editar", {**datos, "variante": "primer_renglon", "version": "1"}
    )
    assert editado.status_code == 303
    assert guardada().valor == "0.5"


def test_terminar_una_tarifa(admin: ClienteEstricto) -> None:
    ruta = "proponer/terminar/UDEC/SC-01"
    assert 'name="desde" value="2021-01-01"' in admin.get(f"{LISTA}/{ruta}").text
    datos = {"desde": "2021-01-01", "acto": "Ordenanza 12 de 2026"}
    assert "ya rige sin fecha final" in enviar(admin, ruta, **datos, hasta="").text
    assert "no puede ser anterior" in enviar(admin, ruta, **datos, hasta="2020-12-31").text
    hecha = enviar(admin, ruta, **datos, hasta="2026-12-31")
    assert hecha.status_code == 303
    assert "regirá solo hasta el 31 de diciembre de 2026" in admin.get(hecha.location).text
    assert "Cambia el último día" in admin.get(LISTA).text
    assert "editar" in admin.get(hecha.location).text
    assert 'value="2026-12-31"' in admin.get(f"{hecha.location}/editar").text


def test_agregar_una_tarifa_que_no_estaba(admin: ClienteEstricto) -> None:
    assert admin.get(f"{LISTA}/nueva").status_code == 200
    assert admin.get(f"{LISTA}/nueva?estampilla=UDEC&acto=NADA").status_code == 422
    elegida = admin.get(f"{LISTA}/nueva?estampilla=ADULTO_MAYOR&acto=SC-01")
    assert (elegida.status_code, elegida.location) == (303, f"{LISTA}/proponer/fijar/ADULTO_MAYOR/SC-01")
    assert admin.get(elegida.location).status_code == 200
    assert enviar(admin, "proponer/fijar/ADULTO_MAYOR/SC-01", **BUENA).status_code == 303


def test_corregir_pide_el_motivo_y_deja_la_vieja_a_la_vista(admin: ClienteEstricto) -> None:
    ana = cuenta()
    publicar(proponer_tarifa(ana, valor=Decimal("1.3")), cuenta())
    ruta = f"{LISTA}/{FIJAR}?corrige=2027-01-01"
    assert "Corrige 1,3 UVT" in admin.get(ruta).text
    datos = BUENA | {"corrige": "2027-01-01"}
    assert enviar(admin, FIJAR, **datos).status_code == 422
    hecha = enviar(admin, FIJAR, **datos, correccion="El artículo dice 1,2")
    assert hecha.status_code == 303
    pagina = texto_de(admin.get(hecha.location).text)
    assert "se reemplaza del todo: ninguna liquidación lo usó" in pagina
    publicar(guardada().id, cuenta())
    historia = texto_de(admin.get(f"{LISTA}/de/UDEC/SC-01").text)
    assert "Corregida del todo: ninguna liquidación la usó. Motivo: El artículo dice 1,2" in historia
    assert "↺ Corregida" in historia


def test_corregir_lo_usado_dice_que_se_puede(admin: ClienteEstricto) -> None:
    usar("cundinamarca", "SC-01", date(2026, 12, 9))
    datos = BUENA | {"corrige": "2021-01-01", "correccion": "Se leyó mal", "desde": "2021-01-01"}
    respuesta = enviar(admin, FIJAR, **datos)
    assert respuesta.status_code == 422
    assert "La corrección puede regir desde el 10 de diciembre de 2026." in respuesta.text
    assert "Se leyó mal" in respuesta.text
    assert enviar(admin, FIJAR, **(datos | {"desde": "2026-12-10"})).status_code == 303


def test_se_corrige_un_valor_del_ano(admin: ClienteEstricto) -> None:
    ana = cuenta()
    publicar(proponer(ana, valor=Decimal(56000)), cuenta())
    lista = admin.get("/gestion/normativa").text
    assert "/gestion/normativa/nueva/UVT?corrige=2027-01-01" in lista
    formulario = admin.get("/gestion/normativa/nueva/UVT?corrige=2027-01-01").text
    assert "Corrige $56.000" in formulario
    datos = {"desde": "2027-01-01", "hasta": "2027-12-31", "valor": "55.000", "corrige": "2027-01-01"}
    assert admin.enviar("/gestion/normativa/nueva/UVT", datos).status_code == 422
    hecha = admin.enviar("/gestion/normativa/nueva/UVT", {**datos, "correccion": "Un cero de más"})
    assert hecha.status_code == 303
    assert "Un cero de más" in admin.get(hecha.location).text
    assert 'value="2027-01-01"' in admin.get(f"{hecha.location}/editar").text


def test_quien_edita_de_segundo_ve_lo_que_dejo_el_primero(admin: ClienteEstricto) -> None:
    otra = cuenta()
    numero = proponer_tarifa(otra)
    ruta = f"/gestion/normativa/propuestas/{numero}/editar"
    assert 'name="version" value="1"' in admin.get(ruta).text
    editar(numero, otra, valor=Decimal("1.1"))
    tarde = admin.enviar(ruta, {**BUENA, "version": "1"})
    assert tarde.status_code == 409
    assert "Ahora dice 1,1 UVT" in tarde.text
    assert 'value="1,2"' in tarde.text, "what was typed is not lost"
    assert admin.enviar(ruta, {**BUENA, "version": "2"}).status_code == 303


def test_lo_que_hoy_no_se_puede_publicar_se_avisa_antes(admin: ClienteEstricto) -> None:
    numero = proponer_tarifa(cuenta(), desde=date(2026, 12, 10))
    usar("cundinamarca", "SC-01", date(2026, 12, 10))
    for ruta in (f"/gestion/normativa/propuestas/{numero}", f"/gestion/normativa/propuestas/{numero}/publicar"):
        assert "Hoy no se puede publicar. Ya hay liquidaciones" in admin.get(ruta).text
    negada = admin.enviar(f"/gestion/normativa/propuestas/{numero}/publicar", {"version": "1"})
    assert (negada.status_code, "puede regir desde el 11 de diciembre de 2026" in negada.text) == (409, True)


def test_el_auditor_lee_y_no_escribe(client: ClienteEstricto) -> None:
    numero = proponer_tarifa(cuenta())
    ingresar(client, "auditor")
    for ruta in (LISTA, f"{LISTA}/de/UDEC/SC-01", f"/gestion/normativa/propuestas/{numero}"):
        pagina = client.get(ruta)
        assert pagina.status_code == 200
        assert not any(verbo in pagina.text for verbo in ("/proponer/", "/editar", "Corregir", "Agregar"))
    assert client.get(f"{LISTA}/{FIJAR}").status_code == 403
    assert enviar(client, FIJAR, **BUENA).status_code == 403


@pytest.mark.parametrize(
    "ruta",
    ["de/NADA/SC-01", "de/UDEC", "de/UDEC/sin_cuantia/*", "proponer/inventar/UDEC/SC-01", "proponer/fijar/UDEC/NADA"],
)
def test_lo_que_no_existe_es_404(admin: ClienteEstricto, ruta: str) -> None:
    assert admin.get(f"{LISTA}/{ruta}").status_code == 404


def test_los_comodines_tienen_su_pagina(admin: ClienteEstricto) -> None:
    pagina = admin.get(f"{LISTA}/de/UDEC/con_cuantia/*")
    assert (pagina.status_code, "Todos los actos con cuantía" in pagina.text) == (200, True)
