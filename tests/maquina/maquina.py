"""Rules of a history: people assess, pay, come back and void; the bank decides; answers arrive in any order and number.

Everything passes through the portal's own doors (`portal.web.pasarela`, the probe, the operations). After each step the
auditor compares; at the end comes a quiet time in which the gateway answers, everything is asked, and everything converges.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.cli.pagos import una_ronda
from portal.db import db, transaccion
from portal.dominio.errores import TransicionNoPermitida
from portal.dominio.estados import EstadoFactura
from portal.models import Caso, Factura, Liquidacion, Notificacion, Pago, Recaudo, Usuario
from portal.models.pago import CanalRecaudo, CausaReversion
from portal.models.usuario import Rol
from portal.operaciones import notificaciones, pagos, recaudos, resultados, reversiones, sin_efecto
from portal.operaciones.resultados import Causa
from portal.operaciones.verificacion import Invariante
from portal.pasarelas.base import EstadoPasarela
from portal.web import pasarela as borde
from portal.web.reloj import BOGOTA
from tests import fabricas
from tests.maquina.actos import ASUNTOS, liquidar
from tests.maquina.archivos import ArchivosDelBanco
from tests.maquina.auditor import RAPIDAS, TODAS, Auditor, verificar
from tests.maquina.banco import FINALES, Banco, Muerte, Sesion
from tests.maquina.memoria import EnMemoria
from tests.maquina.tesoreria import CUAL, SUBCONJUNTO, Tesoreria
from tests.maquina.uso import DeUso

INICIO = datetime(2025, 6, 24, 15, 0, tzinfo=UTC)
ESPERA = timedelta(minutes=7)
# What a payment and its money leave written.
_DE_DINERO = ("asiento", "recaudo", "reversion", "evento_factura", "evento_pago", "caso", "pago_factura")
QUE = st.sampled_from(["exacto", "exacto", "exacto", "exacto", "de_mas", "dolares"])
SALTOS = st.sampled_from([1, 8, 31, 95, 60 * 26, 60 * 24 * 31])


class Historia(DeUso, ArchivosDelBanco, Tesoreria):
    """One history. `correr.preparar` sets the portal; `contar_historias`, what is verified after each step."""

    portal: ClassVar[EnMemoria]
    cada_paso: ClassVar[Sequence[Invariante]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.portal.empezar()
        self.banco = Banco()
        self.portal.app.extensions["pasarela"] = self.banco
        self.auditor = Auditor()
        self.ahora = INICIO
        self.claves: list[tuple[str, int, tuple[int, ...]]] = []
        self.ventanillas = 0
        self._revisado = 0
        for una in db.session.scalars(select(Liquidacion).order_by(Liquidacion.id)):
            self.auditor.liquidada(una.facturas, una.fecha_limite)

    # What people do

    @initialize(cual=CUAL, cuales=SUBCONJUNTO)
    def empezar(self, cual: int, cuales: int) -> None:
        """Somebody is paying one of the two that are there already."""
        self.abrir(cual, cuales, "bien")

    @rule(asunto=st.sampled_from(ASUNTOS))
    @precondition(lambda self: len(self.auditor.estampillas) < 6)
    def liquidar(self, asunto: str) -> None:
        with transaccion():
            una = liquidar(asunto, str(len(self.auditor.estampillas)), self.ahora)
            self.auditor.liquidada(una.facturas, una.fecha_limite)

    @rule(cual=CUAL, cuales=SUBCONJUNTO, como=st.sampled_from(["bien", "bien", "bien", "rehusa", "se_pierde", "muere"]))
    def abrir(self, cual: int, cuales: int, como: str) -> None:
        """A payer chooses stamps and goes to the bank, and the gateway does `como`."""
        liquidacion_id, facturas = self._elegir(cual, cuales)
        clave = f"clave-{len(self.claves)}".ljust(20, "-")
        posible = all(self._pagable(f.id) for f in facturas)
        try:
            pago_id = self._abrir(liquidacion_id, [f.numero for f in facturas], clave)
        except TransicionNoPermitida:
            assert not posible, "a payment that was possible was refused"
            return
        assert posible, "a payment over something not owed was opened"
        self.claves.append((clave, liquidacion_id, tuple(f.numero for f in facturas)))
        self.auditor.abierto(pago_id, [f.id for f in facturas], self.ahora)
        self._enviar(pago_id, como)

    def _enviar(self, pago_id: int, como: str) -> None:
        self.banco.al_iniciar = como
        pago = db.session.get_one(Pago, pago_id)
        solicitud = borde.solicitud_de(pago, descripcion="Estampillas", url_retorno="http://localhost/pago")
        try:
            salio = self._en_hora(lambda: borde.enviar_a_pasarela(pago_id, solicitud))
        except Muerte:
            db.session.rollback()
            return
        assert salio is (como == "bien")
        intento = self.auditor.intentos[pago_id]
        intento.enviado = salio
        if not salio:
            self.auditor.terminado(intento, "no_pagado")

    @rule(cual=CUAL)
    @precondition(lambda self: self.claves)
    def abrir_otra_vez(self, cual: int) -> None:
        """A double click, or the form sent again: the same attempt."""
        clave, liquidacion_id, numeros = self.claves[cual % len(self.claves)]
        assert self._abrir(liquidacion_id, numeros, clave) in self.auditor.intentos
        assert db.session.scalar(select(func.count(Pago.id))) == len(self.auditor.intentos)

    @rule(cual=CUAL)
    @precondition(lambda self: len(self.claves) > 1 and not any(e.anulada for e in self.auditor.estampillas.values()))
    def dejar_sin_efecto(self, cual: int) -> None:
        liquidacion_id, facturas = self._elegir(cual, 7)
        suyas = [self.auditor.estampillas[f.id] for f in facturas]
        try:
            with transaccion():
                oficial = db.session.scalars(select(Usuario).where(Usuario.rol == Rol.RENTAS)).one()
                sin_efecto.dejar_sin_efecto(
                    liquidacion_id, motivo="Valor equivocado", usuario=oficial, ahora=self.ahora
                )
        except TransicionNoPermitida:
            assert any(e.palabra != "liquidada" for e in suyas)
            return
        assert all(e.palabra == "liquidada" for e in suyas)
        for estampilla in suyas:
            estampilla.anulada = True

    @rule(cual=CUAL, cuales=SUBCONJUNTO, como=st.sampled_from(["exacto", "exacto", "de_mas", "dolares", "sin_dueno"]))
    @precondition(lambda self: self.ventanillas < 4)
    def pagar_en_ventanilla(self, cual: int, cuales: int, como: str) -> None:
        _, facturas = self._elegir(cual, cuales)
        elegidas = [] if como == "sin_dueno" else facturas
        total = sum((f.valor for f in facturas), Decimal(0)) + (1 if como == "de_mas" else 0)
        self.ventanillas += 1
        transaccion_, moneda = f"linea{self.ventanillas}", "USD" if como == "dolares" else "COP"
        credito = self._credito(transaccion_, total, moneda)
        with transaccion():
            recaudos.recaudar(credito, [recaudos.cubierta_de(f) for f in elegidas], ahora=self.ahora)
        estampillas = [self.auditor.estampillas[f.id] for f in elegidas]
        self.auditor.en_ventanilla(transaccion_, total, moneda, estampillas)

    @rule(cual=CUAL)
    @precondition(lambda self: self.ventanillas)
    def repetir_ventanilla(self, cual: int) -> None:
        """The same line of the bank's file again."""
        _, facturas = self._elegir(cual, 1)
        credito = self._credito(f"linea{cual % self.ventanillas + 1}", facturas[0].valor, "COP")
        try:
            with transaccion():
                recaudos.recaudar(credito, [recaudos.cubierta_de(facturas[0])], ahora=self.ahora)
        except IntegrityError:
            return
        raise AssertionError("a credit was recorded twice")

    @rule(cual=CUAL)
    @precondition(lambda self: self.auditor.ingresos)
    def revertir_por_el_banco(self, cual: int) -> None:
        """The bank tells, by itself, that it took a credit back; it may tell it again."""
        ingreso = self.auditor.ingreso(cual)
        with transaccion():
            recaudo = recaudos.recaudo_de(ingreso.pasarela, ingreso.transaccion)
            assert recaudo is not None
            hecha = reversiones.revertir(
                recaudo.id, causa=CausaReversion.BANCO, motivo="Cheque devuelto", ahora=self.ahora
            )
        assert (hecha is None) is ingreso.devuelto
        self.auditor.devolver(ingreso)

    # What the payer does at the bank, and what the bank decides

    @rule(
        cual=CUAL,
        que=QUE,
        estado=st.sampled_from([*FINALES[:2], *[EstadoPasarela.PENDIENTE, EstadoPasarela.APROBADO] * 2]),
    )
    @precondition(lambda self: self.banco.sesiones)
    def debitar(self, cual: int, que: str, estado: EstadoPasarela) -> None:
        """The payer sends a debit to a bank, which decides at once or leaves it pending."""
        sesion = self._sesion(cual)
        if len(sesion.debitos) == 3:
            return
        valor = sesion.total + (1 if que == "de_mas" else 0)
        cual = self.banco.debitar(sesion, valor, "USD" if que == "dolares" else "COP")
        if estado is not EstadoPasarela.PENDIENTE:
            self.banco.decidir(sesion, cual, estado)

    @rule(cual=CUAL, estado=st.sampled_from([EstadoPasarela.APROBADO, *FINALES[:2]]))
    @precondition(lambda self: self._abiertos())
    def decidir(self, cual: int, estado: EstadoPasarela) -> None:
        """The bank decides what was pending, or takes back what it had approved."""
        debitos = self._abiertos()
        sesion, n = debitos[cual % len(debitos)]
        pendiente = sesion.debitos[n].estado is EstadoPasarela.PENDIENTE
        self.banco.decidir(sesion, n, estado if pendiente else EstadoPasarela.REVERTIDO)

    @rule(cual=CUAL, final=st.sampled_from(FINALES))
    @precondition(lambda self: self.banco.sesiones)
    def cerrar_sesion(self, cual: int, final: EstadoPasarela) -> None:
        sesion = self._sesion(cual)
        if sesion.final is None:
            self.banco.cerrar(sesion, final)

    # How the portal comes to know

    @rule(cual=CUAL, caida=st.booleans() | st.just(False))
    @precondition(lambda self: self.auditor.intentos)
    def volver(self, cual: int, caida: bool) -> None:
        """The payer, or treasury, looks at the payment's page."""
        self.banco.caida = caida
        intentos = sorted(self.auditor.intentos)
        self._preguntar(intentos[cual % len(intentos)], Causa.RETORNO)

    @rule(cual=CUAL, muere=st.booleans())
    @precondition(lambda self: self.banco.sesiones)
    def notificar(self, cual: int, muere: bool) -> None:
        """The gateway sends a notification; the process that stored it may die before asking."""
        self.banco.caida = False
        self._notificar(self._sesion(cual), muere)

    @rule(cual=CUAL, vieja=CUAL, ajena=st.booleans() | st.just(False))
    @precondition(lambda self: self.banco.sesiones)
    def llega_una_respuesta_vieja(self, cual: int, vieja: int, ajena: bool) -> None:
        """An answer that was on its way for long is applied after newer ones; one about another payment moves nothing."""
        sesion = self._sesion(cual)
        dicho = sesion.historia[vieja % len(sesion.historia)]
        pago_id = self._pago_de(sesion)
        if ajena:
            dicho = replace(dicho, referencia=f"{dicho.referencia}X")
        with transaccion():
            resultados.aplicar_resultado(pago_id, dicho, causa=Causa.SONDA, espera=ESPERA, ahora=self.ahora)
        if not ajena:
            self.auditor.contar(pago_id, dicho)

    @rule(caida=st.booleans() | st.just(False))
    def sondear(self, caida: bool) -> None:
        self.banco.caida = caida
        self._sondear()

    @rule(minutos=SALTOS)
    def pasa_el_tiempo(self, minutos: int) -> None:
        self.ahora += timedelta(minutes=minutos)

    def check_invariants(self, *args: Any, **kwargs: Any) -> None:
        """After each step that wrote something."""
        super().check_invariants(*args, **kwargs)
        escrito = self.portal.escrito()
        if escrito != self._revisado:
            self.auditor.revisar()
            verificar(self.cada_paso)
            self._revisado = escrito

    def teardown(self) -> None:
        """A quiet time: the bank decides what is pending, the gateway answers, everything is asked, and it converges."""
        verificar(self.cada_paso)
        self.banco.caida = False
        for sesion in self.banco.sesiones:
            for n, debito in enumerate(sesion.debitos):
                if debito.estado is EstadoPasarela.PENDIENTE:
                    self.banco.decidir(
                        sesion, n, (EstadoPasarela.APROBADO, EstadoPasarela.RECHAZADO)[int(debito.id) % 2]
                    )
            if sesion.final is None:
                self.banco.cerrar(sesion, EstadoPasarela.VENCIDO)
        self.ahora += timedelta(days=2)
        self._sondear()
        for sesion in self.banco.sesiones:
            self._notificar(sesion, muere=False)
        self.auditor.revisar()
        verificar(TODAS if self.cada_paso else RAPIDAS)
        self._convergio()
        if self.cada_paso:
            self._nada_mas_cambia()

    def _nada_mas_cambia(self) -> None:
        antes = self._cuantas_filas()
        for pago_id in self.auditor.intentos:
            self._preguntar(pago_id, Causa.SONDA)
        self.auditor.revisar()
        assert self._cuantas_filas() == antes, "asking again changed something"

    def _convergio(self) -> None:
        """Nothing is left alive except where money that is not ours to read waits in an open case."""
        en_caso = set(db.session.scalars(select(Caso.recaudo_id).where(Caso.cerrado_en.is_(None))))
        for intento in self.auditor.intentos.values():
            if intento.estado == "vivo":
                suyos = [i for i in self.auditor.ingresos.values() if i.intento is intento and not i.devuelto]
                assert suyos, f"the attempt {intento.id} never ends"
                for ingreso in suyos:
                    assert recaudos.recaudo_de(ingreso.pasarela, ingreso.transaccion).id in en_caso
        vivos = {e.id for e in self.auditor.estampillas.values() if e.palabra == "en_verificacion"}
        retenidas = select(Factura.id).where(Factura.estado == EstadoFactura.EN_VERIFICACION)
        assert set(db.session.scalars(retenidas)) == vivos
        sabidos = {d.id for s in self.banco.sesiones for d in s.debitos if d.estado in ("aprobado", "revertido")}
        recaudados = set(db.session.scalars(select(Recaudo.transaccion).where(Recaudo.canal == CanalRecaudo.PSE)))
        assert recaudados == sabidos, "a peso was lost or invented"
        assert not db.session.scalars(select(Notificacion.id).where(Notificacion.atendida_en.is_(None))).all()

    def _cuantas_filas(self) -> list[int]:
        db.session.rollback()
        leer = db.session.connection().exec_driver_sql
        return [leer(f"SELECT count(*) FROM {tabla}").scalar_one() for tabla in _DE_DINERO]

    # How each rule does it

    @property
    def hoy(self) -> Any:
        return self.ahora.astimezone(BOGOTA).date()

    def _en_hora(self, hacer: Callable[[], Any]) -> Any:
        """Do something at the portal's doors at this history's hour; the auditor hears what the gateway answered."""
        self.banco.contestado.clear()
        try:
            with time_machine.travel(self.ahora, tick=False):
                return hacer()
        finally:
            db.session.rollback()
            for sesion, dicho in self.banco.contestado:
                self.auditor.contar(self._pago_de(sesion), dicho)

    def _elegir(self, cual: int, cuales: int) -> tuple[int, list[Factura]]:
        """A liquidación and some of its facturas, at least one."""
        db.session.rollback()
        todas = db.session.scalars(select(Liquidacion).order_by(Liquidacion.id)).all()
        una = todas[cual % len(todas)]
        elegidas = [f for n, f in enumerate(una.facturas) if cuales >> n & 1]
        return una.id, elegidas or list(una.facturas)

    def _abrir(self, liquidacion_id: int, numeros: Sequence[int], clave: str) -> int:
        with transaccion():
            pago = pagos.abrir_pago(
                liquidacion_id,
                numeros,
                fabricas.PAGADOR,
                clave=clave,
                puerta=fabricas.PUERTA,
                espera=ESPERA,
                ahora=self.ahora,
                hoy=self.hoy,
            )
            return pago.id

    def _pagable(self, factura_id: int) -> bool:
        estampilla = self.auditor.estampillas[factura_id]
        return estampilla.palabra == "revertida" or (
            estampilla.palabra == "liquidada" and self.hoy <= estampilla.limite
        )

    @staticmethod
    def _credito(transaccion_: str, valor: Decimal, moneda: str) -> recaudos.Credito:
        return recaudos.Credito(CanalRecaudo.VENTANILLA, "banco", transaccion_, "banco:0849", valor, moneda)

    def _sesion(self, cual: int) -> Sesion:
        return self.banco.sesiones[cual % len(self.banco.sesiones)]

    def _pago_de(self, sesion: Sesion) -> int:
        return db.session.scalars(select(Pago.id).where(Pago.referencia == sesion.referencia)).one()

    def _abiertos(self) -> list[tuple[Sesion, int]]:
        """Debits about which the bank may still say something."""
        abiertos = (EstadoPasarela.PENDIENTE, EstadoPasarela.APROBADO)
        return [(s, n) for s in self.banco.sesiones for n, d in enumerate(s.debitos) if d.estado in abiertos]

    def _preguntar(self, pago_id: int, causa: Causa) -> None:
        self._en_hora(lambda: borde.preguntar_a_pasarela(pago_id, causa))

    def _notificar(self, sesion: Sesion, muere: bool) -> None:
        cuerpo = f"{sesion.id}|{sesion.referencia}|{sesion.estado}".encode()
        with transaccion():
            aviso = self.banco.interpretar_notificacion({}, cuerpo)
            notificacion_id = notificaciones.guardar("placetopay", cuerpo, aviso, self.ahora)
        if not muere:
            assert self._en_hora(lambda: borde.atender_notificacion(notificacion_id, sesion.id))

    def _sondear(self) -> None:
        self._en_hora(una_ronda)
        self._casar()
        for intento in self.auditor.intentos.values():
            if intento.estado == "vivo" and not intento.enviado and intento.creado_en + ESPERA <= self.ahora:
                self.auditor.terminado(intento, "no_pagado")
