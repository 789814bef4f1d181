"""The commands: `flask <grupo> <orden>`, in Spanish, idempotent, exit 0 or 1."""

from portal.cli.pagos import grupo as pagos
from portal.cli.servir import servir
from portal.cli.usuarios import grupo as usuarios

TODOS = (usuarios, pagos, servir)
