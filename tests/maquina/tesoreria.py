"""Rules of treasury: one person proposes on a proof; the same or another approves or rejects, at once or much later."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.errores import DatoInvalido, TransicionNoPermitida
from portal.models import Factura, Usuario
from portal.models.usuario import Rol
from portal.operaciones import ordenes, recaudos
from portal.operaciones.ordenes import Firma
from tests import ordenes as fabrica
from tests.maquina.auditor import Auditor, Orden

CUAL = st.integers(0, 7)
SUBCONJUNTO = st.integers(1, 7)
# There are two.
QUIEN = st.integers(0, 1)


class Tesoreria(RuleBasedStateMachine):
    """What of a history only two people of treasury do. The history itself says which facturas, and what time it is."""

    auditor: Auditor
    ahora: datetime
    hoy: date

    def _elegir(self, cual: int, cuales: int) -> tuple[int, list[Factura]]:
        raise NotImplementedError

    @rule(cual=CUAL, cuales=SUBCONJUNTO, quien=QUIEN, enseguida=st.booleans())
    @precondition(lambda self: len(self.auditor.ordenes) < 5)
    def proponer_legalizacion(self, cual: int, cuales: int, quien: int, enseguida: bool) -> None:
        """Somebody brings a slip of the bank, whose number another order may be using already."""
        _, facturas = self._elegir(cual, cuales)
        suyas = [self.auditor.estampillas[f.id] for f in facturas]
        total, comprobante = sum((f.valor for f in facturas), Decimal(0)), f"COMPROBANTE{cual}"
        posible = all(e.se_debe for e in suyas) and not self.auditor.en_uso(comprobante)
        try:
            with transaccion():
                una = ordenes.proponer_legalizacion(
                    [f.numero for f in facturas],
                    fabrica.comprobante(int(total), comprobante, self.hoy),
                    fabrica.sustento(),
                    firma=self._firma(quien),
                    hoy=self.hoy,
                )
                propuesta = Orden(una.id, una.clave, quien, suyas, None, comprobante)
        except DatoInvalido:
            assert not posible, "a legalización that was possible was refused"
            return
        assert posible, "a legalización of something not owed, or with a slip in use, was taken in"
        self._propuesta(propuesta, enseguida)

    @rule(cual=CUAL, quien=QUIEN, enseguida=st.booleans())
    @precondition(lambda self: self.auditor.ingresos)
    def proponer_reversion(self, cual: int, quien: int, enseguida: bool) -> None:
        """The bank writes that it took a credit back, which its files or the gateway may tell too."""
        ingreso = self.auditor.ingreso(cual)
        try:
            with transaccion():
                recaudo = recaudos.recaudo_de(ingreso.pasarela, ingreso.transaccion)
                assert recaudo is not None
                una = ordenes.proponer_reversion(recaudo.id, fabrica.sustento(), firma=self._firma(quien))
                propuesta = Orden(una.id, una.clave, quien, [], ingreso)
        except TransicionNoPermitida:
            assert ingreso.devuelto, "a reversal that was possible was refused"
            return
        assert not ingreso.devuelto, "a credit that was taken back already was to be reversed"
        self._propuesta(propuesta, enseguida)

    @rule(cual=CUAL, quien=QUIEN, aprueba=st.sampled_from([True, True, True, False]))
    @precondition(lambda self: self.auditor.ordenes)
    def resolver_orden(self, cual: int, quien: int, aprueba: bool) -> None:
        """Its proposer or the other, whatever became of it and of its money meanwhile."""
        orden = self.auditor.ordenes[cual % len(self.auditor.ordenes)]
        self._resolver(orden, quien, aprueba=aprueba)

    def _propuesta(self, orden: Orden, enseguida: bool) -> None:
        self.auditor.ordenes.append(orden)
        if enseguida:
            self._resolver(orden, 1 - orden.quien, aprueba=True)

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
        personas: Sequence[Usuario] = db.session.scalars(
            select(Usuario).where(Usuario.rol == Rol.TESORERIA).order_by(Usuario.id)
        ).all()
        return Firma(personas[quien], self.ahora)
