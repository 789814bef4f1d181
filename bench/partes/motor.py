"""The engine against OpenFisca-Core: one contract with everything that explains it, and a hundred thousand at once.

Both know the same rules of Cundinamarca: six stamps on a contract, the exclusions, the first 1.200 UVT of the year of the
signature, and each one's rounding. Every value is compared with the one-by-one engine before anything is timed.
"""

import json
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench import pares
from bench.rondas import RONDAS, Medida, Meta, Parte, medir_por_turnos
from portal.dominio.liquidador import Solicitud, liquidar
from portal.dominio.normativa import Normativa
from portal.dominio.simulacion import poner_al_lado
from portal.dominio.trazado import trazar
from portal.operaciones.archivos_normativa import normativa_de_archivos
from portal.operaciones.columnas import Columna, columna, valores
from portal.operaciones.comparaciones import Comparador, Fila
from portal.operaciones.tramos import PAGINA

ACTO = "CC-2"
CONTRATOS = 100_000
# In the short run, one of so many is compared with the engine.
SALTO_RAPIDO = 10
UNA_POR_UNA, UNA_POR_UNA_RAPIDO = 1_000, 200
# Batches timed in each round: one takes some hundredths of a second.
TANDAS = 5
PROGRAMA = Path(__file__).resolve().parent.parent / "pares" / "openfisca_motor.py"

SERVICIOS, TECNICOS = "prestacion_servicios_profesionales", "prestacion_servicios_tecnicos"
# How many of each hundred contracts, and what was answered about them; those of services say when they were signed.
CLASES: tuple[tuple[int, dict[str, object]], ...] = (
    (30, {"contratista.clase": "natural", "contrato.tipo": SERVICIOS}),
    (10, {"contratista.clase": "natural", "contrato.tipo": TECNICOS}),
    (20, {"contratista.clase": "juridica", "contrato.tipo": "suministro"}),
    (15, {"contratista.clase": "juridica", "contrato.tipo": "obra"}),
    (8, {"contratista.clase": "natural", "contrato.tipo": "suministro"}),
    (4, {"contratista.clase": "publica", "contrato.tipo": "suministro"}),
    (1, {"contratista.clase": "publica", "contrato.tipo": "obra", "contrato.intervienen_privados": True}),
    (2, {"contratista.clase": "economia_mixta", "contrato.tipo": "obra", "contratista.capital_publico": 69}),
    (2, {"contratista.clase": "economia_mixta", "contrato.tipo": "obra", "contratista.capital_publico": 70}),
    (2, {"contratista.clase": "juridica", "contrato.tipo": "obra", "contrato.objeto": "infraestructura_salud"}),
    (3, {"contratista.clase": "juridica", "contrato.tipo": "suministro", "contrato.recursos": "PAE"}),
    (2, {"contratista.clase": "juridica", "contrato.tipo": "suministro", "entidad.clase": "empresa_social_del_estado"}),
    (1, {"contratista.clase": "juridica", "contrato.tipo": "obra", "contrato.regimen": "articulo_355_cp"}),
)

UNA, UNA_OPENFISCA = (
    "One contract, portal: six lines with their sentences and the reasons of every rule",
    "One contract, OpenFisca",
)
RASTRO = "One contract, OpenFisca with its tracer"
LOTE, LOTE_OPENFISCA = "Batch from columns, portal", "Batch from columns, OpenFisca"
FILAS = "Batch from rows, portal: the draft of a tariff over them, so twice as many values, and its account"
FILAS_OPENFISCA = "Batch from rows, OpenFisca: the values once"


@dataclass(frozen=True)
class Contratos:
    """The same contracts as rows of the table, and as columns by what was answered."""

    filas: Sequence[Fila]
    columnas: Sequence[tuple[Solicitud, Columna, list[int]]]


def medir(rapido: bool) -> Parte:
    """Compare every value, then take turns. Raises `AssertionError` when a value differs from the engine's."""
    normas = normativa_de_archivos("cundinamarca")
    pocos = UNA_POR_UNA_RAPIDO if rapido else UNA_POR_UNA
    contratos = _contratos(CONTRATOS)
    with _openfisca(normas, contratos.filas, pocos) as preguntar:
        hechos = _comparar_valores(normas, contratos, preguntar, SALTO_RAPIDO if rapido else 1)
        rondas = 3 if rapido else RONDAS
        una = {
            UNA: lambda: _una(normas, contratos.filas[:pocos]) * 1e6,
            UNA_OPENFISCA: lambda: preguntar("una") * 1e6,
            RASTRO: lambda: preguntar("una_con_rastro") * 1e6,
        }
        lote = {
            LOTE: lambda: _veces(lambda: _por_columnas(normas, contratos)) * 1e3,
            LOTE_OPENFISCA: lambda: sum(preguntar("columnas") for _ in range(TANDAS)) / TANDAS * 1e3,
        }
        filas = {
            FILAS: lambda: _segundos(lambda: _por_filas(normas, contratos.filas)) * 1e3,
            FILAS_OPENFISCA: lambda: preguntar("filas") * 1e3,
        }
        medidas = [
            *medir_por_turnos(una, "µs of processor", rondas),
            *medir_por_turnos(lote, "ms of processor", rondas),
            *medir_por_turnos(filas, "ms of processor", rondas),
        ]
    return _parte(medidas, hechos)


def _parte(medidas: list[Medida], hechos: dict[str, str]) -> Parte:
    return Parte(
        titulo="The engine",
        explicacion=(
            f"{CONTRATOS:,} contracts of Cundinamarca with six stamps each. *From columns*: OpenFisca gets arrays, "
            "the portal the amounts of the contracts that answered alike; tracing each kind is part of the time. *From rows*: "
            "both begin with the text, day and centavos that the table keeps. OpenFisca's system is built outside of the times."
        ),
        medidas=medidas,
        metas=[
            Meta(
                "One assessment with full explanation, against OpenFisca's values alone",
                UNA,
                UNA_OPENFISCA,
                maximo=1 / 3,
            ),
            Meta("A batch from columns, against OpenFisca's vectorised run", LOTE, LOTE_OPENFISCA, maximo=1),
            Meta("A batch from rows, the portal computing twice as many values", FILAS, FILAS_OPENFISCA, maximo=1),
        ],
        hechos=hechos,
        notas=[
            "OpenFisca's rules are variables of its own, one for each exclusion, as its users write them and its tracer tells "
            "them; two exemptions that need a recognition, which no contract here has, are left out of it.",
        ],
    )


def _contratos(cuantos: int) -> Contratos:
    azar = random.Random(2026)
    filas: list[Fila] = []
    columnas: dict[tuple[str, int], tuple[Solicitud, list[int]]] = {}
    clases = azar.choices([hechos for _, hechos in CLASES], [peso for peso, _ in CLASES], k=cuantos)
    for numero, clase in enumerate(clases):
        dia = date(2026, 1, 1) + timedelta(days=azar.randrange(365))
        hechos, anio = dict(clase), dia.year
        if clase["contrato.tipo"] in (SERVICIOS, TECNICOS):
            firma = dia - timedelta(days=azar.randrange(180))
            hechos["contrato.fecha_suscripcion"], anio = firma.isoformat(), firma.year
        centavos = azar.randrange(10**8, 10**11)
        filas.append(Fila(numero, dia, centavos, json.dumps({"actos": [ACTO], "variantes": {}, "hechos": hechos})))
        solicitud = Solicitud((ACTO,), dia, Decimal(1), {}, hechos)
        columnas.setdefault((json.dumps(clase), anio), (solicitud, []))[1].append(numero)
    return Contratos(
        filas,
        [(s, columna([filas[n].centavos or 0 for n in numeros]), numeros) for s, numeros in columnas.values()],
    )


@contextmanager
def _openfisca(normas: Normativa, filas: Sequence[Fila], una_por_una: int) -> Iterator[Callable[[str], Any]]:
    """The peer, ready: a function that sends it an order and returns its answer."""
    dia = filas[0].fecha
    por_mil = {e.codigo: float(t[0].valor * 10) for e, t in normas.tarifas_de(normas.acto(ACTO, dia), dia)}
    uvt = {v.desde.isoformat(): float(v.valor) for v in normas.valores if v.codigo == "UVT"}
    datos = {
        "parametros": {"uvt": uvt, "por_mil": por_mil},
        "contratos": [(fila.fecha.isoformat(), fila.pedido, fila.centavos) for fila in filas],
        "una_por_una": una_por_una,
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as archivo:
        json.dump(datos, archivo)
        archivo.flush()
        # Until the bench installs its peers, `BENCH_PARES_PYTHON` is the Python that has them.
        interprete = pares.python()
        orden = [str(interprete), str(PROGRAMA), archivo.name]
        with subprocess.Popen(orden, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as proceso:
            assert proceso.stdin is not None
            assert proceso.stdout is not None

            def preguntar(que: str) -> Any:
                print(que, file=proceso.stdin, flush=True)
                return json.loads(proceso.stdout.readline())

            yield preguntar
            proceso.stdin.close()


def _comparar_valores(
    normas: Normativa, contratos: Contratos, preguntar: Callable[[str], Any], salto: int
) -> dict[str, str]:
    """The values of the columns and of OpenFisca, of one contract in `salto`, with what the engine answers one by one."""
    suyos: dict[str, list[int]] = preguntar("valores")
    nuestros = _por_columnas(normas, contratos)
    celdas = ajenas = propias = 0
    for (solicitud, centavos, numeros), columnas in zip(contratos.columnas, nuestros, strict=True):
        for lugar, numero in list(enumerate(numeros))[::salto]:
            fila = contratos.filas[numero]
            pedida = replace(
                solicitud,
                fecha=fila.fecha,
                valor=Decimal(fila.centavos or 0) / 100,
                hechos=json.loads(fila.pedido)["hechos"],
            )
            assert int(centavos[lugar]) == fila.centavos
            for linea in liquidar(normas, pedida).lineas:
                celdas += 1
                propias += int(columnas[linea.acto, linea.estampilla][lugar]) != linea.valor
                ajenas += suyos[linea.estampilla][numero] != linea.valor
    assert celdas >= 6 * len(contratos.filas) // salto
    assert propias == 0, f"{propias} values of the columns differ from the engine's"
    assert ajenas == 0, f"{ajenas} values of OpenFisca differ from the engine's"
    estrechas = preguntar("estrechas")
    return {
        "Values compared with the engine, one by one": f"{celdas:,}; none differs, neither of the columns nor of OpenFisca's",
        "Values that OpenFisca's own 32-bit floats would get wrong": f"{estrechas:,} (it is given 64-bit ones here)",
        "Kinds of contract that are traced": str(len(contratos.columnas)),
    }


def _una(normas: Normativa, filas: Sequence[Fila]) -> float:
    """Seconds for one of them, from what the table keeps to everything that a person may read about it."""

    def todas() -> None:
        for fila in filas:
            pedido = json.loads(fila.pedido)
            valor = Decimal(fila.centavos or 0) / 100
            resultado = liquidar(
                normas, Solicitud(tuple(pedido["actos"]), fila.fecha, valor, pedido["variantes"], pedido["hechos"])
            )
            for linea in resultado.lineas:
                linea.explicacion()
            resultado.reglas()

    return _segundos(todas) / len(filas)


def _por_columnas(normas: Normativa, contratos: Contratos) -> list[Mapping[tuple[str, str], Columna]]:
    lineas = []
    for solicitud, centavos, _ in contratos.columnas:
        trazado = trazar(normas, solicitud)
        assert trazado is not None
        lineas.append(valores(trazado, centavos))
    return lineas


def _por_filas(normas: Normativa, filas: Sequence[Fila]) -> None:
    """As the simulation does it: pages of rows, with today's rules and with another rate of one stamp."""
    tarifas = tuple(
        replace(t, valor=t.valor + 1) if (t.estampilla, t.clase) == ("UDEC", "con_cuantia") else t
        for t in normas.tarifas
    )
    comparador = Comparador(poner_al_lado(normas, replace(normas, tarifas=tarifas), date(2027, 1, 1)))
    for desde in range(0, len(filas), PAGINA):
        comparador.comparar(filas[desde : desde + PAGINA])


def _veces(hacer: Callable[[], object]) -> float:
    return _segundos(lambda: [hacer() for _ in range(TANDAS)]) / TANDAS


def _segundos(hacer: Callable[[], object]) -> float:
    inicio = time.process_time()
    hacer()
    return time.process_time() - inicio
