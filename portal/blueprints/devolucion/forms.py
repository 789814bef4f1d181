"""The refund's form: one for all its steps, of which each checks its own fields and carries the others."""

import re
from collections.abc import Mapping, Sequence

from wtforms import HiddenField, RadioField, SelectChoice, SelectMultipleField

from portal.dominio.devoluciones import CAUSALES, CausalDevolucion
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_texto
from portal.operaciones.solicitudes_devolucion import Devolvible, Solicitud
from portal.web.cuenta_bancaria import ELIJA, CuentaBancariaForm
from portal.web.formularios import CampoTexto, Formulario, leer, leer_correo, leer_telefono, opciones

# The steps in their order, with the fields that each asks for. The last is the check, with the bank's certificate.
PASOS: Mapping[str, Sequence[str]] = {
    "motivo": ("causal", "factura", "explicacion"),
    "cuenta": ("banco", "tipo_cuenta", "cuenta", "titular", "tipo_documento", "documento"),
    "contacto": ("correo", "telefono"),
    "revisar": (),
}

# What is said of a choice that the page does not offer, or that was not made.
_ELIJA = {
    "causal": "Elija por qué se le debe devolver.",
    "factura": "Elija las estampillas de la lista.",
    **ELIJA,
}


def leer_codigo_de_pago(texto: str) -> str:
    """The private code of a payment, alone or inside the address of its page. Raises `DatoInvalido`."""
    hallado = re.fullmatch(r"(?:\S*/pago/)?([A-Za-z0-9_-]{16,32})(?:[/?#]\S*)?", texto.strip())
    if not hallado:
        raise DatoInvalido(
            "Pegue la dirección completa de la página de su pago, o el código con que termina.", "codigo"
        )
    return hallado[1]


def leer_codigo_de_devolucion(texto: str) -> str:
    """The private code of a refund, alone or inside the address of its page. Raises `DatoInvalido`."""
    hallado = re.fullmatch(r"(?:\S*/devolucion/)?([A-Za-z0-9_-]{16,32})", texto.strip())
    if not hallado:
        raise DatoInvalido("Escriba el código que se le dio al pedir la devolución, completo.", "codigo")
    return hallado[1]


class CodigoPagoForm(Formulario):
    """Which payment."""

    codigo = CampoTexto("Dirección o código de la página de su pago", [leer(leer_codigo_de_pago)])


class CodigoForm(Formulario):
    """Which refund."""

    codigo = CampoTexto("Código de la devolución", [leer(leer_codigo_de_devolucion)])


class SolicitudForm(CuentaBancariaForm):
    """Everything that is asked, step by step; only the file cannot be carried, so it comes last."""

    pago = HiddenField()
    causal = RadioField("¿Por qué se le debe devolver?")
    factura = SelectMultipleField("Estampillas que no debía", coerce=int)
    explicacion = CampoTexto("Cuéntenos qué pasó", [leer(leer_texto, maximo=1000, campo="explicacion")])
    correo = CampoTexto("Correo electrónico", [leer(leer_correo)])
    telefono = CampoTexto("Teléfono", [leer(leer_telefono)])

    def preparar(self, pedibles: Sequence[Devolvible]) -> None:
        """Offer the grounds that the payment has, and the stamps that can be given back."""
        self.causal.choices = opciones((d.causal.value, CAUSALES[d.causal]) for d in pedibles)
        self.factura.choices = [
            SelectChoice(parte.factura.numero, parte.factura.estampilla_nombre)
            for pedible in pedibles
            for parte in pedible.partes
            if parte.factura is not None and pedible.causal is CausalDevolucion.NO_DEBIDO
        ]
        if len(pedibles) == 1 and not self.causal.data:
            self.causal.data = pedibles[0].causal.value

    def primer_fallo(self, paso: str) -> str | None:
        """The first step before `paso` with something to correct; its errors are noted. None when all are right."""
        for anterior in list(PASOS)[: list(PASOS).index(paso)]:
            # Every field of the step is checked, so that all of its errors are told at once.
            sirven = [self._sirve(nombre) for nombre in PASOS[anterior]]
            if not all(sirven) or not self._cuadra(anterior):
                return anterior
        return None

    def _sirve(self, nombre: str) -> bool:
        campo = self._fields[nombre]
        if campo.validate(self):
            return True
        if nombre in _ELIJA:
            campo.errors = [_ELIJA[nombre]]
        return False

    def _cuadra(self, paso: str) -> bool:
        if paso == "motivo" and self.causal.data == CausalDevolucion.NO_DEBIDO and not self.factura.data:
            self.senalar(DatoInvalido("Elija al menos una estampilla.", "factura"))
            return False
        return paso != "cuenta" or self.cuadra_el_titular()

    def solicitud(self) -> Solicitud:
        """What was asked, once no step fails."""
        causal = CausalDevolucion(self.causal.data)
        return Solicitud(
            causal=causal,
            facturas=tuple(self.factura.data) if causal is CausalDevolucion.NO_DEBIDO else (),
            explicacion=self.explicacion.leido,
            cuenta=self.destino,
            correo=self.correo.leido,
            telefono=self.telefono.leido,
        )
