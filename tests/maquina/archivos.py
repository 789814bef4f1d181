"""Rules of the bank's file: what was paid at the window, twice, or with a number of nobody's, and PSE money that arrives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import select

from portal.db import db, transaccion
from portal.models import Factura, MovimientoBanco, Recaudo, Usuario
from portal.models.usuario import Rol
from portal.operaciones.archivos_banco import importacion
from portal.operaciones.archivos_banco.importacion import ArchivoRepetido
from portal.pasarelas.base import TransaccionPasarela
from portal.web.reloj import BOGOTA
from tests.banco import CONVENIO, LIBRO, Pagado, archivo, por_pse
from tests.maquina.auditor import Auditor, Estampilla, Ingreso
from tests.maquina.banco import CONFIRMADOS, Banco
from tests.maquina.tesoreria import CUAL, SUBCONJUNTO

LINEAS = st.lists(st.sampled_from(["exacta", "de_mas", "ajena", "pse", "pse", "pse"]), min_size=1, max_size=3)
# Days around a line within which its credit may have been confirmed.
ANTES, DESPUES = timedelta(days=10), timedelta(days=3)


@dataclass
class Linea:
    """One payment of a file: at the window over a stamp or over nothing that we know, or of a debit by PSE."""

    pagado: Pagado
    estampilla: Estampilla | None = None
    debito: TransaccionPasarela | None = None


class ArchivosDelBanco(RuleBasedStateMachine):
    """What of a history only the bank's file does. The history says which facturas, and what time it is."""

    auditor: Auditor
    banco: Banco
    ahora: datetime
    hoy: date

    def __init__(self) -> None:
        super().__init__()
        self.importados: list[bytes] = []
        self.lineas = 0
        # PSE lines that no credit of the portal explains yet, with the day of their file.
        self.esperan: list[tuple[TransaccionPasarela, date]] = []

    def _elegir(self, cual: int, cuales: int) -> tuple[int, list[Factura]]:
        raise NotImplementedError

    @rule(cual=CUAL, cuales=SUBCONJUNTO, clases=LINEAS, otra_vez=st.sampled_from(["", "", "igual", "reenviado"]))
    @precondition(lambda self: len(self.importados) < 3)
    def importar_archivo(self, cual: int, cuales: int, clases: Sequence[str], otra_vez: str) -> None:
        """Treasury imports a file of today; perhaps again, as it was or with another modifier."""
        lineas = [linea for clase in clases if (linea := self._linea(clase, cual, cuales))]
        if not lineas:
            return
        pagados = [linea.pagado for linea in lineas]
        contenido = archivo(pagados, dia=self.hoy)
        archivo_id = self._importar(contenido)
        self.importados.append(contenido)
        llaves = db.session.scalars(
            select(MovimientoBanco.llave)
            .where(MovimientoBanco.archivo_id == archivo_id)
            .order_by(MovimientoBanco.linea)
        ).all()
        for linea, llave in zip(lineas, llaves, strict=True):
            self._contar(linea, llave)
        db.session.rollback()
        if otra_vez:
            self._repetir(contenido if otra_vez == "igual" else archivo(pagados, dia=self.hoy, modificador="B"))

    @rule(cual=CUAL)
    @precondition(lambda self: self.importados)
    def importar_otra_vez(self, cual: int) -> None:
        """A file that was imported, days later: nothing is new in it."""
        self._repetir(self.importados[cual % len(self.importados)])

    def _repetir(self, contenido: bytes) -> None:
        try:
            self._importar(contenido)
        except ArchivoRepetido:
            return
        raise AssertionError("the lines of a file counted twice")

    def _importar(self, contenido: bytes) -> int:
        db.session.rollback()
        with transaccion():
            quien = db.session.scalars(select(Usuario).where(Usuario.rol == Rol.TESORERIA).order_by(Usuario.id)).first()
            assert quien is not None
            hecho = importacion.importar(
                contenido, nombre="banco.txt", convenio=CONVENIO, usuario=quien, ahora=self.ahora, hoy=self.hoy
            )
            return hecho.id

    def _linea(self, clase: str, cual: int, cuales: int) -> Linea | None:
        self.lineas += 1
        # Beyond what any debit is called.
        numero = 500_000 + self.lineas
        if clase == "pse":
            salidos = [
                d for s in self.banco.sesiones for d in s.debitos if d.estado in CONFIRMADOS and d.moneda == "COP"
            ]
            if not salidos:
                return None
            debito = salidos[cual % len(salidos)]
            return Linea(por_pse(debito.cus, debito.valor, numero), debito=debito)
        _, facturas = self._elegir(cual, cuales)
        factura = next((f for f in facturas if f.valor), None)
        if factura is None:
            return None
        valor = factura.valor + (1 if clase == "de_mas" else 0)
        if clase == "ajena":
            return Linea(Pagado(90_000_000 + self.lineas, valor, numero=numero))
        return Linea(Pagado(factura.numero, valor, numero=numero), self.auditor.estampillas[factura.id])

    def _contar(self, linea: Linea, llave: str) -> None:
        if linea.debito is not None:
            if not self._llega(linea.debito, self.hoy):
                self.esperan.append((linea.debito, self.hoy))
            return
        suyas = [linea.estampilla] if linea.estampilla else []
        self.auditor.en_ventanilla(llave, linea.pagado.valor, "COP", suyas, entra=LIBRO)

    def _llega(self, debito: TransaccionPasarela, dia: date) -> bool:
        """The bank shows money of PSE: it reaches the account once, if the portal knows of it about that day."""
        ingreso = self.auditor.ingresos.get(("placetopay", debito.id))
        if ingreso is None or not self._cerca(ingreso, dia):
            return False
        ingreso.llego_a = ingreso.llego_a or LIBRO
        return True

    @staticmethod
    def _cerca(ingreso: Ingreso, dia: date) -> bool:
        registrado = select(Recaudo.registrado_en).where(Recaudo.transaccion == ingreso.transaccion)
        suyo = db.session.scalars(registrado.where(Recaudo.pasarela == ingreso.pasarela)).one()
        return dia - ANTES <= suyo.astimezone(BOGOTA).date() <= dia + DESPUES

    def _casar(self) -> None:
        """After each round of the probe: what waited for the gateway's word and has it by now."""
        self.esperan = [(debito, dia) for debito, dia in self.esperan if not self._ya_se_explica(debito, dia)]

    def _ya_se_explica(self, debito: TransaccionPasarela, dia: date) -> bool:
        ingreso = self.auditor.ingresos.get(("placetopay", debito.id))
        return ingreso is not None and ingreso.llego_a == "" and self._llega(debito, dia)
