"""The emission cap of a stamp: when it warns, what adds to it, and that the shipped data make sense."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from portal.config import departamentos
from portal.dominio.topes import PlanDeTopes, RecaudadoAntes, Situacion, Tope, avance, problemas
from portal.operaciones.archivos_normativa import normativa_de_archivos
from portal.operaciones.reportes.topes import topes_de

HOY = date(2026, 11, 25)


def tope(valor: int, desde: date = date(2020, 1, 1), **otros: object) -> Tope:
    datos = {"estampilla": "A", "norma": "Ley 1", "articulo": "art. 1"} | otros
    return Tope(valor=Decimal(valor), desde=desde, **datos)  # type: ignore[arg-type]


PLAN = PlanDeTopes((tope(1000),), (Decimal(70), Decimal("92.5")))


@pytest.mark.parametrize(
    ("recaudado", "situacion", "umbral", "porcentaje"),
    [
        ("0", "holgado", None, "0.00"),
        ("699.99", "holgado", None, "69.99"),
        ("700", "aviso", "70", "70.00"),
        ("924.99", "aviso", "70", "92.49"),
        ("925", "aviso", "92.5", "92.50"),
        ("999.99", "aviso", "92.5", "99.99"),
        ("1000", "alcanzado", "92.5", "100.00"),
        ("1000.01", "alcanzado", "92.5", "100.00"),
        ("-5", "holgado", None, "-0.50"),
    ],
)
def test_avisa_en_su_umbral_y_nunca_antes(recaudado: str, situacion: str, umbral: str | None, porcentaje: str) -> None:
    uno = avance(PLAN, "A", HOY, Decimal(recaudado))
    assert (uno.situacion, uno.umbral) == (Situacion(situacion), Decimal(umbral) if umbral else None)
    assert uno.porcentaje == Decimal(porcentaje)
    assert uno.falta == max(Decimal(1000) - Decimal(recaudado), 0)


def test_las_autorizaciones_se_suman_desde_su_dia_y_lo_de_antes_cuenta() -> None:
    antes = RecaudadoAntes(Decimal(150), date(2023, 12, 31), "Certificación")
    plan = PlanDeTopes((tope(100), tope(300, date(2024, 1, 1))), (Decimal(50),), (("A", antes),))
    viejo, nuevo = avance(plan, "A", date(2023, 6, 1), Decimal(0)), avance(plan, "A", HOY, Decimal(60))
    assert (viejo.tope, viejo.situacion) == (100, Situacion.ALCANZADO)
    assert (nuevo.tope, nuevo.recaudado, nuevo.falta, nuevo.situacion) == (400, 210, 190, Situacion.AVISO)
    assert plan.estampillas(date(2019, 1, 1)) == ()


@pytest.mark.parametrize("departamento", departamentos())
def test_los_topes_que_vienen_con_el_portal_son_de_estampillas_que_existen(departamento: str) -> None:
    codigos = [e.codigo for e in normativa_de_archivos(departamento).estampillas]
    assert {t.estampilla for t in topes_de(departamento).topes} <= set(codigos)


def test_putumayo_trae_los_dos_topes_de_sus_leyes() -> None:
    plan = topes_de("putumayo")
    assert {e: sum(t.valor for t in plan.de(e, HOY)) for e in plan.estampillas(HOY)} == {
        "ITP": Decimal(300_000_000_000),
        "DESARROLLO_FRONTERIZO": Decimal(400_000_000_000),
    }
    assert plan.antes == ()


def test_los_datos_malos_se_nombran() -> None:
    antes = ("A", RecaudadoAntes(Decimal(-1), HOY, ""))
    malo = PlanDeTopes((tope(0), tope(5, estampilla="B")), (Decimal(90), Decimal(70), Decimal(0)), (antes,))
    assert len(problemas(malo)) == 4


def test_un_archivo_malo_no_se_lee_a_medias(tmp_path: Path) -> None:
    (tmp_path / "macondo").mkdir()
    (tmp_path / "macondo" / "topes.toml").write_text('umbrales = ["90", "70"]\ntope = []\n')
    with pytest.raises(ValueError, match="de menor a mayor"):
        topes_de("macondo", tmp_path)
