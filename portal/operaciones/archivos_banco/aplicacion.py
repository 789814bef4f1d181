"""Doing what the plan of a file says: one line, its movement, and the credit, the transfer, the reversal or the case of it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import case, func, select

from portal.db import Pesos, db
from portal.dominio.asobancaria import DetalleRecaudo
from portal.dominio.casos import ClaseCaso
from portal.dominio.libro import ClaseAsiento, Partida, de_banco, de_pasarela
from portal.dominio.movimientos import DE_VENTANILLA, DESENLACES, CanalMovimiento, ResultadoMovimiento
from portal.models import ArchivoBanco, Asiento, MovimientoBanco, Recaudo, Reversion
from portal.models.pago import CanalRecaudo, CausaReversion, ClaseRecaudo
from portal.operaciones import casos, reversiones
from portal.operaciones.archivos_banco.fuentes import mediodia
from portal.operaciones.archivos_banco.lectura import Convenio
from portal.operaciones.archivos_banco.plan import Renglon
from portal.operaciones.libro import asentar
from portal.operaciones.recaudos import Credito, Cubierta, Recaudado, recaudar

_R = ResultadoMovimiento
# Who confirmed a credit that a line of the bank's file brought.
PASARELA = "banco"
_CLASES = {
    _R.LEGALIZADO: ClaseRecaudo.APLICADO,
    _R.LEGALIZADO_TARDE: ClaseRecaudo.APLICADO,
    _R.VALOR_DISTINTO: ClaseRecaudo.VALOR_DISTINTO,
    _R.YA_PAGADA: ClaseRecaudo.DOBLE,
    _R.SIN_EFECTO: ClaseRecaudo.DOBLE,
    _R.NO_PAGABLE: ClaseRecaudo.DOBLE,
    _R.REFERENCIA_DESCONOCIDA: ClaseRecaudo.SIN_IDENTIFICAR,
}


class Aplicador:
    """Applies the lines of one file, payments first: a return may take back a payment of the same file."""

    def __init__(self, archivo: ArchivoBanco, convenio: Convenio, ahora: datetime) -> None:
        self._archivo = archivo
        self._codigo = convenio.cuenta_del_libro(archivo.cuenta)
        self._cuenta = de_banco(self._codigo)
        self._ahora = ahora
        self._por_llave: dict[str, int] = {}

    def aplicar(self, renglon: Renglon) -> bool:
        """Do what the line says and write its movement; False when the portal does not answer as the plan said."""
        recaudo_id: int | None = None
        reversion: Reversion | None = None
        if renglon.resultado in DE_VENTANILLA:
            recaudado = self._recaudar(renglon)
            if recaudado.clase is not _CLASES[renglon.resultado]:
                return False
            recaudo_id = recaudado.id
        elif renglon.resultado is _R.PSE_TRASLADADO:
            recaudo_id = renglon.recaudo_id
            trasladar(db.session.get_one(Recaudo, recaudo_id), self._cuenta, self._ahora)
        elif renglon.resultado is _R.REVERTIDO:
            reversion = self._revertir(renglon)
            if reversion is None:
                return False
        elif renglon.resultado is _R.REVERTIDO_ANTES:
            self._sacar(renglon)
        else:
            self._avisar(renglon)
        self._anotar(renglon, recaudo_id, reversion)
        return True

    def _recaudar(self, renglon: Renglon) -> Recaudado:
        detalle, factura = renglon.detalle, renglon.factura
        credito = Credito(
            canal=CanalRecaudo.VENTANILLA,
            pasarela=PASARELA,
            transaccion=renglon.llave,
            entra=self._cuenta,
            valor=detalle.valor,
            banco=self._archivo.banco,
            autorizacion=_dicho(detalle.autorizacion),
            fecha_banco=mediodia(self._archivo.dia),
        )
        cubiertas = [Cubierta(factura.id, factura.estampilla, factura.valor)] if factura else []
        aplicable = renglon.resultado is not _R.NO_PAGABLE
        recaudado = recaudar(credito, cubiertas, ahora=self._ahora, aplicable=aplicable)
        self._por_llave[renglon.llave] = recaudado.id
        if renglon.resultado is _R.LEGALIZADO_TARDE and factura is not None:
            casos.abrir(
                ClaseCaso.PAGO_TARDIO,
                f"recaudo:{recaudado.id}",
                ahora=self._ahora,
                recaudo_id=recaudado.id,
                factura_id=factura.id,
                detalle={"limite": factura.fecha_limite.isoformat(), "recaudado": self._archivo.dia.isoformat()},
            )
        return recaudado

    def _revertir(self, renglon: Renglon) -> Reversion | None:
        recaudo_id = renglon.recaudo_id or self._por_llave[renglon.de_llave or ""]
        motivo = f"El banco lo informó devuelto: archivo {self._archivo.numero}, línea {renglon.detalle.linea}."
        reversion = reversiones.revertir(recaudo_id, causa=CausaReversion.BANCO, motivo=motivo, ahora=self._ahora)
        self._sacar(renglon)
        return reversion

    def _sacar(self, renglon: Renglon) -> None:
        """What had reached the account and the bank took out of it: the gateway has to answer for it again."""
        if renglon.canal is not CanalMovimiento.PSE or renglon.recaudo_id is None:
            return
        recaudo = db.session.get_one(Recaudo, renglon.recaudo_id)
        en_la_cuenta = func.sum(
            case((Asiento.debe == self._cuenta, Asiento.valor), else_=-Asiento.valor), type_=Pesos()
        )
        trasladado = db.session.scalar(
            select(en_la_cuenta).where(Asiento.recaudo_id == recaudo.id, Asiento.clase == ClaseAsiento.TRASLADO)
        )
        if trasladado and trasladado > Decimal(0):
            contrario = Partida(
                ClaseAsiento.TRASLADO,
                debe=de_pasarela(recaudo.pasarela),
                haber=self._cuenta,
                valor=recaudo.valor,
                origen=f"recaudo:{recaudo.id}:traslado:devuelto",
                recaudo_id=recaudo.id,
            )
            asentar([contrario], ahora=self._ahora)

    def _avisar(self, renglon: Renglon) -> None:
        assert renglon.resultado is not None, "a line that is new has an outcome"
        cola = DESENLACES[renglon.resultado].cola
        if cola is not None:
            casos.abrir(
                cola,
                clave_del_caso(renglon.llave),
                ahora=self._ahora,
                recaudo_id=renglon.recaudo_id,
                detalle={
                    "archivo": self._archivo.numero,
                    "linea": renglon.detalle.linea,
                    "resultado": renglon.resultado.value,
                },
            )

    def _anotar(self, renglon: Renglon, recaudo_id: int | None, reversion: Reversion | None) -> None:
        detalle: DetalleRecaudo = renglon.detalle
        db.session.add(
            MovimientoBanco(
                llave=renglon.llave,
                cuenta=self._codigo,
                dia=self._archivo.dia,
                referencia=detalle.referencia,
                valor=detalle.valor,
                canal=renglon.canal,
                devuelta=detalle.devuelto,
                archivo_id=self._archivo.id,
                linea=detalle.linea,
                cus=renglon.cus,
                autorizacion=_dicho(detalle.autorizacion),
                operacion=_dicho(detalle.operacion),
                recaudo_id=recaudo_id,
                reversion_id=reversion.id if reversion else None,
                resultado=renglon.resultado,
                registrado_en=self._ahora,
            )
        )


def trasladar(recaudo: Recaudo, cuenta: str, ahora: datetime) -> None:
    """The money of a gateway's credit reached an account of the bank, given by its name in the ledger. Once per credit."""
    traslado = Partida(
        ClaseAsiento.TRASLADO,
        debe=cuenta,
        haber=de_pasarela(recaudo.pasarela),
        valor=recaudo.valor,
        origen=f"recaudo:{recaudo.id}:traslado",
        recaudo_id=recaudo.id,
    )
    asentar([traslado], ahora=ahora)


def clave_del_caso(llave: str) -> str:
    """What names the case of a line within its queue."""
    return f"movimiento:{llave}"


def _dicho(codigo: str) -> str | None:
    """A code of the bank; zeros say nothing."""
    return codigo if codigo.strip("0") else None
