"""The base of every form: Spanish messages, our own parsers, nothing trusted because a browser sent it."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, SelectChoice, StringField
from wtforms.validators import StopValidation

from portal.dominio.errores import DatoInvalido


class Formulario(FlaskForm):
    """A form whose messages are Spanish."""

    class Meta(FlaskForm.Meta):
        locales = ("es",)

    def senalar(self, error: DatoInvalido) -> None:
        """Put a refusal of the domain beside the field it names, or at the top of the form."""
        campo = self._fields.get(error.campo or "")
        if campo is None:
            self.form_errors.append(error.mensaje)
        else:
            campo.errors = [*campo.errors, error.mensaje]


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


_CORREO = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


def leer_correo(texto: str) -> str:
    """An e-mail address of at most 80 characters, the gateway's limit. Raises `DatoInvalido`."""
    limpio = texto.strip()
    if len(limpio) > 80 or not _CORREO.fullmatch(limpio) or ".." in limpio:
        raise DatoInvalido("Escriba un correo electrónico, por ejemplo nombre@correo.com.", "correo")
    return limpio


def leer_telefono(texto: str) -> str:
    """A Colombian phone number: seven to ten digits, `+57`, spaces, dots and hyphens allowed. Raises `DatoInvalido`."""
    limpio = re.sub(r"[ .()-]", "", texto.strip())
    if not re.fullmatch(r"(\+57)?[0-9]{7,12}", limpio):
        raise DatoInvalido("Escriba el teléfono solo con números, por ejemplo 3001234567.", "telefono")
    return limpio


def leer_fecha(texto: str) -> date:
    """A date as the browser's own field sends it (`2025-02-03`), or typed `03/02/2025`. Raises `DatoInvalido`."""
    limpio = texto.strip()
    for forma, largo in (("%Y-%m-%d", 10), ("%d/%m/%Y", 10)):
        try:
            leida = datetime.strptime(limpio, forma).date()  # noqa: DTZ007  a calendar day has no time zone
        except ValueError:
            continue
        if len(limpio) == largo and limpio.isascii() and leida.year >= 1990:
            return leida
    raise DatoInvalido("Escriba una fecha que exista, por ejemplo 03/02/2025.")


def leer_porcentaje(texto: str) -> Decimal:
    """A percentage from 0 to 100 with at most six decimals: `3`, `3,5`, `3 %`. Raises `DatoInvalido`."""
    limpio = texto.strip().removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,3}(,[0-9]{1,6})?", limpio) or Decimal(limpio.replace(",", ".")) > 100:
        raise DatoInvalido("Escriba un porcentaje de 0 a 100, por ejemplo 69,9.")
    return Decimal(limpio.replace(",", "."))
