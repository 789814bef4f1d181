"""Each difference of a close is one case of treasury, however often the day is looked at; settled, its case closes itself."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from portal.db import db
from portal.dominio.casos import ClaseCaso, SalidaCaso
from portal.dominio.cierre import SIN_NOVEDAD, Renglon
from portal.dominio.cierre_dia import CierreDia
from portal.models import Caso
from portal.operaciones import casos


def avisar(cierres: Iterable[CierreDia], *, ahora: datetime) -> tuple[int, int]:
    """Open a case for each new difference, and close those whose lines agree by now; how many of each."""
    renglones = {r.llaves: r for cierre in cierres for r in cierre.renglones}
    conocidos = _casos_de({llave for llaves in renglones for llave in llaves})
    abiertos = cerrados = 0
    for llaves, renglon in renglones.items():
        suyos = [conocidos[llave] for llave in llaves if llave in conocidos]
        if renglon.clase in SIN_NOVEDAD:
            cerrados += _cerrar(suyos, ahora)
        elif not suyos:
            _abrir(renglon, ahora)
            abiertos += 1
    return abiertos, cerrados


def _abrir(renglon: Renglon, ahora: datetime) -> None:
    linea = renglon.lineas[0]
    casos.abrir(
        ClaseCaso.DIFERENCIA,
        linea.llave,
        ahora=ahora,
        recaudo_id=renglon.libro.recaudo_id if renglon.libro else None,
        detalle={
            "clase": renglon.clase.value,
            "cuenta": linea.cuenta,
            "dia": linea.dia.isoformat(),
            "valores": {lado: str(x.valor) for lado in ("libro", "pasarela", "banco") if (x := getattr(renglon, lado))},
        },
    )


def _cerrar(suyos: Iterable[Caso], ahora: datetime) -> int:
    cuantos = 0
    for caso in suyos:
        if caso.abierto:
            casos.cerrar(
                caso.id, SalidaCaso.RESUELTO_SOLO, ahora=ahora, nota="El libro, la pasarela y el banco coinciden."
            )
            cuantos += 1
    return cuantos


def _casos_de(llaves: Iterable[str]) -> dict[str, Caso]:
    """The case of each line that has one, open or not: what people settled is not asked again."""
    prefijo = f"{ClaseCaso.DIFERENCIA.value}:"
    todas = sorted(prefijo + llave for llave in llaves)
    hallados: dict[str, Caso] = {}
    for desde in range(0, len(todas), 500):
        orden = select(Caso).where(Caso.clave.in_(todas[desde : desde + 500]))
        hallados |= {caso.clave.removeprefix(prefijo): caso for caso in db.session.scalars(orden)}
    return hallados
