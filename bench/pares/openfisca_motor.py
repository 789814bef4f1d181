"""Cundinamarca's six stamps on a contract, written for OpenFisca-Core by the same manual, and asked by lines of JSON.

Run as `python openfisca_motor.py DATA`; one order per line in, one answer out. `DATA` is what `bench.partes.motor` wrote: the
parameters (UVT by year, rates) and the contracts as the portal keeps them. Amounts are whole centavos in 64-bit floats, which
hold them exactly; the 32-bit ones of OpenFisca do not, and `estrechas` says how many values they get wrong.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from openfisca_core import entities, periods, taxbenefitsystems, variables
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import ParameterNode
from openfisca_core.simulation_builder import SimulationBuilder

VIGENCIA = "2026"
ESTAMPILLAS = ("PRO_DESARROLLO", "PRO_ELECTRIFICACION", "PRO_HOSPITALES", "PRO_CULTURA", "UDEC", "ADULTO_MAYOR")
CONTRATO = entities.build_entity(key="contrato", plural="contratos", label="Contrato", is_person=True)


def opciones(nombre: str, *valores: str) -> Any:
    """An enumeration whose first value stands for a fact that nobody gave."""
    return Enum(nombre, {valor: valor for valor in ("sin_dato", *valores)})


CLASE = opciones("Clase", "natural", "juridica", "publica", "economia_mixta")
TIPO = opciones("Tipo", "suministro", "obra", "prestacion_servicios_profesionales", "prestacion_servicios_tecnicos")
REGIMEN = opciones("Regimen", "articulo_355_cp")
RECURSOS = opciones("Recursos", "PAE", "SGR_FCTI", "donaciones_fondo_riesgo")
NO_GRAVADOS = ("tiquetes_aereos", "soat", "matriculas_vehiculos", "servicios_publicos_domiciliarios")
OBJETO = opciones("Objeto", "infraestructura_salud", "infraestructura_educacion", *NO_GRAVADOS)
ENTIDAD = opciones("Entidad", "eps", "institucion_educativa_departamental", "empresa_social_del_estado")
FINALIDAD = opciones("Finalidad", "salud")

# Variable → type and fact of the portal.
ENTRADAS: dict[str, tuple[Any, str]] = {
    "clase": (CLASE, "contratista.clase"),
    "tipo": (TIPO, "contrato.tipo"),
    "regimen": (REGIMEN, "contrato.regimen"),
    "recursos": (RECURSOS, "contrato.recursos"),
    "objeto": (OBJETO, "contrato.objeto"),
    "entidad": (ENTIDAD, "entidad.clase"),
    "finalidad": (FINALIDAD, "acto.finalidad"),
    "relacion_laboral": (bool, "acto.relacion_laboral"),
    "intervienen_privados": (bool, "contrato.intervienen_privados"),
    "monopolio_licores": (bool, "acto.monopolio_licores"),
    "desarrollo_objeto": (bool, "acto.desarrollo_objeto"),
    "capital_publico": (float, "contratista.capital_publico"),
}
REGLAS: dict[str, Callable[[Any, Any], Any]] = {
    "ex_01": lambda c, p: c("relacion_laboral", p),
    "ex_02": lambda c, p: (
        ((c("clase", p) == CLASE.publica) | ((c("clase", p) == CLASE.economia_mixta) & (c("capital_publico", p) >= 70)))
        & ~c("intervienen_privados", p)
    ),
    "ex_03": lambda c, p: c("regimen", p) == REGIMEN.articulo_355_cp,
    "ex_04": lambda c, p: (c("entidad", p) == ENTIDAD.eps) & (c("finalidad", p) == FINALIDAD.salud),
    "ex_05": lambda c, p: c("recursos", p) == RECURSOS.PAE,
    "ex_07": lambda c, p: _es_alguno(c("objeto", p), OBJETO.infraestructura_salud, OBJETO.infraestructura_educacion),
    "ex_09": lambda c, p: c("recursos", p) == RECURSOS.SGR_FCTI,
    "ex_11": lambda c, p: c("monopolio_licores", p) & c("desarrollo_objeto", p),
    "ex_12": lambda c, p: c("recursos", p) == RECURSOS.donaciones_fondo_riesgo,
    "ex_13": lambda c, p: _es_alguno(c("objeto", p), *(OBJETO[nombre] for nombre in NO_GRAVADOS)),
    "ex_ied": lambda c, p: _es_alguno(
        c("entidad", p), ENTIDAD.institucion_educativa_departamental, ENTIDAD.empresa_social_del_estado
    ),
}


def _es_alguno(dados: Any, *valores: Any) -> Any:
    resultado = dados == valores[0]
    for valor in valores[1:]:
        resultado |= dados == valor
    return resultado


def excluido(contrato: Any, periodo: Any) -> Any:
    """Whether any exclusion leaves the contract without stamps."""
    resultado = np.zeros(contrato.count, dtype=bool)
    for regla in REGLAS:
        resultado = resultado | contrato(regla, periodo)
    return resultado


def ex_08(contrato: Any, periodo: Any, parametros: Any) -> Any:
    """Centavos that the first 1.200 UVT of services of a natural person take from the base, by the year of the signature."""
    tipo = contrato("tipo", periodo)
    servicios = _es_alguno(tipo, TIPO.prestacion_servicios_profesionales, TIPO.prestacion_servicios_tecnicos)
    anios = contrato("anio_suscripcion", periodo)
    resta = np.zeros(contrato.count)
    for anio in np.unique(anios):
        resta[anios == anio] = 1200 * parametros(f"{anio}-01-01").uvt * 100
    valor = contrato("valor", periodo)
    return np.where(servicios & (contrato("clase", periodo) == CLASE.natural), np.minimum(valor, resta), 0)


def base(contrato: Any, periodo: Any) -> Any:
    """Centavos to tax."""
    return contrato("valor", periodo) - contrato("ex_08", periodo)


def estampilla(nombre: str) -> Callable[[Any, Any, Any], Any]:
    """The pesos of a stamp: its rate per thousand, and the nearest thousand pesos, half up."""

    def formula(contrato: Any, periodo: Any, parametros: Any) -> Any:
        exacto = contrato("base", periodo) * parametros(periodo).por_mil[nombre] / 100_000
        return np.where(contrato("excluido", periodo), 0, np.floor(exacto / 1000 + 0.5) * 1000)

    return formula


def sistema(parametros: dict[str, Any], *, exacto: bool) -> Any:
    """The tax and benefit system; `exacto` widens its money to 64 bits."""
    uno = taxbenefitsystems.TaxBenefitSystem([CONTRATO])
    vigentes = {e: {"values": {"2021-01-01": {"value": v}}} for e, v in parametros["por_mil"].items()}
    uvt = {"values": {dia: {"value": valor} for dia, valor in parametros["uvt"].items()}}
    uno.parameters = ParameterNode("", data={"uvt": uvt, "por_mil": vigentes})
    for nombre, (tipo, _) in ENTRADAS.items():
        _agregar(uno, nombre, tipo)
    _agregar(uno, "anio_suscripcion", int)
    for nombre, formula in REGLAS.items():
        _agregar(uno, nombre, bool, formula)
    _agregar(uno, "excluido", bool, excluido)
    dinero: dict[str, Any] = {"valor": None, "ex_08": ex_08, "base": base} | {e: estampilla(e) for e in ESTAMPILLAS}
    for nombre, formula in dinero.items():
        _agregar(uno, nombre, float, formula)
        if exacto:
            uno.get_variable(nombre).dtype = np.float64
    return uno


def _agregar(uno: Any, nombre: str, tipo: Any, formula: Any = None) -> None:
    es_opcion = tipo not in (bool, int, float)
    clase: dict[str, Any] = {
        "value_type": Enum if es_opcion else tipo,
        "entity": CONTRATO,
        "definition_period": periods.DateUnit.YEAR,
        "label": nombre,
    }
    if es_opcion:
        clase |= {"possible_values": tipo, "default_value": tipo.sin_dato}
    if formula:
        clase["formula"] = formula
    uno.add_variable(type(nombre, (variables.Variable,), clase))


Fila = tuple[str, str, int]


def columnas(filas: Sequence[Fila]) -> dict[str, Any]:
    """The inputs of all the contracts, from the rows that keep them: day, JSON text of what was asked, centavos."""
    hechos = [json.loads(pedido)["hechos"] for _, pedido, _ in filas]
    entradas: dict[str, Any] = {
        "valor": np.array([centavos for *_, centavos in filas], dtype=np.float64),
        "anio_suscripcion": np.array(
            [int(h.get("contrato.fecha_suscripcion", dia)[:4]) for h, (dia, *_) in zip(hechos, filas, strict=True)]
        ),
    }
    for nombre, (tipo, hecho) in ENTRADAS.items():
        if tipo in (bool, float):
            entradas[nombre] = np.array([h.get(hecho, 0) for h in hechos], dtype=tipo)
        else:
            codigos = {valor: codigo for codigo, valor in enumerate(tipo.names)}
            crudos = np.array([codigos[h.get(hecho, "sin_dato")] for h in hechos], dtype=np.uint8)
            entradas[nombre] = EnumArray(crudos, tipo)
    return entradas


def calcular(uno: Any, entradas: dict[str, Any]) -> list[Any]:
    """The six columns of pesos."""
    simulacion = SimulationBuilder().build_default_simulation(uno, len(entradas["valor"]))
    for nombre, valores in entradas.items():
        simulacion.set_input(nombre, VIGENCIA, valores)
    return [simulacion.calculate(e, VIGENCIA) for e in ESTAMPILLAS]


def calcular_una(uno: Any, fila: Fila, *, rastro: bool = False) -> list[Any]:
    """One contract as OpenFisca is asked for one: a situation, with only the facts that were given."""
    dia, pedido, centavos = fila
    hechos = json.loads(pedido)["hechos"]
    situacion = {n: {VIGENCIA: hechos[hecho]} for n, (_, hecho) in ENTRADAS.items() if hecho in hechos}
    situacion["valor"] = {VIGENCIA: centavos}
    situacion["anio_suscripcion"] = {VIGENCIA: int(hechos.get("contrato.fecha_suscripcion", dia)[:4])}
    simulacion = SimulationBuilder().build_from_entities(uno, {"contratos": {"uno": situacion}})
    simulacion.trace = rastro
    return [simulacion.calculate(e, VIGENCIA) for e in ESTAMPILLAS]


def _segundos(hacer: Callable[[], object]) -> float:
    inicio = time.process_time()
    hacer()
    return time.process_time() - inicio


def respuestas(datos: dict[str, Any], ordenes: Iterator[str]) -> Iterator[Any]:
    """What each order asks for; times are seconds of processor."""
    exacto, estrecho = (sistema(datos["parametros"], exacto=ancho) for ancho in (True, False))
    filas: list[Fila] = datos["contratos"]
    entradas = columnas(filas)
    una_por_una = filas[: datos["una_por_una"]]
    for orden in ordenes:
        match orden.strip():
            case "columnas":
                yield _segundos(lambda: calcular(exacto, entradas))
            case "filas":
                yield _segundos(lambda: calcular(exacto, columnas(filas)))
            case "una":
                yield _segundos(lambda: [calcular_una(exacto, f) for f in una_por_una]) / len(una_por_una)
            case "una_con_rastro":
                segundos = _segundos(lambda: [calcular_una(exacto, f, rastro=True) for f in una_por_una])
                yield segundos / len(una_por_una)
            case "valores":
                yield {e: v.astype(int).tolist() for e, v in zip(ESTAMPILLAS, calcular(exacto, entradas), strict=True)}
            case "valores_de_una":
                yield [[int(v[0]) for v in calcular_una(exacto, fila)] for fila in una_por_una]
            case "estrechas":
                pares = zip(calcular(exacto, entradas), calcular(estrecho, entradas), strict=True)
                yield sum(int(np.count_nonzero(a != b)) for a, b in pares)


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as archivo:
        datos = json.load(archivo)
    for respuesta in respuestas(datos, iter(sys.stdin.readline, "")):
        print(json.dumps(respuesta), flush=True)


if __name__ == "__main__":
    main()
