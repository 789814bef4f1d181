"""Rules of a history: officials use paid stamps, send the same request again, and undo what was a mistake, sola or by two."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.errores import TransicionNoPermitida
from portal.models import Adhesion, Factura, Liquidacion, Usuario
from portal.models.pago import CausaReversion
from portal.models.usuario import Rol
from portal.operaciones import adhesiones, deshacer_adhesiones, recaudos, reversiones
from portal.operaciones.adhesiones import ActoAdherido, AdhesionRechazada
from portal.operaciones.firmas import Firma
from portal.web.reloj import BOGOTA
from tests.maquina.auditor import Estampilla, Uso

CUAL = st.integers(0, 7)
QUIEN = st.integers(0, 1)


class DeUso:
    """The part of a history that officials write. It leans on what `Historia` keeps: the auditor, the clock, how to choose."""

    auditor: Any
    ahora: Any
    ventanillas: Any
    _elegir: Any
    _credito: Any

    @initialize(cual=CUAL, quien=QUIEN, hasta=st.sampled_from(["nada", "usada", "revertida"]))
    def empezar_con_un_acto(self, cual: int, quien: int, hasta: str) -> None:
        """Some histories begin with stamps that were paid at the window and used, or even taken back by the bank."""
        liquidacion_id, facturas = self._elegir(cual, 7)
        suyas = [self.auditor.estampillas[f.id] for f in facturas]
        if hasta == "nada" or any(e.palabra != "liquidada" for e in suyas):
            return
        self._en_ventanilla(suyas)
        uso = Uso("uso-0", liquidacion_id, suyas, quien, self._dia())
        self._usar(uso, [f.numero for f in facturas])
        self.auditor.usar(uso)
        if hasta == "revertida":
            self.quitar_el_dinero_de_lo_usado(cual)

    @rule(cual=CUAL, cuales=st.integers(1, 7), quien=QUIEN, pagadas=st.sampled_from([True, True, False]))
    @precondition(lambda self: self._en("legalizada"))
    def adherir(self, cual: int, cuales: int, quien: int, pagadas: bool) -> None:
        """An official uses some stamps of an act, of those that are paid or of whatever the paper brings: all or none."""
        liquidacion_id, facturas = self._pagadas(cual, cuales) if pagadas else self._elegir(cual, cuales)
        suyas: list[Estampilla] = [self.auditor.estampillas[f.id] for f in facturas]
        posible = all(e.palabra == "legalizada" for e in suyas)
        uso = Uso(f"uso-{len(self.auditor.usos)}", liquidacion_id, suyas, quien, self._dia())
        try:
            self._usar(uso, [f.numero for f in facturas])
        except AdhesionRechazada:
            assert not posible, "a stamp that could be used was refused"
            return
        assert posible, "a stamp that could not be used was used"
        self.auditor.usar(uso)

    @rule(cual=CUAL)
    @precondition(lambda self: self.auditor.usos)
    def adherir_otra_vez(self, cual: int) -> None:
        """A double click, or the answer was lost: the same adhesion, even after it was undone."""
        uso = self._uso(cual)
        numeros = db.session.scalars(select(Factura.numero).where(Factura.id.in_([e.id for e in uso.estampillas])))
        self._usar(uso, list(numeros))
        assert len(db.session.scalars(select(Adhesion.id)).all()) == len(self.auditor.usos)

    @rule(cual=CUAL, quien=QUIEN)
    @precondition(lambda self: self.auditor.usos)
    def deshacer(self, cual: int, quien: int) -> None:
        """Undo it sola when it is one's own of today; otherwise one asks and the other approves."""
        uso = self._uso(cual)
        sola = uso.quien == quien and uso.dia == self._dia()
        try:
            with transaccion():
                una = db.session.scalars(select(Adhesion).where(Adhesion.clave == uso.clave)).one()
                if sola:
                    deshacer_adhesiones.deshacer(
                        una, "Era otro papel", firma=self._firma_de_oficial(quien), hoy=self._dia()
                    )
                else:
                    deshacer_adhesiones.proponer(una, "Era otro papel", firma=self._firma_de_oficial(quien))
                    deshacer_adhesiones.aprobar(una, firma=self._firma_de_oficial(1 - quien))
        except TransicionNoPermitida:
            assert not uso.en_pie, "an adhesion that stood could not be undone"
            return
        assert uso.en_pie, "an adhesion was undone twice"
        uso.en_pie = False

    @rule(cual=CUAL)
    @precondition(lambda self: self._en("utilizada"))
    def quitar_el_dinero_de_lo_usado(self, cual: int) -> None:
        """The bank takes back what paid a stamp that was used."""
        ingreso = self._una(cual, "utilizada").por
        with transaccion():
            recaudo = recaudos.recaudo_de(ingreso.pasarela, ingreso.transaccion)
            assert recaudo is not None
            reversiones.revertir(recaudo.id, causa=CausaReversion.BANCO, motivo="Reclamo", ahora=self.ahora)
        self.auditor.devolver(ingreso)

    @rule(cual=CUAL)
    @precondition(lambda self: self._usadas_sin_pago() and self.ventanillas < 6)
    def pagar_de_nuevo_lo_usado(self, cual: int) -> None:
        """Somebody pays at the window a used stamp whose money the bank took back: it serves no second act."""
        usadas = self._usadas_sin_pago()
        una = usadas[cual % len(usadas)]
        self._en_ventanilla([una])
        assert una.palabra == "utilizada"

    def _en_ventanilla(self, estampillas: list[Estampilla]) -> None:
        self.ventanillas += 1
        transaccion_, total = f"linea{self.ventanillas}", sum((e.valor for e in estampillas), Decimal(0))
        with transaccion():
            cubiertas = [recaudos.cubierta_de(db.session.get_one(Factura, e.id)) for e in estampillas]
            recaudos.recaudar(self._credito(transaccion_, total, "COP"), cubiertas, ahora=self.ahora)
        self.auditor.en_ventanilla(transaccion_, total, "COP", estampillas)

    def _en(self, palabra: str) -> list[Estampilla]:
        return [e for e in self.auditor.estampillas.values() if e.palabra == palabra]

    def _una(self, cual: int, palabra: str) -> Any:
        suyas = self._en(palabra)
        return suyas[cual % len(suyas)]

    def _usadas_sin_pago(self) -> list[Estampilla]:
        return [e for e in self.auditor.estampillas.values() if e.usada and e.por is None]

    def _pagadas(self, cual: int, cuales: int) -> tuple[int, list[Factura]]:
        """Some of the paid and unused stamps of one act, at least one."""
        db.session.rollback()
        factura = db.session.get_one(Factura, self._una(cual, "legalizada").id)
        utiles = [f for f in factura.liquidacion.facturas if self.auditor.estampillas[f.id].palabra == "legalizada"]
        return factura.liquidacion_id, [f for n, f in enumerate(utiles) if cuales >> n & 1] or utiles

    def _usar(self, uso: Uso, numeros: list[int]) -> None:
        acto = ActoAdherido("Contrato 1", uso.dia, "Secretaría de Gobierno")
        with transaccion():
            hecha = adhesiones.adherir(
                db.session.get_one(Liquidacion, uso.liquidacion_id),
                numeros,
                acto,
                departamento="putumayo",
                clave=uso.clave,
                firma=self._firma_de_oficial(uso.quien),
                hoy=self._dia(),
            )
            assert hecha.clave == uso.clave

    def _uso(self, cual: int) -> Uso:
        db.session.rollback()
        usos: list[Uso] = self.auditor.usos
        return usos[cual % len(usos)]

    def _firma_de_oficial(self, quien: int) -> Firma:
        oficiales = db.session.scalars(select(Usuario).where(Usuario.rol == Rol.FUNCIONARIO).order_by(Usuario.id))
        return Firma(oficiales.all()[quien], self.ahora)

    def _dia(self) -> date:
        dia: date = self.ahora.astimezone(BOGOTA).date()
        return dia
