"""Files of each account: the same twice is one and counts once, of another is another; a limit of a day and of room."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db, transaccion
from portal.dominio.errores import CupoAgotado, TransicionNoPermitida
from portal.models import Archivo, Bitacora, Cuota, Usuario
from portal.operaciones import archivos
from portal.operaciones.archivos import Espacio, abrir, guardar, ocupado
from portal.operaciones.firmas import Firma
from portal.operaciones.limites import Limite
from tests.archivos import pdf
from tests.fabricas import AHORA
from tests.ordenes import firma, tesorero


def subir(
    quien: Usuario | None, contenido: bytes, nombre: str = "soporte.pdf", espacio: Espacio | None = None
) -> Archivo:
    with transaccion():
        return guardar(nombre, contenido, ahora=AHORA, usuario=quien, espacio=espacio)


def cuenta_de(clave: str) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.sum(Cuota.cuenta)).where(Cuota.clave == clave)) or 0


def test_el_mismo_dos_veces_es_el_mismo_y_cuenta_una(app: Flask) -> None:
    ana = tesorero()
    primero = subir(ana, pdf(), "uno.pdf", Espacio("agente:7", 10_000))
    segundo = subir(ana, pdf(), "dos.pdf", Espacio("agente:7", 10_000))
    assert (primero.id, primero.nombre) == (segundo.id, "uno.pdf")
    assert cuenta_de(f"archivos:usuario:{ana.id}") == 1
    assert cuenta_de("archivos-bytes:agente:7") == ocupado("agente:7") == len(pdf())


def test_el_de_otra_cuenta_es_otro_y_no_dice_que_ya_estaba(app: Flask) -> None:
    suyos = [subir(quien, pdf(), f"{n}.pdf") for n, quien in enumerate((tesorero(), tesorero(), None))]
    assert len({a.id for a in suyos}) == len({a.codigo for a in suyos}) == 3
    assert [a.nombre for a in suyos] == ["0.pdf", "1.pdf", "2.pdf"]
    assert subir(None, pdf(), "otro.pdf").id == suyos[2].id


def test_el_codigo_no_se_adivina(app: Flask) -> None:
    ana = tesorero()
    codigos = [subir(ana, pdf(b"%d" % n)).codigo for n in range(5)]
    assert len(set(codigos)) == 5
    assert all(len(c) == 32 for c in codigos)


@pytest.mark.parametrize("que", ["ARCHIVOS_POR_DIA", "BYTES_POR_DIA"])
def test_al_pasar_el_cupo_del_dia_se_dice_desde_cuando(app: Flask, monkeypatch: pytest.MonkeyPatch, que: str) -> None:
    maximo = 2 if que == "ARCHIVOS_POR_DIA" else 2 * len(pdf(b"0"))
    monkeypatch.setattr(archivos, que, Limite("prueba", maximo, 86400))
    ana, beto = tesorero(), tesorero()
    for n in range(2):
        subir(ana, pdf(b"%d" % n))
    with pytest.raises(CupoAgotado, match=r"desde el .*, 7:00 p. m\.$") as error:
        subir(ana, pdf(b"2"))
    assert 0 < error.value.espera <= 86400
    assert subir(ana, pdf(b"1")), "what is there already takes nothing"
    assert subir(beto, pdf(b"2")), "another account has its own"
    with transaccion():
        manana = AHORA + timedelta(days=1)
        assert guardar("s.pdf", pdf(b"2"), ahora=manana, usuario=db.session.merge(ana))
    assert subir(None, pdf(b"2")), "those of citizens are braked by address"


def test_varias_cuentas_comparten_un_espacio(app: Flask) -> None:
    ana, sitio = tesorero(), Espacio("agente:7", 2 * len(pdf(b"0")))
    for n in range(2):
        subir(ana, pdf(b"%d" % n), espacio=sitio)
    with pytest.raises(TransicionNoPermitida, match="No queda espacio"):
        subir(ana, pdf(b"2"), espacio=sitio)
    assert subir(ana, pdf(b"2"), espacio=Espacio("agente:8", len(pdf(b"0"))))
    assert (ocupado("agente:7"), ocupado("agente:9")) == (2 * len(pdf(b"0")), 0)


def test_quien_puede_lo_baja_y_quien_no_queda_anotado(app: Flask) -> None:
    ana = tesorero()
    suyo = subir(ana, pdf())
    codigo, ana_id = suyo.codigo, ana.id
    otra = Firma(tesorero(), AHORA, "peticion-1")

    def de_quien_lo_subio(firmante: Firma) -> Archivo | None:
        with transaccion():
            return abrir(codigo, lambda a: a.subido_por == firmante.usuario.id, firmante)

    assert de_quien_lo_subio(firma(ana)) is not None
    assert de_quien_lo_subio(otra) is None
    with transaccion():
        assert abrir("x" * 200, lambda _: True, otra) is None
    filas = db.session.execute(
        select(Bitacora.accion, Bitacora.usuario_id, Bitacora.objeto).order_by(Bitacora.id)
    ).all()
    assert [tuple(f) for f in filas] == [
        ("archivo.descargar", ana_id, f"archivo:{suyo.id}"),
        ("acceso_ajeno", otra.usuario.id, f"archivo:{suyo.id}"),
    ]
