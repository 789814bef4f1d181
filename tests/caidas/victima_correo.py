"""A process that kills itself with -9 at a chosen commit, while it sends the mail that waits."""

from dataclasses import replace
from pathlib import Path

from portal.app import create_app
from portal.cli.correo import una_ronda
from portal.config import leer_ajustes
from tests.caidas.muerte import morir_en


def enviar_y_morir(base_datos: str, instancia: Path, puerto: int, cual: int, cuando: str) -> None:
    """Send through the server of that port, and die `before` or `after` the commit number `cual`."""
    entorno = {
        "DATABASE_URL": base_datos,
        "PORTAL_CLAVE_SECRETA": "x" * 40,
        "PORTAL_CORREO": "smtp",
        "PORTAL_CORREO_DE": "portal@ejemplo.gov.co",
        "PORTAL_SMTP_HOST": "127.0.0.1",
        "PORTAL_SMTP_PUERTO": str(puerto),
        "PORTAL_SMTP_TLS": "no",
    }
    app = create_app(replace(leer_ajustes(entorno, instancia=instancia), base_datos=base_datos))
    with app.app_context():
        morir_en(cual, cuando)
        una_ronda()
    print("sobrevivió")
