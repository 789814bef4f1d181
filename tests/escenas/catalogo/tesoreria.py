"""Treasury: queues and cases, payments, credits, orders, claims, deposits of agents."""

from portal.dominio.casos import ClaseCaso
from tests.escenas.escena import Escena, vacio

_T = "/gestion/tesoreria"
_Q = {"quien": "tesoreria"}
_VACIO = {"quien": "tesoreria", "mundo": "vacio"}
_CASO = f"{_T}/casos/{{%s}}"
_ORDEN = f"{_T}/ordenes/{{orden_%s}}"
_RECAUDO = f"{_T}/recaudos/{{recaudo_%s}}"
_CONSIGNACION = f"{_T}/consignaciones/{{consignacion_%s}}"

ESCENAS = (
    Escena("tesoreria", _T, **_Q),
    Escena("tesoreria-vacia", _T, **_VACIO),
    Escena("tesoreria-buscar", f"{_T}/buscar", **_Q),
    vacio("tesoreria-buscar-error", f"{_T}/buscar", **_Q),
    Escena("tesoreria-buscar-documento", f"{_T}/buscar", "Pagos", envio={"buscar": "1212312323"}, **_Q),
    Escena("tesoreria-buscar-nada", f"{_T}/buscar", envio={"buscar": "999999999"}, **_Q),
    Escena("casos", f"{_T}/casos", **_Q),
    Escena("casos-de-una-cola", f"{_T}/casos?cola=firma_invalida", **_Q),
    Escena("casos-cerrados", f"{_T}/casos?filtro=cerrados", **_Q),
    Escena("casos-ninguno", f"{_T}/casos", **_VACIO),
    *(Escena(f"caso-{clase.replace('_', '-')}", f"{_T}/casos/{{caso_de_{clase}}}", **_Q) for clase in ClaseCaso),
    Escena("caso-tomado", _CASO % "caso_tomado", **_Q),
    Escena("caso-cerrado", _CASO % "caso_cerrado", **_Q),
    Escena("caso-auditor", _CASO % "caso_tomado", quien="auditor"),
    vacio("caso-cerrar-error", _CASO % "caso_tomado", a=f"{_CASO % 'caso_tomado'}/cerrar", **_Q),
    Escena("caso-tomar-tarde", _CASO % "caso_cerrado", a=f"{_CASO % 'caso_cerrado'}/tomar", envio={}, estado=409, **_Q),
    *(
        Escena(f"pago-en-tesoreria-{cual}", f"{_T}/pagos/{{ref_{cual}}}", **_Q)
        for cual in ("aprobado", "pendiente", "revertido", "largo")
    ),
    Escena("recaudo-sin-dueno", _RECAUDO % "sin_dueno", **_Q),
    Escena("recaudo-pagado", _RECAUDO % "pagado", **_Q),
    Escena("recaudo-revertir", f"{_RECAUDO % 'pagado'}/revertir", **_Q),
    vacio("recaudo-revertir-error", f"{_RECAUDO % 'pagado'}/revertir", **_Q),
    Escena("recaudo-aplicar", f"{_RECAUDO % 'sin_dueno'}/aplicar", **_Q),
    Escena("recaudo-aplicar-factura", f"{_RECAUDO % 'sin_dueno'}/aplicar?factura={{factura_debida}}", **_Q),
    vacio("recaudo-aplicar-error", f"{_RECAUDO % 'sin_dueno'}/aplicar", **_Q),
    Escena("ordenes", f"{_T}/ordenes", **_Q),
    Escena("ordenes-resueltas", f"{_T}/ordenes?filtro=resueltas", **_Q),
    Escena("ordenes-ninguna", f"{_T}/ordenes", **_VACIO),
    *(
        Escena(f"orden-{cual}", _ORDEN % cual, **_Q)
        for cual in ("propia", "legalizar", "revertir", "aplicar", "aprobada", "rechazada")
    ),
    vacio("orden-rechazar-error", _ORDEN % "legalizar", a=f"{_ORDEN % 'legalizar'}/rechazar", **_Q),
    Escena(
        "orden-aprobar-tarde", _ORDEN % "rechazada", a=f"{_ORDEN % 'rechazada'}/aprobar", envio={}, estado=409, **_Q
    ),
    Escena("orden-nueva", f"{_T}/ordenes/legalizar", **_Q),
    Escena("orden-nueva-de-un-caso", f"{_T}/ordenes/legalizar?caso={{caso_de_sin_resolver}}", **_Q),
    vacio("orden-nueva-error", f"{_T}/ordenes/legalizar", **_Q),
    Escena("reclamos", f"{_T}/reclamos", **_Q),
    Escena("reclamos-ninguno", f"{_T}/reclamos", **_VACIO),
    Escena("reclamo", f"{_T}/reclamos/{{caso_reclamo}}", **_Q),
    Escena("reclamo-auditor", f"{_T}/reclamos/{{caso_reclamo}}", quien="auditor"),
    Escena("consignaciones", f"{_T}/consignaciones", **_Q),
    Escena("consignaciones-doce", f"{_T}/consignaciones", quien="tesoreria", mundo="cundinamarca"),
    *(
        Escena(f"consignaciones-{filtro.replace('_', '-')}", f"{_T}/consignaciones?filtro={filtro}", **_Q)
        for filtro in ("sin_linea", "resueltas")
    ),
    Escena("consignaciones-ninguna", f"{_T}/consignaciones", **_VACIO),
    *(
        Escena(f"consignacion-{cual.replace('_', '-')}", _CONSIGNACION % cual, **_Q)
        for cual in ("recibida", "sin_linea", "rechazada", "aceptada")
    ),
    *(
        vacio(f"consignacion-{acto}-error", _CONSIGNACION % cual, a=f"{_CONSIGNACION % cual}/{acto}", **_Q)
        for acto, cual in (("rechazar", "recibida"), ("deshacer", "sin_linea"))
    ),
    *(
        Escena(
            f"consignacion-{acto}-tarde",
            _CONSIGNACION % cual,
            a=f"{_CONSIGNACION % cual}/{acto}",
            envio={},
            estado=409,
            **_Q,
        )
        for acto, cual in (("aceptar", "rechazada"), ("casar", "sin_linea"))
    ),
)
