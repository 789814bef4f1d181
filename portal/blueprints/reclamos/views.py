"""`/pago/no-aparece`: the gateway is asked at once, and what it does not settle becomes a numbered case of treasury."""

from typing import Any

from flask import Blueprint, render_template, request, session

from portal.blueprints.reclamos.forms import NoApareceForm
from portal.blueprints.reclamos.palabras import RESPUESTAS
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.tesoreria import hoja_de_casos
from portal.dominio.estados import EstadoPago
from portal.models import Pago
from portal.models.usuario import Rol
from portal.operaciones import reclamos
from portal.operaciones.reclamos import Hallazgo, Noticia
from portal.operaciones.resultados import Causa
from portal.web.acceso import publico, quien_ingreso, requiere_rol
from portal.web.exportacion import entregar_lista, formato_pedido, notas_de_lista
from portal.web.frenos import frenar_consulta, frenar_envio, frenar_pasarela
from portal.web.pasarela import preguntar_a_pasarela
from portal.web.reloj import ahora
from portal.web.seguridad import peticion_id

bp = Blueprint("reclamos", __name__)


@bp.route("/pago/no-aparece", methods=["GET", "POST"])
@publico
def no_aparece() -> Any:
    """Name the payment, read what is known of it; what nobody knows is left to treasury with a number."""
    form = NoApareceForm()
    if not form.validate_on_submit():
        return render_template("reclamos/preguntar.html", form=form), 422 if form.is_submitted() else 200
    frenar_consulta(form.dato.leido)
    hallazgo = _preguntar(form.dato.leido)
    que = reclamos.noticia_de(hallazgo, ahora())
    respuesta = RESPUESTAS.get(que)
    if respuesta is None or (respuesta.insiste and request.form.get("insistir")):
        return render_template("reclamos/caso.html", numero=_reclamar(form, hallazgo))
    return render_template(
        "reclamos/respuesta.html",
        form=form,
        respuesta=respuesta,
        propio=_propio(hallazgo),
        sobra=que is Noticia.SOBRA,
    )


def _preguntar(dato: str) -> Hallazgo:
    """What the payment is once the gateway was asked; a refusal is asked for again, because a late approval counts."""
    pago = reclamos.buscar(dato).pago
    if pago is not None and pago.estado is not EstadoPago.APROBADO:
        frenar_pasarela()
        preguntar_a_pasarela(pago.id, Causa.RECLAMO)
    return reclamos.buscar(dato)


def _reclamar(form: NoApareceForm, hallazgo: Hallazgo) -> int:
    frenar_envio("reclamo")
    with transaccion():
        dato, quien = form.dato.leido, form.contacto
        return reclamos.reclamar(dato, hallazgo, quien, ahora=ahora(), peticion=peticion_id()).numero


def _propio(hallazgo: Hallazgo) -> Pago | None:
    """The payment, for the browser that began it: nobody else is led to its page."""
    pago = hallazgo.pago
    return pago if pago is not None and pago.codigo in session.get("pagos", []) else None


@bp.get("/gestion/tesoreria/reclamos")
@requiere_rol(Rol.TESORERIA, Rol.AUDITOR)
def lista() -> Any:
    """The claims that wait for an answer, the oldest first."""
    casos = reclamos.abiertos()
    if formato := formato_pedido():
        hoja = hoja_de_casos(casos, notas_de_lista("Pagué y no aparece. Abiertos.", len(casos)))
        return entregar_lista(escribir(formato, hoja), "reclamos", filas=len(casos))
    return render_template("reclamos/lista.html", casos=casos)


@bp.get("/gestion/tesoreria/reclamos/<int:numero>")
@requiere_rol(Rol.TESORERIA, Rol.AUDITOR)
def ver(numero: int) -> Any:
    """One case, for treasury with whom to answer; who looks is written down."""
    with transaccion():
        caso, suyos = reclamos.leer(numero, usuario=quien_ingreso(), ahora=ahora(), peticion=peticion_id())
    return render_template("reclamos/ver.html", caso=caso, reclamos=suyos, actua=quien_ingreso().rol is Rol.TESORERIA)
