"""What is paid and who pays, in one form. Once chosen, the facturas travel sealed; amounts never travel."""

from collections.abc import Collection, Sequence
from typing import Any

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, SelectMultipleField

from portal.blueprints.pago.exigencias import Exigencias
from portal.blueprints.pago.sellos import Eleccion
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import TIPOS_DOCUMENTO, leer_documento, leer_texto
from portal.models import Factura, Liquidacion, Pago
from portal.models.pago import TipoPersona
from portal.operaciones.pagos import Pagador
from portal.web.formularios import CampoTexto, Formulario, leer, leer_correo, leer_telefono, opciones


class PagoForm(Formulario):
    """The stamps of one liquidación among those found, and the payer as PSE asks for it.

    `preparar` and `ofrecer` come before validating or showing it. Validated, `elegida` and `facturas` are what will be paid.
    """

    sello = HiddenField()
    # The number of the liquidación, asked for when several were found; and the numbers of its facturas.
    liquidacion = RadioField(validate_choice=False)
    factura = SelectMultipleField(choices=[], validate_choice=False)
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

    halladas: Sequence[Liquidacion] = ()
    elegida: Liquidacion | None = None
    facturas: Sequence[Factura] = ()

    def ofrecer(self, halladas: Sequence[Liquidacion], eleccion: Eleccion | None = None) -> None:
        """Offer those found, every stamp ticked; or what was chosen of them, as it was."""
        self.halladas = halladas
        if eleccion is None or not eleccion.facturas:
            return
        self.elegida = next((x for x in halladas if x.id == eleccion.liquidacion_id), None)
        if self.elegida is not None:
            self.facturas = [f for f in self.elegida.facturas if f.numero in eleccion.facturas]

    def proponer(self, pago: Pago) -> None:
        """Put in who pays as a payment of the same browser had it."""
        self.tipo_persona.data = pago.tipo_persona.value
        for dato in ("tipo_documento", "documento", "nombre", "correo", "telefono"):
            self[dato].data = getattr(pago, dato)

    def proponer_contribuyente(self, de: Liquidacion) -> None:
        """Put in who owes, in the browser where that person assessed it."""
        self.proponer_documento(de.documento)
        self.nombre.data, self.correo.data = de.nombre[:100], de.correo

    def proponer_documento(self, documento: str) -> None:
        """Put in the document that was typed to find what is owed, when it is the contributor's."""
        de = next((x for x in self.halladas if x.documento == documento and x.tipo_documento in ("CC", "NIT")), None)
        if de is not None:
            self.documento.data, self.tipo_documento.data = documento, de.tipo_documento
            self.tipo_persona.data = (TipoPersona.JURIDICA if de.tipo_documento == "NIT" else TipoPersona.NATURAL).value

    def marcada(self, factura: Factura) -> bool:
        """Whether its box is ticked when the page is shown: those of the acts that were not chosen wait for it."""
        if self.elegida is None or factura.liquidacion_id != self.elegida.id:
            return True
        return factura in self.facturas

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
        super().validate(extra_validators)
        self._elegir()
        self._cumplir_exigencias()
        if self.errors:
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

    def _elegir(self) -> None:
        """Read what was ticked; what the seal says stands when the page had no boxes."""
        if self.facturas and not self.factura.data:
            return
        unica = self.halladas[0] if len(self.halladas) == 1 else None
        self.elegida = unica or next((x for x in self.halladas if str(x.numero) == self.liquidacion.data), None)
        if self.elegida is None:
            self.senalar(DatoInvalido("Elija cuál trámite o contrato va a pagar.", "liquidacion"))
            return
        marcadas: Collection[str] = self.factura.data or ()
        self.facturas = [f for f in self.elegida.facturas if str(f.numero) in marcadas]
        if not self.facturas:
            self.senalar(DatoInvalido("Elija al menos una estampilla.", "factura"))

    def _cumplir_exigencias(self) -> None:
        exigencias = self.exigencias
        if not exigencias.piden_banco:
            return
        if self.nombre_banco is None:
            self.senalar(DatoInvalido("Elija su banco de la lista.", "banco"))
        for condicion in exigencias.condiciones:
            if not self.casilla(condicion.codigo).data:
                mensaje = f"Para pagar debe leer y aceptar {condicion.titulo}."
                self.senalar(DatoInvalido(mensaje, f"acepta_{condicion.codigo}"))
