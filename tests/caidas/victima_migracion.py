"""A process that kills itself with -9 while it brings a folder of the earlier system.

Usage: victima_migracion.py <database> <instance folder> <folder> <user id> <number of the commit> <before|after>
"""

import sys
from dataclasses import replace
from pathlib import Path

from portal.app import create_app
from portal.config import leer_ajustes
from tests.caidas.muerte import morir_en
from tests.migracion import traer


def main() -> None:
    base_datos, instancia, carpeta, usuario_id, cual, cuando = sys.argv[1:]
    entorno = {"DATABASE_URL": base_datos, "PORTAL_CLAVE_SECRETA": "x" * 40}
    app = create_app(replace(leer_ajustes(entorno, instancia=Path(instancia)), base_datos=base_datos))
    with app.app_context():
        morir_en(int(cual), cuando)
        traer({a.name: a.read_bytes() for a in Path(carpeta).iterdir()}, int(usuario_id), facturas=10)


main()
