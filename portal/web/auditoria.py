"""The edge of the audit: sealing, checking and exporting, each of them in short transactions of its own."""

from typing import IO

from portal.db import foto, fuera_de_transaccion, transaccion
from portal.dominio.exportacion import Periodo
from portal.operaciones import claves, comprobaciones, sellos
from portal.operaciones.bitacora import anotar
from portal.operaciones.claves import ClaveInservible, Firmante
from portal.operaciones.comprobaciones import Comprobada
from portal.operaciones.exportacion.escritura import Avance, Encargo, escribir, sin_avance
from portal.web.departamento import ajustes_actuales
from portal.web.estampillas import firmante_actual
from portal.web.reloj import ahora


def sellar_bitacora(*, completa: bool = True) -> int:
    """Seal what has no seal, by pieces; returns how many rows. `completa` also looks far behind the last sealed row."""
    selladas = 0
    while sellos.hay_por_sellar(completa=completa):
        with transaccion():
            nuevas = sellos.sellar(ahora=ahora(), completa=completa)
        selladas += nuevas
        if nuevas < sellos.TANDA:
            break
    return selladas


def comprobar_cadenas() -> list[Comprobada]:
    """Seal what waits, recompute both chains as they are at one instant, and keep what was found."""
    sellar_bitacora()
    foto()
    comprobadas = comprobaciones.comprobar()
    with transaccion():
        comprobaciones.registrar(comprobadas, ahora=ahora())
    return comprobadas


def exportar_periodo(
    periodo: Periodo,
    destino: IO[bytes],
    *,
    usuario_id: int | None,
    por: str,
    peticion: str,
    avanzar: Avance = sin_avance,
) -> str:
    """Write a period in `destino`; returns the SHA-256 of its manifest. It is in the bitácora before anybody can take it."""
    sellar_bitacora()
    firmante, cuando = _firmante_si_hay(), ahora()
    if firmante:
        with transaccion():
            claves.publicar(firmante, ahora=cuando)
    foto()
    huella = escribir(Encargo(periodo, ajustes_actuales().departamento, por, cuando, firmante), destino, avanzar)
    fuera_de_transaccion()
    with transaccion():
        anotar(
            "auditoria.exportar",
            f"exportacion:{huella[:16]}",
            ahora=cuando,
            usuario_id=usuario_id,
            peticion=peticion,
            desde=periodo.desde.isoformat(),
            hasta=periodo.hasta.isoformat(),
            manifiesto=huella,
            firmada=firmante is not None,
        )
    return huella


def _firmante_si_hay() -> Firmante | None:
    """The key of the stamps, when there is one that can be used: an export without signature is better than none."""
    try:
        return firmante_actual()
    except ClaveInservible:
        return None
