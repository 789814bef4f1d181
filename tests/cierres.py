"""What the tests of the daily close share: a day with payments that the gateway confirms again, and the bank's lines of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from portal.db import db, transaccion
from portal.dominio.asobancaria import Formato
from portal.dominio.cierre import dia_contable
from portal.dominio.movimientos import CanalMovimiento, ResultadoMovimiento
from portal.models import ArchivoBanco, MovimientoBanco, Pago, Recaudo, Usuario
from portal.models.usuario import Rol
from portal.operaciones import conciliacion
from portal.operaciones.consecutivos import tomar
from portal.operaciones.cuentas import plan_de
from portal.operaciones.resultados import Causa, aplicar_resultado
from portal.pasarelas.base import ResultadoPasarela
from tests import fabricas
from tests.fabricas import AHORA, ESPERA

PLAN = plan_de("putumayo")
CUENTA = "recaudo-estampillas"
DIA = dia_contable(None, AHORA)
MANANA = DIA + timedelta(days=1)
VENCIDO = DIA + timedelta(days=PLAN.dias_en_transito + 1)


def respuesta_de(uno: Pago, valor: int | None = None) -> ResultadoPasarela:
    """The gateway's yes to an attempt, with a transaction and a CUS of its own."""
    dicha = fabricas.respuesta(uno, transaccion=f"t{uno.id}", valor=None if valor is None else Decimal(valor))
    return replace(dicha, transacciones=(replace(dicha.transacciones[0], cus=f"90{uno.id:05d}"),))


def pagado(valores: tuple[int, ...] = (4000, 5000), *, confirmado: bool = True, valor: int | None = None) -> Pago:
    """A payment of `DIA` that the ledger has; `confirmado`, the gateway said it again when asked about the day."""
    uno = fabricas.pago(fabricas.liquidacion(valores))
    dicha = respuesta_de(uno, valor)
    with transaccion():
        aplicar_resultado(uno.id, dicha, causa=Causa.SONDA, espera=ESPERA, ahora=AHORA)
        if confirmado:
            conciliacion.guardar(uno.id, dicha, ahora=AHORA)
    return uno


def en_el_banco(
    referencia: str, valor: int, *, dia: date = MANANA, canal: CanalMovimiento = CanalMovimiento.PSE,
    recaudo_id: int | None = None, devuelta: bool = False, cuenta: str = CUENTA,
) -> None:  # fmt: skip
    """A line of the bank's file, alone in it, as its import writes it."""
    quien = tesorera()
    with transaccion():
        archivo = ArchivoBanco(
            numero=tomar("archivo_banco", 1)[0],
            huella=uuid4().hex,
            nombre="prueba.txt",
            formato=Formato.ASOBANCARIA_2001,
            banco="061",
            cuenta="7000000001",
            dia=dia,
            modificador="A",
            lineas=1,
            total=Decimal(valor),
            repetidas=0,
            valor_repetido=Decimal(0),
            contenido=b"prueba",
            usuario_id=quien.id,
            usuario_nombre=quien.nombre,
            importado_en=AHORA,
        )
        db.session.add(archivo)
        db.session.flush()
        db.session.add(
            MovimientoBanco(
                # The line of a counter's credit is known by the credit's own transaction.
                llave=db.session.get_one(Recaudo, recaudo_id).transaccion if recaudo_id else uuid4().hex,
                cuenta=cuenta,
                dia=dia,
                referencia=referencia,
                valor=Decimal(valor),
                canal=canal,
                devuelta=devuelta,
                archivo_id=archivo.id,
                linea=1,
                recaudo_id=recaudo_id,
                resultado=ResultadoMovimiento.LEGALIZADO if recaudo_id else ResultadoMovimiento.PSE_SIN_PASARELA,
                registrado_en=AHORA,
            )
        )


def llega_al_banco(pagos: Iterable[Pago]) -> None:
    for uno in pagos:
        en_el_banco(f"90{uno.id:05d}", int(uno.total))


def tesorera(rol: Rol = Rol.TESORERIA) -> Usuario:
    with transaccion():
        nueva = Usuario(
            correo=f"{uuid4().hex}@demo.portal.test", nombre="Tesorera", rol=rol, clave_hash="x", creado_en=AHORA
        )
        db.session.add(nueva)
    return nueva
