"""`/gestion/validacion`: find what the paper says, compare, and use its stamps."""

from typing import Any

from flask import Response, flash, redirect, request, url_for

from portal.blueprints.validacion.blueprint import bp
from portal.blueprints.validacion.forms import AdherirForm, BuscarForm
from portal.db import transaccion
from portal.dominio.archivos import MAXIMO_BYTES
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.models import EstampillaElectronica, Liquidacion
from portal.models.usuario import Rol
from portal.operaciones import adhesiones, estampillas, validacion
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import departamento_actual
from portal.web.firmas import firma
from portal.web.htmx import es_fragmento, render_page_or_fragment
from portal.web.reloj import hoy
from portal.web.seguridad import admite_archivo

# A file a few times larger than what is accepted is still read, to say so beside its field.
_CUERPO_MAXIMO = 4 * MAXIMO_BYTES
_DEMASIADO = (
    f"El archivo pesa demasiado: el máximo es {MAXIMO_BYTES // 1024**2} MB. No se usó ninguna estampilla; vuelva a la página "
    "anterior, donde está lo que escribió, y elija un archivo más liviano o ninguno."
)


@bp.route("/buscar", methods=["GET", "POST"])
@requiere_rol(Rol.FUNCIONARIO)
def buscar() -> Any:
    """Find an act; what is typed travels in the body, because it may be an identity number. A single one opens at once."""
    form, hallazgo, estado = BuscarForm(), None, 200
    if request.method == "POST" and not form.validate():
        estado = 422
    elif request.method == "POST":
        with transaccion():
            hallazgo = validacion.buscar(form.buscar.leido, departamento=_departamento(), firma=firma())
            numeros = [x.numero for x in hallazgo.liquidaciones]
            codigo = hallazgo.estampilla.codigo if hallazgo.estampilla else None
        if len(numeros) == 1:
            return _ir(url_for("validacion.acto", numero=numeros[0], codigo=codigo))
    return render_page_or_fragment(
        "validacion/buscar.html",
        "validacion/_hallazgos.html",
        estado,
        form=form,
        hallazgo=hallazgo,
        maximo=validacion.MAXIMO,
        hoy=hoy(),
    )


@bp.get("/leida/<codigo>")
@requiere_rol(Rol.FUNCIONARIO)
def leida(codigo: str) -> Any:
    """From the page that a stamp's QR opens: the act that it belongs to."""
    estampilla = estampillas.por_codigo(codigo)
    if estampilla is None:
        raise NoExiste("No encontramos esa estampilla.")
    return redirect(
        url_for("validacion.acto", numero=estampilla.factura.liquidacion.numero, codigo=estampilla.codigo), 303
    )


@bp.route("/actos/<int:numero>", methods=["GET", "POST"])
@requiere_rol(Rol.FUNCIONARIO)
@admite_archivo(_CUERPO_MAXIMO, _DEMASIADO)
def acto(numero: int) -> Any:
    """What must match the paper, and the form that uses its stamps: all of those chosen or none."""
    with transaccion():
        liquidacion_id = validacion.mirar(numero, firma())
    form = AdherirForm()
    if request.method == "GET":
        form.proponer(validacion.acto(liquidacion_id), quien_ingreso().dependencia)
        return _pagina(liquidacion_id, form)
    if not form.validate():
        return _pagina(liquidacion_id, form, estado=422)
    try:
        hecha = _adherir(liquidacion_id, form)
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(liquidacion_id, form, estado=422)
    except TransicionNoPermitida as error:
        return _pagina(liquidacion_id, form, estado=409, problema=error.mensaje)
    flash(f"La adhesión {hecha} quedó hecha: sus estampillas ya no sirven para otro acto.", "exito")
    return redirect(url_for("validacion.adhesion", numero=hecha), 303)


def _adherir(liquidacion_id: int, form: AdherirForm) -> int:
    que, numeros = form.acto(), _elegidas()
    with transaccion():
        hecha = adhesiones.adherir(
            validacion.acto(liquidacion_id),
            numeros,
            que,
            departamento=_departamento(),
            clave=form.clave.data,
            firma=firma(),
            hoy=hoy(),
        )
        return hecha.numero


def _pagina(liquidacion_id: int, form: AdherirForm, *, estado: int = 200, problema: str = "") -> Response:
    liquidacion = validacion.acto(liquidacion_id)
    filas = validacion.filas_de(liquidacion, departamento=_departamento(), hoy=hoy())
    elegidas = _elegidas() if request.method == "POST" else [f.factura.numero for f in filas if f.reparo is None]
    contexto = {
        "liquidacion": liquidacion,
        "filas": filas,
        "elegidas": elegidas,
        "utiles": [f for f in filas if f.reparo is None],
        "form": form,
        "problema": problema,
        "leida": _leida(liquidacion),
        "maximo_mb": MAXIMO_BYTES // 1024**2,
        "hoy": hoy(),
    }
    return render_page_or_fragment("validacion/acto.html", "validacion/_acto.html", estado, **contexto)


def _leida(liquidacion: Liquidacion) -> dict[str, Any] | None:
    """The stamp that was scanned to come here, as the page tells of it; none, or one of another act, says nothing."""
    estampilla: EstampillaElectronica | None = estampillas.por_codigo(request.args.get("codigo", ""))
    if estampilla is None or estampilla.factura.liquidacion_id != liquidacion.id:
        return None
    situacion = estampillas.situacion(estampilla, hoy())
    return {
        "codigo": escribir_codigo(estampilla.codigo),
        "factura": estampilla.factura.numero,
        "reemplazada": situacion.reemplazada,
        "deshecha": situacion.deshecha,
    }


def _elegidas() -> list[int]:
    """The stamps that were ticked; what is not a number is nothing that a page of ours offers."""
    textos = request.form.getlist("factura")
    return [int(t) for t in textos if t.isascii() and t.isdigit() and len(t) <= 15]


def _ir(direccion: str) -> Any:
    """Lead there: the browser by itself, or through htmx."""
    return Response("", 204, {"HX-Redirect": direccion}) if es_fragmento() else redirect(direccion, 303)


def _departamento() -> str:
    return departamento_actual().codigo
