"""`/gestion/agentes/...`: an agent sends its deposits and sees what treasury says of them; never another agent's."""

from datetime import date
from typing import Any

from flask import Response, abort, flash, redirect, render_template, url_for

from portal.blueprints.consignaciones.blueprint import bp
from portal.blueprints.consignaciones.forms import EnviarForm
from portal.db import transaccion
from portal.documentos.libro import escribir
from portal.documentos.listados import hoja_de_consignaciones
from portal.dominio.declaraciones import leer_mes, mes_de
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.models import Agente
from portal.models.usuario import Rol
from portal.operaciones.agentes import colas_consignaciones, envios
from portal.operaciones.agentes.envios import Deposito, Soporte
from portal.operaciones.agentes.registro import entidad_de
from portal.web.acceso import quien_ingreso, requiere_rol
from portal.web.descargas import entregar
from portal.web.exportacion import corte, entregar_lista, formato_pedido, notas_de_lista
from portal.web.firmas import firma
from portal.web.htmx import render_page_or_fragment
from portal.web.recepcion import CUERPO_MAXIMO, MAXIMO_MB, recibir
from portal.web.reloj import hoy
from portal.web.seguridad import admite_archivo

_DEMASIADO = (
    f"El archivo pesa demasiado: el máximo es {MAXIMO_MB} MB. No se guardó nada; vuelva a la página anterior, donde está lo "
    "que escribió, y elija un archivo más liviano."
)


@bp.get("/agentes/consignaciones")
@requiere_rol(Rol.AGENTE)
def propias() -> Any:
    """Every deposit of the agent, the newest first, and the way to send one."""
    quien, pagina = quien_ingreso(), None
    agente = entidad_de(quien) if quien.agente_id is not None else None
    if agente is not None:
        pagina = colas_consignaciones.propias(agente, **corte())
        if formato := formato_pedido():
            notas = notas_de_lista(f"todas las de {agente.nombre}.", len(pagina.filas), hay_mas=pagina.paginas > 1)
            contenido = escribir(formato, hoja_de_consignaciones(pagina.filas, notas))
            return entregar_lista(contenido, "consignaciones", filas=len(pagina.filas))
    return render_template("consignaciones/propias.html", agente=agente, pagina=pagina, mes=mes_de(hoy()))


@bp.get("/agentes/meses/<mes>/consignaciones")
@requiere_rol(Rol.AGENTE)
def del_mes(mes: str) -> str:
    """The deposits of a month against what was withheld in it."""
    agente, cual = _mes_propio(mes)
    return render_template("consignaciones/mes.html", agente=agente, mes=cual, declaracion=None)


@bp.route("/agentes/meses/<mes>/consignaciones/nueva", methods=["GET", "POST"])
@requiere_rol(Rol.AGENTE)
@admite_archivo(CUERPO_MAXIMO, _DEMASIADO)
def nueva(mes: str) -> Any:
    """Send one: the value comes filled with what is left to deposit."""
    agente, cual = _mes_propio(mes)
    form = EnviarForm()
    if not form.is_submitted():
        falta = colas_consignaciones.del_mes(agente, cual).por_enviar
        form.valor.data = escribir_pesos(falta).removeprefix("$") if falta else ""
        return _pagina(form, agente, cual, 200)
    if not 20 <= len(form.clave.data or "") <= 64:
        abort(422, "Vuelva a la página anterior y envíe el formulario de nuevo.")
    if not form.validate():
        return _pagina(form, agente, cual, 422)
    datos = Deposito(cual, form.valor.leido, form.fecha.leido, form.banco.leido, form.referencia.leido)
    try:
        soporte = Soporte(*recibir(form.archivo.data, "Elija el comprobante del banco, en PDF.", solo_pdf=True))
        with transaccion():
            numero = envios.enviar(datos, soporte, clave=form.clave.data, firma=firma(), hoy=hoy()).numero
    except DatoInvalido as error:
        form.senalar(error)
        return _pagina(form, agente, cual, 422)
    flash(f"La consignación {numero} quedó enviada. Tesorería la compara con el banco y le responde aquí.", "exito")
    return redirect(url_for("consignaciones.del_mes", mes=mes), 303)


@bp.get("/agentes/consignaciones/<codigo>/comprobante")
@requiere_rol(Rol.AGENTE)
def soporte(codigo: str) -> Response:
    """The slip back, always as a download; one of another agent is as if it did not exist, and is written down."""
    with transaccion():
        archivo = colas_consignaciones.soporte_propio(codigo, firma=firma())
    return entregar(archivo)


def _mes_propio(texto: str) -> tuple[Agente, date]:
    agente = entidad_de(quien_ingreso())
    try:
        mes = leer_mes(texto)
    except DatoInvalido:
        raise NoExiste("La entidad no declara ese mes.") from None
    envios.exigir_mes(agente, mes, hoy())
    return agente, mes


def _pagina(form: EnviarForm, agente: Agente, mes: date, estado: int) -> Response:
    return render_page_or_fragment(
        "consignaciones/nueva.html",
        "consignaciones/_nueva.html",
        estado,
        form=form,
        agente=agente,
        mes=mes,
        maximo_mb=MAXIMO_MB,
    )
