"""Who pays. The choice of facturas travels sealed; amounts never travel."""

from typing import Any

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField

from portal.blueprints.pago.exigencias import Exigencias
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import TIPOS_DOCUMENTO, leer_documento, leer_texto
from portal.models.pago import TipoPersona
from portal.operaciones.pagos import Pagador
from portal.web.formularios import CampoTexto, Formulario, leer, leer_correo, leer_telefono, opciones


class PagadorForm(Formulario):
    """The payer, as PSE asks for it. `preparar` comes before validating or showing it."""

    sello = HiddenField()
    tipo_persona = RadioField(
        "Tipo de persona",
        choices=opciones([(TipoPersona.NATURAL.value, "Natural"), (TipoPersona.JURIDICA.value, "Jurídica")]),
        default=TipoPersona.NATURAL.value,
    )
    tipo_documento = SelectField("Tipo de documento", choices=opciones(TIPOS_DOCUMENTO.items()), default="CC")
    documento = CampoTexto("Número de documento", [leer(leer_texto, maximo=25, campo="documento")])
    nombre = CampoTexto("Nombre completo o razón social", [leer(leer_texto, maximo=100, campo="nombre")])
    correo = CampoTexto("Correo electrónico", [leer(leer_correo)])
    telefono = CampoTexto("Teléfono celular", [leer(leer_telefono)])
    # Only for a gateway that asks for them here.
    banco = SelectField("Banco", validate_choice=False, default="")
    condiciones = HiddenField()
    acepta_reglamento = BooleanField()
    acepta_datos_personales = BooleanField()

    def preparar(self, exigencias: Exigencias) -> None:
        """Ask for what the gateway wants and for nothing else; conditions not seen yet are not accepted yet."""
        self.exigencias = exigencias
        if exigencias.documentos is not None:
            admitidos = [(tipo, nombre) for tipo, nombre in TIPOS_DOCUMENTO.items() if tipo in exigencias.documentos]
            self.tipo_documento.choices = opciones(admitidos)
        if not exigencias.piden_banco:
            del self.banco, self.condiciones, self.acepta_reglamento, self.acepta_datos_personales
            return
        self.banco.choices = opciones([("", "Elija su banco"), *((b.codigo, b.nombre) for b in exigencias.bancos)])
        self.condiciones.data = exigencias.sello
        for condicion in exigencias.condiciones:
            casilla = self.casilla(condicion.codigo)
            casilla.label.text = f"He leído y acepto {condicion.titulo}."
            casilla.data = casilla.data and not exigencias.nuevas

    def casilla(self, condicion: str) -> Field:
        """The box with which the payer accepts a condition."""
        return self[f"acepta_{condicion}"]

    @property
    def codigo_banco(self) -> str | None:
        """The bank chosen, for a gateway that asks for it."""
        return str(self.banco.data) if self.exigencias.piden_banco else None

    @property
    def nombre_banco(self) -> str | None:
        """Its name."""
        return self.exigencias.nombre(self.codigo_banco or "")

    def validate(self, extra_validators: Any = None) -> bool:
        validos = super().validate(extra_validators)
        if not self._exigencias_cumplidas() or not validos:
            return False
        try:
            self.pagador = Pagador(
                tipo_persona=TipoPersona(self.tipo_persona.data),
                tipo_documento=self.tipo_documento.data,
                documento=leer_documento(self.tipo_documento.data, self.documento.leido),
                nombre=self.nombre.leido,
                correo=self.correo.leido,
                telefono=self.telefono.leido,
            )
        except DatoInvalido as error:
            self.senalar(error)
            return False
        return True

    def _exigencias_cumplidas(self) -> bool:
        exigencias = self.exigencias
        if not exigencias.piden_banco:
            return True
        if self.nombre_banco is None:
            self.senalar(DatoInvalido("Elija su banco de la lista.", "banco"))
        for condicion in exigencias.condiciones:
            if not self.casilla(condicion.codigo).data:
                mensaje = f"Para pagar debe leer y aceptar {condicion.titulo}."
                self.senalar(DatoInvalido(mensaje, f"acepta_{condicion.codigo}"))
        return not self.errors
