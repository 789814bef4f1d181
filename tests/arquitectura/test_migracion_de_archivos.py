"""Files that drafts point at survive when citizens, who have no account, begin to hand files in; and the other way round."""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal.db import db, transaccion
from portal.models import Archivo, Devolucion, OrdenTesoreria, Propuesta
from portal.operaciones import evidencias
from portal.operaciones.ciclo_propuestas import por_id
from tests.archivos import pdf
from tests.devoluciones import doble, pedir
from tests.fabricas import liquidacion
from tests.ordenes import legalizacion, tesorero
from tests.propuestas import AHORA, cuenta, proponer, quien


def test_los_archivos_siguen_en_su_propuesta_al_subir_y_al_bajar(app: Flask) -> None:
    administradora = cuenta()
    numero = proponer(administradora)
    with transaccion():
        una = por_id("narino", numero)
        evidencias.adjuntar(una, "acto.pdf", pdf(), version=una.version, usuario=quien(administradora), ahora=AHORA)
    pedir(doble(), certificacion=pdf(b"del banco"))
    assert db.session.scalar(select(func.count(Archivo.id))) == 2
    db.session.remove()
    downgrade(revision="024")
    upgrade()
    archivo = db.session.get_one(Propuesta, numero).archivo
    assert archivo is not None
    assert archivo.contenido == pdf()
    assert db.session.scalar(select(func.count(Archivo.id))) == 1, "those of the requests went with them"
    assert db.session.scalar(select(func.count(Devolucion.id))) == 0
    assert pedir(doble()).numero == 1


@pytest.mark.descuadra
def test_las_copias_de_antes_se_juntan_y_cada_archivo_recibe_su_codigo(app: Flask) -> None:
    """An order that names a later copy names the first one, and is as fixed as before. One order is put by hand."""
    ana = tesorero()
    primera, segunda = (legalizacion(liquidacion(), ana, referencia=f"99{n}").id for n in range(2))
    certificado = pedir(doble()).certificacion_id
    db.session.remove()
    downgrade(revision="033")
    with db.engine.begin() as conexion:
        columnas = "nombre, tipo, tamano, sha256, contenido, subido_por, subido_en"
        copia = (
            f"INSERT INTO archivo ({columnas}) SELECT {columnas} FROM archivo WHERE id <> {certificado} RETURNING id"
        )
        repetido = conexion.execute(text(copia)).scalar_one()
        nueva = dict(conexion.execute(text(f"SELECT * FROM orden_tesoreria WHERE id = {segunda}")).mappings().one())
        nueva |= {"id": 9000, "numero": 9000, "archivo_id": repetido, "referencia_banco": "777"}
        conexion.execute(
            text(f"INSERT INTO orden_tesoreria ({', '.join(nueva)}) VALUES ({', '.join(':' + c for c in nueva)})"),
            nueva,
        )
    upgrade()
    archivos = db.session.scalars(select(Archivo).order_by(Archivo.id)).all()
    assert len(archivos) == len({a.codigo for a in archivos}) == 2
    assert all(len(a.codigo) == 32 and a.contenido == pdf() for a in archivos)
    de_las_ordenes = db.session.scalars(select(OrdenTesoreria.archivo_id)).all()
    assert len(de_las_ordenes) == 3
    assert set(de_las_ordenes) == {a.id for a in archivos} - {certificado}
    db.session.remove()
    with pytest.raises(DBAPIError), db.engine.begin() as conexion:
        conexion.execute(text(f"UPDATE orden_tesoreria SET archivo_id = {certificado} WHERE id = {primera}"))
