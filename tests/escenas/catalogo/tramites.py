"""What a person assesses alone: which entity asked for it, whose it is, the check."""

from tests.escenas.escena import Escena, vacio

_T = "/tramites/{tramite}"
_QUIEN = {"tipo_documento": "CC", "documento": "1000000099", "nombre": "prueba"}

ESCENAS = (
    Escena("tramites", "/tramites"),
    Escena("tramites-de-una-entidad", "/tramites?entidad={tramite_entidad}"),
    Escena("tramites-ninguno", "/tramites", mundo="vacio"),
    Escena("tramite-quien", _T),
    vacio("tramite-quien-error", _T, a=f"{_T}/revisar"),
    Escena("tramite-revisar", _T, a=f"{_T}/revisar", envio=_QUIEN),
    Escena(
        "tramite-revisar-largo", _T, a=f"{_T}/revisar", envio=_QUIEN | {"nombre": "CONSTRUCTORAINTERDEPARTAMENTAL" * 4}
    ),
    Escena("tramite-volver", _T, envio=_QUIEN),
    Escena("tramite-ya-tiene", _T, a=f"{_T}/revisar", envio=_QUIEN | {"documento": "1212312323"}, estado=409),
    Escena("tramite-otras-cifras", _T, a=f"{_T}/liquidar", envio=_QUIEN | {"total_visto": "1"}, estado=409),
)
