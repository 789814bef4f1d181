"""Brackets, limits and surcharges on the rules of Macondo, which does not exist: explained, exact and in the right order."""

from datetime import date
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.dominio.errores import DatoInvalido, NormaNoVigente
from portal.dominio.escalas import AlCruzar, Escala, Limite, TramoTarifa
from portal.dominio.liquidador import Linea, Solicitud, liquidar
from portal.dominio.preguntas import preguntar
from tests.normativa.inventado import normativa_de_macondo

MACONDO = normativa_de_macondo()
DIA = date(2025, 3, 3)
SERVICIOS = {"contrato.tipo": "prestacion_servicios_profesionales", "contratista.clase": "natural"}


def lineas(valor: str | Decimal, **hechos: str) -> dict[str, Linea]:
    """The lines of a contract by stamp; facts are written with `__` for the dot, and without VAT unless it is given."""
    dados = {"contrato.iva": "0"} | {clave.replace("__", "."): dado for clave, dado in hechos.items()}
    resultado = liquidar(MACONDO, Solicitud(("M-C-01",), DIA, Decimal(valor), {}, dados))
    return {linea.estampilla: linea for linea in resultado.lineas}


def test_los_renglones_van_por_el_catalogo_aunque_el_recargo_se_calcule_despues() -> None:
    assert list(lineas("100000000")) == ["PRO_GALLOS", "PRO_FERROCARRIL", "PRO_HIELO"]


def test_la_base_sin_iva_se_explica_con_sus_dos_cifras() -> None:
    explicacion = lineas("119000", contrato__iva="19000")["PRO_FERROCARRIL"].explicacion()
    assert explicacion.startswith(
        "$100.000 (el valor del contrato sin IVA: $119.000 menos IVA $19.000) × 0,5 % = $500."
    )


def test_el_tramo_se_explica_con_sus_limites_su_unidad_y_lo_que_suma_el_contrato() -> None:
    linea = lineas("2847000001")["PRO_FERROCARRIL"]
    assert linea.explicacion() == (
        "$2.847.000.001 (el valor del contrato sin IVA: $2.847.000.001 menos IVA $0) × 1 % = $28.470.000,01, redondeado al "
        "peso más cercano: $28.470.000. Ordenanza inventada 1 de 2024, art. 4. "
        "Tramo: más de 2.000 SMMLV y menos de 6.000 SMMLV "
        "(art. 5; SMMLV: $1.423.500, Decreto 1572 de 2024), porque el contrato vale $2.847.000.001."
    )
    assert [valor.codigo for valor in linea.indicadores] == ["SMMLV"]
    # The wage only places the contract: one of last year may still be assessed, as any other that pays a percentage.
    assert linea.indicador is None


def test_la_adicion_que_recalcula_el_contrato_muestra_la_diferencia() -> None:
    explicacion = lineas("1000000000", contrato__valor_anterior="2000000000")["PRO_FERROCARRIL"].explicacion()
    assert "× 1 % + $2.000.000.000 (lo ya liquidado) × (1 % − 0,5 %) = $20.000.000." in explicacion
    assert explicacion.endswith("porque el contrato con $2.000.000.000 ya liquidados suma $3.000.000.000.")


def test_el_minimo_y_el_tope_se_explican_solo_cuando_cambian_la_cifra() -> None:
    minimo = lineas("1000000")["PRO_HIELO"]
    assert (minimo.exacto, minimo.valor) == (49799, 50000)
    assert "= $10.000, menos que el mínimo, que es $49.799 (1 UVT; art. 7; $49.799, Resolución" in minimo.explicacion()
    tope = lineas("8541000000")["PRO_HIELO"]
    assert "= $170.820.000, más que el tope, que es $24.899.500 (500 UVT; art. 7;" in tope.explicacion()
    assert [valor.codigo for valor in tope.indicadores] == ["UVT"]
    normal = lineas("100000000")["PRO_HIELO"]
    assert (normal.limitado, normal.indicadores) == (None, ())


def test_el_recargo_se_calcula_sobre_lo_que_se_paga_por_la_otra() -> None:
    gallos = lineas("4979899")["PRO_GALLOS"]
    assert (gallos.base, gallos.exacto) == (Decimal(24899), Decimal("2489.9"))
    assert gallos.explicacion().startswith("$24.899 (lo que vale Pro Ferrocarril) × 10 % = $2.489,90, redondeado")


def test_el_recargo_de_una_exenta_dice_por_que() -> None:
    exencion = lineas("100", contratista__clase="esal")["PRO_GALLOS"].exencion
    assert exencion is not None
    assert exencion.startswith(
        "Recargo sobre Pro Ferrocarril (Ordenanza inventada 2 de 2024, art. 1). Exención: Entidad sin"
    )


def test_rehusa_una_suscripcion_posterior() -> None:
    with pytest.raises(DatoInvalido) as error:
        lineas("100", contrato__fecha_suscripcion="2025-03-04")
    assert error.value.campo == "hechos.contrato.fecha_suscripcion"


def test_sin_el_smmlv_de_la_suscripcion_no_hay_tramo() -> None:
    with pytest.raises(NormaNoVigente, match="No hay SMMLV publicado para la fecha 1990-01-01"):
        lineas("100", contrato__fecha_suscripcion="1990-01-01")


IMPORTES = st.decimals(min_value=0, max_value=5 * 10**9, allow_nan=False, places=2)


@given(partes=st.lists(IMPORTES, min_size=1, max_size=6), con_exclusion=st.booleans())
def test_recalcular_todo_cobra_por_partes_lo_mismo_que_de_una_vez(partes: list[Decimal], con_exclusion: bool) -> None:
    """Whatever the additions and whatever brackets they cross, the exact values add up to those of one contract."""
    hechos = {clave.replace(".", "__"): dado for clave, dado in SERVICIOS.items()} if con_exclusion else {}
    anteriores = [Decimal(0), *accumulate(partes)]
    exactos = [
        lineas(parte, **hechos, contrato__valor_anterior=f"{anterior:f}")["PRO_FERROCARRIL"].exacto
        for parte, anterior in zip(partes, anteriores, strict=False)
    ]
    assert sum(exactos) == lineas(anteriores[-1], **hechos)["PRO_FERROCARRIL"].exacto
    assert min(exactos) >= 0


@given(parte=IMPORTES, anterior=IMPORTES)
def test_cambiar_solo_la_adicion_nunca_toca_lo_ya_liquidado(parte: Decimal, anterior: Decimal) -> None:
    linea = lineas(parte, contrato__valor_anterior=f"{anterior:f}")["PRO_HIELO"]
    tasa = Decimal(1) if parte + anterior < 100_000_000 else Decimal(2)
    calculado = linea.limitado.calculado if linea.limitado else linea.exacto
    assert calculado == parte * tasa / 100


def test_la_forma_pide_el_iva_y_lo_que_decide_el_tramo() -> None:
    preguntas = {p.hecho.clave: p for p in preguntar(MACONDO, [MACONDO.acto("M-C-01")], DIA, {})}
    assert preguntas["contrato.iva"].obligatoria
    assert preguntas["contrato.iva"].motivos == ("Se liquida sobre el valor del contrato sin IVA (M-C-01: art. 2).",)
    assert not preguntas["contrato.valor_anterior"].obligatoria
    assert preguntas["contrato.fecha_suscripcion"].motivos == (
        "La tarifa depende de cuánto suma el contrato (art. 5).",
    )
    assert "contrato.iva" not in {p.hecho.clave for p in preguntar(MACONDO, [MACONDO.acto("M-T-01")], DIA, {})}
    assert MACONDO.acto("M-C-01").valor_nombre == "el valor total del contrato, con IVA"


def test_la_tarifa_con_escala_se_anuncia_con_sus_extremos() -> None:
    textos = {tarifa.estampilla: tarifa.texto for tarifa in MACONDO.tarifas if tarifa.escala}
    assert textos == {"PRO_FERROCARRIL": "De 0,5 % a 2 %", "PRO_HIELO": "De 1 % a 2 %"}


def test_cada_tramo_y_cada_limite_tienen_nombre() -> None:
    tramos = (
        TramoTarifa(Decimal(1), Decimal(10), False),
        TramoTarifa(Decimal(2), Decimal(20)),
        TramoTarifa(Decimal(3)),
    )
    escala = Escala(tramos, AlCruzar.TODO, "art. 1", "UVT")
    nombres = [escala.nombre_de(tramo) for tramo in tramos]
    assert nombres == ["menos de 10 UVT", "10 UVT o más y hasta 20 UVT", "más de 20 UVT"]
    assert Escala(tramos[2:], AlCruzar.TODO, "art. 1").nombre_de(tramos[2]) == "cualquier valor"
    assert (Limite(Decimal("0.5"), "UVT").texto, Limite(Decimal(24500)).texto) == ("0,5 UVT", "$24.500")
