"""What an officer asks to assess, and the figures it would have today; nothing is written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from portal.dominio.errores import DatoInvalido, NormaNoVigente
from portal.dominio.liquidador import ResultadoLiquidacion, Solicitud, liquidar
from portal.dominio.normativa import Normativa
from portal.dominio.partes import comprobar_participaciones
from portal.dominio.preguntas import avisos_en_palabras
from portal.models.contrato import ClaseMovimiento
from portal.models.liquidacion import ClaseContribuyente, TipoLiquidacion


@dataclass(frozen=True)
class Asunto:
    """What is assessed, as far as the figures depend on it. `valor` in pesos; no `fecha_contrato`: a trámite of today.

    `fecha_adicion`: the day of the addition when `valor` is one; it is assessed with the rules of that day (C-A27).
    `hechos`: what the rules ask, as JSON holds it (`leer_hechos`): codes, lists of codes, booleans, digits, `AAAA-MM-DD`.
    """

    actos: tuple[str, ...]
    valor: Decimal | None = None
    variantes: Mapping[str, str] = field(default_factory=dict)
    fecha_contrato: date | None = None
    tipo_contrato: str = ""
    clase: ClaseContribuyente | None = None
    hechos: Mapping[str, object] = field(default_factory=dict)
    fecha_adicion: date | None = None

    @property
    def es_contrato(self) -> bool:
        return self.fecha_contrato is not None

    def solicitud(self, hoy: date) -> Solicitud:
        """The question to the engine. The tax on a contract is born on its date; the tax on a trámite, today."""
        hechos = {"contrato.tipo": self.tipo_contrato, "contratista.clase": self.clase.value if self.clase else ""}
        conocidos = {clave: valor for clave, valor in hechos.items() if valor} if self.es_contrato else {}
        fecha = self.fecha_adicion or self.fecha_contrato or hoy
        return Solicitud(self.actos, fecha, self.valor, self.variantes, {**self.hechos, **conocidos})


@dataclass(frozen=True)
class Contribuyente:
    """Who owes, already normalised (`leer_documento`, `leer_texto`)."""

    tipo_documento: str
    documento: str
    nombre: str
    clase: ClaseContribuyente
    direccion: str = ""
    telefono: str = ""
    correo: str = ""

    def __post_init__(self) -> None:
        if self.clase is not ClaseContribuyente.NATURAL and self.tipo_documento not in ("NIT", "NITE", "DE"):
            raise DatoInvalido("Quien no es persona natural se identifica con NIT.", "tipo_documento")


@dataclass(frozen=True)
class Miembro:
    """One who contracts as part of a consorcio or unión temporal; `porcentaje` of the whole, already normalised."""

    tipo_documento: str
    documento: str
    nombre: str
    porcentaje: Decimal


@dataclass(frozen=True)
class Soporte:
    """The act that an assessment comes from when it is not the contract itself: its addition or its reduction.

    `valor` is how much it changed the contract's value, in pesos with sign; `documento` names the act.
    """

    clase: ClaseMovimiento
    documento: str
    fecha: date
    valor: Decimal


@dataclass(frozen=True)
class Encargo:
    """What a liquidación is about, figures and printed data. A contract has `numero_contrato`; a trámite has not.

    `adicion`: 0 for the contract itself. `por_retencion`: its stamps are collected with each payment of the contract.
    `integrantes`: those of a consorcio; their shares sum 100 %. `entidad`: whose contract it is (`Contrato.entidad`) when that
    is known already, as of what follows from a contract; None: who assesses and who contracts say it.
    """

    contribuyente: Contribuyente
    asunto: Asunto
    objeto: str = ""
    numero_contrato: str | None = None
    numero_proceso: str = ""
    contratante: str = ""
    contratante_nit: str = ""
    por_retencion: bool = False
    integrantes: tuple[Miembro, ...] = ()
    adicion: int = 0
    soporte: Soporte | None = None
    entidad: int | None = None

    def __post_init__(self) -> None:
        if (self.numero_contrato is not None) != self.asunto.es_contrato:
            raise ValueError("a contract has number and date; a trámite has neither")
        if self.por_retencion and self.asunto.valor is None:
            raise DatoInvalido("Un contrato sin cuantía no se recauda por retención.", "recaudo")
        if self.integrantes:
            _comprobar_integrantes(self.integrantes, self.contribuyente)


def _comprobar_integrantes(integrantes: tuple[Miembro, ...], consorcio: Contribuyente) -> None:
    if consorcio.clase is not ClaseContribuyente.CONSORCIO:
        raise DatoInvalido("Solo un consorcio o una unión temporal tiene integrantes.", "clase")
    documentos = [i.documento for i in integrantes]
    if len(integrantes) < 2:
        raise DatoInvalido("Escriba al menos dos integrantes.", "integrantes")
    if len(set(documentos)) < len(documentos) or consorcio.documento in documentos:
        raise DatoInvalido("Hay un integrante repetido: cada uno tiene su propio documento.", "integrantes")
    comprobar_participaciones([i.porcentaje for i in integrantes], "integrantes")


@dataclass(frozen=True)
class Previa:
    """What would be issued today."""

    resultado: ResultadoLiquidacion
    fecha_limite: date

    @property
    def provisional(self) -> bool:
        """Whether some tariff has no published norm."""
        return any(linea.provisional for linea in self.resultado.lineas)


def previsualizar(
    asunto: Asunto, *, normativa: Normativa, plazo_dias: int, permitir_provisional: bool, hoy: date
) -> Previa:
    """Compute without writing. Raises `DatoInvalido` with the field, or `NormaNoVigente`."""
    _comprobar_asunto(asunto, normativa, hoy)
    resultado = liquidar(normativa, asunto.solicitud(hoy))
    if not permitir_provisional and any(linea.provisional for linea in resultado.lineas):
        raise NormaNoVigente(
            "Este acto solo tiene tarifas provisionales. El administrador debe publicar las tarifas con su norma."
        )
    resultado = replace(resultado, avisos=avisos_en_palabras(normativa, resultado.avisos))
    return Previa(resultado, _fecha_limite(resultado, hoy, plazo_dias))


def _comprobar_asunto(asunto: Asunto, normativa: Normativa, hoy: date) -> None:
    if asunto.fecha_contrato is not None and asunto.fecha_contrato > hoy:
        raise DatoInvalido("La fecha del contrato no puede ser futura.", "fecha_contrato")
    if asunto.fecha_adicion is not None and asunto.fecha_adicion > hoy:
        raise DatoInvalido("La fecha de la adición no puede ser futura.", "fecha")
    esperado = TipoLiquidacion.CONTRATO if asunto.es_contrato else TipoLiquidacion.TRAMITE
    if asunto.actos and normativa.acto(asunto.actos[0]).documento != esperado.value:
        raise DatoInvalido("Ese acto no se liquida en este formulario.", "acto")
    if asunto.es_contrato and asunto.valor == 0:
        raise DatoInvalido("El valor del contrato debe ser mayor que cero.", "valor")


def _fecha_limite(resultado: ResultadoLiquidacion, hoy: date, plazo_dias: int) -> date:
    """Never beyond the fiscal year whose values were used; a percentage uses none, so an old contract can still be paid."""
    vigencia = resultado.vigencia
    if vigencia < hoy.year:
        if any(linea.indicador is not None for linea in resultado.lineas):
            raise NormaNoVigente(f"El plazo para pagar con los valores de {vigencia} terminó el 31 de diciembre.")
        vigencia = hoy.year
    return min(hoy + timedelta(days=plazo_dias), date(vigencia, 12, 31))
