"""What an official types: what the paper says to find it, the act that the stamps go with, and why a use is undone."""

import secrets

from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import Length

from portal.dominio.adhesiones import leer_dependencia, leer_numero_acto
from portal.dominio.archivos import MAXIMO_BYTES
from portal.dominio.identificacion import leer_texto
from portal.models import Liquidacion
from portal.operaciones.adhesiones import ActoAdherido, huella_del_acto
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha


class BuscarForm(Formulario):
    """One box for everything that a stamp can be found by; a signed text is long."""

    buscar = CampoTexto("Código, factura, contrato o documento", [leer(leer_texto, maximo=2000, campo="buscar")])


class AdherirForm(Formulario):
    """The act that the stamps are attached to. `clave` makes sending it twice the same as once."""

    acto_numero = CampoTexto("Acto", [leer(leer_numero_acto)])
    acto_fecha = CampoTexto("Fecha del acto", [leer(leer_fecha)])
    dependencia = CampoTexto("Dependencia", [leer(leer_dependencia)])
    archivo = FileField("PDF del acto")
    clave = HiddenField(validators=[Length(20, 64, "Busque el acto de nuevo.")])

    def proponer(self, liquidacion: Liquidacion, dependencia: str) -> None:
        """Begin with what is known: a contract is its own act, the office is the official's. The paper has the last word."""
        self.clave.data, self.dependencia.data = secrets.token_urlsafe(24), dependencia
        if liquidacion.es_contrato and liquidacion.fecha_contrato is not None:
            self.acto_numero.data = f"Contrato {liquidacion.numero_en_palabras}"
            self.acto_fecha.data = liquidacion.fecha_contrato.isoformat()

    def acto(self) -> ActoAdherido:
        """The act of a form that is valid. Raises `DatoInvalido` (campo `archivo`) when its file is no PDF."""
        enviado = self.archivo.data
        huella = huella_del_acto(enviado.stream.read(MAXIMO_BYTES + 1)) if enviado and enviado.filename else None
        return ActoAdherido(self.acto_numero.leido, self.acto_fecha.leido, self.dependencia.leido, huella)


class MotivoForm(Formulario):
    """Why an adhesion is undone, or is left as it is."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=300, campo="motivo")])
