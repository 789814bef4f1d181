"""The invariants of use, for `portal.operaciones.verificacion`: each yields one Spanish sentence per row that breaks it."""

from collections.abc import Iterator

from sqlalchemy import case, func, or_, select

from portal.db import Pesos, db
from portal.dominio.adhesiones import EstadoDeshacer
from portal.dominio.estados import EstadoFactura
from portal.models import Adhesion, AdhesionFactura, Asiento, DeshacerAdhesion, Factura

# Where a used stamp is while the bank has its money: owed again, or being paid again.
_SIN_SU_DINERO = (EstadoFactura.REVERTIDA, EstadoFactura.EN_VERIFICACION)


def usadas_con_su_adhesion() -> Iterator[str]:
    """A stamp is used if and only if an adhesion of it stands and its money does too."""
    en_pie = select(AdhesionFactura.factura_id).where(AdhesionFactura.viva)
    sueltas = select(Factura.numero).where(Factura.estado == EstadoFactura.UTILIZADA, Factura.id.not_in(en_pie))
    for (numero,) in db.session.execute(sueltas):
        yield f"La factura {numero} está utilizada y ninguna adhesión la usa"
    entra = Asiento.haber.startswith("estampilla:")
    cobrado = func.coalesce(func.sum(case((entra, Asiento.valor), else_=-Asiento.valor), type_=Pesos()), 0)
    consulta = (
        select(Factura.numero, Factura.estado, Factura.valor, cobrado)
        .outerjoin(Asiento, Asiento.factura_id == Factura.id)
        .where(Factura.id.in_(en_pie))
        .group_by(Factura.id, Factura.numero, Factura.estado, Factura.valor)
    )
    for numero, estado, valor, tiene in db.session.execute(consulta):
        bien = estado is EstadoFactura.UTILIZADA if tiene == valor else estado in _SIN_SU_DINERO
        if not bien:
            yield f"La factura {numero} tiene una adhesión en pie y está {estado}"


def una_adhesion_en_pie() -> Iterator[str]:
    """No stamp has two adhesions that stand, and each adhesion uses stamps of its own liquidación."""
    repetidas = (
        select(Factura.numero)
        .join(AdhesionFactura, AdhesionFactura.factura_id == Factura.id)
        .where(AdhesionFactura.viva)
        .group_by(Factura.id, Factura.numero)
        .having(func.count() > 1)
    )
    for (numero,) in db.session.execute(repetidas):
        yield f"La factura {numero} tiene más de una adhesión en pie"
    ajenas = (
        select(Adhesion.numero)
        .outerjoin(AdhesionFactura, AdhesionFactura.adhesion_id == Adhesion.id)
        .outerjoin(Factura, Factura.id == AdhesionFactura.factura_id)
        .where(or_(Factura.id.is_(None), Factura.liquidacion_id != Adhesion.liquidacion_id))
        .distinct()
    )
    for (numero,) in db.session.execute(ajenas):
        yield f"La adhesión {numero} no usa estampillas de su liquidación"


def deshechas_con_su_motivo() -> Iterator[str]:
    """An adhesion stands unless it was undone, and then none of its stamps does."""
    deshechas = select(DeshacerAdhesion.adhesion_id).where(DeshacerAdhesion.estado == EstadoDeshacer.APROBADA)
    consulta = (
        select(Adhesion.numero)
        .join(AdhesionFactura, AdhesionFactura.adhesion_id == Adhesion.id)
        .where(AdhesionFactura.viva == Adhesion.id.in_(deshechas))
        .distinct()
    )
    for (numero,) in db.session.execute(consulta):
        yield f"La adhesión {numero} y lo que se deshizo no dicen lo mismo"
