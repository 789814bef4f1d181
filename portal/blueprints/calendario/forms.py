"""What an administrator types: a non-working day, an outage, why a day is taken back."""

from portal.dominio.identificacion import leer_texto
from portal.dominio.lectura import leer_momento
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha


class DiaForm(Formulario):
    """A day, why it is not a working one, and the act that says so."""

    dia = CampoTexto("Día", [leer(leer_fecha)])
    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=200, campo="motivo")])
    norma = CampoTexto("Acto que lo declara", [leer(leer_texto, maximo=160, campo="norma")])


class RevocarDiaForm(Formulario):
    """Why a declared day is taken back."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=300, campo="motivo")])


class FallaForm(Formulario):
    """When an outage began, when it ended if it did, and what the public reads about it."""

    inicio = CampoTexto("Empezó", [leer(leer_momento)])
    fin = CampoTexto("Terminó", [leer(leer_momento, opcional=True)])
    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=200, campo="motivo")])


class TerminarForm(Formulario):
    """A signature; nothing is typed."""
