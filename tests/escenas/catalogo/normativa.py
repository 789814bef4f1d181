"""Yearly values, tariffs, their proposals and what they would change; and the yearly circular."""

from tests.escenas.escena import Escena, vacio

_N = "/gestion/normativa"
_ADMIN = {"quien": "administrador", "mundo": "cundinamarca"}
_NARINO = {"quien": "administrador", "mundo": "narino"}
_P = f"{_N}/propuestas/{{propuesta%s}}"

ESCENAS = (
    Escena("normativa", _N, **_ADMIN),
    Escena("normativa-auditor", _N, quien="auditor", mundo="cundinamarca"),
    Escena("normativa-putumayo", _N, quien="administrador"),
    Escena("normativa-sin-valores", _N, quien="administrador", mundo="percances"),
    Escena("valor-nuevo", f"{_N}/nueva/UVT", **_ADMIN),
    vacio("valor-nuevo-error", f"{_N}/nueva/UVT", **_ADMIN),
    Escena(
        "valor-por-formula", f"{_N}/nueva/PRO_CULTURA_SIN_CUANTIA", envio={"formula": "1", "ajuste": "5,17"}, **_NARINO
    ),
    Escena("valor-corregir", f"{_N}/nueva/UVT?corrige=2026-01-01", **_ADMIN),
    *(
        Escena(f"propuesta-{nombre}", _P % sufijo, **_ADMIN)
        for nombre, sufijo in (
            ("de-valor", ""),
            ("de-tarifa", "_tarifa"),
            ("retirada", "_retirada"),
            ("propia", "_propia"),
        )
    ),
    Escena("propuesta-auditor", _P % "_tarifa", quien="auditor", mundo="cundinamarca"),
    Escena("propuesta-editar", f"{_P % ''}/editar", **_ADMIN),
    vacio("propuesta-editar-error", f"{_P % ''}/editar", **_ADMIN),
    Escena("propuesta-editar-tarifa", f"{_P % '_tarifa'}/editar", **_ADMIN),
    vacio("propuesta-editar-tarifa-error", f"{_P % '_tarifa'}/editar", **_ADMIN),
    Escena("propuesta-publicar", f"{_P % ''}/publicar", **_ADMIN),
    Escena("propuesta-publicar-tarifa", f"{_P % '_tarifa'}/publicar", **_ADMIN),
    Escena(
        "propuesta-publicar-sin-simular",
        f"{_P % '_sin_simular'}/publicar",
        "Hay un problema",
        envio={"version": "1"},
        estado=422,
        **_ADMIN,
    ),
    Escena("propuesta-publicar-propia", f"{_P % '_propia'}/publicar", envio={"version": "1"}, estado=409, **_ADMIN),
    Escena("propuesta-retirar", f"{_P % ''}/retirar", **_ADMIN),
    vacio("propuesta-retirar-error", f"{_P % ''}/retirar", **_ADMIN),
    vacio("propuesta-archivo-error", _P % "", a=f"{_P % ''}/archivo", **_ADMIN),
    Escena(
        "propuesta-quitar-archivo-tarde",
        _P % "_propia",
        a=f"{_P % '_propia'}/archivo/quitar",
        envio={"version": "99"},
        estado=409,
        **_ADMIN,
    ),
    Escena("simulacion", f"{_P % '_tarifa'}/simulacion", **_ADMIN),
    Escena("simulacion-empezada", f"{_P % '_empezada'}/simulacion", quien="auditor", mundo="cundinamarca"),
    Escena("simulacion-sin-empezar", f"{_P % '_sin_simular'}/simulacion", **_ADMIN),
    Escena("tarifas", f"{_N}/tarifas", **_ADMIN),
    Escena("tarifas-buscar", f"{_N}/tarifas?buscar=certificado", **_ADMIN),
    Escena("tarifas-nada", f"{_N}/tarifas?buscar=xyzw", **_ADMIN),
    Escena("tarifas-error", f"{_N}/tarifas?fecha=ayer", estado=422, **_ADMIN),
    Escena("tarifas-putumayo", f"{_N}/tarifas", quien="auditor"),
    Escena("tarifas-narino", f"{_N}/tarifas", quien="administrador", mundo="narino"),
    Escena("tarifa", f"{_N}/tarifas/de/UDEC/SC-01", **_ADMIN),
    Escena("tarifa-elegir", f"{_N}/tarifas/nueva", **_ADMIN),
    Escena("tarifa-elegir-error", f"{_N}/tarifas/nueva?estampilla=&acto=", estado=422, **_ADMIN),
    *(
        Escena(f"tarifa-{cambio}", f"{_N}/tarifas/proponer/{cambio}/UDEC/SC-01", **_ADMIN)
        for cambio in ("fijar", "variante", "terminar")
    ),
    vacio("tarifa-fijar-error", f"{_N}/tarifas/proponer/fijar/UDEC/SC-01", **_ADMIN),
    vacio("tarifa-terminar-error", f"{_N}/tarifas/proponer/terminar/UDEC/SC-01", **_ADMIN),
    Escena("tramites-abiertos", f"{_N}/tramites-abiertos", quien="administrador"),
    Escena("tramites-abiertos-ninguno", f"{_N}/tramites-abiertos", quien="auditor", mundo="vacio"),
    vacio("tramites-abiertos-error", f"{_N}/tramites-abiertos", quien="administrador"),
    Escena("circular", f"{_N}/circular", quien="funcionario", mundo="cundinamarca"),
    Escena("circular-narino", f"{_N}/circular/2026", quien="funcionario", mundo="narino"),
    Escena("circular-putumayo", f"{_N}/circular/2026", quien="agente"),
)
