"""What somebody types to check a stamp or a certificate."""

from portal.dominio.sello import leer_codigo_o_sello
from portal.web.formularios import CampoTexto, Formulario, leer


class VerificarForm(Formulario):
    """The short code; the address or the text of the QR will do."""

    codigo = CampoTexto("Código de la estampilla o del certificado", [leer(leer_codigo_o_sello)])
