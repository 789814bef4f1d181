"""What people write about their own account."""

from typing import Any

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.dominio.identificacion import leer_texto
from portal.web.formularios import CampoTexto, Formulario, leer


class ContrasenaForm(Formulario):
    """The present password, and the next one twice."""

    contrasena_actual = PasswordField(
        "Contraseña actual",
        [InputRequired("Escriba su contraseña actual."), Length(max=128, message="La contraseña es demasiado larga.")],
    )
    contrasena = PasswordField("Contraseña nueva", [InputRequired("Escriba la contraseña nueva.")])
    repetida = PasswordField("Repita la contraseña", [InputRequired("Repita la contraseña.")])

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.contrasena.data != self.repetida.data:
            self.repetida.errors = ["Las dos contraseñas no son iguales."]
            return False
        return True


class FactorForm(Formulario):
    """The code that shows that the application took the secret; `sello` holds it, sealed, until then."""

    codigo = StringField(
        "Código de 6 dígitos",
        [
            InputRequired("Escriba el código que muestra la aplicación."),
            Length(max=12, message="El código tiene 6 dígitos."),
        ],
    )
    sello = CampoTexto("Sello")


class LlaveForm(Formulario):
    """A new key: its name, and what the browser brings of it as JSON."""

    nombre = CampoTexto("Nombre de la llave", [leer(leer_texto, maximo=60, campo="nombre")])
    respuesta = CampoTexto("Llave de acceso")
    sello = CampoTexto("Sello")
