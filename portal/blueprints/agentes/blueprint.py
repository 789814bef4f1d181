"""Who enters, how a month is written in an address, and the page of a month, which several views show."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for

from portal.dominio.declaraciones import EN_PIE, EstadoDeclaracion, huella, leer, leer_mes, mes_siguiente, sumar
from portal.dominio.errores import DatoInvalido, NoExiste
from portal.dominio.plazos import Vencimiento
from portal.models import Agente, Declaracion
from portal.models.usuario import Rol
from portal.operaciones.agentes import versiones
from portal.operaciones.agentes.plazos import plazos_de
from portal.web.acceso import quien_ingreso
from portal.web.departamento import ajustes_actuales
from portal.web.reloj import hoy

bp = Blueprint("agentes", __name__)
DEPARTAMENTO = (Rol.RENTAS, Rol.TESORERIA, Rol.AUDITOR, Rol.ADMINISTRADOR)
LEEN = (Rol.AGENTE, *DEPARTAMENTO)


def mes_de_la_direccion(texto: str) -> date:
    """A month of the address, as `2026-11`. Raises `NoExiste`."""
    try:
        return leer_mes(texto)
    except DatoInvalido:
        raise NoExiste("No encontramos ese mes.") from None


def direccion_del_mes(una: Declaracion) -> str:
    """The page of a version's month."""
    return url_for("agentes.mes", codigo=una.agente.codigo, mes=f"{una.mes:%Y-%m}", version=una.version)


def direccion_publica(una: Declaracion) -> str:
    """Where anyone checks a return that was filed: what its paper prints and its QR opens."""
    return ajustes_actuales().url + url_for("agentes.declaracion", codigo=una.codigo)


def vence_la(una: Declaracion) -> date | None:
    """When it was due as it was filed; when it is due, of a draft."""
    if una.numero is not None:
        return una.vence
    plazo = _plazo_de(una)
    return plazo.dia if plazo else None


def _plazo_de(una: Declaracion) -> Vencimiento | None:
    return plazos_de(una.agente.departamento, hoy())(una.mes)


def pagina_del_mes(agente: Agente, una: Declaracion, *, estado: int = 200, aviso: str = "") -> Any:
    """One version of a month with all that can be done with it by whoever looks."""
    todas = versiones.versiones_de(agente, una.mes)
    cuadro = versiones.cuadro_de(agente, una.mes)
    contenido = versiones.contenido_de(una, cuadro.renglones)
    renglones, _ = leer(contenido)
    # Of what was filed, the day that was due then is told; of a draft, why it is that one too.
    plazo = _plazo_de(una) if una.numero is None else None
    pagina = render_template(
        "agentes/mes.html",
        agente=agente,
        mes=una.mes,
        siguiente=mes_siguiente(una.mes),
        declaracion=una,
        versiones=todas,
        cuadro=cuadro,
        renglones=renglones,
        sumas=sumar(renglones),
        huella=huella(contenido),
        vence=plazo.dia if plazo else una.vence,
        plazo=plazo,
        es_borrador=una.estado is EstadoDeclaracion.BORRADOR,
        es_ultima=una.id == todas[0].id,
        en_pie=una.estado in EN_PIE,
        terminado=mes_siguiente(una.mes) <= hoy(),
        rol=quien_ingreso().rol.value,
        aviso=aviso,
    )
    return pagina, estado
