"""Domain exceptions: they carry data; `portal.web.errores` turns them into an answer once.

`mensaje` is a plain Colombian Spanish sentence that says what happened and what to do; it never holds an identity number.
"""

import re
from datetime import date

from portal.dominio.calendario import dia_en_palabras

_DIA = re.compile(r"(?:en )?la fecha (\d{4}-\d{2}-\d{2})")


class ErrorDominio(Exception):
    """Base of every refusal that the law, the money or the state of a record imposes."""

    def __init__(self, mensaje: str) -> None:
        super().__init__(mensaje)
        self.mensaje = mensaje


class DatoInvalido(ErrorDominio):
    """What a person or another system sent cannot be accepted; `campo` names the field when there is one."""

    def __init__(self, mensaje: str, campo: str | None = None) -> None:
        super().__init__(mensaje)
        self.campo = campo


class NoExiste(ErrorDominio):
    """The record asked for does not exist, or is none of the asker's business: both look the same."""


class Ajeno(NoExiste):
    """The record is another entity's: it looks as if it were not there, and the edge keeps who asked for `objeto`."""

    def __init__(self, mensaje: str, objeto: str) -> None:
        super().__init__(mensaje)
        self.objeto = objeto


class TransicionNoPermitida(ErrorDominio):
    """The state of the record refuses the act."""


class CupoAgotado(ErrorDominio):
    """The account did as much as it may in a while; `espera` is how many seconds are left of it."""

    def __init__(self, mensaje: str, espera: int) -> None:
        super().__init__(mensaje)
        self.espera = espera


class ServicioOcupado(ErrorDominio):
    """So many wait for the same that one more is turned away; `espera` is after how many seconds to come back."""

    def __init__(self, mensaje: str, espera: int) -> None:
        super().__init__(mensaje)
        self.espera = espera


class DocumentoImposible(ErrorDominio):
    """The document is too large, too deeply nested, or cannot be laid out in time; `motivo` is for the log, without data."""

    def __init__(self, mensaje: str, motivo: str) -> None:
        super().__init__(mensaje)
        self.motivo = motivo


class CuentaSinEntidad(TransicionNoPermitida):
    """The account of a collecting agent that nobody linked to its entity."""


class NormaNoVigente(ErrorDominio):
    """No published rule or indicator covers the date, which `mensaje` writes as other systems read it (`2027-01-15`)."""

    @property
    def en_palabras(self) -> str:
        """`mensaje` for people, with the date in words."""
        return _DIA.sub(lambda dia: "el " + dia_en_palabras(date.fromisoformat(dia[1])), self.mensaje)
