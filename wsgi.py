"""Entry point of `flask` and gunicorn."""

import os

from portal.app import create_app
from portal.web.arranque import exigir_arranque

app = create_app()
# Commands prepare what the portal needs; `flask servir` and docs/despliegue/gunicorn.conf.py ask once for all their processes.
# Any other server asks here.
if not {"FLASK_RUN_FROM_CLI", "PORTAL_COMPROBADO"} & os.environ.keys():
    exigir_arranque(app)
