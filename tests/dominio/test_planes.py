"""What a publication does to dated rows: pure dates, without a database. Rows never overlap and no day is lost unsaid."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.dominio.errores import DatoInvalido
from portal.dominio.planes import Correccion, Fila, Gravamen, Plan, plan_de_tarifa, plan_de_termino, plan_de_valor

GRAVAMEN = Gravamen("E", "A", "sin_cuantia")


def dia(texto: str) -> date:
    return date.fromisoformat(texto)


def fila(desde: str, hasta: str = "", **otros: Any) -> Fila:
    base = {"codigo": "E/A", "desde": dia(desde), "hasta": dia(hasta) if hasta else None, "norma": "Ordenanza 1"}
    return {**base, "provisional": False, "variante": "", "valor": "1", **otros}


def quedan(plan: Plan, filas: list[Fila]) -> list[tuple[str, str]]:
    """First and last day of every row after the plan, in order."""
    tras = sorted(plan.sobre(filas), key=lambda f: (f["desde"], f["codigo"]))
    return [(f["desde"].isoformat(), f["hasta"].isoformat() if f["hasta"] else "") for f in tras]


def test_el_codigo_de_un_gravamen_es_el_de_sus_filas() -> None:
    assert GRAVAMEN.codigo == "E/A"
    assert Gravamen("E", "*", "con_cuantia").codigo == "E/con_cuantia/*"
    assert not Gravamen("E", "*OTRA", "sin_cuantia").es_de_un_acto


def test_la_nueva_termina_la_que_rige_y_dura_lo_que_ella() -> None:
    abierta, cerrada = [fila("2021-01-01")], [fila("2021-01-01", "2028-12-31")]
    nueva = fila("2027-01-01")
    assert quedan(plan_de_tarifa(abierta, nueva, correccion=None), abierta) == [
        ("2021-01-01", "2026-12-31"),
        ("2027-01-01", ""),
    ]
    assert quedan(plan_de_tarifa(cerrada, nueva, correccion=None), cerrada)[1] == ("2027-01-01", "2028-12-31")


def test_la_primera_de_un_acto_no_termina_ninguna_y_llega_hasta_la_siguiente() -> None:
    assert quedan(plan_de_tarifa([], fila("2027-01-01"), correccion=None), []) == [("2027-01-01", "")]
    siguiente = [fila("2028-01-01")]
    plan = plan_de_tarifa(siguiente, fila("2027-01-01"), correccion=None)
    assert quedan(plan, siguiente)[0] == ("2027-01-01", "2027-12-31")


def test_lo_publicado_no_se_pisa_sin_corregirlo() -> None:
    with pytest.raises(DatoInvalido, match="corríjala") as error:
        plan_de_tarifa([fila("2027-01-01")], fila("2027-01-01"), correccion=None)
    assert error.value.campo == "desde"


def test_lo_provisional_y_las_variantes_si_se_reemplazan() -> None:
    provisional = [fila("2024-01-01", provisional=True)]
    for desde in ("2023-06-01", "2024-01-01"):
        assert quedan(plan_de_tarifa(provisional, fila(desde), correccion=None), provisional) == [(desde, "")]
    plan = plan_de_tarifa(provisional, fila("2027-01-01"), correccion=None)
    assert quedan(plan, provisional) == [("2024-01-01", "2026-12-31"), ("2027-01-01", "")]
    variantes = [fila("2021-01-01", codigo=f"E/A/{v}", variante=v) for v in "ab"]
    plan = plan_de_tarifa(variantes, fila("2027-01-01"), correccion=None)
    assert quedan(plan, variantes) == [("2021-01-01", "2026-12-31")] * 2 + [("2027-01-01", "")]
    assert quedan(plan_de_tarifa(variantes, fila("2021-01-01"), correccion=None), variantes) == [("2021-01-01", "")]


@pytest.mark.parametrize(
    ("desde", "esperadas"),
    [
        ("2027-01-01", [("2021-01-01", "2026-12-31"), ("2027-01-01", "")]),
        ("2027-03-01", [("2021-01-01", "2027-02-28"), ("2027-03-01", "")]),
        ("2026-07-01", [("2021-01-01", "2026-06-30"), ("2026-07-01", "")]),
    ],
    ids=["el mismo día", "más tarde", "antes"],
)
def test_la_correccion_de_lo_que_nadie_uso_lo_reemplaza_del_todo(desde: str, esperadas: list[tuple[str, str]]) -> None:
    filas = [fila("2021-01-01", "2026-12-31"), fila("2027-01-01")]
    plan = plan_de_tarifa(filas, fila(desde, valor="2"), correccion=Correccion(dia("2027-01-01"), None))
    assert quedan(plan, filas) == esperadas
    assert [f["valor"] for f in sorted(plan.sobre(filas), key=lambda f: f["desde"])] == ["1", "2"]


def test_la_correccion_de_lo_usado_empieza_despues_de_su_uso() -> None:
    filas = [fila("2021-01-01")]
    usada = Correccion(dia("2021-01-01"), dia("2026-11-20"))
    with pytest.raises(DatoInvalido, match="puede regir desde el 21 de noviembre de 2026"):
        plan_de_tarifa(filas, fila("2026-11-20"), correccion=usada)
    plan = plan_de_tarifa(filas, fila("2026-11-21"), correccion=usada)
    assert quedan(plan, filas) == [("2021-01-01", "2026-11-20"), ("2026-11-21", "")]
    assert list(plan.dias_de(filas)) == [(dia("2026-11-21"), None)]


@pytest.mark.parametrize("desde", ["2021-01-01", "2020-05-05"])
def test_la_correccion_no_deja_sin_dias_a_la_version_anterior(desde: str) -> None:
    filas = [fila("2021-01-01", "2026-12-31"), fila("2027-01-01")]
    with pytest.raises(DatoInvalido, match="Ya hay una tarifa publicada desde el 1 de enero de 2021"):
        plan_de_tarifa(filas, fila(desde), correccion=Correccion(dia("2027-01-01"), None))


def test_no_se_corrige_lo_que_ya_no_esta() -> None:
    with pytest.raises(DatoInvalido, match="ya no rige"):
        plan_de_tarifa([fila("2021-01-01")], fila("2027-01-01"), correccion=Correccion(dia("2022-01-01"), None))


def test_terminar_y_volver_a_abrir() -> None:
    filas = [fila("2021-01-01")]
    fin = plan_de_termino(filas, dia("2021-01-01"), dia("2026-12-31"))
    assert quedan(fin, filas) == [("2021-01-01", "2026-12-31")]
    assert list(fin.dias_de(filas)) == [(dia("2027-01-01"), None)]
    cerradas = fin.sobre(filas)
    assert quedan(plan_de_termino(cerradas, dia("2021-01-01"), None), cerradas) == [("2021-01-01", "")]


@pytest.mark.parametrize(
    ("desde", "hasta", "frase"),
    [
        ("2022-01-01", "2026-12-31", "ya no existe"),
        ("2027-01-01", "2026-12-31", "no puede ser anterior"),
        ("2027-01-01", "", "sin fecha final"),
        ("2021-01-01", "2025-12-31", "hay otra"),
    ],
)
def test_no_se_termina_lo_que_no_se_puede(desde: str, hasta: str, frase: str) -> None:
    filas = [fila("2021-01-01", "2026-12-31"), fila("2027-01-01")]
    with pytest.raises(DatoInvalido, match=frase):
        plan_de_termino(filas, dia(desde), dia(hasta) if hasta else None)


def valor(desde: str, hasta: str, pesos: int) -> Fila:
    return {"codigo": "X", "desde": dia(desde), "hasta": dia(hasta), "valor": Decimal(pesos), "acto": "Decreto"}


SERIE = [valor("2026-01-01", "2026-02-18", 100), valor("2026-02-19", "2026-12-31", 120)]


@pytest.mark.parametrize(
    ("desde", "corte"), [("2026-02-19", "2026-02-18"), ("2026-02-10", "2026-02-09"), ("2026-03-05", "2026-03-04")]
)
def test_la_correccion_de_un_valor_del_ano_mueve_al_de_antes(desde: str, corte: str) -> None:
    nueva = valor(desde, "2026-12-31", 130)
    plan = plan_de_valor(SERIE, nueva, ano_completo=False, correccion=Correccion(dia("2026-02-19"), None))
    assert quedan(plan, SERIE) == [("2026-01-01", corte), (desde, "2026-12-31")]


def test_un_valor_de_ano_completo_ya_usado_se_corrige_desde_el_dia_siguiente() -> None:
    ano = [valor("2025-01-01", "2025-12-31", 90), valor("2026-01-01", "2026-12-31", 100)]
    usada = Correccion(dia("2026-01-01"), dia("2026-01-20"))
    nueva = valor("2026-01-21", "2026-12-31", 110)
    plan = plan_de_valor(ano, nueva, ano_completo=True, correccion=usada)
    assert quedan(plan, ano)[1:] == [("2026-01-01", "2026-01-20"), ("2026-01-21", "2026-12-31")]
    with pytest.raises(DatoInvalido, match="lo que se usó no cambia"):
        plan_de_valor(ano, valor("2026-01-01", "2026-12-31", 110), ano_completo=True, correccion=usada)


def test_corregir_sin_uso_no_deja_huecos_en_el_ano() -> None:
    ano = [valor("2025-01-01", "2025-12-31", 90), valor("2026-01-01", "2026-12-31", 100)]
    for desde, hasta in (("2026-03-01", "2026-12-31"), ("2026-01-01", "2026-11-30")):
        nueva = valor(desde, hasta, 110)
        with pytest.raises(DatoInvalido):
            plan_de_valor(ano, nueva, ano_completo=True, correccion=Correccion(dia("2026-01-01"), None))


def test_ningun_plan_deja_dos_tarifas_el_mismo_dia() -> None:
    """Every first day over two rows, with and without correction: whatever is accepted has one row a day at most."""
    filas = [fila("2021-01-01", "2026-12-31"), fila("2027-01-01")]
    correcciones = (None, Correccion(dia("2027-01-01"), None), Correccion(dia("2021-01-01"), dia("2026-05-01")))
    aceptados = 0
    for paso in range(0, 3000, 7):
        desde = date(2020, 1, 1) + timedelta(days=paso)
        for correccion in correcciones:
            try:
                plan = plan_de_tarifa(filas, fila(desde.isoformat()), correccion=correccion)
            except DatoInvalido:
                continue
            aceptados += 1
            tramos = sorted((f["desde"], f["hasta"] or date.max) for f in plan.sobre(filas))
            assert all(hasta < sig for (_, hasta), (sig, _) in zip(tramos, tramos[1:], strict=False)), (
                desde,
                correccion,
            )
            assert all(d <= h for d, h in tramos), (desde, correccion)
    assert aceptados > 300
