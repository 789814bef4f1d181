"""Orders of treasury for tests: two people, a proof, and credits with money that waits. Each commits, as the edge would."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from portal.db import db, transaccion
from portal.models import Factura, Liquidacion, OrdenTesoreria, Recaudo, Usuario
from portal.models.pago import CanalRecaudo
from portal.operaciones import ordenes
from portal.operaciones.firmas import Firma
from portal.operaciones.ordenes import Comprobante, Sustento
from portal.operaciones.recaudos import Credito, Cubierta, cubierta_de, recaudar
from tests.archivos import pdf
from tests.fabricas import AHORA, HOY

MOTIVO = "El banco certificó la consignación."


def tesorero(rol: str = "tesoreria") -> Usuario:
    """A person of treasury, or of another role."""
    with transaccion():
        nueva = Usuario(
            correo=f"{uuid4().hex}@demo.portal.test",
            nombre="Persona de Tesorería",
            rol=rol,
            clave_hash="x",
            creado_en=AHORA,
        )
        db.session.add(nueva)
    return nueva


def firma(quien: Usuario) -> Firma:
    return Firma(quien, AHORA)


def sustento(caso_id: int | None = None) -> Sustento:
    return Sustento(MOTIVO, "certificado.pdf", pdf(), caso_id)


def comprobante(valor: int, referencia: str = "", fecha: date = HOY) -> Comprobante:
    return Comprobante("Banco de prueba", fecha, referencia or uuid4().hex.upper(), Decimal(valor))


def legalizacion(
    de: Liquidacion, quien: Usuario, *, referencia: str = "", caso_id: int | None = None
) -> OrdenTesoreria:
    """A proposal to legalise every factura of a liquidación."""
    numeros = [f.numero for f in de.facturas]
    total = int(sum(f.valor for f in de.facturas))
    with transaccion():
        return ordenes.proponer_legalizacion(
            numeros, comprobante(total, referencia), sustento(caso_id), firma=firma(quien), hoy=HOY
        )


def reversion(de: Recaudo, quien: Usuario, caso_id: int | None = None) -> OrdenTesoreria:
    with transaccion():
        return ordenes.proponer_reversion(de.id, sustento(caso_id), firma=firma(quien))


def aplicacion(de: Recaudo, a: Factura, quien: Usuario, caso_id: int | None = None) -> OrdenTesoreria:
    numero = a.numero
    with transaccion():
        return ordenes.proponer_aplicacion(de.id, numero, sustento(caso_id), firma=firma(quien))


def aprobar(una: OrdenTesoreria, quien: Usuario) -> None:
    with transaccion():
        ordenes.aprobar(una.id, firma=firma(quien))


def rechazar(una: OrdenTesoreria, quien: Usuario, motivo: str = "El comprobante no es legible.") -> None:
    with transaccion():
        ordenes.rechazar(una.id, motivo=motivo, firma=firma(quien))


def credito(valor: int, cubiertas: list[Cubierta] | None = None) -> Recaudo:
    """A credit at the bank's window; without facturas nobody knows whose it is."""
    with transaccion():
        nuevo = recaudar(
            Credito(CanalRecaudo.VENTANILLA, "banco", uuid4().hex, "banco:0849514000", Decimal(valor)),
            cubiertas or [],
            ahora=AHORA,
        )
        return db.session.get_one(Recaudo, nuevo.id)


def pagada(una: Liquidacion) -> Recaudo:
    """The credit that legalised the facturas of a liquidación at the window."""
    return credito(int(una.total), [cubierta_de(f) for f in una.facturas])
