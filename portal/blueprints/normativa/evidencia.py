"""`/gestion/normativa/propuestas/<n>/archivo`: the file that proves a draft, sent alone so that nothing typed is at stake."""

from typing import Any

from flask import Response, flash, redirect, request, url_for

from portal.blueprints.normativa.blueprint import LEEN, bp, buscar, firma, pagina
from portal.blueprints.normativa.forms import ArchivoForm, VersionForm
from portal.db import transaccion
from portal.dominio.archivos import PAGINAS_DE_UNA_NORMA
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models.usuario import Rol
from portal.operaciones import evidencias
from portal.web.acceso import requiere_rol
from portal.web.descargas import entregar
from portal.web.recepcion import CUERPO_MAXIMO, MAXIMO_MB, recibir
from portal.web.seguridad import admite_archivo

_DEMASIADO = (
    f"El archivo pesa demasiado: el máximo es {MAXIMO_MB} MB. La propuesta sigue guardada; "
    "vuelva a ella y elija un archivo más liviano."
)


@bp.post("/propuestas/<int:propuesta_id>/archivo")
@requiere_rol(Rol.ADMINISTRADOR)
@admite_archivo(CUERPO_MAXIMO, _DEMASIADO)
def adjuntar(propuesta_id: int) -> Any:
    """Keep a file as the evidence of a draft."""
    una, form = buscar(propuesta_id), ArchivoForm()
    enviado = request.files.get("archivo") if form.validate() else None
    try:
        acto = recibir(enviado, "Elija el archivo del acto.", paginas=PAGINAS_DE_UNA_NORMA)
        with transaccion():
            evidencias.adjuntar(una, *acto, version=form.leida, **firma())
    except DatoInvalido as error:
        form.senalar(error)
        return pagina("normativa/ver.html", buscar(propuesta_id), archivo_form=form, form=form), 422
    except TransicionNoPermitida as error:
        return pagina("normativa/ver.html", buscar(propuesta_id), problema=error.mensaje), 409
    flash("El archivo quedó guardado como evidencia.", "exito")
    return redirect(url_for("normativa.ver", propuesta_id=propuesta_id), 303)


@bp.post("/propuestas/<int:propuesta_id>/archivo/quitar")
@requiere_rol(Rol.ADMINISTRADOR)
def quitar_archivo(propuesta_id: int) -> Any:
    """Leave a draft without its file."""
    una, form = buscar(propuesta_id), VersionForm()
    try:
        with transaccion():
            evidencias.quitar(una, version=form.leida, **firma())
    except TransicionNoPermitida as error:
        return pagina("normativa/ver.html", buscar(propuesta_id), problema=error.mensaje), 409
    flash("La propuesta quedó sin archivo.", "exito")
    return redirect(url_for("normativa.ver", propuesta_id=propuesta_id), 303)


@bp.get("/propuestas/<int:propuesta_id>/archivo")
@requiere_rol(*LEEN)
def archivo(propuesta_id: int) -> Response:
    """Hand the file back, always as a download: whatever it holds, it never runs as a page of the portal."""
    return entregar(evidencias.archivo_de(buscar(propuesta_id)))
