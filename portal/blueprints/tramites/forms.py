"""Who assesses an open trámite: only what the liquidación prints."""

from typing import Any

from wtforms import SelectField

from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import TIPOS_DOCUMENTO, leer_texto
from portal.models.liquidacion import ClaseContribuyente
from portal.operaciones.datos_encargo import componer_contribuyente
from portal.operaciones.encargos import Contribuyente
from portal.web.formularios import CampoTexto, Formulario, leer, leer_correo, opciones


class QuienForm(Formulario):
    """Document, name and, optional, e-mail. Validated, `contribuyente` is who owes."""

    tipo_documento = SelectField("Tipo de documento", choices=opciones(TIPOS_DOCUMENTO.items()), default="CC")
    documento = CampoTexto("Número de documento", [leer(leer_texto, maximo=25, campo="documento")])
    nombre = CampoTexto("Nombre completo o razón social", [leer(leer_texto, maximo=160, campo="nombre")])
    correo = CampoTexto("Correo electrónico", [leer(leer_correo, opcional=True)])

    contribuyente: Contribuyente

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        clase = ClaseContribuyente.JURIDICA if self.tipo_documento.data == "NIT" else ClaseContribuyente.NATURAL
        datos = {campo: self[campo].leido for campo in ("documento", "nombre", "correo")}
        try:
            self.contribuyente = componer_contribuyente(
                datos | {"tipo_documento": self.tipo_documento.data, "clase": clase}
            )
        except DatoInvalido as error:
            self.senalar(error)
            return False
        return True
