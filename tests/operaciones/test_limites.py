"""The limits that the database counts for the pages: one statement for all of them, and what is refused counts no further."""

import time
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import text

from portal.db import db
from portal.operaciones.limites import Cuenta, Limite, contar_juntas, primero_agotado
from tests.conftest import AHORA


def test_lo_negado_no_cuenta_en_lo_que_sigue(app: Flask) -> None:
    cuentas = [Cuenta(Limite("a", 1, 600), "x"), Cuenta(Limite("b", 9, 600), "y"), Cuenta(Limite("c", 9, 600), "x")]
    agotados = []
    for _ in range(4):
        agotados.append(primero_agotado(cuentas, AHORA))
    assert [x and x.nombre for x in agotados] == [None, "a", "a", "a"]
    assert dict(db.session.execute(text("SELECT clave, cuenta FROM cuota")).all()) == {"a:x": 4, "b:y": 1, "c:x": 1}


def test_cada_uno_de_varios_distintos_cuenta_una_vez(app: Flask) -> None:
    """Who was refused does not pass by insisting, nor takes the place of another."""
    dos = Limite("personas", 2, 600)
    vistos = []
    for cual in "abacab":
        agotado = primero_agotado([Cuenta(dos, "x", cual)], AHORA)
        vistos.append((cual, agotado is None))
    assert vistos == [("a", True), ("b", True), ("a", True), ("c", False), ("a", True), ("b", True)]
    assert primero_agotado([Cuenta(dos, "x", "c")], AHORA) == dos
    assert primero_agotado([Cuenta(dos, "otro", "c")], AHORA) is None


def test_quien_ya_no_puede_consultar_no_gasta_una_persona(app: Flask) -> None:
    una, dos = Limite("consultas", 1, 600), Limite("personas", 2, 600)
    for cual, esperado in (("a", None), ("b", una), ("a", una), ("c", una)):
        assert primero_agotado([Cuenta(una, "x"), Cuenta(dos, "x", cual)], AHORA) == esperado
    for cual, queda in (("b", None), ("c", dos)):
        assert primero_agotado([Cuenta(dos, "x", cual)], AHORA) == queda


def test_la_misma_persona_dos_veces_a_la_vez_cuenta_una(app: Flask) -> None:
    """The second order began before the first one was written: it cannot see that the person was counted already."""
    cuentas = [Cuenta(Limite("personas", 9, 600), "x", "a")]

    def contar() -> Limite | None:
        with app.app_context():
            return primero_agotado(cuentas, AHORA)

    with ThreadPoolExecutor(1) as otro:
        with db.engine.begin() as primera:
            contar_juntas(cuentas, AHORA, lambda orden, datos: primera.execute(text(orden), datos).all())
            segunda = otro.submit(contar)
            time.sleep(0.5)
            assert not segunda.done()
        assert segunda.result() is None
    assert dict(db.session.execute(text("SELECT clave, cuenta FROM cuota")).all()) == {
        "personas:x": 1,
        "personas:x:a": 2,
    }
