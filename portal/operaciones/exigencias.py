"""What an assessment needs before it is issued: the recognition of each rule that applies only with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.dominio.calendario import dia_en_palabras
from portal.dominio.errores import DatoInvalido
from portal.dominio.liquidador import ResultadoLiquidacion
from portal.dominio.normativa import Regla
from portal.models import Liquidacion, Reconocimiento, Usuario
from portal.models.reconocimiento import SIN_CONTRATO, ContratoReconocido
from portal.models.usuario import Rol
from portal.operaciones import reconocimientos
from portal.operaciones.agentes.registro import por_nit
from portal.operaciones.encargos import Encargo
from portal.operaciones.reconocimientos import Alcance, Datos, Firma, Soporte, YaReconocido


@dataclass(frozen=True)
class Declaracion:
    """What an officer states while assessing: the support of one rule for this contributor, from the day of the act.

    `solo_contrato` limits it to the contract at hand. `dependencia` is the office that recognises.
    """

    regla: str
    soporte: Soporte
    hasta: date | None
    dependencia: str
    solo_contrato: bool = True


@dataclass(frozen=True)
class Sustento:
    """What an assessment rests on beside the rules: what was asked, what was declared about it, and who signs."""

    encargo: Encargo
    declaraciones: Sequence[Declaracion]
    firma: Firma


def reconocimiento_para(encargo: Encargo, regla: Regla, *, departamento: str, fecha: date) -> Reconocimiento | None:
    """The recognition to use for a rule on an act of `fecha`: that of its contract, else the contributor's.

    Raises `DatoInvalido` when the facts give its document another date.
    """
    de = encargo.contribuyente
    suyos = reconocimientos.vigentes_de(departamento, de.tipo_documento, de.documento, fecha)
    de_la_regla = {r.contrato: r for r in suyos if r.regla == regla.codigo}
    elegido = de_la_regla.get(_contrato(departamento, encargo)) or de_la_regla.get(SIN_CONTRATO)
    if elegido is not None:
        comprobar_fecha(encargo, regla, elegido.soporte_fecha)
    return elegido


def sin_reconocer(
    encargo: Encargo, resultado: ResultadoLiquidacion, *, departamento: str, fecha: date
) -> tuple[Regla, ...]:
    """The rules of an assessment that need a recognition and have none on record. Raises as `reconocimiento_para`."""
    return tuple(
        regla
        for regla in resultado.por_reconocer
        if reconocimiento_para(encargo, regla, departamento=departamento, fecha=fecha) is None
    )


def falta_reconocimiento(regla: Regla, fecha: date, *, de: Usuario | None = None) -> str:
    """What to do where no support can be stated, in plain Spanish: the rule needs a recognition in force on `fecha`.

    `de` is who assesses: an agent cannot recognise anything, and asks the office for it.
    """
    que_hacer = "Pídalo a Rentas" if de and not puede_reconocer(de) else "Regístrelo en Reconocimientos"
    return (
        f"«{regla.nombre}» se aplica solo con un reconocimiento, y este contratista no tiene uno vigente el "
        f"{dia_en_palabras(fecha)}. {que_hacer} y revise de nuevo; o corrija los datos si no le corresponde."
    )


def puede_reconocer(usuario: Usuario) -> bool:
    """Whether who assesses may state the support of a rule: recognising an exemption is the office's (C 4.8)."""
    return usuario.rol is not Rol.AGENTE


def comprobar_fecha(encargo: Encargo, regla: Regla, fecha_soporte: date, campo: str = "") -> None:
    """The engine counts a rule's term from a fact that somebody answers: it must be the date of the document.

    Raises `DatoInvalido` naming `campo`, or the fact.
    """
    if regla.plazo is None:
        return
    dicha = encargo.asunto.hechos.get(regla.plazo.hecho)
    if dicha != fecha_soporte.isoformat():
        raise DatoInvalido(
            f"El documento que reconoce la regla {regla.codigo} es del {dia_en_palabras(fecha_soporte)}, y en las condiciones "
            "especiales se respondió otra fecha. Deben ser la misma.",
            campo or f"hechos.{regla.plazo.hecho}",
        )


def exigir(nueva: Liquidacion, resultado: ResultadoLiquidacion, sustento: Sustento) -> None:
    """Tie each factura of `nueva`, in the order of the lines, to the recognitions of its rules; those declared are recorded.

    None of them can be revoked before this transaction ends. Raises `DatoInvalido` naming the rule that has none, and
    `YaReconocido` when there is one that the officer who declared another had not seen.
    """
    por_regla = {regla.codigo: _reconocimiento(nueva, regla, sustento) for regla in resultado.por_reconocer}
    for factura, linea in zip(nueva.facturas, resultado.lineas, strict=True):
        factura.reconocimientos = [por_regla[r.codigo] for r in linea.aplicadas if r.codigo in por_regla]


def _reconocimiento(nueva: Liquidacion, regla: Regla, sustento: Sustento) -> Reconocimiento:
    departamento, fecha = nueva.departamento, nueva.fecha_causacion
    hallado = reconocimiento_para(sustento.encargo, regla, departamento=departamento, fecha=fecha)
    declarada = next((una for una in sustento.declaraciones if una.regla == regla.codigo), None)
    quien = sustento.firma.usuario
    if hallado is None and not puede_reconocer(quien):
        raise DatoInvalido(falta_reconocimiento(regla, fecha, de=quien))
    if declarada is not None:
        if hallado is not None:
            raise YaReconocido(hallado)
        datos = _datos(declarada, departamento, sustento.encargo, regla, fecha)
        return reconocimientos.registrar(regla, datos, departamento=departamento, firma=sustento.firma)
    if hallado is None or not reconocimientos.sujetar(hallado):
        raise DatoInvalido(
            f"Falta el reconocimiento de la regla {regla.codigo} ({regla.nombre}): "
            "regístrelo antes de liquidar, o escriba su soporte al revisar.",
            "reconocimiento",
        )
    return hallado


def _datos(declarada: Declaracion, departamento: str, encargo: Encargo, regla: Regla, fecha: date) -> Datos:
    comprobar_fecha(encargo, regla, declarada.soporte.fecha)
    de = encargo.contribuyente
    contrato = _contrato(departamento, encargo) if declarada.solo_contrato else SIN_CONTRATO
    alcance = Alcance(de.tipo_documento, de.documento, de.nombre, *contrato)
    return Datos(alcance, declarada.soporte, fecha, declarada.hasta, declarada.dependencia)


def _contrato(departamento: str, encargo: Encargo) -> ContratoReconocido:
    """The contract at hand: whose it is, its NIT says while nothing else does."""
    firmado, entidad = encargo.asunto.fecha_contrato, encargo.entidad
    if firmado is None:
        return SIN_CONTRATO
    if entidad is None:
        agente = por_nit(departamento, encargo.contratante_nit)
        entidad = agente.id if agente else 0
    return encargo.numero_contrato, firmado.year, entidad or None
