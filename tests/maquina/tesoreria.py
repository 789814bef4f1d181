"""Rules of treasury: one person proposes on a proof; the same or another approves or rejects, at once or much later."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models import Factura, OrdenTesoreria, Usuario
from portal.models.usuario import Rol
from portal.operaciones import ordenes, recaudos
from portal.operaciones.firmas import Firma
from tests import ordenes as fabrica
from tests.maquina.auditor import Auditor, Orden

CUAL = st.integers(0, 7)
SUBCONJUNTO = st.integers(1, 7)
# There are two.
QUIEN = st.integers(0, 1)
# What is proposed waits, or the other person approves it at once; or two orders about the same are proposed and approved.
SIGUE = st.sampled_from(["espera", "se aprueba", "chocan dos"])


class Tesoreria(RuleBasedStateMachine):
    """What of a history only two people of treasury do. The history itself says which facturas, and what time it is."""

    auditor: Auditor
    ahora: datetime
    hoy: date

    def _elegir(self, cual: int, cuales: int) -> tuple[int, list[Factura]]:
        raise NotImplementedError

    @rule(cual=CUAL, cuales=SUBCONJUNTO, quien=QUIEN, sigue=SIGUE)
    @precondition(lambda self: len(self.auditor.ordenes) < 6)
    def proponer_legalizacion(self, cual: int, cuales: int, quien: int, sigue: str) -> None:
        """Somebody brings a slip of the bank, whose number another order may be using already."""

        def proponer(comprobante: str) -> Orden | None:
            _, facturas = self._elegir(cual, cuales)
            suyas = [self.auditor.estampillas[f.id] for f in facturas]
            posible = all(e.se_debe for e in suyas) and not self.auditor.en_uso(comprobante)
            papel = fabrica.comprobante(int(sum(f.valor for f in facturas)), comprobante, self.hoy)
            pedir = partial(ordenes.proponer_legalizacion, [f.numero for f in facturas], papel, hoy=self.hoy)
            return self._proponer(pedir, Orden(quien, suyas, None, comprobante), posible=posible)

        self._seguir(lambda n: proponer(f"COMPROBANTE{cual}{n}"), sigue)

    @rule(cual=CUAL, quien=QUIEN, sigue=SIGUE)
    @precondition(lambda self: self.auditor.ingresos)
    def proponer_reversion(self, cual: int, quien: int, sigue: str) -> None:
        """The bank writes that it took a credit back, which its files or the gateway may tell too."""
        ingreso = self.auditor.ingreso(cual)

        def proponer(_n: int) -> Orden | None:
            recaudo = recaudos.recaudo_de(ingreso.pasarela, ingreso.transaccion)
            assert recaudo is not None
            pedir = partial(ordenes.proponer_reversion, recaudo.id)
            return self._proponer(pedir, Orden(quien, [], ingreso), posible=not ingreso.devuelto)

        self._seguir(proponer, sigue)

    @rule(cual=CUAL, cuales=SUBCONJUNTO, quien=QUIEN, sigue=SIGUE)
    @precondition(lambda self: any(i.espera for i in self.auditor.ingresos.values()) and len(self.auditor.ordenes) < 6)
    def proponer_aplicacion(self, cual: int, cuales: int, quien: int, sigue: str) -> None:
        """Somebody found whose the waiting money of a credit is; it is put on one stamp, whole."""
        esperan = [i for _, i in sorted(self.auditor.ingresos.items()) if i.espera]
        ingreso = esperan[cual % len(esperan)]

        def proponer(_n: int) -> Orden | None:
            _, facturas = self._elegir(cual, cuales)
            suya = self.auditor.estampillas[facturas[0].id]
            recaudo = recaudos.recaudo_de(ingreso.pasarela, ingreso.transaccion)
            assert recaudo is not None
            pedir = partial(ordenes.proponer_aplicacion, recaudo.id, facturas[0].numero)
            orden = Orden(quien, [suya], None, aplica=ingreso)
            return self._proponer(pedir, orden, posible=orden.cabe)

        self._seguir(proponer, sigue)

    @rule(cual=CUAL, quien=QUIEN, aprueba=st.sampled_from([True, True, True, False]))
    @precondition(lambda self: self.auditor.ordenes)
    def resolver_orden(self, cual: int, quien: int, aprueba: bool) -> None:
        """Its proposer or the other, whatever became of it and of its money meanwhile."""
        # Those that wait first.
        todas = sorted(self.auditor.ordenes, key=lambda o: o.estado != "propuesta")
        self._resolver(todas[cual % len(todas)], quien, aprueba=aprueba)

    def _seguir(self, proponer: Callable[[int], Orden | None], sigue: str) -> None:
        nuevas = [proponer(n) for n in range(2 if sigue == "chocan dos" else 1)]
        for orden in nuevas:
            if orden is not None and sigue != "espera":
                self._resolver(orden, 1 - orden.quien, aprueba=True)

    def _proponer(self, pedir: Callable[..., OrdenTesoreria], orden: Orden, *, posible: bool) -> Orden | None:
        try:
            with transaccion():
                una = pedir(fabrica.sustento(), firma=self._firma(orden.quien))
                orden.id, orden.clave = una.id, una.clave
        except (DatoInvalido, TransicionNoPermitida):
            assert not posible, "an order that was possible was refused"
            return None
        assert posible, "an order about what is not owed, is back already, or with a slip in use, was taken in"
        self.auditor.ordenes.append(orden)
        return orden

    def _resolver(self, orden: Orden, quien: int, *, aprueba: bool) -> None:
        posible = orden.estado == "propuesta" and (not aprueba or (quien != orden.quien and orden.cabe))
        try:
            with transaccion():
                firma = self._firma(quien)
                if aprueba:
                    ordenes.aprobar(orden.id, firma=firma)
                else:
                    ordenes.rechazar(orden.id, motivo="No es legible", firma=firma)
        except TransicionNoPermitida:
            assert not posible, "an order that could be resolved was not"
            return
        assert posible, "an order was resolved again, by its own proposer, or on money that is no longer there"
        self.auditor.resuelta(orden, aprueba=aprueba)

    def _firma(self, quien: int) -> Firma:
        personas = db.session.scalars(select(Usuario).where(Usuario.rol == Rol.TESORERIA).order_by(Usuario.id)).all()
        return Firma(personas[quien], self.ahora)
