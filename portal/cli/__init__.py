"""The commands: `flask <grupo> <orden>`, in Spanish, idempotent, exit 0 or 1."""

from portal.cli.indicadores import grupo as indicadores
from portal.cli.normativa import grupo as normativa
from portal.cli.pagos import grupo as pagos
from portal.cli.servir import servir
from portal.cli.usuarios import grupo as usuarios

TODOS = (normativa, indicadores, usuarios, pagos, servir)
