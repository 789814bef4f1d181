"""`/gestion/agentes/meses` and each month: an agent's list, one month, and its paper."""

from typing import Any

from flask import Response, render_template, request

from portal.blueprints.agentes.blueprint import (
    LEEN,
    bp,
    direccion_publica,
    mes_de_la_direccion,
    pagina_del_mes,
    vence_la,
)
from portal.db import transaccion
from portal.documentos.declaracion import pdf_declaracion
from portal.documentos.libro import escribir
from portal.documentos.listados import hoja_de_meses
from portal.documentos.turnos import por_turnos
from portal.dominio.palabras import CLASES_AGENTE, nombre_de
from portal.models import Agente
from portal.models.usuario import Rol
from portal.operaciones.agentes import declaraciones, versiones
from portal.operaciones.agentes.meses import anos_de, meses_de
from portal.operaciones.agentes.plazos import plazos_de
from portal.operaciones.agentes.registro import entidad_de
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.agentes import agente_de_la_direccion
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.exportacion import entregar_lista, formato_pedido, notas_de_lista
from portal.web.reloj import ahora, hoy


@bp.get("/gestion/agentes/meses")
@requiere_rol(Rol.AGENTE)
def meses() -> Any:
    """The months of one's entity, newest first, a year at a time."""
    if quien_ingreso().agente_id is None:
        return render_template("agentes/sin_entidad.html")
    agente = _con_sus_meses(entidad_de(quien_ingreso()))
    anos = anos_de(agente)
    pedido = request.args.get("ano", anos[0], type=int)
    ano = pedido if pedido in anos else anos[0]
    filas = meses_de(agente, ano, hoy=hoy(), plazos=plazos_de(agente.departamento, hoy()))
    if formato := formato_pedido():
        hoja = hoja_de_meses(filas, notas_de_lista(f"{agente.nombre}, {ano}.", len(filas)))
        return entregar_lista(escribir(formato, hoja), f"declaraciones-{ano}", filas=len(filas))
    return render_template(
        "agentes/meses.html",
        agente=agente,
        clase=nombre_de(CLASES_AGENTE, agente.clase),
        anos=anos,
        ano=ano,
        meses=filas,
    )


@bp.get("/gestion/agentes/<codigo>/<mes>")
@requiere_rol(*LEEN)
def mes(codigo: str, mes: str) -> Any:
    """One month: the version that is asked for; else the draft for the agent, and what stands for the department."""
    agente, cual = agente_de_la_direccion(codigo), mes_de_la_direccion(mes)
    version = request.args.get("version", type=int)
    una = versiones.de_mes(agente, cual, version)
    if version is None and quien_ingreso().rol is not Rol.AGENTE:
        una = versiones.en_pie(agente, cual) or una
    return pagina_del_mes(agente, una)


@bp.get("/gestion/agentes/<codigo>/<mes>/<int:version>.pdf")
@requiere_rol(*LEEN)
@por_turnos
def pdf(codigo: str, mes: str, version: int) -> Response:
    """The form on paper; of a draft, marked as such."""
    agente = agente_de_la_direccion(codigo)
    una = versiones.de_mes(agente, mes_de_la_direccion(mes), version)
    renglones = versiones.cuadro_de(agente, una.mes).renglones if una.numero is None else ()
    papel = pdf_declaracion(
        una,
        versiones.contenido_de(una, renglones),
        departamento=departamento_actual(),
        demostracion=ajustes_actuales().es_demostracion,
        vence=vence_la(una),
        url=direccion_publica(una),
    )
    nombre = f"declaracion-{una.mes:%Y-%m}-v{version}.pdf"
    return Response(papel, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{nombre}"'})


def _con_sus_meses(agente: Agente) -> Agente:
    """Open what is missing up to this month: whoever enters before the daily command finds its month too."""
    if declaraciones.falta_abrir(agente, hoy()):
        with transaccion():
            declaraciones.abrir_meses(entidad_de(quien_ingreso()), hoy(), ahora=ahora())
    return entidad_de(quien_ingreso())
