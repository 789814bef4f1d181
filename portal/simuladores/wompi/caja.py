"""The pages that a payer sees: the bank's, and the documents to accept."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.simuladores.wompi import protocolo, simulador
from portal.simuladores.wompi.fichas import DOCUMENTOS
from portal.simuladores.wompi.transacciones import DECISIONES, NoPermitido, Transaccion

bp = Blueprint("caja", __name__, template_folder="templates")
_SEGUNDOS_MAXIMOS = 3600
_TITULOS = {
    "acceptance_token": "Reglamento de usuarios y política de privacidad",
    "accept_personal_auth": "Autorización para el tratamiento de datos personales",
}


@bp.get("/documentos/<tipo>")
def documento(tipo: str) -> tuple[str, int] | str:
    if tipo not in DOCUMENTOS:
        return _mensaje("Ese documento no existe", None), 404
    return render_template("wompi/documento.html", titulo=_TITULOS[tipo])


@bp.get("/pse/<token>")
def banco(token: str) -> tuple[str, int] | str:
    transaccion = simulador().transacciones.ver("token", token)
    if transaccion is None:
        return _mensaje("Esta transacción no existe", None), 404
    if transaccion.fila["estado"] != "PENDING":
        return _mensaje("Esta transacción ya terminó", transaccion)
    if not transaccion.abierta:
        return _mensaje("Su pago está en proceso en el banco", transaccion)
    return _pagina(transaccion)


@bp.post("/pse/<token>")
def decidir(token: str) -> Response | tuple[str, int] | str:
    transaccion = simulador().transacciones.ver("token", token)
    if transaccion is None or not transaccion.abierta:
        return redirect(url_for("caja.banco", token=token), 303)
    decision, _, luego = request.form.get("decision", "").partition("_")
    if decision == "abandonar":
        return _mensaje("Usted cerró el banco sin decidir", transaccion)
    if decision not in (*DECISIONES, "pendiente") or luego not in ("", "aprobar", "rechazar"):
        return _pagina(transaccion, error="Elija una de las opciones."), 422
    futura = luego if decision == "pendiente" and luego else None
    try:
        simulador().transacciones.decidir(transaccion.fila["id"], decision, segundos=_segundos(), luego=futura)
    except NoPermitido:
        return redirect(url_for("caja.banco", token=token), 303)
    return redirect(_retorno(transaccion), 303)


def _retorno(transaccion: Transaccion) -> str:
    """The merchant's address with the transaction's id, as Wompi sends people back."""
    partes = urlsplit(transaccion.pedido.get("redirect_url") or simulador().ajustes.url)
    propios = urlencode({"id": transaccion.fila["id"], "env": simulador().ajustes.ambiente})
    return urlunsplit(partes._replace(query="&".join(q for q in (partes.query, propios) if q)))


def _segundos() -> float:
    texto = request.form.get("segundos", "")
    return float(min(int(texto), _SEGUNDOS_MAXIMOS)) if texto.isascii() and texto.isdigit() and len(texto) < 6 else 20.0


def _pagina(transaccion: Transaccion, error: str = "") -> str:
    return render_template(
        "wompi/banco.html",
        transaccion=transaccion,
        nombre=protocolo.BANCOS[transaccion.banco],
        decidido=protocolo.DECIDIDOS.get(transaccion.banco),
        comercio=simulador().ajustes.comercio,
        error=error,
    )


def _mensaje(titulo: str, transaccion: Transaccion | None) -> str:
    retorno = _retorno(transaccion) if transaccion else ""
    return render_template("wompi/mensaje.html", titulo=titulo, transaccion=transaccion, retorno=retorno)
