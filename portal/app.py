"""The application factory; reads top to bottom."""

import sys
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import blueprints, cli
from portal.config import Ajustes, ConfiguracionInvalida, leer_ajustes
from portal.db import db
from portal.extensions import csrf, migrate
from portal.pasarelas.registro import crear
from portal.web import (
    acceso,
    apariencia,
    avisos,
    compresion,
    confirmacion,
    contadores,
    departamento,
    errores,
    filtros,
    metricas,
    migas,
    preferencias,
    recursos,
    registros,
    seguridad,
    sesiones,
)

RAIZ = Path(__file__).resolve().parent.parent
# What pages share, each with its own hooks.
_DE_LA_WEB = (
    sesiones,
    errores,
    filtros,
    departamento,
    recursos,
    avisos,
    apariencia,
    migas,
    preferencias,
    confirmacion,
    compresion,
    contadores,
)


class Plantillas(Environment):
    """Jinja without globals of one template alone, which the portal has none of: each import asked for every one of them."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Those of all templates."""
        return super().make_globals(d) if d else self.globals


class Portal(Flask):
    """Flask without what the portal does not use: none of its functions is a coroutine, and each call asked."""

    jinja_environment = Plantillas

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


def create_app(ajustes: Ajustes | None = None) -> Flask:
    """Build the portal. `ajustes` comes from the environment unless a test gives its own."""
    try:
        ajustes = ajustes or leer_ajustes(instancia=RAIZ / "instance")
    except ConfiguracionInvalida as error:
        sys.exit(f"El portal no puede arrancar: {error}")
    app = Portal("portal", instance_path=str(RAIZ / "instance"))
    app.config.from_mapping(ajustes.a_flask())
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["ajustes"] = ajustes
    app.extensions["pasarela"] = crear(ajustes.pasarela, ajustes.credenciales_pasarela)
    _extensiones(app, ajustes)
    app.before_request(acceso.exigir_acceso)
    app.before_request(confirmacion.exigir_persona)
    for blueprint in blueprints.TODOS:
        app.register_blueprint(blueprint)
    for grupo in cli.TODOS:
        app.cli.add_command(grupo)
    return app


def _extensiones(app: Flask, ajustes: Ajustes) -> None:
    if ajustes.proxies:
        n = ajustes.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    registros.init_app(app, ajustes.observacion.formato)
    metricas.init_app(app, ajustes.observacion.segundos)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(RAIZ / "migrations"), render_as_batch=True)
    seguridad.init_app(app)
    csrf.init_app(app)
    for modulo in _DE_LA_WEB:
        modulo.init_app(app)
