"""Every doubt of the documents is shown by a case or a test, or its decision is written. Readings without a figure are here."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from portal.operaciones.archivos_normativa import CARPETA
from tests.normativa.casos_dorados import CASOS, DEPARTAMENTOS, liquidar_caso, normativa

RAIZ = Path(__file__).resolve().parents[2]
DECISIONES = "### Readings that no figure shows"


def datos(archivo: str) -> dict[str, Any]:
    return tomllib.loads((CARPETA / archivo).read_text(encoding="utf-8"))


def fuente(departamento: str, codigo: str) -> dict[str, Any]:
    return next(f for f in datos(f"{departamento}/fuentes.toml")["fuente"] if f["codigo"] == codigo)


def dudas() -> list[str]:
    return [duda["codigo"] for d in DEPARTAMENTOS for duda in datos(f"{d}/dudas.toml")["duda"]]


def nombradas(texto: str) -> set[str]:
    return set(re.findall(r"\b[CNP]-A\d\d\b", texto))


def con_prueba() -> set[str]:
    """Doubts that a golden case cites or a test names. Lists of codes prove nothing, and the oracle is not a test."""
    citas = [re.findall(r'^cita = "(.*)"$', casos.read_text(encoding="utf-8"), re.M) for casos in CASOS.glob("*.toml")]
    textos = [prueba.read_text(encoding="utf-8") for prueba in RAIZ.glob("tests/*/test_*.py")]
    sin_listas = [re.sub(r"DUDAS = \{.*?^\}", "", texto, flags=re.S | re.M) for texto in textos]
    return nombradas(" ".join([*sum(citas, []), *sin_listas]))


def con_decision() -> set[str]:
    seccion = (RAIZ / "docs/normativa.md").read_text(encoding="utf-8").partition(DECISIONES)[2].partition("\n## ")[0]
    return set(re.findall(r"^- \*\*([CNP]-A\d\d)\*\*", seccion, re.M))


def test_cada_duda_tiene_un_caso_una_prueba_o_una_decision() -> None:
    assert [duda for duda in dudas() if duda not in con_prueba() | con_decision()] == []
    assert len(dudas()) == 60


def test_la_decision_escrita_es_solo_para_lo_que_no_se_puede_mostrar() -> None:
    assert con_decision() - set(dudas()) == set()
    assert con_decision() & con_prueba() == set()


# ------------------------------------------------------------------------------------------------ lecturas sin cifra


def test_las_citas_dudosas_dicen_lo_que_traen_los_documentos() -> None:
    """C-A12: both years of the Ordenanza 0100. C-A16: Título XIII. C-A23: the e-mails of section 7. N-A03: Ley 397 de 1997."""
    assert re.search("2021.*2019", fuente("cundinamarca", "ord_100")["norma"])
    exencion = next(regla for regla in normativa("cundinamarca").reglas if regla.codigo == "C-EXE-100")
    assert re.search("2021.*2019", exencion.motivo)
    assert "Título XIII" in fuente("cundinamarca", "ord_039_2020")["articulos"]
    assert datos("cundinamarca/departamento.toml")["correos"] == [
        "formulario.estampillas@cundinamarca.gov.co",
        "estampillas.tesoreria@cundinamarca.gov.co",
    ]
    assert fuente("narino", "ley_397")["norma"] == "Ley 397 de 1997"


def test_los_diez_dias_de_los_agentes_son_calendario_y_pasan_al_habil_siguiente() -> None:
    """C-A15."""
    plazos = {plazo["id"]: plazo for plazo in datos("cundinamarca/deberes.toml")["plazo"]}
    for codigo in ("pago_mensual", "reporte_mensual"):
        assert (plazos[codigo]["dia"], plazos[codigo]["conteo"]) == (10, "calendario")
        assert plazos[codigo]["si_no_habil"] == "siguiente_habil"


def test_cundinamarca_solo_usa_porcentajes_y_uvt() -> None:
    """C-A19: 4.1 also speaks of pesos and minimum wages, and section 5 has none."""
    assert {str(tarifa.tipo) for tarifa in normativa("cundinamarca").tarifas} == {"porcentaje", "unidades"}
    assert set(normativa("cundinamarca").indicadores_usados()) == {"UVT"}


def test_las_autenticaciones_y_copias_de_narino_no_tienen_acto_que_cobrar() -> None:
    """N-A10: the heading of art. 243 names them and no letter gives them a rate."""
    for acto in normativa("narino").actos:
        assert not re.search("autenticaci|copia", acto.nombre, re.I)


def test_narino_cobra_en_smmlv_con_la_unidad_escrita_en_cada_tarifa() -> None:
    """N-A02: the unit is data of each tariff and validity, so that passing to UVT is a new row."""
    for tarifa in normativa("narino").tarifas:
        assert (tarifa.indicador == "SMMLV") == (tarifa.tipo == "porcentaje_indicador")


@pytest.mark.parametrize("acto", ["SC-14", "SC-22", "SC-23", "SC-27"])
def test_los_actos_con_etcetera_conservan_su_nombre(acto: str) -> None:
    """C-A20: the official decides what fits; the portal lists nothing that the manual does not."""
    assert "etc." in normativa("cundinamarca").acto(acto).nombre


def test_putumayo_solo_liquida_con_tarifas_marcadas_como_provisionales() -> None:
    """P-A00, P-A02."""
    assert all(tarifa.provisional for tarifa in normativa("putumayo").tarifas)
    for acto in normativa("putumayo").actos:
        pide = {"actos": [acto.codigo], "fecha": acto.desde, **({"valor": "1000"} if acto.tiene_cuantia else {})}
        if acto.activo:
            assert all(linea.provisional for linea in liquidar_caso("putumayo", pide).lineas)
