"""`/gestion/cuenta`, for every account; open also to who must still enrol its second factor."""

from flask import Blueprint

bp = Blueprint("cuenta", __name__, url_prefix="/gestion/cuenta")
