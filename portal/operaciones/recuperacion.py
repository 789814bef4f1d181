"""Attempts that a restored database lost, written again from what the gateway says of them.

The gateway knows the reference, the amount and what became of the money; which stamps it was for is told by the assessment that
the reference names and by the exact amount. The payer's data are not in its answers that the portal keeps, so they stay empty.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain, combinations

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from portal.db import db
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.estados import EstadoFactura, EstadoPago, EventoFactura
from portal.dominio.movimientos import EN_ESPERA_DE_PASARELA, CanalMovimiento
from portal.models import EventoPago, Factura, Liquidacion, MovimientoBanco, Notificacion, Pago, PagoFactura
from portal.models.pago import TipoPersona
from portal.operaciones.bitacora import anotar
from portal.operaciones.facturas import bloquear_facturas, mover_facturas
from portal.operaciones.pagos import VIDA_DE_LA_SESION, codigo_nuevo
from portal.operaciones.recaudos import MONEDA
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela

REFERENCIA = re.compile(r"L([0-9]{1,15})-[A-Z2-7]{16}")
CAUSA = "recuperacion"
NO_CONSTA = "No consta"
# What nobody paid and nobody is paying needs no attempt: should its approval come late, it is brought back then.
_SIN_DINERO = (EstadoPasarela.RECHAZADO, EstadoPasarela.FALLIDO, EstadoPasarela.VENCIDO)
# Beyond these many stamps an amount has too many ways to be made up of them.
_MAXIMO_PARA_SUMAR = 15


def rastros(pasarela: str) -> list[str]:
    """What names payments that the database does not have: notifications of `pasarela`, and PSE lines of the bank's files."""
    conocido = (
        select(Pago.id)
        .where(
            Pago.pasarela == Notificacion.pasarela,
            or_(Pago.referencia == Notificacion.referencia, Pago.id_pasarela == Notificacion.id_pasarela),
        )
        .exists()
    )
    avisos = select(Notificacion.id_pasarela).where(
        Notificacion.pasarela == pasarela, Notificacion.id_pasarela != "", ~conocido
    )
    lineas = select(MovimientoBanco.referencia).where(
        MovimientoBanco.resultado.in_(EN_ESPERA_DE_PASARELA), MovimientoBanco.canal == CanalMovimiento.PSE
    )
    dichos = [*db.session.scalars(avisos), *(x.lstrip("0") for x in db.session.scalars(lineas))]
    return [uno for uno in dict.fromkeys(dichos) if uno]


def reconstruir(
    resultado: ResultadoPasarela,
    *,
    pasarela: str,
    ahora: datetime,
    espera: timedelta,
    numeros: Sequence[int] = (),
    usuario_id: int | None = None,
) -> int:
    """Write the attempt that the gateway tells of, for its answer to be applied afterwards as any other; returns its id.

    `numeros` are the facturas, when a person says which; their values must sum exactly what the gateway says. Raises
    `DatoInvalido` and `TransicionNoPermitida` with the reason why nothing was written.
    """
    liquidacion = _liquidacion_de(resultado)
    bloquear_facturas([f.id for f in liquidacion.facturas])
    db.session.expire_all()
    liquidacion = _liquidacion_de(resultado)
    facturas = _cubiertas(liquidacion, resultado.total, numeros)
    pago = _nuevo(resultado, liquidacion, pasarela, ahora, espera)
    db.session.add(pago)
    db.session.flush()
    _anotar(pago, None, EstadoPago.CREADO, ahora)
    _cubrir(pago, facturas, ahora)
    anotar(
        "pago.recuperar",
        f"pago:{pago.id}",
        ahora=ahora,
        usuario_id=usuario_id,
        facturas=[f.numero for f in facturas],
        valor=str(pago.total),
        elegidas_por_persona=bool(numeros),
    )
    db.session.flush()
    return pago.id


def _liquidacion_de(resultado: ResultadoPasarela) -> Liquidacion:
    forma = REFERENCIA.fullmatch(resultado.referencia)
    if forma is None:
        raise DatoInvalido("Su referencia no es de este portal.")
    if db.session.scalar(select(Pago.id).where(Pago.referencia == resultado.referencia)) is not None:
        raise TransicionNoPermitida("El portal ya lo tiene.")
    if resultado.estado in _SIN_DINERO and not any(t.estado not in _SIN_DINERO for t in resultado.transacciones):
        raise TransicionNoPermitida("La pasarela dice que no se pagó.")
    if resultado.moneda != MONEDA:
        raise DatoInvalido("No es en pesos.")
    consulta = select(Liquidacion).where(Liquidacion.numero == int(forma[1]))
    hallada = db.session.scalar(consulta.options(selectinload(Liquidacion.facturas)))
    if hallada is None:
        raise DatoInvalido(f"La liquidación {forma[1]} no está en esta base: se emitió después del respaldo.")
    return hallada


def _cubiertas(liquidacion: Liquidacion, total: Decimal, numeros: Sequence[int]) -> list[Factura]:
    con_valor = [f for f in liquidacion.facturas if f.valor > 0]
    if numeros:
        dichas = [f for f in con_valor if f.numero in set(numeros)]
        if len(dichas) != len(set(numeros)) or sum(f.valor for f in dichas) != total:
            raise DatoInvalido("Esas facturas no son de su liquidación o no suman lo que se pagó.")
        return dichas
    posibles = _que_suman(con_valor, total)
    debidas = [p for p in posibles if all(f.estado in _DEBIDAS for f in p)]
    for halladas in (debidas, posibles):
        if len(halladas) == 1:
            return halladas[0]
    raise DatoInvalido(
        f"En la liquidación {liquidacion.numero} hay {len(posibles)} maneras de sumar lo pagado: dígalas con --factura."
    )


_DEBIDAS = (EstadoFactura.LIQUIDADA, EstadoFactura.REVERTIDA)


def _que_suman(facturas: Sequence[Factura], total: Decimal) -> list[list[Factura]]:
    cuantas = range(1, len(facturas) + 1) if len(facturas) <= _MAXIMO_PARA_SUMAR else [len(facturas)]
    grupos = chain.from_iterable(combinations(facturas, n) for n in cuantas)
    return [list(grupo) for grupo in grupos if sum(f.valor for f in grupo) == total]


def _nuevo(
    resultado: ResultadoPasarela, liquidacion: Liquidacion, pasarela: str, ahora: datetime, espera: timedelta
) -> Pago:
    return Pago(
        codigo=codigo_nuevo(),
        referencia=resultado.referencia,
        clave_formulario=f"{CAUSA}:{resultado.referencia}",
        liquidacion_id=liquidacion.id,
        total=resultado.total,
        estado=EstadoPago.CREADO,
        tipo_persona=TipoPersona.NATURAL,
        tipo_documento="",
        documento="",
        nombre=NO_CONSTA,
        correo="",
        telefono="",
        ip="",
        agente="",
        pasarela=pasarela,
        id_pasarela=resultado.id_pasarela,
        creado_en=ahora,
        vence_en=ahora + VIDA_DE_LA_SESION,
        consultar_desde=ahora + espera,
    )


def _cubrir(pago: Pago, facturas: Sequence[Factura], ahora: datetime) -> None:
    """Hold the stamps if nobody else does. If any is held or paid by now, the attempt is one that had been given up: should its
    money be there, it is recorded all the same (I-11) and what it no longer pays is money to hand back (I-12)."""
    ids = sorted(f.id for f in facturas)
    ocupada = select(PagoFactura.factura_id).where(PagoFactura.factura_id.in_(ids), PagoFactura.viva)
    libre = all(f.estado in _DEBIDAS for f in facturas) and db.session.scalar(ocupada.limit(1)) is None
    db.session.add_all(PagoFactura(pago_id=pago.id, factura_id=f.id, valor=f.valor, viva=libre) for f in facturas)
    pago.estado = EstadoPago.ENVIADO if libre else EstadoPago.VENCIDO
    if not libre:
        pago.resuelto_en = ahora
    _anotar(pago, EstadoPago.CREADO, pago.estado, ahora)
    db.session.flush()
    if libre:
        mover_facturas(ids, EventoFactura.PAGO_ENVIADO, ahora=ahora, pago_id=pago.id)


def _anotar(pago: Pago, desde: EstadoPago | None, hasta: EstadoPago, ahora: datetime) -> None:
    """The move alone: nobody is told by e-mail of what is only being written again."""
    db.session.add(
        EventoPago(pago_id=pago.id, en=ahora, desde=desde.value if desde else None, hasta=hasta.value, causa=CAUSA)
    )
