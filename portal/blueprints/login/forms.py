"""The known first form: address, password, *Recordarme*."""

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.web.formularios import Formulario


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
