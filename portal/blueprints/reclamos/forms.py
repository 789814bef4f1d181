"""What somebody says who paid and does not see it."""

from portal.dominio.lectura import leer_cus_o_referencia
from portal.operaciones.reclamos import Contacto
from portal.web.formularios import CampoTexto, Formulario, leer, leer_correo, leer_telefono


class NoApareceForm(Formulario):
    """The CUS or the reference, and how to answer."""

    dato = CampoTexto("CUS o referencia del pago", [leer(leer_cus_o_referencia)])
    correo = CampoTexto("Correo electrónico", [leer(leer_correo)])
    telefono = CampoTexto("Teléfono", [leer(leer_telefono, opcional=True)])

    @property
    def contacto(self) -> Contacto:
        """How to answer, once the form is right."""
        return Contacto(self.correo.leido, self.telefono.leido or "")
