"""The bitácora, its filters, and the export of a period."""

from tests.escenas.escena import Escena, vacio

_A = "/gestion/auditoria"

ESCENAS = (
    Escena("auditoria", _A, quien="auditor"),
    Escena("auditoria-administrador", _A, quien="administrador", mundo="cundinamarca"),
    Escena("auditoria-nada", f"{_A}?desde=2026-01-01&hasta=2026-01-02", quien="auditor"),
    Escena("auditoria-filtro-error", f"{_A}?desde=ayer&hasta=", "Hay un problema", quien="auditor", estado=422),
    vacio("auditoria-exportar-error", _A, a=f"{_A}/exportar", quien="auditor"),
)
