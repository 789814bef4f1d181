"""The office that uses stamps: its lists, one act, its adhesions, certificates and lists of contracts."""

from tests.escenas.escena import Escena, vacio

_V = "/gestion/validacion"
_F = {"quien": "funcionario"}
_ACTO = f"{_V}/actos/{{%s}}"
_ADHESION = f"{_V}/adhesiones/{{adhesion_%s}}"
_TITULOS = "Número de contrato;Vigencia;NIT\n"
_LISTA = _TITULOS + "".join(f"{n};2025;900777001\n" for n in range(7001, 7014)) + "1;2025;901805364\n"
_CERTIFICADOS = "/gestion/certificados"
_CONTRATO = {"buscar_por": "contrato", "vigencia": "2025", "nit": "900777001", "numero_contrato": "7001"}

ESCENAS = (
    Escena("validacion", _V, **_F),
    *(
        Escena(f"validacion-{lista}", f"{_V}?lista={lista}", ve, **_F)
        for lista, ve in (("usadas-hoy", "En pie"), ("revertidas", "Se deben de nuevo"))
    ),
    Escena("validacion-vacia", _V, quien="funcionario", mundo="vacio"),
    Escena("validacion-buscar", f"{_V}/buscar", **_F),
    vacio("validacion-buscar-error", f"{_V}/buscar", **_F),
    Escena("validacion-buscar-varias", f"{_V}/buscar", envio={"buscar": "900777001"}, **_F),
    Escena("validacion-buscar-nada", f"{_V}/buscar", envio={"buscar": "999999999"}, **_F),
    Escena("acto-por-usar", _ACTO % "acto_por_usar", **_F),
    vacio("acto-por-usar-error", _ACTO % "acto_por_usar", **_F),
    Escena("acto-leido", f"{_V}/leida/{{estampilla_vigente}}", **_F),
    Escena("acto-usado", _ACTO % "acto_usado", **_F),
    Escena("acto-sin-pagar", _ACTO % "acto_sin_pagar", **_F),
    *(Escena(f"adhesion-{cual}", _ADHESION % cual, **_F) for cual in ("suya", "larga", "ajena", "pedida", "deshecha")),
    Escena("adhesion-auditor", _ADHESION % "suya", quien="auditor"),
    vacio("adhesion-deshacer-error", _ADHESION % "suya", a=f"{_ADHESION % 'suya'}/deshacer", **_F),
    vacio("adhesion-rechazar-error", _ADHESION % "pedida", a=f"{_ADHESION % 'pedida'}/rechazar", **_F),
    Escena(
        "adhesion-aprobar-tarde",
        _ADHESION % "deshecha",
        a=f"{_ADHESION % 'deshecha'}/aprobar",
        envio={},
        estado=409,
        **_F,
    ),
    Escena("lista-de-contratos", f"{_V}/lista", **_F),
    vacio("lista-de-contratos-error", f"{_V}/lista", **_F),
    Escena("lista-de-contratos-leida", f"{_V}/lista", "14 filas", envio={"lista": _LISTA}, **_F),
    Escena("lista-de-contratos-con-errores", f"{_V}/lista", envio={"lista": _TITULOS + "x;y;z\n"}, **_F),
    Escena("certificados", _CERTIFICADOS, **_F),
    Escena("certificados-ninguno", _CERTIFICADOS, quien="auditor", mundo="vacio"),
    vacio("certificados-error", _CERTIFICADOS, **_F),
    Escena("certificados-hallado", _CERTIFICADOS, envio=_CONTRATO, **_F),
    Escena("certificados-nada", _CERTIFICADOS, envio=_CONTRATO | {"numero_contrato": "123456"}, **_F),
    vacio("certificados-emitir-error", _CERTIFICADOS, a=f"{_CERTIFICADOS}/emitir", **_F),
    Escena("certificados-lista-error", _CERTIFICADOS, a=f"{_CERTIFICADOS}/lista", envio={}, **_F),
    *(
        Escena(f"certificado-{cual}", f"{_CERTIFICADOS}/{{{lugar}}}", **_F)
        for cual, lugar in (
            ("de-contrato", "certificado"),
            ("de-nada", "certificado_nada"),
            ("largo", "certificado_largo"),
            ("de-lista", "certificado_lista"),
        )
    ),
)
