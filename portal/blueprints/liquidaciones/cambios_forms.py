"""What an officer types to add to a contract, to reduce it, or to register a payment of it."""

from datetime import date
from typing import Any

from wtforms import BooleanField, Field

from portal.blueprints.liquidaciones.hechos import CampoHecho, agregar_campos
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_texto
from portal.dominio.lectura import leer_valor
from portal.dominio.normativa import Normativa
from portal.models import Liquidacion, Usuario
from portal.models.usuario import Rol
from portal.operaciones.contratos import FECHA_SUSCRIPCION, VALOR_ANTERIOR, Modificacion
from portal.operaciones.retenciones import Cuenta
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha


def leer_acto(texto: str) -> str:
    """The number of a document as it is compared: upper case, single spaces, no zeros before a plain number.

    Raises `DatoInvalido`.
    """
    limpio = leer_texto(texto, maximo=40, campo="documento").upper()
    return limpio.lstrip("0") or "0" if limpio.isdigit() else limpio


class CambioForm(Formulario):
    """An act over a contract: which, when, how much."""

    documento = CampoTexto("Número del acto", [leer(leer_acto)])
    fecha = CampoTexto("Fecha", [leer(leer_fecha)])
    valor = CampoTexto("Valor", [leer(leer_valor)])

    ayuda_documento = ""
    ayuda_valor = "En pesos, por ejemplo 46.911.499 o 46.911.499,50."
    campos_hechos: tuple[CampoHecho, ...] = ()

    def preparar(self, inicial: Liquidacion, normativa: Normativa, hoy: date, usuario: Usuario) -> None:
        """Fit it to a contract and to who fills it in; only an addition asks for facts."""

    @property
    def campos_de_calculo(self) -> list[Field]:
        return [self.documento, self.fecha, self.valor, *(c.campo for c in self.campos_hechos)]

    def obliga(self, campo: Field) -> bool:
        """Whether there are no figures while this field is empty."""
        return campo in (self.documento, self.fecha, self.valor)

    def modificacion(self) -> Modificacion:
        """The act, from fields that were validated."""
        hechos = {c.clave: c.respuesta for c in self.campos_hechos if c.respuesta is not None}
        return Modificacion(self.documento.leido, self.fecha.leido, self.valor.leido, hechos)


class AdicionForm(CambioForm):
    """An addition, and the facts of the contract that may be others now."""

    ayuda_documento = "Por ejemplo OTROSÍ 1."

    def preparar(self, inicial: Liquidacion, normativa: Normativa, hoy: date, usuario: Usuario) -> None:
        self.documento.label.text, self.fecha.label.text = "Otrosí o acto que adiciona", "Fecha de la adición"
        self.valor.label.text = "Valor de la adición"
        guardados: dict[str, Any] = dict(inicial.solicitud.get("hechos", {}))
        propios = {c: str(guardados.get(c, "")) for c in ("contrato.tipo", "contratista.clase")}
        # The portal itself knows what was assessed before and when the contract was signed.
        propios |= {VALOR_ANTERIOR: "", FECHA_SUSCRIPCION: ""}
        dia = self._dia(hoy)
        actos = [normativa.acto(codigo, dia) for codigo in inicial.solicitud.get("actos", ())]
        self.campos_hechos = agregar_campos(self, normativa, actos, dia, propios, guardados)

    def _dia(self, hoy: date) -> date:
        try:
            return min(leer_fecha(self.fecha.data or ""), hoy)
        except DatoInvalido:
            return hoy


class ReduccionForm(CambioForm):
    """A reduction."""

    ayuda_documento = "Por ejemplo ACTA 3."

    def preparar(self, inicial: Liquidacion, normativa: Normativa, hoy: date, usuario: Usuario) -> None:
        self.documento.label.text, self.fecha.label.text = "Acta o acto que reduce", "Fecha de la reducción"
        self.valor.label.text = "Valor que se reduce"


class CuentaForm(CambioForm):
    """A payment that the entity makes to the contractor; an agent may withhold its stamps in the same act."""

    retener = BooleanField("Retener ahora estas estampillas", default=True)
    orden_pago = CampoTexto(
        "Número de la orden de pago", [leer(leer_texto, opcional=True, maximo=60, campo="orden_pago")]
    )

    ayuda_documento = "El de la cuenta de cobro, la factura del contratista o la orden de pago. Por ejemplo 1."
    ayuda_valor = "Lo que la entidad paga antes de descuentos. En pesos, por ejemplo 46.911.499."

    def preparar(self, inicial: Liquidacion, normativa: Normativa, hoy: date, usuario: Usuario) -> None:
        self.documento.label.text, self.fecha.label.text = "Número de la cuenta", "Fecha de la cuenta"
        self.valor.label.text = "Valor bruto de la cuenta"
        if usuario.rol is not Rol.AGENTE:
            del self["retener"], self["orden_pago"]

    @property
    def orden_de_pago(self) -> str:
        """The paper that its stamps are withheld with, the cuenta's own number by default; empty when they are not withheld."""
        if "retener" not in self or not self.retener.data:
            return ""
        return str(self.orden_pago.leido or self.documento.leido)

    def cuenta(self) -> Cuenta:
        """The payment, from fields that were validated."""
        return Cuenta(self.documento.leido, self.fecha.leido, self.valor.leido)
