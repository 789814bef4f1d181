"""What an agent types of a deposit, and what treasury says of one."""

import secrets

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from portal.dominio.identificacion import leer_texto
from portal.dominio.lectura import leer_valor
from portal.dominio.ordenes import leer_comprobante
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha


class EnviarForm(Formulario):
    """A deposit as its slip says it. `clave` makes the form be received once."""

    clave = HiddenField(default=lambda: secrets.token_urlsafe(16))
    valor = CampoTexto("Valor consignado", [leer(leer_valor)])
    fecha = CampoTexto("Fecha de la consignación", [leer(leer_fecha)])
    banco = CampoTexto("Banco", [leer(leer_texto, maximo=120, campo="banco")])
    referencia = CampoTexto("Número del comprobante", [leer(leer_comprobante)])
    archivo = FileField("Comprobante del banco", [FileRequired("Elija el comprobante del banco, en PDF.")])


class MotivoForm(Formulario):
    """Why a deposit is not one."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=300, campo="motivo")])
