"""How pages and documents write money, dates and documents of identity."""

from datetime import date, datetime
from functools import cache

from flask import Flask, get_template_attribute
from markupsafe import Markup

from portal.dominio.calendario import dia_en_palabras, instante_en_palabras, mes_en_palabras
from portal.dominio.codigo_corto import escribir_codigo
from portal.dominio.dinero import escribir_cambio, escribir_diferencia, escribir_miles, escribir_pesos
from portal.dominio.estados import EstadoPublico
from portal.dominio.explicacion import escribir_exacto
from portal.dominio.identificacion import escribir_documento
from portal.web.reloj import BOGOTA


def fecha_larga(valor: date | datetime) -> str:
    """`21 de noviembre de 2026`; an instant is shown on its Colombian day."""
    return dia_en_palabras(valor.astimezone(BOGOTA).date() if isinstance(valor, datetime) else valor)


@cache
def etiqueta(estado: EstadoPublico) -> Markup:
    """A state as pages show it: a table has many and there are few, so each is written once."""
    return Markup(get_template_attribute("componentes/etiquetas.html", "estado")(estado))  # noqa: S704  our own template


def init_app(app: Flask) -> None:
    """Register the filters of templates."""
    app.jinja_env.filters.update(
        pesos=escribir_pesos,
        diferencia=escribir_diferencia,
        cambio=escribir_cambio,
        miles=escribir_miles,
        exacto=escribir_exacto,
        fecha=fecha_larga,
        fecha_hora=instante_en_palabras,
        mes_largo=mes_en_palabras,
        documento=escribir_documento,
        codigo_corto=escribir_codigo,
        etiqueta=etiqueta,
    )
