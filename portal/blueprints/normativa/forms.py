"""What an administrator types: a draft, the reason to end it, the version that was read."""

from wtforms import BooleanField, HiddenField

from portal.dominio.dinero import escribir_pesos, leer_pesos
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_texto
from portal.dominio.propuestas import fin_de_ano
from portal.models import PropuestaIndicador
from portal.operaciones.propuestas import Datos
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha, leer_porcentaje


class VersionForm(Formulario):
    """A signature over what was read; nothing else is typed."""

    version = HiddenField()

    @property
    def leida(self) -> int:
        """The version that the page showed; 0, which none has, for anything else."""
        texto = self.version.data or ""
        return int(texto) if texto.isascii() and texto.isdigit() and len(texto) <= 6 else 0


class PropuestaForm(VersionForm):
    """One draft. The act and its evidence may come later, but not after publication."""

    ajuste = CampoTexto("Porcentaje de ajuste")
    desde = CampoTexto("Rige desde", [leer(leer_fecha)])
    hasta = CampoTexto("Rige hasta", [leer(leer_fecha, opcional=True)])
    valor = CampoTexto("Valor en pesos", [leer(leer_pesos)])
    salto_confirmado = BooleanField("El valor está bien aunque se aparte mucho del anterior")
    acto = CampoTexto("Acto que fija el valor", [leer(leer_texto, opcional=True, maximo=160, campo="acto")])
    acto_fecha = CampoTexto("Fecha del acto", [leer(leer_fecha, opcional=True)])
    evidencia = CampoTexto("Enlace al acto", [leer(leer_texto, opcional=True, maximo=500, campo="evidencia")])

    def datos(self) -> Datos:
        """The draft, from fields that were validated; without a last day it is 31 December."""
        return Datos(
            desde=self.desde.leido,
            hasta=self.hasta.leido or fin_de_ano(self.desde.leido),
            valor=self.valor.leido,
            acto=self.acto.leido or "",
            acto_fecha=self.acto_fecha.leido,
            evidencia=self.evidencia.leido or "",
            salto_confirmado=bool(self.salto_confirmado.data),
        )

    def ajuste_leido(self) -> str | None:
        """Validate only the percentage of the formula; its text when it cannot be read is an error beside the field."""
        try:
            self.ajuste.leido = leer_porcentaje(self.ajuste.data or "")
        except DatoInvalido as error:
            self.senalar(DatoInvalido(error.mensaje, "ajuste"))
            return None
        return str(self.ajuste.leido)

    def llenar(self, una: PropuestaIndicador) -> None:
        """Show a draft as it is."""
        self.version.data = str(una.version)
        self.desde.data, self.hasta.data = una.desde.isoformat(), una.hasta.isoformat()
        self.valor.data = escribir_pesos(una.valor).removeprefix("$")
        self.salto_confirmado.data = una.salto_confirmado
        self.acto.data, self.evidencia.data = una.acto, una.evidencia
        self.acto_fecha.data = una.acto_fecha.isoformat() if una.acto_fecha else ""


class PublicarForm(VersionForm):
    """A signature; whoever signs what nobody simulated says so."""

    sin_simular = BooleanField("Publico esta propuesta sin haberla simulado")


class RetirarForm(VersionForm):
    """Why a draft ends without being published."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=500, campo="motivo")])
