"""The days of a recognition against its rule, and which rules ask for one."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.errores import DatoInvalido
from portal.dominio.liquidador import ResultadoLiquidacion, Solicitud, liquidar
from portal.dominio.normativa import Normativa, Regla
from portal.dominio.reconocimientos import EstadoReconocimiento, estado_en, revisar, se_cruzan, ultimo_dia
from portal.operaciones.archivos_normativa import normativa_de_archivos

CUNDINAMARCA = normativa_de_archivos("cundinamarca")
REGLAS = {regla.codigo: regla for regla in CUNDINAMARCA.reglas}
EPS, TRANSPORTE = REGLAS["C-EX-04"], REGLAS["C-EXE-100"]
HOY = date(2025, 6, 24)
DE_EPS: dict[str, object] = {"entidad.clase": "eps", "acto.finalidad": "salud"}
FECHAS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def de_contrato(hechos: dict[str, object], normativa: Normativa = CUNDINAMARCA) -> ResultadoLiquidacion:
    return liquidar(normativa, Solicitud(("CC-2",), date(2025, 3, 3), Decimal(100_000_000), {}, hechos))


def con_cambio(codigo: str, **cambios: object) -> Normativa:
    reglas = tuple(replace(r, **cambios) if r.codigo == codigo else r for r in CUNDINAMARCA.reglas)  # type: ignore[arg-type]
    return replace(CUNDINAMARCA, reglas=reglas)


def test_la_regla_que_confirma_un_funcionario_pide_reconocimiento_en_todas_sus_estampillas() -> None:
    resultado = de_contrato(DE_EPS)
    assert [regla.codigo for regla in resultado.por_reconocer] == ["C-EX-04"]
    assert {linea.aplicadas for linea in resultado.lineas} == {(EPS,)}
    assert resultado.avisos == (
        "Un funcionario debe confirmar la regla C-EX-04 (EPS, con destino a la salud) con su soporte",
    )
    assert resultado.reconocido().avisos == ()


def test_los_hechos_objetivos_no_piden_reconocimiento() -> None:
    resultado = de_contrato({"contrato.recursos": "PAE"})
    assert resultado.total == 0
    assert resultado.por_reconocer == ()
    assert {regla.codigo for linea in resultado.lineas for regla in linea.aplicadas} == {"C-EX-05"}


def test_lo_que_prueban_los_hechos_no_espera_un_reconocimiento() -> None:
    """Rule 4 comes before rule 5, but only rule 5 applies by itself."""
    resultado = de_contrato({**DE_EPS, "contrato.recursos": "PAE"})
    assert resultado.por_reconocer == ()
    assert all("C-EX-05" in str(linea.exencion) for linea in resultado.lineas)
    assert not any("confirmar" in aviso for aviso in resultado.avisos)


def test_una_reduccion_de_la_base_tambien_puede_pedirlo_si_la_reduce() -> None:
    normativa = con_cambio("C-EX-08", confirma_funcionario=True)
    hechos: dict[str, object] = {"contrato.tipo": "prestacion_servicios_profesionales", "contratista.clase": "natural"}
    assert [r.codigo for r in de_contrato(hechos, normativa).por_reconocer] == ["C-EX-08"]
    agotada = de_contrato({**hechos, "contrato.valor_anterior": "100000000"}, normativa)
    assert agotada.por_reconocer == ()


def test_la_estampilla_que_sigue_a_otra_exenta_se_apoya_en_la_misma_regla() -> None:
    narino = normativa_de_archivos("narino")
    pide = Solicitud(("N-CC-D",), HOY, Decimal(1000000), {}, {"contrato.tipo": "emprestito"})
    assert [[r.codigo for r in linea.aplicadas] for linea in liquidar(narino, pide).lineas] == [["N-EXE-246-04"]] * 2


@pytest.mark.parametrize(
    ("desde", "hasta", "revocado", "dia", "estado"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), False, date(2024, 12, 31), "Aún no rige"),
        (date(2025, 1, 1), date(2025, 12, 31), False, date(2025, 1, 1), "Vigente"),
        (date(2025, 1, 1), date(2025, 12, 31), False, date(2025, 12, 31), "Vigente"),
        (date(2025, 1, 1), date(2025, 12, 31), False, date(2026, 1, 1), "Vencido"),
        (date(2025, 1, 1), None, False, date(2099, 1, 1), "Vigente"),
        (date(2025, 1, 1), None, True, date(2025, 6, 1), "Revocado"),
    ],
)
def test_el_estado_sigue_de_las_fechas(desde: date, hasta: date | None, revocado: bool, dia: date, estado: str) -> None:
    assert estado_en(desde, hasta, revocado, dia) is EstadoReconocimiento(estado)


@given(uno=st.tuples(FECHAS, st.none() | FECHAS), otro=st.tuples(FECHAS, st.none() | FECHAS))
def test_dos_rangos_se_cruzan_si_comparten_algun_dia(
    uno: tuple[date, date | None], otro: tuple[date, date | None]
) -> None:
    def normal(rango: tuple[date, date | None]) -> tuple[date, date | None]:
        return rango if rango[1] is None or rango[0] <= rango[1] else (rango[1], rango[0])

    uno, otro = normal(uno), normal(otro)
    comun = max(uno[0], otro[0])
    comparten = all(hasta is None or comun <= hasta for _, hasta in (uno, otro))
    assert se_cruzan(uno, otro) is se_cruzan(otro, uno) is comparten


def test_diez_anos_desde_el_documento_y_nunca_mas_alla_de_la_regla() -> None:
    assert ultimo_dia(TRANSPORTE, date(2015, 3, 3)) == date(2025, 3, 3)
    assert ultimo_dia(TRANSPORTE, date(2024, 2, 29)) == date(2034, 2, 28)
    assert ultimo_dia(TRANSPORTE, date(9995, 1, 1)) == date.max
    assert ultimo_dia(replace(TRANSPORTE, hasta=date(2030, 6, 30)), date(2024, 2, 29)) == date(2030, 6, 30)
    assert ultimo_dia(EPS, date(2024, 2, 29)) is None


def test_el_termino_de_la_regla_y_el_del_reconocimiento_son_el_mismo() -> None:
    """A day that the recognition may reach is a day on which the engine exempts, and the next one is not."""
    hechos: dict[str, object] = {
        "contrato.objeto": "infraestructura_transporte",
        "proyecto.estrategico": True,
        "reconocimiento.otorgado": True,
        "reconocimiento.fecha": "2014-03-03",
    }
    tope = ultimo_dia(TRANSPORTE, date(2014, 3, 3))
    assert tope is not None
    for dia, exento in ((tope, True), (tope + timedelta(days=1), False)):
        resultado = liquidar(CUNDINAMARCA, Solicitud(("CC-2",), dia, Decimal(1000000), {}, hechos))
        assert (resultado.total == 0) is exento


@pytest.mark.parametrize(
    ("regla", "soporte", "desde", "hasta", "campo", "frase"),
    [
        (EPS, date(2025, 6, 25), HOY, None, "soporte_fecha", "no puede ser futura"),
        (EPS, HOY, date(2020, 12, 31), None, "desde", "no está vigente el 31 de diciembre de 2020"),
        (EPS, HOY, HOY, date(2025, 6, 23), "hasta", "anterior al 24 de junio de 2025"),
        (TRANSPORTE, date(2024, 2, 29), date(2024, 2, 28), date(2030, 1, 1), "desde", "corre desde la fecha"),
        (TRANSPORTE, date(2024, 2, 29), HOY, None, "hasta", "a más tardar el 28 de febrero de 2034"),
        (TRANSPORTE, date(2024, 2, 29), HOY, date(2034, 3, 1), "hasta", "termina el 28 de febrero de 2034"),
        (replace(EPS, hasta=date(2025, 12, 31)), HOY, HOY, None, "hasta", "a más tardar el 31 de diciembre de 2025"),
        (replace(EPS, hasta=date(2025, 6, 1)), date(2025, 1, 1), HOY, HOY, "desde", "no está vigente"),
    ],
)
def test_rehusa_las_fechas_que_la_regla_no_permite(
    regla: Regla, soporte: date, desde: date, hasta: date | None, campo: str, frase: str
) -> None:
    with pytest.raises(DatoInvalido, match=frase) as rechazo:
        revisar(regla, soporte, desde, hasta, HOY)
    assert rechazo.value.campo == campo


@pytest.mark.parametrize(
    ("regla", "soporte", "desde", "hasta"),
    [
        (EPS, HOY, date(2021, 1, 1), None),
        (EPS, HOY, HOY, HOY),
        (EPS, HOY, date(2030, 1, 1), None),
        (TRANSPORTE, date(2024, 2, 29), date(2024, 2, 29), date(2034, 2, 28)),
    ],
)
def test_acepta_las_del_borde(regla: Regla, soporte: date, desde: date, hasta: date | None) -> None:
    revisar(regla, soporte, desde, hasta, HOY)
