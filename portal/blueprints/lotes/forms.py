"""The one field of an upload."""

from flask_wtf.file import FileField
from wtforms.validators import StopValidation

from portal.dominio.errores import DatoInvalido
from portal.operaciones.lotes.archivo import ArchivoIlegible
from portal.web.formularios import Formulario


def _elegido(_: Formulario, campo: FileField) -> None:
    # An empty file has a name too; what is wrong with its content is said where it is read.
    if campo.data is None:
        raise StopValidation("Elija el archivo con los contratos.")


class SubirForm(Formulario):
    """A file of contracts."""

    archivo = FileField("Archivo con los contratos", validators=[_elegido])

    def senalar(self, error: DatoInvalido) -> None:
        """Each problem of a file is a sentence of its own."""
        mensajes = error.mensajes if isinstance(error, ArchivoIlegible) else (error.mensaje,)
        for mensaje in mensajes:
            super().senalar(DatoInvalido(mensaje, "archivo"))
