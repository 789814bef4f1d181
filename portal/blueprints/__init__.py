"""The pages. Folders are named after who uses them or what they do; none imports another."""

from portal.blueprints.consulta import bp as consulta
from portal.blueprints.login import bp as login
from portal.blueprints.notificaciones import bp as notificaciones
from portal.blueprints.pago import bp as pago
from portal.blueprints.publico import bp as publico

TODOS = (publico, login, consulta, pago, notificaciones)
