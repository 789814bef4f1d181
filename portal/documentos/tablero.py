"""The department's board of agents as a spreadsheet: what it shows, row by row, with its foot."""

from collections.abc import Mapping, Sequence
from datetime import date

from portal.documentos.libro import Celda, Hoja
from portal.dominio.calendario import mes_en_palabras
from portal.dominio.identificacion import escribir_nit
from portal.dominio.palabras import ESTADOS_MES
from portal.dominio.tablero import MesDeAgente, totalizar
from portal.operaciones.agentes.tablero import RenglonTablero

_COLUMNAS = (
    "Entidad",
    "NIT",
    "Clase",
    "Estado",
    "Vence",
    "Presentada",
    "Días tarde",
    "Liquidado",
    "Retenido",
    "Declarado",
    "Consignaciones aceptadas",
    "Consignaciones por revisar",
    "Diferencia",
)


def hoja_de_tablero(
    mes: date, renglones: Sequence[RenglonTablero], clases: Mapping[str, str], notas: Sequence[str] = ()
) -> Hoja:
    """The month of some agents."""
    filas: list[Sequence[Celda]] = [_fila(r, clases) for r in renglones]
    t = totalizar(r.mes for r in renglones)
    sumas = (t.cifras.liquidado, t.cifras.retenido, t.declarado, t.cifras.aceptado, t.cifras.por_revisar, t.diferencia)
    filas.append(("Total", "", "", "", None, None, None, *sumas))
    return Hoja(f"{mes:%Y-%m}", _COLUMNAS, filas, [*notas, f"Agentes recaudadores, {mes_en_palabras(mes)}"])


def hoja_de_matriz(meses: Sequence[date], renglones: Sequence[RenglonTablero], notas: Sequence[str]) -> Hoja:
    """The state of some months of every agent, a column for each; empty where it was no agent."""
    filas: list[Sequence[Celda]] = [
        (r.agente.nombre, escribir_nit(r.agente.nit), *(_estado(m) if m else "" for m in r.meses)) for r in renglones
    ]
    return Hoja("Meses", ("Entidad", "NIT", *(f"{mes:%Y-%m}" for mes in meses)), filas, notas)


def hoja_de_historia(historia: Sequence[MesDeAgente], notas: Sequence[str]) -> Hoja:
    """The months of one agent, as the department sees them."""
    columnas = ("Mes", *_COLUMNAS[3:])
    return Hoja("Meses", columnas, [(f"{m.mes:%Y-%m}", *_del_mes(m)) for m in historia], notas)


def _fila(renglon: RenglonTablero, clases: Mapping[str, str]) -> Sequence[Celda]:
    agente = renglon.agente
    return (agente.nombre, escribir_nit(agente.nit), clases.get(agente.clase, agente.clase), *_del_mes(renglon.mes))


def _del_mes(mes: MesDeAgente) -> Sequence[Celda]:
    return (
        _estado(mes),
        mes.vence,
        mes.presentada,
        mes.dias_tarde,
        mes.cifras.liquidado,
        mes.cifras.retenido,
        mes.declarado,
        mes.cifras.aceptado,
        mes.cifras.por_revisar,
        mes.diferencia,
    )


def _estado(mes: MesDeAgente) -> str:
    return ESTADOS_MES[mes.estado.value] + (", vencida" if mes.vencida else "")
