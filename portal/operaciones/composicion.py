"""What is issued, put together: printed data, what the engine was asked and answered, one numbered factura per stamp."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.dominio.dinero import escribir_pesos
from portal.dominio.estados import EstadoFactura
from portal.dominio.liquidador import Linea
from portal.dominio.normativa import Normativa
from portal.dominio.palabras import TIPOS_CONTRATO, nombre_de
from portal.models import Factura, Integrante, Liquidacion
from portal.models.liquidacion import TipoLiquidacion
from portal.operaciones.consecutivos import adelantar, tomar
from portal.operaciones.encargos import Asunto, Encargo, Previa


@dataclass(frozen=True)
class Emitente:
    """Who issues: an account, or nobody's when the contributor does it."""

    id: int | None
    nombre: str


EL_CONTRIBUYENTE = Emitente(None, "El contribuyente, en línea")


@dataclass(frozen=True)
class Emision:
    """Where, by whom and when; `clave` is the idempotency key, `hoy` the Colombian day."""

    departamento: str
    clave: str
    emitente: Emitente
    ahora: datetime
    hoy: date


def componer(encargo: Encargo, previa: Previa, normativa: Normativa, emision: Emision) -> Liquidacion:
    """The liquidación of an encargo, still without numbers."""
    return Liquidacion(
        codigo=secrets.token_urlsafe(16),
        clave_formulario=emision.clave,
        departamento=emision.departamento,
        **_datos_impresos(encargo, normativa),
        **_calculo(encargo, previa, emision),
        vigente=True,
    )


def _datos_impresos(encargo: Encargo, normativa: Normativa) -> dict[str, Any]:
    """Whose it is and over what, as it will be printed for ever."""
    asunto = encargo.asunto
    return {
        **vars(encargo.contribuyente),
        "tipo": TipoLiquidacion.CONTRATO if asunto.es_contrato else TipoLiquidacion.TRAMITE,
        "acto_nombre": _nombre_acto(asunto, normativa),
        "numero_contrato": encargo.numero_contrato,
        "numero_proceso": encargo.numero_proceso,
        "contratante": encargo.contratante,
        "contratante_nit": encargo.contratante_nit,
        "agente_id": encargo.entidad or None,
        "objeto": encargo.objeto,
        "fecha_contrato": asunto.fecha_contrato,
        "adicion": encargo.adicion,
        "valor_acto": asunto.valor,
        "por_retencion": encargo.por_retencion,
        "integrantes": [
            Integrante(orden=i, **vars(x) | {"porcentaje": f"{x.porcentaje:f}"})
            for i, x in enumerate(encargo.integrantes)
        ],
    }


def _calculo(encargo: Encargo, previa: Previa, emision: Emision) -> dict[str, Any]:
    """What the engine was asked and what it answered, for whom."""
    solicitud = encargo.asunto.solicitud(emision.hoy)
    return {
        # An addition belongs to the year of its contract, by which people look it up.
        "vigencia": (encargo.asunto.fecha_contrato or solicitud.fecha).year,
        "fecha_causacion": solicitud.fecha,
        "solicitud": {
            "actos": list(solicitud.actos),
            "variantes": dict(solicitud.variantes),
            "hechos": dict(solicitud.hechos),
        },
        "avisos": list(previa.resultado.reconocido().avisos),
        "reglas": previa.resultado.reglas(),
        "provisional": previa.provisional,
        "total": previa.resultado.total,
        "fecha_limite": previa.fecha_limite,
        "emitida_en": emision.ahora,
        "emitida_por": emision.emitente.id,
        "emitida_por_nombre": emision.emitente.nombre,
    }


def numerar(nueva: Liquidacion, lineas: tuple[Linea, ...], numeros: Sequence[int] = ()) -> None:
    """Take its number and those of its facturas, one for each line; `numeros` keeps those of an earlier system."""
    nueva.numero = tomar("liquidacion", 1)[0]
    if numeros:
        adelantar("factura", max(numeros) + 1)
    propios = numeros or tomar("factura", len(lineas))
    nueva.facturas = [_factura(n, i, x) for i, (n, x) in enumerate(zip(propios, lineas, strict=True))]


def _nombre_acto(asunto: Asunto, normativa: Normativa) -> str:
    """What the look-up and the PDF show: the kind of contract, or the name of the trámite."""
    acto = normativa.acto(asunto.actos[0])
    return nombre_de(TIPOS_CONTRATO, asunto.tipo_contrato) if asunto.tipo_contrato else acto.nombre


def _factura(numero: int, orden: int, linea: Linea) -> Factura:
    indicador = linea.indicador
    return Factura(
        numero=numero,
        orden=orden,
        estampilla=linea.estampilla,
        estampilla_nombre=linea.estampilla_nombre,
        acto=linea.acto,
        base=linea.base,
        tarifa=linea.tarifa,
        indicador=f"{indicador.codigo} {escribir_pesos(indicador.valor)}, {indicador.acto}" if indicador else "",
        exacto=f"{linea.exacto:f}",
        redondeo=linea.redondeo_nombre,
        norma=linea.norma,
        explicacion=linea.explicacion(),
        exencion=linea.exencion,
        valor=linea.valor,
        estado=EstadoFactura.LIQUIDADA,
    )
