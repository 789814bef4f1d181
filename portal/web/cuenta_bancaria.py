"""The bank account that receives a refund, as a form: for whoever asks for it, and for treasury if the bank turned one down."""

from typing import Any

from flask import abort, request
from wtforms import FileField, HiddenField, RadioField, SelectField

from portal.dominio.devoluciones import TIPOS_CUENTA, TipoCuenta, leer_cuenta
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import TIPOS_DOCUMENTO, leer_documento, leer_texto
from portal.operaciones.solicitudes_devolucion import CuentaDestino
from portal.web.formularios import CampoTexto, Formulario, leer, opciones
from portal.web.recepcion import MAXIMO_MB, recibir

DEMASIADO = (
    f"El archivo pesa demasiado: el máximo es {MAXIMO_MB} MB. Vuelva atrás con su navegador: lo que escribió sigue ahí. "
    "Elija un archivo más liviano."
)
# What is said of a choice that the page does not offer, or that was not made.
ELIJA = {
    "tipo_cuenta": "Elija si la cuenta es de ahorros o corriente.",
    "tipo_documento": "Elija un tipo de documento de la lista.",
}


class CuentaBancariaForm(Formulario):
    """An account, its holder, and the bank's certificate of both. `clave` makes the form be received once."""

    clave = HiddenField()
    banco = CampoTexto("Banco", [leer(leer_texto, maximo=80, campo="banco")])
    tipo_cuenta = RadioField("Tipo de cuenta", choices=opciones((t.value, n) for t, n in TIPOS_CUENTA.items()))
    cuenta = CampoTexto("Número de la cuenta", [leer(leer_cuenta)])
    titular = CampoTexto("Nombre del titular de la cuenta", [leer(leer_texto, maximo=120, campo="titular")])
    tipo_documento = SelectField(
        "Tipo de documento del titular", choices=opciones(TIPOS_DOCUMENTO.items()), default="CC"
    )
    documento = CampoTexto("Número de documento del titular", [leer(leer_texto, maximo=25, campo="documento")])
    archivo = FileField("Certificación bancaria")

    def validate(self, extra_validators: Any = None) -> bool:
        sirve = super().validate(extra_validators)
        for nombre, frase in ELIJA.items():
            if self._fields[nombre].errors:
                self._fields[nombre].errors = [frase]
        return sirve and self.cuadra_el_titular()

    def cuadra_el_titular(self) -> bool:
        """Whether the holder's number is one of its kind; it is kept normalised."""
        try:
            self.documento.leido = leer_documento(self.tipo_documento.data, self.documento.leido)
        except DatoInvalido as error:
            self.senalar(error)
            return False
        return True

    @property
    def clave_leida(self) -> str:
        """The form's idempotency key. A page of ours always brings one; without it, 422."""
        clave = self.clave.data or ""
        if not 20 <= len(clave) <= 64:
            abort(422, "Vuelva a la página anterior y envíe el formulario de nuevo.")
        return clave

    @property
    def destino(self) -> CuentaDestino:
        """The account, once the form is right."""
        return CuentaDestino(
            banco=self.banco.leido,
            tipo_cuenta=TipoCuenta(self.tipo_cuenta.data),
            cuenta=self.cuenta.leido,
            titular=self.titular.leido,
            titular_tipo_documento=self.tipo_documento.data,
            titular_documento=self.documento.leido,
        )


def certificacion_enviada() -> tuple[str, bytes]:
    """The bank's certificate that came with the form, as `recibir` does."""
    return recibir(request.files.get("archivo"), "Elija la certificación de su banco, en PDF.", solo_pdf=True)
