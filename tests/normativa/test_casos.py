"""Golden cases: figures that a tax officer can read in casos/ and redo by hand."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portal.dominio.errores import ErrorDominio
from tests.normativa.casos_dorados import casos, filas, liquidar_caso, normativa


@pytest.mark.parametrize(("departamento", "caso"), casos("da"))
def test_da_las_cifras_del_caso(departamento: str, caso: dict[str, Any]) -> None:
    resultado = liquidar_caso(departamento, caso["pide"])
    assert {linea.estampilla: linea.valor for linea in resultado.lineas} == caso["da"]
    assert len(resultado.lineas) == len(caso["da"])
    exentas = {linea.estampilla for linea in resultado.lineas if linea.exencion}
    assert exentas == set(caso.get("exentas", ()))
    razones = " ".join(linea.exencion for linea in resultado.lineas if linea.exencion)
    assert [regla for regla in caso.get("reglas", ()) if regla not in razones] == []
    avisos = " ".join(resultado.avisos)
    assert [aviso for aviso in caso.get("avisos", ()) if aviso not in avisos] == []
    for linea in resultado.lineas:
        assert linea.explicacion()
        assert linea.exencion is None or linea.valor == 0


@pytest.mark.parametrize(("departamento", "caso"), casos("error"))
def test_rehusa_el_caso(departamento: str, caso: dict[str, Any]) -> None:
    with pytest.raises(ErrorDominio) as error:
        liquidar_caso(departamento, caso["pide"])
    assert caso["error"] in error.value.mensaje


@pytest.mark.parametrize("fila", filas("narino_circular_2025.csv"), ids=lambda fila: f"{fila['tabla']} {fila['acto']}")
def test_reproduce_la_circular_de_narino_de_2025(fila: dict[str, str]) -> None:
    resultado = liquidar_caso("narino", {"actos": [fila["acto"]], "fecha": date(2025, 1, 1)})
    linea = next(linea for linea in resultado.lineas if linea.estampilla == fila["estampilla"])
    assert (linea.tarifa, linea.valor) == (fila["tarifa"], Decimal(fila["pesos_2025"]))


def test_la_circular_publica_diecinueve_cifras_en_smmlv_y_una_decretada() -> None:
    tarifas = Counter(fila["tarifa"] == "Valor decretado" for fila in filas("narino_circular_2025.csv"))
    assert tarifas == {False: 19, True: 1}


@pytest.mark.parametrize("vigencia", [2024, 2025])
@pytest.mark.parametrize("acto", [acto.codigo for acto in normativa("cundinamarca").actos if not acto.tiene_cuantia])
def test_reproduce_cada_tarifa_en_uvt_de_cundinamarca(acto: str, vigencia: int) -> None:
    tabla = [fila for fila in filas("cundinamarca_uvt.csv") if fila["acto"] in (acto, "*")]
    for variante in sorted({fila["variante"] for fila in tabla if fila["variante"]}) or [""]:
        esperadas = {
            fila["estampilla"]: (f"{fila['uvt'].replace('.', ',')} UVT", Decimal(fila[f"pesos_{vigencia}"]))
            for fila in tabla
            if fila["variante"] in ("", variante)
        }
        pide = {"actos": [acto], "fecha": date(vigencia, 7, 1), "variantes": {acto: variante} if variante else {}}
        resultado = liquidar_caso("cundinamarca", pide)
        assert {linea.estampilla: (linea.tarifa, linea.valor) for linea in resultado.lineas} == esperadas


def test_la_tabla_de_cundinamarca_tiene_sus_setenta_renglones() -> None:
    por_estampilla = Counter(fila["estampilla"] for fila in filas("cundinamarca_uvt.csv"))
    assert por_estampilla == {"PRO_DESARROLLO": 53, "UDEC": 15, "PRO_ELECTRIFICACION": 1, "PRO_CULTURA": 1}
