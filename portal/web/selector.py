"""The known selector of both look-ups: kind of payment, then the document or the three data of a contract."""

from typing import Any

from wtforms import SelectField

from portal.dominio.identificacion import leer_documento_de_consulta, leer_numero_contrato
from portal.dominio.lectura import leer_vigencia
from portal.web.formularios import CampoTexto, Formulario, leer, opciones

TRAMITE, CONTRATO = "tramite", "contrato"


class SelectorForm(Formulario):
    """Only the fields of the chosen kind are read."""

    tipo_pago = SelectField(
        "Tipo de pago", choices=opciones([(TRAMITE, "Trámite"), (CONTRATO, "Contrato")]), default=TRAMITE
    )
    documento = CampoTexto("Documento", [leer(leer_documento_de_consulta)])
    vigencia = CampoTexto("Vigencia", [leer(leer_vigencia)])
    nit = CampoTexto("NIT", [leer(leer_documento_de_consulta)])
    numero_contrato = CampoTexto("Número de contrato", [leer(leer_numero_contrato)])

    @property
    def es_contrato(self) -> bool:
        return bool(self.tipo_pago.data == CONTRATO)

    @property
    def asunto(self) -> str:
        """What is looked up, to know it again when the same table is sorted or paged."""
        if self.es_contrato:
            return f"{self.vigencia.leido}|{self.nit.leido}|{self.numero_contrato.leido}"
        return str(self.documento.leido)

    @property
    def identidad(self) -> str:
        """Whose data are asked for: a document, or a number in its place."""
        return str(self.nit.leido if self.es_contrato else self.documento.leido)

    def validate(self, extra_validators: Any = None) -> bool:
        sobran = ("documento",) if self.es_contrato else ("vigencia", "nit", "numero_contrato")
        for nombre in sobran:
            self[nombre].validators = ()
        return bool(super().validate(extra_validators))
