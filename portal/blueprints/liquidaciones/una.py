"""`/gestion/liquidaciones/<código>`: everything that one liquidación stores and what happened to it; and voiding it."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from portal.blueprints.liquidaciones.blueprint import LEEN, LEEN_RECONOCIMIENTOS, LIQUIDAN, bp, pedida, puede_liquidar
from portal.blueprints.liquidaciones.forms import SinEfectoForm
from portal.blueprints.liquidaciones.hechos import hechos_en_palabras
from portal.blueprints.liquidaciones.historia import contar
from portal.blueprints.liquidaciones.retener_form import RetenerForm
from portal.db import transaccion
from portal.dominio.declaraciones import FORMAS
from portal.dominio.palabras import CLASES_CONTRIBUYENTE
from portal.models import Liquidacion
from portal.models.usuario import Rol
from portal.operaciones import estampillas, expedientes, liquidaciones
from portal.operaciones import sin_efecto as anulaciones
from portal.operaciones.agentes import retener
from portal.operaciones.agentes.alcance import es_visible
from portal.operaciones.agentes.registro import entidad_de
from portal.operaciones.normativa import normativa_de
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.departamento import ajustes_actuales
from portal.web.miradas import anotar_mirada
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import peticion_id


@bp.get("/<codigo>")
@requiere_rol(*LEEN)
def ver(codigo: str) -> Any:
    """One liquidación with everything that it stores and what happened to it."""
    hallada = pedida(codigo)
    return pagina(hallada, abrir_retencion(hallada))


@bp.route("/<codigo>/sin-efecto", methods=["GET", "POST"])
@requiere_rol(*LIQUIDAN)
def sin_efecto(codigo: str) -> Any:
    """Ask the reason, then void."""
    hallada = pedida(codigo)
    form = SinEfectoForm()
    if not form.validate_on_submit():
        estado = 422 if form.is_submitted() else 200
        return render_template("liquidaciones/sin_efecto.html", form=form, liquidacion=hallada, hoy=hoy()), estado
    liquidacion_id, numero = hallada.id, hallada.numero
    with transaccion():
        anulaciones.dejar_sin_efecto(
            liquidacion_id, motivo=form.motivo.leido, usuario=quien_ingreso(), ahora=ahora(), peticion=peticion_id()
        )
    flash(f"La liquidación {numero} quedó sin efecto.", "exito")
    return redirect(url_for("liquidaciones.ver", codigo=codigo), 303)


def abrir_retencion(hallada: Liquidacion) -> RetenerForm | None:
    """The form to withhold, for an agent."""
    if quien_ingreso().rol is not Rol.AGENTE:
        return None
    form = RetenerForm()
    form.preparar(hallada, entidad_de(quien_ingreso()), quien_ingreso(), hoy())
    return form


def pagina(hallada: Liquidacion, form: RetenerForm | None, estado: int = 200) -> Any:
    """The page of one liquidación; with what was typed of a withholding that was refused. Who looks is written down."""
    anotar_mirada("liquidacion.ver", f"liquidacion:{hallada.id}")
    cuerpo = render_template(
        "liquidaciones/ver.html",
        liquidacion=hallada,
        creditos=estampillas.pagadas_con(hallada),
        hechos=_hechos_de(hallada),
        historia=contar(hallada, liquidaciones.historia(hallada)),
        puede_anularse=puede_liquidar() and anulaciones.puede_dejarse_sin_efecto(hallada),
        puede_emitir=puede_liquidar(),
        ve_contrato=hallada.es_contrato and _ve_contrato(hallada),
        lee_reconocimientos=quien_ingreso().rol in LEEN_RECONOCIMIENTOS,
        form=form,
        retenibles=retener.retenibles(hallada, entidad_de(quien_ingreso())) if form else [],
        retenciones=retener.de_liquidacion(hallada),
        impedimento=retener.impedimento,
        formas=FORMAS,
        enlace=ajustes_actuales().url + url_for("publico.liquidacion", codigo=hallada.codigo),
        clases=CLASES_CONTRIBUYENTE,
        hoy=hoy(),
    )
    return cuerpo, estado


def _ve_contrato(hallada: Liquidacion) -> bool:
    """Whether all of its contract is in sight: a link that leads nowhere is no link."""
    return all(es_visible(x, quien_ingreso()) for x in expedientes.leer(hallada).liquidaciones)


def _hechos_de(hallada: Liquidacion) -> list[tuple[str, str]]:
    """What was answered about the act; a contract prints its kind and its contractor's among its data."""
    propios = ("contrato.tipo", "contratista.clase") if hallada.es_contrato else ()
    guardados = {clave: v for clave, v in hallada.solicitud.get("hechos", {}).items() if clave not in propios}
    return hechos_en_palabras(normativa_de(hallada.departamento), guardados) if guardados else []
