"""What an administrator types: a draft of a yearly value or of a tariff, its evidence, the reason to end it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField
from wtforms.validators import StopValidation

from portal.dominio.dinero import escribir_pesos, leer_pesos
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import leer_texto
from portal.dominio.normativa import Acto, Normativa
from portal.dominio.propuestas import fin_de_ano
from portal.dominio.tarifas import TipoTarifa
from portal.models import CambioTarifa, Propuesta, PropuestaIndicador, PropuestaTarifa
from portal.operaciones.propuestas import Datos
from portal.operaciones.tarifas import DatosTarifa
from portal.web.formularios import CampoTexto, Formulario, leer, leer_fecha, leer_porcentaje, opciones


def leer_cifra(texto: str) -> Decimal:
    """A rate or a number of units: `0,5`, `12`. A dot is refused, because it may mean either. Raises `DatoInvalido`."""
    limpio = texto.strip().removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,6}(,[0-9]{1,6})?", limpio):
        raise DatoInvalido("Escriba un número con coma para los decimales, por ejemplo 0,5.")
    return Decimal(limpio.replace(",", "."))


class VersionForm(Formulario):
    """A signature over what was read; nothing else is typed."""

    version = HiddenField()

    @property
    def leida(self) -> int:
        """The version that the page showed; 0, which none has, for anything else."""
        texto = self.version.data or ""
        return int(texto) if texto.isascii() and texto.isdigit() and len(texto) <= 6 else 0


class ArchivoForm(VersionForm):
    """The file that proves a draft."""

    archivo = FileField("Archivo del acto")


class PublicarForm(VersionForm):
    """A signature; whoever signs what nobody simulated says so."""

    sin_simular = BooleanField("Publico esta propuesta sin haberla simulado")


class RetirarForm(VersionForm):
    """Why a draft ends without being published."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=500, campo="motivo")])


class ActoForm(VersionForm):
    """The act, with its evidence, that every draft needs: later, perhaps, but not after publication. And a correction's why."""

    corrige = CampoTexto("Versión que se corrige", [leer(leer_fecha, opcional=True)])
    correccion = CampoTexto(
        "Motivo de la corrección", [leer(leer_texto, opcional=True, maximo=500, campo="correccion")]
    )
    salto_confirmado = BooleanField("El valor está bien aunque se aparte mucho del anterior")
    acto = CampoTexto("Acto que fija el valor", [leer(leer_texto, opcional=True, maximo=160, campo="acto")])
    acto_fecha = CampoTexto("Fecha del acto", [leer(leer_fecha, opcional=True)])
    evidencia = CampoTexto("Enlace al acto", [leer(leer_texto, opcional=True, maximo=500, campo="evidencia")])

    def llenar_acto(self, una: Propuesta) -> None:
        """Show what a draft says, but for its figure."""
        self.version.data = str(una.version)
        self.salto_confirmado.data = una.salto_confirmado
        self.acto.data, self.evidencia.data = una.acto, una.evidencia
        self.acto_fecha.data = una.acto_fecha.isoformat() if una.acto_fecha else ""
        self.corrige.data = una.corrige.isoformat() if una.corrige else ""
        self.correccion.data = una.correccion


class PropuestaForm(ActoForm):
    """One draft of a yearly value."""

    ajuste = CampoTexto("Porcentaje de ajuste")
    desde = CampoTexto("Rige desde", [leer(leer_fecha)])
    hasta = CampoTexto("Rige hasta", [leer(leer_fecha, opcional=True)])
    valor = CampoTexto("Valor en pesos", [leer(leer_pesos)])

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
            corrige=self.corrige.leido,
            correccion=self.correccion.leido or "",
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
        self.llenar_acto(una)
        self.desde.data = una.desde.isoformat()
        self.hasta.data = una.hasta.isoformat() if una.hasta else ""
        self.valor.data = escribir_pesos(una.valor).removeprefix("$")


class TarifaForm(ActoForm):
    """One draft of a tariff; `preparar` keeps the fields that its kind of change asks for."""

    desde = CampoTexto("Rige desde", [leer(leer_fecha)])
    hasta = CampoTexto("Último día en que rige", [leer(leer_fecha, opcional=True)])
    variante = RadioField("Tarifa que se aplica", validate_choice=False)
    medida = SelectField("Cómo se mide", validate_choice=False)
    valor = CampoTexto("Tarifa")
    redondeo = SelectField("Redondeo", validate_choice=False)
    redondeo_inferido = BooleanField("La norma no dice cómo redondear: el redondeo es inferido")
    norma = CampoTexto("Norma", [leer(leer_texto, maximo=120, campo="norma")])
    articulo = CampoTexto("Artículo", [leer(leer_texto, maximo=160, campo="articulo")])

    cambio: CambioTarifa
    de_fijar = ("medida", "valor", "redondeo", "redondeo_inferido", "norma", "articulo", "corrige", "correccion")

    def preparar(
        self, cambio: CambioTarifa, normativa: Normativa, con_cuantia: bool, variantes: list[tuple[str, str]]
    ) -> None:
        """Drop what this kind of change does not ask, and give the choices that the department's rules have."""
        self.cambio = cambio
        sobran = {
            CambioTarifa.FIJAR: ("hasta", "variante"),
            CambioTarifa.VARIANTE: ("hasta", *self.de_fijar),
            CambioTarifa.TERMINAR: ("variante", *self.de_fijar),
        }
        for nombre in sobran[cambio]:
            del self[nombre]
        if cambio is not CambioTarifa.FIJAR:
            del self["salto_confirmado"]
        self.acto.label.text = "Acto que cambia la tarifa"
        if cambio is CambioTarifa.FIJAR:
            self.medida.choices = opciones(_medidas(normativa, con_cuantia))
            redondeos = {r.codigo: r.nombre for r in normativa.redondeos}
            self.redondeo.choices = opciones(redondeos.items())
        if cambio is CambioTarifa.VARIANTE:
            self.variante.choices = opciones(variantes)

    def validate_medida(self, field: Field) -> None:
        """One of the ways that this act may be measured."""
        if field.data not in {opcion.value for opcion in field.iter_choices()}:
            raise StopValidation("Elija cómo se mide la tarifa.")

    def validate_valor(self, field: Field) -> None:
        """Pesos where the tariff is a fixed amount, a plain number everywhere else; nothing where a decree says it."""
        tipo = (self.medida.data or "").partition(":")[0]
        if tipo == TipoTarifa.DECRETADO.value:
            # The decree of each year says the pesos; a tariff has a figure all the same.
            field.leido = Decimal(1)
            return
        leer(leer_pesos if tipo == TipoTarifa.PESOS.value else leer_cifra)(self, field)

    def datos(self) -> DatosTarifa:
        """The draft, from fields that were validated."""
        base = DatosTarifa(
            cambio=self.cambio,
            desde=self.desde.leido,
            acto=self.acto.leido or "",
            acto_fecha=self.acto_fecha.leido,
            evidencia=self.evidencia.leido or "",
        )
        if self.cambio is CambioTarifa.VARIANTE:
            return replace(base, variante=self.variante.data or "")
        if self.cambio is CambioTarifa.TERMINAR:
            return replace(base, hasta=self.hasta.leido)
        tipo, _, indicador = self.medida.data.partition(":")
        return replace(
            base,
            tipo=tipo,
            indicador=indicador,
            valor=self.valor.leido,
            redondeo=self.redondeo.data,
            redondeo_inferido=bool(self.redondeo_inferido.data),
            norma=self.norma.leido,
            articulo=self.articulo.leido,
            salto_confirmado=bool(self.salto_confirmado.data),
            corrige=self.corrige.leido,
            correccion=self.correccion.leido or "",
        )

    def llenar(self, una: PropuestaTarifa) -> None:
        """Show a draft as it is."""
        self.version.data = str(una.version)
        self.desde.data = una.desde.isoformat()
        self.acto.data, self.evidencia.data = una.acto, una.evidencia
        self.acto_fecha.data = una.acto_fecha.isoformat() if una.acto_fecha else ""
        if self.cambio is CambioTarifa.VARIANTE:
            self.variante.data = una.variante
        elif self.cambio is CambioTarifa.TERMINAR:
            self.hasta.data = una.hasta.isoformat() if una.hasta else ""
        else:
            self.llenar_acto(una)
            self.llenar_cifra(vars_de(una))

    def llenar_cifra(self, dichos: dict[str, object]) -> None:
        """Show the figure of a draft, or of the tariff that a new draft changes."""
        tipo, indicador, valor = str(dichos["tipo"]), str(dichos["indicador"]), Decimal(str(dichos["valor"]))
        self.medida.data = f"{tipo}:{indicador}" if indicador else tipo
        self.valor.data = escribir_pesos(valor).removeprefix("$") if tipo == "pesos" else f"{valor:f}".replace(".", ",")
        self.redondeo.data = str(dichos["redondeo"])
        self.redondeo_inferido.data = bool(dichos["redondeo_inferido"])
        self.norma.data, self.articulo.data = str(dichos["norma"]), str(dichos["articulo"])


def vars_de(una: PropuestaTarifa) -> dict[str, object]:
    """What a draft says of the figure, under the names of a tariff's row."""
    return {
        c: getattr(una, c) for c in ("tipo", "indicador", "valor", "redondeo", "redondeo_inferido", "norma", "articulo")
    }


def _medidas(normativa: Normativa, con_cuantia: bool) -> list[tuple[str, str]]:
    """How a tariff of this department may be measured; a decreed value where some tariff has it already."""
    decretados = {t.indicador for t in normativa.tarifas if t.tipo is TipoTarifa.DECRETADO}
    por_decreto = [i for i in normativa.indicadores if i.codigo in decretados]
    de_base = [(TipoTarifa.PORCENTAJE.value, "Porcentaje de la base (%)")] if con_cuantia else []
    unidades = [i for i in normativa.indicadores if i.codigo not in decretados]
    return [
        *de_base,
        *((f"{TipoTarifa.UNIDADES.value}:{i.codigo}", f"Número de {i.nombre}") for i in unidades),
        *(
            (f"{TipoTarifa.PORCENTAJE_INDICADOR.value}:{i.codigo}", f"Porcentaje de un {i.nombre} (%)")
            for i in unidades
        ),
        (TipoTarifa.PESOS.value, "Valor fijo en pesos"),
        *((f"{TipoTarifa.DECRETADO.value}:{i.codigo}", f"Lo que se decrete: {i.nombre}") for i in por_decreto),
    ]


class AbrirTramiteForm(Formulario):
    """An act that people may assess by themselves, and the entity that asks for it."""

    actos = SelectField("Trámite")
    entidad = CampoTexto("Entidad que lo pide", [leer(leer_texto, maximo=160, campo="entidad")])

    def preparar(self, tramites: Sequence[tuple[Acto, ...]]) -> None:
        """The trámites to choose from, each as its acts."""
        self.actos.choices = opciones(
            ("+".join(a.codigo for a in actos), ", y también ".join(f"{a.nombre} ({a.codigo})" for a in actos))
            for actos in tramites
        )
