"""The edge of the start: every check of this installation, and the refusal to serve with one that fails."""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from flask import Flask, current_app

from portal.db import db
from portal.operaciones import arranque
from portal.operaciones.arranque import Comprobacion
from portal.web.departamento import ajustes_actuales
from portal.web.estampillas import clave_inservible
from portal.web.migraciones import carpeta_de_migraciones
from portal.web.reloj import ahora

# Its name, what answers with what is wrong, and whether that forbids to serve.
Revision = tuple[str, Callable[[], str], bool]


def comprobar_arranque() -> Sequence[Comprobacion]:
    """Every check, in the order in which people would mend them; those of a production only there."""
    ajustes, carpeta = ajustes_actuales(), carpeta_de_migraciones()
    migrada = partial(arranque.base_de_datos_lista, carpeta, esquema_posterior=ajustes.esquema_posterior)
    de_siempre: list[Revision] = [
        ("Hora de Colombia", arranque.hora_de_colombia, True),
        (
            "Archivos de las páginas",
            partial(arranque.archivos_de_las_paginas, Path(current_app.static_folder or "")),
            True,
        ),
        ("Bibliotecas de la imprenta", arranque.bibliotecas_de_la_imprenta, True),
        ("Migraciones", migrada, True),
    ]
    if any(una.falta for una in arranque.comprobar(de_siempre[3:])):
        # Without its tables nothing else can be asked.
        return arranque.comprobar(de_siempre)
    de_siempre += [
        ("Diario de SQLite", arranque.diario_sano, True),
        ("Reloj", partial(arranque.reloj_en_hora, ahora()), True),
        ("Protección del libro", arranque.libro_protegido, True),
        ("Clave de las estampillas", clave_inservible, True),
        ("Normas del departamento", partial(arranque.normas_cargadas, ajustes.departamento), True),
        # Who publishes them does it in the portal, and what was assessed before can still be paid.
        ("Valores del año", partial(arranque.valores_del_ano, ajustes.departamento, ahora()), False),
    ]
    de_produccion: list[Revision] = [
        ("Confirmaciones de PostgreSQL", arranque.guarda_lo_confirmado, True),
        ("Cuenta de la base de datos", arranque.cuenta_sin_poder_de_mas, True),
        ("Cuentas de la demostración", arranque.sin_cuentas_de_demostracion, True),
        ("Cuenta del sistema", _sin_ser_root, False),
    ]
    return arranque.comprobar(de_siempre if ajustes.es_demostracion else de_siempre + de_produccion)


def exigir_arranque(app: Flask) -> None:
    """End the process with one sentence when something forbids to serve."""
    with app.app_context():
        impedimentos = [una.falta for una in comprobar_arranque() if una.falta and una.impide]
        db.session.remove()
        # Processes that are copied from this one must not share its connections.
        db.engine.dispose()
    if impedimentos:
        sys.exit(f"El portal no puede arrancar: {impedimentos[0]}")


def _sin_ser_root() -> str:
    return "El portal se está ejecutando como root; sírvalo con una cuenta propia." if os.geteuid() == 0 else ""
