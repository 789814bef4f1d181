"""The pages. Folders are named after who uses them or what they do; none imports another."""

from portal.blueprints import (
    archivos_banco,
    cierres,
    consulta,
    gestion,
    liquidaciones,
    login,
    lotes,
    normativa,
    notificaciones,
    pago,
    publico,
    reportes,
    simulaciones,
    tesoreria,
)

TODOS = (
    publico.bp,
    login.bp,
    consulta.bp,
    pago.bp,
    notificaciones.bp,
    gestion.bp,
    liquidaciones.bp,
    lotes.bp,
    archivos_banco.bp,
    normativa.bp,
    simulaciones.bp,
    tesoreria.bp,
    cierres.bp,
    reportes.bp,
)
