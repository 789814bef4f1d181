"""The pages where a person pays: choose the bank, decide at the bank, go back to the merchant."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.simuladores.placetopay import simulador
from portal.simuladores.placetopay.sesiones import DECISIONES, NoPermitido, Sesion

bp = Blueprint("caja", __name__)

# Code and name as PSE lists them; the first entry is PSE's own and cannot be chosen.
BANCOS = (
    ("0", "A continuación seleccione su banco"),
    ("1040", "BANCO AGRARIO"),
    ("1007", "BANCOLOMBIA"),
    ("1001", "BANCO DE BOGOTÁ"),
    ("1051", "BANCO DAVIVIENDA"),
    ("1013", "BBVA COLOMBIA"),
    ("1507", "NEQUI"),
)
_ELEGIBLES = dict(BANCOS[1:])
_SEGUNDOS_MAXIMOS = 3600


@bp.get("/session/<int:numero>/<token>")
def elegir(numero: int, token: str) -> tuple[str, int] | str:
    sesion = _sesion(numero, token)
    if sesion is None:
        return _mensaje("Esta sesión de pago no existe", None), 404
    if not sesion.abierta:
        return _mensaje("Esta sesión de pago ya terminó", sesion)
    if sesion.en_curso:
        return _mensaje("Su pago está en proceso en el banco", sesion)
    return _pagina(sesion, "sesion.html")


@bp.post("/session/<int:numero>/<token>")
def ir_al_banco(numero: int, token: str) -> Response | tuple[str, int]:
    sesion = _sesion(numero, token)
    if sesion is None or not sesion.abierta:
        return redirect(url_for("caja.elegir", numero=numero, token=token), 303)
    if request.form.get("banco") not in _ELEGIBLES:
        return _pagina(sesion, "sesion.html", error="Seleccione su banco de la lista."), 422
    return redirect(url_for("caja.banco", numero=numero, token=token, banco=request.form["banco"]), 303)


@bp.get("/session/<int:numero>/<token>/banco/<banco>")
def banco(numero: int, token: str, banco: str) -> Response | str:
    sesion = _sesion(numero, token)
    if sesion is None or not sesion.abierta or sesion.en_curso or banco not in _ELEGIBLES:
        return redirect(url_for("caja.elegir", numero=numero, token=token), 303)
    return _pagina(sesion, "banco.html", banco=banco, nombre=_ELEGIBLES[banco])


@bp.post("/session/<int:numero>/<token>/banco/<banco>")
def decidir(numero: int, token: str, banco: str) -> Response | tuple[str, int] | str:
    sesion = _sesion(numero, token)
    decision, _, luego = request.form.get("decision", "").partition("_")
    if sesion is None or banco not in _ELEGIBLES:
        return redirect(url_for("caja.elegir", numero=numero, token=token), 303)
    if decision == "abandonar":
        return _mensaje("Usted cerró el banco sin decidir", sesion)
    if decision not in DECISIONES or luego not in ("", "aprobar", "rechazar"):
        return _pagina(
            sesion, "banco.html", banco=banco, nombre=_ELEGIBLES[banco], error="Elija una de las opciones."
        ), 422
    futura = luego if decision == "pendiente" and luego else None
    try:
        simulador().sesiones.intentar(numero, _ELEGIBLES[banco], decision, segundos=_segundos(), luego=futura)
    except NoPermitido:
        return redirect(url_for("caja.elegir", numero=numero, token=token), 303)
    return redirect(sesion.pedido["returnUrl"], 303)


@bp.post("/session/<int:numero>/<token>/cancelar")
def cancelar(numero: int, token: str) -> Response:
    sesion = _sesion(numero, token)
    if sesion is None:
        return redirect(url_for("caja.elegir", numero=numero, token=token), 303)
    try:
        simulador().sesiones.dejar(numero)
    except NoPermitido:
        return redirect(url_for("caja.elegir", numero=numero, token=token), 303)
    return redirect(sesion.pedido.get("cancelUrl") or sesion.pedido["returnUrl"], 303)


def _sesion(numero: int, token: str) -> Sesion | None:
    sesion = simulador().sesiones.ver(numero)
    return sesion if sesion is not None and sesion.fila["token"] == token else None


def _segundos() -> float:
    texto = request.form.get("segundos", "")
    return float(min(int(texto), _SEGUNDOS_MAXIMOS)) if texto.isascii() and texto.isdigit() and len(texto) < 6 else 20.0


def _pagina(sesion: Sesion, plantilla: str, **datos: str) -> str:
    return render_template(plantilla, sesion=sesion, comercio=simulador().ajustes.comercio, bancos=BANCOS, **datos)


def _mensaje(titulo: str, sesion: Sesion | None) -> str:
    return render_template("mensaje.html", titulo=titulo, sesion=sesion)
