"""Who keeps the account apart: what the bank took and gave back, what the portal was told, and what it must show for it.

It shares no code with the portal's operations; it reads their tables only to compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.db import db
from portal.models import Factura
from portal.operaciones import verificacion
from portal.operaciones.normativa import verificar as verificar_normativa
from portal.pasarelas.base import EstadoPasarela, ResultadoPasarela
from tests.cuadre import en_duda
from tests.maquina.banco import CONFIRMADOS, FINALES

# Looking through every amount of every table is slow, and the rules never change here.
_LENTAS = ("I-01", "I-18")
RAPIDAS = [i for i in verificacion.INVARIANTES if i.codigo not in _LENTAS]
TODAS = [i for i in verificacion.INVARIANTES if i.quiebres is not verificar_normativa]
_INGRESOS = """SELECT pasarela, transaccion, valor, moneda, aplicado, reversion.id IS NOT NULL
    FROM recaudo LEFT JOIN reversion ON reversion.recaudo_id = recaudo.id"""
_FACTURAS = "SELECT id, estado FROM factura"
_PAGOS = "SELECT id, estado FROM pago"
_ORDENES = "SELECT id, estado FROM orden_tesoreria ORDER BY id"
_USOS = "SELECT factura_id FROM adhesion_factura WHERE viva"
_SALDOS = """SELECT cuenta, sum(pesos) FROM
    (SELECT debe AS cuenta, valor AS pesos FROM asiento UNION ALL SELECT haber, -valor FROM asiento) GROUP BY cuenta"""
# How an attempt ended, without the gateway's nuances.
_GRUESO = {
    "creado": "vivo",
    "enviado": "vivo",
    "pendiente": "vivo",
    "aprobado": "aprobado",
    "rechazado": "no_pagado",
    "fallido": "no_pagado",
    "vencido": "no_pagado",
}


@dataclass
class Estampilla:
    """What the auditor knows of one factura."""

    id: int
    codigo: str
    valor: Decimal
    limite: date
    por: "Ingreso | None" = None
    fue_revertida: bool = False
    anulada: bool = False
    retenida_por: "Intento | None" = None
    uso: "Uso | None" = None

    @property
    def usada(self) -> bool:
        """Whether an adhesion of it stands, whatever the bank did with its money."""
        return self.uso is not None and self.uso.en_pie

    @property
    def se_debe(self) -> bool:
        """Whether money that came may pay it, late or while another attempt is at the bank too."""
        return self.valor > 0 and not (self.por or self.anulada)

    @property
    def palabra(self) -> str:
        """The state that it must be in."""
        if self.anulada:
            return "sin_efecto"
        if self.por or self.valor == 0:
            return "utilizada" if self.usada else "legalizada"
        if self.retenida_por:
            return "en_verificacion"
        return "revertida" if self.fue_revertida else "liquidada"


@dataclass
class Ingreso:
    """Money that left a payer's account and that the portal was told of."""

    pasarela: str
    transaccion: str
    entra: str
    valor: Decimal
    moneda: str
    exacto: bool
    identificado: bool
    intento: "Intento | None"
    paga: list[Estampilla] = field(default_factory=list)
    # Stamps that two people put its waiting money on.
    pagadas_despues: list[Estampilla] = field(default_factory=list)
    devuelto: bool = False
    # The account of the bank that its money was seen to reach, having come through a gateway.
    llego_a: str = ""

    @property
    def aplicado(self) -> Decimal:
        return sum((e.valor for e in self.paga), Decimal(0))

    @property
    def en_su_caso(self) -> bool:
        """Whether its case, that of a wrong amount, is still open: until its pesos are used; nobody closes another by hand."""
        return self.moneda != "COP" or self.devuelto or self.espera > 0

    @property
    def espera(self) -> Decimal:
        """What of it nobody has used, in pesos: the ledger knows no other money."""
        despues = sum((e.valor for e in self.pagadas_despues), Decimal(0))
        return Decimal(0) if self.devuelto or self.moneda != "COP" else self.valor - self.aplicado - despues


@dataclass
class Intento:
    """One attempt to pay: alive until the portal is told how it ended."""

    id: int
    cubre: list[Estampilla]
    creado_en: datetime
    # Whether the portal knows the gateway's name for it, so that it can be asked about.
    enviado: bool = False
    estado: str = "vivo"

    @property
    def total(self) -> Decimal:
        return sum((e.valor for e in self.cubre), Decimal(0))


@dataclass
class Orden:
    """What one of treasury's two people proposed: stamps to legalise with a slip of the bank or with the waiting money of a
    credit (`aplica`), or a credit to undo."""

    quien: int
    legaliza: list[Estampilla]
    revierte: Ingreso | None
    comprobante: str = ""
    aplica: Ingreso | None = None
    estado: str = "propuesta"
    # What the portal called it when it took it in.
    id: int = 0
    clave: str = ""

    @property
    def cabe(self) -> bool:
        """Whether the money is still as it was when it was proposed."""
        if self.revierte is not None:
            return not self.revierte.devuelto
        alcanza = self.aplica is None or self.aplica.espera >= sum((e.valor for e in self.legaliza), Decimal(0))
        return alcanza and all(e.se_debe for e in self.legaliza)


@dataclass
class Uso:
    """An act that some stamps were attached to, by one of the two officials, on a Colombian day."""

    clave: str
    liquidacion_id: int
    estampillas: list[Estampilla]
    quien: int
    dia: date
    en_pie: bool = True


class Auditor:
    """`contar` when the portal is told something; `revisar` afterwards. Both speak of the same facts in the same order."""

    def __init__(self) -> None:
        self.estampillas: dict[int, Estampilla] = {}
        self.intentos: dict[int, Intento] = {}
        self.ingresos: dict[tuple[str, str], Ingreso] = {}
        self.ordenes: list[Orden] = []
        self.usos: list[Uso] = []

    def ingreso(self, cual: int) -> Ingreso:
        """One of those that there are."""
        claves = sorted(self.ingresos)
        return self.ingresos[claves[cual % len(claves)]]

    def en_uso(self, comprobante: str) -> bool:
        """Whether an order that nobody rejected has that slip."""
        return any(o.comprobante == comprobante and o.estado != "rechazada" for o in self.ordenes)

    def liquidada(self, facturas: Sequence[Factura], limite: date) -> None:
        self.estampillas |= {f.id: Estampilla(f.id, f.estampilla, f.valor, limite) for f in facturas}

    def abierto(self, pago_id: int, factura_ids: Sequence[int], ahora: datetime) -> None:
        intento = Intento(pago_id, [self.estampillas[i] for i in factura_ids], ahora)
        self.intentos[pago_id] = intento
        for estampilla in intento.cubre:
            estampilla.retenida_por = intento

    def usar(self, uso: Uso) -> None:
        self.usos.append(uso)
        for estampilla in uso.estampillas:
            estampilla.uso = uso

    def terminado(self, intento: Intento, estado: str) -> None:
        intento.estado = estado
        for estampilla in self.estampillas.values():
            if estampilla.retenida_por is intento:
                estampilla.retenida_por = None

    def contar(self, pago_id: int, dicho: ResultadoPasarela) -> None:
        """The gateway's answer about an attempt reached the portal."""
        intento = self.intentos[pago_id]
        intento.enviado = True
        nuevos = []
        for debito in sorted(dicho.transacciones, key=lambda d: d.id):
            clave = ("placetopay", debito.id)
            if debito.estado in CONFIRMADOS and clave not in self.ingresos:
                exacto = debito.valor == intento.total and debito.moneda == "COP"
                ingreso = Ingreso(
                    *clave,
                    "pasarela:placetopay",
                    debito.valor,
                    debito.moneda,
                    exacto,
                    identificado=True,
                    intento=intento,
                )
                self._ingresar(ingreso, intento.cubre)
                nuevos.append(ingreso)
            if debito.estado is EstadoPasarela.REVERTIDO:
                self.devolver(self.ingresos[clave])
        suyos = [i for i in self.ingresos.values() if i.intento is intento]
        if any(i.exacto for i in nuevos):
            self.terminado(intento, "aprobado")
        elif intento.estado == "vivo" and all(i.devuelto for i in suyos) and _acabo(dicho, bool(suyos)):
            self.terminado(intento, "no_pagado")

    def en_ventanilla(
        self,
        transaccion: str,
        valor: Decimal,
        moneda: str,
        estampillas: Sequence[Estampilla],
        *,
        entra: str = "banco:0849",
    ) -> None:
        """Somebody paid at the bank's window."""
        total = sum((e.valor for e in estampillas), Decimal(0))
        exacto = bool(estampillas) and valor == total and moneda == "COP"
        ingreso = Ingreso(
            "banco", transaccion, entra, valor, moneda, exacto, identificado=bool(estampillas), intento=None
        )
        self._ingresar(ingreso, estampillas)

    def _ingresar(self, ingreso: Ingreso, estampillas: Sequence[Estampilla]) -> None:
        self.ingresos[ingreso.pasarela, ingreso.transaccion] = ingreso
        otro = any(i.paga for i in self.ingresos.values() if i.intento is ingreso.intento is not None)
        if ingreso.exacto and not otro:
            ingreso.paga = [e for e in estampillas if not (e.por or e.anulada)]
            for estampilla in ingreso.paga:
                estampilla.por = ingreso

    def devolver(self, ingreso: Ingreso) -> None:
        """The bank took it back; told again, nothing more happens."""
        if ingreso.devuelto:
            return
        ingreso.devuelto = True
        for estampilla in (*ingreso.paga, *ingreso.pagadas_despues):
            estampilla.por, estampilla.fue_revertida = None, True

    def resuelta(self, orden: Orden, *, aprueba: bool) -> None:
        """What two people agreed to happens, whole; what one of them rejected never does."""
        orden.estado = "aprobada" if aprueba else "rechazada"
        if not aprueba:
            return
        if orden.revierte is not None:
            self.devolver(orden.revierte)
            return
        if orden.aplica is not None:
            self._aplicar(orden.aplica, orden.legaliza)
            return
        total = sum((e.valor for e in orden.legaliza), Decimal(0))
        ingreso = Ingreso(
            "tesoreria", orden.clave, "legalizacion_manual", total, "COP", exacto=True, identificado=True, intento=None
        )
        self._ingresar(ingreso, orden.legaliza)

    def _aplicar(self, ingreso: Ingreso, estampillas: Sequence[Estampilla]) -> None:
        for estampilla in estampillas:
            estampilla.por = ingreso
            ingreso.pagadas_despues.append(estampilla)
        intento = ingreso.intento
        # An attempt that the bank charged wrongly is held by that money: all of it used, nothing holds it.
        if intento is not None and intento.estado == "vivo" and not ingreso.espera and not ingreso.exacto:
            suyos = [i for i in self.ingresos.values() if i.intento is intento and not i.exacto]
            if not any(i.en_su_caso for i in suyos):
                self.terminado(intento, "no_pagado")

    def revisar(self) -> None:
        """Every row that speaks of money says what this account says. Read as it lies in the tables, by nobody's models."""
        db.session.rollback()
        leer = db.session.connection().exec_driver_sql
        self._revisar_ingresos(leer(_INGRESOS).all())
        self._revisar_estados(leer(_FACTURAS).all(), leer(_PAGOS).all())
        assert leer(_ORDENES).all() == [(o.id, o.estado) for o in self.ordenes]
        self._revisar_libro(leer(_SALDOS).all())
        assert sorted(i for (i,) in leer(_USOS)) == sorted(e.id for e in self.estampillas.values() if e.usada)
        db.session.rollback()

    def _revisar_ingresos(self, hallados: Sequence[Any]) -> None:
        esperados = sorted(
            (i.pasarela, i.transaccion, int(i.valor * 100), i.moneda, int(i.aplicado * 100), int(i.devuelto))
            for i in self.ingresos.values()
        )
        assert sorted(map(tuple, hallados)) == esperados

    def _revisar_estados(self, facturas: Sequence[Any], pagos: Sequence[Any]) -> None:
        assert {i: estado for i, estado in facturas} == {e.id: e.palabra for e in self.estampillas.values()}
        assert {i: _GRUESO[estado] for i, estado in pagos} == {i.id: i.estado for i in self.intentos.values()}

    def _revisar_libro(self, saldos: Sequence[Any]) -> None:
        cuentas: dict[str, Decimal] = {}
        for ingreso in self.ingresos.values():
            if ingreso.llego_a:
                for cuenta, pesos in ((ingreso.llego_a, ingreso.valor), (ingreso.entra, -ingreso.valor)):
                    cuentas[cuenta] = cuentas.get(cuenta, Decimal(0)) + pesos
            if ingreso.moneda != "COP" or ingreso.devuelto:
                continue
            espera = "excedentes" if ingreso.identificado else "por_identificar"
            movimientos = [(ingreso.entra, ingreso.valor), (espera, -ingreso.espera)]
            movimientos += [(f"estampilla:{e.codigo}", -e.valor) for e in (*ingreso.paga, *ingreso.pagadas_despues)]
            for cuenta, pesos in movimientos:
                cuentas[cuenta] = cuentas.get(cuenta, Decimal(0)) + pesos
        hallado = {cuenta: centavos for cuenta, centavos in saldos if centavos}
        assert hallado == {cuenta: int(pesos * 100) for cuenta, pesos in cuentas.items() if pesos}
        assert sum(hallado.values()) == 0


def _acabo(dicho: ResultadoPasarela, hubo_dinero: bool) -> bool:
    """Whether the session ended, or was approved and whatever it took is back and nothing more is coming."""
    pendiente = any(d.estado is EstadoPasarela.PENDIENTE for d in dicho.transacciones)
    return dicho.estado in FINALES or (dicho.estado is EstadoPasarela.APROBADO and hubo_dinero and not pendiente)


def verificar(invariantes: Sequence[verificacion.Invariante]) -> None:
    """The portal's own invariants hold."""
    for invariante in en_duda(invariantes):
        quiebres = list(invariante.quiebres())
        assert not quiebres, f"{invariante.codigo}: {quiebres}"
    db.session.rollback()
