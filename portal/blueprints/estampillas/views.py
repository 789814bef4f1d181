"""`/v/<código>`, `/verificar` and the published keys. Whoever asks reads the contributor masked, as the QR has it.

The short code of a certificate is taken too, and leads to its page.
"""

from typing import Any

from flask import Response, redirect, render_template, url_for

from portal.blueprints.estampillas.blueprint import bp
from portal.blueprints.estampillas.forms import VerificarForm
from portal.blueprints.estampillas.palabras import palabras_de
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.sello import es_sello, leer_mensaje, separar
from portal.models import EstampillaElectronica
from portal.models.usuario import Rol
from portal.operaciones import certificados, claves, estampillas
from portal.web.acceso import es_de_rol, publico
from portal.web.departamento import ajustes_actuales
from portal.web.frenos import frenar_consulta
from portal.web.reloj import hoy


@bp.get("/v/<codigo>")
@publico
def ver(codigo: str) -> Any:
    """What the QR of a stamp opens, or its short code: what it says, and what it is worth at this moment.

    A signed text that is right is no guess and is not counted; whatever else is looked up is (I-21).
    """
    firmada = es_sello(codigo)
    hallada = estampillas.por_sello(codigo, departamento=ajustes_actuales().departamento) if firmada else None
    if hallada is None:
        frenar_consulta()
        hallada = None if firmada else estampillas.por_codigo(codigo)
    if hallada is None and certificados.por_codigo(codigo):
        return redirect(url_for("certificados.verificado", codigo=codigo), 303)
    if hallada is None:
        return render_template("estampillas/no_valida.html", form=VerificarForm()), 404
    return _pagina(hallada, firmada)


def _pagina(estampilla: EstampillaElectronica, firmada: bool) -> str:
    situacion = estampillas.situacion(estampilla, hoy())
    return render_template(
        "estampillas/ver.html",
        codigo=escribir_codigo(estampilla.codigo),
        sello=leer_mensaje(separar(estampilla.sello)[0]),
        impresa=estampilla.impresa,
        expedida_en=estampilla.expedida_en,
        situacion=situacion,
        uso=estampilla.factura.uso,
        retenida=_retenida(estampilla) if situacion.esta_pagada else "",
        puede_adherir=situacion.sirve and es_de_rol(Rol.FUNCIONARIO),
        palabras=palabras_de(situacion),
        firmada=firmada,
    )


def _retenida(estampilla: EstampillaElectronica) -> str:
    """How an agent withheld it, for anybody: the number of the entity's paper is on the stamp alone."""
    credito = estampilla.recaudo
    return credito.retenida(con_documento=False) if credito else ""


@bp.route("/verificar", methods=["GET", "POST"])
@publico
def verificar() -> Any:
    """Type the short code of a stamp or of a certificate."""
    form = VerificarForm()
    if not form.validate_on_submit():
        return render_template("estampillas/verificar.html", form=form), 422 if form.is_submitted() else 200
    return redirect(url_for("estampillas.ver", codigo=form.codigo.leido), 303)


@bp.get("/claves/estampillas.pem")
@publico
def publicadas() -> Response:
    """Every public key that signs or signed, each after a line with its id."""
    bloques = [f"# clave {clave.id}\n{clave.publica.strip()}\n" for clave in claves.publicadas()]
    return Response("\n".join(bloques), mimetype="application/x-pem-file")
