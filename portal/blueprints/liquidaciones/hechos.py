"""The facts that a form asks for: fields made from the catalogue of the law, and what was answered in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from flask import request
from wtforms import Field, SelectField, SelectMultipleField
from wtforms.validators import StopValidation

from portal.dominio.dinero import escribir_pesos, leer_pesos
from portal.dominio.hechos import LARGO_TEXTO, Hecho, TipoHecho
from portal.dominio.identificacion import leer_texto
from portal.dominio.normativa import Acto, Normativa
from portal.dominio.preguntas import Pregunta, abrir_preguntas
from portal.web.filtros import fecha_larga
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha, leer_porcentaje, opciones
from portal.web.seguridad import SUFIJO_REPETIBLE

# The engine names a wrong fact the same way, so its refusals find their field.
PREFIJO = "hechos."
_NO_SE_SABE = ("", "No aplica o no se sabe")
_SI_NO = {"si": True, "no": False}


@dataclass(frozen=True)
class CampoHecho:
    """A question and its field."""

    pregunta: Pregunta
    campo: Any

    @property
    def clave(self) -> str:
        """Key of the fact."""
        return self.pregunta.hecho.clave

    @property
    def respuesta(self) -> object:
        """What a valid field answers, as the engine takes it and JSON keeps it; None when nothing was answered."""
        if self.pregunta.hecho.tipo is TipoHecho.SI_NO:
            return _SI_NO.get(self.campo.data)
        if self.pregunta.hecho.tipo in (TipoHecho.OPCION, TipoHecho.OPCIONES):
            return self.campo.data or None
        leido = self.campo.leido
        if isinstance(leido, date):
            return leido.isoformat()
        return f"{leido:f}" if isinstance(leido, Decimal) else leido

    @property
    def en_palabras(self) -> str:
        """The answer for people."""
        return decir(self.pregunta.hecho, self.respuesta)


def agregar_campos(
    form: Formulario,
    normativa: Normativa,
    actos: Iterable[Acto],
    fecha: date,
    propios: Mapping[str, str],
    guardados: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[CampoHecho, ...]:
    """Add to a form the fields that its acts ask for, and those that the answers themselves open.

    `propios`: the facts that the form asks in fields of its own, or that nobody is asked, empty while they have no answer.
    `guardados`: what was answered before, as JSON keeps it; a new form starts with it.
    """
    campos: dict[str, CampoHecho] = {}

    def responder(pregunta: Pregunta) -> object:
        nuevo = campos[pregunta.hecho.clave] = CampoHecho(pregunta, _ligar(form, pregunta, guardados))
        return nuevo.respuesta if nuevo.campo.data and nuevo.campo.validate(form) else None

    abiertas = abrir_preguntas(normativa, actos, fecha, propios, responder)
    return tuple(campos[pregunta.hecho.clave] for pregunta in abiertas)


def decir(hecho: Hecho, respuesta: Any) -> str:
    """An answer as JSON keeps it, for people."""
    match hecho.tipo:
        case TipoHecho.SI_NO:
            return "Sí" if respuesta else "No"
        case TipoHecho.OPCION:
            return hecho.nombre_de(respuesta)
        case TipoHecho.OPCIONES:
            return ", ".join(hecho.nombre_de(una) for una in ([respuesta] if isinstance(respuesta, str) else respuesta))
        case TipoHecho.IMPORTE:
            return escribir_pesos(Decimal(respuesta))
        case TipoHecho.PORCENTAJE:
            return f"{respuesta} %".replace(".", ",")
        case TipoHecho.FECHA:
            return fecha_larga(date.fromisoformat(respuesta))
        case TipoHecho.TEXTO:
            return str(respuesta)


def hechos_en_palabras(normativa: Normativa, hechos: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Question and answer of every stored fact that the catalogue still describes, in its order."""
    return [(h.descripcion, decir(h, hechos[h.clave])) for h in normativa.hechos if h.clave in hechos]


def _escrita(respuesta: Any) -> Any:
    """An answer as JSON keeps it, as a person would type it or choose it."""
    if isinstance(respuesta, bool):
        return "si" if respuesta else "no"
    es_cifra = isinstance(respuesta, str) and respuesta.replace(".", "", 1).isdigit()
    return respuesta.replace(".", ",") if es_cifra else respuesta


def _ligar(form: Formulario, pregunta: Pregunta, guardados: Mapping[str, Any]) -> Field:
    nombre = f"{PREFIJO}{pregunta.hecho.clave}"
    if pregunta.hecho.tipo is TipoHecho.OPCIONES:
        nombre += SUFIJO_REPETIBLE
    campo: Field = form.agregar(nombre, _campo(pregunta))
    campo.process(request.form if request.method == "POST" else None)
    if request.method != "POST" and pregunta.hecho.clave in guardados:
        respuesta = _escrita(guardados[pregunta.hecho.clave])
        varias = isinstance(campo, SelectMultipleField) and not isinstance(respuesta, list)
        campo.data = [respuesta] if varias else respuesta
    return campo


def _campo(pregunta: Pregunta) -> Any:
    hecho = pregunta.hecho
    match hecho.tipo:
        case TipoHecho.OPCION | TipoHecho.OPCIONES | TipoHecho.SI_NO:
            return _de_lista(hecho)
        case TipoHecho.IMPORTE:
            lector = leer(leer_pesos, opcional=not pregunta.obligatoria)
        case TipoHecho.PORCENTAJE:
            lector = leer(leer_porcentaje, opcional=True)
        case TipoHecho.FECHA:
            lector = leer(leer_fecha, opcional=True)
        case TipoHecho.TEXTO:
            lector = leer(leer_texto, opcional=True, maximo=LARGO_TEXTO, campo=hecho.clave)
    return CampoTexto(hecho.descripcion, [lector])


def _de_lista(hecho: Hecho) -> Any:
    pares = [("si", "Sí"), ("no", "No")]
    if hecho.tipo is not TipoHecho.SI_NO:
        pares = [(valor, hecho.nombre_de(valor)) for valor in hecho.valores]
    # Our own sentence: the library has none in Spanish for a field that is added later.
    comun: dict[str, Any] = {"validators": [_de_las_respuestas], "validate_choice": False}
    if hecho.tipo is TipoHecho.OPCIONES:
        return SelectMultipleField(hecho.descripcion, choices=opciones(pares), default=(), **comun)
    return SelectField(hecho.descripcion, choices=opciones([_NO_SE_SABE, *pares]), default="", **comun)


def _de_las_respuestas(_: Formulario, campo: Any) -> None:
    elegidas = campo.data if isinstance(campo, SelectMultipleField) else [campo.data]
    if not set(elegidas) <= {opcion.value for opcion in campo.iter_choices()}:
        raise StopValidation("Elija una de las respuestas de la lista.")
