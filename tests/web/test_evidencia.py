"""The file that proves a draft: who may hand it in and read it, what is refused, and that it never runs as a page."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.config import Ajustes
from portal.db import db
from portal.dominio.archivos import MAXIMO_BYTES
from portal.models import Archivo, Bitacora, Propuesta
from portal.operaciones.revision_pdf import OBJECIONES
from tests.archivos import jpeg, pdf, png
from tests.conftest import ajustes_de_prueba, ingresar
from tests.navegador_de_pruebas import ClienteEstricto
from tests.pdfs import MALOS
from tests.propuestas import AHORA, cuenta, proponer, proponer_tarifa, publicar


@pytest.fixture
def ajustes(base_datos: str, tmp_path: Path) -> Ajustes:
    return ajustes_de_prueba(tmp_path, base_datos, departamento="cundinamarca")


@pytest.fixture
def admin(client: ClienteEstricto) -> Any:
    with time_machine.travel(AHORA, tick=False):
        ingresar(client, "administrador")
        yield client


def mandar(client: ClienteEstricto, ruta: str, contenido: bytes, nombre: str, **datos: str) -> Any:
    """A form with a file, as a browser sends it; in memory, however large."""
    campos = {"csrf_token": client.csrf(), **datos, "archivo": FileStorage(BytesIO(contenido), nombre)}
    borde, cuerpo = encode_multipart(campos)
    return client.post(ruta, data=cuerpo, content_type=f'multipart/form-data; boundary="{borde}"')


def subir(client: ClienteEstricto, numero: int, contenido: bytes, nombre: str = "acto.pdf", version: str = "1") -> Any:
    return mandar(client, f"/gestion/normativa/propuestas/{numero}/archivo", contenido, nombre, version=version)


def una(numero: int) -> Propuesta:
    db.session.rollback()
    return db.session.get_one(Propuesta, numero)


@pytest.mark.parametrize(
    ("contenido", "tipo", "nombre"),
    [
        (pdf(), "application/pdf", "acto.pdf"),
        (png(), "image/png", "acto.png"),
        (jpeg(), "image/jpeg", "acto.jpg"),
    ],
)
def test_se_guarda_entero_y_se_devuelve_como_descarga(
    admin: ClienteEstricto, contenido: bytes, tipo: str, nombre: str
) -> None:
    numero = proponer_tarifa(cuenta(), evidencia="")
    assert subir(admin, numero, contenido, "../acto.exe").status_code == 303
    archivo = una(numero).archivo
    assert archivo is not None
    assert (archivo.nombre, archivo.sha256) == (nombre, hashlib.sha256(contenido).hexdigest())
    bajado = admin.get(f"/gestion/normativa/propuestas/{numero}/archivo")
    assert (bajado.data, bajado.mimetype) == (contenido, tipo)
    assert bajado.headers["Content-Disposition"] == f"attachment; filename={nombre}"
    assert bajado.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert bajado.headers["X-Content-Type-Options"] == "nosniff"
    assert bajado.headers["Cache-Control"] == "no-store"
    suceso = db.session.query(Bitacora).filter_by(accion="evidencia_adjuntada").one()
    assert suceso.detalle["sha256"] == archivo.sha256


@pytest.mark.parametrize("de_tarifa", [True, False], ids=["tarifa", "valor"])
def test_el_archivo_basta_para_publicar(admin: ClienteEstricto, de_tarifa: bool) -> None:
    ana = cuenta()
    numero = proponer_tarifa(ana, evidencia="") if de_tarifa else proponer(ana, evidencia="")
    assert subir(admin, numero, pdf()).status_code == 303
    pagina = admin.get(f"/gestion/normativa/propuestas/{numero}").text
    assert "acto.pdf" in pagina
    assert "Usted escribió esta propuesta" in pagina, "who hands in the evidence answers for the draft"
    publicar(numero, cuenta(), version=2)
    assert una(numero).resuelta_por is not None


@pytest.mark.parametrize(
    ("contenido", "nombre", "frase"),
    [
        (b"", "acto.pdf", "vacío"),
        (b"<html><script>alert(1)</script>", "acto.pdf", "no es un PDF"),
        (b"MZ\x90" * 50, "acto.png", "no es un PDF"),
        (png() + b"<?php system(1);", "acto.png", "no es un PDF"),
        (pdf(b"x" * MAXIMO_BYTES), "acto.pdf", "más de 5 MB"),
        (pdf(), "", "Elija el archivo"),
    ],
    ids=["vacío", "html", "ejecutable", "dos en uno", "grande", "ninguno"],
)
def test_lo_malo_se_dice_y_la_propuesta_queda_igual(
    admin: ClienteEstricto, contenido: bytes, nombre: str, frase: str
) -> None:
    numero = proponer_tarifa(cuenta(), evidencia="")
    respuesta = subir(admin, numero, contenido, nombre)
    assert (respuesta.status_code, frase in respuesta.text) == (422, True)
    assert "<title>Error:" in respuesta.text
    assert 'href="#archivo"' in respuesta.text
    assert (una(numero).archivo_id, una(numero).version) == (None, 1)
    assert db.session.query(Archivo).count() == 0


def test_una_ordenanza_se_revisa_y_puede_tener_mas_paginas_que_un_soporte(admin: ClienteEstricto) -> None:
    numero = proponer_tarifa(cuenta(), evidencia="")
    activo = subir(admin, numero, MALOS["JavaScript al abrir"][0]())
    assert (activo.status_code, OBJECIONES["activo"] in activo.text) == (422, True)
    assert subir(admin, numero, MALOS["cincuenta y una páginas"][0]()).status_code == 303


def test_un_envio_enorme_no_se_lee_y_dice_que_nada_se_perdio(admin: ClienteEstricto) -> None:
    numero = proponer_tarifa(cuenta())
    respuesta = subir(admin, numero, b"%PDF-1.7" + b"x" * (4 * MAXIMO_BYTES))
    assert respuesta.status_code == 413
    assert "La propuesta sigue guardada" in respuesta.text
    assert una(numero).version == 1


def test_los_demas_formularios_no_reciben_tanto(admin: ClienteEstricto) -> None:
    respuesta = mandar(admin, "/gestion/normativa/nueva/UVT", pdf(b"x" * 1024**2), "acto.pdf", desde="2027-01-01")
    assert respuesta.status_code == 413
    assert "Reduzca el tamaño" in respuesta.text


def test_quitar_y_cambiar_el_archivo(admin: ClienteEstricto) -> None:
    numero = proponer_tarifa(cuenta())
    subir(admin, numero, pdf())
    assert subir(admin, numero, png(), version="1").status_code == 409, "somebody else was first"
    assert subir(admin, numero, png(), version="2").status_code == 303
    assert una(numero).archivo.tipo == "image/png"
    ruta = f"/gestion/normativa/propuestas/{numero}/archivo"
    assert admin.enviar(f"{ruta}/quitar", {"version": "2"}).status_code == 409
    assert admin.enviar(f"{ruta}/quitar", {"version": "3"}).status_code == 303
    assert una(numero).archivo_id is None
    assert admin.get(ruta).status_code == 404


def test_lo_publicado_no_cambia_de_archivo(admin: ClienteEstricto) -> None:
    numero = proponer_tarifa(cuenta())
    subir(admin, numero, pdf())
    publicar(numero, cuenta(), version=2)
    for version in ("2", "3"):
        assert subir(admin, numero, png(), version=version).status_code == 409
    assert admin.get(f"/gestion/normativa/propuestas/{numero}/archivo").data == pdf()


def test_el_mismo_archivo_dos_veces_se_guarda_una(admin: ClienteEstricto) -> None:
    ana = cuenta()
    for numero in (proponer_tarifa(ana), proponer(ana)):
        subir(admin, numero, pdf())
    assert db.session.query(Archivo).count() == 1


@pytest.mark.parametrize(("rol", "estado"), [("auditor", 200), ("rentas", 403), ("tesoreria", 403)])
def test_quien_lee_la_evidencia(client: ClienteEstricto, rol: str, estado: int) -> None:
    with time_machine.travel(AHORA, tick=False):
        ingresar(client, "administrador")
        numero = proponer_tarifa(cuenta())
        subir(client, numero, pdf())
        client.enviar("/salir", {})
        ruta = f"/gestion/normativa/propuestas/{numero}/archivo"
        assert client.get(ruta).status_code == 303, "nobody without an account"
        ingresar(client, rol)
        assert client.get(ruta).status_code == estado
        assert subir(client, numero, png(), version="2").status_code == 403
