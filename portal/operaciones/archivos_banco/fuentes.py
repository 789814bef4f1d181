"""What the portal knows about the lines of a file, read in bulk: facturas, earlier lines, credits of the gateway."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import func, select

from portal.db import Instante, db
from portal.dominio.asobancaria import ArchivoRecaudo
from portal.dominio.asobancaria_lectura import leer
from portal.dominio.asobancaria_llaves import lineas
from portal.dominio.estados import EstadoFactura
from portal.dominio.movimientos import CanalMovimiento
from portal.dominio.movimientos_pse import ANTES_DE_DEVOLVER, DESPUES, CreditoPse, claves_de
from portal.models import ArchivoBanco, Factura, Liquidacion, MovimientoBanco, Pago, Recaudo, Reversion
from portal.models.pago import CanalRecaudo
from portal.operaciones.archivos_banco.lectura import COLOMBIA

# Facturas have fewer digits; more would not fit in the column.
_MAXIMO_DIGITOS = 15
_TROZO = 500


class Deuda(NamedTuple):
    """A factura as a line of the bank finds it."""

    id: int
    numero: int
    estampilla: str
    valor: Decimal
    estado: EstadoFactura
    fecha_limite: date
    por_retencion: bool


@dataclass
class Entrada:
    """A counter's payment that came in, stored (`recaudo_id`) or in the same file (`llave`), and whether it was undone."""

    llave: str
    recaudo_id: int | None
    numeros: tuple[str, str]
    revertido: bool = False


def numero_de(referencia: str) -> int | None:
    """The number of factura that a reference says, if it can be one (AI 8020 of the barcode)."""
    sirve = referencia.isascii() and referencia.isdigit() and len(referencia) <= _MAXIMO_DIGITOS
    return int(referencia) if sirve else None


def deudas(departamento: str, numeros: Collection[int]) -> dict[int, Deuda]:
    """The facturas of the department with these numbers."""
    consulta = select(
        Factura.id,
        Factura.numero,
        Factura.estampilla,
        Factura.valor,
        Factura.estado,
        Liquidacion.fecha_limite,
        Liquidacion.por_retencion,
    ).join(Liquidacion)
    propias = consulta.where(Liquidacion.departamento == departamento)
    filas = (
        fila
        for trozo in trozos(sorted(numeros))
        for fila in db.session.execute(propias.where(Factura.numero.in_(trozo)))
    )
    return {fila.numero: Deuda(*fila) for fila in filas}


def llaves_guardadas(llaves: Sequence[str]) -> set[str]:
    """Those of these keys that an earlier file brought."""
    consulta = select(MovimientoBanco.llave)
    return {
        llave
        for trozo in trozos(llaves)
        for llave in db.session.scalars(consulta.where(MovimientoBanco.llave.in_(trozo)))
    }


def llaves_de_anteriores(archivo: ArchivoRecaudo) -> list[tuple[set[str], set[str]]]:
    """Of each file imported before of the same account and day: the keys that it says, and those that it left stored.

    The first are counted again from its bytes; they differ in the payments that a person said were others.
    """
    cabeza = archivo.encabezado
    consulta = select(ArchivoBanco.id, ArchivoBanco.contenido).where(
        ArchivoBanco.formato == archivo.formato,
        ArchivoBanco.banco == cabeza.banco,
        ArchivoBanco.cuenta == cabeza.cuenta,
        ArchivoBanco.dia == cabeza.fecha_recaudo,
        ArchivoBanco.huella != archivo.huella,
    )
    guardadas = select(MovimientoBanco.llave)
    return [
        (
            {linea.llave for linea in lineas(leer(contenido))},
            set(db.session.scalars(guardadas.where(MovimientoBanco.archivo_id == cual))),
        )
        for cual, contenido in db.session.execute(consulta.order_by(ArchivoBanco.id)).all()
    ]


def entradas(cuenta: str, dia: date, referencias: Collection[str]) -> dict[tuple[str, Decimal], list[Entrada]]:
    """The counter's payments of some references that came into an account until a day, by reference and value."""
    consulta = (
        select(MovimientoBanco, Reversion.id)
        .outerjoin(Reversion, Reversion.recaudo_id == MovimientoBanco.recaudo_id)
        .where(
            MovimientoBanco.cuenta == cuenta,
            MovimientoBanco.canal == CanalMovimiento.VENTANILLA,
            MovimientoBanco.recaudo_id.is_not(None),
            MovimientoBanco.dia.between(dia - ANTES_DE_DEVOLVER, dia),
        )
        .order_by(MovimientoBanco.id)
    )
    halladas: dict[tuple[str, Decimal], list[Entrada]] = defaultdict(list)
    for trozo in trozos(sorted(referencias)):
        for uno, reversion in db.session.execute(consulta.where(MovimientoBanco.referencia.in_(trozo))):
            entrada = Entrada(
                uno.llave, uno.recaudo_id, numeros_de(uno.operacion, uno.autorizacion), reversion is not None
            )
            halladas[uno.referencia, uno.valor].append(entrada)
    return halladas


def numeros_de(operacion: str | None, autorizacion: str | None) -> tuple[str, str]:
    """What the bank gave to tell a payment from another, zeros being nothing."""
    return (operacion or "").strip("0"), (autorizacion or "").strip("0")


def creditos_pse(dia: date, *, antes: timedelta) -> list[CreditoPse]:
    """The credits that gateways confirmed around a day, and what became of each."""
    cuando = func.coalesce(Recaudo.fecha_banco, Recaudo.registrado_en, type_=Instante())
    consulta: Any = (
        select(
            Recaudo,
            Pago.referencia,
            Pago.id_pasarela,
            cuando.label("cuando"),
            MovimientoBanco.id.label("movimiento"),
            Reversion.id.label("reversion"),
        )
        .join(Pago, Pago.id == Recaudo.pago_id)
        .outerjoin(MovimientoBanco, MovimientoBanco.recaudo_id == Recaudo.id)
        .outerjoin(Reversion, Reversion.recaudo_id == Recaudo.id)
        .where(Recaudo.canal == CanalRecaudo.PSE, Recaudo.moneda == "COP")
        .where(cuando >= _instante(dia - antes), cuando < _instante(dia + DESPUES + timedelta(days=1)))
        .order_by(Recaudo.id)
    )
    return [
        CreditoPse(
            recaudo_id=fila.Recaudo.id,
            pago_id=fila.Recaudo.pago_id,
            pasarela=fila.Recaudo.pasarela,
            valor=fila.Recaudo.valor,
            dia=fila.cuando.astimezone(COLOMBIA).date(),
            claves=claves_de(fila.referencia, fila.id_pasarela, fila.Recaudo.transaccion, fila.Recaudo.cus),
            numeros=claves_de(fila.Recaudo.autorizacion, fila.Recaudo.cus),
            cus=fila.Recaudo.cus,
            llegado=fila.movimiento is not None,
            revertido=fila.reversion is not None,
        )
        for fila in db.session.execute(consulta)
    ]


def trozos(valores: Sequence[Any]) -> Iterator[list[Any]]:
    """Few enough values for one query, until all were given."""
    resto = iter(valores)
    while trozo := list(islice(resto, _TROZO)):
        yield trozo


def mediodia(dia: date) -> datetime:
    """An instant of a Colombian day whose hour nobody told."""
    return datetime.combine(dia, time(12), tzinfo=COLOMBIA)


def _instante(dia: date) -> datetime:
    return datetime.combine(dia, time(), tzinfo=COLOMBIA)
