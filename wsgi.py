"""Entry point of `flask` and gunicorn."""

import gc
import os

# Whatever is loaded from here on stays for good: looking for garbage in it took a fourth of the start.
gc.disable()

from portal.app import create_app  # noqa: E402
from portal.web.arranque import exigir_arranque  # noqa: E402

app = create_app()
# Commands prepare what the portal needs, and `flask servir` asks before it starts the rest; any other server asks here.
if "FLASK_RUN_FROM_CLI" not in os.environ:
    exigir_arranque(app)

# What the first request would do in each process that is copied from this one.
app.url_map.update()
# Nor is garbage looked for in it later, so that those copies go on sharing it.
gc.freeze()
gc.enable()
