"""First screen, assessment page, help, health, and the addresses of the old system."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from portal.db import transaccion
from portal.documentos.liquidacion import pdf_liquidacion
from portal.documentos.turnos import por_turnos
from portal.dominio.estados import SIGNIFICADO, EstadoPublico
from portal.operaciones import liquidaciones, metricas, normativa
from portal.operaciones.autoliquidaciones import impedimento_para_reliquidar, sustituta
from portal.operaciones.autoliquidaciones import reliquidar as autoliquidar_de_nuevo
from portal.operaciones.estampillas import pagadas_con
from portal.operaciones.propuestas import aviso_de_valores
from portal.web.acceso import publico
from portal.web.apariencia import LETRAS
from portal.web.autoservicio import autoservicio
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.estampillas import clave_inservible
from portal.web.frenos import frenar_envio
from portal.web.metricas import admite_lectura, sumar_lo_contado
from portal.web.migraciones import faltan_migraciones
from portal.web.reloj import ahora, hoy

bp = Blueprint("publico", __name__)

# Old address -> endpoint: printed circulars and the department's site point at them.
ANTERIORES = {
    "/users/login": "login.ingresar",
    "/index.php/liquidacionespublicas/consultaPublica": "consulta.consultar",
    "/index.php/liquidacionesPSE/pagoPublico": "pago.buscar",
}


@bp.get("/")
@publico
def inicio() -> Any:
    """The known first screen: the login panel beside the two public actions."""
    return current_app.view_functions["login.ingresar"]()


@bp.get("/liquidacion/<codigo>")
@publico
def liquidacion(codigo: str) -> Any:
    """The private page of one assessment, reached by its unguessable code: lines, states, PDF, payment."""
    encontrada = liquidaciones.por_codigo(codigo)
    return render_template(
        "publico/liquidacion.html",
        liquidacion=encontrada,
        creditos=pagadas_con(encontrada),
        vencida=EstadoPublico.VENCIDA in encontrada.estados_publicos(hoy()),
        impedimento=impedimento_para_reliquidar(encontrada, hoy()),
        sustituta=sustituta(encontrada),
        direccion=ajustes_actuales().url + url_for("publico.liquidacion", codigo=codigo),
        hoy=hoy(),
    )


@bp.post("/liquidacion/<codigo>/liquidar-de-nuevo")
@publico
def reliquidar(codigo: str) -> Any:
    """What expired, assessed again with the values of today by whoever holds its address."""
    frenar_envio("liquidar")
    encontrada = liquidaciones.por_codigo(codigo)
    with transaccion():
        nueva = autoliquidar_de_nuevo(encontrada, autoservicio()).codigo
    return redirect(url_for("publico.liquidacion", codigo=nueva), 303)


@bp.get("/liquidacion/<codigo>.pdf")
@publico
@por_turnos
def liquidacion_pdf(codigo: str) -> Response:
    """The liquidación as PDF."""
    encontrada = liquidaciones.por_codigo(codigo)
    # Before it is laid out, which lets go of what was read.
    nombre = f"liquidacion-{encontrada.numero}.pdf"
    ajustes = ajustes_actuales()
    cuerpo = pdf_liquidacion(
        encontrada,
        departamento=departamento_actual(),
        gln=ajustes.gln,
        url=ajustes.url + url_for("publico.liquidacion", codigo=codigo),
        demostracion=ajustes.es_demostracion,
        creditos=pagadas_con(encontrada),
    )
    return Response(cuerpo, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{nombre}"'})


@bp.get("/ayuda")
@publico
def ayuda() -> str:
    """The index of help, its short topics and the contact."""
    return render_template("ayuda/inicio.html", significados=SIGNIFICADO)


@bp.get("/ayuda/pagar")
@publico
def ayuda_pagar() -> str:
    """The instructivo of paying, to read or to print."""
    return render_template("ayuda/pagar.html")


@bp.get("/ayuda/consultar")
@publico
def ayuda_consultar() -> str:
    """The instructivo of validating payments, to read or to print."""
    return render_template("ayuda/consultar.html", significados=SIGNIFICADO)


@bp.get("/accesibilidad")
@publico
def accesibilidad() -> str:
    """What the portal offers to people with disabilities and how to report a barrier."""
    return render_template("publico/accesibilidad.html", letras=LETRAS.items())


@bp.get("/privacidad")
@publico
def privacidad() -> str:
    """How personal data are treated (Ley 1581 de 2012)."""
    return render_template("publico/privacidad.html")


@bp.get("/salud")
@publico
def salud() -> Response:
    """Alive."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/metrics")
@publico
def metrics() -> Response:
    """What watches the portal reads this, from this machine or with the installation's key; to others it does not exist."""
    if not admite_lectura():
        abort(404)
    sumar_lo_contado()
    return Response(metricas.escribir(ahora()), content_type="text/plain; version=0.0.4; charset=utf-8")


@bp.get("/listo")
@publico
def listo() -> tuple[Response, int]:
    """Ready: database reachable, migrated, with the values of this year, and a key that signs; else 503 and what is missing.

    From 1 December it also names next year's missing values, which is no failure yet.
    """
    faltas = [falta for falta in (_migraciones_pendientes(), _indicadores_que_faltan(), clave_inservible()) if falta]
    lineas = faltas or list(filter(None, ["listo", aviso_de_valores(ajustes_actuales().departamento, hoy())]))
    respuesta = Response("\n".join(lineas) + "\n", mimetype="text/plain")
    return respuesta, 503 if faltas else 200


def _migraciones_pendientes() -> str:
    return "Faltan migraciones de la base de datos." if faltan_migraciones() else ""


def _indicadores_que_faltan() -> str:
    faltan = normativa.indicadores_sin_valor(ajustes_actuales().departamento, hoy())
    return f"Faltan valores de este año: {', '.join(faltan)}." if faltan else ""


def _anterior() -> Any:
    """Send an old address to its new place, whatever was asked, for good."""
    ruta = request.path.removeprefix("/estampillas-pro-putumayo")
    return redirect(url_for(ANTERIORES[ruta]), 308)


for _ruta in ANTERIORES:
    for _prefijo in ("", "/estampillas-pro-putumayo"):
        bp.add_url_rule(_prefijo + _ruta, endpoint="anterior", view_func=publico(_anterior))
