"""Tables that are made anew to admit new states keep every row, every index and every trigger, up and down."""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from portal.db import db, transaccion
from portal.dominio.devoluciones import CausalDevolucion, EstadoDevolucion
from portal.models import Devolucion
from tests.devoluciones import aceptar_cuenta, aprobada, corregir, doble, girar, leida, pagado, pedir, rebotar

TABLAS = ("asiento", "caso", "devolucion", "evento_devolucion", "parte_devolucion")
SOLO_AGREGAR = ("asiento", "evento_devolucion", "parte_devolucion")


def filas() -> dict[str, list[tuple[object, ...]]]:
    with db.engine.connect() as conexion:
        return {t: sorted(map(tuple, conexion.execute(text(f"SELECT * FROM {t}"))), key=repr) for t in TABLAS}


def indices() -> dict[str, set[str | None]]:
    return {tabla: {i["name"] for i in inspect(db.engine).get_indexes(tabla)} for tabla in TABLAS}


def test_lo_escrito_sigue_igual_y_protegido_al_bajar_y_al_subir(app: Flask) -> None:
    una, uno = pagado()
    girar(aprobada(pedir(doble())))
    aprobada(pedir(uno, CausalDevolucion.NO_DEBIDO, (una.facturas[0].numero,)))
    viva_id = pedir(doble()).id
    db.session.remove()
    antes, suyos = filas(), indices()
    downgrade(revision="028")
    upgrade()
    assert filas() == antes
    assert indices() == suyos
    for tabla in SOLO_AGREGAR:
        with pytest.raises(DatabaseError, match="solo se agrega"), transaccion():
            db.session.execute(text(f"DELETE FROM {tabla}"))
    with pytest.raises(DatabaseError), transaccion():
        db.session.execute(text("UPDATE devolucion SET estado = 'inventado'"))
    viva = db.session.get_one(Devolucion, viva_id)
    girar(aprobada(viva), "TR-2")
    rebotar(leida(viva))
    corregir(viva)
    aceptar_cuenta(viva)
    girar(leida(viva), "TR-3")
    assert leida(viva).estado is EstadoDevolucion.PAGADA
