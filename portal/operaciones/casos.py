"""Opening, taking and closing cases of treasury."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, ejecutar, tabla
from portal.dominio.casos import COLAS, ClaseCaso, SalidaCaso
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import NoExiste, TransicionNoPermitida
from portal.models import Caso, Usuario
from portal.operaciones.bitacora import anotar
from portal.operaciones.consecutivos import tomar
from portal.operaciones.pagos import terminar_sin_legalizar

# Queues whose cases stand for money that waits.
CON_DINERO = (
    ClaseCaso.PAGO_DOBLE,
    ClaseCaso.VALOR_DISTINTO,
    ClaseCaso.REFERENCIA_DESCONOCIDA,
    ClaseCaso.DEVOLUCION_REBOTADA,
)
_CASO = tabla(Caso).c
_ABIERTOS = (
    select(_CASO.id)
    .where(_CASO.clase.in_(bindparam("clases", expanding=True)), _CASO.cerrado_en.is_(None))
    .order_by(_CASO.id)
)
_ABIERTOS_DE_PAGO = _ABIERTOS.where(_CASO.pago_id == bindparam("pago"))
_ABIERTOS_DE_RECAUDO = _ABIERTOS.where(_CASO.recaudo_id == bindparam("recaudo"))


def abrir(
    clase: ClaseCaso,
    clave: str,
    *,
    ahora: datetime,
    pago_id: int | None = None,
    recaudo_id: int | None = None,
    factura_id: int | None = None,
    detalle: dict[str, Any] | None = None,
    veces: int = 1,
) -> Caso:
    """Open the case of a fact, or count that it was told again `veces` times. `clave` names the fact within its `clase`."""
    clave = f"{clase.value}:{clave}"
    repetida = update(Caso).where(Caso.clave == clave).values(veces=Caso.veces + veces)
    if ejecutar(repetida) == 0:
        try:
            with db.session.begin_nested():
                nuevo = Caso(
                    numero=tomar("caso", 1)[0],
                    clase=clase,
                    clave=clave,
                    abierto_en=ahora,
                    pago_id=pago_id,
                    recaudo_id=recaudo_id,
                    factura_id=factura_id,
                    detalle=detalle or {},
                    veces=veces,
                )
                db.session.add(nuevo)
                db.session.flush()
                return nuevo
        except IntegrityError:
            ejecutar(repetida)
    return db.session.scalars(select(Caso).where(Caso.clave == clave).execution_options(populate_existing=True)).one()


def por_numero(numero: int) -> Caso:
    """Raises `NoExiste`."""
    # SQLite refuses to compare with a number that does not fit in its integers.
    caso = db.session.scalar(select(Caso).where(Caso.numero == numero)) if numero < 2**63 else None
    if caso is None:
        raise NoExiste("No encontramos ese caso.")
    return caso


def tomar_caso(caso_id: int, *, usuario: Usuario, ahora: datetime, peticion: str = "") -> None:
    """Make `usuario` the owner of an open case, whoever had it. Raises `TransicionNoPermitida` when it is closed."""
    orden = (
        update(Caso)
        .where(Caso.id == caso_id, Caso.cerrado_en.is_(None))
        .values(responsable_id=usuario.id, responsable_nombre=usuario.nombre)
    )
    if ejecutar(orden) != 1:
        raise TransicionNoPermitida("Ese caso ya está cerrado.")
    anotar("caso.tomar", f"caso:{caso_id}", ahora=ahora, usuario_id=usuario.id, peticion=peticion)


def cerrar(
    caso_id: int,
    salida: SalidaCaso,
    *,
    ahora: datetime,
    nota: str = "",
    usuario: Usuario | None = None,
    peticion: str = "",
) -> None:
    """Close an open case with one of the ways out of its queue; without `usuario` it settled itself.

    Raises `TransicionNoPermitida` when it is closed already, the queue has no such way out, or money of it still waits.
    """
    caso = db.session.get_one(Caso, caso_id)
    if salida not in COLAS[caso.clase].salidas:
        raise TransicionNoPermitida("Un caso de esta cola no se cierra de esa manera.")
    _exigir_sin_dinero_en_espera(caso)
    orden = (
        update(Caso)
        .where(Caso.id == caso_id, Caso.cerrado_en.is_(None))
        .values(
            cerrado_en=ahora,
            salida=salida,
            nota=nota[:500],
            cerrado_por=usuario.id if usuario else None,
            cerrado_por_nombre=usuario.nombre if usuario else "",
        )
    )
    if ejecutar(orden) != 1:
        raise TransicionNoPermitida("Ese caso ya está cerrado.")
    anotar(
        "caso.cerrar",
        f"caso:{caso_id}",
        ahora=ahora,
        usuario_id=usuario.id if usuario else None,
        peticion=peticion,
        salida=salida.value,
    )
    if caso.clase is ClaseCaso.VALOR_DISTINTO and caso.pago_id is not None:
        _soltar_el_pago(caso.pago_id, ahora)


def _soltar_el_pago(pago_id: int, ahora: datetime) -> None:
    """An attempt that the bank charged wrongly held its facturas until its money was settled; now they can be paid."""
    otros = select(Caso.id).where(
        Caso.pago_id == pago_id, Caso.clase == ClaseCaso.VALOR_DISTINTO, Caso.cerrado_en.is_(None)
    )
    if db.session.scalar(otros.limit(1)) is None:
        mensaje = "El banco cobró otro valor y Tesorería ya dispuso de ese dinero. Puede pagar de nuevo."
        terminar_sin_legalizar(pago_id, mensaje=mensaje, causa="tesoreria", ahora=ahora)


def _exigir_sin_dinero_en_espera(caso: Caso) -> None:
    """While the ledger says that money waits for somebody, its case stays open (I-12)."""
    if caso.recaudo is not None:
        db.session.expire(caso.recaudo, ["asientos"])
        if espera_dinero(caso):
            espera = escribir_pesos(caso.recaudo.en_espera)
            raise TransicionNoPermitida(f"Todavía hay {espera} de este pago sin devolver ni aplicar.")


def espera_dinero(caso: Caso) -> bool:
    """Whether a case stands for money that waits."""
    return caso.clase in CON_DINERO and caso.recaudo is not None and caso.recaudo.en_espera > 0


def cerrar_de(
    clases: Sequence[ClaseCaso],
    salida: SalidaCaso,
    *,
    ahora: datetime,
    pago_id: int | None = None,
    recaudo_id: int | None = None,
    usuario: Usuario | None = None,
) -> None:
    """Close every open case of these queues about a payment or a credit, one of the two: what it waited for has happened."""
    abiertos = _ABIERTOS_DE_PAGO if recaudo_id is None else _ABIERTOS_DE_RECAUDO
    cuales = {"clases": clases, "pago": pago_id, "recaudo": recaudo_id}
    for caso_id in db.session.scalars(abiertos, cuales).all():
        cerrar(caso_id, salida, ahora=ahora, usuario=usuario)
