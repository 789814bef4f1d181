"""A process that kills itself with -9 at a chosen commit, while it sends the mail that waits.

Usage: victima_correo.py <database> <instance folder> <SMTP port> <which commit> <before|after>
"""

import sys
from dataclasses import replace
from pathlib import Path

from portal.app import create_app
from portal.cli.correo import una_ronda
from portal.config import leer_ajustes
from tests.caidas.muerte import morir_en


def main() -> None:
    base_datos, instancia, puerto, cual, cuando = sys.argv[1:]
    entorno = {
        "DATABASE_URL": base_datos,
        "PORTAL_CLAVE_SECRETA": "x" * 40,
        "PORTAL_CORREO": "smtp",
        "PORTAL_CORREO_DE": "portal@ejemplo.gov.co",
        "PORTAL_SMTP_HOST": "127.0.0.1",
        "PORTAL_SMTP_PUERTO": puerto,
        "PORTAL_SMTP_TLS": "no",
    }
    app = create_app(replace(leer_ajustes(entorno, instancia=Path(instancia)), base_datos=base_datos))
    with app.app_context():
        morir_en(int(cual), cuando)
        una_ronda()
    print("sobrevivió")


main()
