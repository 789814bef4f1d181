"""The support of a rule that needs a recognition: what is typed about it, alone or at the last step of an assessment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from wtforms import SelectField
from wtforms.validators import DataRequired

from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_texto
from portal.dominio.normativa import Regla
from portal.dominio.palabras import CLASES_SOPORTE
from portal.dominio.reconocimientos import revisar, ultimo_dia
from portal.models import ClaseSoporte, Reconocimiento
from portal.operaciones.encargos import Encargo, Previa
from portal.operaciones.exigencias import (
    Declaracion,
    comprobar_fecha,
    falta_reconocimiento,
    puede_reconocer,
    reconocimiento_para,
)
from portal.operaciones.reconocimientos import Soporte
from portal.web.acceso import quien_ingreso
from portal.web.departamento import departamento_actual
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha, opciones
from portal.web.reloj import hoy

ELIJA = ("", "Elija una opción")


class SoporteForm(Formulario):
    """The document, and until when it is worth."""

    soporte_clase = SelectField(
        "Clase de documento",
        choices=opciones([ELIJA, *CLASES_SOPORTE.items()]),
        validators=[DataRequired("Elija la clase de documento.")],
    )
    soporte_numero = CampoTexto(
        "Número del documento", [leer(leer_texto, opcional=True, maximo=60, campo="soporte_numero")]
    )
    soporte_fecha = CampoTexto("Fecha del documento", [leer(leer_fecha)])
    soporte_emisor = CampoTexto(
        "Entidad o dependencia que lo expidió", [leer(leer_texto, maximo=160, campo="soporte_emisor")]
    )
    hasta = CampoTexto("Vale hasta", [leer(leer_fecha, opcional=True)])

    @property
    def soporte(self) -> Soporte:
        """The document, from fields that were validated."""
        return Soporte(
            ClaseSoporte(self.soporte_clase.data),
            self.soporte_fecha.leido,
            self.soporte_emisor.leido,
            self.soporte_numero.leido or "",
        )


class SoporteDelActoForm(SoporteForm):
    """The same inside the last step, once per rule: its fields carry the rule's code, and the step's own token serves it."""

    solo_contrato = SelectField(
        "A qué se aplica",
        choices=opciones([("si", "Solo a este contrato"), ("no", "A todos los actos de este contratista")]),
        default="si",
    )

    def __init__(self, regla: Regla, encargo: Encargo) -> None:
        prefijo = f"soporte.{regla.codigo}."
        # The engine counted the rule's term from this answer: the document has its date.
        fecha = encargo.asunto.hechos.get(regla.plazo.hecho) if regla.plazo else None
        super().__init__(prefix=prefijo, data={"soporte_fecha": fecha})
        self.regla, self.encargo, self.acto = regla, encargo, encargo.asunto.solicitud(hoy()).fecha
        self.tope = ultimo_dia(regla, date.fromisoformat(str(fecha))) if fecha else regla.hasta
        self.enviado = f"{prefijo}soporte_fecha" in request.form
        if not encargo.asunto.es_contrato:
            del self["solo_contrato"]

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            comprobar_fecha(self.encargo, self.regla, self.soporte_fecha.leido, "soporte_fecha")
            revisar(self.regla, self.soporte_fecha.leido, self.acto, self.hasta.leido, hoy())
        except DatoInvalido as error:
            self.senalar(error)
            return False
        return True

    def declaracion(self) -> Declaracion:
        """What the officer states, from fields that were validated."""
        return Declaracion(
            self.regla.codigo,
            self.soporte,
            self.hasta.leido,
            departamento_actual().oficina,
            solo_contrato="solo_contrato" in self and self.solo_contrato.data == "si",
        )


@dataclass(frozen=True)
class PorReconocer:
    """A rule that needs a recognition: the one in force, else the form that asks for its support."""

    regla: Regla
    reconocimiento: Reconocimiento | None
    form: SoporteDelActoForm

    @property
    def falta(self) -> bool:
        """Whether the officer saw a recognition that is no longer there, and was not asked for a support."""
        return self.reconocimiento is None and not self.form.enviado


def abrir_soportes(encargo: Encargo, previa: Previa) -> list[PorReconocer]:
    """One for each rule that needs a recognition, with what was typed. Raises `DatoInvalido` as `reconocimiento_para`."""
    departamento, fecha = departamento_actual().codigo, encargo.asunto.solicitud(hoy()).fecha
    return [
        PorReconocer(
            regla,
            reconocimiento_para(encargo, regla, departamento=departamento, fecha=fecha),
            SoporteDelActoForm(regla, encargo),
        )
        for regla in previa.resultado.por_reconocer
    ]


def exigir_declarables(soportes: Sequence[PorReconocer]) -> None:
    """Raises `DatoInvalido` when a rule needs a support that whoever signed in cannot state: an agent recognises nothing."""
    quien = quien_ingreso()
    for soporte in soportes:
        if soporte.reconocimiento is None and not puede_reconocer(quien):
            raise DatoInvalido(falta_reconocimiento(soporte.regla, soporte.form.acto, de=quien))


def declarar(soportes: Sequence[PorReconocer]) -> list[Declaracion] | None:
    """What was stated about each rule; None when something must be mended, said beside its field."""
    enviados = [s.form for s in soportes if s.form.enviado]
    if not all([form.validate() for form in enviados]):
        return None
    return [form.declaracion() for form in enviados]
