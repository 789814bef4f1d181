"""A list of contracts or facturas: pasted, or in a file."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import TextAreaField

from portal.dominio.errores import DatoInvalido
from portal.operaciones.listas import LIMITES
from portal.operaciones.lotes.archivo import ArchivoIlegible
from portal.web.formularios import Formulario

# As much as a form may bring in a field that is not a file.
MAXIMO_TEXTO = 200_000


class ListaForm(Formulario):
    """One of the two; `contenido` holds its bytes once it is valid."""

    lista = TextAreaField("Pegue la lista")
    archivo = FileField("O elija un archivo")

    contenido: bytes = b""

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        texto, enviado = (self.lista.data or "").strip("\r\n"), self.archivo.data
        try:
            if texto.strip() and enviado is not None:
                raise DatoInvalido("Pegue la lista o elija un archivo, no las dos cosas.", "lista")
            if not texto.strip() and enviado is None:
                raise DatoInvalido("Pegue la lista o elija un archivo.", "lista")
            if len(texto) > MAXIMO_TEXTO:
                raise DatoInvalido("La lista es demasiado larga para pegarla. Súbala en un archivo.", "lista")
        except DatoInvalido as error:
            self.senalar(error)
            return False
        self.contenido = enviado.read(LIMITES.bytes + 1) if enviado is not None else texto.encode()
        return True

    def senalar(self, error: DatoInvalido) -> None:
        """Each problem of a list is a sentence of its own, beside where the list came from."""
        mensajes = error.mensajes if isinstance(error, ArchivoIlegible) else (error.mensaje,)
        campo = "archivo" if self.archivo.data is not None else "lista"
        for mensaje in mensajes:
            super().senalar(DatoInvalido(mensaje, campo))
