"""What an auditor asks for: rows of the bitácora, and a period to take away."""

import re
from typing import Any

from wtforms import SelectField

from portal.dominio.bitacora import ACCIONES
from portal.dominio.errores import DatoInvalido
from portal.dominio.exportacion import Periodo
from portal.operaciones.auditoria import Filtro, cuentas
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha, opciones

_OBJETO = re.compile(r"[a-z_]{1,30}(:[A-Za-z0-9_-]{1,48})?")
_TODAS = ("", "Todas")


def leer_objeto(texto: str) -> str:
    """The name of an object as the bitácora writes it, `pago:17`. Raises `DatoInvalido`."""
    limpio = texto.strip()
    if not _OBJETO.fullmatch(limpio):
        raise DatoInvalido("Escriba el objeto como lo muestra la bitácora, por ejemplo pago:17.", "objeto")
    return limpio


class FiltroForm(Formulario):
    """Rows to show. Nothing of it is anybody's data, so it travels in the address; an account is its number."""

    class Meta(Formulario.Meta):
        csrf = False

    desde = CampoTexto("Desde", [leer(leer_fecha)])
    hasta = CampoTexto("Hasta", [leer(leer_fecha)])
    accion = SelectField("Acción", validate_choice=True)
    objeto = CampoTexto("Objeto", [leer(leer_objeto, opcional=True)])
    cuenta = SelectField("Cuenta", validate_choice=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accion.choices = opciones([_TODAS, *sorted(ACCIONES.items(), key=lambda par: par[1])])
        self.cuenta.choices = opciones([_TODAS, *((str(id_), nombre) for id_, nombre in cuentas())])
        self.accion.data, self.cuenta.data = self.accion.data or "", self.cuenta.data or ""

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.desde.leido > self.hasta.leido:
            self.hasta.errors = ["La fecha final debe ser igual o posterior a la inicial."]
            return False
        return True

    @property
    def filtro(self) -> Filtro:
        """What is asked, once the form is right."""
        cuenta = int(self.cuenta.data) if self.cuenta.data else None
        return Filtro(self.desde.leido, self.hasta.leido, self.accion.data, self.objeto.leido or "", cuenta)

    @property
    def datos(self) -> dict[str, str]:
        """The same for the address of another page."""
        return {campo.name: campo.data for campo in self if campo.data}


class ExportarForm(Formulario):
    """The days to take away."""

    desde = CampoTexto("Desde", [leer(leer_fecha)], id="exportar-desde")
    hasta = CampoTexto("Hasta", [leer(leer_fecha)], id="exportar-hasta")
    periodo: Periodo

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            self.periodo = Periodo(self.desde.leido, self.hasta.leido)
        except DatoInvalido as error:
            self.senalar(error)
            return False
        return True
