"""Writing documents of the earlier system: as they were, with the money that paid them in the ledger, and read back at once."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import insert, select

from portal.db import db
from portal.dominio.calendario import BOGOTA
from portal.dominio.estados import PUBLICO, EstadoFactura, EstadoPublico
from portal.dominio.estados import EventoFactura as Evento
from portal.dominio.libro import SISTEMA_ANTERIOR, ClaseAsiento, partidas_de_recaudo
from portal.dominio.migracion.control import Concepto, Cuadre, sumar
from portal.dominio.migracion.estados import pasos
from portal.dominio.migracion.renglones import FacturaAnterior, LiquidacionAnterior, PagoAnterior
from portal.dominio.migracion.unidades import Documento
from portal.models import (
    Adhesion,
    AdhesionFactura,
    Asiento,
    ClaseMovimiento,
    EventoFactura,
    Factura,
    Liquidacion,
    Recaudo,
    SinEfecto,
    Usuario,
)
from portal.models.liquidacion import ClaseContribuyente, TipoLiquidacion
from portal.models.pago import CanalRecaudo, ClaseRecaudo
from portal.operaciones import expedientes
from portal.operaciones.consecutivos import tomar
from portal.operaciones.libro import asentar
from portal.operaciones.migracion.plan import PASARELA
from portal.operaciones.recaudos import MONEDA

# The act of a factura whose file names none of ours.
ACTO_ANTERIOR = "ANTERIOR"
_NORMA = "La que aplicó el sistema anterior"
_EXPLICACION = "Valor que liquidó el sistema anterior; este portal no lo recalculó."
_TARIFA = "La del sistema anterior"


@dataclass(frozen=True)
class Contexto:
    """Where documents are written to: names of stamps by code, ids of agents by NIT."""

    departamento: str
    migracion_id: int
    estampillas: Mapping[str, str]
    entidades: Mapping[str, int]
    ahora: datetime


def escribir(documentos: Sequence[Documento], contexto: Contexto) -> list[Liquidacion]:
    """Insert documents that are not here, with their events, contracts, money and uses. Flushes."""
    nuevas = [_liquidacion(d, contexto) for d in documentos]
    db.session.add_all(nuevas)
    db.session.flush()
    pares = list(zip(documentos, nuevas, strict=True))
    facturas = {f.numero: f for una in nuevas for f in una.facturas}
    cuentas = _cuentas(documentos)
    eventos: Any = EventoFactura.__table__
    db.session.execute(insert(eventos), [e for d, una in pares for e in _eventos(d, una, cuentas)])
    db.session.add_all(_sin_efecto(d.liquidacion, una) for d, una in pares if not una.vigente)
    for documento, una in pares:
        _abrir_contrato(documento.liquidacion, una)
    _recaudar([p for d in documentos for p in d.pagos], facturas, contexto.ahora)
    _adherir(pares, cuentas)
    db.session.flush()
    return nuevas


def _liquidacion(documento: Documento, contexto: Contexto) -> Liquidacion:
    una, quien = documento.liquidacion, documento.contribuyente
    iguales = (
        *("numero", "vigencia", "numero_proceso", "contratante", "contratante_nit", "objeto", "fecha_contrato"),
        *("adicion", "valor_acto", "total", "fecha_limite", "vigente"),
    )
    emitida = una.emitida_el.astimezone(BOGOTA).date()
    return Liquidacion(
        **{campo: getattr(una, campo) for campo in iguales},
        **{campo: getattr(quien, campo) for campo in ("nombre", "direccion", "telefono", "correo")},
        **quien.persona._asdict(),
        clase=ClaseContribuyente(quien.clase),
        codigo=secrets.token_urlsafe(16),
        clave_formulario=f"migracion-{una.numero}",
        departamento=contexto.departamento,
        tipo=TipoLiquidacion.CONTRATO if una.numero_contrato else TipoLiquidacion.TRAMITE,
        acto_nombre=una.concepto,
        numero_contrato=una.numero_contrato or None,
        agente_id=contexto.entidades.get(una.contratante_nit),
        fecha_causacion=una.fecha_contrato or emitida,
        # Nobody asked our rules: there is nothing to ask them again.
        solicitud={},
        emitida_en=una.emitida_el,
        emitida_por_nombre=una.funcionario,
        migracion_id=contexto.migracion_id,
        huella_origen=documento.huella,
        facturas=[_factura(f, i, una, contexto) for i, f in enumerate(documento.facturas)],
    )


def _factura(una: FacturaAnterior, orden: int, de: LiquidacionAnterior, contexto: Contexto) -> Factura:
    camino = pasos(una.estado, de_cero=una.valor == 0)
    return Factura(
        numero=una.numero,
        orden=orden,
        estampilla=una.estampilla,
        estampilla_nombre=contexto.estampillas[una.estampilla],
        acto=de.acto or ACTO_ANTERIOR,
        base=una.base,
        tarifa=una.tarifa or _TARIFA,
        exacto=f"{una.valor:f}",
        redondeo="el del sistema anterior",
        norma=_NORMA,
        explicacion=_EXPLICACION,
        exencion=una.motivo_de_cero or None,
        valor=una.valor,
        estado=camino[-1][2] if camino else EstadoFactura.LIQUIDADA,
    )


def _cuentas(documentos: Sequence[Documento]) -> dict[str, tuple[int, str]]:
    """Id and name of the accounts that used some stamp, by address."""
    correos = {f.uso.por for d in documentos for f in d.facturas if f.uso}
    if not correos:
        return {}
    filas = db.session.execute(select(Usuario.correo, Usuario.id, Usuario.nombre).where(Usuario.correo.in_(correos)))
    return {correo: (cual, nombre) for correo, cual, nombre in filas}


def _eventos(documento: Documento, una: Liquidacion, cuentas: Mapping[str, tuple[int, str]]) -> list[dict[str, object]]:
    """What happened to each factura, on its days."""
    pagos = {p.factura: p.pagado_el for p in documento.pagos}
    filas: list[dict[str, object]] = []
    for antes, factura in zip(documento.facturas, una.facturas, strict=True):
        cuando = {
            Evento.PAGO_APROBADO: pagos.get(antes.numero) or antes.revertida_el,
            Evento.PAGO_REVERTIDO: antes.revertida_el,
            Evento.ADHERIDA: antes.uso and antes.uso.en,
            Evento.DEJADA_SIN_EFECTO: documento.liquidacion.sin_efecto_el,
            Evento.VALOR_CERO_SIN_EFECTO: documento.liquidacion.sin_efecto_el,
        }
        filas.append(_evento(factura.id, una.emitida_en, None, EstadoFactura.LIQUIDADA, "emitida", None))
        for desde, evento, hasta in pasos(antes.estado, de_cero=antes.valor == 0):
            quien = cuentas[antes.uso.por][0] if antes.uso and evento is Evento.ADHERIDA else None
            en = cuando.get(evento) or una.emitida_en
            filas.append(_evento(factura.id, en, desde.value, hasta, evento.value, quien))
    return filas


def _evento(
    factura_id: int, en: datetime, desde: str | None, hasta: EstadoFactura, evento: str, quien: int | None
) -> dict[str, object]:
    return {
        "factura_id": factura_id,
        "en": en,
        "desde": desde,
        "hasta": hasta.value,
        "evento": evento,
        "pago_id": None,
        "usuario_id": quien,
    }


def _sin_efecto(antes: LiquidacionAnterior, una: Liquidacion) -> SinEfecto:
    assert antes.sin_efecto_el is not None, "what is not in force says since when"
    return SinEfecto(
        liquidacion_id=una.id,
        en=antes.sin_efecto_el,
        usuario_nombre=antes.funcionario,
        motivo=antes.motivo_sin_efecto,
    )


def _abrir_contrato(antes: LiquidacionAnterior, una: Liquidacion) -> None:
    """The lines of the contract's ledger; none for a trámite."""
    contrato_id = expedientes.abrir(expedientes.llave_de(una))
    if contrato_id is None:
        return
    valor = antes.valor_acto or Decimal(0)
    comun = {"adicion": una.adicion, "liquidacion_id": una.id, "usuario_nombre": antes.funcionario}
    expedientes.anotar_movimiento(
        contrato_id,
        ClaseMovimiento.ADICION if una.adicion else ClaseMovimiento.INICIAL,
        valor=valor,
        documento=f"Adición {una.adicion}" if una.adicion else antes.numero_contrato,
        fecha=una.emitida_en.astimezone(BOGOTA).date() if una.adicion else una.fecha_causacion,
        en=una.emitida_en,
        **comun,
    )
    if antes.sin_efecto_el is not None:
        expedientes.anotar_movimiento(
            contrato_id, ClaseMovimiento.SIN_EFECTO, valor=-valor, en=antes.sin_efecto_el, **comun
        )


def _recaudar(pagos: Sequence[PagoAnterior], facturas: Mapping[int, Factura], ahora: datetime) -> None:
    """One credit for each payment, whole, and its transfers: the old books had it, and these say what it paid."""
    ordenados = sorted(pagos, key=lambda p: (p.referencia, p.fila))
    grupos = [list(grupo) for _, grupo in groupby(ordenados, key=lambda p: p.referencia)]
    recaudos = [_recaudo(grupo, ahora) for grupo in grupos]
    db.session.add_all(recaudos)
    db.session.flush()
    partidas = []
    for recaudo, grupo in zip(recaudos, grupos, strict=True):
        cubiertas = [(facturas[p.factura].id, facturas[p.factura].estampilla, p.valor) for p in grupo]
        partidas += partidas_de_recaudo(recaudo.id, SISTEMA_ANTERIOR, recaudo.valor, cubiertas)
    asentar(partidas, ahora=ahora)


def _recaudo(grupo: Sequence[PagoAnterior], ahora: datetime) -> Recaudo:
    uno, valor = grupo[0], sum((p.valor for p in grupo), Decimal(0))
    return Recaudo(
        canal=CanalRecaudo.MIGRACION,
        pasarela=PASARELA,
        transaccion=uno.referencia,
        valor=valor,
        aplicado=valor,
        moneda=MONEDA,
        clase=ClaseRecaudo.APLICADO,
        cus=uno.cus or None,
        banco=uno.banco or None,
        autorizacion=uno.autorizacion or None,
        fecha_banco=uno.pagado_el,
        registrado_en=ahora,
    )


def _adherir(pares: Sequence[tuple[Documento, Liquidacion]], cuentas: Mapping[str, tuple[int, str]]) -> None:
    """One adhesion for each act in which facturas of a liquidación were used together."""
    grupos: dict[tuple[object, ...], list[tuple[FacturaAnterior, int]]] = {}
    for documento, una in pares:
        for antes, factura in zip(documento.facturas, una.facturas, strict=True):
            if antes.uso is not None:
                grupos.setdefault((una.id, antes.uso), []).append((antes, factura.id))
    numeros = iter(tomar("adhesion", len(grupos)) if grupos else ())
    for (liquidacion_id, _), usadas in grupos.items():
        db.session.add(_adhesion(liquidacion_id, next(numeros), usadas, cuentas))


def _adhesion(
    liquidacion_id: object,
    numero: int,
    usadas: Sequence[tuple[FacturaAnterior, int]],
    cuentas: Mapping[str, tuple[int, str]],
) -> Adhesion:
    primera, uso = usadas[0][0], usadas[0][0].uso
    assert uso is not None, "only used ones are given"
    usuario_id, usuario_nombre = cuentas[uso.por]
    return Adhesion(
        numero=numero,
        # A stamp was used once: its number makes the key.
        clave=f"migracion-{primera.numero}",
        liquidacion_id=liquidacion_id,
        acto_numero=uso.acto_numero,
        acto_fecha=uso.acto_fecha,
        dependencia=uso.dependencia,
        usuario_id=usuario_id,
        usuario_nombre=usuario_nombre,
        en=uso.en,
        renglones=[AdhesionFactura(factura_id=i) for _, i in sorted(usadas, key=lambda u: u[1])],
    )


def lo_escrito(liquidaciones: Sequence[int]) -> Cuadre:
    """What the database holds of some liquidaciones, by id: read from its rows, not from what was meant."""
    suyas = Liquidacion.id.in_(liquidaciones)
    renglones = [
        ((Concepto.LIQUIDACIONES, ""), total) for total in db.session.scalars(select(Liquidacion.total).where(suyas))
    ]
    facturas = select(Factura.estado, Factura.estampilla, Liquidacion.vigencia, Factura.valor).join(Liquidacion)
    for estado, estampilla, vigencia, valor in db.session.execute(facturas.where(suyas)):
        renglones.append(((Concepto.ESTADO, EstadoPublico(PUBLICO[estado]).value), valor))
        renglones.append(((Concepto.ESTAMPILLA, estampilla), valor))
        renglones.append(((Concepto.VIGENCIA, str(vigencia)), valor))
    pagos = (
        select(Recaudo.fecha_banco, Asiento.valor)
        .join(Asiento, Asiento.recaudo_id == Recaudo.id)
        .join(Factura, Factura.id == Asiento.factura_id)
        .join(Liquidacion, Liquidacion.id == Factura.liquidacion_id)
        .where(suyas, Recaudo.canal == CanalRecaudo.MIGRACION, Asiento.clase == ClaseAsiento.RECAUDO)
    )
    renglones += [
        ((Concepto.DIA, fecha.astimezone(BOGOTA).date().isoformat()), valor)
        for fecha, valor in db.session.execute(pagos)
        if fecha is not None
    ]
    return sumar(renglones)
