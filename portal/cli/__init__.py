"""The commands: `flask <grupo> <orden>`, in Spanish, idempotent, exit 0 or 1."""

from portal.cli import (
    correo,
    demo,
    indicadores,
    liquidaciones,
    normativa,
    pagos,
    servir,
    simulaciones,
    usuarios,
    verificar,
)

# A command of `flask normativa` that has a module of its own.
normativa.grupo.add_command(simulaciones.simular)

TODOS = (
    normativa.grupo,
    indicadores.grupo,
    liquidaciones.grupo,
    pagos.grupo,
    correo.grupo,
    usuarios.grupo,
    demo.grupo,
    servir.servir,
    verificar.verificar,
)
