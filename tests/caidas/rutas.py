"""Every route by which money is written, as the portal walks it, for processes that are to die at each of its commits."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.cli.pagos import una_ronda
from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.dominio.ordenes import EstadoOrden
from portal.models import Factura, Liquidacion, OrdenTesoreria, Pago, Recaudo, Usuario
from portal.models.pago import CanalRecaudo, CausaReversion
from portal.models.usuario import Rol
from portal.operaciones import notificaciones, resultados, reversiones
from portal.operaciones.archivos_banco import entregas, importacion
from portal.operaciones.archivos_banco.importacion import ArchivoRepetido
from portal.operaciones.recaudos import Credito, cubierta_de, recaudar
from portal.operaciones.resultados import Causa
from portal.pasarelas.base import EstadoPasarela, PagoIniciado, ResultadoPasarela, SolicitudPago, TransaccionDesconocida
from portal.web import pasarela as borde
from portal.web.seguimiento import HILO
from tests import fabricas
from tests import ordenes as fabrica_ordenes
from tests.banco import CONVENIO, Pagado, archivo, por_pse, tesorera
from tests.pasarela_guion import PasarelaGuion


class BancoEnDisco(PasarelaGuion):
    """A gateway whose memory outlives the portal's processes: a file with one word after another."""

    def __init__(self, archivo: Path) -> None:
        super().__init__()
        self.archivo = archivo

    def anotar(self, palabra: str) -> None:
        with self.archivo.open("a") as hoja:
            hoja.write(f"{palabra}\n")
            hoja.flush()
            os.fsync(hoja.fileno())

    @property
    def palabras(self) -> list[str]:
        return self.archivo.read_text().split() if self.archivo.exists() else []

    def iniciar(self, solicitud: SolicitudPago) -> PagoIniciado:
        self.anotar("iniciada")
        return PagoIniciado("s1", "http://banco.test/sesion")

    def consultar(self, id_pasarela: str) -> ResultadoPasarela:
        if "iniciada" not in self.palabras:
            raise TransaccionDesconocida
        pago = db.session.scalars(select(Pago)).one()
        if "aprobada" not in self.palabras:
            dicha = fabricas.respuesta(pago, EstadoPasarela.VENCIDO, transaccion=None)
        else:
            dicha = fabricas.respuesta(pago)
        if "revertida" in self.palabras:
            devueltas = tuple(replace(t, estado=EstadoPasarela.REVERTIDO) for t in dicha.transacciones)
            dicha = replace(dicha, transacciones=devueltas)
        db.session.rollback()
        return dicha


@dataclass(frozen=True)
class Ruta:
    """`preparar` is done by somebody who lives; `andar`, by who dies; `insistir`, by the world when nobody answered it.

    When the gateway has nothing to do with it, `entra` and `sale` tell what must have become of the money in the end;
    `movimientos`, how many lines of the bank's file must be there.
    """

    preparar: Callable[[Flask], None]
    andar: Callable[[Flask], None]
    insistir: Callable[[Flask], None]
    entra: bool = False
    sale: bool = False
    movimientos: int = 0


def banco(app: Flask) -> BancoEnDisco:
    hallado: BancoEnDisco = app.extensions["pasarela"]
    return hallado


def nada(_app: Flask) -> None:
    """The world does not insist: the probe has to do it alone."""


def liquidar(_app: Flask) -> None:
    fabricas.liquidacion()


def enviar(app: Flask) -> None:
    """Open a payment and send it to the gateway, as the page does."""
    una = db.session.scalars(select(Liquidacion)).one()
    pago = fabricas.pago(una, enviado=False)
    solicitud = borde.solicitud_de(pago, descripcion="Estampillas", url_retorno="http://localhost/pago/x")
    assert borde.enviar_a_pasarela(pago.id, solicitud)


def pagar_y_notificar(app: Flask) -> None:
    """From the form to the stamp: open, send, the bank approves, the notification arrives and is followed up."""
    enviar(app)
    banco(app).anotar("aprobada")
    notificar(app)


def notificar(app: Flask) -> None:
    referencia = db.session.scalars(select(Pago.referencia)).one()
    db.session.rollback()
    aviso = f"s1|{referencia}"
    respuesta = app.test_client().post("/pago/notificaciones/placetopay", data=aviso, headers={"X-Firma": "buena"})
    assert respuesta.status_code == 200
    respuesta.close()
    for hilo in threading.enumerate():
        if hilo.name.startswith(HILO):
            hilo.join(30)


def aprobada(app: Flask) -> None:
    liquidar(app)
    enviar(app)
    banco(app).anotar("aprobada")


def volver(app: Flask) -> None:
    codigo = db.session.scalars(select(Pago.codigo)).one()
    db.session.rollback()
    assert app.test_client().get(f"/pago/{codigo}").status_code == 200


def sondear(_app: Flask) -> None:
    una_ronda()


def ventanilla(_app: Flask) -> None:
    """A line of the bank's file; told again, the database refuses it."""
    facturas = list(db.session.scalars(select(Factura)))
    total = sum((f.valor for f in facturas), Decimal(0))
    credito = Credito(CanalRecaudo.VENTANILLA, "banco", "linea", "banco:0849", total)
    cubiertas = [cubierta_de(f) for f in facturas]
    try:
        with transaccion():
            recaudar(credito, cubiertas, ahora=fabricas.AHORA)
    except IntegrityError:
        return


def recaudada(app: Flask) -> None:
    liquidar(app)
    ventanilla(app)


def revertir_por_el_banco(_app: Flask) -> None:
    """A line of the bank's file says that it took the credit back; told again, nothing happens."""
    with transaccion():
        cual = db.session.scalars(select(Recaudo.id)).one()
        reversiones.revertir(cual, causa=CausaReversion.BANCO, motivo="Cheque devuelto", ahora=fabricas.AHORA)


def con_tesoreria(preparar: Callable[[Flask], None]) -> Callable[[Flask], None]:
    """The same beginning, with two people of treasury at their desks."""

    def preparada(app: Flask) -> None:
        preparar(app)
        for _ in range(2):
            fabrica_ordenes.tesorero()

    return preparada


def por_orden(proponer: Callable[[Usuario], object]) -> Callable[[Flask], None]:
    """One person proposes and the other approves. When nobody answered they do it again, and may hear that it was done."""

    def andar(_app: Flask) -> None:
        consulta = select(Usuario).where(Usuario.rol == Rol.TESORERIA).order_by(Usuario.id)
        una, otra = db.session.scalars(consulta)
        with suppress(DatoInvalido, TransicionNoPermitida):
            proponer(una)
        for orden in db.session.scalars(select(OrdenTesoreria).where(OrdenTesoreria.estado == EstadoOrden.PROPUESTA)):
            with suppress(TransicionNoPermitida):
                fabrica_ordenes.aprobar(orden, otra)

    return andar


def legalizar(quien: Usuario) -> None:
    fabrica_ordenes.legalizacion(db.session.scalars(select(Liquidacion)).one(), quien, referencia="COMPROBANTE1")


def revertir(quien: Usuario) -> None:
    fabrica_ordenes.reversion(db.session.scalars(select(Recaudo)).one(), quien)


def esperando(app: Flask) -> None:
    """Money of nobody's that the bank reported, which is that of the liquidación."""
    liquidar(app)
    fabrica_ordenes.credito(9000)


def aplicar_por_orden(_app: Flask) -> None:
    """Two people put it on each stamp. When nobody answered they do it again, and may hear that it was done."""
    for factura in db.session.scalars(select(Factura).order_by(Factura.id)).all():
        por_orden(partial(_aplicar_a, factura.id))(_app)


def _aplicar_a(factura_id: int, quien: Usuario) -> None:
    recaudo = db.session.scalars(select(Recaudo)).one()
    fabrica_ordenes.aplicacion(recaudo, db.session.get_one(Factura, factura_id), quien)


def importar(lineas: Callable[[], list[Pagado]]) -> Callable[[Flask], None]:
    """Treasury uploads the bank's file and imports it; when nobody answered, it does so again."""

    def andar(_app: Flask) -> None:
        contenido, quien_id = archivo(lineas()), tesorera().id
        db.session.rollback()
        with suppress(ArchivoRepetido):
            with transaccion():
                quien = db.session.get_one(Usuario, quien_id)
                codigo = entregas.guardar(contenido, "banco.txt", usuario=quien, ahora=fabricas.AHORA).codigo
            with transaccion():
                quien = db.session.get_one(Usuario, quien_id)
                entrega = entregas.por_codigo(codigo, usuario=quien, ahora=fabricas.AHORA)
                importacion.importar(
                    entrega.contenido,
                    nombre=entrega.nombre,
                    convenio=CONVENIO,
                    usuario=quien,
                    ahora=fabricas.AHORA,
                    hoy=fabricas.HOY,
                )
                entregas.descartar(quien)

    return andar


def de_ventanilla() -> list[Pagado]:
    """Each stamp at the window, and a PSE payment that no gateway told of."""
    facturas = db.session.scalars(select(Factura).order_by(Factura.id)).all()
    pagados = [Pagado(f.numero, f.valor, numero=n) for n, f in enumerate(facturas, start=1)]
    return [*pagados, por_pse("777", 1000, 9)]


def de_pse() -> list[Pagado]:
    """The money of the payment that the gateway had confirmed."""
    pago = db.session.scalars(select(Pago)).one()
    return [por_pse(pago.referencia, pago.total, 1)]


def con_tesorera(preparar: Callable[[Flask], None]) -> Callable[[Flask], None]:
    """The same beginning, with who imports the bank's files at her desk."""

    def preparada(app: Flask) -> None:
        preparar(app)
        tesorera()

    return preparada


def confirmada(app: Flask) -> None:
    aprobada(app)
    volver(app)


def pagada(app: Flask) -> None:
    confirmada(app)
    banco(app).anotar("revertida")


def notificar_y_atender_ingenuo(app: Flask) -> None:
    """The usual mistake: mark it as attended, commit, and only then apply it."""
    with transaccion():
        pago = db.session.scalars(select(Pago)).one()
        pago_id, cuerpo = pago.id, f"s1|{pago.referencia}".encode()
        aviso = banco(app).interpretar_notificacion({"X-Firma": "buena"}, cuerpo)
        cual = notificaciones.guardar("placetopay", cuerpo, aviso, fabricas.AHORA)
        notificaciones.atender(cual, "visto", fabricas.AHORA)
        db.session.execute(update(Pago).values(consultar_desde=None))
    dicho = banco(app).consultar("s1")
    with transaccion():
        resultados.aplicar_resultado(
            pago_id, dicho, causa=Causa.NOTIFICACION, espera=fabricas.ESPERA, ahora=fabricas.AHORA
        )


legalizar_por_orden, revertir_por_orden = por_orden(legalizar), por_orden(revertir)
importar_ventanilla, importar_pse = importar(de_ventanilla), importar(de_pse)

RUTAS = {
    "pagar y notificar": Ruta(liquidar, pagar_y_notificar, nada),
    "volver": Ruta(aprobada, volver, nada),
    "sondear": Ruta(aprobada, sondear, nada),
    "ventanilla": Ruta(liquidar, ventanilla, ventanilla, entra=True),
    "reversión de la pasarela": Ruta(pagada, notificar, notificar),
    "reversión del banco": Ruta(recaudada, revertir_por_el_banco, revertir_por_el_banco, entra=True, sale=True),
    "legalización de tesorería": Ruta(con_tesoreria(liquidar), legalizar_por_orden, legalizar_por_orden, entra=True),
    "reversión de tesorería": Ruta(
        con_tesoreria(recaudada), revertir_por_orden, revertir_por_orden, entra=True, sale=True
    ),
    "aplicación de tesorería": Ruta(con_tesoreria(esperando), aplicar_por_orden, aplicar_por_orden, entra=True),
    "archivo del banco": Ruta(
        con_tesorera(liquidar), importar_ventanilla, importar_ventanilla, entra=True, movimientos=3
    ),
    "archivo del banco con PSE": Ruta(con_tesorera(confirmada), importar_pse, importar_pse, movimientos=1),
    "ingenua": Ruta(aprobada, notificar_y_atender_ingenuo, nada),
}
