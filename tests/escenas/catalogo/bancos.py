"""The bank's files and the daily close."""

from tests.escenas.escena import Escena, vacio

_A = "/gestion/tesoreria/archivos-del-banco"
_C = "/gestion/tesoreria/cierre"
_Q = {"quien": "tesoreria"}
_DIA = f"{_C}/{{cuenta}}/{{%s}}"

ESCENAS = (
    Escena("archivos-banco", _A, **_Q),
    Escena("archivos-banco-ninguno", _A, quien="tesoreria", mundo="vacio"),
    Escena("archivos-banco-auditor", _A, quien="auditor"),
    vacio("archivos-banco-error", _A, **_Q),
    Escena("archivo-banco", f"{_A}/{{archivo_banco}}", **_Q),
    Escena("archivo-banco-revisar", f"{_A}/revisar/{{entrega}}", **_Q),
    Escena(
        "archivo-banco-cambio",
        f"{_A}/revisar/{{entrega}}",
        a=f"{_A}/revisar/{{entrega}}/importar",
        envio={},
        estado=409,
        **_Q,
    ),
    Escena("cierres", _C, **_Q),
    Escena("cierres-vacio", _C, quien="tesoreria", mundo="vacio"),
    Escena("cierre-de-hoy", _DIA % "dia", **_Q),
    Escena("cierre-de-ayer", _DIA % "dia_anterior", **_Q),
    Escena("cierre-firmado", _DIA % "dia_firmado", **_Q),
    Escena("cierre-con-diferencias", _DIA % "dia_con_diferencias", **_Q),
    Escena("cierre-firmar-tarde", _DIA % "dia_firmado", a=f"{_DIA % 'dia_firmado'}/firmar", envio={}, estado=409, **_Q),
    Escena("cierre-reabrir", f"{_DIA % 'dia_firmado'}/reabrir", **_Q),
    vacio("cierre-reabrir-error", f"{_DIA % 'dia_firmado'}/reabrir", **_Q),
    Escena("cierre-credito", f"{_C}/creditos/{{recaudo_pagado}}", **_Q),
)
