"""The edge of issuing stamps: who issues, with which key, and each issue in a transaction of its own."""

from collections.abc import Sequence

from portal.db import transaccion
from portal.operaciones import claves, estampillas
from portal.operaciones.claves import ClaveInservible, Firmante
from portal.operaciones.estampillas import Emisor
from portal.web.departamento import ajustes_actuales, departamento_actual
from portal.web.reloj import ahora

# One transaction holds the writers of SQLite for as long as it takes to sign these.
_POR_TRANSACCION = 100
# More than are paid between two rounds of the probe; what it should miss is issued when somebody asks, or by the command.
_RECIENTES = 2000


def emisor_actual() -> Emisor:
    """The department of this installation, as its stamps say it."""
    departamento = departamento_actual()
    return Emisor(
        codigo=departamento.codigo,
        sujeto_activo=departamento.sujeto_activo,
        norma_leyenda=departamento.norma_leyenda,
    )


def firmante_actual() -> Firmante:
    """The key of this installation, read each time so that a rotation needs no restart. Raises `ClaveInservible`."""
    ajustes = ajustes_actuales()
    return claves.abrir(ajustes.clave_estampillas, crear_si_falta=ajustes.es_demostracion)


def clave_inservible() -> str:
    """Why the key of this installation cannot sign; empty when it can."""
    try:
        firmante_actual()
    except ClaveInservible as error:
        return str(error)
    return ""


def expedir_de(liquidacion_id: int) -> int:
    """Issue what a liquidación lacks; returns how many. Raises `ClaveInservible`."""
    return _expedir(estampillas.pendientes(liquidacion_id=liquidacion_id))


def expedir_recientes() -> int:
    """Issue what was legalised lately, which is what the probe has to see; returns how many. Raises `ClaveInservible`."""
    return expedir_pendientes(_RECIENTES)


def expedir_pendientes(ultimos: int | None = None) -> int:
    """Issue what is lacking among the latest moves, or anywhere; returns how many. Raises `ClaveInservible`."""
    expedidas = 0
    while ids := estampillas.pendientes(_POR_TRANSACCION, ultimos=ultimos):
        nuevas = _expedir(ids)
        expedidas += nuevas
        if not nuevas:
            # Somebody else issued them meanwhile, or took their money back: another round will look.
            break
    return expedidas


def _expedir(factura_ids: Sequence[int]) -> int:
    if not factura_ids:
        return 0
    firmante = firmante_actual()
    with transaccion():
        return len(estampillas.expedir(factura_ids, emisor=emisor_actual(), firmante=firmante, ahora=ahora()))
