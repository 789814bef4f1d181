"""What the pages of the law's data share: who reads them, who signs, and how a proposal is shown."""

from typing import Any

from flask import Blueprint, render_template

from portal.blueprints.normativa.efectos import efectos
from portal.blueprints.normativa.forms import ArchivoForm
from portal.dominio.archivos import MAXIMO_BYTES
from portal.dominio.propuestas_tarifa import cifra_de
from portal.models import PropuestaTarifa
from portal.models.usuario import Rol
from portal.operaciones import ciclo_propuestas, propuestas, tarifas
from portal.operaciones.borradores import Borrador, gravamen_de
from portal.web.acceso import quien_ingreso
from portal.web.departamento import departamento_actual
from portal.web.reloj import ahora, hoy
from portal.web.seguridad import peticion_id

bp = Blueprint("normativa", __name__, url_prefix="/gestion/normativa")
LEEN = (Rol.ADMINISTRADOR, Rol.AUDITOR)


@bp.context_processor
def palabras() -> dict[str, Any]:
    """How templates write the figure of a tariff."""
    return {"cifra_de": cifra_de}


def codigo_departamento() -> str:
    """The department of this installation."""
    return departamento_actual().codigo


def firma() -> dict[str, Any]:
    """Who acts, when, in which request."""
    return {"usuario": quien_ingreso(), "ahora": ahora(), "peticion": peticion_id()}


def buscar(propuesta_id: int) -> Borrador:
    """One proposal. Raises `NoExiste`."""
    return ciclo_propuestas.por_id(codigo_departamento(), propuesta_id)


def administra() -> bool:
    """Whether the signed-in account writes here, and does not only read."""
    return quien_ingreso().rol is Rol.ADMINISTRADOR


def nombre_de(una: Borrador) -> str:
    """What a proposal speaks of: an indicator, or a stamp on an act."""
    if isinstance(una, PropuestaTarifa):
        sujeto = tarifas.sujeto_de(una.departamento, gravamen_de(una).codigo)
        return f"{sujeto.estampilla.nombre}: {sujeto.acto_nombre}"
    return propuestas.indicador_de(codigo_departamento(), una.codigo).nombre


def pagina(plantilla: str, una: Borrador, **contexto: Any) -> str:
    """A page about one proposal, with what publishing it would do while it is a draft."""
    quien = quien_ingreso()
    contexto.setdefault("archivo_form", ArchivoForm())
    frases, problema_hoy = efectos(una, hoy()) if una.es_borrador else ([], "")
    return render_template(
        plantilla,
        propuesta=una,
        nombre=nombre_de(una),
        gravamen=gravamen_de(una) if isinstance(una, PropuestaTarifa) else None,
        administra=quien.rol is Rol.ADMINISTRADOR,
        es_autor=quien.id == una.autor_id,
        efectos=frases,
        problema_hoy=problema_hoy,
        maximo_mb=MAXIMO_BYTES // 1024**2,
        **contexto,
    )
