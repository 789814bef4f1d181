"""The floor: what Flask itself costs for an answer of one word."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hola() -> str:
    """One word."""
    return "hola"


@app.post("/")
def recibido() -> str:
    """A POST that touches no database."""
    return "hola"


@app.get("/salud")
def salud() -> str:
    """Ready."""
    return "hola"
