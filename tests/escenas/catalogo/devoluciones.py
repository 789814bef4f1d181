"""Treasury's side of a refund in each of its states."""

from tests.escenas.escena import Escena, vacio

_D = "/gestion/tesoreria/devoluciones"
_Q = {"quien": "tesoreria"}
_UNA = f"{_D}/{{dev_%s_numero}}"


def _con_error(acto: str, estado: str) -> Escena:
    return vacio(
        f"devolucion-de-tesoreria-{acto.replace('/', '-')}-error", _UNA % estado, a=f"{_UNA % estado}/{acto}", **_Q
    )


ESCENAS = (
    Escena("devoluciones", _D, **_Q),
    Escena("devoluciones-ninguna", _D, quien="tesoreria", mundo="vacio"),
    *(
        Escena(f"devolucion-de-tesoreria-{estado}", _UNA % estado, **_Q)
        for estado in (
            "solicitada",
            "estudiada",
            "aprobada",
            "pagada",
            "negada",
            "desistida",
            "rebotada",
            "corregida",
        )
    ),
    Escena("devolucion-de-auditor", _UNA % "solicitada", quien="auditor"),
    _con_error("estudiar", "solicitada"),
    _con_error("decidir", "estudiada"),
    _con_error("pagar", "aprobada"),
    _con_error("rebotar", "pagada"),
    _con_error("cuenta", "rebotada"),
    _con_error("cuenta/decidir", "corregida"),
)
