"""The commands: `flask <grupo> <orden>`, in Spanish, idempotent, exit 0 or 1."""

from portal.cli import demo, indicadores, liquidaciones, normativa, pagos, servir, usuarios

TODOS = (
    normativa.grupo,
    indicadores.grupo,
    liquidaciones.grupo,
    pagos.grupo,
    usuarios.grupo,
    demo.grupo,
    servir.servir,
)
