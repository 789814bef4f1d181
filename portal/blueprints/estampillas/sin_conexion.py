"""`/verificar/sin-conexion`: the checker that works without a connection, with the files that it keeps for then."""

import json
from hashlib import sha256
from pathlib import Path

from flask import Response, current_app, make_response, render_template, url_for

from portal.blueprints.estampillas.blueprint import bp
from portal.web.acceso import publico
from portal.web.departamento import departamento_actual
from portal.web.seguridad import CABECERAS_VERIFICADOR

_PAGINA = "estampillas/sin_conexion.html"
# Everything that the page needs, so that it opens without a connection.
_ARCHIVOS = (
    "portal.css",
    "portal.js",
    "favicon.svg",
    "verificador/verificador.css",
    "verificador/verificador.js",
    "verificador/icono-192.png",
    "verificador/icono-512.png",
    "vendor/jsqr-1.4.0/jsQR.js",
    "vendor/noble-ed25519-3.2.0/index.js",
)


@bp.get("/verificar/sin-conexion")
@publico
def sin_conexion() -> Response:
    """Read a QR with the camera, from a photo or pasted, and check its signature here; on line, its live page follows."""
    respuesta = make_response(render_template(_PAGINA))
    respuesta.headers.update(CABECERAS_VERIFICADOR)
    return respuesta


@bp.get("/verificar/sin-conexion/manifiesto.webmanifest")
@publico
def manifiesto() -> Response:
    """What a telephone asks for to install it."""
    iconos = [
        {"src": url_for("static", filename=f"verificador/icono-{n}.png"), "sizes": f"{n}x{n}", "type": "image/png"}
        for n in (192, 512)
    ]
    datos = {
        "name": f"Verificador de estampillas, {departamento_actual().gobernacion}",
        "short_name": "Estampillas",
        "lang": "es-CO",
        "start_url": url_for("estampillas.sin_conexion"),
        "scope": url_for("estampillas.sin_conexion"),
        "display": "standalone",
        "background_color": "#f5f7fa",
        "theme_color": "#0943b5",
        "icons": iconos,
    }
    return Response(json.dumps(datos, ensure_ascii=False), mimetype="application/manifest+json")


@bp.get("/verificar/sin-conexion/trabajador.js")
@publico
def trabajador() -> Response:
    """The service worker, after the list of what it keeps; it rules that page and no other."""
    pagina = url_for("estampillas.sin_conexion")
    recursos = [
        pagina,
        url_for("estampillas.manifiesto"),
        url_for("estampillas.publicadas"),
        *(url_for("static", filename=archivo) for archivo in _ARCHIVOS),
    ]
    guion = (Path(current_app.static_folder or "") / "verificador/trabajador.js").read_text(encoding="utf-8")
    # A page with other words is another version too: what was kept is renewed.
    version = sha256(json.dumps([recursos, guion, render_template(_PAGINA)]).encode()).hexdigest()[:16]
    cuerpo = f"const VERSION = {json.dumps(version)};\nconst RECURSOS = {json.dumps(recursos)};\n{guion}"
    return Response(cuerpo, mimetype="text/javascript", headers={"Service-Worker-Allowed": pagina})
