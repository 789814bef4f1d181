"""Entry point of `flask` and gunicorn."""

import os

from portal.app import create_app
from portal.web.arranque import exigir_arranque

app = create_app()
# Commands prepare what the portal needs, and `flask servir` asks by itself; any other server asks here.
if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    exigir_arranque(app)
