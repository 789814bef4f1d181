"""The commands: `flask <grupo> <orden>`, in Spanish, idempotent, exit 0 or 1."""

from portal.cli.usuarios import grupo as usuarios

TODOS = (usuarios,)
