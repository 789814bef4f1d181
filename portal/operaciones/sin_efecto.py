"""Voiding a liquidación (*dejar sin efecto*): whole or not at all, and never while something of its contract rests on it."""

from datetime import datetime

from sqlalchemy import select, update

from portal.db import db
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import NoExiste, TransicionNoPermitida
from portal.dominio.estados import EstadoFactura, EventoFactura
from portal.models import ClaseMovimiento, Factura, Liquidacion, SinEfecto, Usuario
from portal.operaciones import expedientes
from portal.operaciones.agentes.alcance import exigir_visible, exigir_visibles
from portal.operaciones.bitacora import anotar
from portal.operaciones.expedientes import Expediente
from portal.operaciones.facturas import bloquear_facturas, mover_facturas


def dejar_sin_efecto(
    liquidacion_id: int, *, motivo: str, usuario: Usuario, ahora: datetime, peticion: str = ""
) -> None:
    """Void a liquidación, all of its facturas or none, and undo what it did to its contract. `motivo` is clean and not empty.

    Raises `TransicionNoPermitida` when it is void already, when any factura is paid or being paid, and when a later addition or
    a payment of the contract rests on it.
    """
    liquidacion = db.session.get(Liquidacion, liquidacion_id)
    if liquidacion is None:
        raise NoExiste("No encontramos esa liquidación.")
    exigir_visible(liquidacion, usuario)
    retirar(liquidacion, motivo=motivo, usuario=usuario, ahora=ahora, peticion=peticion)


def retirar(
    liquidacion: Liquidacion, *, motivo: str, usuario: Usuario | None, ahora: datetime, peticion: str = ""
) -> None:
    """Void as `dejar_sin_efecto`, by an account that may see the liquidación, or by the contributor itself (None)."""
    expediente = expedientes.leer(liquidacion, bloqueado=True) if liquidacion.es_contrato else None
    if expediente is not None:
        if usuario is not None:
            exigir_visibles(expediente.liquidaciones, usuario)
        impedimento = _impedimento(expediente, liquidacion)
        if impedimento:
            raise TransicionNoPermitida(impedimento)
    anular(liquidacion.id, motivo=motivo, usuario=usuario, ahora=ahora, peticion=peticion)
    if expediente is not None:
        _deshacer(expediente, liquidacion, usuario, ahora)


def anular(liquidacion_id: int, *, motivo: str, usuario: Usuario | None, ahora: datetime, peticion: str = "") -> None:
    """Void the facturas alone: the caller answers for the contract. Raises `TransicionNoPermitida` as `dejar_sin_efecto`.

    The conditional UPDATE of each factura decides against a payment that opens at the same time.
    """
    facturas = db.session.execute(
        select(Factura.id, Factura.valor).where(Factura.liquidacion_id == liquidacion_id).order_by(Factura.id)
    ).all()
    bloquear_facturas([f.id for f in facturas])
    quien = expedientes.quien(usuario, ahora)
    orden = update(Liquidacion).where(Liquidacion.id == liquidacion_id, Liquidacion.vigente).values(vigente=False)
    if db.session.scalar(orden.returning(Liquidacion.id)) is None:
        raise TransicionNoPermitida("Esta liquidación ya fue dejada sin efecto.")
    for evento, con_valor in ((EventoFactura.DEJADA_SIN_EFECTO, True), (EventoFactura.VALOR_CERO_SIN_EFECTO, False)):
        ids = [f.id for f in facturas if (f.valor > 0) is con_valor]
        mover_facturas(ids, evento, ahora=ahora, usuario_id=quien["usuario_id"])
    # One that was given back because it was not owed is void already, and does not stand in the way.
    quedan = select(Factura.id).where(
        Factura.liquidacion_id == liquidacion_id, Factura.estado != EstadoFactura.SIN_EFECTO
    )
    if db.session.scalar(quedan.limit(1)) is not None:
        raise TransicionNoPermitida(
            "No se puede dejar sin efecto: una de sus estampillas ya se pagó, ya se usó o tiene un pago en proceso en el "
            "banco."
        )
    db.session.add(SinEfecto(liquidacion_id=liquidacion_id, motivo=motivo, **quien))
    anotar(
        "liquidacion.dejar_sin_efecto",
        f"liquidacion:{liquidacion_id}",
        ahora=ahora,
        usuario_id=quien["usuario_id"],
        peticion=peticion,
    )


def puede_dejarse_sin_efecto(liquidacion: Liquidacion) -> bool:
    """Whether a person may be offered to void it; the database decides again when they do."""
    if not liquidacion.vigente or not all(
        f.estado in (EstadoFactura.LIQUIDADA, EstadoFactura.SIN_EFECTO)
        or (f.valor == 0 and f.estado is not EstadoFactura.UTILIZADA)
        for f in liquidacion.facturas
    ):
        return False
    return not liquidacion.es_contrato or not _impedimento(expedientes.leer(liquidacion), liquidacion)


def _impedimento(expediente: Expediente, liquidacion: Liquidacion) -> str:
    """What of the contract rests on a liquidación, as a sentence; empty when nothing does."""
    if liquidacion.cuenta or liquidacion not in expediente.determinaciones:
        return ""
    posterior = expediente.determinaciones[-1]
    if posterior.adicion > liquidacion.adicion:
        return (
            f"El contrato tiene la adición {posterior.adicion}, liquidación {posterior.numero}. "
            "Deje sin efecto primero la última adición."
        )
    if not expediente.por_retencion or not expediente.cuentas or _lo_cubre_el_resto(expediente, liquidacion):
        return ""
    return (
        f"Las cuentas registradas, por {escribir_pesos(expediente.pagado)}, llevan parte de estas estampillas. "
        "Deje sin efecto primero las cuentas, o registre la reducción del contrato."
    )


def _lo_cubre_el_resto(expediente: Expediente, liquidacion: Liquidacion) -> bool:
    """Whether the cuentas fit in the contract without this part, and there is a payment left to carry what they do not."""
    queda = expediente.valor - expediente.valor_de(liquidacion.adicion)
    suyo = {(f.acto, f.estampilla): f.valor for f in liquidacion.facturas}
    faltan = [
        r.determinado - suyo.get((r.acto, r.estampilla), 0) - (r.en_cuentas - r.a_favor) for r in expediente.renglones()
    ]
    return all(f >= 0 for f in faltan) and (
        queda > expediente.pagado or (queda == expediente.pagado and not any(faltan))
    )


def _deshacer(expediente: Expediente, liquidacion: Liquidacion, usuario: Usuario | None, ahora: datetime) -> None:
    es_cuenta = bool(liquidacion.cuenta)
    expedientes.anotar_movimiento(
        expediente.id,
        ClaseMovimiento.SIN_EFECTO,
        adicion=liquidacion.adicion,
        valor=0 if es_cuenta else -expediente.valor_de(liquidacion.adicion),
        pagado=-(liquidacion.valor_acto or 0) if es_cuenta else 0,
        documento=liquidacion.cuenta,
        liquidacion_id=liquidacion.id,
        **expedientes.quien(usuario, ahora),
    )
