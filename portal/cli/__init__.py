"""The commands: `flask <grupo> <orden>`, in Spanish, idempotent, exit 0 or 1."""

from portal.cli import (
    agentes,
    archivos_banco,
    auditoria,
    cierres,
    comprobar,
    correo,
    demo,
    demo_banco,
    estampillas,
    indicadores,
    liquidaciones,
    migracion,
    normativa,
    pagos,
    recuperar,
    respaldo,
    servir,
    simulaciones,
    usuarios,
    verificar,
)

# Commands of a group that have a module of their own.
normativa.grupo.add_command(simulaciones.simular)
pagos.grupo.add_command(cierres.conciliar)
pagos.grupo.add_command(cierres.cierre)
pagos.grupo.add_command(archivos_banco.importar)
pagos.grupo.add_command(recuperar.recuperar)
demo.grupo.add_command(demo_banco.banco)

TODOS = (
    normativa.grupo,
    indicadores.grupo,
    liquidaciones.grupo,
    pagos.grupo,
    agentes.grupo,
    correo.grupo,
    estampillas.grupo,
    usuarios.grupo,
    migracion.grupo,
    auditoria.grupo,
    agentes.grupo,
    respaldo.grupo,
    demo.grupo,
    servir.servir,
    comprobar.comprobar,
    verificar.verificar,
)
