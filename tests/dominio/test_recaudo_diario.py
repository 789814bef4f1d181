"""What the offices of an agent took and deposited day by day."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.recaudo_diario import Hecho, RecaudoDiario, repasar

MES, FIN = date(2026, 2, 1), date(2026, 2, 28)
SEDES = {1: "Norte", 2: "Centro", 3: "Cerrada"}


def _repasar(*hechos: Hecho, hasta: date = date(2026, 6, 1)) -> RecaudoDiario:
    return repasar(MES, hechos, SEDES, (1, 2), hasta=hasta)


def _hecho(dia: int, sede: int | None = 1, *, mes: int = 2, **pesos: int) -> Hecho:
    return Hecho(date(2026, mes, dia), sede, **{k: Decimal(v) for k, v in pesos.items()})


def test_cada_dia_del_mes_esta_aunque_nada_pase_en_el() -> None:
    norte = next(s for s in _repasar(_hecho(3, retenido=10)).sedes if s.nombre == "Norte")
    assert [d.dia for d in norte.dias] == [MES + timedelta(days=n) for n in range(28)]
    assert (norte.sin_operaciones, norte.dias[2].sin_operaciones) == (27, False)


def test_el_mes_que_corre_llega_hasta_hoy() -> None:
    assert [len(s.dias) for s in _repasar(hasta=date(2026, 2, 5)).sedes] == [5, 5]


def test_lo_que_no_se_consigna_el_mismo_dia_se_acumula_hasta_que_se_consigna() -> None:
    norte = _repasar(_hecho(3, retenido=10), _hecho(4, retenido=5, consignado=10), _hecho(6, consignado=5)).sedes[-1]
    dias = {d.dia.day: (d.diferencia, d.acumulado) for d in norte.dias if not d.sin_operaciones}
    assert norte.nombre == "Norte"
    assert dias == {3: (10, 10), 4: (-5, 5), 6: (-5, 0)}
    assert norte.dias[4].acumulado == 5


def test_lo_consignado_despues_del_mes_tambien_se_ve() -> None:
    norte = _repasar(_hecho(28, retenido=10), _hecho(2, mes=3, consignado=10, aceptado=10)).sedes[-1]
    assert (norte.dias[-1].dia, norte.diferencia, norte.aceptado) == (date(2026, 3, 2), 0, 10)


def test_las_sedes_van_por_nombre_y_la_cerrada_solo_si_recaudo() -> None:
    assert [s.nombre for s in _repasar().sedes] == ["Centro", "Norte"]
    assert [s.nombre for s in _repasar(_hecho(1, 3, retenido=1)).sedes] == ["Centro", "Cerrada", "Norte"]


def test_lo_que_nadie_dijo_de_que_sede_es_tiene_su_fila() -> None:
    ultima = _repasar(_hecho(1, None, retenido=7)).sedes[-1]
    assert (ultima.nombre, ultima.retenido) == ("Sin sede", 7)


_hechos = st.lists(
    st.builds(
        Hecho,
        dia=st.dates(MES, date(2026, 3, 15)),
        sede=st.sampled_from([None, 1, 2, 3]),
        retenido=st.decimals(0, 10**9, places=0),
        consignado=st.decimals(0, 10**9, places=0),
        aceptado=st.decimals(0, 10**9, places=0),
    ),
    max_size=30,
)


@given(_hechos)
def test_ningun_peso_se_queda_por_fuera(hechos: list[Hecho]) -> None:
    mes = _repasar(*hechos)
    assert mes.retenido == sum(h.retenido for h in hechos)
    assert mes.consignado == sum(h.consignado for h in hechos)
    assert mes.aceptado == sum(h.aceptado for h in hechos)
    assert mes.diferencia == sum(s.dias[-1].acumulado for s in mes.sedes)


def test_los_dias_quietos_que_se_siguen_se_muestran_juntos() -> None:
    norte = _repasar(_hecho(4, retenido=10), hasta=date(2026, 2, 6)).sedes[-1]
    assert [[d.dia.day for d in tramo] for tramo in norte.tramos] == [[1, 2, 3], [4], [5, 6]]
