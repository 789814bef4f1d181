"""Uses of stamps for tests: officials, an act, and what they do with it. Each commits, as the edge would."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.calendario import BOGOTA
from portal.models import Adhesion, AdhesionFactura, Factura, Liquidacion, Usuario
from portal.operaciones import adhesiones, deshacer_adhesiones
from portal.operaciones.adhesiones import ActoAdherido
from portal.operaciones.firmas import Firma
from tests.fabricas import AHORA

DEPENDENCIA = "Secretaría de Gobierno"
HOY_COLOMBIA = AHORA.astimezone(BOGOTA).date()


def funcionario(nombre: str = "Ana Funcionaria", dependencia: str = DEPENDENCIA, rol: str = "funcionario") -> Usuario:
    """An official made for the occasion."""
    with transaccion():
        nuevo = Usuario(
            correo=f"{uuid4().hex}@demo.portal.test",
            nombre=nombre,
            rol=rol,
            dependencia=dependencia,
            clave_hash="x",
            creado_en=AHORA,
        )
        db.session.add(nuevo)
    return nuevo


def acto(numero: str = "Contrato 647", **otros: Any) -> ActoAdherido:
    datos = {"numero": numero, "fecha": HOY_COLOMBIA, "dependencia": DEPENDENCIA} | otros
    return ActoAdherido(**datos)


def firma(quien: Usuario, ahora: datetime = AHORA) -> Firma:
    return Firma(quien, ahora)


def adherir(
    de: Liquidacion,
    quien: Usuario,
    numeros: Sequence[int] = (),
    *,
    que: ActoAdherido | None = None,
    clave: str = "",
    departamento: str = "putumayo",
    ahora: datetime = AHORA,
) -> Adhesion:
    """Use stamps of a liquidación, all of them by default."""
    with transaccion():
        return adhesiones.adherir(
            de,
            numeros or [f.numero for f in de.facturas],
            que or acto(),
            departamento=departamento,
            clave=clave or uuid4().hex,
            firma=firma(quien, ahora),
            hoy=ahora.astimezone(BOGOTA).date(),
        )


def usar(factura_id: int, quien: Usuario | None = None) -> Adhesion:
    """Use one stamp, by an official made for it unless one is given."""
    quien = quien or funcionario()
    factura = db.session.get_one(Factura, factura_id)
    return adherir(factura.liquidacion, quien, [factura.numero])


def deshacer(una: Adhesion, quien: Usuario, motivo: str = "Era de otro expediente.", ahora: datetime = AHORA) -> None:
    with transaccion():
        deshacer_adhesiones.deshacer(una, motivo, firma=firma(quien, ahora), hoy=ahora.astimezone(BOGOTA).date())


def proponer(una: Adhesion, quien: Usuario, motivo: str = "Era de otro expediente.") -> None:
    with transaccion():
        deshacer_adhesiones.proponer(una, motivo, firma=firma(quien))


def aprobar(una: Adhesion, quien: Usuario) -> None:
    with transaccion():
        deshacer_adhesiones.aprobar(una, firma=firma(quien))


def rechazar(una: Adhesion, quien: Usuario, motivo: str = "Sí era de este acto.") -> None:
    with transaccion():
        deshacer_adhesiones.rechazar(una, motivo, firma=firma(quien))


def en_pie(factura_id: int) -> list[int]:
    """Numbers of the adhesions of a factura that stand."""
    db.session.rollback()
    consulta = (
        select(Adhesion.numero)
        .join(AdhesionFactura)
        .where(AdhesionFactura.factura_id == factura_id, AdhesionFactura.viva)
    )
    return list(db.session.scalars(consulta))
