"""Static files: their address carries a hash of their content, so that browsers may keep them for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask

from portal.web.acceso import usuario_actual


def init_app(app: Flask) -> None:
    """Add `v=<hash>` to every `url_for("static", …)` and give templates the signed-in account."""
    raiz = Path(app.static_folder or "")

    @lru_cache(maxsize=64)
    def huella(nombre: str) -> str:
        return hashlib.sha256((raiz / nombre).read_bytes()).hexdigest()[:12]

    @app.url_defaults
    def con_huella(endpoint: str, valores: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in valores:
            valores["v"] = huella(valores["filename"])

    app.jinja_env.globals["usuario_actual"] = usuario_actual
