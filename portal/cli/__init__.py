"""The commands: `flask <grupo> <orden>`, in Spanish, idempotent, exit 0 or 1."""

from portal.cli import pagos, servir, usuarios

TODOS = (usuarios.grupo, pagos.grupo, servir.servir)
