"""What an agent types of a withholding: which stamps, how, on which paper, on which day."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Length

from portal.dominio.declaraciones import FORMAS, FormaRetencion
from portal.dominio.identificacion import leer_texto
from portal.models import Agente, Factura, Liquidacion, Usuario
from portal.operaciones.agentes import retener
from portal.operaciones.agentes.retener import Descuento
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha, opciones


class RetenerForm(Formulario):
    """`clave` makes sending it twice the same as once."""

    factura = SelectMultipleField(
        "Estampillas que retuvo",
        coerce=str,
        validators=[DataRequired("Elija al menos una estampilla.")],
    )
    forma = SelectField("Cómo la retuvo", choices=opciones((f.value, texto) for f, texto in FORMAS.items()))
    documento = CampoTexto("Número del documento", [leer(leer_texto, maximo=60, campo="documento")])
    fecha = CampoTexto("Fecha", [leer(leer_fecha)])
    sede = SelectField("Sede", validate_choice=True)
    clave = HiddenField(validators=[Length(20, 64, "Vuelva a la liquidación y empiece de nuevo.")])

    def preparar(self, liquidacion: Liquidacion, agente: Agente, usuario: Usuario, hoy: date) -> None:
        """Offer what can be withheld now, all of it chosen, today; an office when the entity has any."""
        # What another tab withheld meanwhile is refused by the operation, which also knows the same form sent twice.
        self.factura.choices = [str(f.numero) for f in liquidacion.facturas]
        sedes = [s for s in agente.sedes if s.activa]
        self.sede.choices = opciones([("", "Ninguna en particular"), *((str(s.id), s.nombre) for s in sedes)])
        # One that was closed while the page was open is refused, not forgotten.
        if not sedes and not self.sede.data:
            del self["sede"]
        if request.method == "GET":
            self._proponer(retener.retenibles(liquidacion, agente), usuario, hoy)

    def _proponer(self, facturas: Sequence[Factura], usuario: Usuario, hoy: date) -> None:
        self.factura.data = [str(f.numero) for f in facturas]
        self.fecha.data, self.clave.data = hoy.isoformat(), secrets.token_urlsafe(24)
        if "sede" in self and usuario.sede_id is not None:
            self.sede.data = str(usuario.sede_id)

    @property
    def numeros(self) -> list[int]:
        """The facturas that were chosen, from fields that were validated."""
        elegidas: list[Any] = self.factura.data or []
        return [int(n) for n in elegidas]

    @property
    def descuento(self) -> Descuento:
        """What the paper says, from fields that were validated."""
        sede = self.sede.data if "sede" in self else ""
        return Descuento(
            FormaRetencion(self.forma.data), self.documento.leido, self.fecha.leido, int(sede) if sede else None
        )
