"""Collecting agents: the register, the board, months and deposits, from the department and from inside."""

from tests.escenas.escena import Escena, vacio

_A = "/gestion/agentes"
_R = f"{_A}/registro"
_DE = f"{_A}/{{agente}}"
_ADMIN = {"quien": "administrador", "mundo": "cundinamarca"}
_RENTAS = {"quien": "rentas", "mundo": "cundinamarca"}
_ELLA = {"quien": "entidad", "mundo": "cundinamarca"}
_VACIO = {"quien": "rentas", "mundo": "vacio"}
_CONSIGNACIONES = f"{_A}/meses/{{mes_borrador}}/consignaciones"

ESCENAS = (
    Escena("agentes-registro", _R, **_ADMIN),
    Escena("agentes-registro-vacio", _R, **_VACIO),
    Escena("agente-nuevo", f"{_R}/nuevo", **_ADMIN),
    vacio("agente-nuevo-error", f"{_R}/nuevo", **_ADMIN),
    Escena("agente-registrado", f"{_R}/{{agente}}", **_ADMIN),
    Escena("agente-registrado-largo", f"{_R}/{{agente_largo}}", **_ADMIN),
    Escena("agente-registrado-para-leer", f"{_R}/{{agente_sedes}}", **_RENTAS),
    Escena("agente-cambiar", f"{_R}/{{agente}}/cambiar", **_ADMIN),
    vacio("agente-cambiar-error", f"{_R}/{{agente}}/cambiar", **_ADMIN),
    vacio("agente-sede-error", f"{_R}/{{agente}}", a=f"{_R}/{{agente}}/sedes", **_ADMIN),
    vacio("agente-cuenta-error", f"{_R}/{{agente}}", a=f"{_R}/{{agente}}/cuentas", **_ADMIN),
    Escena("agentes-tablero", _A, **_RENTAS),
    Escena("agentes-tablero-vencidas", f"{_A}?mostrar=vencidas", **_RENTAS),
    Escena("agentes-tablero-nada", f"{_A}?buscar=xyzw", **_RENTAS),
    Escena("agentes-tablero-vacio", _A, **_VACIO),
    Escena("agentes-doce-meses", f"{_A}/doce-meses", **_RENTAS),
    Escena("agentes-doce-meses-vacio", f"{_A}/doce-meses", **_VACIO),
    Escena("agente-en-el-tablero", _DE, **_RENTAS),
    Escena("agente-en-el-tablero-largo", f"{_A}/{{agente_largo}}", **_RENTAS),
    *(
        Escena(f"mes-{estado}", f"{_DE}/{{mes_{estado}}}", **_ELLA)
        for estado in ("aceptado", "devuelto", "presentado", "corregido", "cero", "borrador")
    ),
    Escena("mes-presentado-en-rentas", f"{_DE}/{{mes_presentado}}", **_RENTAS),
    Escena("mes-aceptado-en-rentas", f"{_DE}/{{mes_aceptado}}", **_RENTAS),
    Escena(
        "mes-cambio", f"{_DE}/{{mes_borrador}}", a=f"{_DE}/{{mes_borrador}}/presentar", envio={}, estado=409, **_ELLA
    ),
    Escena("mes-corregir", f"{_DE}/{{mes_presentado}}/corregir", **_ELLA),
    vacio("mes-corregir-error", f"{_DE}/{{mes_presentado}}/corregir", **_ELLA),
    Escena("mes-devolver", f"{_DE}/{{mes_presentado}}/devolver", **_RENTAS),
    vacio("mes-devolver-error", f"{_DE}/{{mes_presentado}}/devolver", **_RENTAS),
    Escena("meses", f"{_A}/meses", **_ELLA),
    Escena("meses-putumayo", f"{_A}/meses", quien="agente"),
    Escena("meses-sin-entidad", f"{_A}/meses", quien="sin-entidad", mundo="cundinamarca"),
    Escena("diario", f"{_A}/diario", quien="movilidad", mundo="cundinamarca"),
    Escena("diario-de-sedes", f"{_A}/{{agente_sedes}}/diario?mes=2026-10", **_RENTAS),
    Escena("diario-vacio", f"{_A}/{{agente_largo}}/diario", **_RENTAS),
    Escena("consignaciones-propias", f"{_A}/consignaciones", **_ELLA),
    Escena("consignaciones-propias-ninguna", f"{_A}/consignaciones", quien="movilidad", mundo="cundinamarca"),
    Escena("consignaciones-sin-entidad", f"{_A}/consignaciones", quien="sin-entidad", mundo="cundinamarca"),
    Escena("consignaciones-del-mes", _CONSIGNACIONES, **_ELLA),
    Escena("consignacion-nueva", f"{_CONSIGNACIONES}/nueva", **_ELLA),
    vacio("consignacion-nueva-error", f"{_CONSIGNACIONES}/nueva", **_ELLA),
)
