"""The known first form, the code that follows it, and a new password."""

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.web.formularios import CampoTexto, ContrasenaDosVeces, Formulario, leer, leer_correo


class IngresarForm(Formulario):
    """Labels of the known screen, in correct Spanish."""

    correo = StringField(
        "Correo electrónico",
        [InputRequired("Escriba su correo electrónico."), Length(max=254, message="El correo es demasiado largo.")],
    )
    clave = PasswordField(
        "Contraseña",
        [InputRequired("Escriba su contraseña."), Length(max=128, message="La contraseña es demasiado larga.")],
    )
    recordar = BooleanField("Recordarme")


class CodigoForm(Formulario):
    """Of the application, or of recovery."""

    codigo_acceso = StringField(
        "Código de verificación",
        [InputRequired("Escriba el código."), Length(max=64, message="El código es demasiado largo.")],
    )


class LlaveForm(Formulario):
    """What the browser brings of a key, as JSON."""

    respuesta = CampoTexto("Llave de acceso")


class OlvidoForm(Formulario):
    """Whose password was forgotten."""

    correo = CampoTexto("Correo electrónico", [leer(leer_correo)])


class EnlaceForm(ContrasenaDosVeces):
    """The password that its person chooses."""

    contrasena = PasswordField("Contraseña nueva", [InputRequired("Escriba la contraseña nueva.")])
    repetida = PasswordField("Repita la contraseña", [InputRequired("Repita la contraseña.")])
