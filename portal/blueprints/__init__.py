"""The pages. Folders are named after who uses them or what they do; none imports another."""

from portal.blueprints.login import bp as login
from portal.blueprints.publico import bp as publico

TODOS = (publico, login)
