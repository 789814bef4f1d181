"""What somebody types to check a stamp."""

from portal.dominio.sello import leer_codigo_o_sello
from portal.web.formularios import CampoTexto, Formulario, leer


class VerificarForm(Formulario):
    """The short code; the address or the text of the QR will do."""

    codigo = CampoTexto("Código de la estampilla", [leer(leer_codigo_o_sello)])
