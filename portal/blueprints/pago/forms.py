"""The forms of the payment: the known selector, the choice of stamps, who pays."""

import re
from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import (
    TIPOS_DOCUMENTO,
    leer_documento,
    leer_documento_de_consulta,
    leer_numero_contrato,
    leer_texto,
)
from portal.models.pago import TipoPersona
from portal.operaciones.pagos import Pagador, exigir_persona
from portal.web.formularios import CampoTexto, Formulario, leer

TRAMITE, CONTRATO = "tramite", "contrato"
# Our attempts hold at most what one assessment holds; more numbers than this in one request is no form of ours.
MAXIMO_FACTURAS = 100


def leer_vigencia(texto: str) -> int:
    """A fiscal year of four digits. Raises `DatoInvalido`."""
    limpio = texto.strip()
    if not (len(limpio) == 4 and limpio.isascii() and limpio.isdigit() and 1990 <= int(limpio) <= 2200):
        raise DatoInvalido("Escriba el año de la vigencia con cuatro números, por ejemplo 2025.", "vigencia")
    return int(limpio)


def leer_correo(texto: str) -> str:
    """An e-mail address that a gateway accepts: ASCII, one @, a dot in its domain, at most 80. Raises `DatoInvalido`."""
    limpio = texto.strip()
    if len(limpio) > 80 or not re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", limpio):
        raise DatoInvalido("Escriba un correo como nombre@ejemplo.com.", "correo")
    return limpio.lower()


def leer_telefono(texto: str) -> str:
    """A telephone of 7 to 15 digits, spaces and hyphens dropped, `+` allowed in front. Raises `DatoInvalido`."""
    limpio = re.sub(r"[ ()-]", "", texto.strip())
    if not re.fullmatch(r"\+?[0-9]{7,15}", limpio):
        raise DatoInvalido("Escriba el teléfono solo con números, por ejemplo 3001234567.", "telefono")
    return limpio


def leer_nombre(texto: str) -> str:
    """The payer's name; `|` and `"` break PSE's fraud engine (R10). Raises `DatoInvalido`."""
    nombre = leer_texto(texto, maximo=60, campo="nombre")
    if any(c in nombre for c in '|"<>{}'):
        raise DatoInvalido('Escriba el nombre sin los signos | " < > { }.', "nombre")
    return nombre


class BuscarForm(Formulario):
    """The known selector; only the fields of the chosen kind are read."""

    tipo_pago = SelectField("Tipo de pago", choices=[(TRAMITE, "Trámite"), (CONTRATO, "Contrato")], default=TRAMITE)
    documento = CampoTexto("Documento", [leer(leer_documento_de_consulta)])
    vigencia = CampoTexto("Vigencia", [leer(leer_vigencia)])
    nit = CampoTexto("NIT", [leer(leer_documento_de_consulta)])
    numero_contrato = CampoTexto("Número de contrato", [leer(leer_numero_contrato)])

    @property
    def es_contrato(self) -> bool:
        return bool(self.tipo_pago.data == CONTRATO)

    def validate(self, extra_validators: object = None) -> bool:
        for nombre in ("documento",) if self.es_contrato else ("vigencia", "nit", "numero_contrato"):
            self[nombre].validators = ()
        return bool(super().validate(extra_validators))


class PagadorForm(Formulario):
    """Who pays, as PSE asks it. `pedido` is the signed choice of stamps."""

    pedido = HiddenField()
    tipo_persona = RadioField(
        "Tipo de persona",
        [InputRequired("Elija el tipo de persona.")],
        choices=[(TipoPersona.NATURAL.value, "Natural"), (TipoPersona.JURIDICA.value, "Jurídica")],
        validate_choice=True,
    )
    tipo_documento = SelectField("Tipo de documento", choices=list(TIPOS_DOCUMENTO.items()), default="CC")
    documento = CampoTexto("Número de documento")
    nombre = CampoTexto("Nombre o razón social", [leer(leer_nombre)])
    correo = CampoTexto("Correo electrónico", [leer(leer_correo)])
    telefono = CampoTexto("Teléfono", [leer(leer_telefono)])

    def validate(self, extra_validators: object = None) -> bool:
        return self._validar_campos(extra_validators) and self._validar_persona()

    def _validar_campos(self, extra_validators: object) -> bool:
        bien = bool(super().validate(extra_validators))
        if not (self.documento.data or "").strip():
            self.senalar(DatoInvalido("Escriba este dato.", "documento"))
            return False
        try:
            self.documento.leido = leer_documento(str(self.tipo_documento.data), self.documento.data or "")
        except DatoInvalido as error:
            if not (error.campo == "tipo_documento" and self.tipo_documento.errors):
                self.senalar(error)
            return False
        return bien

    def _validar_persona(self) -> bool:
        try:
            exigir_persona(self.pagador())
        except DatoInvalido as error:
            self.senalar(error)
            return False
        return True

    def pagador(self) -> Pagador:
        """The validated payer."""
        return Pagador(
            tipo_persona=TipoPersona(self.tipo_persona.data),
            tipo_documento=str(self.tipo_documento.data),
            documento=self.documento.leido,
            nombre=self.nombre.leido,
            correo=self.correo.leido,
            telefono=self.telefono.leido,
        )


def leer_facturas(textos: Sequence[str]) -> list[int]:
    """The numbers of the chosen facturas. Raises `DatoInvalido(campo="factura")`."""
    if not textos:
        raise DatoInvalido("Elija al menos una estampilla para pagar.", "factura")
    if len(textos) > MAXIMO_FACTURAS or not all(re.fullmatch(r"[0-9]{1,15}", t) for t in textos):
        raise DatoInvalido("Elija las estampillas de la lista.", "factura")
    return sorted({int(t) for t in textos})
