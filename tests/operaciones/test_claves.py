"""The key that signs: private to its owner, changed without a stop, and what the old one signed stays valid."""

import os
import random
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import text

from portal.config import Ajustes
from portal.db import db, transaccion
from portal.dominio.codigo_corto import nuevo_codigo
from portal.models import Bitacora
from portal.operaciones import claves, estampillas
from portal.operaciones.claves import ClaveInservible
from portal.operaciones.verificacion_estampillas import estampillas_expedidas
from portal.web.estampillas import expedir_pendientes
from tests import estampillas as de_prueba
from tests import fabricas
from tests.dominio.test_sello import sello_al_azar
from tests.fabricas import AHORA


def permisos(archivo: Path) -> int:
    return stat.S_IMODE(archivo.stat().st_mode)


def test_la_demostracion_hace_la_suya_una_vez_y_nadie_mas_la_lee(tmp_path: Path) -> None:
    archivo = tmp_path / "nueva" / "clave.pem"
    primera = claves.abrir(archivo, crear_si_falta=True)
    assert claves.abrir(archivo, crear_si_falta=True).id == primera.id
    assert permisos(archivo) == 0o600
    assert [f.name for f in archivo.parent.iterdir()] == ["clave.pem"]
    assert "PRIVATE" not in repr(primera)


def test_quien_llega_segundo_usa_la_del_primero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archivo = tmp_path / "clave.pem"
    primera = claves.crear(archivo)
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert claves.abrir(archivo, crear_si_falta=True).id == primera.id


def test_sin_archivo_en_produccion_se_dice_cual_falta(tmp_path: Path) -> None:
    with pytest.raises(ClaveInservible, match="No se puede leer"):
        claves.abrir(tmp_path / "no.pem", crear_si_falta=False)


def test_un_archivo_que_otros_leen_no_se_usa(tmp_path: Path) -> None:
    archivo = tmp_path / "clave.pem"
    claves.crear(archivo)
    archivo.chmod(0o640)
    with pytest.raises(ClaveInservible, match="chmod 600"):
        claves.abrir(archivo, crear_si_falta=True)


@pytest.mark.parametrize(
    "contenido", [b"", b"no es una clave", b"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"]
)
def test_lo_que_no_es_una_clave_se_dice(tmp_path: Path, contenido: bytes) -> None:
    archivo = tmp_path / "clave.pem"
    archivo.write_bytes(contenido)
    archivo.chmod(0o600)
    with pytest.raises(ClaveInservible, match="no es una clave privada"):
        claves.abrir(archivo, crear_si_falta=False)


def test_una_clave_de_otra_clase_se_dice(tmp_path: Path) -> None:
    archivo = tmp_path / "clave.pem"
    curva = generate_private_key(SECP256R1())
    archivo.write_bytes(curva.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    archivo.chmod(0o600)
    with pytest.raises(ClaveInservible, match="no es Ed25519"):
        claves.abrir(archivo, crear_si_falta=False)


def test_la_orden_documentada_de_openssl_hace_una_que_sirve(tmp_path: Path) -> None:
    archivo = tmp_path / "clave.pem"
    orden = f"umask 077; openssl genpkey -algorithm ed25519 -out {archivo}"
    subprocess.run(["sh", "-c", orden], check=True, env={"PATH": os.environ["PATH"]})
    assert len(claves.abrir(archivo, crear_si_falta=False).firmar(b"x")) == 64


def test_mil_firmas_valen_y_un_octeto_cambiado_en_cualquier_campo_no(app: Flask) -> None:
    """Every octet of every field of a hundred, and one at random of each of the others."""
    firmante, azar = de_prueba.firmante(), random.Random(5)
    with transaccion():
        claves.publicar(firmante, ahora=AHORA)
    for numero in range(1000):
        mensaje = replace(sello_al_azar(azar), clave=firmante.id).mensaje()
        firma = firmante.firmar(mensaje)
        assert claves.vale(firmante.id, mensaje, firma)
        lugares = range(len(mensaje)) if numero < 100 else [azar.randrange(len(mensaje))]
        for lugar in lugares:
            otro = mensaje[:lugar] + bytes([mensaje[lugar] ^ azar.randint(1, 255)]) + mensaje[lugar + 1 :]
            assert not claves.vale(firmante.id, otro, firma)
        ajena = bytearray(firma)
        ajena[azar.randrange(64)] ^= azar.randint(1, 255)
        assert not claves.vale(firmante.id, mensaje, bytes(ajena))
        assert not claves.vale("00000000", mensaje, firma)


def test_al_cambiar_la_clave_lo_de_antes_sigue_valiendo(
    app: Flask, client: FlaskClient, runner: FlaskCliRunner
) -> None:
    vieja = de_prueba.pagada()[0]
    sello_viejo, clave_vieja = vieja.sello, vieja.clave_id
    hecho = runner.invoke(args=["estampillas", "clave", "crear"])
    assert hecho.exit_code == 0, hecho.output
    nueva = de_prueba.pagada()[0]
    sello_nuevo, clave_nueva = nueva.sello, nueva.clave_id
    assert clave_nueva != clave_vieja
    assert clave_nueva in hecho.output
    for sello in (sello_viejo, sello_nuevo):
        assert client.get(f"/v/{sello}").status_code == 200
    pem = client.get("/claves/estampillas.pem")
    assert pem.mimetype == "application/x-pem-file"
    assert [clave in pem.text for clave in (clave_vieja, clave_nueva)] == [True, True]
    assert pem.text.count("BEGIN PUBLIC KEY") == 2
    assert "PRIVATE" not in pem.text
    listado = runner.invoke(args=["estampillas", "clave", "listar"]).output
    assert [linea.split("\t")[0] for linea in listado.splitlines()] == [clave_vieja, clave_nueva]


def test_la_clave_que_aun_no_firmo_nada_se_publica_al_cambiarla(app: Flask, runner: FlaskCliRunner) -> None:
    antes = de_prueba.firmante().id
    assert runner.invoke(args=["estampillas", "clave", "crear"]).exit_code == 0
    assert [c.id for c in claves.publicadas()][0] == antes
    assert de_prueba.firmante().id != antes
    anotado = db.session.query(Bitacora).filter_by(accion="clave_estampillas_creada").one()
    assert anotado.objeto == f"clave:{de_prueba.firmante().id}"


def test_una_clave_publicada_dos_veces_es_una(app: Flask) -> None:
    firmante = de_prueba.firmante()
    for _ in range(2):
        with transaccion():
            claves.publicar(firmante, ahora=AHORA)
    assert [c.id for c in claves.publicadas()] == [firmante.id]


def test_sin_clave_la_orden_lo_dice_y_la_sonda_sigue(
    app: Flask, ajustes: Ajustes, runner: FlaskCliRunner, caplog: pytest.LogCaptureFixture
) -> None:
    una = fabricas.liquidacion()
    de_prueba.pagar(una)
    ajustes.clave_estampillas.write_text("no es una clave")
    ajustes.clave_estampillas.chmod(0o600)
    hecho = runner.invoke(args=["estampillas", "expedir"])
    assert hecho.exit_code == 1
    assert "no es una clave privada Ed25519" in hecho.output
    assert runner.invoke(args=["pagos", "sondear"]).exit_code == 0
    assert "no se expiden estampillas" in caplog.text
    ajustes.clave_estampillas.unlink()
    assert "Estampillas expedidas: 2." in runner.invoke(args=["estampillas", "expedir"]).output
    assert "Estampillas expedidas: 0." in runner.invoke(args=["estampillas", "expedir"]).output


def test_con_una_clave_que_no_sirve_el_portal_no_esta_listo(app: Flask, ajustes: Ajustes, client: FlaskClient) -> None:
    ajustes.clave_estampillas.write_text("no es una clave")
    ajustes.clave_estampillas.chmod(0o600)
    respuesta = client.get("/listo")
    assert respuesta.status_code == 503
    assert "no es una clave privada Ed25519" in respuesta.text


def test_la_sonda_expide(app: Flask, runner: FlaskCliRunner) -> None:
    una = fabricas.liquidacion()
    de_prueba.pagar(una)
    assert runner.invoke(args=["pagos", "sondear"]).exit_code == 0
    assert len(estampillas.de_liquidacion(una.id)) == 2
    assert expedir_pendientes() == 0


@pytest.mark.descuadra
@pytest.mark.parametrize("columna", ["sello", "recaudo_id", "codigo"])
def test_verificar_nombra_la_que_dice_otra_cosa(app: Flask, columna: str) -> None:
    estampilla = de_prueba.pagada((4000,))[0]
    codigo = estampilla.codigo
    otra = de_prueba.pagada((4000,))[0]
    ajenos = {"sello": otra.sello, "recaudo_id": otra.recaudo_id, "codigo": nuevo_codigo()}
    assert list(estampillas_expedidas()) == []
    with transaccion():
        quitar = {"sqlite": "DROP TRIGGER {0}_no_cambia", "postgresql": "DROP TRIGGER {0}_no_cambia ON {0}"}
        db.session.execute(text(quitar[db.engine.dialect.name].format("estampilla_electronica")))
        cambio = text(f"UPDATE estampilla_electronica SET {columna} = :otro WHERE codigo = :codigo")
        db.session.execute(cambio, {"otro": ajenos[columna], "codigo": codigo})
    (frase,) = estampillas_expedidas()
    assert (ajenos["codigo"] if columna == "codigo" else codigo) in frase
