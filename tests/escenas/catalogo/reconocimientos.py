"""Exemptions that an office recognised."""

from tests.escenas.escena import Escena, vacio

_R = "/gestion/liquidaciones/reconocimientos"
_C = {"quien": "rentas", "mundo": "cundinamarca"}

ESCENAS = (
    Escena("reconocimientos", _R, **_C),
    Escena("reconocimientos-ninguno", _R, quien="rentas", mundo="vacio"),
    Escena("reconocimientos-sin-reglas", _R, quien="rentas"),
    Escena("reconocimientos-buscar", _R, envio={"buscar": "860069804"}, **_C),
    Escena("reconocimientos-buscar-nada", _R, envio={"buscar": "999999999"}, **_C),
    Escena("reconocimientos-buscar-error", _R, envio={"buscar": "@"}, estado=422, **_C),
    Escena("reconocimiento-nuevo", f"{_R}/nuevo", **_C),
    vacio("reconocimiento-nuevo-error", f"{_R}/nuevo", **_C),
    Escena("reconocimiento", f"{_R}/{{reconocimiento}}", **_C),
    Escena("reconocimiento-usado", f"{_R}/1", quien="auditor", mundo="cundinamarca"),
    Escena("reconocimiento-nombre-largo", f"{_R}/{{reconocimiento_largo}}", **_C),
    Escena("reconocimiento-revocado", f"{_R}/{{reconocimiento_revocado}}", **_C),
    Escena("reconocimiento-revocar", f"{_R}/{{reconocimiento}}/revocar", **_C),
    vacio("reconocimiento-revocar-error", f"{_R}/{{reconocimiento}}/revocar", **_C),
)
