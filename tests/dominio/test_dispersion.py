"""A payment is split among stamps and accounts to the last centavo, whatever the plan of accounts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.dispersion import TODAS, Cuenta, PlanDeCuentas, dispersar
from portal.operaciones.archivos_normativa import CARPETA, departamentos, normativa_de_archivos
from portal.operaciones.cuentas import plan_de

DIA = date(2026, 3, 10)


def cuenta(
    codigo: str, *estampillas: str, pse: bool = False, desde: date = date(2020, 1, 1), hasta: date | None = None
) -> Cuenta:
    return Cuenta(
        codigo, codigo, "Banco", "ahorros", f"70000{len(codigo)}{codigo}", "", pse, estampillas, True, desde, hasta
    )


PLAN = PlanDeCuentas((cuenta("una", TODAS, pse=True), cuenta("dos", "CULTURA", "ITP"), cuenta("tres", "DEPORTE")), 5)
estampillas = st.sampled_from(["CULTURA", "ITP", "DEPORTE", "FRONTERIZO", "OTRA"])
centavos = st.integers(1, 10**14).map(lambda n: Decimal(n) / 100)


@given(st.lists(st.tuples(estampillas, centavos), max_size=12))
def test_las_partes_suman_exactamente_y_cada_estampilla_va_a_su_cuenta(valores: list[tuple[str, Decimal]]) -> None:
    partes = dispersar(valores, PLAN, DIA)
    assert sum((p.valor for p in partes), Decimal(0)) == sum((v for _, v in valores), Decimal(0))
    assert len({(p.cuenta.codigo, p.estampilla) for p in partes}) == len(partes) == len({e for e, _ in valores})
    for parte in partes:
        assert parte.valor == sum(v for e, v in valores if e == parte.estampilla)
        assert parte.estampilla in parte.cuenta.estampillas or TODAS in parte.cuenta.estampillas


def test_el_orden_es_el_de_las_cuentas_y_luego_el_dado() -> None:
    partes = dispersar(
        [("DEPORTE", Decimal(1)), ("ITP", Decimal(2)), ("X", Decimal(3)), ("ITP", Decimal(4))], PLAN, DIA
    )
    assert [(p.cuenta.codigo, p.estampilla, p.valor) for p in partes] == [
        ("una", "X", 3),
        ("dos", "ITP", 6),
        ("tres", "DEPORTE", 1),
    ]


def test_el_plan_del_dia_decide() -> None:
    cambio = date(2026, 3, 1)
    plan = PlanDeCuentas(
        (cuenta("vieja", TODAS, pse=True, hasta=date(2026, 2, 28)), cuenta("nueva", TODAS, pse=True, desde=cambio)), 5
    )
    assert [plan.de_estampilla("X", d).codigo for d in (date(2026, 2, 28), cambio)] == ["vieja", "nueva"]
    assert plan.cortes(date(2026, 2, 1), DIA) == [(date(2026, 2, 1), date(2026, 2, 28)), (cambio, DIA)]
    assert plan.problemas([date(2026, 2, 28), cambio]) == []


@pytest.mark.parametrize(
    ("cuentas", "dice"),
    [
        ((cuenta("una", TODAS, pse=True), cuenta("una", "A")), "La cuenta una está dos veces"),
        ((cuenta("una", TODAS, "A", pse=True), cuenta("dos", "A")), "dos cuentas para A"),
        ((cuenta("una", "A", pse=True),), "ninguna cuenta recibe las demás"),
        ((cuenta("una", TODAS),), "una sola cuenta que reciba PSE"),
        ((cuenta("una", TODAS, pse=True), cuenta("dos", "A", pse=True)), "una sola cuenta que reciba PSE"),
    ],
)
def test_un_plan_ambiguo_se_dice(cuentas: tuple[Cuenta, ...], dice: str) -> None:
    assert any(dice in p for p in PlanDeCuentas(cuentas, 5).problemas([DIA]))


def test_un_archivo_ambiguo_no_se_lee(tmp_path: object) -> None:
    carpeta = tmp_path / "x"  # type: ignore[operator]
    carpeta.mkdir()
    texto = (CARPETA / "putumayo/cuentas.toml").read_text(encoding="utf-8").replace('["*"]', '["ITP"]')
    (carpeta / "cuentas.toml").write_text(texto, encoding="utf-8")
    with pytest.raises(ValueError, match="dos cuentas para ITP"):
        plan_de("x", tmp_path)  # type: ignore[arg-type]


@pytest.mark.parametrize("departamento", departamentos())
def test_las_cuentas_que_vienen_con_el_portal_son_de_demostracion_y_nombran_estampillas_que_existen(
    departamento: str,
) -> None:
    plan = plan_de(departamento)
    assert all(c.provisional for c in plan.cuentas)
    conocidas = {e.codigo for e in normativa_de_archivos(departamento).estampillas}
    assert {e for c in plan.cuentas for e in c.estampillas} - {TODAS} <= conocidas
    assert plan.cuentas[0].numero_oculto == "•••• 0001"
    assert plan.por_numero("0007000000002") is plan.cuentas[1]
    assert plan.por_numero("1") is None
