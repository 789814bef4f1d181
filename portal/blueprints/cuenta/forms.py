"""What people write about their own account."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.dominio.identificacion import leer_texto
from portal.web.formularios import CampoTexto, ContrasenaDosVeces, Formulario, leer


class ContrasenaForm(ContrasenaDosVeces):
    """The present password, and the next one twice."""

    contrasena_actual = PasswordField(
        "Contraseña actual",
        [InputRequired("Escriba su contraseña actual."), Length(max=128, message="La contraseña es demasiado larga.")],
    )
    contrasena = PasswordField("Contraseña nueva", [InputRequired("Escriba la contraseña nueva.")])
    repetida = PasswordField("Repita la contraseña", [InputRequired("Repita la contraseña.")])


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
