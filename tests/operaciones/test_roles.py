"""The two roles of docs/despliegue/postgresql: the portal lives as the one that can change neither schema nor ledger."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from portal.cli.correo import una_ronda as correo
from portal.cli.pagos import una_ronda as sonda
from portal.cli.turnos import anotando
from portal.config import Ajustes
from portal.db import db
from portal.models import Recaudo
from portal.web.auditoria import comprobar_cadenas
from tests import banco, fabricas, ordenes
from tests.pasarela_guion import PasarelaGuion

DESPLIEGUE = Path(__file__).resolve().parents[2] / "docs" / "despliegue" / "postgresql"
pytestmark = pytest.mark.parametrize("base_datos", ["postgresql"], indirect=True)


@pytest.fixture
def como_app(app: Flask, ajustes: Ajustes) -> Iterator[None]:
    """The portal of this test enters as `portal_app`."""
    directa = ajustes.base_datos.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(directa, autocommit=True) as conexion:
        for archivo in ("roles.sql", "permisos.sql", "permisos.sql"):
            conexion.execute((DESPLIEGUE / archivo).read_text())
    suya = make_url(ajustes.base_datos).set(username="portal_app")
    motores: dict[object, Engine] = db._app_engines[app]
    propio, motores[None] = motores[None], create_engine(suya)
    app.extensions["ajustes"] = replace(ajustes, base_datos=str(suya))
    try:
        yield
    finally:
        db.session.remove()
        motores[None].dispose()
        motores[None] = propio


def test_el_portal_vive_con_la_cuenta_que_no_puede_cambiar_lo_escrito(app: Flask, como_app: None) -> None:
    guion = app.extensions["pasarela"] = PasarelaGuion()
    una, otra = fabricas.liquidacion((4000, 5000)), fabricas.liquidacion((7000,))
    pago = fabricas.pago(una)
    guion.sesiones[str(pago.id_pasarela)] = fabricas.respuesta(pago)
    with db.engine.begin() as conexion:
        conexion.execute(text("UPDATE pago SET consultar_desde = creado_en - interval '1 hour'"))
    assert anotando("sonda", sonda) == (1, 0)
    banco.importar(banco.archivo([banco.Pagado(otra.facturas[0].numero, 7000, numero=1)]))
    assert fabricas.estados_de(una) == ["legalizada", "legalizada"]
    assert fabricas.estados_de(otra) == ["legalizada"]
    recaudo = db.session.scalars(db.select(Recaudo).where(Recaudo.pago_id.is_(None))).one()
    propuesta = ordenes.reversion(recaudo, ordenes.tesorero())
    ordenes.aprobar(propuesta, ordenes.tesorero())
    assert fabricas.estados_de(otra) == ["revertida"]
    correo()
    assert [una.quiebres for una in comprobar_cadenas()] == [[], []]

    def negado(orden: str) -> None:
        with pytest.raises(ProgrammingError, match="permission denied|must be owner"), db.engine.begin() as conexion:
            conexion.execute(text(orden))

    for tabla in ("asiento", "bitacora", "evento_pago", "recaudo", "reversion", "sello_bitacora", "cierre"):
        negado(f"DELETE FROM {tabla}")  # noqa: S608  names of ours
        negado(f"TRUNCATE {tabla} CASCADE")
        negado(f"ALTER TABLE {tabla} DISABLE TRIGGER ALL")
    for orden in (
        "UPDATE asiento SET valor = 1",
        "UPDATE recaudo SET valor = 1",
        "UPDATE bitacora SET accion = 'x'",
        "CREATE TABLE mia (x int)",
        "DROP TABLE cuota",
        "CREATE FUNCTION solo_se_agrega() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end'",
        "UPDATE alembic_version SET version_num = '1'",
    ):
        negado(orden)
