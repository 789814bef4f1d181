"""Deposits of agents for tests: what they send, the bank's line of it, what treasury does. Each commits, as the edge would."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from portal.db import db, transaccion
from portal.dominio.declaraciones import mes_de
from portal.models import Agente, ArchivoBanco, Consignacion, MovimientoBanco, Usuario
from portal.models.usuario import Rol
from portal.operaciones.agentes import consignaciones, envios
from portal.operaciones.agentes.envios import Deposito, Soporte
from portal.operaciones.firmas import Firma
from tests.agentes import agente, persona, retenida, suya
from tests.archivos import pdf
from tests.banco import Pagado, archivo, importar
from tests.fabricas import AHORA, HOY

SOPORTE = Soporte("consignacion.pdf", pdf())
_SIGUIENTE = count(1)


def con_deuda(valores: tuple[int, ...] = (4000, 5000), **otros: Any) -> tuple[Agente, Usuario]:
    """An agent that withheld some pesos today, and its person."""
    entidad = agente(**otros)
    quien = persona(Rol.AGENTE, entidad)
    retenida(suya(entidad, valores), quien)
    return entidad, quien


def deposito(valor: int = 9000, referencia: str = "778899", **otros: Any) -> Deposito:
    datos: dict[str, Any] = {"mes": mes_de(HOY), "fecha": HOY, "banco": "Banco de prueba"} | otros
    return Deposito(valor=Decimal(valor), referencia=referencia, **datos)


def enviada(
    por: Usuario,
    valor: int = 9000,
    referencia: str = "778899",
    *,
    clave: str = "",
    soporte: Soporte = SOPORTE,
    **otros: Any,
) -> Consignacion:
    """What an agent sends."""
    with transaccion():
        return envios.enviar(
            deposito(valor, referencia, **otros),
            soporte,
            clave=clave or uuid4().hex,
            firma=Firma(por, AHORA),
            hoy=max(HOY, otros.get("fecha", HOY)),
        )


def del_banco(
    valor: int = 9000, referencia: object = "778899", dia: date = HOY, numero: int = 0, **otros: Any
) -> MovimientoBanco:
    """The line of a bank's file with a deposit at the counter, alone in it."""
    lote = archivo([Pagado(referencia, valor, numero=numero or next(_SIGUIENTE), **otros)], dia=dia)
    return lineas_de(importar(lote, hoy=max(HOY, dia)))[0]


def devuelta_por_el_banco(una: MovimientoBanco, dias: int = 1) -> None:
    """A later file that takes a line back."""
    dicho = Pagado(una.referencia, una.valor, numero=int(una.operacion or 0), causal="R01")
    dia = una.dia + timedelta(days=dias)
    importar(archivo([dicho], dia=dia), hoy=max(HOY, dia), ahora=AHORA + timedelta(days=dias))


def lineas_de(uno: ArchivoBanco) -> list[MovimientoBanco]:
    consulta = select(MovimientoBanco).where(MovimientoBanco.archivo_id == uno.id).order_by(MovimientoBanco.linea)
    return list(db.session.scalars(consulta))


def aceptada(una: Consignacion, linea: MovimientoBanco | None = None, quien: Usuario | None = None) -> None:
    _resuelta(lambda firma: consignaciones.aceptar(una, linea, firma=firma), quien)


def casada(una: Consignacion, linea: MovimientoBanco, quien: Usuario | None = None) -> None:
    _resuelta(lambda firma: consignaciones.casar(una, linea, firma=firma), quien)


def rechazada(una: Consignacion, motivo: str = "El comprobante no es legible", quien: Usuario | None = None) -> None:
    _resuelta(lambda firma: consignaciones.rechazar(una, motivo, firma=firma), quien)


def desaceptada(una: Consignacion, motivo: str = "El banco no la muestra", quien: Usuario | None = None) -> None:
    _resuelta(lambda firma: consignaciones.deshacer_aceptacion(una, motivo, firma=firma), quien)


def _resuelta(hacer: Callable[[Firma], None], quien: Usuario | None, ahora: datetime = AHORA) -> None:
    tesorera = quien or persona(Rol.TESORERIA)
    with transaccion():
        hacer(Firma(tesorera, ahora))
