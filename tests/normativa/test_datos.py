"""The shipped data is complete: the counts and codes of the departments' documents, kept here so that nothing gets lost."""

import re
import tomllib
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from portal.config import departamentos
from portal.operaciones.archivos_normativa import CARPETA, Filas, leer_filas, normativa_de_archivos
from portal.operaciones.revision_normativa import revisar

DOCUMENTACION = Path(__file__).resolve().parents[2] / "docs" / "normativa.md"


def bloques(archivo: str, nombre: str) -> list[dict[str, Any]]:
    encontrados = tomllib.loads((CARPETA / archivo).read_text(encoding="utf-8")).get(nombre, [])
    return encontrados if isinstance(encontrados, list) else [encontrados]


def numerados(prefijo: str, cantidad: int) -> set[str]:
    return {f"{prefijo}{n:02d}" for n in range(1, cantidad + 1)}


@pytest.fixture(scope="module")
def filas() -> Filas:
    return leer_filas()


def codigos(filas: Filas, clase: str, departamento: str) -> list[str]:
    return [fila["codigo"] for fila in filas[clase] if fila["departamento"] == departamento]


def test_trae_los_tres_departamentos() -> None:
    assert departamentos() == ("cundinamarca", "narino", "putumayo")


@pytest.mark.parametrize("departamento", departamentos())
def test_las_normas_que_vienen_con_el_portal_no_se_contradicen(departamento: str) -> None:
    assert revisar(normativa_de_archivos(departamento)) == []


def test_trae_todos_los_actos(filas: Filas) -> None:
    cundinamarca = {"CC-1", "CC-2", "CC-3"} | numerados("SC-", 52)
    letras = {f"N-CC-{letra}" for letra in "ABCD"}
    universidad = (numerados("N-U-", 14) - {"N-U-04"}) | {"N-U-04A", "N-U-04B"}
    assert set(codigos(filas, "acto", "cundinamarca")) == cundinamarca
    assert set(codigos(filas, "acto", "narino")) == letras | numerados("N-SC-", 18) | universidad
    assert set(codigos(filas, "acto", "putumayo")) == {"P-T-01", "P-T-02", "P-C-01", "P-C-02"}


def test_trae_todas_las_estampillas_en_su_orden(filas: Filas) -> None:
    def en_orden(departamento: str) -> list[str]:
        propias = [fila for fila in filas["estampilla"] if fila["departamento"] == departamento]
        return [fila["codigo"] for fila in sorted(propias, key=lambda fila: fila["orden"])]

    assert en_orden("narino") == ["PRO_DESARROLLO", "PRO_CULTURA", "PRO_UNIVERSIDAD"]
    assert en_orden("cundinamarca") == [
        "PRO_DESARROLLO",
        "PRO_ELECTRIFICACION",
        "PRO_HOSPITALES",
        "PRO_CULTURA",
        "UDEC",
        "ADULTO_MAYOR",
    ]
    assert en_orden("putumayo") == [
        "ADULTO_MAYOR",
        "ITP",
        "TASA_PRO_DEPORTE",
        "DESARROLLO_FRONTERIZO",
        "ELECTRIFICACION_RURAL",
        "CULTURA",
    ]


def test_trae_todas_las_tarifas_con_norma_y_articulo(filas: Filas) -> None:
    por_tipo = Counter((fila["departamento"], fila["tipo"]) for fila in filas["tarifa"])
    assert por_tipo == {
        ("cundinamarca", "porcentaje"): 6,
        ("cundinamarca", "unidades"): 70,
        ("narino", "porcentaje"): 18,
        ("narino", "porcentaje_indicador"): 20,
        ("narino", "decretado"): 1,
        ("putumayo", "porcentaje"): 5,
        ("putumayo", "pesos"): 2,
    }
    for fila in filas["tarifa"]:
        assert fila["norma"]
        assert fila["articulo"] or fila["provisional"]
        assert fila["provisional"] == (fila["departamento"] == "putumayo")


def test_las_variantes_por_confirmar_son_las_dos_de_la_matricula(filas: Filas) -> None:
    variantes = {fila["codigo"] for fila in filas["tarifa"] if fila["variante"]}
    assert variantes == {"PRO_DESARROLLO/SC-15/primer_renglon", "PRO_DESARROLLO/SC-15/segundo_renglon"}


def test_trae_todas_las_exclusiones_y_exenciones(filas: Filas) -> None:
    cundinamarca = numerados("C-EX-", 14) | {"C-EX-IED", "C-EXE-100", "C-EXE-095"}
    narino = numerados("N-EXE-246-", 11) | {"N-EXE-254-01", "N-EXE-254-02", "N-EXE-254-P"} | numerados("N-EXE-263-", 5)
    assert set(codigos(filas, "regla", "cundinamarca")) == cundinamarca
    assert set(codigos(filas, "regla", "narino")) == narino
    assert codigos(filas, "regla", "putumayo") == []
    assert [fila["codigo"] for fila in filas["regla"] if not fila["activa"]] == ["C-EXE-095"]


def test_trae_redondeos_y_fuentes(filas: Filas) -> None:
    assert codigos(filas, "redondeo", "cundinamarca") == ["sin_cuantia_tramos", "con_cuantia_mil"]
    assert codigos(filas, "redondeo", "narino") == ["centena_superior"]
    assert Counter(fila["departamento"] for fila in filas["fuente"]) == {"cundinamarca": 11, "narino": 5, "putumayo": 2}


def test_universidad_de_narino_conserva_su_tope_y_ninguna_tarifa_lo_pasa(filas: Filas) -> None:
    """«Tarifas que no superen el 2%» is a ceiling; the exact rates are what is charged (N-A21)."""
    propias = [f for f in filas["tarifa"] if f["estampilla"] == "PRO_UNIVERSIDAD" and f["tipo"] == "porcentaje"]
    assert max(Decimal(f["valor"]) for f in propias) == 2
    topes = {f["codigo"]: f["tope_porcentaje"] for f in filas["estampilla"] if f["tope_porcentaje"]}
    assert topes == {"PRO_UNIVERSIDAD": "2"}


def test_los_indicadores_cubren_cada_dia_de_sus_anos(filas: Filas) -> None:
    valores = {
        codigo: sorted((f["desde"], f["hasta"]) for f in filas["valor_indicador"] if f["codigo"] == codigo)
        for codigo in ("UVT", "SMMLV", "PRO_CULTURA_SIN_CUANTIA")
    }
    assert {codigo: len(rangos) for codigo, rangos in valores.items()} == {
        "UVT": 21,
        "SMMLV": 23,
        "PRO_CULTURA_SIN_CUANTIA": 1,
    }
    assert (valores["UVT"][0][0], valores["UVT"][-1][1]) == (date(2006, 1, 1), date(2026, 12, 31))
    assert (valores["SMMLV"][0][0], valores["SMMLV"][-1][1]) == (date(2005, 1, 1), date(2026, 12, 31))
    for rangos in valores.values():
        assert all(desde == hasta + timedelta(days=1) for (_, hasta), (desde, _) in pairwise(rangos))


def test_trae_los_hechos_publicos_del_contrato(filas: Filas) -> None:
    publicos = {
        "contratista.clase",
        "contratista.capital_publico",
        "contrato.tipo",
        "contrato.objeto",
        "contrato.recursos",
        "contrato.finalidad",
        "contrato.regimen",
        "contrato.intervienen_privados",
        "contrato.valor_anterior",
        "contrato.fecha_suscripcion",
        "posesion.movimiento",
        "posesion.asignacion_anterior",
        "posesion.vacancia",
        "posesion.ad_honorem",
        "solicitante.clase",
        "documento.uso",
        "emisor",
    }
    for departamento in departamentos():
        assert publicos <= set(codigos(filas, "hecho", departamento))


def test_trae_plazos_obligaciones_reportes_y_leyendas() -> None:
    def cuantos(departamento: str) -> dict[str, int]:
        datos = tomllib.loads((CARPETA / departamento / "deberes.toml").read_text(encoding="utf-8"))
        return {clave: len(valor) if isinstance(valor, list) else 1 for clave, valor in datos.items()}

    comunes = {"sector_central": 1, "recaudo": 1, "agentes": 1, "contribuyentes": 1, "recordatorios": 1}
    assert cuantos("cundinamarca") == {"obligacion": 7, **comunes, "plazo": 3, "reporte": 2, "leyenda": 1}
    assert cuantos("narino") == {"obligacion": 2, "leyenda": 1, "agentes": 1}
    de_pantallas = {"estado": 2, "formato_liquidacion": 1, "consulta": 2, "canal": 2, "obligacion": 1}
    assert cuantos("putumayo") == {**de_pantallas, "observacion": 3, "deduccion": 3, "agentes": 1}


DUDAS = {
    "cundinamarca": numerados("C-A", 28) - {"C-A18", "C-A24", "C-A26"},
    "narino": numerados("N-A", 27),
    "putumayo": numerados("P-A", 7) | {"P-A00"},
}


@pytest.mark.parametrize("departamento", departamentos())
def test_conserva_cada_duda_con_su_lectura_y_lo_que_toca(departamento: str) -> None:
    dudas = bloques(f"{departamento}/dudas.toml", "duda")
    assert {duda["codigo"] for duda in dudas} == DUDAS[departamento]
    for duda in dudas:
        assert duda["asunto"]
        assert duda["lectura"]
        assert duda["toca"]


@pytest.mark.parametrize("departamento", departamentos())
def test_toda_duda_citada_existe(departamento: str) -> None:
    citadas = {
        duda
        for archivo in (CARPETA / departamento).rglob("*.toml")
        for duda in re.findall(r"\b[CNP]-A\d\d\b", archivo.read_text(encoding="utf-8"))
    }
    assert citadas <= DUDAS[departamento]


@pytest.mark.parametrize("departamento", departamentos())
def test_la_documentacion_trae_la_tabla_de_dudas(departamento: str) -> None:
    texto = DOCUMENTACION.read_text(encoding="utf-8")
    for duda in bloques(f"{departamento}/dudas.toml", "duda"):
        celdas = (duda["codigo"], duda["asunto"], duda["lectura"], ", ".join(duda["toca"]))
        assert "| " + " | ".join(celdas) + " |" in texto


@pytest.mark.parametrize("departamento", departamentos())
def test_el_departamento_trae_lo_que_imprimen_las_pantallas(departamento: str) -> None:
    datos = tomllib.loads((CARPETA / departamento / "departamento.toml").read_text(encoding="utf-8"))
    assert {"nombre", "gobernacion", "secretaria", "oficina", "dias_para_pagar", "provisional"} <= set(datos)
    assert datos["provisional"] == (departamento == "putumayo")
