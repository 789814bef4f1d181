"""x"""
from flask import Blueprint
bp = Blueprint("reportes", __name__, url_prefix="/gestion/reportes")
