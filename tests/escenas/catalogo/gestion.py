"""What each role finds when it enters, the calendar, and the reports."""

from portal.models.usuario import Rol
from tests.escenas.escena import Escena, vacio

_R = "/gestion/reportes"
_TODO = "desde=2026-01-01&hasta=2026-11-20"
_ADMIN = {"quien": "administrador", "mundo": "cundinamarca"}

ESCENAS = (
    *(Escena(f"gestion-{rol}", "/gestion", quien=rol.value) for rol in Rol),
    *(Escena(f"gestion-vacia-{rol}", "/gestion", quien=rol.value, mundo="vacio") for rol in Rol),
    Escena("gestion-falta-un-valor", "/gestion", "Faltan valores de 2026", quien="administrador", mundo="percances"),
    Escena("gestion-con-falla", "/gestion", "El portal presenta fallas", quien="agente", mundo="narino"),
    Escena("calendario", "/gestion/calendario", quien="agente", mundo="cundinamarca"),
    Escena("calendario-administrador", "/gestion/calendario", **_ADMIN),
    Escena("calendario-con-falla", "/gestion/calendario", quien="administrador", mundo="narino"),
    Escena("calendario-dia-nuevo", "/gestion/calendario/dias/nuevo", **_ADMIN),
    vacio("calendario-dia-nuevo-error", "/gestion/calendario/dias/nuevo", **_ADMIN),
    Escena("calendario-revocar", "/gestion/calendario/dias/{dia_revocable}/revocar", **_ADMIN),
    vacio("calendario-revocar-error", "/gestion/calendario/dias/{dia_revocable}/revocar", **_ADMIN),
    Escena("calendario-falla-nueva", "/gestion/calendario/fallas/nueva", **_ADMIN),
    vacio("calendario-falla-nueva-error", "/gestion/calendario/fallas/nueva", **_ADMIN),
    Escena(
        "calendario-falla-terminar",
        "/gestion/calendario/fallas/{falla}/terminar",
        quien="administrador",
        mundo="narino",
    ),
    Escena("correos-sin-enviar", "/gestion/correos", quien="administrador", mundo="percances"),
    Escena("correos-sin-enviar-auditor", "/gestion/correos", quien="auditor", mundo="percances"),
    Escena("correos-enviados", "/gestion/correos", "Todos los avisos han salido", quien="administrador", mundo="vacio"),
    Escena("reportes", _R, quien="rentas"),
    *(
        Escena(f"reporte-{nombre}", f"{_R}/{nombre}?{_TODO}", quien="tesoreria")
        for nombre in ("recaudo", "liquidado", "exenciones", "distribucion")
    ),
    Escena("reporte-topes", f"{_R}/topes?hasta=2026-11-20", quien="auditor", mundo="cundinamarca"),
    Escena("reporte-recaudo-por-mes", f"{_R}/recaudo?{_TODO}&por=entidad&y=mes", quien="tesoreria"),
    Escena("reporte-vacio", f"{_R}/recaudo", quien="tesoreria", mundo="vacio"),
    Escena("reporte-error", f"{_R}/recaudo?desde=ayer&hasta=hoy", quien="tesoreria", estado=422),
    Escena("reporte-renglones", f"{_R}/renglones?{_TODO}&de=recaudo&columna=neto", quien="tesoreria"),
    Escena("reporte-renglones-error", f"{_R}/renglones", quien="tesoreria", estado=422),
)
