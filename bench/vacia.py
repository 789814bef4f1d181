"""What a start is measured against: an empty Flask and Flask-SQLAlchemy application, with one page and one engine."""

import os

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///:memory:")
db = SQLAlchemy(app)
with app.app_context():
    db.engine.dispose()


@app.get("/salud")
def salud() -> str:
    """The same address as the portal's."""
    return "bien"
