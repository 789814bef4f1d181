"""What treasury writes about a refund."""

from typing import Any

from wtforms import FileField

from portal.dominio.devoluciones import leer_cuenta, leer_referencia_bancaria
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_texto
from portal.operaciones.devoluciones import Transferencia
from portal.web.cuenta_bancaria import CuentaBancariaForm
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha


class EstudioForm(Formulario):
    """What the first person found."""

    concepto = CampoTexto("Concepto", [leer(leer_texto, maximo=1000, campo="concepto")])


class DecisionForm(Formulario):
    """Yes, or no with its reason; which one is the button's to say."""

    motivo = CampoTexto("Razón, si la niega", [leer(leer_texto, maximo=500, campo="motivo", opcional=True)])

    def validate(self, extra_validators: Any = None, *, niega: bool = False) -> bool:
        if not super().validate(extra_validators):
            return False
        if niega and not self.motivo.leido:
            self.senalar(DatoInvalido("Escriba la razón: la lee quien pidió la devolución.", "motivo"))
            return False
        return True


class GiroForm(Formulario):
    """The transfer, as the bank recorded it."""

    cuenta = CampoTexto("Cuenta del departamento de la que salió", [leer(leer_cuenta)])
    referencia = CampoTexto("Referencia que dio el banco", [leer(leer_referencia_bancaria)])
    fecha = CampoTexto("Fecha de la transferencia", [leer(leer_fecha)])

    @property
    def transferencia(self) -> Transferencia:
        """The transfer, once the form is right."""
        return Transferencia(self.cuenta.leido, self.referencia.leido, self.fecha.leido)


class ReboteForm(Formulario):
    """The transfer came back: when, why, and the bank's paper."""

    dia = CampoTexto("Fecha en que el banco la devolvió", [leer(leer_fecha)])
    razon = CampoTexto("Razón que dio el banco", [leer(leer_texto, maximo=300, campo="razon")])
    archivo = FileField("Archivo del banco que lo prueba")


class CuentaForm(CuentaBancariaForm):
    """The account for another transfer, brought by an official."""
