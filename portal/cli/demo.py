"""`flask demo cargar`: accounts and the seeds' own examples, on an empty demonstration database only."""

import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from portal.cli.servir import ROLES_DEMO
from portal.config import secreto_de_demostracion
from portal.db import db, transaccion
from portal.models import Usuario
from portal.operaciones import usuarios
from portal.web.departamento import ajustes_actuales
from portal.web.reloj import ahora

grupo = AppGroup("demo", help="Datos de demostración.")
