"""The one field of an upload."""

from collections.abc import Sequence

from flask_wtf.file import FileField
from wtforms.validators import StopValidation

from portal.dominio.asobancaria_hallazgos import ArchivoRecaudoInvalido, Hallazgo
from portal.dominio.errores import DatoInvalido
from portal.web.formularios import Formulario


def _elegido(_: Formulario, campo: FileField) -> None:
    # An empty file has a name too; what is wrong with its content is said where it is read.
    if campo.data is None:
        raise StopValidation("Elija el archivo que envió el banco.")


class SubirForm(Formulario):
    """A file of the bank. `problemas` are those of its structure, by line."""

    archivo = FileField("Archivo del banco", validators=[_elegido])
    problemas: Sequence[Hallazgo] = ()
    cuantos_problemas = 0

    def senalar(self, error: DatoInvalido) -> None:
        """A file that cannot be read has its list beside the sentence."""
        super().senalar(error)
        if isinstance(error, ArchivoRecaudoInvalido):
            self.problemas, self.cuantos_problemas = error.problemas, error.cuantos
