"""What an officer types to assess a contract or a trámite. Each form shows only the fields that its act asks for."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import request
from wtforms import Field, SelectField, SelectMultipleField
from wtforms.validators import DataRequired

from portal.blueprints.liquidaciones.hechos import PREFIJO, CampoHecho, agregar_campos
from portal.blueprints.liquidaciones.integrantes import FilaIntegrante, agregar_filas, leer_filas
from portal.dominio.errores import DatoInvalido
from portal.dominio.identificacion import TIPOS_DOCUMENTO, leer_texto
from portal.dominio.lectura import leer_fecha, leer_valor
from portal.dominio.normativa import Acto, Normativa
from portal.dominio.palabras import CLASES_CONTRIBUYENTE, FORMAS_DE_RECAUDO, POR_RETENCION, TIPOS_CONTRATO, nombre_de
from portal.models import Agente
from portal.models.liquidacion import ClaseContribuyente
from portal.operaciones.datos_encargo import DATOS, componer_contrato, componer_contribuyente, otros_actos
from portal.operaciones.encargos import Asunto, Encargo
from portal.web.formularios import CampoTexto, Formulario, leer, opciones

_ELIJA = ("", "Elija una opción")


def _leer(dato: str, *, opcional: bool | None = None) -> leer:
    """The validator of one datum; `opcional` where this form asks otherwise than a contract."""
    suyo = DATOS[dato]
    return leer(suyo.leer, opcional=suyo.opcional if opcional is None else opcional)


class EncargoForm(Formulario):
    """Contributor, and what the figures depend on; `preparar` fits it to one act."""

    tipo_documento = SelectField("Tipo de documento", choices=opciones(TIPOS_DOCUMENTO.items()), default="CC")
    documento = CampoTexto("Número de documento", [_leer("documento")])
    nombre = CampoTexto("Nombre", [_leer("nombre")])
    clase = SelectField("Tipo de contribuyente", choices=opciones(CLASES_CONTRIBUYENTE.items()), default="natural")
    direccion = CampoTexto("Dirección", [_leer("direccion")])
    telefono = CampoTexto("Teléfono", [_leer("telefono")])
    correo = CampoTexto("Correo electrónico", [_leer("correo")])

    acto = SelectMultipleField("El mismo documento es también")
    variante = SelectField("Tarifa que aplica", validators=[DataRequired("Elija cuál de las tarifas aplica.")])
    valor = CampoTexto("Valor")
    objeto = CampoTexto("Observación", [_leer("objeto", opcional=True)])

    # The fields that figures depend on: the preview reads these alone.
    DE_CALCULO: tuple[str, ...] = ("acto", "variante", "valor")
    encargo: Encargo
    campos_hechos: tuple[CampoHecho, ...] = ()

    def preparar(self, normativa: Normativa, acto: Acto, hoy: date, entidad: Agente | None = None) -> None:
        """Keep the fields that `acto` asks for and fill in their choices. `entidad`: the agent that assesses, if one does."""
        self.principal = acto
        otros = otros_actos(normativa, acto)
        self.acto.choices = opciones((o.codigo, f"{o.nombre} ({o.codigo})") for o in otros)
        variantes = normativa.variantes_de(acto, hoy)
        self.variante.choices = opciones([_ELIJA, *((t.variante, f"{t.texto}: {t.cita}") for t in variantes)])
        con_base = [a for a in (acto, *otros) if a.tiene_cuantia]
        self.valor.label.text = _con_mayuscula(con_base[0].valor_nombre) if con_base else ""
        if request.method == "GET":
            self.acto.data = [otros[0].codigo] if len(otros) == 1 else []
        self.valor.validators = [leer(leer_valor, opcional=not self._exige_valor)]
        for nombre, hace_falta in (("acto", otros), ("variante", variantes), ("valor", con_base)):
            if not hace_falta:
                del self[nombre]
        elegidos = [acto, *(o for o in otros if o.codigo in (self.acto.data or ()))]
        self.campos_hechos = agregar_campos(self, normativa, elegidos, self._fecha(hoy), self._hechos_propios())

    @property
    def pide_valor(self) -> bool:
        """Whether the act has an amount; otherwise only an act that goes along may need it."""
        return "valor" in self and self.principal.tiene_cuantia

    @property
    def _exige_valor(self) -> bool:
        """A contract always has its amount; an appointment that is wholly exempt may have no pay to type."""
        return self.principal.tiene_cuantia and self.principal.documento == "contrato"

    def hace_falta(self, campo: Field) -> bool:
        """Whether there are no figures while this field is empty."""
        if campo.name.startswith(PREFIJO):
            return any(c.pregunta.obligatoria for c in self.campos_hechos if c.campo is campo)
        return self._exige_valor if campo.name == "valor" else campo.name != "acto"

    def _fecha(self, hoy: date) -> date:
        """The day whose rules say what to ask."""
        return hoy

    def _hechos_propios(self) -> dict[str, str]:
        """Facts that the form asks in fields of its own, as far as they were answered."""
        return {}

    def asunto(self) -> Asunto:
        """What the engine needs, from fields that were validated."""
        variante = self.variante.data if "variante" in self else ""
        return Asunto(
            actos=(self.principal.codigo, *(self.acto.data or () if "acto" in self else ())),
            valor=self.valor.leido if "valor" in self else None,
            variantes={self.principal.codigo: variante} if variante else {},
            hechos={c.clave: c.respuesta for c in self.campos_hechos if c.respuesta is not None},
        )

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            self.encargo = self._encargo()
        except DatoInvalido as error:
            self.senalar(error)
            return False
        return True

    def _encargo(self) -> Encargo:
        return Encargo(componer_contribuyente(self._leidos()), self.asunto(), objeto=self.objeto.leido or "")

    def _leidos(self) -> dict[str, Any]:
        """What the fields hold, by the names of the data."""
        escritos = {nombre: self[nombre].leido for nombre in DATOS if nombre in self}
        return {**escritos, "tipo_documento": self.tipo_documento.data, "clase": self.clase.data}


class TramiteForm(EncargoForm):
    """A trámite, with the words of the known slip."""


class ContratoForm(EncargoForm):
    """A contract, with the words of the known slip."""

    contratante = CampoTexto("Entidad contratante", [_leer("contratante")])
    contratante_nit = CampoTexto("NIT de la entidad contratante", [_leer("contratante_nit")])
    numero_contrato = CampoTexto("Número de contrato", [_leer("numero_contrato")])
    numero_proceso = CampoTexto("Número de proceso", [_leer("numero_proceso")])
    tipo_contrato = SelectField("Tipo de contrato", validators=[DataRequired("Elija el tipo de contrato.")])
    fecha_contrato = CampoTexto("Fecha de contrato", [_leer("fecha_contrato")])
    objeto = CampoTexto("Objeto", [_leer("objeto")])
    recaudo = SelectField("Forma de recaudo", choices=opciones(FORMAS_DE_RECAUDO.items()), default="unico")

    DE_CALCULO = ("acto", "variante", "valor", "fecha_contrato", "tipo_contrato", "clase")

    integrantes: tuple[FilaIntegrante, ...] = ()
    entidad: Agente | None = None

    def preparar(self, normativa: Normativa, acto: Acto, hoy: date, entidad: Agente | None = None) -> None:
        super().preparar(normativa, acto, hoy, entidad)
        self.entidad = entidad
        if entidad is not None:
            # An agent assesses its own contracts: who contracts is not asked, and whatever is sent of it is not read.
            del self["contratante"], self["contratante_nit"]
        self.integrantes = agregar_filas(self, obligan=self.clase.data == ClaseContribuyente.CONSORCIO.value)
        if request.method == "GET" and acto.recaudo in FORMAS_DE_RECAUDO:
            self.recaudo.data = acto.recaudo
        self.nombre.label.text, self.clase.label.text = "Nombre del contratista", "Tipo de contratista"
        tipos = next((h.valores for h in normativa.hechos if h.clave == "contrato.tipo"), ())
        self.tipo_contrato.choices = opciones([_ELIJA, *((t, nombre_de(TIPOS_CONTRATO, t)) for t in tipos)])

    def _fecha(self, hoy: date) -> date:
        try:
            return min(leer_fecha(self.fecha_contrato.data or ""), hoy)
        except DatoInvalido:
            return hoy

    def _hechos_propios(self) -> dict[str, str]:
        return {"contrato.tipo": self.tipo_contrato.data or "", "contratista.clase": self.clase.data or ""}

    def asunto(self) -> Asunto:
        return replace(
            super().asunto(),
            fecha_contrato=self.fecha_contrato.leido,
            tipo_contrato=self.tipo_contrato.data,
            clase=ClaseContribuyente(self.clase.data),
        )

    def _leidos(self) -> dict[str, Any]:
        suyos = {"contratante": self.entidad.nombre, "contratante_nit": self.entidad.nit} if self.entidad else {}
        return super()._leidos() | suyos

    def _encargo(self) -> Encargo:
        encargo = componer_contrato(self._leidos(), self.asunto())
        integrantes = leer_filas(self.integrantes) if self.clase.data == ClaseContribuyente.CONSORCIO.value else ()
        return replace(encargo, por_retencion=self.recaudo.data == POR_RETENCION, integrantes=integrantes)

    def senalar(self, error: DatoInvalido) -> None:
        primera = self.integrantes[0].porcentaje.name if self.integrantes else None
        super().senalar(DatoInvalido(error.mensaje, primera) if error.campo == "integrantes" else error)


class SinEfectoForm(Formulario):
    """Why a liquidación stops being in force."""

    motivo = CampoTexto("Motivo", [leer(leer_texto, maximo=500, campo="motivo")])


class BuscarForm(Formulario):
    """One box for everything that names a liquidación exactly."""

    buscar = CampoTexto("Buscar", [leer(leer_texto, opcional=True, maximo=60, campo="buscar")])


def _con_mayuscula(base: str) -> str:
    """`el valor del contrato antes de IVA` → `Valor del contrato antes de IVA`."""
    texto = base.removeprefix("el ").removeprefix("la ") or "valor del acto"
    return texto[0].upper() + texto[1:]
