"""The invariants of what came from the earlier system, for `portal.operaciones.verificacion`."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.db import Pesos, db
from portal.dominio.calendario import BOGOTA
from portal.dominio.libro import CLASES_DE_ENTRADA, SISTEMA_ANTERIOR, ClaseAsiento
from portal.dominio.migracion.control import INMUTABLES, Concepto, Cuadre, Suma, de_json, diferencias, juntar, solo
from portal.models import Asiento, Factura, Liquidacion, Migracion, Recaudo
from portal.models.pago import CanalRecaudo


def migraciones_enteras() -> Iterator[str]:
    """Migrations whose documents no longer come to what was squared when they were brought."""
    for una in db.session.scalars(select(Migracion).order_by(Migracion.id)):
        cuadre = solo(de_json(una.cuadre), INMUTABLES)
        if diferencias(cuadre, lo_inmutable(una.id)):
            yield f"La migración {una.id} no suma lo que cuadró al traerse"


def dinero_del_sistema_anterior() -> Iterator[str]:
    """Credits of the earlier system over documents of this one, or the reverse: in the account of the other."""
    migrada = Liquidacion.migracion_id.is_not(None)
    consulta = (
        select(Recaudo.id)
        .join(Asiento, Asiento.recaudo_id == Recaudo.id)
        .outerjoin(Factura, Factura.id == Asiento.factura_id)
        .outerjoin(Liquidacion, Liquidacion.id == Factura.liquidacion_id)
        .where(
            Asiento.clase.in_(CLASES_DE_ENTRADA),
            or_(
                (Recaudo.canal == CanalRecaudo.MIGRACION) & (~migrada | Factura.id.is_(None)),
                (Recaudo.canal == CanalRecaudo.MIGRACION) != (Asiento.debe == SISTEMA_ANTERIOR),
            ),
        )
        .distinct()
    )
    for recaudo in db.session.scalars(consulta.order_by(Recaudo.id)):
        yield f"El recaudo {recaudo} mezcla el dinero del sistema anterior con el de este portal"


def lo_inmutable(migracion_id: int) -> Cuadre:
    """What the database holds of a migration that nothing can change afterwards: its values, its years and its credits."""
    suyas = Liquidacion.migracion_id == migracion_id
    suma = func.coalesce(func.sum(Factura.valor, type_=Pesos()), 0)
    de_facturas = select(func.count(Factura.id), suma).join(Liquidacion).where(suyas)
    total = select(func.count(Liquidacion.id), func.coalesce(func.sum(Liquidacion.total, type_=Pesos()), 0)).where(
        suyas
    )
    hallado: Cuadre = {(Concepto.LIQUIDACIONES, ""): Suma(*db.session.execute(total).one())}
    for concepto, columna in ((Concepto.ESTAMPILLA, Factura.estampilla), (Concepto.VIGENCIA, Liquidacion.vigencia)):
        for cuantas, valor, clave in db.session.execute(de_facturas.add_columns(columna).group_by(columna)):
            hallado[concepto, str(clave)] = Suma(cuantas, valor)
    for cuantas, valor, fecha in db.session.execute(_por_instante(suyas)):
        dia = (Concepto.DIA, fecha.astimezone(BOGOTA).date().isoformat())
        hallado = juntar(hallado, {dia: Suma(cuantas, valor)})
    return {llave: suma for llave, suma in hallado.items() if suma.cuantas}


def _por_instante(suyas: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(func.count(), func.sum(Asiento.valor, type_=Pesos()), Recaudo.fecha_banco)
        .join(Asiento, Asiento.recaudo_id == Recaudo.id)
        .join(Factura, Factura.id == Asiento.factura_id)
        .join(Liquidacion, Liquidacion.id == Factura.liquidacion_id)
        .where(suyas, Recaudo.canal == CanalRecaudo.MIGRACION, Asiento.clase == ClaseAsiento.RECAUDO)
        .group_by(Recaudo.fecha_banco)
    )
