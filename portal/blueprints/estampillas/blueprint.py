"""The blueprint that its modules register on."""

from flask import Blueprint

bp = Blueprint("estampillas", __name__)
