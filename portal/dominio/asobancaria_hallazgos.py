"""What is found while reading a bank's file: reasons to refuse it, and variants that are read and said."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portal.dominio.dinero import escribir_miles
from portal.dominio.errores import DatoInvalido

MAXIMO_PROBLEMAS = 100


class Anomalia(StrEnum):
    """Why a file is refused."""

    TAMANO = "tamano"
    CODIFICACION = "codificacion"
    CARACTER = "caracter"
    LINEA_VACIA = "linea_vacia"
    LINEA_LARGA = "linea_larga"
    LINEA_CORTA = "linea_corta"
    TIPO = "tipo"
    ORDEN = "orden"
    INCOMPLETO = "incompleto"
    SOBRANTE = "sobrante"
    DATO = "dato"
    FECHA = "fecha"
    NIT = "nit"
    SERVICIO = "servicio"
    REFERENCIA = "referencia"
    VALOR = "valor"
    SECUENCIA = "secuencia"
    LOTE = "lote"
    CONTEO = "conteo"
    TOTAL = "total"


class Variante(StrEnum):
    """How a file departs from the nominal layout and is read all the same."""

    ANCHO = "ancho"
    RESERVADO = "reservado"
    NIT_SIN_DIGITO = "nit_sin_digito"
    SERVICIO_PROPIO = "servicio_propio"
    CODIGO_DESCONOCIDO = "codigo_desconocido"
    CAMPO_EN_BLANCO = "campo_en_blanco"
    PRIMERA_SECUENCIA = "primera_secuencia"
    CONTEO_CON_CONTROL = "conteo_con_control"
    ARCHIVO_ANTERIOR = "archivo_anterior"


@dataclass(frozen=True)
class Hallazgo:
    """Something found in a file: `linea` counts from 1, 0 for the file as a whole; `mensaje` is for the treasurer.

    A message never quotes a reference, an account or a document.
    """

    linea: int
    campo: str
    clase: Anomalia | Variante
    mensaje: str


class ArchivoRecaudoInvalido(DatoInvalido):
    """A bank's file that cannot be taken: nothing of it is used.

    `problemas` has at most `MAXIMO_PROBLEMAS`, by line; `cuantos` counts all of them.
    """

    def __init__(self, problemas: Collection[Hallazgo], cuantos: int) -> None:
        hay = "un problema" if cuantos == 1 else f"{escribir_miles(cuantos)} problemas"
        super().__init__(
            f"El archivo del banco tiene {hay} y no se cargó nada. Pida al banco el archivo correcto.", "archivo"
        )
        self.problemas = tuple(problemas)
        self.cuantos = cuantos


class Hallazgos:
    """What is found in a file: every problem counted and the first ones kept; each variant said once."""

    def __init__(self) -> None:
        self.cuantos = 0
        self._problemas: list[Hallazgo] = []
        self._avisos: dict[tuple[str, str], Hallazgo] = {}

    def problema(self, linea: int, campo: str, clase: Anomalia, mensaje: str) -> None:
        """Keep a reason to refuse the file."""
        self.cuantos += 1
        if self.cuantos <= MAXIMO_PROBLEMAS:
            self._problemas.append(Hallazgo(linea, campo, clase, mensaje))

    def aviso(self, linea: int, campo: str, clase: Variante, mensaje: str) -> None:
        """Keep a variant, with the first line that shows it."""
        if len(self._avisos) < MAXIMO_PROBLEMAS:
            self._avisos.setdefault((clase, mensaje), Hallazgo(linea, campo, clase, mensaje))

    @property
    def avisos(self) -> tuple[Hallazgo, ...]:
        """The variants, by line."""
        return tuple(sorted(self._avisos.values(), key=lambda h: h.linea))

    def rechazar(self) -> None:
        """Raise `ArchivoRecaudoInvalido` if there is any problem."""
        if self.cuantos:
            raise ArchivoRecaudoInvalido(sorted(self._problemas, key=lambda h: h.linea), self.cuantos)
