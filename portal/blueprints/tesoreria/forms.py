"""What treasury types: a search, how a case ended, and the orders with their proof."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField
from wtforms.validators import DataRequired

from portal.dominio.casos import NOMBRES_SALIDA, ClaseCaso, SalidaCaso, salidas_a_mano
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_texto
from portal.dominio.lectura import leer_valor
from portal.dominio.ordenes import leer_comprobante, leer_facturas
from portal.operaciones.ordenes import Comprobante, Sustento
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha, opciones
from portal.web.recepcion import recibir

_FALTA = "Elija el archivo que lo prueba."


def _leer_una_factura(texto: str) -> int:
    numeros = leer_facturas(texto)
    if len(numeros) != 1:
        raise DatoInvalido("Escriba el número de una sola factura.", "factura")
    return numeros[0]


class RastrearForm(Formulario):
    """One box for everything that money can be found by."""

    buscar = CampoTexto("Buscar un pago", [leer(leer_texto, maximo=60, campo="buscar")])


class CerrarForm(Formulario):
    """How a case ended, and what was done."""

    salida = SelectField("Cómo terminó", validators=[DataRequired("Elija cómo terminó el caso.")])
    nota = CampoTexto("Qué se hizo", [leer(leer_texto, maximo=500, campo="nota")])

    def preparar(self, clase: ClaseCaso) -> None:
        """Offer the ways out that the queue admits."""
        admitidas = [(s.value, NOMBRES_SALIDA[s]) for s in salidas_a_mano(clase)]
        self.salida.choices = opciones([("", "Elija una opción"), *admitidas])

    @property
    def elegida(self) -> SalidaCaso:
        return SalidaCaso(self.salida.data)


class RechazarForm(Formulario):
    """Why an order ends without moving anything."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=300, campo="motivo")])


class SustentoForm(Formulario):
    """Why an order is proposed, with the file that proves it; `caso` is the number of the case that it settles."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=300, campo="motivo")])
    archivo = FileField("Archivo que lo prueba", [FileRequired(_FALTA)])
    caso = HiddenField()

    _fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A subclass's fields come last: the summary of errors follows the page, where reason and proof are at the end.
        comunes = ("motivo", "archivo", "caso")
        propios = [nombre for nombre in self._fields if nombre not in comunes]
        self._fields = {nombre: self._fields[nombre] for nombre in (*propios, *comunes)}

    def sustento(self, caso_id: int | None) -> Sustento:
        """Reason and proof of a form that is valid. Raises `DatoInvalido` as `recibir` does."""
        return Sustento(self.motivo.leido, *recibir(self.archivo.data, _FALTA), caso_id)


class LegalizarForm(SustentoForm):
    """A slip of the bank and the facturas that it paid."""

    facturas = CampoTexto("Facturas", [leer(leer_facturas)])
    valor = CampoTexto("Valor del comprobante", [leer(leer_valor)])
    banco = CampoTexto("Banco", [leer(leer_texto, maximo=120, campo="banco")])
    fecha_banco = CampoTexto("Fecha del comprobante", [leer(leer_fecha)])
    referencia_banco = CampoTexto("Número del comprobante", [leer(leer_comprobante)])

    @property
    def comprobante(self) -> Comprobante:
        return Comprobante(self.banco.leido, self.fecha_banco.leido, self.referencia_banco.leido, self.valor.leido)


class AplicarForm(SustentoForm):
    """The factura that money in wait is for."""

    factura = CampoTexto("Número de factura", [leer(_leer_una_factura)])
