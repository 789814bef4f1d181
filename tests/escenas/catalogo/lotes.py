"""Files of contracts: chosen, tried, imported."""

from tests.escenas.escena import Escena, vacio

_L = "/gestion/liquidaciones/importar"
_RENTAS = {"quien": "rentas"}

ESCENAS = (
    Escena("lotes", _L, **_RENTAS),
    Escena("lotes-ninguno", _L, quien="rentas", mundo="vacio"),
    vacio("lotes-sin-archivo", _L, **_RENTAS),
    Escena("lote-por-emitir", f"{_L}/{{lote_bueno}}", **_RENTAS),
    Escena("lote-con-errores", f"{_L}/{{lote_malo}}", **_RENTAS),
    Escena(
        "lote-cambio",
        f"{_L}/{{lote_bueno}}",
        a=f"{_L}/{{lote_bueno}}/emitir",
        envio={"visto": ""},
        estado=409,
        **_RENTAS,
    ),
    Escena("lote-importado", f"{_L}/{{lote_hecho}}", **_RENTAS),
    Escena("lote-importado-auditor", f"{_L}/{{lote_hecho}}", quien="auditor"),
)
