"""The parts of a whole always sum exactly to it, whatever the sequence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.errores import DatoInvalido
from portal.dominio.partes import comprobar_participaciones, parte_de_cuenta, repartir

CENTAVOS = st.integers(1, 10**15).map(lambda n: Decimal(n) / 100)
PESOS = st.integers(0, 10**12).map(Decimal)


@given(total=PESOS, pagos=st.lists(CENTAVOS, min_size=1, max_size=40))
def test_las_partes_de_cualquier_sucesion_de_cuentas_suman_el_total(total: Decimal, pagos: list[Decimal]) -> None:
    valor, pagado, cobrado = sum(pagos, Decimal(0)), Decimal(0), Decimal(0)
    for pago in pagos:
        parte = parte_de_cuenta(total - cobrado, pago, valor - pagado)
        assert 0 <= parte == parte.to_integral_value()
        # A part is never less than its share of the contract, nor a peso above its share of what was left.
        assert parte >= total * pago // valor
        cobrado, pagado = cobrado + parte, pagado + pago
    assert cobrado == total


@given(
    inicial=st.tuples(PESOS, CENTAVOS),
    pasos=st.lists(
        st.tuples(st.sampled_from(["cuenta", "adicion", "reduccion"]), st.integers(1, 100), PESOS), max_size=30
    ),
)
def test_tambien_cuando_el_contrato_cambia_entre_cuentas(
    inicial: tuple[Decimal, Decimal], pasos: list[tuple[str, int, Decimal]]
) -> None:
    total, valor = inicial
    pagado = cobrado = Decimal(0)
    for clase, porcentaje, estampilla in pasos:
        centavos = int((valor - pagado) * 100) * porcentaje // 100
        quedan = Decimal(centavos) / 100
        if clase == "adicion":
            total, valor = total + estampilla, valor + 1 + quedan
        elif clase == "reduccion" and total - estampilla >= cobrado and valor - quedan > pagado:
            total, valor = total - estampilla, valor - quedan
        elif clase == "cuenta" and quedan > 0:
            parte = parte_de_cuenta(total - cobrado, quedan, valor - pagado)
            cobrado, pagado = cobrado + parte, pagado + quedan
    if valor > pagado:
        cobrado += parte_de_cuenta(total - cobrado, valor - pagado, valor - pagado)
        assert cobrado == total


def test_la_parte_baja_al_peso_y_la_ultima_lleva_lo_que_falta() -> None:
    tres = [Decimal(1)] * 3
    partes, cobrado = [], Decimal(0)
    for i, cuenta in enumerate(tres):
        partes.append(parte_de_cuenta(100 - cobrado, cuenta, Decimal(3 - i)))
        cobrado += partes[-1]
    assert partes == [33, 33, 34]
    assert parte_de_cuenta(Decimal("10.50"), Decimal(5), Decimal(5)) == Decimal("10.50")


@pytest.mark.parametrize(("cuenta", "por_pagar"), [("0", "5"), ("-1", "5"), ("6", "5"), ("0", "0")])
def test_una_cuenta_que_no_es_parte_de_lo_que_falta_es_un_error(cuenta: str, por_pagar: str) -> None:
    with pytest.raises(ValueError, match="part of what is left"):
        parte_de_cuenta(Decimal(1), Decimal(cuenta), Decimal(por_pagar))


@st.composite
def participaciones(draw: st.DrawFn) -> list[Decimal]:
    """Percentages with up to six decimals that sum exactly 100."""
    cortes = sorted(draw(st.sets(st.integers(1, 10**8 - 1), max_size=8)))
    limites = [0, *cortes, 10**8]
    return [Decimal(b - a) / 10**6 for a, b in zip(limites, limites[1:], strict=False)]


@given(total=CENTAVOS | PESOS, porcentajes=participaciones())
def test_lo_de_cada_integrante_suma_el_total_y_se_aparta_menos_de_un_peso(
    total: Decimal, porcentajes: list[Decimal]
) -> None:
    partes = repartir(total, porcentajes)
    assert sum(partes) == total
    assert all(abs(parte - total * p / 100) < 2 for parte, p in zip(partes, porcentajes, strict=True))
    comprobar_participaciones(porcentajes, "integrantes")


def test_el_peso_que_sobra_va_al_mayor_resto_y_en_empate_al_primero() -> None:
    assert repartir(Decimal(100), [Decimal("33.3"), Decimal("33.4"), Decimal("33.3")]) == [33, 34, 33]
    assert repartir(Decimal(1), [Decimal(50), Decimal(50)]) == [1, 0]
    assert repartir(Decimal("1.50"), [Decimal(50), Decimal(50)]) == [Decimal("1"), Decimal("0.50")]


@pytest.mark.parametrize("malas", [["50", "49.999999"], ["50", "50.000001"], ["100", "0"], ["110", "-10"]])
def test_participaciones_que_no_suman_cien_o_no_son_positivas_se_rechazan(malas: list[str]) -> None:
    with pytest.raises(DatoInvalido) as rechazo:
        comprobar_participaciones([Decimal(m) for m in malas], "integrantes")
    assert rechazo.value.campo == "integrantes"
