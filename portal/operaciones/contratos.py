"""Additions of a contract: what they are assessed on, in which order, and what is left of its exclusion."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.dominio.calendario import dia_en_palabras
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.hechos import leer_importe
from portal.dominio.saldos import SaldoDeExclusion, saldo_de_exclusion
from portal.models import ClaseMovimiento, Liquidacion, Usuario
from portal.operaciones import expedientes, liquidaciones
from portal.operaciones.agentes.alcance import exigir_visibles
from portal.operaciones.encargos import Asunto, Contribuyente, Encargo, Miembro, Soporte
from portal.operaciones.expedientes import Expediente
from portal.operaciones.normativa import normativa_de

# The two facts that the portal itself knows of an addition; the first counts what was assessed elsewhere too.
VALOR_ANTERIOR = "contrato.valor_anterior"
FECHA_SUSCRIPCION = "contrato.fecha_suscripcion"
_PROPIOS = ("contrato.tipo", "contratista.clase")


class ActoYaRegistrado(TransicionNoPermitida):
    """The document that changes a contract, or pays of it, is registered in it already."""


@dataclass(frozen=True)
class Despacho:
    """Who acts, when, and with the settings of which office. `clave`: the form's idempotency key."""

    departamento: str
    plazo_dias: int
    permitir_provisional: bool
    clave: str
    usuario: Usuario
    ahora: datetime
    hoy: date
    peticion: str = ""


@dataclass(frozen=True)
class Modificacion:
    """An act that changes a contract's value by `valor` pesos, above zero. `hechos`: the facts that may have changed."""

    documento: str
    fecha: date
    valor: Decimal
    hechos: Mapping[str, object] = field(default_factory=dict)


def adicionar(
    de: Liquidacion, modificacion: Modificacion, despacho: Despacho, *, total_visto: Decimal | None = None
) -> Liquidacion:
    """Issue the assessment of the next addition of the contract that `de` belongs to.

    Raises `TransicionNoPermitida` when the contract is not assessed or the act is registered already, `DatoInvalido` with the
    field, and as `emitir`.
    """
    emitida = liquidaciones.por_clave(despacho.clave)
    if emitida is not None:
        return emitida
    expediente = expedientes.leer(de, bloqueado=True)
    exigir_visibles([de, *expediente.liquidaciones], despacho.usuario)
    encargo = encargo_de_adicion(expediente, modificacion, despacho.hoy)
    return liquidaciones.emitir(encargo, **vars(despacho), total_visto=total_visto)


def encargo_de_adicion(expediente: Expediente, modificacion: Modificacion, hoy: date) -> Encargo:
    """What the next addition would assess. Raises as `adicionar`."""
    inicial = exigir_inicial(expediente)
    comprobar_acto(expediente, modificacion.documento, modificacion.fecha, hoy)
    original = encargo_de(inicial)
    hechos = {c: v for c, v in modificacion.hechos.items() if c not in (VALOR_ANTERIOR, FECHA_SUSCRIPCION)}
    asunto = replace(
        original.asunto,
        valor=modificacion.valor,
        fecha_adicion=modificacion.fecha,
        hechos={
            **hechos,
            VALOR_ANTERIOR: f"{ya_liquidado(expediente):f}",
            FECHA_SUSCRIPCION: fecha_de_suscripcion(inicial).isoformat(),
        },
    )
    return replace(
        original,
        asunto=asunto,
        adicion=expediente.determinaciones[-1].adicion + 1,
        soporte=Soporte(ClaseMovimiento.ADICION, modificacion.documento, modificacion.fecha, modificacion.valor),
    )


def exigir_inicial(expediente: Expediente) -> Liquidacion:
    """The assessment in force of the contract itself.

    Raises `TransicionNoPermitida` without one, without amount, or if the earlier system made it with data that are not here.
    """
    if expediente.inicial is None:
        raise TransicionNoPermitida("El contrato no tiene una liquidación en firme. Liquide primero el contrato.")
    if expediente.inicial.migracion_id is not None:
        raise TransicionNoPermitida(
            "Este contrato lo liquidó el sistema anterior, y aquí no están los datos con que lo calculó. Liquide su adición "
            "con un número propio e indique cuánto se había liquidado antes; una reducción se atiende con una devolución."
        )
    if expediente.inicial.valor_acto is None:
        raise TransicionNoPermitida(
            "El contrato se liquidó sin cuantía: no tiene un valor que cambie ni que se pague por partes."
        )
    return expediente.inicial


def comprobar_acto(expediente: Expediente, documento: str, fecha: date, hoy: date) -> None:
    """Refuse an act that is registered already, or dated before the one that it follows, or in the future.

    Raises `TransicionNoPermitida`, or `DatoInvalido` with the field.
    """
    if any(m.documento == documento for m in expediente.actos_vigentes if m.clase is not ClaseMovimiento.INICIAL):
        raise ActoYaRegistrado(f"El acto «{documento}» ya está registrado en este contrato.")
    if fecha > hoy:
        raise DatoInvalido("La fecha no puede ser futura.", "fecha")
    anterior = expedientes.ultima_fecha(expediente)
    if anterior is not None and fecha < anterior:
        raise DatoInvalido(
            "La fecha no puede ser anterior a la del contrato ni a la del último acto que lo cambió "
            f"({dia_en_palabras(anterior)}).",
            "fecha",
        )


def encargo_de(liquidacion: Liquidacion) -> Encargo:
    """What a liquidación of a contract was asked for, so that it can be asked again with another value."""
    hechos: dict[str, Any] = dict(liquidacion.solicitud.get("hechos", {}))
    asunto = Asunto(
        actos=tuple(liquidacion.solicitud.get("actos", ())),
        valor=liquidacion.valor_acto,
        variantes=liquidacion.solicitud.get("variantes", {}),
        fecha_contrato=liquidacion.fecha_contrato,
        tipo_contrato=str(hechos.get("contrato.tipo", "")),
        clase=liquidacion.clase,
        hechos={clave: valor for clave, valor in hechos.items() if clave not in _PROPIOS},
        fecha_adicion=liquidacion.fecha_causacion if liquidacion.adicion else None,
    )
    campos = ("tipo_documento", "documento", "nombre", "clase", "direccion", "telefono", "correo")
    return Encargo(
        Contribuyente(**{campo: getattr(liquidacion, campo) for campo in campos}),
        asunto,
        objeto=liquidacion.objeto,
        numero_contrato=liquidacion.numero_contrato,
        numero_proceso=liquidacion.numero_proceso,
        contratante=liquidacion.contratante,
        contratante_nit=liquidacion.contratante_nit,
        por_retencion=liquidacion.por_retencion,
        integrantes=miembros_de(liquidacion),
        adicion=liquidacion.adicion,
        entidad=liquidacion.entidad,
    )


def miembros_de(liquidacion: Liquidacion) -> tuple[Miembro, ...]:
    """The members of a consorcio as they were printed."""
    return tuple(
        Miembro(i.tipo_documento, i.documento, i.nombre, Decimal(i.porcentaje)) for i in liquidacion.integrantes
    )


def ya_liquidado(expediente: Expediente) -> Decimal:
    """Pesos of the contract assessed so far: here, and before it came here if its first assessment says so."""
    antes = _hechos(expediente).get(VALOR_ANTERIOR)
    return expediente.valor + (leer_importe(antes, VALOR_ANTERIOR) if antes else Decimal(0))


def fecha_de_suscripcion(inicial: Liquidacion) -> date:
    """The day the contract was signed: the one that its first assessment says, else its own date."""
    dicha = inicial.solicitud.get("hechos", {}).get(FECHA_SUSCRIPCION)
    return date.fromisoformat(dicha) if dicha else inicial.fecha_contrato or inicial.fecha_causacion


def saldo_excluido(expediente: Expediente) -> SaldoDeExclusion | None:
    """What the contract has left of the exclusion that it consumes once across its additions; None when none applies."""
    inicial = expediente.inicial
    if inicial is None or inicial.fecha_contrato is None or not inicial.solicitud:
        return None
    hechos = _hechos(expediente) | {FECHA_SUSCRIPCION: fecha_de_suscripcion(inicial).isoformat()}
    solicitud = replace(encargo_de(inicial).asunto.solicitud(inicial.fecha_contrato), hechos=hechos)
    return saldo_de_exclusion(normativa_de(inicial.departamento), solicitud, ya_liquidado(expediente))


def _hechos(expediente: Expediente) -> dict[str, Any]:
    return dict(expediente.inicial.solicitud.get("hechos", {})) if expediente.inicial else {}
