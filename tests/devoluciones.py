"""Refunds for tests: payments whose money is owed back, requests, and the officials who act on them."""

from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.devoluciones import CausalDevolucion, TipoCuenta
from portal.models import CuentaCorregida, Devolucion, Liquidacion, Pago, Rebote, Usuario
from portal.operaciones import devoluciones, rebotes
from portal.operaciones.devoluciones import Firma, Transferencia
from portal.operaciones.rebotes import Aviso
from portal.operaciones.resultados import Causa, aplicar_resultado
from portal.operaciones.solicitudes_devolucion import CuentaDestino, Solicitud, solicitar
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela
from tests.archivos import pdf
from tests.fabricas import AHORA, ESPERA, HOY, liquidacion, pago, respuesta

CUENTA = CuentaDestino("Banco de prueba", TipoCuenta.AHORROS, "123456789", "Prueba Pagadora", "CC", "1212312323")


def decir(uno: Pago, resultado: ResultadoPasarela) -> None:
    with transaccion():
        aplicar_resultado(uno.id, resultado, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)


def pagado(valores: tuple[int, ...] = (4000, 5000), transaccion_: str | None = None) -> tuple[Liquidacion, Pago]:
    """A liquidación whose stamps one payment legalised."""
    una = liquidacion(valores)
    uno = pago(una)
    decir(uno, respuesta(uno, transaccion=transaccion_ or uuid4().hex))
    return una, uno


def doble(valores: tuple[int, ...] = (4000, 5000)) -> Pago:
    """A payment that had been given up and was approved after another had paid the same stamps."""
    una = liquidacion(valores)
    primero = pago(una)
    decir(primero, respuesta(primero, EstadoPasarela.RECHAZADO, transaccion=None))
    segundo = pago(una)
    decir(segundo, respuesta(segundo, transaccion=uuid4().hex))
    decir(primero, respuesta(primero, transaccion=uuid4().hex))
    return primero


def distinto(de_menos: int = 1) -> Pago:
    """A payment of which the bank took another amount."""
    uno = pago(liquidacion())
    decir(uno, respuesta(uno, transaccion=uuid4().hex, valor=uno.total - de_menos))
    return uno


def tesorero() -> Usuario:
    """An official of treasury, made for the occasion."""
    with transaccion():
        nuevo = Usuario(
            correo=f"{uuid4().hex}@demo.portal.test",
            nombre="Tesorera",
            rol="tesoreria",
            clave_hash="x",
            creado_en=AHORA,
        )
        db.session.add(nuevo)
    return nuevo


def pedido(causal: CausalDevolucion = CausalDevolucion.DOBLE, facturas: tuple[int, ...] = ()) -> Solicitud:
    return Solicitud(causal, facturas, "El banco me cobró dos veces.", CUENTA, "prueba@correo.test", "3001234567")


def pedir(
    uno: Pago,
    causal: CausalDevolucion = CausalDevolucion.DOBLE,
    facturas: tuple[int, ...] = (),
    *,
    clave: str = "",
    certificacion: bytes | None = None,
) -> Devolucion:
    return pedir_de(uno.codigo, pedido(causal, facturas), clave=clave, certificacion=certificacion)


def pedir_de(
    codigo: str, que: Solicitud | None = None, *, clave: str = "", certificacion: bytes | None = None
) -> Devolucion:
    """Ask for what is owed back of the payment behind a code."""
    papel = ("certificación.pdf", pdf() if certificacion is None else certificacion)
    with transaccion():
        return solicitar(codigo, que or pedido(), papel, clave=clave or uuid4().hex, ahora=AHORA)


def firma(quien: Usuario | None = None) -> Firma:
    return Firma(quien, AHORA)


def estudiada(una: Devolucion, quien: Usuario | None = None) -> Devolucion:
    quien = quien or tesorero()
    with transaccion():
        devoluciones.estudiar(una, "El libro lo confirma.", firma(quien))
    return una


def aprobada(una: Devolucion, quien: Usuario | None = None) -> Devolucion:
    estudiada(una)
    quien = quien or tesorero()
    with transaccion():
        devoluciones.aprobar(una, firma(quien))
    return una


def girar(una: Devolucion, referencia: str = "TR-1", quien: Usuario | None = None, **otros: Any) -> None:
    quien = quien or tesorero()
    with transaccion():
        devoluciones.pagar(
            una,
            Transferencia("0849514000", referencia, otros.get("fecha", HOY)),
            firma(quien),
            desde=HOY,
            hoy=HOY,
        )


def leida(una: Devolucion) -> Devolucion:
    """The request as the database has it now."""
    db.session.expire_all()
    return db.session.scalars(select(Devolucion).where(Devolucion.id == una.id)).one()


OTRA_CUENTA = CuentaDestino("Otro banco", TipoCuenta.CORRIENTE, "987654321", "Prueba Pagadora", "CC", "1212312323")


def rebotar(una: Devolucion, quien: Usuario | None = None, *, dia: date = HOY) -> Rebote:
    """The bank could not deliver the transfer."""
    quien = quien or tesorero()
    aviso = Aviso(dia, "Cuenta cancelada", ("rechazo.pdf", pdf(b"rechazo")))
    with transaccion():
        return rebotes.rebotar(una, aviso, firma(quien), hoy=HOY)


def corregir(una: Devolucion, quien: Usuario | None = None, *, clave: str = "") -> CuentaCorregida:
    """Hand in another account; nobody: the applicant does."""
    papel = ("certificación.pdf", pdf(b"otra"))
    with transaccion():
        return rebotes.corregir_cuenta(una, OTRA_CUENTA, papel, firma(quien), clave=clave or uuid4().hex)


def aceptar_cuenta(una: Devolucion, quien: Usuario | None = None) -> None:
    quien = quien or tesorero()
    with transaccion():
        rebotes.aprobar_cuenta(una, firma(quien))
