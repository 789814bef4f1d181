"""What an act's stamps are worth at this moment, for whoever must accept it: found, not found or ambiguous, row by row.

However many acts are asked for, the database is asked twice: nothing here grows with the rows but the answers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CompoundSelect, Row, Select, and_, func, select

from portal.db import db
from portal.dominio.estados import EstadoPublico, estado_publico
from portal.dominio.libro import ClaseAsiento
from portal.models import Adhesion, AdhesionFactura, Asiento, Factura, Integrante, Liquidacion, Recaudo
from portal.models.liquidacion import ClaseContribuyente, TipoLiquidacion

PAGADAS = (EstadoPublico.LEGALIZADO, EstadoPublico.UTILIZADA)
# What nobody expects to be paid: the whole of a contract that pays by parts, and what was voided.
NO_SE_PAGAN = (EstadoPublico.POR_RETENCION, EstadoPublico.SIN_EFECTO)
# One answer shown or printed to a person; a document with more stamps is certified act by act.
MAXIMO_ESTAMPILLAS = 200


class ClasePregunta(StrEnum):
    """What an act is looked up by."""

    CONTRATO = "contrato"
    DOCUMENTO = "documento"
    FACTURA = "factura"
    LIQUIDACION = "liquidacion"


class Hallazgo(StrEnum):
    """What came of a question, in the word that people read."""

    ENCONTRADO = "Encontrado"
    NO_ENCONTRADO = "No encontrado"
    # The data are of more than one contract: the person must say which.
    AMBIGUO = "Ambiguo"


@dataclass(frozen=True)
class Pregunta:
    """One act asked for. `numero`: of the factura, the liquidación or the contract; `documento`: of the contractor or
    of who asked for the trámite. All of them as the parsers of identities leave them.
    """

    clase: ClasePregunta
    numero: str = ""
    documento: str = ""
    vigencia: int = 0

    @property
    def asunto(self) -> str:
        """The whole question in one text, for a button that carries it: `contrato|647|2025|901805364`, `factura|238076`."""
        partes = (self.numero, str(self.vigencia or ""), self.documento)
        return "|".join([self.clase.value, *(parte for parte in partes if parte)])


@dataclass(frozen=True)
class EstampillaHallada:
    """One factura as it stands. `pagada_en`, `cus`, `banco`: of the credit that pays it now; none for one of $0."""

    factura: int
    liquidacion: int
    liquidacion_id: int
    codigo: str
    estampilla: str
    valor: Decimal
    estado: EstadoPublico
    pagada_en: datetime | None
    cus: str | None
    banco: str | None
    utilizada_en: datetime | None
    exencion: str | None
    es_contrato: bool
    acto: str
    numero_contrato: str
    contrato_en_palabras: str
    vigencia: int
    contratante: str
    tipo_documento: str
    documento: str
    nombre: str
    natural: bool
    # How an agent withheld it, in words; empty when it was paid otherwise.
    retenida: str = ""
    # Whose contract it is (`Contrato.entidad`); certificates of before do not say it.
    entidad: int = 0

    @property
    def contrato(self) -> tuple[str, int]:
        """What tells apart contracts of one number and one vigencia: who signed each, and with which entity."""
        return self.documento, self.entidad

    @property
    def pagada(self) -> bool:
        return self.estado in PAGADAS

    @property
    def debida(self) -> bool:
        """Owed, overdue or at the bank."""
        return self.estado not in (*PAGADAS, *NO_SE_PAGAN)


@dataclass(frozen=True)
class Respuesta:
    """A question with what was found of it. `nota` says in a sentence what the words of the result do not."""

    pregunta: Pregunta
    hallazgo: Hallazgo
    estampillas: Sequence[EstampillaHallada] = ()
    nota: str = ""

    @property
    def encontrada(self) -> bool:
        """Whether the stamps are of the act that was asked for, and of no other."""
        return self.hallazgo is Hallazgo.ENCONTRADO

    @property
    def liquidaciones(self) -> Mapping[int, str]:
        """Number → code of those that the stamps are of; of every candidate when it is ambiguous."""
        return {e.liquidacion: e.codigo for e in self.estampillas}

    @property
    def pagadas(self) -> int:
        """Stamps that are paid, used ones too."""
        return sum(e.pagada for e in self.estampillas)

    @property
    def utilizadas(self) -> int:
        """Of them, those that were used."""
        return sum(e.estado is EstadoPublico.UTILIZADA for e in self.estampillas)

    @property
    def debidas(self) -> Sequence[EstampillaHallada]:
        return [e for e in self.estampillas if e.debida]

    @property
    def pendientes(self) -> int:
        return len(self.debidas)

    @property
    def por_pagar(self) -> Decimal:
        """Pesos of what is pending."""
        return sum((e.valor for e in self.debidas), Decimal(0))

    @property
    def estados(self) -> Mapping[EstadoPublico, int]:
        """How many stamps are in each state."""
        return Counter(e.estado for e in self.estampillas)

    @property
    def estados_en_palabras(self) -> str:
        """`2 Legalizado, 1 Liquidado`."""
        return _contar(self.estampillas)

    @property
    def resumen(self) -> str:
        return en_resumen(self.estampillas)


def en_resumen(estampillas: Sequence[EstampillaHallada]) -> str:
    """How many are paid of those that have to be, and how many of those were used; their states when none has to be paid."""
    pagadas = sum(e.pagada for e in estampillas)
    exigibles = pagadas + sum(e.debida for e in estampillas)
    if not estampillas:
        return "No se encontró nada"
    if not exigibles:
        return _contar(estampillas)
    usadas = sum(e.estado is EstadoPublico.UTILIZADA for e in estampillas)
    ya_usadas = f"; {usadas} ya {'utilizada' if usadas == 1 else 'utilizadas'}" if usadas else ""
    return f"{pagadas} de {exigibles} {'estampilla pagada' if exigibles == 1 else 'estampillas pagadas'}{ya_usadas}"


def _contar(estampillas: Sequence[EstampillaHallada]) -> str:
    return ", ".join(f"{n} {estado.value}" for estado, n in Counter(e.estado for e in estampillas).items())


def responder(departamento: str, preguntas: Sequence[Pregunta], *, hoy: date) -> list[Respuesta]:
    """What is known of each act, in the order of the questions, all of it read at one moment."""
    filas = [_estampilla(fila, hoy) for fila in db.session.execute(_seleccion(departamento, preguntas))]
    indice = _Indice(filas, _integrantes({fila.liquidacion_id for fila in filas}))
    return [_responder(pregunta, indice) for pregunta in preguntas]


class _Indice:
    """What was read, by each thing that it may be asked by."""

    def __init__(self, filas: Sequence[EstampillaHallada], integrantes: Mapping[int, Sequence[str]]) -> None:
        self._por: dict[Pregunta, list[EstampillaHallada]] = {}
        for fila in filas:
            for pregunta in _preguntas_que_la_hallan(fila, integrantes.get(fila.liquidacion_id, ())):
                self._por.setdefault(pregunta, []).append(fila)

    def hallar(self, pregunta: Pregunta) -> list[EstampillaHallada]:
        return self._por.get(pregunta, [])


def _preguntas_que_la_hallan(fila: EstampillaHallada, integrantes: Iterable[str]) -> Iterable[Pregunta]:
    yield Pregunta(ClasePregunta.FACTURA, str(fila.factura))
    yield Pregunta(ClasePregunta.LIQUIDACION, str(fila.liquidacion))
    if not fila.es_contrato:
        yield Pregunta(ClasePregunta.DOCUMENTO, documento=fila.documento)
        return
    for documento in {fila.documento, *integrantes}:
        yield Pregunta(ClasePregunta.CONTRATO, fila.numero_contrato, documento, fila.vigencia)


def _responder(pregunta: Pregunta, indice: _Indice) -> Respuesta:
    halladas = indice.hallar(pregunta)
    if not halladas:
        return Respuesta(pregunta, Hallazgo.NO_ENCONTRADO)
    if pregunta.clase is not ClasePregunta.CONTRATO:
        return Respuesta(pregunta, Hallazgo.ENCONTRADO, halladas)
    suyas = _en_pie([fila for fila in halladas if fila.documento == pregunta.documento] or halladas)
    if confusion := _que_las_confunde(suyas):
        return Respuesta(pregunta, Hallazgo.AMBIGUO, suyas, confusion)
    return Respuesta(pregunta, Hallazgo.ENCONTRADO, suyas, _nota(suyas))


def _en_pie(halladas: Sequence[EstampillaHallada]) -> Sequence[EstampillaHallada]:
    """Without the contracts of which nothing is in force, when there is another: nobody means what was voided."""
    vivos = {fila.contrato for fila in halladas if fila.estado is not EstadoPublico.SIN_EFECTO}
    return [fila for fila in halladas if fila.contrato in vivos] or halladas


def _que_las_confunde(halladas: Sequence[EstampillaHallada]) -> str:
    """Why the stamps found by a contract's number are of more than one, and what to ask then; empty when they are of one."""
    contratos = {fila.contrato: fila.contratante for fila in halladas}
    if len(contratos) == 1:
        return ""
    hay = f"Hay {len(contratos)} contratos con ese número y esa vigencia"
    if len({documento for documento, _ in contratos}) > 1:
        # Two consorcios of one member gave the same number to their contracts.
        return f"{hay}. Use el NIT de quien firmó el contrato."
    # Two entities gave the same number to their contracts with one contractor.
    return (
        f"{hay}: uno de cada entidad ({'; '.join(sorted(contratos.values()))}). Consulte por factura o por liquidación."
    )


def _nota(halladas: Sequence[EstampillaHallada]) -> str:
    if any(fila.estado is EstadoPublico.POR_RETENCION for fila in halladas):
        return "Se cobra por retención: las facturas son de los pagos que la entidad ha registrado."
    return ""


def _seleccion(departamento: str, preguntas: Sequence[Pregunta]) -> Select:
    """The facturas of every liquidación that some question names, with the credit that pays each and when it was used."""
    pagador = (
        select(func.max(Asiento.numero))
        .where(Asiento.factura_id == Factura.id, Asiento.clase.in_([ClaseAsiento.RECAUDO, ClaseAsiento.APLICACION]))
        .correlate(Factura)
        .scalar_subquery()
    )
    uso = (
        select(Adhesion.en)
        .join(AdhesionFactura)
        .where(AdhesionFactura.factura_id == Factura.id, AdhesionFactura.viva)
        .correlate(Factura)
        .scalar_subquery()
    )
    return (
        select(Factura, Liquidacion, Recaudo, uso)
        .join(Factura.liquidacion)
        .outerjoin(Asiento, Asiento.numero == pagador)
        .outerjoin(Recaudo, Recaudo.id == Asiento.recaudo_id)
        .where(Liquidacion.departamento == departamento, Liquidacion.id.in_(_nombradas(preguntas)))
        .order_by(Factura.numero)
        .execution_options(populate_existing=True)
    )


def _nombradas(preguntas: Sequence[Pregunta]) -> CompoundSelect:
    """Ids of the liquidaciones that may answer; each branch of the union has an index. Contracts are matched exactly later."""
    facturas = _numeros(preguntas, ClasePregunta.FACTURA)
    liquidaciones = _numeros(preguntas, ClasePregunta.LIQUIDACION)
    documentos = {p.documento for p in preguntas if p.clase is ClasePregunta.DOCUMENTO}
    contratos = [p for p in preguntas if p.clase is ClasePregunta.CONTRATO]
    firmantes = {p.documento for p in contratos}
    del_contrato = and_(
        Liquidacion.numero_contrato.in_({p.numero for p in contratos}),
        Liquidacion.vigencia.in_({p.vigencia for p in contratos}),
    )
    propias = select(Liquidacion.id)
    return propias.where(Liquidacion.numero.in_(liquidaciones)).union(
        select(Factura.liquidacion_id).where(Factura.numero.in_(facturas)),
        propias.where(Liquidacion.documento.in_(documentos), Liquidacion.tipo == TipoLiquidacion.TRAMITE),
        propias.where(Liquidacion.documento.in_(firmantes), del_contrato),
        propias.join(Liquidacion.integrantes).where(Integrante.documento.in_(firmantes), del_contrato),
    )


def _numeros(preguntas: Sequence[Pregunta], clase: ClasePregunta) -> set[int]:
    return {int(p.numero) for p in preguntas if p.clase is clase}


def _integrantes(liquidaciones: set[int]) -> Mapping[int, Sequence[str]]:
    """The documents of who is in each consorcio."""
    suyos: dict[int, list[str]] = {}
    consulta = select(Integrante.liquidacion_id, Integrante.documento).where(
        Integrante.liquidacion_id.in_(liquidaciones)
    )
    for liquidacion_id, documento in db.session.execute(consulta):
        suyos.setdefault(liquidacion_id, []).append(documento)
    return suyos


def _estampilla(fila: Row, hoy: date) -> EstampillaHallada:
    factura, liquidacion, credito, utilizada_en = fila
    publico = estado_publico(factura.estado, liquidacion.fecha_limite, hoy, por_retencion=liquidacion.por_retencion)
    # What the bank took back, or was returned, pays nothing any more.
    paga = credito if publico in PAGADAS else None
    return EstampillaHallada(
        factura=factura.numero,
        liquidacion=liquidacion.numero,
        liquidacion_id=liquidacion.id,
        codigo=liquidacion.codigo,
        estampilla=factura.estampilla_nombre,
        valor=factura.valor,
        estado=publico,
        pagada_en=(paga.fecha_banco or paga.registrado_en) if paga else None,
        cus=paga.cus if paga else None,
        banco=paga.banco if paga else None,
        utilizada_en=utilizada_en if publico is EstadoPublico.UTILIZADA else None,
        exencion=factura.exencion,
        es_contrato=liquidacion.es_contrato,
        acto=liquidacion.acto_nombre,
        numero_contrato=liquidacion.numero_contrato or "",
        contrato_en_palabras=liquidacion.numero_en_palabras,
        vigencia=liquidacion.vigencia,
        contratante=liquidacion.contratante,
        tipo_documento=liquidacion.tipo_documento,
        documento=liquidacion.documento,
        nombre=liquidacion.nombre,
        natural=liquidacion.clase is ClaseContribuyente.NATURAL,
        retenida=paga.retenida() if paga else "",
        entidad=liquidacion.entidad,
    )
