"""What a contributor issues without any account: an open trámite, or again what expired. The figures are the engine's alone."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from portal.db import db
from portal.dominio.errores import DatoInvalido, NormaNoVigente, TransicionNoPermitida
from portal.dominio.estados import EstadoFactura, EstadoPublico
from portal.models import Factura, Liquidacion, TramiteAbierto
from portal.models.liquidacion import TipoLiquidacion
from portal.operaciones import expedientes, liquidaciones
from portal.operaciones.composicion import EL_CONTRIBUYENTE, Emision, componer, numerar
from portal.operaciones.contratos import encargo_de
from portal.operaciones.encargos import Asunto, Contribuyente, Encargo, Previa, previsualizar
from portal.operaciones.normativa import normativa_de, normativa_en_firme
from portal.operaciones.sin_efecto import retirar

MOTIVO = "Venció sin pagarse y el contribuyente la liquidó de nuevo."
_PIDALA = "Pida la nueva liquidación en la Oficina de Rentas."
SIN_VALORES = "Todavía no se han publicado los valores con que se liquida este acto."
CON_FUNCIONARIO = "Un funcionario debe comprobar un dato para liquidar este acto."


@dataclass(frozen=True)
class Autoservicio:
    """Where and when a contributor assesses: the department, its days to pay, and the present, with its Colombian day."""

    departamento: str
    plazo_dias: int
    permitir_provisional: bool
    ahora: datetime
    hoy: date
    peticion: str = ""


class YaTieneLiquidacion(TransicionNoPermitida):
    """The same person has the same act assessed and unpaid: `liquidacion`, which may be another's business."""

    def __init__(self, liquidacion: Liquidacion) -> None:
        super().__init__("Ese documento ya tiene una liquidación sin pagar por este trámite.")
        self.liquidacion = liquidacion


def encargo_de_tramite(abierto: TramiteAbierto, quien: Contribuyente) -> Encargo:
    """What a person assesses: acts without facts, because nobody checks them."""
    return Encargo(quien, Asunto(abierto.codigos), objeto=f"La pide: {abierto.entidad}")


def prever(encargo: Encargo, autoservicio: Autoservicio) -> Previa:
    """What would be issued. Raises `NormaNoVigente` in plain words, and `DatoInvalido` when an officer must look."""
    return _prever(encargo, autoservicio, en_firme=False)


def _prever(encargo: Encargo, autoservicio: Autoservicio, *, en_firme: bool) -> Previa:
    normativa = (normativa_en_firme if en_firme else normativa_de)(autoservicio.departamento)
    try:
        previa = previsualizar(
            encargo.asunto,
            normativa=normativa,
            plazo_dias=autoservicio.plazo_dias,
            permitir_provisional=autoservicio.permitir_provisional,
            hoy=autoservicio.hoy,
        )
    except NormaNoVigente:
        raise NormaNoVigente(f"{SIN_VALORES} {_PIDALA}") from None
    except DatoInvalido:
        raise DatoInvalido(f"{CON_FUNCIONARIO} {_PIDALA}") from None
    if previa.resultado.por_reconocer:
        raise DatoInvalido(f"Esta liquidación tiene una exención que se reconoce con un documento. {_PIDALA}")
    return previa


def liquidar_tramite(encargo: Encargo, autoservicio: Autoservicio, *, total_visto: Decimal) -> Liquidacion:
    """Issue an open trámite for who asks for it. `total_visto`: the pesos that were shown.

    One unpaid assessment of an act for each person: raises `YaTieneLiquidacion` (the key that the database keeps unique decides
    a race), `CifrasCambiaron`, and as `prever`.
    """
    if (otra := sin_pagar(encargo, autoservicio)) is not None:
        raise YaTieneLiquidacion(otra)
    clave = _clave_de_tramite(encargo, autoservicio.departamento)
    nueva = _emitir(encargo, autoservicio, clave, total_visto=total_visto)
    if nueva is None:
        raise YaTieneLiquidacion(_ya_emitida(clave))
    return nueva


def sin_pagar(encargo: Encargo, autoservicio: Autoservicio) -> Liquidacion | None:
    """The newest assessment of the same act for the same person that is still to be paid, or is being paid."""
    suyas = select(Liquidacion).where(*_de_la_persona(encargo, autoservicio.departamento), Liquidacion.vigente)
    por_pagar = (EstadoPublico.LIQUIDADO, EstadoPublico.EN_VERIFICACION)
    return next(
        (
            x
            for x in db.session.scalars(suyas.order_by(Liquidacion.id.desc())).unique()
            if set(por_pagar) & set(x.estados_publicos(autoservicio.hoy))
        ),
        None,
    )


def _de_la_persona(encargo: Encargo, departamento: str) -> Sequence[ColumnElement[bool]]:
    quien = encargo.contribuyente
    con_el_acto = select(Factura.liquidacion_id).where(Factura.acto == encargo.asunto.actos[0])
    return (
        Liquidacion.departamento == departamento,
        Liquidacion.tipo == TipoLiquidacion.TRAMITE,
        Liquidacion.documento == quien.documento,
        Liquidacion.tipo_documento == quien.tipo_documento,
        Liquidacion.id.in_(con_el_acto),
    )


def _clave_de_tramite(encargo: Encargo, departamento: str) -> str:
    """The same for two that ask at once: whose, what, and how many there were before."""
    quien = encargo.contribuyente
    partes = (departamento, *encargo.asunto.actos, quien.tipo_documento, quien.documento)
    huella = hashlib.sha256("|".join(partes).encode()).hexdigest()[:40]
    antes = db.session.scalar(select(func.count(Liquidacion.id)).where(*_de_la_persona(encargo, departamento)))
    return f"propia-{huella}-{antes}"


def impedimento_para_reliquidar(de: Liquidacion, hoy: date) -> str:
    """Why the holder of an expired liquidación cannot assess it again alone, as a sentence; empty when they can."""
    if not de.vigente or EstadoPublico.VENCIDA not in de.estados_publicos(hoy):
        return "Solo se liquida de nuevo lo que está vencido y sin pagar."
    if any(f.valor > 0 and f.estado is not EstadoFactura.LIQUIDADA for f in de.facturas):
        return f"Una parte de esta liquidación ya se pagó o tiene un pago en proceso. {_PIDALA}"
    if de.agente_id is not None:
        return "Esta liquidación la hizo una entidad recaudadora. Pida la nueva a esa entidad."
    if de.adicion or de.cuenta or de.por_retencion:
        return f"Esta liquidación es de una parte de un contrato. {_PIDALA}"
    if de.reconocimientos or not de.solicitud.get("actos"):
        return f"{CON_FUNCIONARIO} {_PIDALA}"
    return ""


def reliquidar(de: Liquidacion, autoservicio: Autoservicio) -> Liquidacion:
    """Issue again, with the rules and values of today, what expired without being paid; the expired one is left without effect.

    A contract keeps the day that its tax was born on. Done once: asked again it returns what was issued. Raises
    `TransicionNoPermitida` with what stands in the way, and as `prever`; then nothing is written.
    """
    clave = f"reliquidar-{de.id}"
    if (emitida := liquidaciones.por_clave(clave)) is not None:
        return emitida
    if impide := impedimento_para_reliquidar(de, autoservicio.hoy):
        raise TransicionNoPermitida(impide)
    encargo = encargo_de(de)
    try:
        retirar(de, motivo=MOTIVO, usuario=None, ahora=autoservicio.ahora, peticion=autoservicio.peticion)
    except TransicionNoPermitida:
        # Somebody else did it meanwhile: either the same tap, twice, or something that this must not undo.
        if (emitida := liquidaciones.por_clave(clave)) is not None:
            return emitida
        raise
    return _emitir(encargo, autoservicio, clave) or _ya_emitida(clave)


def sustituta(de: Liquidacion) -> Liquidacion | None:
    """What was issued in place of an expired liquidación."""
    return liquidaciones.por_clave(f"reliquidar-{de.id}")


def _ya_emitida(clave: str) -> Liquidacion:
    emitida = liquidaciones.por_clave(clave)
    assert emitida is not None, "the key was taken"
    return emitida


def _emitir(
    encargo: Encargo, autoservicio: Autoservicio, clave: str, *, total_visto: Decimal | None = None
) -> Liquidacion | None:
    """Compute and insert; None when somebody else took the key first."""
    expedientes.abrir(expedientes.llave_del_encargo(autoservicio.departamento, encargo))
    previa = _prever(encargo, autoservicio, en_firme=True)
    liquidaciones.rechazar_otras_cifras(previa, total_visto)
    emision = Emision(autoservicio.departamento, clave, EL_CONTRIBUYENTE, autoservicio.ahora, autoservicio.hoy)
    nueva = componer(encargo, previa, normativa_de(autoservicio.departamento), emision)
    try:
        with db.session.begin_nested():
            numerar(nueva, previa.resultado.lineas)
            db.session.add(nueva)
            db.session.flush()
    except IntegrityError:
        return None
    liquidaciones.anotar_emision(nueva, autoservicio.ahora, autoservicio.peticion)
    expedientes.anotar_liquidacion(nueva, encargo.soporte)
    return nueva
