"""The commands: `flask <grupo> <orden>`, in Spanish, idempotent, exit 0 or 1."""

from portal.cli import demo, indicadores, normativa, pagos, servir, usuarios, verificar

TODOS = (
    normativa.grupo,
    indicadores.grupo,
    pagos.grupo,
    usuarios.grupo,
    demo.grupo,
    servir.servir,
    verificar.verificar,
)
