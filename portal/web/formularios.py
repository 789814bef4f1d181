"""The base of every form: Spanish messages, our own parsers, nothing trusted because a browser sent it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, SelectChoice, StringField
from wtforms.i18n import get_translations
from wtforms.validators import StopValidation

from portal.dominio.errores import DatoInvalido
from portal.dominio.lectura import leer_correo, leer_fecha, leer_porcentaje, leer_telefono

# The parsers that forms name most are at hand here.
__all__ = [
    "CampoTexto",
    "Formulario",
    "leer",
    "leer_correo",
    "leer_fecha",
    "leer_porcentaje",
    "leer_telefono",
    "opciones",
]


# WTForms' messages say what is wrong; these say what to do.
_MENSAJES = {
    "Not a valid choice.": "Elija una opción de la lista.",
    "Invalid Choice: could not coerce.": "Elija una opción de la lista.",
    "'%(value)s' is not a valid choice for this field.": "Elija solo opciones de la lista.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Elija solo opciones de la lista.",
}


class _EnEspanol:
    """Our words for WTForms' messages; its own Spanish for those that no form of ours shows."""

    def __init__(self) -> None:
        self._suyas = get_translations(["es"])

    def gettext(self, mensaje: str) -> str:
        return _MENSAJES.get(mensaje) or str(self._suyas.gettext(mensaje))

    def ngettext(self, uno: str, varios: str, cuantos: int) -> str:
        return str(self._suyas.ngettext(uno, varios, cuantos))


# One for all forms: looking for WTForms' own words in the disk takes longer than reading a form.
_MENSAJERO = _EnEspanol()


class Formulario(FlaskForm):
    """A form whose messages are Spanish."""

    class Meta(FlaskForm.Meta):
        locales = ("es",)
        # `CSRFProtect` looks at every POST before its view, and the pages write the token by themselves.
        csrf = False

        def get_translations(self, _form: object) -> _EnEspanol:
            return _MENSAJERO

    def agregar(self, nombre: str, campo: Any) -> Any:
        """Add a field that only the data know: WTForms takes them from its class alone, and its base forgets the language."""
        con = {"name": nombre, "prefix": self._prefix, "translations": self.meta.get_translations(self)}
        self._fields[nombre] = self.meta.bind_field(self, campo, con)
        return self._fields[nombre]

    def senalar(self, error: DatoInvalido) -> None:
        """Put a refusal of the domain beside the field it names, or at the top of the form."""
        campo = self._fields.get(error.campo or "")
        if campo is None:
            self.form_errors.append(error.mensaje)
        else:
            campo.errors = [*campo.errors, error.mensaje]


class ContrasenaDosVeces(Formulario):
    """A form with a new password in `contrasena` and again in `repetida`: its person does not see what it types."""

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        nueva, repetida = self._fields["contrasena"], self._fields["repetida"]
        if nueva.data != repetida.data:
            repetida.errors = ["Las dos contraseñas no son iguales."]
            return False
        return True


def opciones(pares: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Choices of a select from (value, text) pairs."""
    return [SelectChoice(valor, texto) for valor, texto in pares]


class leer:
    """WTForms validator that hands the typed text to a parser of the domain and keeps its value in `field.leido`.

    A `DatoInvalido` of the parser becomes the field's error; what was typed stays in the field.
    """

    def __init__(self, funcion: Callable[..., Any], *, opcional: bool = False, **argumentos: Any) -> None:
        self.funcion, self.opcional, self.argumentos = funcion, opcional, argumentos
        # WTForms reads the flags of its validators; none of ours becomes an attribute of the input.
        self.field_flags: Mapping[str, Any] = {}

    def __call__(self, form: Formulario, field: Field) -> None:
        texto = field.data or ""
        if self.opcional and not texto.strip():
            field.leido = None
            return
        if not texto.strip():
            raise StopValidation(f"Escriba este dato: {field.label.text}.")
        try:
            field.leido = self.funcion(texto, **self.argumentos)
        except DatoInvalido as error:
            raise StopValidation(error.mensaje) from None


class CampoTexto(StringField):
    """A text field; `leido` holds the parsed value once `leer` ran."""

    leido: Any = None
