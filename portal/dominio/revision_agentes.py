"""Checking in an export what the collecting agents brought: what each file says of the others, row by row (I-19).

A credit, its retención and its asientos are of one instant, so a period has all of them or none. What another period decided
of these rows is not here: nothing is said of it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.dominio.declaraciones import (
    TRANSICIONES_DECLARACION,
    EstadoConsignacion,
    EstadoDeclaracion,
    EventoDeclaracion,
    Renglon,
    huella,
    leer,
    mes_de,
    ordenar,
    sumar,
)
from portal.dominio.libro import ClaseAsiento, de_agente

Fila = Mapping[str, str]
Numerada = tuple[str, Fila]
_PREFIJO = de_agente(0).removesuffix("0")
_CANAL = "retencion"
# What writes a row of each file, as the bitácora tells it.
_NACEN: Mapping[str, str] = {
    "agente.crear": "agentes.csv",
    "retencion.registrar": "retenciones.csv",
    "consignacion.enviar": "consignaciones.csv",
    "declaracion.presentar": "declaraciones.csv",
    "calendario.dia": "dias_no_habiles.csv",
    "contingencia.declarar": "contingencias.csv",
}
# What the bitácora says of a row, and its column.
_DICHO: Mapping[str, str] = {
    "agente": "agente_id",
    "recaudo": "recaudo_id",
    "mes": "mes",
    "version": "version",
    "dia": "dia",
    "valor": "valor_centavos",
    "declarado": "declarado_centavos",
}
_PASOS = {(d.value, e.value): h.value for (d, e), h in TRANSICIONES_DECLARACION.items()}


@dataclass(frozen=True)
class Exportado:
    """What an export has: how to read each of its files, and the instants between which its period passed."""

    filas: Callable[[str], Iterator[Numerada]]
    inicio: datetime
    fin: datetime

    def dentro(self, instante: str) -> bool:
        """Whether an instant is of the period; an empty one is not."""
        return bool(instante) and self.inicio <= datetime.fromisoformat(instante) < self.fin


def registro(de: Exportado) -> Iterator[str]:
    """Every row is of a registered agent, and of an office of its own."""
    agentes = {fila["id"] for _, fila in de.filas("agentes.csv")}
    sedes = {fila["id"]: fila["agente_id"] for _, fila in de.filas("sedes.csv")}
    for nombre in ("sedes", "retenciones", "consignaciones", "declaraciones", "declaraciones_pasos"):
        for cual, fila in de.filas(f"{nombre}.csv"):
            if fila["agente_id"] not in agentes:
                yield f"{cual}: el agente {fila['agente_id']} no está en agentes.csv"
            if (sede := fila.get("sede_id")) and sedes.get(sede) != fila["agente_id"]:
                yield f"{cual}: la sede {sede} no es de ese agente"
    for cual, fila in de.filas("asientos.csv"):
        for cuenta in (fila["debe"], fila["haber"]):
            if de.dentro(fila["en"]) and cuenta.startswith(_PREFIJO) and cuenta.removeprefix(_PREFIJO) not in agentes:
                yield f"{cual}: la cuenta {cuenta} es de un agente que no está en agentes.csv"


def retenciones(de: Exportado) -> Iterator[str]:
    """Each retención has its credit and each of those credits its retención; undone is reversed; a month is that of its day."""
    recaudos = {fila["id"] for _, fila in de.filas("recaudos.csv") if fila["canal"] == _CANAL}
    reversiones = {fila["recaudo_id"]: fila["en"] for _, fila in de.filas("reversiones.csv")}
    for cual, fila in de.filas("retenciones.csv"):
        if fila["recaudo_id"] not in recaudos:
            yield f"{cual}: el recaudo {fila['recaudo_id']} de la retención {fila['id']} no está en recaudos.csv"
        recaudos.discard(fila["recaudo_id"])
        deshecha = fila["deshecha_en"] if de.dentro(fila["deshecha_en"]) else None
        if deshecha != reversiones.get(fila["recaudo_id"]):
            yield f"{cual}: la retención {fila['id']} y la reversión de su recaudo no dicen lo mismo"
        if date.fromisoformat(fila["mes"]) != mes_de(date.fromisoformat(fila["fecha"])):
            yield f"{cual}: la retención {fila['id']} no es del mes de su fecha"
    for recaudo in sorted(recaudos):
        yield f"recaudos.csv: la retención del recaudo {recaudo} no está en retenciones.csv"


def cuentas(de: Exportado) -> Iterator[str]:
    """In the ledger, an agent owes what it withheld and nothing else, and what left its account was undone."""
    suyas = {fila["recaudo_id"]: de_agente(int(fila["agente_id"])) for _, fila in de.filas("retenciones.csv")}
    reversadas = {fila["recaudo_id"] for _, fila in de.filas("reversiones.csv")}
    for cual, fila in de.filas("asientos.csv"):
        clase, recaudo = fila["clase"], fila["recaudo_id"]
        if not de.dentro(fila["en"]):
            continue
        entra = fila["debe"] if fila["debe"].startswith(_PREFIJO) else None
        if clase == ClaseAsiento.RECAUDO and entra != suyas.get(recaudo):
            yield f"{cual}: el recaudo {recaudo} no está en la cuenta del agente que lo retuvo"
        sale = fila["haber"].startswith(_PREFIJO)
        if clase == ClaseAsiento.REVERSION and sale and recaudo not in reversadas:
            yield f"{cual}: la reversión del recaudo {recaudo} no está en reversiones.csv"


def consignaciones(de: Exportado) -> Iterator[str]:
    """The ledger has each deposit as its state says, with its value, its agent and its credit of the bank."""
    asientos: dict[str, list[Numerada]] = {}
    for cual, fila in de.filas("asientos.csv"):
        if fila["clase"] in (ClaseAsiento.CONSIGNACION, ClaseAsiento.REVERSION):
            asientos.setdefault(fila["origen"], []).append((cual, fila))
    for cual, fila in de.filas("consignaciones.csv"):
        origen = f"consignacion:{fila['id']}"
        entraron, salieron = asientos.get(origen, []), asientos.get(f"rechazo:{origen}", [])
        if len(entraron) - len(salieron) not in _veces(fila, decidida=de.dentro(fila["resuelta_en"])):
            yield f"{cual}: la consignación {fila['numero']} y los asientos no dicen lo mismo"
        cuenta = de_agente(int(fila["agente_id"]))
        for asiento, otra in [*entraron, *salieron, *asientos.get(f"{origen}:banco", [])]:
            es_suya = otra["origen"].endswith(":banco") or cuenta in (otra["debe"], otra["haber"])
            de_su_linea = otra["recaudo_id"] in ("", fila["recaudo_id"])
            if otra["valor_centavos"] != fila["valor_centavos"] or not es_suya or not de_su_linea:
                yield f"{asiento}: no es la consignación {fila['numero']}, que dice nombrar"


def _veces(fila: Fila, *, decidida: bool) -> tuple[int, ...]:
    """How many asientos of having been accepted may be left of a deposit: another period may have the ones missing."""
    entro = fila["estado"] in (EstadoConsignacion.ACEPTADA, EstadoConsignacion.REVERTIDA)
    if fila["estado"] == EstadoConsignacion.RECIBIDA:
        return (0,)
    return (int(entro),) if decidida else (0, 1)


def declaraciones(de: Exportado) -> Iterator[str]:
    """Each return is the text that was filed, its lines are those of the text and sum what it declares, and it has its step."""
    renglones: dict[str, list[Renglon]] = {}
    for _, fila in de.filas("declaraciones_renglones.csv"):
        renglones.setdefault(fila["declaracion_id"], []).append(_renglon(fila))
    presentadas = {
        (fila["declaracion_id"], fila["en"])
        for _, fila in de.filas("declaraciones_pasos.csv")
        if fila["evento"] == EventoDeclaracion.PRESENTAR
    }
    for cual, fila in de.filas("declaraciones.csv"):
        yield from _declaracion(cual, fila, renglones.pop(fila["id"], []))
        if (fila["id"], fila["presentada_en"]) not in presentadas:
            yield f"{cual}: la declaración {fila['numero']} no tiene su paso en declaraciones_pasos.csv"
        presentadas.discard((fila["id"], fila["presentada_en"]))
    for sobra in sorted({una for una, _ in presentadas} | {*renglones}):
        yield f"declaraciones.csv: falta una versión que se presentó ({sobra})"


def _declaracion(cual: str, fila: Fila, renglones: list[Renglon]) -> Iterator[str]:
    numero = fila["numero"]
    if huella(fila["contenido"]) != fila["huella"]:
        yield f"{cual}: la declaración {numero} no es la que se presentó"
    escritos, cabecera = leer(fila["contenido"])
    if ordenar(renglones) != escritos or (cabecera["mes"], str(cabecera["version"])) != (fila["mes"], fila["version"]):
        yield f"{cual}: los datos de la declaración {numero} no son los del texto que se presentó"
    sumas = sumar(renglones)
    if (sumas.liquidado, sumas.retenido, sumas.pagado) != tuple(
        _pesos(fila, columna) for columna in ("liquidado", "declarado", "pagado")
    ):
        yield f"{cual}: los renglones de la declaración {numero} no suman lo que declara"


def pasos(de: Exportado) -> Iterator[str]:
    """Each step is one that a return may take."""
    for cual, fila in de.filas("declaraciones_pasos.csv"):
        desde, hasta = fila["desde"], fila["hasta"]
        sigue = _PASOS.get((desde, fila["evento"])) if desde else EstadoDeclaracion.BORRADOR.value
        if hasta != sigue:
            yield f"{cual}: una declaración no pasa de «{desde}» a «{hasta}» por «{fila['evento']}»"


def anotadas(de: Exportado) -> Iterator[str]:
    """What the bitácora says that was written in the period is in its file, as it says."""
    dichas: dict[str, dict[str, Mapping[str, Any]]] = {archivo: {} for archivo in _NACEN.values()}
    for _, fila in de.filas("bitacora.csv"):
        if (archivo := _NACEN.get(fila["accion"])) and de.dentro(fila["en"]):
            dichas[archivo][fila["objeto"].partition(":")[2]] = json.loads(fila["detalle"])
    for archivo, suyas in dichas.items():
        for cual, fila in de.filas(archivo):
            if not _coincide(suyas.pop(fila["id"], {}), fila):
                yield f"{cual}: no es lo que dice la bitácora"
        for falta in sorted(suyas):
            yield f"{archivo}: falta la fila {falta}, que está en la bitácora"


def _coincide(dicho: Mapping[str, Any], fila: Fila) -> bool:
    for clave, columna in _DICHO.items():
        if clave in dicho and columna in fila:
            valor = Decimal(dicho[clave]) * 100 if columna.endswith("_centavos") else dicho[clave]
            if fila[columna] != (f"{valor:.0f}" if isinstance(valor, Decimal) else str(valor)):
                return False
    return True


def _renglon(fila: Fila) -> Renglon:
    return Renglon(
        estampilla=fila["estampilla"],
        estampilla_nombre=fila["estampilla_nombre"],
        acto=fila["acto"],
        acto_nombre=fila["acto_nombre"],
        cantidad=int(fila["cantidad"]),
        base=_pesos(fila, "base"),
        liquidado=_pesos(fila, "liquidado"),
        retenidas=int(fila["retenidas"]),
        retenido=_pesos(fila, "retenido"),
        pagado=_pesos(fila, "pagado"),
    )


def _pesos(fila: Fila, columna: str) -> Decimal:
    return Decimal(fila[f"{columna}_centavos"]) / 100


REVISIONES: tuple[tuple[str, Callable[[Exportado], Iterator[str]]], ...] = (
    ("agentes.csv", registro),
    ("retenciones.csv", retenciones),
    ("asientos.csv", cuentas),
    ("consignaciones.csv", consignaciones),
    ("declaraciones.csv", declaraciones),
    ("declaraciones_pasos.csv", pasos),
    ("bitacora.csv", anotadas),
)
