"""Who pays. The choice of facturas travels sealed; amounts never travel."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectField

from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import TIPOS_DOCUMENTO, leer_documento, leer_texto
from portal.models.pago import TipoPersona
from portal.operaciones.pagos import Pagador
from portal.web.formularios import CampoTexto, Formulario, leer, leer_correo, leer_telefono, opciones


class PagadorForm(Formulario):
    """The payer, as PSE asks for it."""

    sello = HiddenField()
    tipo_persona = RadioField(
        "Tipo de persona",
        choices=opciones([(TipoPersona.NATURAL.value, "Natural"), (TipoPersona.JURIDICA.value, "Jurídica")]),
        default=TipoPersona.NATURAL.value,
    )
    tipo_documento = SelectField("Tipo de documento", choices=opciones(TIPOS_DOCUMENTO.items()), default="CC")
    documento = CampoTexto("Número de documento", [leer(leer_texto, maximo=25, campo="documento")])
    nombre = CampoTexto("Nombre completo o razón social", [leer(leer_texto, maximo=100, campo="nombre")])
    correo = CampoTexto("Correo electrónico", [leer(leer_correo)])
    telefono = CampoTexto("Teléfono celular", [leer(leer_telefono)])

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            self.pagador = Pagador(
                tipo_persona=TipoPersona(self.tipo_persona.data),
                tipo_documento=self.tipo_documento.data,
                documento=leer_documento(self.tipo_documento.data, self.documento.leido),
                nombre=self.nombre.leido,
                correo=self.correo.leido,
                telefono=self.telefono.leido,
            )
        except DatoInvalido as error:
            self.senalar(error)
            return False
        return True
