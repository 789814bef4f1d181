"""Orders of treasury: proposing one on a proof, and the second person that approves or rejects it, once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.db import db, ejecutar
from portal.dominio.calendario import BOGOTA
from portal.dominio.casos import COLAS, SalidaCaso
from portal.dominio.dinero import escribir_pesos
from portal.dominio.errores import DatoInvalido, NoExiste, TransicionNoPermitida
from portal.dominio.identificacion import leer_texto
from portal.dominio.libro import LEGALIZACION_MANUAL
from portal.dominio.ordenes import ClaseOrden, EstadoOrden
from portal.models import Archivo, Caso, Factura, OrdenFactura, OrdenTesoreria, Recaudo
from portal.models.pago import CanalRecaudo, CausaReversion, ClaseRecaudo
from portal.models.usuario import Rol
from portal.operaciones import casos, reversiones
from portal.operaciones.agentes.envios import con_comprobante
from portal.operaciones.aplicaciones import aplicar, cuenta_de_donde_sale
from portal.operaciones.archivos import guardar
from portal.operaciones.bitacora import anotar
from portal.operaciones.consecutivos import tomar
from portal.operaciones.facturas import exigir_debidas, se_debe
from portal.operaciones.firmas import Firma, exigir_rol
from portal.operaciones.recaudos import Credito, cubierta_de, recaudar

# Who says that the money came: no gateway and no file of the bank, but two people.
TESORERIA = "tesoreria"
# SQLite refuses to compare with a number that does not fit in its integers.
_DEMASIADO = 2**63


@dataclass(frozen=True)
class Comprobante:
    """What the bank's slip says; `referencia` as `leer_comprobante` gives it."""

    banco: str
    fecha: date
    referencia: str
    valor: Decimal


@dataclass(frozen=True)
class Sustento:
    """Why an order is proposed: the reason, the file that proves it, and the case that it settles, if any."""

    motivo: str
    nombre: str
    contenido: bytes
    caso_id: int | None = None


def proponer_legalizacion(
    numeros: Sequence[int], comprobante: Comprobante, sustento: Sustento, *, firma: Firma, hoy: date
) -> OrdenTesoreria:
    """Propose that a slip of the bank pays these facturas, exactly. Nothing moves yet.

    Raises `DatoInvalido` when a factura is unknown or not owed, the slip is not worth what they come to, is of a day to
    come, or is already in another order.
    """
    facturas = facturas_de(numeros)
    for factura in facturas:
        if not se_debe(factura):
            raise DatoInvalido(f"La factura {factura.numero} no se debe: no hay nada que legalizar.", "facturas")
    total = sum((f.valor for f in facturas), Decimal(0))
    if comprobante.valor != total:
        raise DatoInvalido(
            f"El comprobante debe ser exactamente por lo que suman las facturas: {escribir_pesos(total)}.", "valor"
        )
    if comprobante.fecha > hoy:
        raise DatoInvalido("El comprobante no puede ser de un día que aún no llega.", "fecha_banco")
    orden = OrdenTesoreria(
        clase=ClaseOrden.LEGALIZACION,
        valor=total,
        banco=comprobante.banco,
        fecha_banco=comprobante.fecha,
        referencia_banco=comprobante.referencia,
    )
    return _proponer(orden, facturas, sustento, firma)


def proponer_reversion(recaudo_id: int, sustento: Sustento, *, firma: Firma) -> OrdenTesoreria:
    """Propose to undo a credit. Raises `NoExiste`, `TransicionNoPermitida` when it was undone already."""
    recaudo = recaudo_por_id(recaudo_id)
    if recaudo.reversion is not None:
        raise TransicionNoPermitida("Ese recaudo ya fue revertido.")
    if recaudo.canal is CanalRecaudo.RETENCION:
        raise TransicionNoPermitida("Lo que retuvo un agente recaudador lo deshace la misma entidad, con su motivo.")
    orden = OrdenTesoreria(clase=ClaseOrden.REVERSION, recaudo_id=recaudo_id, valor=recaudo.valor)
    return _proponer(orden, (), sustento, firma)


def proponer_aplicacion(recaudo_id: int, numero: int, sustento: Sustento, *, firma: Firma) -> OrdenTesoreria:
    """Propose to put money of a credit that waits on the factura `numero`.

    Raises `NoExiste`, `DatoInvalido` (campo `factura`) when it is unknown, not owed or worth more than what waits.
    """
    recaudo = recaudo_por_id(recaudo_id)
    (factura,) = facturas_de([numero], campo="factura")
    if not se_debe(factura):
        raise DatoInvalido(f"La factura {numero} no se debe: no hay nada que pagar de ella.", "factura")
    try:
        cuenta_de_donde_sale(recaudo, factura.valor)
    except TransicionNoPermitida as error:
        raise DatoInvalido(error.mensaje, "factura") from None
    orden = OrdenTesoreria(clase=ClaseOrden.APLICACION, recaudo_id=recaudo_id, valor=factura.valor)
    return _proponer(orden, [factura], sustento, firma)


def _proponer(orden: OrdenTesoreria, facturas: Sequence[Factura], sustento: Sustento, firma: Firma) -> OrdenTesoreria:
    exigir_rol(firma.usuario, Rol.TESORERIA)
    orden.motivo = leer_texto(sustento.motivo, maximo=300, campo="motivo")
    orden.caso_id = sustento.caso_id
    orden.archivo_id = guardar(sustento.nombre, sustento.contenido, usuario=firma.usuario, ahora=firma.ahora).id
    orden.propuesta_por, orden.propuesta_por_nombre = firma.usuario.id, firma.usuario.nombre
    orden.propuesta_en = firma.ahora
    orden.renglones = [OrdenFactura(factura_id=f.id, valor=f.valor) for f in facturas]
    _numerar(orden)
    _anotar("orden.proponer", orden, firma)
    return orden


def _numerar(orden: OrdenTesoreria) -> None:
    """Insert it; the unique number of the slip decides between two orders on the same one."""
    try:
        with db.session.begin_nested():
            orden.numero = tomar("orden", 1)[0]
            _exigir_sin_consignacion(orden)
            db.session.add(orden)
            db.session.flush()
    except IntegrityError:
        otra = db.session.scalar(
            select(OrdenTesoreria.numero).where(
                OrdenTesoreria.referencia_banco == orden.referencia_banco,
                OrdenTesoreria.estado != EstadoOrden.RECHAZADA,
            )
        )
        if otra is None:
            raise
        raise DatoInvalido(f"Ese comprobante ya está en la orden {otra}.", "referencia_banco") from None


def es_prueba(archivo: Archivo) -> bool:
    """Whether some order rests on a file: those who read orders may read it."""
    suya = select(OrdenTesoreria.id).where(OrdenTesoreria.archivo_id == archivo.id)
    return db.session.scalar(suya.limit(1)) is not None


def _exigir_sin_consignacion(orden: OrdenTesoreria) -> None:
    """Agents report deposits with slips too; they take the series of orders first, so one of the two sees the other."""
    otra = con_comprobante(orden.referencia_banco) if orden.referencia_banco else None
    if otra is not None:
        raise DatoInvalido(f"Ese comprobante ya está en la consignación {otra}.", "referencia_banco")


def aprobar(orden_id: int, *, firma: Firma) -> None:
    """Make an order happen: the second person's act. Of several that try at once, one does.

    Raises `TransicionNoPermitida`, and nothing moves, when it was resolved already, its own proposer asks, or the money
    is no longer as it was when it was proposed.
    """
    orden = _resolver(orden_id, EstadoOrden.APROBADA, firma)
    _EFECTOS[orden.clase](orden, firma.ahora)
    _cerrar_su_caso(orden, firma)
    _anotar("orden.aprobar", orden, firma)


def rechazar(orden_id: int, *, motivo: str, firma: Firma) -> None:
    """End an order without moving anything; its proposer withdraws it, or another person rejects it.

    Raises `DatoInvalido` without a reason, `TransicionNoPermitida` when it was resolved already.
    """
    texto = leer_texto(motivo, maximo=300, campo="motivo")
    orden = _resolver(orden_id, EstadoOrden.RECHAZADA, firma, motivo_rechazo=texto)
    _anotar("orden.rechazar", orden, firma)


def _resolver(orden_id: int, estado: EstadoOrden, firma: Firma, **cambios: str) -> OrdenTesoreria:
    exigir_rol(firma.usuario, Rol.TESORERIA)
    cambio = update(OrdenTesoreria).where(OrdenTesoreria.id == orden_id, OrdenTesoreria.estado == EstadoOrden.PROPUESTA)
    if estado is EstadoOrden.APROBADA:
        cambio = cambio.where(OrdenTesoreria.propuesta_por != firma.usuario.id)
    resuelta = {
        "estado": estado,
        "resuelta_por": firma.usuario.id,
        "resuelta_por_nombre": firma.usuario.nombre,
        "resuelta_en": firma.ahora,
    }
    movidas = ejecutar(cambio.values(**resuelta, **cambios).execution_options(synchronize_session=False))
    orden = db.session.get_one(OrdenTesoreria, orden_id, populate_existing=True)
    if movidas != 1:
        propia = orden.por_resolver and orden.propuesta_por == firma.usuario.id
        raise TransicionNoPermitida(
            "Usted propuso esta orden: debe aprobarla otra persona de Tesorería."
            if propia
            else f"La orden {orden.numero} ya fue resuelta."
        )
    return orden


def _legalizar(orden: OrdenTesoreria, ahora: datetime) -> None:
    assert orden.fecha_banco is not None, "the database keeps the slip of a legalización whole"
    facturas = [r.factura for r in orden.renglones]
    exigir_debidas(facturas)
    credito = Credito(
        canal=CanalRecaudo.MANUAL,
        pasarela=TESORERIA,
        transaccion=orden.clave,
        entra=LEGALIZACION_MANUAL,
        valor=orden.valor,
        banco=orden.banco,
        autorizacion=orden.referencia_banco,
        fecha_banco=datetime.combine(orden.fecha_banco, time(), BOGOTA),
    )
    recaudado = recaudar(credito, [cubierta_de(f) for f in facturas], ahora=ahora)
    if recaudado.clase is not ClaseRecaudo.APLICADO:
        raise TransicionNoPermitida("Las facturas de esta orden ya no se deben como estaban. No se movió dinero.")


def _revertir(orden: OrdenTesoreria, ahora: datetime) -> None:
    assert orden.recaudo_id is not None, "the database keeps the credit of a reversión"
    hecha = reversiones.revertir(orden.recaudo_id, causa=CausaReversion.TESORERIA, motivo=orden.motivo, ahora=ahora)
    if hecha is None:
        raise TransicionNoPermitida("Ese recaudo ya fue revertido. No se movió dinero.")


def _aplicar(orden: OrdenTesoreria, ahora: datetime) -> None:
    assert orden.recaudo_id is not None, "the database keeps the credit of an aplicación"
    (renglon,) = orden.renglones
    aplicar(orden.recaudo_id, renglon.factura_id, origen=orden.clave, ahora=ahora)


_EFECTOS: Mapping[ClaseOrden, Callable[[OrdenTesoreria, datetime], None]] = {
    ClaseOrden.LEGALIZACION: _legalizar,
    ClaseOrden.REVERSION: _revertir,
    ClaseOrden.APLICACION: _aplicar,
}


def _cerrar_su_caso(orden: OrdenTesoreria, firma: Firma) -> None:
    """The case that it was proposed from has ended, if its queue admits that; one about money that waits closes itself."""
    caso = orden.caso
    if caso is None or orden.clase is ClaseOrden.APLICACION:
        return
    db.session.refresh(caso)
    if caso.abierto and SalidaCaso.ORDENADO in COLAS[caso.clase].salidas:
        casos.cerrar(
            caso.id,
            SalidaCaso.ORDENADO,
            nota=f"Orden {orden.numero}",
            ahora=firma.ahora,
            usuario=firma.usuario,
            peticion=firma.peticion,
        )


def por_numero(numero: int) -> OrdenTesoreria:
    """Raises `NoExiste`."""
    consulta = select(OrdenTesoreria).where(OrdenTesoreria.numero == numero)
    orden = db.session.scalar(consulta) if numero < _DEMASIADO else None
    if orden is None:
        raise NoExiste("No encontramos esa orden.")
    return orden


def recaudo_por_id(recaudo_id: int) -> Recaudo:
    """Raises `NoExiste`."""
    recaudo = db.session.get(Recaudo, recaudo_id) if recaudo_id < _DEMASIADO else None
    if recaudo is None:
        raise NoExiste("No encontramos ese recaudo.")
    return recaudo


def facturas_de(numeros: Sequence[int], campo: str = "facturas") -> list[Factura]:
    """Facturas by number, in order. Raises `DatoInvalido` naming those that do not exist, or when there are none."""
    halladas = db.session.scalars(select(Factura).where(Factura.numero.in_(numeros)).order_by(Factura.numero)).all()
    faltan = sorted(set(numeros) - {f.numero for f in halladas})
    if faltan or not halladas:
        cuales = ", ".join(map(str, faltan))
        raise DatoInvalido(f"No existe la factura {cuales}." if faltan else "Escriba al menos una factura.", campo)
    return list(halladas)


def del_caso(caso: Caso) -> Sequence[OrdenTesoreria]:
    """The orders that were proposed from a case, or about its credit, oldest first."""
    suyas = OrdenTesoreria.caso_id == caso.id
    if caso.recaudo_id is not None:
        suyas |= OrdenTesoreria.recaudo_id == caso.recaudo_id
    return db.session.scalars(select(OrdenTesoreria).where(suyas).order_by(OrdenTesoreria.numero)).all()


def _anotar(accion: str, orden: OrdenTesoreria, firma: Firma) -> None:
    anotar(
        accion,
        f"orden:{orden.numero}",
        ahora=firma.ahora,
        usuario_id=firma.usuario.id,
        peticion=firma.peticion,
        clase=orden.clase.value,
        valor=str(orden.valor),
        facturas=[r.factura.numero for r in orden.renglones],
        recaudo=orden.recaudo_id,
    )
