"""What must always hold of signed closes."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from portal.db import db
from portal.dominio.cierre import dia_contable
from portal.dominio.cierre_dia import CierreDia, escribir, huella_de_firma, leer, resumen_de_entradas
from portal.dominio.libro import CLASES_DE_ENTRADA
from portal.models import Asiento, Cierre, Liquidacion, Reapertura, Recaudo
from portal.models.pago import CanalRecaudo
from portal.operaciones.cierres.lineas import cuenta_de
from portal.operaciones.conciliacion import creditos_entre
from portal.operaciones.cuentas import plan_de


def firmas_rotas() -> Iterator[str]:
    """Signatures that do not stand on what they say, and versions that do not follow one another."""
    anterior: Cierre | None = None
    for cierre in db.session.scalars(select(Cierre).order_by(Cierre.cuenta, Cierre.dia, Cierre.version)):
        huella = huella_de_firma(
            cierre.contenido,
            version=cierre.version,
            hasta_asiento=cierre.hasta_asiento,
            usuario_id=cierre.firmado_por,
            en=cierre.firmado_en,
        )
        if cierre.huella != huella or not _dice_lo_que_es(cierre):
            yield f"El cierre {_nombre(cierre)} no es el que se firmó"
        mismo_dia = anterior is not None and (anterior.cuenta, anterior.dia) == (cierre.cuenta, cierre.dia)
        if cierre.version != (anterior.version + 1 if anterior is not None and mismo_dia else 1):
            yield f"Antes del cierre {_nombre(cierre)} falta una versión"
        if anterior is not None and mismo_dia and anterior.reapertura is None:
            yield f"El cierre {_nombre(cierre)} reemplaza a uno que nadie reabrió"
        anterior = cierre


def creditos_fuera() -> Iterator[str]:
    """Credits of the ledger that a signed day does not hold exactly once.

    One written after the signature is no fault: the day says that something came later and asks to be reopened.
    """
    departamento = db.session.scalar(select(Liquidacion.departamento).limit(1))
    if departamento is None:
        return
    plan = plan_de(departamento)
    vigentes = select(Cierre).outerjoin(Reapertura).where(Reapertura.id.is_(None))
    for cierre in db.session.scalars(vigentes.order_by(Cierre.dia, Cierre.cuenta)):
        if not _dice_lo_que_es(cierre):
            continue  # named already, and nothing of it can be read
        dentro = Counter(llave for lado, llave, _ in leer(cierre.contenido).entradas() if lado == "libro")
        for recaudo, entra in _creditos_de(cierre):
            suya = cuenta_de(plan, entra, dia_contable(recaudo.fecha_banco, recaudo.registrado_en))
            if suya == cierre.cuenta and dentro[f"recaudo:{recaudo.id}"] != 1:
                yield f"El recaudo {recaudo.id} no está una vez en el cierre {_nombre(cierre)}"


def _creditos_de(cierre: Cierre) -> Iterator[Any]:
    """`(recaudo, account it came into)` of the credits of its day that the ledger held when it was signed."""
    orden = (
        select(Recaudo, func.min(Asiento.debe))
        .join(Asiento, Asiento.recaudo_id == Recaudo.id)
        .where(Asiento.clase.in_(CLASES_DE_ENTRADA), creditos_entre(cierre.dia, cierre.dia))
        .where(Recaudo.canal.not_in((CanalRecaudo.RETENCION, CanalRecaudo.MIGRACION)))
        .group_by(Recaudo.id)
        .having(func.min(Asiento.numero) <= cierre.hasta_asiento)
    )
    yield from db.session.execute(orden)


def _dice_lo_que_es(cierre: Cierre) -> bool:
    try:
        leido: CierreDia = leer(cierre.contenido)
    except (ValueError, KeyError, TypeError):
        return False
    propio = (leido.cuenta, leido.dia) == (cierre.cuenta, cierre.dia)
    return propio and escribir(leido) == cierre.contenido and resumen_de_entradas(leido) == cierre.entradas


def _nombre(cierre: Cierre) -> str:
    return f"{cierre.version} de {cierre.cuenta} del {cierre.dia}"
