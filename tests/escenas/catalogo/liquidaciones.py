"""Assessing: choosing the act, the form, the check, and one liquidación as its office sees it."""

from tests.escenas.escena import Escena, vacio

_G = "/gestion/liquidaciones"
_RENTAS = {"quien": "rentas"}
_C = {"quien": "rentas", "mundo": "cundinamarca"}
_AGENTE = {"quien": "entidad", "mundo": "cundinamarca"}
_CONTRATO = {
    "tipo_documento": "NIT",
    "documento": "901805364-1",
    "nombre": "UNION TEMPORAL PUTUMAYO SEGURO 20/24",
    "clase": "consorcio",
    "direccion": "carrera 5",
    "telefono": "3001234567",
    "correo": "prueba@correo.test",
    "valor": "46.911.499",
    "contratante": "GOBERNACION DEL PUTUMAYO",
    "numero_contrato": "9647",
    "numero_proceso": "123456789",
    "tipo_contrato": "seguros",
    "fecha_contrato": "2026-02-03",
    "objeto": "PRUEBA",
}
_TRAMITE = {"tipo_documento": "CC", "documento": "1.212.312.323", "nombre": "prueba", "clase": "natural"}
_EPS = _CONTRATO | {
    "documento": "860069804-2",
    "nombre": "EPS DE PRUEBA",
    "clase": "juridica",
    "tipo_contrato": "suministro",
    "numero_contrato": "9700",
    "fecha_contrato": "2025-03-03",
    "hechos.entidad.clase": "eps",
    "hechos.acto.finalidad": "salud",
}

ESCENAS = (
    Escena("liquidaciones", _G, **_RENTAS),
    Escena("liquidaciones-cundinamarca", _G, **_C),
    Escena("liquidaciones-agente", _G, **_AGENTE),
    Escena("liquidaciones-ninguna", _G, quien="rentas", mundo="vacio"),
    Escena("liquidaciones-buscar", _G, envio={"buscar": "1212312323"}, **_RENTAS),
    Escena("liquidaciones-buscar-nada", _G, envio={"buscar": "999999999"}, **_RENTAS),
    Escena("liquidaciones-buscar-error", _G, envio={"buscar": "x" * 70}, estado=422, **_RENTAS),
    Escena("liquidaciones-mas-antiguas", _G, envio={"antes": "40"}, **_RENTAS),
    Escena("liquidar-elegir", f"{_G}/nueva", **_RENTAS),
    Escena("liquidar-elegir-cundinamarca", f"{_G}/nueva", **_C),
    Escena("liquidar-elegir-nada", f"{_G}/nueva?buscar=xyzw", **_C),
    Escena("liquidar-elegir-sin-entidad", f"{_G}/nueva", quien="sin-entidad", mundo="cundinamarca", estado=409),
    Escena("liquidar-contrato", f"{_G}/nueva/P-C-02", **_RENTAS),
    Escena("liquidar-contrato-cundinamarca", f"{_G}/nueva/CC-2", **_C),
    Escena("liquidar-contrato-agente", f"{_G}/nueva/CC-2", **_AGENTE),
    Escena("liquidar-contrato-narino", f"{_G}/nueva/N-CC-D", quien="rentas", mundo="narino"),
    Escena("liquidar-tramite", f"{_G}/nueva/P-T-01", **_RENTAS),
    Escena("liquidar-tramite-cundinamarca", f"{_G}/nueva/SC-04", **_C),
    Escena("liquidar-contrato-calculado", f"{_G}/nueva/P-C-02", envio=_CONTRATO, **_RENTAS),
    Escena("liquidar-contrato-calculado-cundinamarca", f"{_G}/nueva/CC-2", envio=_CONTRATO, **_C),
    vacio("liquidar-contrato-error", f"{_G}/nueva/P-C-02", a=f"{_G}/nueva/P-C-02/revisar", **_RENTAS),
    vacio("liquidar-contrato-error-cundinamarca", f"{_G}/nueva/CC-2", a=f"{_G}/nueva/CC-2/revisar", **_C),
    vacio("liquidar-tramite-error", f"{_G}/nueva/P-T-01", a=f"{_G}/nueva/P-T-01/revisar", **_RENTAS),
    vacio("liquidar-emitir-error", f"{_G}/nueva/P-T-01", a=f"{_G}/nueva/P-T-01/emitir", **_RENTAS),
    Escena("liquidar-revisar", f"{_G}/nueva/P-T-01", a=f"{_G}/nueva/P-T-01/revisar", envio=_TRAMITE, **_RENTAS),
    Escena(
        "liquidar-revisar-contrato", f"{_G}/nueva/P-C-02", a=f"{_G}/nueva/P-C-02/revisar", envio=_CONTRATO, **_RENTAS
    ),
    Escena("liquidar-revisar-por-reconocer", f"{_G}/nueva/CC-2", a=f"{_G}/nueva/CC-2/revisar", envio=_EPS, **_C),
    Escena(
        "liquidar-otras-cifras",
        f"{_G}/nueva/P-T-01",
        "El cálculo cambió",
        a=f"{_G}/nueva/P-T-01/emitir",
        envio=_TRAMITE | {"total_visto": "1"},
        estado=409,
        **_RENTAS,
    ),
    Escena(
        "liquidar-ya-liquidado",
        f"{_G}/nueva/P-C-02",
        a=f"{_G}/nueva/P-C-02/revisar",
        envio=_CONTRATO | {"numero_contrato": "701", "documento": "900555701", "clase": "juridica"},
        estado=409,
        **_RENTAS,
    ),
    *(
        Escena(f"liquidacion-de-rentas-{estado}", f"{_G}/{{liq_{lugar}}}", **_RENTAS)
        for estado, lugar in (
            ("por-pagar", "por_pagar"),
            ("larga", "larga"),
            ("de-tramite", "demo"),
            ("de-contrato", "contrato_demo"),
            ("usada", "usada"),
            ("revertida", "revertida"),
            ("en-verificacion", "en_verificacion"),
            ("vencida", "vencida"),
            ("sin-efecto", "anulada"),
            ("de-cero", "cero"),
        )
    ),
    Escena("liquidacion-de-rentas-con-reconocimiento", f"{_G}/{{liq_reconocida}}", **_C),
    Escena("liquidacion-de-auditor", f"{_G}/{{liq_contrato_demo}}", quien="auditor"),
    Escena("liquidacion-de-agente-por-retener", f"{_G}/{{liq_por_retener}}", **_AGENTE),
    Escena("liquidacion-de-agente-retenida", f"{_G}/{{liq_retenida}}", **_AGENTE),
    Escena("liquidacion-de-agente-deshecha", f"{_G}/{{liq_deshecha}}", **_AGENTE),
    vacio("liquidacion-retener-error", f"{_G}/{{liq_por_retener}}", a=f"{_G}/{{liq_por_retener}}/retener", **_AGENTE),
    Escena("retencion-deshacer", f"{_G}/{{liq_retenida}}/retenciones/{{retencion}}/deshacer", **_AGENTE),
    vacio("retencion-deshacer-error", f"{_G}/{{liq_retenida}}/retenciones/{{retencion}}/deshacer", **_AGENTE),
    Escena("sin-efecto", f"{_G}/{{liq_por_pagar}}/sin-efecto", **_RENTAS),
    vacio("sin-efecto-error", f"{_G}/{{liq_por_pagar}}/sin-efecto", **_RENTAS),
)
