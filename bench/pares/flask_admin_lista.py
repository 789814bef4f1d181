"""Flask-Admin's list of the same facturas, with an exact filter by document: what it shows without any code but the columns."""

import os

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_admin.contrib.sqla.filters import FilterEqual
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey

db = SQLAlchemy()


class Liquidacion(db.Model):
    """The columns that the list shows."""

    __tablename__ = "liquidacion"
    id = db.Column(db.BigInteger, primary_key=True)
    documento = db.Column(db.String(20))
    nombre = db.Column(db.String(160))
    acto_nombre = db.Column(db.String(400))


class Factura(db.Model):
    """The columns that the list shows."""

    __tablename__ = "factura"
    id = db.Column(db.BigInteger, primary_key=True)
    liquidacion_id = db.Column(db.BigInteger, ForeignKey("liquidacion.id"))
    numero = db.Column(db.BigInteger)
    estampilla_nombre = db.Column(db.String(160))
    valor = db.Column(db.BigInteger)
    estado = db.Column(db.String(32))
    explicacion = db.Column(db.String(1000))
    liquidacion = db.relationship(Liquidacion, lazy="joined")


class Facturas(ModelView):
    """Read only, ten rows, without counting the table: as cheap as it can be set."""

    can_create = can_edit = can_delete = False
    page_size = 10
    simple_list_pager = True
    column_list = (
        "liquidacion.documento",
        "liquidacion.nombre",
        "liquidacion.acto_nombre",
        "estampilla_nombre",
        "numero",
        "valor",
        "estado",
    )
    column_filters = (FilterEqual(Liquidacion.documento, "Documento"),)


app = Flask(__name__)
# A connection for each thread, as the portal has.
app.config.update(
    SECRET_KEY="b" * 40,
    SQLALCHEMY_DATABASE_URI=os.environ["BENCH_BASE"],
    SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 16, "max_overflow": 4},
)
db.init_app(app)
Admin(app, url="/admin").add_view(Facturas(Factura, db, endpoint="facturas"))


@app.get("/salud")
def salud() -> str:
    """Ready."""
    return "hola"
