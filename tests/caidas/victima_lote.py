"""A process that kills itself with -9 while it imports a file of contracts."""

import os
import signal
from dataclasses import replace
from pathlib import Path

from portal.app import create_app
from portal.config import leer_ajustes
from portal.db import db, transaccion
from portal.models import Usuario
from portal.operaciones.firmas import Firma
from portal.operaciones.lotes.importacion import guardar, importar
from tests.encargos import AHORA, HOY
from tests.lotes import PUTUMAYO


def importar_y_morir(base_datos: str, instancia: Path, archivo: Path, usuario_id: int, cuando: str) -> None:
    """Import the file, and die `a la mitad`, `antes de confirmar` or `después de confirmar`."""
    entorno = {"DATABASE_URL": base_datos, "PORTAL_CLAVE_SECRETA": "x" * 40}
    app = create_app(replace(leer_ajustes(entorno, instancia=instancia), base_datos=base_datos))

    def avanzar(hechos: int, de: int) -> None:
        if cuando == "a la mitad" and hechos == de // 2:
            morir()

    with app.app_context():
        with transaccion():
            firma = Firma(db.session.get_one(Usuario, usuario_id), AHORA)
            contenido = archivo.read_bytes()
            lote = guardar(contenido, "x.csv", departamento="putumayo", usuario=firma.usuario, ahora=AHORA)
            importar(lote, regimen=PUTUMAYO, firma=firma, hoy=HOY, avanzar=avanzar)
            if cuando == "antes de confirmar":
                morir()
        if cuando == "después de confirmar":
            morir()


def morir() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
