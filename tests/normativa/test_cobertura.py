"""Every rule and every tariff has golden cases inside, outside and at each edge; counted from the cases themselves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from portal.dominio.condiciones import Comparacion, Condicion, Grupo, Operador, evaluar, hechos_de
from portal.dominio.errores import NormaNoVigente
from portal.dominio.exenciones import Examinador
from portal.dominio.hechos import Valor, leer_hechos
from portal.dominio.normativa import Regla
from portal.operaciones.archivos_normativa import leer_filas
from tests.normativa.casos_dorados import DEPARTAMENTOS, filas, leer_casos, liquidar_caso, normativa

Caso = dict[str, Any]
REGLAS = [(departamento, regla) for departamento in DEPARTAMENTOS for regla in normativa(departamento).reglas]
UN_PESO = Decimal(1)


def de_las_reglas(elegidas: list[tuple[str, Regla]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("departamento", "regla"), elegidas, ids=[regla.codigo for _, regla in elegidas])


@cache
def casos_con_hechos(departamento: str) -> list[tuple[Caso, dict[str, Valor]]]:
    """The cases that give figures, with what their rules look at."""
    leidos = []
    for caso in leer_casos(departamento):
        if "da" in caso:
            pide = caso["pide"]
            hechos = leer_hechos(normativa(departamento).hechos, pide.get("hechos", {}))
            leidos.append((caso, hechos | ({"valor": Decimal(pide["valor"])} if "valor" in pide else {})))
    return leidos


def alcanzados(departamento: str, regla: Regla) -> Iterator[tuple[Caso, dict[str, Valor]]]:
    """The cases with an act and a stamp that the rule speaks of."""
    reglas = normativa(departamento)
    for caso, hechos in casos_con_hechos(departamento):
        fecha = caso["pide"]["fecha"]
        actos = [reglas.acto(codigo, fecha) for codigo in caso["pide"]["actos"]]
        if any(regla.alcanza(acto, e.codigo, fecha) for acto in actos for e, _ in reglas.tarifas_de(acto, fecha)):
            yield caso, hechos


def cumple(departamento: str, regla: Regla, caso: Caso, hechos: dict[str, Valor]) -> bool:
    return bool(Examinador(normativa(departamento), caso["pide"]["fecha"], hechos).juzgar(regla).cumple)


def hojas(condicion: Condicion) -> Iterator[Comparacion]:
    if isinstance(condicion, Comparacion):
        yield condicion
    else:
        for parte in condicion.condiciones:
            yield from hojas(parte)


# ------------------------------------------------------------------------------------------------ reglas


@de_las_reglas(REGLAS)
def test_hay_un_caso_dentro_por_cada_respuesta_que_la_regla_admite(departamento: str, regla: Regla) -> None:
    dentro = [hechos for caso, hechos in alcanzados(departamento, regla) if cumple(departamento, regla, caso, hechos)]
    assert dentro
    respuestas = [replace(hoja, valores=(valor,)) for hoja in hojas(regla.cuando) for valor in hoja.valores]
    sin_caso = [una for una in respuestas if not any(evaluar(una, hechos).cumple for hechos in dentro)]
    assert sin_caso == []


@de_las_reglas([par for par in REGLAS if par[1].activa])
def test_hay_un_caso_fuera_por_cada_condicion_de_la_regla(departamento: str, regla: Regla) -> None:
    """Out because of that condition alone: the others hold, and something was said about what it asks."""
    assert isinstance(regla.cuando, Grupo)
    condiciones = regla.cuando.condiciones
    for indice, condicion in enumerate(condiciones):
        otras = condiciones[:indice] + condiciones[indice + 1 :]
        assert any(
            evaluar(Grupo(otras), hechos).cumple
            and not evaluar(condicion, hechos).cumple
            and set(hechos_de(condicion)) & set(hechos)
            for _, hechos in alcanzados(departamento, regla)
        ), condicion


def test_un_caso_que_se_borra_se_echa_de_menos(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the cases of the C-EX-10, both tests above fail for it."""
    regla = next(r for r in normativa("cundinamarca").reglas if r.codigo == "C-EX-10")
    quedan = [par for par in casos_con_hechos("cundinamarca") if "pagador.entidad" not in par[1]]
    monkeypatch.setattr("tests.normativa.test_cobertura.casos_con_hechos", lambda departamento: quedan)
    for prueba in (
        test_hay_un_caso_dentro_por_cada_respuesta_que_la_regla_admite,
        test_hay_un_caso_fuera_por_cada_condicion_de_la_regla,
    ):
        with pytest.raises(AssertionError):
            prueba("cundinamarca", regla)


# ------------------------------------------------------------------------------------------------ bordes


UMBRALES = [
    pytest.param(d, regla, hoja, id=f"{regla.codigo} {hoja.hecho}")
    for d, regla in REGLAS
    for hoja in hojas(regla.cuando)
    if hoja.operador in (Operador.MINIMO, Operador.MENOR_QUE)
]


@pytest.mark.parametrize(("departamento", "regla", "hoja"), UMBRALES)
def test_cada_umbral_tiene_un_caso_exacto_y_uno_apenas_menor(
    departamento: str, regla: Regla, hoja: Comparacion
) -> None:
    (umbral,) = hoja.valores
    assert isinstance(umbral, Decimal)
    vistos = {
        (valor, cumple(departamento, regla, caso, hechos))
        for caso, hechos in alcanzados(departamento, regla)
        if isinstance(valor := hechos.get(hoja.hecho, hechos.get(hoja.por_omision)), Decimal)
    }
    desde_el_umbral = hoja.operador is Operador.MINIMO
    assert (umbral, desde_el_umbral) in vistos
    # Just below, a peso or a tenth of a percentage point at most.
    assert any(umbral - UN_PESO <= valor < umbral and si != desde_el_umbral for valor, si in vistos)


def test_los_umbrales_son_dos() -> None:
    assert [parametro.id for parametro in UMBRALES] == [
        "C-EX-02 contratista.capital_publico",
        "N-EXE-246-11 pago.valor",
    ]


@de_las_reglas([par for par in REGLAS if par[1].plazo])
def test_cada_plazo_tiene_su_primer_dia_su_ultimo_dia_y_los_de_al_lado(departamento: str, regla: Regla) -> None:
    assert regla.plazo is not None
    vistos = set()
    for caso, hechos in alcanzados(departamento, regla):
        inicio = hechos.get(regla.plazo.hecho)
        if isinstance(inicio, date) and evaluar(regla.cuando, hechos).cumple:
            fin = inicio.replace(year=inicio.year + regla.plazo.anos)
            dias = (caso["pide"]["fecha"] - inicio).days, (caso["pide"]["fecha"] - fin).days
            vistos.add((*dias, cumple(departamento, regla, caso, hechos)))
    assert {(desde, si) for desde, _, si in vistos} >= {(-1, False), (0, True)}
    assert {(hasta, si) for _, hasta, si in vistos} >= {(0, True), (1, False)}


@de_las_reglas([par for par in REGLAS if par[1].efecto.indicador])
def test_lo_que_reduce_la_base_tiene_un_peso_menos_el_borde_y_un_peso_mas(departamento: str, regla: Regla) -> None:
    efecto, vistos = regla.efecto, set()
    for caso, hechos in alcanzados(departamento, regla):
        firma = hechos.get(efecto.fecha, caso["pide"]["fecha"])
        if isinstance(firma, date) and efecto.consumido not in hechos and cumple(departamento, regla, caso, hechos):
            unidad = normativa(departamento).valor_indicador(efecto.indicador, firma)
            vistos.add(Decimal(caso["pide"]["valor"]) - efecto.cantidad * unidad.valor)
    assert vistos >= {-UN_PESO, Decimal(0), UN_PESO}


@pytest.mark.parametrize("codigo", ["UVT", "SMMLV", "PRO_CULTURA_SIN_CUANTIA"])
def test_cada_indicador_tiene_casos_el_31_de_diciembre_y_el_1_de_enero(codigo: str) -> None:
    """The last day of a value and the first of the next one, and the day after the last value of all, which is refused."""
    departamento = "cundinamarca" if codigo == "UVT" else "narino"
    valores = [v for v in normativa(departamento).valores if v.codigo == codigo]
    dias: dict[date, bool] = {}
    for caso in leer_casos(departamento):
        if codigo in _indicadores_de(departamento, caso) or "No hay" in caso.get("error", ""):
            dias[caso["pide"]["fecha"]] = "da" in caso
    ultimo = max(valor.hasta for valor in valores if valor.hasta)
    assert (dias.get(ultimo), dias.get(ultimo + timedelta(days=1))) == (True, False)
    cambios = [v.desde for v in valores if v.desde.year >= 2025]
    vispera = timedelta(days=1)
    assert [dia for dia in cambios if dia not in dias or dia - vispera not in dias] == []


def _indicadores_de(departamento: str, caso: Caso) -> set[str]:
    if "da" not in caso:
        return set()
    return {linea.indicador.codigo for linea in liquidar_caso(departamento, caso["pide"]).lineas if linea.indicador}


# ------------------------------------------------------------------------------------------------ tarifas


def test_cada_tarifa_tiene_su_frontera() -> None:
    inactivos = {acto.codigo for d in DEPARTAMENTOS for acto in normativa(d).actos if not acto.activo}
    tarifas = {(f["departamento"], f["codigo"]) for f in leer_filas()["tarifa"] if f["acto"] not in inactivos}
    assert {(fila["departamento"], fila["tarifa"]) for fila in filas("fronteras.csv")} == tarifas


@pytest.mark.parametrize("fila", filas("fronteras.csv"), ids=lambda fila: f"{fila['departamento']} {fila['tarifa']}")
def test_cada_tarifa_se_cobra_desde_su_primer_dia_y_no_la_vispera(fila: dict[str, str]) -> None:
    pide: Caso = {"actos": [fila["acto"]], "variantes": {fila["acto"]: fila["variante"]} if fila["variante"] else {}}
    if fila["valor"]:
        pide["valor"] = fila["valor"]
    vispera, primero = date.fromisoformat(fila["se_rehusa"]), date.fromisoformat(fila["se_cobra"])
    assert primero - vispera == timedelta(days=1)
    with pytest.raises(NormaNoVigente):
        liquidar_caso(fila["departamento"], {**pide, "fecha": vispera})
    lineas = liquidar_caso(fila["departamento"], {**pide, "fecha": primero}).lineas
    assert {linea.estampilla: linea.valor for linea in lineas}[fila["estampilla"]] == Decimal(fila["pesos"])
