"""The pages. Folders are named after who uses them or what they do; none imports another."""

from portal.blueprints import (
    consulta,
    devolucion,
    devoluciones,
    gestion,
    liquidaciones,
    login,
    lotes,
    normativa,
    notificaciones,
    pago,
    publico,
    reclamos,
    simulaciones,
)

TODOS = (
    publico.bp,
    login.bp,
    consulta.bp,
    pago.bp,
    reclamos.bp,
    devolucion.bp,
    notificaciones.bp,
    gestion.bp,
    liquidaciones.bp,
    lotes.bp,
    normativa.bp,
    simulaciones.bp,
    devoluciones.bp,
)
