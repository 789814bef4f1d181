"""The members of a consorcio as rows of fields: as many as are typed, and one more when it is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import SelectField

from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import TIPOS_DOCUMENTO, leer_documento, leer_texto
from portal.operaciones.encargos import Miembro
from portal.web.formularios import CampoTexto, Formulario, leer, leer_porcentaje, opciones

AGREGAR = "agregar_integrante"
_AL_COMIENZO, _MAXIMO = 2, 20


@dataclass(frozen=True)
class FilaIntegrante:
    """The fields of one member."""

    numero: int
    tipo_documento: Any
    documento: Any
    nombre: Any
    porcentaje: Any

    @property
    def escrita(self) -> bool:
        """Whether anything was typed in it: the rows that nobody used are no members."""
        return any((campo.data or "").strip() for campo in (self.documento, self.nombre, self.porcentaje))


def agregar_filas(form: Formulario, *, obligan: bool) -> tuple[FilaIntegrante, ...]:
    """Add the rows to a form. `obligan`: what was typed in them counts; otherwise it only stays where it was typed."""
    enviadas = sum(1 for n in range(1, _MAXIMO + 1) if f"integrante.{n}.documento" in request.form)
    cuantas = max(enviadas, _AL_COMIENZO) + (AGREGAR in request.form)
    return tuple(_fila(form, n, obligan) for n in range(1, min(cuantas, _MAXIMO) + 1))


def _fila(form: Formulario, n: int, obligan: bool) -> FilaIntegrante:
    def ligar(nombre: str, campo: Any) -> Any:
        ligado = form.agregar(f"integrante.{n}.{nombre}", campo)
        ligado.process(request.form if request.method == "POST" else None)
        return ligado

    def texto(etiqueta: str, *lector: Any, **argumentos: Any) -> Any:
        return CampoTexto(etiqueta, [leer(*lector, opcional=True, **argumentos)] if obligan else [])

    tipos = SelectField(
        f"Tipo de documento del integrante {n}", choices=opciones(TIPOS_DOCUMENTO.items()), default="NIT"
    )
    return FilaIntegrante(
        n,
        ligar("tipo_documento", tipos),
        ligar("documento", texto(f"Documento del integrante {n}", leer_texto, maximo=25, campo="documento")),
        ligar("nombre", texto(f"Nombre del integrante {n}", leer_texto, maximo=160, campo="nombre")),
        ligar("porcentaje", texto(f"Participación del integrante {n} (%)", leer_porcentaje)),
    )


def leer_filas(filas: Iterable[FilaIntegrante]) -> tuple[Miembro, ...]:
    """The members of validated rows. Raises `DatoInvalido` naming the field of a row that is half typed, or wrong."""
    return tuple(_miembro(fila) for fila in filas if fila.escrita)


def _miembro(fila: FilaIntegrante) -> Miembro:
    for campo in (fila.documento, fila.nombre, fila.porcentaje):
        if campo.leido is None:
            raise DatoInvalido(f"Escriba este dato: {campo.label.text}.", campo.name)
    try:
        documento = leer_documento(fila.tipo_documento.data, fila.documento.leido)
    except DatoInvalido as error:
        raise DatoInvalido(error.mensaje, fila.documento.name) from None
    return Miembro(fila.tipo_documento.data, documento, fila.nombre.leido, fila.porcentaje.leido)
