"""Leaving the portal: whole files that only this account reads, and a mail server that is never believed too easily."""

import ssl
import stat
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from portal.config import AjustesCorreo
from portal.web.correo import EntregaFallida, entrega_de, entregar_por_smtp, guardar_en_archivo
from tests.servidor_smtp import ServidorSMTP, certificado, servidor_smtp

DESTINO = "pagadora@correo.test"


def mensaje(texto: str = "Señor pagador: ya está.\n.\n..fin\n") -> EmailMessage:
    nuevo = EmailMessage()
    nuevo["From"] = "portal@ejemplo.gov.co"
    nuevo["To"] = DESTINO
    nuevo["Subject"] = "Liquidación"
    nuevo["Message-ID"] = "<1@ejemplo.gov.co>"
    nuevo.set_content(texto, charset="utf-8", cte="quoted-printable")
    return nuevo


def ajustes(servidor: ServidorSMTP, **otros: object) -> AjustesCorreo:
    base = AjustesCorreo("smtp", "portal@ejemplo.gov.co", Path(), "127.0.0.1", servidor.puerto, "", "", servidor.tls)
    return replace(base, **otros)  # type: ignore[arg-type]


def falla(servidor: ServidorSMTP, **otros: object) -> EntregaFallida:
    with pytest.raises(EntregaFallida) as caida:
        entregar_por_smtp(mensaje(), ajustes(servidor, **otros), por_respuesta=0.5, por_envio=3)
    assert DESTINO not in str(caida.value)
    return caida.value


def test_el_archivo_queda_entero_privado_y_sin_borradores(tmp_path: Path) -> None:
    carpeta = tmp_path / "correo"
    entrega = entrega_de(AjustesCorreo("archivo", "portal@localhost", carpeta, "", 587, "", "", "starttls"))
    entrega(mensaje("uno"), "abc")
    entrega(mensaje("dos"), "abc")
    (archivo,) = carpeta.iterdir()
    assert archivo.name == "abc.eml"
    assert stat.S_IMODE(archivo.stat().st_mode) == 0o600
    assert stat.S_IMODE(carpeta.stat().st_mode) == 0o700
    leido = message_from_bytes(archivo.read_bytes(), policy=default)
    assert leido.get_content().strip() == "dos"
    assert b"\r\n" in archivo.read_bytes()
    assert b"\n" not in archivo.read_bytes().replace(b"\r\n", b"")


def test_un_archivo_que_no_se_puede_escribir_detiene_la_ronda_y_no_deja_restos(tmp_path: Path) -> None:
    (tmp_path / "correo").write_text("no es una carpeta")
    with pytest.raises(EntregaFallida) as caida:
        guardar_en_archivo(mensaje(), tmp_path / "correo" / "abc.eml")
    assert caida.value.del_servidor
    (tmp_path / "x.eml").mkdir()
    with pytest.raises(EntregaFallida):
        guardar_en_archivo(mensaje(), tmp_path / "x.eml")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["correo", "x.eml"]


def test_el_servidor_recibe_el_mensaje_tal_cual_y_a_quien_es() -> None:
    with servidor_smtp() as servidor:
        entregar_por_smtp(mensaje(), ajustes(servidor))
        (recibido,) = servidor.mensajes
    assert recibido.get_content().splitlines() == mensaje().get_content().splitlines()
    assert recibido["Subject"] == "Liquidación"
    assert recibido["Message-ID"] == "<1@ejemplo.gov.co>"
    ((remitente, destinatario),) = servidor.sobres
    assert (remitente.split()[0], destinatario) == ("FROM:<portal@ejemplo.gov.co>", f"TO:<{DESTINO}>")
    assert servidor.verbos == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.parametrize(
    ("respuestas", "definitiva", "del_servidor"),
    [
        ({"RCPT": "450 4.2.1 ocupado"}, False, False),
        ({"RCPT": f"550 5.1.1 no existe {DESTINO}"}, True, False),
        ({"RCPT": "550 5.7.1 no se retransmite"}, False, False),
        ({"FIN": "554 5.7.1 contenido"}, False, False),
        ({"FIN": "451 4.3.0 disco"}, False, False),
        ({"MAIL": "550 5.7.1 remitente"}, False, True),
        ({"EHLO": "421 4.3.2 cerrado", "HELO": "421 4.3.2 cerrado"}, False, True),
        ({"DATA": None}, False, True),
        ({"FIN": None}, False, True),
        ({"EHLO": None}, False, True),
        ({"MAIL": "esto no es SMTP"}, False, True),
    ],
)
def test_cada_negativa_se_entiende(respuestas: dict[str, str | None], definitiva: bool, del_servidor: bool) -> None:
    with servidor_smtp(ServidorSMTP(respuestas=respuestas)) as servidor:
        caida = falla(servidor)
    assert (caida.definitiva, caida.del_servidor) == (definitiva, del_servidor)


def test_sin_servidor_no_se_espera_ni_se_abandona() -> None:
    with servidor_smtp() as servidor:
        pass
    caida = falla(servidor)
    assert (caida.definitiva, caida.del_servidor) == (False, True)


def test_un_servidor_que_gotea_se_corta_al_cumplirse_el_plazo_del_envio() -> None:
    """Each byte arrives in time, so only the deadline of the whole delivery ends it."""
    with servidor_smtp(ServidorSMTP(gotea=True)) as servidor:
        assert falla(servidor).del_servidor


def test_una_despedida_que_falla_no_repite_el_mensaje() -> None:
    with servidor_smtp(ServidorSMTP(respuestas={"QUIT": "500 no"})) as servidor:
        entregar_por_smtp(mensaje(), ajustes(servidor))
    assert len(servidor.crudos) == 1


def _cifrado(tls: str, archivo: Path) -> ServidorSMTP:
    contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexto.load_cert_chain(archivo)
    return ServidorSMTP(tls=tls, contexto=contexto)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_con_tls_se_autentica_y_entrega(tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archivo = certificado(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(archivo))
    with servidor_smtp(_cifrado(tls, archivo)) as servidor:
        entregar_por_smtp(mensaje(), ajustes(servidor, usuario="portal", clave="secreta"))
    assert len(servidor.crudos) == 1
    assert servidor.claves == ["\0portal\0secreta"]


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("malo", ["desconocido", "otro nombre"])
def test_un_certificado_que_no_convence_no_recibe_nada(
    tls: str, malo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archivo = certificado(tmp_path, "127.0.0.1" if malo == "desconocido" else "otro.test")
    if malo == "otro nombre":
        monkeypatch.setenv("SSL_CERT_FILE", str(archivo))
    with servidor_smtp(_cifrado(tls, archivo)) as servidor:
        caida = falla(servidor, usuario="portal", clave="secreta")
    assert caida.del_servidor
    assert (servidor.claves, servidor.crudos) == ([], [])


def test_un_servidor_que_no_cifra_no_recibe_ni_la_clave_ni_el_mensaje() -> None:
    with servidor_smtp() as servidor:
        caida = falla(servidor, tls="starttls", usuario="portal", clave="secreta")
    assert caida.del_servidor
    assert (servidor.claves, servidor.crudos) == ([], [])


def test_la_clave_no_se_imprime_con_los_ajustes() -> None:
    assert "secreta" not in repr(ajustes(ServidorSMTP(), clave="secreta"))
