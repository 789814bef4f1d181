"""Treasury's side of a refund: one person studies, another decides, and the transfer is recorded as the bank has it."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from portal.blueprints.devoluciones.forms import CuentaForm, DecisionForm, EstudioForm, GiroForm, ReboteForm
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.listados import hoja_de_devoluciones
from portal.dominio.devoluciones import CAUSALES, PALABRAS, TIPOS_CUENTA, ultimo_dia_para_pedir
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models import Devolucion
from portal.models.usuario import Rol
from portal.operaciones import devoluciones, listado_devoluciones
from portal.operaciones.devoluciones import Firma
from portal.operaciones.libro import cuentas_de_banco
from portal.web.acceso import es_de_rol, quien_ingreso, requiere_rol
from portal.web.confirmacion import reautenticado
from portal.web.departamento import departamento_actual
from portal.web.descargas import entregar
from portal.web.exportacion import corte, entregar_lista, formato_pedido, notas_de_lista
from portal.web.formularios import Formulario
from portal.web.recepcion import MAXIMO_MB
from portal.web.reloj import BOGOTA, ahora, hoy
from portal.web.seguridad import peticion_id

bp = Blueprint("devoluciones", __name__, url_prefix="/gestion/tesoreria/devoluciones")
# Who gave an account was told that only treasury sees it: an auditor reads the rest of the request.
LEEN = (Rol.TESORERIA, Rol.AUDITOR)


@bp.context_processor
def palabras() -> dict[str, Any]:
    """How templates name a ground, a state and a kind of account, and whether this account acts or only reads."""
    return {
        "causales": CAUSALES,
        "palabras_de": PALABRAS,
        "tipos_cuenta": TIPOS_CUENTA,
        "actua": es_de_rol(Rol.TESORERIA),
    }


@bp.get("")
@requiere_rol(*LEEN)
def lista() -> Any:
    """Those that wait, the oldest first, or those that ended. No personal data."""
    vivas = request.args.get("filtro") != "terminadas"
    pagina = listado_devoluciones.de(vivas, **corte())
    if formato := formato_pedido():
        notas = notas_de_lista("En curso." if vivas else "Terminadas.", len(pagina.filas), hay_mas=pagina.paginas > 1)
        contenido = escribir(formato, hoja_de_devoluciones(pagina.filas, notas))
        return entregar_lista(contenido, "devoluciones", filas=len(pagina.filas))
    return render_template("devoluciones/lista.html", pagina=pagina, vivas=vivas)


@bp.get("/<int:numero>")
@requiere_rol(*LEEN)
def ver(numero: int) -> Any:
    """Everything of a request, for treasury with its account."""
    return pagina(numero)


@bp.get("/<int:numero>/certificacion")
@requiere_rol(Rol.TESORERIA)
def certificacion(numero: int) -> Response:
    """The bank's certificate, always as a download."""
    with transaccion():
        devoluciones.mirar(devoluciones.por_numero(numero), firma())
    return entregar(devoluciones.por_numero(numero).destino.certificacion)


@bp.post("/<int:numero>/estudiar")
@requiere_rol(Rol.TESORERIA)
def estudiar(numero: int) -> Any:
    """Write the concept of the first person."""
    una, form = devoluciones.por_numero(numero), EstudioForm()
    if not form.validate():
        return pagina(numero, form), 422
    with transaccion():
        devoluciones.estudiar(una, form.concepto.leido, firma())
    return volver(numero, "El concepto quedó guardado. La decide otra persona de Tesorería.")


@bp.post("/<int:numero>/decidir")
@requiere_rol(Rol.TESORERIA)
@reautenticado
def decidir(numero: int) -> Any:
    """Approve or deny, as the second person."""
    frases = "La devolución quedó aprobada: falta transferir.", "La devolución quedó negada."
    return segunda_persona(numero, devoluciones.aprobar, devoluciones.negar, frases)


@bp.post("/<int:numero>/pagar")
@requiere_rol(Rol.TESORERIA)
@reautenticado
def pagar(numero: int) -> Any:
    """Record the transfer."""
    una, form = devoluciones.por_numero(numero), GiroForm()
    if not form.validate():
        return pagina(numero, form), 422
    desde = una.aprobada_en.astimezone(BOGOTA).date()

    def hacer() -> None:
        with transaccion():
            devoluciones.pagar(una, form.transferencia, firma(), desde=desde, hoy=hoy())

    return intentar(numero, form, hacer, "La transferencia quedó registrada.")


def segunda_persona(
    numero: int,
    aprobar: Callable[[Devolucion, Firma], None],
    negar: Callable[[Devolucion, str, Firma], None],
    frases: tuple[str, str],
) -> Any:
    """Approve or deny what another person prepared; `frases` say that it was approved, and that it was denied."""
    aprobada, negada = frases
    una, form, niega = devoluciones.por_numero(numero), DecisionForm(), request.form.get("decision") != "aprobar"
    if not form.validate(niega=niega):
        return pagina(numero, form), 422

    def hacer() -> None:
        with transaccion():
            if niega:
                negar(una, form.motivo.leido, firma())
            else:
                aprobar(una, firma())

    return intentar(numero, form, hacer, negada if niega else aprobada)


def intentar(numero: int, form: Formulario, hacer: Callable[[], None], frase: str) -> Any:
    """Do what a form asks; what is wrong is said on the page of the request, which keeps what was typed."""
    try:
        hacer()
    except DatoInvalido as error:
        form.senalar(error)
        return pagina(numero, form), 422
    except TransicionNoPermitida as error:
        return pagina(numero, problema=error.mensaje), 409
    return volver(numero, frase)


def pagina(numero: int, form: Any = None, problema: str = "") -> str:
    """Everything of a request, with the form that was sent and what is wrong with it; who looks is written down."""
    with transaccion():
        devoluciones.mirar(devoluciones.por_numero(numero), firma())
    una = devoluciones.por_numero(numero)
    return render_template(
        "devoluciones/ver.html",
        devolucion=una,
        form=form,
        estudio=form if isinstance(form, EstudioForm) else EstudioForm(None),
        decision=form if isinstance(form, DecisionForm) else DecisionForm(None),
        giro=form if isinstance(form, GiroForm) else GiroForm(None),
        rebote=form if isinstance(form, ReboteForm) else ReboteForm(None),
        cuenta=form if isinstance(form, CuentaForm) else CuentaForm(None, data={"clave": secrets.token_urlsafe(24)}),
        problema=problema,
        la_estudie=una.estudiada_por == quien_ingreso().id,
        soy_la_primera=bool(una.correcciones) and una.correcciones[-1].primera_por == quien_ingreso().id,
        maximo_mb=MAXIMO_MB,
        cuentas=cuentas_de_banco(),
        fuera_de_plazo=_fuera_de_plazo(una),
    )


def _fuera_de_plazo(una: Devolucion) -> bool:
    """Whether it was asked after the legal term: a person decides what that means for this request."""
    pagado = (una.pago.resuelto_en or una.pago.creado_en).astimezone(BOGOTA).date()
    # What a reduction left over is owed since the reduction, however old the payment is.
    reducciones = [p.saldo.movimiento.fecha for p in una.partes if p.saldo and p.saldo.movimiento.fecha]
    pedida = una.solicitada_en.astimezone(BOGOTA).date()
    return pedida > ultimo_dia_para_pedir(max([pagado, *reducciones]), departamento_actual().devolucion.anos_para_pedir)


def volver(numero: int, frase: str) -> Any:
    """To the page of a request, which says what was done."""
    flash(frase, "exito")
    return redirect(url_for("devoluciones.ver", numero=numero), 303)


def firma() -> Firma:
    """Who acts, when, in which request."""
    return Firma(quien_ingreso(), ahora(), peticion_id())
