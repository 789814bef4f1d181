"""The same file sent twice at once by one account is one row, another account's is its own, and no quota is overrun."""

import hashlib
import secrets
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from portal.db import db, transaccion
from portal.dominio.errores import CupoAgotado
from portal.models import Archivo, Cuota, Usuario
from portal.operaciones import archivos
from portal.operaciones.archivos import guardar
from portal.operaciones.limites import Limite
from tests.archivos import pdf
from tests.fabricas import AHORA
from tests.operaciones.test_carreras import a_la_vez
from tests.ordenes import tesorero

VECES = 8


def subir(quien: int | None, contenido: bytes) -> Callable[[], None]:
    def tarea() -> None:
        with transaccion():
            usuario = db.session.get_one(Usuario, quien) if quien else None
            guardar("soporte.pdf", contenido, ahora=AHORA, usuario=usuario)

    return tarea


def cuantos() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Archivo.id))) or 0


def cuenta() -> int:
    return tesorero().id


def test_el_mismo_archivo_a_la_vez_es_uno_por_cuenta(app: Flask) -> None:
    ana, beto = cuenta(), cuenta()
    assert a_la_vez(app, [subir(quien, pdf()) for quien in (ana, beto, None) for _ in range(VECES)]) == []
    assert cuantos() == 3
    contados = db.session.scalars(select(Cuota.cuenta).where(Cuota.clave.startswith("archivos:"))).all()
    assert contados == [1, 1], "who lost the race took nothing of the account's day"


def test_control_sin_los_indices_se_guarda_varias_veces(app: Flask) -> None:
    """Looking before writing is not enough: everybody looks first."""
    ana = cuenta()
    with transaccion():
        db.session.execute(text("DROP INDEX uq_archivo_de_cuenta"))
    todos_miraron = threading.Barrier(VECES)

    def ingenua() -> None:
        visto = archivos._el_mismo(hashlib.sha256(pdf()).hexdigest(), db.session.get_one(Usuario, ana))
        db.session.rollback()
        todos_miraron.wait(timeout=30)
        if visto is None:
            with transaccion():
                db.session.add(
                    Archivo(
                        codigo=secrets.token_urlsafe(24),
                        nombre="soporte.pdf",
                        tipo="application/pdf",
                        tamano=1,
                        sha256=hashlib.sha256(pdf()).hexdigest(),
                        contenido=b"x",
                        subido_por=ana,
                        subido_en=AHORA,
                    )
                )

    a_la_vez(app, [ingenua for _ in range(VECES)])
    assert cuantos() > 1


def test_el_cupo_del_dia_no_se_pasa_ni_a_la_vez(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archivos, "ARCHIVOS_POR_DIA", Limite("archivos", 3, 86400))
    ana = cuenta()
    errores = a_la_vez(app, [subir(ana, pdf(b"%d" % n)) for n in range(VECES)])
    assert [type(e) for e in errores] == [CupoAgotado] * (VECES - 3)
    assert cuantos() == 3


def test_un_espacio_no_se_pasa_aunque_sean_dos_cuentas_a_la_vez(app: Flask) -> None:
    cuentas = [cuenta() for _ in range(VECES)]
    sitio = archivos.Espacio("agente:7", 3 * len(pdf(b"0")))

    def tarea(quien: int, n: int) -> Callable[[], None]:
        def subir_lo_suyo() -> None:
            with transaccion():
                usuario = db.session.get_one(Usuario, quien)
                guardar("s.pdf", pdf(b"%d" % n), ahora=AHORA, usuario=usuario, espacio=sitio)

        return subir_lo_suyo

    errores = a_la_vez(app, [tarea(quien, n) for n, quien in enumerate(cuentas)])
    assert len(errores) == VECES - 3
    assert all("No queda espacio" in str(e) for e in errores)
    assert archivos.ocupado("agente:7") == 3 * len(pdf(b"0"))
